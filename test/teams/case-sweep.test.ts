import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { all } from '../../src/reports/standing.js';
import { triage } from '../../src/reports/triage.js';
import { jobTable } from '../../src/storage/job-table.js';
import { openTables } from '../../src/storage/tables.js';
import { CaseSweep } from '../../src/teams/case-sweep.js';
import { HEADTEACHER_CHANNEL } from '../support/activities.js';
import { button, cardText, type Reply, startBot } from '../support/bot.js';
import {
  BETH,
  type Chat,
  DANIEL,
  GRACE,
  HELEN,
  RUTH,
  referenceIn,
  SECRETS,
  Staffroom,
  TYPED,
  wholeOf,
} from '../support/staff.js';
import { until } from '../support/until.js';

let room: Staffroom;
let beth: Chat;
/** How far the clock that is handed in is ahead; it goes on by itself, as clocks do. */
let ahead = 0;
/** Friday 20 November 2026 in the afternoon, unless a test begins elsewhere. */
const begin = (time: string) => {
  ahead = Date.parse(time) - Date.now();
};
beforeEach(async () => {
  begin('2026-11-20T15:42:00Z');
  room = await Staffroom.open({ now: () => new Date(Date.now() + ahead), random: () => 0 });
  room.bot.deliveries.start();
  beth = room.chatOf(BETH);
});
afterEach(async () => {
  await room.settled();
  expect(await room.faults()).toEqual([]);
  expect(JSON.stringify(room.bot.logged)).not.toMatch(/Morgan|Achebe|Castellan|0d3c6a51/iu);
  expect(JSON.stringify(room.bot.logged)).not.toMatch(SECRETS);
  await room.close();
});

/** A process of its own, but for the clock. */
const aSweep = (): CaseSweep => {
  const { parts } = room.bot;
  const jobs = jobTable(openTables({ connectionString: inject('storage') }));
  return new CaseSweep({ ...parts, ...parts.reports, jobs });
};
/** Goes to this time, where so many processes look at once. */
async function lookAt(time: string, processes = 2): Promise<void> {
  begin(time);
  await Promise.all(Array.from({ length: processes }, () => aSweep().look()));
  await room.settled();
}
const chats = () => [HELEN, DANIEL, RUTH, GRACE, BETH].map((one) => room.chatOf(one));
const isReminder = (card: Reply) => /[Nn]obody has acknowledged (?:this|a) report/u.test(cardText(card));
const isDigest = (card: Reply) => cardText(card).includes('Reports that are open');
/** Who has got how many of them: "channel 1, Helen Achebe 1". */
const whoGot = (wanted: (card: Reply) => boolean): string =>
  [
    { name: 'channel', cards: room.channel },
    ...chats().map(({ person: { name }, received }) => ({ name, cards: received })),
  ]
    .map(({ name, cards }) => ({ name, count: cards.filter(wanted).length }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${name} ${count}`)
    .join(', ');

async function acknowledge(reference: string): Promise<void> {
  const { id } = room.school.profile;
  const stored = await room.bot.reports.cases.find(id, reference);
  const turn = { by: HELEN.id, now: room.bot.parts.now(), seen: stored?.case.log.length ?? 0 };
  const made = stored && triage(stored, room.school.profile, { do: 'acknowledge' }, turn);
  if (!stored || !made || !('case' in made)) throw new Error('It was not acknowledged.');
  const place = await room.bot.reports.cases.change(stored, made);
  if (place) await room.bot.parts.deliveries.committed(place);
}

describe('a report that nobody acknowledges', () => {
  it('is brought up once at each step, however many processes look, with nothing of what it says', async () => {
    const reference = referenceIn(cardText(await beth.report()));
    await lookAt('2026-11-24T20:00:00Z');
    expect(whoGot(isReminder)).toBe('');
    await lookAt('2026-11-25T08:30:00Z', 4);
    await lookAt('2026-11-25T14:00:00Z');
    expect(whoGot(isReminder)).toBe('channel 1, Helen Achebe 1');
    await lookAt('2026-11-26T08:30:00Z', 4);
    await lookAt('2026-11-27T08:30:00Z');
    expect(whoGot(isReminder)).toBe('channel 1, Helen Achebe 1, Daniel Hughes 1');
    await lookAt('2026-12-03T08:30:00Z', 4);
    expect(whoGot(isReminder)).toBe('channel 2, Helen Achebe 2, Daniel Hughes 2');
    const cards = [room.channel, ...chats().map(({ received }) => received)].flat().filter(isReminder);
    for (const card of cards) {
      expect(cardText(card)).toContain('Tue 24 Nov 2026');
      expect(wholeOf(card)).toContain(reference);
      expect(wholeOf(card)).not.toMatch(SECRETS);
      expect(wholeOf(card)).not.toMatch(/Beth|Larkin|0d3c6a51/u);
    }
    expect(all((await room.caseOf(reference)).log, 'reminded').map(({ what }) => what.step)).toEqual([
      'recipients',
      'stand_in',
      'stand_in',
    ]);
    const { data } = button(cards[0], 'Acknowledge');
    expect(data).toEqual({ reference, seen: 2 });
    expect(button(cards[0], 'Open').data).toEqual({ ...data, stays: true });
  });

  it('answers below its card in the channel', async () => {
    await beth.report();
    await until(() => room.channel[0]);
    const before = room.connector.calls.length;
    await lookAt('2026-11-25T08:30:00Z');
    const card = room.connector.in(HEADTEACHER_CHANNEL)[0];
    const answers = room.connector.calls
      .slice(before)
      .filter(({ method, path }) => method === 'POST' && path.endsWith(`/activities/${card?.activityId}`));
    expect(answers).toHaveLength(1);
    expect(JSON.stringify(answers[0]?.body)).toContain('Nobody has acknowledged this report');
  });

  it('is not brought up once it is acknowledged, also where the reminder was under way', async () => {
    const reference = referenceIn(cardText(await beth.report()));
    await until(() => room.channel[0]);
    await room.bot.deliveries.stop();
    begin('2026-11-25T08:30:00Z');
    await aSweep().look();
    await acknowledge(reference);
    expect(all((await room.caseOf(reference)).log, 'reminded')).toHaveLength(1);
    await lookAfterRestart('2026-11-26T08:30:00Z');
    expect(whoGot(isReminder)).toBe('');
  });

  it('is brought up once after a stop of three days', async () => {
    await beth.report();
    await lookAt('2026-11-29T10:00:00Z');
    expect(whoGot(isReminder)).toBe('');
    await lookAt('2026-11-30T11:10:00Z');
    await lookAt('2026-11-30T12:00:00Z');
    expect(whoGot(isReminder)).toBe('channel 1, Helen Achebe 1');
  });

  it('and is about the Headteacher is brought up to the chair, then to the trust, and nowhere else', async () => {
    await beth.report({ what: { ...TYPED.what, about: 'headteacher' } });
    for (const day of ['25', '26', '27']) await lookAt(`2026-11-${day}T08:30:00Z`);
    expect(whoGot(isReminder)).toBe('Ruth Castellan 1, Grace Oyelaran 1');
    expect(room.channel).toEqual([]);
    const [card] = room.chatOf(GRACE).received.filter(isReminder);
    expect(cardText(card)).toContain('You stand in');
    // Whoever is reminded may read it from then on.
    expect(cardText(await room.chatOf(GRACE).press(card, 'Acknowledge'))).not.toContain(
      'You cannot act on this report',
    );
    expect((await room.cases())[0]?.log.some(({ what }) => what.kind === 'acknowledged')).toBe(true);
  });

  it('on a child’s safety is brought up every hour by day, once, and after an outage of Teams not several times at once', async () => {
    await beth.reportSafety();
    await lookAt('2026-11-20T16:43:00Z');
    expect(whoGot(isReminder)).toBe('channel 1, Helen Achebe 1, Daniel Hughes 1');
    for (const hour of ['17', '18', '19', '20', '21', '22']) await lookAt(`2026-11-20T${hour}:00:30Z`);
    expect(whoGot(isReminder)).toBe('channel 1, Helen Achebe 5, Daniel Hughes 5');
    await room.bot.deliveries.stop();
    for (const hour of ['07', '08', '09', '10']) {
      begin(`2026-11-21T${hour}:00:30Z`);
      await aSweep().look();
    }
    await lookAfterRestart('2026-11-21T10:20:00Z');
    expect(whoGot(isReminder)).toBe('channel 1, Helen Achebe 6, Daniel Hughes 6');
  });
});

/** The worker of another process sends what the one that stopped has left. */
async function lookAfterRestart(time: string): Promise<void> {
  begin(time);
  const now = room.bot.parts.now;
  const again = await startBot({ schools: [room.school], now, random: () => 0, times: { pollMs: 50 } });
  again.deliveries.start();
  await room.settled();
  await again.stop();
}

describe('the weekly list', () => {
  it('comes once a week to the channel, and to those who have what is not shown there', async () => {
    const inChannel = referenceIn(cardText(await beth.report()));
    const apart = referenceIn(cardText(await beth.report({ what: { ...TYPED.what, about: 'headteacher' } })));
    await lookAt('2026-11-20T16:00:00Z');
    expect(whoGot(isDigest)).toBe('');
    await lookAt('2026-11-23T08:00:00Z', 4);
    await lookAt('2026-11-23T09:00:00Z');
    expect(whoGot(isDigest)).toBe('channel 1, Ruth Castellan 1');
    const [shown] = room.channel.filter(isDigest);
    const [own] = room.chatOf(RUTH).received.filter(isDigest);
    expect(wholeOf(shown)).toContain(inChannel);
    expect(wholeOf(shown)).not.toContain(apart);
    expect(wholeOf(own)).toContain(apart);
    expect(wholeOf(own)).not.toContain(inChannel);
    for (const card of [shown, own]) {
      expect(wholeOf(card)).not.toMatch(SECRETS);
      expect(wholeOf(card)).not.toMatch(/Beth|Larkin|0d3c6a51/u);
      expect(wholeOf(card)).toContain('"title":"New","value":"1"');
    }
    await acknowledge(inChannel);
    await lookAt('2026-11-30T08:00:00Z');
    expect(whoGot(isDigest)).toBe('channel 2, Ruth Castellan 2');
    expect(wholeOf(room.channel.filter(isDigest)[1])).toContain('"title":"Acknowledged","value":"1"');
  });

  it('says so where nothing is open, is made up in its week, and is left out in half-term', async () => {
    await beth.say('hello');
    begin('2026-10-16T15:00:00Z');
    await aSweep().look();
    await lookAt('2026-10-21T22:00:00Z');
    expect(whoGot(isDigest)).toBe('');
    await lookAt('2026-10-22T09:12:00Z');
    expect(whoGot(isDigest)).toBe('channel 1');
    expect(cardText(room.channel[0])).toContain('Nothing is open in this channel.');
    for (const day of ['26', '28', '30']) await lookAt(`2026-10-${day}T09:00:00Z`);
    expect(whoGot(isDigest)).toBe('channel 1');
    await lookAt('2026-11-02T07:59:00Z');
    await lookAt('2026-11-02T08:01:00Z');
    expect(whoGot(isDigest)).toBe('channel 2');
  });
});

describe('a look', () => {
  it('that storage refuses is noted and left to the next', async () => {
    await beth.report();
    begin('2026-11-25T08:30:00Z');
    const { parts } = room.bot;
    const down = openTables({ connectionString: inject('storage').replace(/127\.0\.0\.1:\d+/gu, '127.0.0.1:9') });
    await new CaseSweep({ ...parts, ...parts.reports, jobs: jobTable(down) }).look();
    await room.settled();
    expect(whoGot(isReminder)).toBe('channel 1, Helen Achebe 1');
    expect(room.bot.logged).toContainEqual(expect.objectContaining({ event: 'case.sweep_failed', level: 'warn' }));
  });
});
