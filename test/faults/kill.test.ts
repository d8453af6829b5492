import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Case } from '../../src/reports/case.js';
import { Chance } from '../support/chance.js';
import { newTally, type Shown, SimulatedStaff } from '../support/simulated-staff.js';
import { RUTH } from '../support/staff.js';
import { times } from '../support/thoroughness.js';
import { SCHOOL, WholeDesk } from '../support/whole-desk.js';
import { Killing } from './killing.js';

const STAFF = times(8, 20);
const REPORTS = times(24, 300);
const LEAST_KILLS = times(4, 40);
const LIMIT_MS = times(10, 120) * 60_000;

let office: WholeDesk;
beforeAll(async () => {
  office = await WholeDesk.open();
  await office.start(1);
});
afterAll(() => office.close());

it(
  `killed at random moments during ${REPORTS} reports, Policy Desk loses nothing that it said was kept`,
  async () => {
    const chance = new Chance(Date.now() % 2 ** 31);
    const tally = newTally();
    const killing = new Killing(office, tally, chance);
    const staff = Array.from({ length: STAFF }, (_, at) => new SimulatedStaff(office, at + 1, chance, tally));
    let over = false;
    const work = Promise.all(staff.map((one, at) => reportAll(one, Math.floor((REPORTS + at) / STAFF)))).finally(() => {
      over = true;
    });
    const [desk] = office.desks;
    if (!desk) throw new Error('There is no process.');
    while (!over) await killing.once(desk, () => over);
    await work;
    await office.kill(desk);
    await office.letClaimsRunOut();
    await office.restart(desk);
    await office.settled();

    const shown = staff.flatMap((one) => one.shown);
    const sent = shown.filter(({ receipts }) => receipts.length > 0);
    const cases = await office.allCases();
    const figures = {
      seed: chance.seed,
      ...{ kills: killing.kills, reports: sent.length, receipts: sent.flatMap(({ receipts }) => receipts).length },
      ...{ files: tally.uploads, unclear: tally.unclear, refused: tally.refused },
      lost: sent.filter((one) => isLost(one, cases)).length,
      ...doubled(cases, killing),
      ...{ inTheMiddleOf: Object.fromEntries(killing.hit) },
    };
    process.stdout.write(`kill -9: ${JSON.stringify(figures)}\n`);
    expect(figures).toMatchObject({ reports: REPORTS, lost: 0, missing: 0, doubled: 0 });
    expect(killing.kills).toBeGreaterThanOrEqual(LEAST_KILLS);
    // One case for each report, whatever was pressed again, and the same reference each time.
    expect(cases).toHaveLength(REPORTS);
    for (const { receipts } of sent) expect(new Set(receipts).size).toBe(1);
    expect(await office.faults()).toEqual([]);
    for (const one of sent) await expectFiles(one, cases);
    for (const one of staff) await expectDraft(one);

    desk.process.child.kill('SIGTERM');
    expect(await desk.process.ended).toBe(0);
  },
  LIMIT_MS,
);

/** Each makes their share of the reports, and leaves another one open. */
async function reportAll(one: SimulatedStaff, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) await one.report();
  await one.leaveOpen();
}

const caseOf = ({ receipts }: Shown, cases: readonly Case[]): Case | undefined =>
  cases.find(({ report }) => report.reference === receipts[0]);

/** Whether anything of a report whose receipt was seen is not in the store. */
function isLost(one: Shown, cases: readonly Case[]): boolean {
  const found = caseOf(one, cases);
  const kept = new Set(found?.evidence.map(({ sha256 }) => sha256));
  return (
    found?.report.reporter.personId !== one.personId ||
    found.report.answers.words !== one.words ||
    found.report.answers.wish === '' ||
    one.files.length !== kept.size ||
    one.files.some(({ sha256 }) => !kept.has(sha256))
  );
}

/** Cards that are missing or too many where the case was routed to; those that had to be sent again are counted by themselves. */
function doubled(cases: readonly Case[], { inDoubt }: Killing) {
  const counts = { cards: 0, missing: 0, doubled: 0, sentAgainAfterDoubt: 0 };
  for (const { report } of cases) {
    const isAboutHead = report.answers.about === 'headteacher';
    const target = isAboutHead
      ? ({ to: 'person', personId: RUTH.id } as const)
      : ({ to: 'headteacher_channel' } as const);
    const key = `${report.reference} ${isAboutHead ? `user~${RUTH.id}` : 'channel~headteacher'}`;
    const found = office.cardsOf(report.reference, target).length;
    const again = inDoubt.get(key) ?? 0;
    counts.cards += found;
    counts.sentAgainAfterDoubt += Math.min(again, Math.max(0, found - 1));
    counts.missing += found === 0 ? 1 : 0;
    counts.doubled += Math.max(0, found - 1 - again);
    if (isAboutHead) counts.doubled += office.cardsOf(report.reference, { to: 'headteacher_channel' }).length;
  }
  return counts;
}

async function expectFiles(one: Shown, cases: readonly Case[]): Promise<void> {
  const found = caseOf(one, cases);
  for (const piece of found?.evidence ?? []) {
    const place = { schoolId: SCHOOL, reference: found?.report.reference ?? '', evidenceId: piece.id };
    const bytes = await office.files.original(place);
    expect(one.files.some((file) => Buffer.from(bytes ?? []).equals(file.bytes))).toBe(true);
  }
}

/** What was said to be kept of the report that was left open. */
async function expectDraft(one: SimulatedStaff): Promise<void> {
  const last = one.shown.at(-1);
  const stored = await office.drafts.open({ schoolId: SCHOOL, personId: one.id });
  expect(stored?.draft).toMatchObject({ id: last?.draftId, state: 'writing', step: 'evidence' });
  expect(stored?.draft.answers).toMatchObject({
    words: last?.words,
    place: 'Year 4 parents',
    category: 'disparaging_post',
  });
  expect(new Set(stored?.evidence.map(({ sha256 }) => sha256))).toEqual(
    new Set(last?.files.map(({ sha256 }) => sha256)),
  );
}
