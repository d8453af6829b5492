import type { Case } from '../../src/reports/case.js';
import { faultsInCase } from '../../src/reports/verify.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { CASE_TABLE, caseRecords, caseTable } from '../../src/storage/case-table.js';
import { DRAFT_TABLE } from '../../src/storage/draft-table.js';
import { evidenceBlobs } from '../../src/storage/evidence-blobs.js';
import { tableOutbox } from '../../src/storage/outbox.js';
import { openTables } from '../../src/storage/tables.js';
import { HEADTEACHER_CHANNEL } from './activities.js';
import type { Reply } from './bot.js';
import type { Reporting, RoomWithFiles, SimulatedStaff } from './simulated-staff.js';
import { wholeOf } from './staff.js';
import { until } from './until.js';

/** What a run came to. */
export interface Figures {
  readonly faults: number;
  readonly sent: number;
  /** Of which a receipt was seen or promised. */
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
}

export interface Told {
  readonly staff: readonly SimulatedStaff[];
  readonly room: RoomWithFiles;
  /** Straight to the storage. */
  readonly connection: string;
  readonly schoolId: string;
  readonly logged: readonly Record<string, unknown>[];
}

/** Waits until nothing is owed any more and every receipt that was promised has come. */
export async function settled({ staff, connection, schoolId }: Told, limitMs?: number): Promise<void> {
  const outbox = tableOutbox(openTables({ connectionString: connection }), [CASE_TABLE, DRAFT_TABLE]);
  await until(
    async () => {
      for await (const { stored } of outbox.waiting(schoolId)) return { waitsFor: stored.delivery };
      const cases = await casesOf(connection, schoolId);
      const missing = staff.flatMap((one) =>
        one.reports.filter((report) => report.promised && receiptsOf(one, report, cases) === 0),
      );
      return missing.length > 0 ? { waitsFor: missing } : 'settled';
    },
    (found) => found === 'settled',
    limitMs,
  );
}

/** Compares all that people were told with what is there. @returns what is not so, each in a sentence. */
export async function untrue({ staff, room, connection, schoolId, logged }: Told): Promise<string[]> {
  const cases = await casesOf(connection, schoolId);
  const inLog = new Set(logged.map(({ reference }) => reference));
  const found = staff.flatMap(({ wrong }) => wrong);
  for (const one of staff.flatMap(({ reports }) => reports)) {
    const [made, ...more] = casesWith(one, cases);
    if (more.length > 0) found.push(`${one.mark} is in ${more.length + 1} cases`);
    if (made === undefined)
      found.push(`${one.mark} was ${one.promised ? 'promised' : 'acknowledged'}, and is not there`);
    else found.push(...missingIn(made, one), ...shownOnce(room, made));
    for (const reference of one.failures)
      if (!inLog.has(reference)) found.push(`${reference} was told, and is not in the log`);
  }
  for (const { report } of cases)
    if (!staff.some((one) => one.reports.some(({ mark }) => report.answers.words.includes(mark))))
      found.push(`${report.reference} is a case of nobody's`);
  return [...found, ...(await faultsIn(connection, schoolId))];
}

/** Reports of which more or less was made than one case with one card and, at most, one receipt as a message. */
export async function figuresOf(told: Told, faults: number): Promise<Figures> {
  const cases = await casesOf(told.connection, told.schoolId);
  const all = told.staff.flatMap((one) => one.reports.map((report) => ({ one, report })));
  const acknowledged = all.filter(({ report }) => report.promised || report.receipt !== undefined);
  const doubled = all.filter(({ one, report }) => {
    const made = casesWith(report, cases);
    const cards = made.map((each) => cardsOf(told.room, each));
    return made.length > 1 || cards.some((count) => count > 1) || receiptsOf(one, report, cases) > 1;
  });
  return {
    ...{ faults, sent: all.length, acknowledged: acknowledged.length, doubled: doubled.length },
    lost: acknowledged.filter(({ report }) => casesWith(report, cases).length === 0).length,
  };
}

function missingIn({ report, evidence }: Case, { mark, kept, receipt }: Reporting): string[] {
  const found: string[] = [];
  if (receipt !== undefined && receipt !== report.reference)
    found.push(`${mark} was told ${receipt}, and is ${report.reference}`);
  if (!report.answers.wish.includes(mark)) found.push(`${report.reference} is without what was typed last`);
  for (const hash of kept)
    if (!evidence.some(({ sha256 }) => sha256 === hash))
      found.push(`${report.reference} is without a file that was kept`);
  return found;
}

function shownOnce(room: RoomWithFiles, made: Case): string[] {
  const count = cardsOf(room, made);
  return count === 1 ? [] : [`${made.report.reference} has ${count} cards in the channel`];
}

const cardsOf = ({ connector }: RoomWithFiles, { report }: Case): number =>
  connector
    .in(HEADTEACHER_CHANNEL)
    .filter(
      ({ activity, replyToId }) =>
        replyToId === undefined && wholeOf(activity as unknown as Reply).includes(report.reference),
    ).length;

const casesWith = ({ mark }: Reporting, cases: readonly Case[]): Case[] =>
  cases.filter(({ report }) => report.answers.words.includes(mark));

const receiptsOf = (one: SimulatedStaff, report: Reporting, cases: readonly Case[]): number =>
  casesWith(report, cases).reduce((sum, made) => sum + one.receipts(made.report.reference), 0);

async function casesOf(connection: string, schoolId: string): Promise<Case[]> {
  const found: Case[] = [];
  const tables = openTables({ connectionString: connection });
  for await (const stored of caseTable(tables).all(schoolId)) found.push(stored.case);
  return found;
}

/** What `npm run verify` finds. */
async function faultsIn(connection: string, schoolId: string): Promise<string[]> {
  const address = { connectionString: connection };
  const files = evidenceBlobs(openBlobs(address));
  const found: string[] = [];
  for await (const record of caseRecords(openTables(address)).all(schoolId))
    found.push(...(await faultsInCase(record, files)));
  return found;
}
