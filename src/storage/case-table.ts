import { randomUUID } from 'node:crypto';
import { odata, type TransactionAction } from '@azure/data-tables';
import type { Case } from '../reports/case.js';
import { BEFORE_THE_FIRST } from '../reports/case-log.js';
import { endOf } from '../reports/retention.js';
import { isUnfinished, standingOf } from '../reports/standing.js';
import { type CaseChange, type CaseStore, type StoredCase, UnreadableCases } from '../reports/stores.js';
import type { CaseRecords } from '../reports/verify.js';
import type { OutboxPlace } from '../schools/delivery.js';
import * as rows from './case-rows.js';
import { commit, unlessMissing } from './commit.js';
import { owedRows } from './outbox.js';
import { pagesOf, schoolRange } from './row-pages.js';
import type { LazyTable, Tables } from './tables.js';

export const CASE_TABLE = 'Cases';
const DEADLINE_MS = 5_000;
const REFERENCE = /^PD-[0-9A-HJKMNP-TV-Z]{8}$/u;
const WITHOUT_DELIVERIES = odata`(RowKey lt ${rows.DELIVERY} or RowKey ge ${rows.AFTER_LAST_DELIVERY})`;

/**
 * Keeps cases in the table `Cases`: partition key `<school>~<reference>`, row keys `case`, `event~000001`, `evidence~<id>` and
 * `delivery~000001`. Events and evidence are only ever added. Cases whose rows cannot be read reject; {@link caseRecords} tells why.
 * Of a case that was deleted the row `case` stays, without a word of it, see `deletionTable`: there is no case to find then, and
 * none of that reference can come.
 */
export function caseTable(tables: Tables): CaseStore {
  const table = tables.table(CASE_TABLE);
  return {
    placeOf: (schoolId, reference) => ({ table: CASE_TABLE, partition: rows.partitionOf(schoolId, reference) }),
    async create(change) {
      const { report } = change.case;
      const partition = rows.partitionOf(report.schoolId, report.reference);
      const counts = countsAfter({ events: 0, lastHash: BEFORE_THE_FIRST, deliveries: 0 }, change);
      const row = rows.toCaseRow(partition, report, counts);
      const actions: TransactionAction[] = [['create', row], ...additions(partition, 1, change)];
      return (await isCommitted(table, partition, actions, counts)) ? { table: CASE_TABLE, partition } : undefined;
    },
    async find(schoolId, reference) {
      if (!REFERENCE.test(reference)) return undefined;
      const record = await readOne(table, rows.partitionOf(schoolId, reference), WITHOUT_DELIVERIES);
      return record && toStored(record);
    },
    change: (stored, change) => append(table, stored, change),
    async hasOwed(schoolId, reference, kind) {
      const partition = rows.partitionOf(schoolId, reference);
      const filter = odata`PartitionKey eq ${partition} and RowKey ge ${rows.DELIVERY} and RowKey lt ${rows.AFTER_LAST_DELIVERY} and kind eq ${kind} and (attempts gt 0 or state ne 'sent')`;
      for await (const page of pagesOf(table, filter, ['RowKey'])) if (page.length > 0) return true;
      return false;
    },
    unfinished: (schoolId) =>
      readSome(table, schoolId, { mayBe: (row) => row.unfinished !== false, is: (found) => isUnfinished(found.case) }),
    all: (schoolId) => readWhole(table, schoolId),
    endedBefore: (schoolId, time) =>
      readSome(table, schoolId, {
        mayBe: ({ unfinished, endedAt }) => unfinished !== true && (!endedAt || endedAt < time),
        is: ({ case: { log } }) => (endOf(log)?.at ?? time) < time,
      }),
  };
}

/** Reads cases as they are, whatever has become of their rows. */
export function caseRecords(tables: Tables): CaseRecords {
  const table = tables.table(CASE_TABLE);
  return {
    all: (schoolId) => readAll(table, schoolId),
    async *named(reference, schoolId) {
      const partitions =
        schoolId === undefined ? await partitionsNamed(table, reference) : [rows.partitionOf(schoolId, reference)];
      for (const partition of partitions) {
        const record = await readOne(table, partition);
        if (record) yield record;
      }
    },
  };
}

async function append(table: LazyTable, stored: StoredCase, change: CaseChange): Promise<OutboxPlace | undefined> {
  const { schoolId, reference } = stored.case.report;
  const partition = rows.partitionOf(schoolId, reference);
  const abortSignal = AbortSignal.timeout(DEADLINE_MS);
  const before = await readCounts(table, partition, abortSignal);
  if (before?.etag !== stored.version) return undefined;
  // Counted on from the row and not from the log as read, so that a log that has lost its end stays short of it.
  const counts = countsAfter(before, change);
  const row = { partitionKey: partition, rowKey: rows.CASE, ...counts };
  const actions: TransactionAction[] = [
    ['update', row, 'Merge', { etag: stored.version }],
    ...additions(partition, before.deliveries + 1, change),
  ];
  const committed = await isCommitted(table, partition, actions, counts, abortSignal);
  return committed ? { table: CASE_TABLE, partition } : undefined;
}

/** @returns whether it was this call that committed, even when the answer was lost on the way and the client has tried again. */
async function isCommitted(
  table: LazyTable,
  partition: string,
  actions: readonly TransactionAction[],
  { change }: rows.Counts,
  abortSignal = AbortSignal.timeout(DEADLINE_MS),
): Promise<boolean> {
  if ((await commit(table, actions, abortSignal)) !== undefined) return true;
  return (await readCounts(table, partition, abortSignal))?.change === change;
}

async function readCounts(table: LazyTable, partition: string, abortSignal: AbortSignal) {
  const client = await table.client();
  return unlessMissing(client.getEntity<rows.Counts>(partition, rows.CASE, { abortSignal }));
}

/** A case that cannot be read does not keep the others back: it is told of at the end. */
async function* readWhole(table: LazyTable, schoolId: string | undefined): AsyncIterable<StoredCase> {
  let unreadable = 0;
  for await (const record of readAll(table, schoolId, WITHOUT_DELIVERIES)) {
    const found = readably(record);
    if (found) yield found;
    else unreadable += 1;
  }
  if (unreadable > 0) throw new UnreadableCases(unreadable);
}

interface Wanted {
  /** What the row of a case says; one of a time when rows did not say so may be any. */
  readonly mayBe: (row: Partial<rows.Counts>) => boolean;
  readonly is: (stored: StoredCase) => boolean;
}

/** The rows of cases are asked for what they say of that alone, and only the cases that may be wanted are read. Else as {@link readWhole}. */
async function* readSome(
  table: LazyTable,
  schoolId: string | undefined,
  { mayBe, is }: Wanted,
): AsyncIterable<StoredCase> {
  const filter = [schoolRange(schoolId), odata`RowKey eq ${rows.CASE}`].filter(Boolean).join(' and ');
  let unreadable = 0;
  for await (const page of pagesOf(table, filter, ['PartitionKey', 'unfinished', 'endedAt', rows.DELETED]))
    for (const row of page as (rows.Row & rows.Counts)[]) {
      if (rows.isDeleted(row) || !mayBe(row)) continue;
      const record = await readOne(table, row.partitionKey ?? '', WITHOUT_DELIVERIES);
      const found = record && readably(record);
      if (found === null) unreadable += 1;
      else if (found && is(found)) yield found;
    }
  if (unreadable > 0) throw new UnreadableCases(unreadable);
}

const countsAfter = ({ events, lastHash, deliveries }: rows.Counts, change: CaseChange): rows.Counts => ({
  change: randomUUID(),
  unfinished: isUnfinished(change.case),
  ...endedIn(change.case),
  events: events + change.events.length,
  lastHash: change.events.at(-1)?.hash ?? lastHash,
  deliveries: deliveries + change.deliveries.length,
});

/** Nothing while it goes on: what the row has of an earlier end then says nothing. */
function endedIn(current: Case): Pick<rows.Counts, 'endedAt'> {
  const ended = isUnfinished(current) ? undefined : endOf(current.log);
  return ended ? { endedAt: ended.at } : {};
}

/** @param first the order of the first of the new deliveries. */
function additions(partition: string, first: number, change: CaseChange): TransactionAction[] {
  const { events, evidence, deliveries, at } = change;
  const { schoolId } = change.case.report;
  return [
    ...events.map((event): TransactionAction => ['create', rows.toEventRow(partition, event)]),
    ...evidence.map((one): TransactionAction => ['create', rows.toEvidenceRow(partition, one)]),
    ...owedRows(partition, { schoolId, owedSince: at, first }, deliveries),
  ];
}

function toStored({ head, version, log, evidence, unreadable }: rows.VersionedRecord): StoredCase {
  if (!head || version === undefined || unreadable.length > 0)
    throw new Error('A case cannot be read as it was kept; npm run verify names it.');
  return { case: { report: head.report, evidence, log }, version, deliveries: head.deliveries };
}

/** @returns `null` when it cannot be read, or its log has no beginning. */
function readably(record: rows.VersionedRecord): StoredCase | null {
  try {
    const stored = toStored(record);
    // A log without its beginning adds up to nothing.
    standingOf(stored.case);
    return stored;
  } catch {
    return null;
  }
}

async function readOne(table: LazyTable, partition: string, also?: string): Promise<rows.VersionedRecord | undefined> {
  const filter = [odata`PartitionKey eq ${partition}`, also].filter(Boolean).join(' and ');
  const found: rows.Row[] = [];
  for await (const page of pagesOf(table, filter)) found.push(...page);
  return found.length === 0 || found.some(rows.isDeleted) ? undefined : rows.toRecord(partition, found);
}

/** One case after another, without holding more than one page of rows and one case. */
async function* readAll(table: LazyTable, schoolId?: string, also?: string): AsyncIterable<rows.VersionedRecord> {
  const filter = [schoolRange(schoolId), also].filter(Boolean).join(' and ');
  let found: rows.Row[] = [];
  let pagesOfIt = 0;
  const partition = () => found[0]?.partitionKey ?? '';
  // One page shows one state; what may have changed between two is read again.
  const whole = () => {
    if (found.some(rows.isDeleted)) return undefined;
    return pagesOfIt > 1 ? readOne(table, partition(), also) : rows.toRecord(partition(), found);
  };
  for await (const page of pagesOf(table, filter)) {
    pagesOfIt += 1;
    for (const row of page) {
      if (row.partitionKey !== partition() && found.length > 0) {
        const record = await whole();
        if (record) yield record;
        found = [];
      }
      if (found.length === 0) pagesOfIt = 1;
      found.push(row);
    }
  }
  const last = found.length > 0 && (await whole());
  if (last) yield last;
}

async function partitionsNamed(table: LazyTable, reference: string): Promise<string[]> {
  const found = new Set<string>();
  for await (const page of pagesOf(table, '', ['PartitionKey']))
    for (const { partitionKey } of page) if (partitionKey?.endsWith(`~${reference}`)) found.add(partitionKey);
  return [...found];
}
