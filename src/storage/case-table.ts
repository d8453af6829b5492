import { randomUUID } from 'node:crypto';
import { odata, type TransactionAction } from '@azure/data-tables';
import { BEFORE_THE_FIRST } from '../reports/case-log.js';
import { isUnfinished } from '../reports/standing.js';
import { type CaseChange, type CaseStore, type StoredCase, UnreadableCases } from '../reports/stores.js';
import type { CaseRecords } from '../reports/verify.js';
import type { OutboxPlace } from '../schools/delivery.js';
import * as rows from './case-rows.js';
import { commit, unlessMissing } from './commit.js';
import { owedRows } from './outbox.js';
import type { LazyTable, Tables } from './tables.js';

export const CASE_TABLE = 'Cases';
const DEADLINE_MS = 5_000;
/** For one page; reading everything takes as long as it takes. */
const PAGE_DEADLINE_MS = 10_000;
const PAGE_ROWS = 500;
const REFERENCE = /^PD-[0-9A-HJKMNP-TV-Z]{8}$/u;
const WITHOUT_DELIVERIES = odata`(RowKey lt ${rows.DELIVERY} or RowKey ge ${rows.AFTER_LAST_DELIVERY})`;

/**
 * Keeps cases in the table `Cases`: partition key `<school>~<reference>`, row keys `case`, `event~000001`, `evidence~<id>` and
 * `delivery~000001`. Events and evidence are only ever added. Cases whose rows cannot be read reject; {@link caseRecords} tells why.
 */
export function caseTable(tables: Tables): CaseStore {
  const table = tables.table(CASE_TABLE);
  return {
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
      const filter = odata`PartitionKey eq ${partition} and RowKey ge ${rows.DELIVERY} and RowKey lt ${rows.AFTER_LAST_DELIVERY} and kind eq ${kind}`;
      for await (const page of pagesOf(table, filter, ['RowKey'])) if (page.length > 0) return true;
      return false;
    },
    unfinished: (schoolId) => readUnfinished(table, schoolId),
    all: (schoolId) => readWhole(table, schoolId),
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

/** As {@link readUnfinished}, a case that cannot be read does not keep the others back. */
async function* readWhole(table: LazyTable, schoolId: string | undefined): AsyncIterable<StoredCase> {
  let unreadable = 0;
  for await (const record of readAll(table, schoolId, WITHOUT_DELIVERIES)) {
    const found = readably(record);
    if (found) yield found.stored;
    else unreadable += 1;
  }
  if (unreadable > 0) throw new UnreadableCases(unreadable);
}

/**
 * The rows of cases are asked for what they say of that alone, and only the cases that go on are read. A row that does not say so
 * is of a time when none did. One that cannot be read does not keep the others back: it is told of at the end.
 */
async function* readUnfinished(table: LazyTable, schoolId: string | undefined): AsyncIterable<StoredCase> {
  const filter = [schoolRange(schoolId), odata`RowKey eq ${rows.CASE}`].filter(Boolean).join(' and ');
  let unreadable = 0;
  for await (const page of pagesOf(table, filter, ['PartitionKey', 'unfinished']))
    for (const { partitionKey = '', unfinished } of page as (rows.Row & rows.Counts)[]) {
      const record = unfinished === false ? undefined : await readOne(table, partitionKey, WITHOUT_DELIVERIES);
      const found = record && readably(record);
      if (found === null) unreadable += 1;
      else if (found?.goesOn) yield found.stored;
    }
  if (unreadable > 0) throw new UnreadableCases(unreadable);
}

const countsAfter = ({ events, lastHash, deliveries }: rows.Counts, change: CaseChange): rows.Counts => ({
  change: randomUUID(),
  unfinished: isUnfinished(change.case),
  events: events + change.events.length,
  lastHash: change.events.at(-1)?.hash ?? lastHash,
  deliveries: deliveries + change.deliveries.length,
});

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
function readably(record: rows.VersionedRecord): { readonly stored: StoredCase; readonly goesOn: boolean } | null {
  try {
    const stored = toStored(record);
    return { stored, goesOn: isUnfinished(stored.case) };
  } catch {
    return null;
  }
}

async function readOne(table: LazyTable, partition: string, also?: string): Promise<rows.VersionedRecord | undefined> {
  const filter = [odata`PartitionKey eq ${partition}`, also].filter(Boolean).join(' and ');
  const found: rows.Row[] = [];
  for await (const page of pagesOf(table, filter)) found.push(...page);
  return found.length === 0 ? undefined : rows.toRecord(partition, found);
}

/** One case after another, without holding more than one page of rows and one case. */
async function* readAll(table: LazyTable, schoolId?: string, also?: string): AsyncIterable<rows.VersionedRecord> {
  const filter = [schoolRange(schoolId), also].filter(Boolean).join(' and ');
  let found: rows.Row[] = [];
  let pagesOfIt = 0;
  const partition = () => found[0]?.partitionKey ?? '';
  // One page shows one state; what may have changed between two is read again.
  const whole = () => (pagesOfIt > 1 ? readOne(table, partition(), also) : rows.toRecord(partition(), found));
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

const schoolRange = (schoolId: string | undefined): string =>
  schoolId === undefined ? '' : odata`PartitionKey ge ${`${schoolId}~`} and PartitionKey lt ${`${schoolId}~~`}`;

/** Pages of rows in the order of their keys, each with a deadline of its own, as whoever takes them may be slow. */
async function* pagesOf(table: LazyTable, filter: string, select: string[] = []): AsyncIterable<rows.Row[]> {
  const client = await table.client();
  let continuationToken: string | undefined;
  do {
    const queryOptions = { ...(filter !== '' && { filter }), ...(select.length > 0 && { select }) };
    const pages = client
      .listEntities<object>({ queryOptions, abortSignal: AbortSignal.timeout(PAGE_DEADLINE_MS) })
      .byPage({ maxPageSize: PAGE_ROWS, ...(continuationToken !== undefined && { continuationToken }) });
    const { value: page } = await pages.next();
    if (page) yield page;
    continuationToken = page?.continuationToken;
  } while (continuationToken !== undefined);
}
