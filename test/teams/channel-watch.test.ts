import { afterEach, describe, expect, it } from 'vitest';
import type { Role } from '../../src/schools/profile.js';
import {
  anInstallationIn,
  aTeamEvent,
  BOT_ID,
  from,
  HEADTEACHER_CHANNEL,
  messageIn,
  type RawActivity,
} from '../support/activities.js';
import { cardText, startBot, type TestBotOptions } from '../support/bot.js';
import { ALEX, BETH, DANIEL, GRACE, HELEN, RUTH, referenceIn, Staffroom, TYPED, wholeOf } from '../support/staff.js';
import { until } from '../support/until.js';

const LOST = 'Reports cannot be posted in the channel';
const FOUND = 'Reports can be posted in the channel again';
const OTHER = '19:senior-leaders@thread.tacv2';

let room: Staffroom;
afterEach(async () => {
  await room.settled();
  expect(await room.faults()).toEqual([]);
  expect(JSON.stringify(room.bot.logged)).not.toMatch(/Morgan|Achebe|Hughes|0d3c6a51/iu);
  await room.close();
});

/** Waits after refusals: half a second, five minutes, an hour and a half, twelve hours. */
async function open(options: TestBotOptions = {}, roles: Readonly<Record<string, Role[]>> = { [ALEX.id]: ['staff'] }) {
  room = await Staffroom.open({ random: () => 0.5, ...options }, roles);
  room.bot.deliveries.start();
  // Where the service is, a turn tells.
  await room.chatOf(BETH).say('thank you');
  return room.chatOf(BETH);
}

const tell = async (activity: (options: Staffroom['options']) => RawActivity) => {
  const response = await room.bot.send(activity(room.options));
  expect(response.status).toBe(200);
};
const remove = () => {
  room.connector.shut.add(HEADTEACHER_CHANNEL);
  return tell((options) => anInstallationIn('remove', undefined, options));
};
const addAgain = () => {
  room.connector.shut.delete(HEADTEACHER_CHANNEL);
  return tell((options) => anInstallationIn('add', undefined, options));
};
const told = (person: typeof ALEX, title: string) =>
  room.chatOf(person).received.filter((card) => cardText(card).includes(title)).length;
/** To how many people each was sent: the Headteacher and the deputy here. */
const notices = (title: string) => [HELEN, DANIEL, ALEX, RUTH, GRACE, BETH].map((person) => told(person, title));
/** Deliveries that wait for the channel. */
async function waiting() {
  const found = [];
  for await (const { stored } of room.bot.outbox.waiting(room.school.profile.id))
    if (stored.delivery.target.to === 'headteacher_channel') found.push(stored.delivery);
  return found;
}
const refused = (times: number, count = 1) =>
  until(waiting, (found) => found.length === count && found.every(({ refusals }) => refusals >= times));
const hasReport = (person: typeof ALEX) =>
  room.chatOf(person).received.some((card) => cardText(card).includes('In their own words'));

describe('the bot taken out of the Headteacher’s channel', () => {
  it('keeps what the receipt says: the deputy and the Headteacher are told, cards wait, and come once when it is back', async () => {
    const beth = await open();
    await remove();
    await until(() => told(DANIEL, LOST) && told(HELEN, LOST));
    const receipt = await beth.report();
    expect(cardText(receipt)).toContain('Your report is sent');
    const second = await beth.report({ where: { ...TYPED.where, place: 'Another group' } });
    const references = [receipt, second].map((card) => referenceIn(cardText(card)));
    await refused(2, 2);
    expect(notices(LOST)).toEqual([1, 1, 0, 0, 0, 0]);
    expect(room.channel).toEqual([]);
    await addAgain();
    await until(() => room.channel.length >= 2 && told(DANIEL, FOUND) && told(HELEN, FOUND));
    await until(async () => (await waiting()).length === 0);
    expect(room.channel.map((card) => referenceIn(wholeOf(card))).toSorted()).toEqual(references.toSorted());
    expect([notices(LOST), notices(FOUND)]).toEqual([
      [1, 1, 0, 0, 0, 0],
      [1, 1, 0, 0, 0, 0],
    ]);
    for (const stored of await room.cases()) expect(stored.log.map(({ what }) => what.kind)).toEqual(['submitted']);
    const [notice] = room.chatOf(DANIEL).received;
    expect(cardText(notice)).toContain('the channel “Headteacher” of Example Primary School');
    expect(cardText(notice)).toContain('Policy Desk was removed');
    expect(JSON.stringify(notice)).not.toContain('PD-');
  });

  it('and never put back: the report is with the Headteacher in person within the time that the receipt gives', async () => {
    let now = new Date('2026-11-20T15:42:00Z');
    // The longest waits there are.
    const beth = await open({ now: () => now, random: () => 0.999, times: { pollMs: 50, sweepMs: 100 } });
    await remove();
    const receipt = await beth.report();
    expect(wholeOf(receipt)).toContain('Tue 24 Nov 2026');
    const kinds = async () => (await room.cases())[0]?.log.map(({ what }) => what.kind) ?? [];
    for (let refusals = 1; !(await kinds()).includes('rerouted'); refusals += 1) {
      const [delivery] = await until(
        waiting,
        (found) => found[0] === undefined || found[0].refusals >= refusals || refusals > 4,
      );
      if (delivery?.progress.state === 'owed' && refusals <= 4) now = new Date(delivery.progress.due.getTime() + 1_000);
      else await until(async () => (await kinds()).includes('rerouted'));
    }
    await until(() => hasReport(HELEN));
    expect(now.getTime()).toBeLessThan(new Date('2026-11-24T00:00:00Z').getTime());
    expect(room.channel).toEqual([]);
    expect(notices(LOST)).toEqual([1, 1, 0, 0, 0, 0]);
  });

  it('is noticed by the first refusal where Teams tells nothing, once for any number of reports', async () => {
    const beth = await open();
    room.connector.shut.add(HEADTEACHER_CHANNEL);
    for (const place of ['One', 'Two', 'Three']) await beth.report({ where: { ...TYPED.where, place } });
    await until(() => told(DANIEL, LOST) && told(HELEN, LOST));
    await refused(2, 3);
    expect(notices(LOST)).toEqual([1, 1, 0, 0, 0, 0]);
    expect(cardText(room.chatOf(DANIEL).received[0])).toContain('Teams does not let Policy Desk post there');
    room.connector.shut.clear();
    // Nothing tells that it is back but that a further card can be posted.
    await beth.report({ where: { ...TYPED.where, place: 'Four' } });
    await until(() => room.channel.length === 4 && told(DANIEL, FOUND) && told(HELEN, FOUND));
    expect(new Set(room.channel.map((card) => referenceIn(wholeOf(card)))).size).toBe(4);
  });

  it('is not lost when Teams is busy, refuses for another reason, or will not have an old card changed', async () => {
    const beth = await open({ random: () => 0 });
    room.connector.troubles.push({ status: 502 }, { status: 400 });
    await beth.report();
    const card = await until(() => room.channel[0]);
    room.connector.standing.push({ path: '/activities/message-', trouble: { status: 404 } });
    await beth.run('case.withdraw', { reference: referenceIn(wholeOf(card)), reason: 'Sorted out.' });
    await until(() => room.channel.length === 2);
    await room.settled();
    expect(notices(LOST)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('is told to whoever sets up, and to nobody twice when two processes notice it at once', async () => {
    await open({}, { [ALEX.id]: ['staff', 'administrator'] });
    const other = await startBot({ schools: [room.school], times: { pollMs: 50 } });
    // Whichever of the two notes it wakes its own worker.
    other.deliveries.start();
    const watches = [room.bot, other].map(({ setup }) => setup.watch);
    await Promise.all(Array.from({ length: 10 }, (_, at) => watches[at % 2]?.lost(room.school, 'removed')));
    await until(() => told(DANIEL, LOST) && told(HELEN, LOST) && told(ALEX, LOST));
    await room.settled();
    expect(notices(LOST)).toEqual([1, 1, 1, 0, 0, 0]);
    await other.stop();
  });
});

describe('an attempt that began before', () => {
  it('neither loses a channel that is back meanwhile, nor finds one that is lost meanwhile', async () => {
    const beth = await open();
    const { watch, health } = room.bot.setup;
    const state = async () => (await health.find(room.school.profile.id))?.health.state;
    await remove();
    await beth.report();
    await refused(2);
    const [delivery] = await waiting();
    if (!delivery) throw new Error('Nothing waits.');
    const place = { table: 'Cases', partition: `${room.school.profile.id}~${delivery.refs.reference}` };
    const attempt = { began: new Date(Date.now() - 60_000), anew: true };
    const message = { conversationId: HEADTEACHER_CHANNEL, activityId: null };
    await watch.settled(place, delivery, { kind: 'sent', message }, attempt);
    expect(await state()).toBe('lost');
    // It is back, but Teams still refuses an attempt that was on its way, so that the delivery waits for minutes again.
    await watch.back(room.school);
    await until(() => told(DANIEL, FOUND));
    await watch.settled(place, delivery, { kind: 'refused', status: 403 }, attempt);
    expect(await state()).toBe('works');
    await watch.settled(place, delivery, { kind: 'refused', status: 403 }, { began: new Date(), anew: false });
    expect(await state()).toBe('works');
    await addAgain();
    await until(() => room.channel.length === 1);
  });
});

describe('what Teams tells of teams and channels', () => {
  const removed = { membersRemoved: [{ id: BOT_ID }] };
  const health = async () => (await room.bot.setup.health.find(room.school.profile.id))?.health;

  it.each([
    ['the bot removed from the team', 'teamMemberRemoved', removed, 'removed'],
    [
      'the bot removed from the channel',
      'channelMemberRemoved',
      { ...removed, channel: { id: HEADTEACHER_CHANNEL } },
      'removed',
    ],
    ['the team deleted', 'teamDeleted', {}, 'gone'],
    ['the team archived', 'teamArchived', {}, 'gone'],
    ['the channel deleted', 'channelDeleted', { channel: { id: HEADTEACHER_CHANNEL } }, 'gone'],
  ])('%s is a loss', async (_, eventType, more, cause) => {
    await open();
    await tell((options) => aTeamEvent(eventType, more, options));
    expect(await health()).toMatchObject({ state: 'lost', cause, channelId: HEADTEACHER_CHANNEL });
    await until(() => told(DANIEL, LOST));
  });

  it.each([
    ['another channel deleted', 'channelDeleted', { channel: { id: OTHER } }],
    ['the bot removed from another channel', 'channelMemberRemoved', { ...removed, channel: { id: OTHER } }],
    ['a person removed from the team', 'teamMemberRemoved', { membersRemoved: [{ id: `29:${BETH.id}` }] }],
    ['the team renamed', 'teamRenamed', {}],
  ])('%s is none', async (_, eventType, more) => {
    await open();
    await tell((options) => aTeamEvent(eventType, more, options));
    await tell((options) => anInstallationIn('remove', '19:another-team@thread.tacv2', options));
    expect(await health()).toBeUndefined();
  });

  it.each([
    ['teamArchived', 'teamUnarchived', {}],
    ['channelDeleted', 'channelRestored', { channel: { id: HEADTEACHER_CHANNEL } }],
    ['teamMemberRemoved', 'teamMemberAdded', { membersAdded: [{ id: BOT_ID }] }],
  ])('after %s, %s brings it back', async (gone, back, more) => {
    await open();
    await tell((options) => aTeamEvent(gone, { ...more, ...(gone === 'teamMemberRemoved' && removed) }, options));
    await until(() => told(DANIEL, LOST) && told(HELEN, LOST));
    await tell((options) => aTeamEvent(back, more, options));
    await until(() => told(DANIEL, FOUND) && told(HELEN, FOUND));
    expect(await health()).toMatchObject({ state: 'works' });
  });

  it('a loss that is over before anybody could be told is not told of', async () => {
    room = await Staffroom.open({}, { [ALEX.id]: ['staff'] });
    await room.chatOf(BETH).say('thank you');
    await room.bot.setup.watch.lost(room.school, 'removed');
    await room.bot.setup.watch.back(room.school);
    await room.bot.setup.watch.lost(room.school, 'gone');
    room.bot.deliveries.start();
    await until(() => told(DANIEL, LOST) && told(HELEN, LOST));
    await room.settled();
    expect([notices(LOST), notices(FOUND)]).toEqual([
      [1, 1, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0],
    ]);
    expect(cardText(room.chatOf(DANIEL).received[0])).toContain('deleted or archived');
  });
});

describe('another channel chosen', () => {
  it('gets what waited for the lost one, at once', async () => {
    const beth = await open();
    await remove();
    const receipt = await beth.report();
    await refused(2);
    const [card] = await room.bot.replies(
      from(
        HELEN,
        messageIn({ id: OTHER, teamId: '19:leaders@thread.tacv2' }, 'use this channel for reports', room.options),
      ),
    );
    expect(cardText(card)).toContain('This channel now takes reports');
    const posted = await until(() => room.connector.in(OTHER)[0]);
    expect(JSON.stringify(posted.activity)).toContain(referenceIn(cardText(receipt)));
    const opened = room.connector.calls.findLast(({ body }) => body.isGroup === true);
    expect(opened?.body.channelData).toMatchObject({ channel: { id: OTHER }, team: { id: '19:leaders@thread.tacv2' } });
    await until(() => told(DANIEL, FOUND) && told(HELEN, FOUND));
    expect(room.channel).toEqual([]);
  });

  it('leaves the cards of earlier cases where they are, and they are kept up to date there', async () => {
    const beth = await open();
    const reference = referenceIn(cardText(await beth.report()));
    await until(() => room.channel[0]);
    await room.bot.replies(from(DANIEL, messageIn({ id: OTHER }, 'use this channel for reports', room.options)));
    await beth.run('case.withdraw', { reference, reason: 'Sorted out.' });
    await until(() => wholeOf(room.channel[0]).includes('withdrawn'));
    await room.settled();
    expect(room.connector.in(OTHER)).toEqual([]);
  });
});
