import { afterEach, beforeEach, expect, it } from 'vitest';
import { summaryTable } from '../../src/storage/summary-table.js';
import { aChannelExecute, anExecute, from, HEADTEACHER_CHANNEL } from '../support/activities.js';
import { BusyStaff } from '../support/busy-staff.js';
import { Chance } from '../support/chance.js';
import { newTally } from '../support/shown-to-staff.js';
import { DANIEL, HELEN } from '../support/staff.js';
import { GOVERNORS } from '../support/summary-room.js';
import { isFull, times } from '../support/thoroughness.js';
import { until } from '../support/until.js';
import { SCHOOL, WholeDesk } from '../support/whole-desk.js';
import { judge } from './oracle.js';

const STAFF = times(5, 20);
const REPORTS_EACH = times(2, 5);
/** Teams takes two messages a second in a conversation, and a fast machine makes them faster. */
const SETTLED_WITHIN_MS = times(60_000, 300_000);
/** Of each of two people on each case, all at once. */
const NOTES = 3;

/** Thursday before half-term; the Monday after, when the list of what is open and the preview of the summary are due; and Wednesday. */
const THURSDAY = new Date('2026-10-22T09:00:00Z');
const MONDAY = new Date('2026-11-02T08:31:00Z');
const WEDNESDAY = new Date('2026-11-04T08:31:00Z');

let office: WholeDesk;
beforeEach(async () => {
  office = await WholeDesk.open();
}, 600_000);
afterEach(() => office.close());

it.each(isFull ? [2, 4] : [2])(
  '%i processes side by side send everything once, and lose no change',
  async (count) => {
    const chance = new Chance(Date.now() % 2 ** 31);
    await office.start(count, THURSDAY);
    const staff = Array.from({ length: STAFF }, (_, at) => new BusyStaff(office, at + 1, chance, newTally()));
    await Promise.all(staff.map(reportSome));
    const noted = await dealWithCases();
    await office.settled(SETTLED_WITHIN_MS);
    const verdict = await judge(office, staff);
    expect(await office.end()).toEqual(Array(count).fill(0));

    await office.start(count, MONDAY);
    const summaries = summaryTable(office.tables);
    await until(async () => (await summaries.inState(SCHOOL, 'planned')).length > 0, undefined, 120_000);
    await until(() => digests().length > 0, undefined, 120_000);
    await office.settled(SETTLED_WITHIN_MS);
    expect(await office.end()).toEqual(Array(count).fill(0));

    await office.start(count, WEDNESDAY);
    await until(
      async () => (await office.allCases()).every(({ log }) => countOf(log, 'reminded', 'acknowledged') > 0),
      undefined,
      120_000,
    );
    await until(() => office.connector.in(GOVERNORS).length > 0, undefined, 120_000);
    await office.settled(SETTLED_WITHIN_MS);
    expect(await office.end()).toEqual(Array(count).fill(0));

    const cases = await office.allCases();
    const figures = {
      ...{ processes: count, ...verdict, notes: noted },
      notesInLogs: cases.reduce((sum, { log }) => sum + countOf(log, 'note_added'), 0),
      reminded: cases.reduce((sum, { log }) => sum + countOf(log, 'reminded'), 0),
      ...{ digests: digests().length, summariesSent: office.connector.in(GOVERNORS).length },
      messages: office.connector.posted.length,
      ...{ messagesNoted: (await office.noted()).length, seed: chance.seed },
    };
    process.stdout.write(`side by side: ${JSON.stringify(figures)}\n`);
    expect(verdict).toMatchObject({
      reports: STAFF * REPORTS_EACH,
      lost: 0,
      missing: 0,
      doubled: 0,
      doubledInDoubt: 0,
    });
    expect(figures).toMatchObject({ notesInLogs: noted, digests: 1, summariesSent: 1 });
    for (const { log } of cases) {
      expect(countOf(log, 'acknowledged')).toBeLessThanOrEqual(1);
      expect(countOf(log, 'reminded')).toBe(countOf(log, 'acknowledged') === 1 ? 0 : 1);
    }
    // Every message that Teams has is one that is noted, and the other way round: nothing was sent twice.
    expect(office.connector.posted.map(({ activityId }) => activityId).toSorted()).toEqual(await office.noted());
    expect(await office.faults()).toEqual([]);
  },
  times(10, 60) * 60_000,
);

async function reportSome(one: BusyStaff): Promise<void> {
  for (let at = 0; at < REPORTS_EACH; at += 1) await one.report();
}

const countOf = (log: readonly { readonly what: { readonly kind: string } }[], ...kinds: string[]): number =>
  log.filter(({ what }) => kinds.includes(what.kind)).length;

const digests = () =>
  office.connector
    .in(HEADTEACHER_CHANNEL)
    .filter(({ activity }) => JSON.stringify(activity).includes('Reports that are open'));

/** The Headteacher and the deputy press at once, each by another process: notes on every case, and every other case is acknowledged. */
async function dealWithCases(): Promise<number> {
  let noted = 0;
  const inChannel = (await office.allCases()).filter(({ report }) => report.answers.about !== 'headteacher');
  for (const [at, { report, log }] of inChannel.entries()) {
    const data = { reference: report.reference, seen: log.length };
    const presses = [HELEN, DANIEL].flatMap((person, side) => [
      ...Array.from({ length: NOTES }, async (_, number) => {
        const typed = { ...data, do: 'note', words: `${person.name} ${number}` };
        const said = await press(side + number, from(person, anExecute('case.act', typed, options())));
        if (said.includes('Noted.')) noted += 1;
      }),
      ...(at % 2 === 0
        ? [press(side, from(person, aChannelExecute('case.acknowledge', data, options()))).then(() => undefined)]
        : []),
    ]);
    await Promise.all(presses);
  }
  return noted;
}

const options = () => ({ serviceUrl: office.serviceUrl });

async function press(by: number, activity: ReturnType<typeof anExecute>): Promise<string> {
  const { aadObjectId } = activity.from as { aadObjectId: string };
  const isOwn = activity.conversation.conversationType === 'personal';
  const conversation = isOwn ? { ...activity.conversation, id: `a:chat-of-29:${aadObjectId}` } : activity.conversation;
  const response = await fetch(`${office.desks[by % office.desks.length]?.address}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...activity, conversation }),
  });
  return response.text();
}
