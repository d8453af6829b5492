import { randomUUID } from 'node:crypto';
import { odata, type TableEntity, type TableEntityResult, type TransactionAction } from '@azure/data-tables';
import type { NewDelivery, OutboxPlace } from '../schools/delivery.js';
import { isPeriodId, SPANS } from '../summaries/period.js';
import type { Download, Issue, MadeSummary, StoredSummary, Summary, SummaryStore } from '../summaries/summary.js';
import { commit, unlessMissing } from './commit.js';
import { owedRows } from './outbox.js';
import { dateFrom, packed, unpacked } from './packed.js';
import type { LazyTable, Tables } from './tables.js';

export const SUMMARY_TABLE = 'Summaries';
const SUMMARY = 'summary';
const DOWNLOAD = 'download~';
/** The tilde sorts behind digits. */
const AFTER_LAST_DOWNLOAD = 'download~~';
/** Row and, behind the school, partition of what was made last. */
const LAST = 'last';
const DEADLINE_MS = 5_000;
/** For all summaries of a school. */
const ALL_DEADLINE_MS = 20_000;

/** The summary's own row; the summary itself stands beside this, packed. `commit` tells one change from another. */
type SummaryRow = {
  readonly state: Summary['sending']['state'];
  readonly deliveries: number;
  readonly commit: string;
};
/** What is made is written down here first, so that of those made at one time only one is kept, and whole. */
type LastRow = { readonly commit: string; readonly id: string };
type DownloadRow = Pick<Download, 'at' | 'personId' | 'edition' | 'format'>;

/** The row as it is to be, and the rows of what comes with it. */
interface Change {
  readonly summary: Summary;
  readonly deliveries: readonly NewDelivery[];
  /** How many there were before. */
  readonly sofar: number;
  readonly at: Date;
  /** Tells this change from another. */
  readonly commit: string;
  readonly how: (row: TableEntity<SummaryRow>) => TransactionAction;
}

/**
 * Keeps summaries in the table `Summaries`: partition key `<school>~<id>`, row keys `summary`, `delivery~000001` and
 * `download~<time>~<random>`; and in the partition `<school>~last` which of a school was made last. Of several processes that make or
 * change one, whichever commits first does; no lease is needed.
 */
export function summaryTable(tables: Tables): SummaryStore {
  const table = tables.table(SUMMARY_TABLE);
  return {
    find: (schoolId, id) => findOne(table, schoolId, id),
    all: (schoolId) => readAll(table, schoolId),
    inState: (schoolId, state) => readAll(table, schoolId, odata`state eq ${state}`),
    issue: (schoolId, make) => issue(table, schoolId, make),
    change({ version: etag, deliveries: sofar }, summary, deliveries, at) {
      const how = (row: TableEntity<SummaryRow>): TransactionAction => ['update', row, 'Replace', { etag }];
      return keep(table, { summary, deliveries, sofar, at, commit: randomUUID(), how });
    },
    placeOf: (schoolId, id) => ({ table: SUMMARY_TABLE, partition: partitionOf(schoolId, id) }),
    noteDownload: (schoolId, id, download) => noteDownload(table, partitionOf(schoolId, id), download),
    downloads: (schoolId, id) => readDownloads(table, partitionOf(schoolId, id)),
  };
}

/** @throws for what names no summary: it comes from cards, links and command lines, too. */
function partitionOf(schoolId: string, id: string): string {
  if (!isPeriodId(id)) throw new Error('No summary has an id like that.');
  return `${schoolId}~${id}`;
}

async function findOne(table: LazyTable, schoolId: string, id: string): Promise<StoredSummary | undefined> {
  if (!isPeriodId(id)) return undefined;
  const row = await ownRow(table, partitionOf(schoolId, id));
  return row && toStored(row);
}

const ownRow = (table: LazyTable, partition: string) => rowAt<SummaryRow>(table, partition, SUMMARY);

async function rowAt<Row extends object>(
  table: LazyTable,
  partition: string,
  row: string,
): Promise<TableEntityResult<Row> | undefined> {
  const client = await table.client();
  return unlessMissing(client.getEntity<Row>(partition, row, { abortSignal: AbortSignal.timeout(DEADLINE_MS) }));
}

/** Nothing but the summaries' own rows of that school leaves the service. */
async function readAll(table: LazyTable, schoolId: string, also?: string): Promise<readonly StoredSummary[]> {
  const client = await table.client();
  const own = odata`PartitionKey ge ${`${schoolId}~`} and PartitionKey lt ${`${schoolId}~~`} and RowKey eq ${SUMMARY}`;
  const filter = [own, also].filter(Boolean).join(' and ');
  const abortSignal = AbortSignal.timeout(ALL_DEADLINE_MS);
  const found: StoredSummary[] = [];
  for await (const row of client.listEntities<SummaryRow>({ queryOptions: { filter }, abortSignal }))
    found.push(toStored(row));
  return found.toSorted(byFirstDay);
}

/** Of those that begin on one day the shortest is first. */
function byFirstDay(
  { summary: { period: one } }: StoredSummary,
  { summary: { period: other } }: StoredSummary,
): number {
  if (one.from === other.from) return SPANS.indexOf(one.span) - SPANS.indexOf(other.span);
  return one.from < other.from ? -1 : 1;
}

/**
 * First it is written down as what was made last, naming the version of what was so before; whoever reads that sees to it that it is
 * kept. So whatever was made is known to those who make the next, also when the process that made it has died in between.
 */
async function issue(table: LazyTable, schoolId: string, make: () => Promise<MadeSummary | undefined>): Promise<Issue> {
  const partition = `${schoolId}~${LAST}`;
  const before = await rowAt<LastRow>(table, partition, LAST);
  if (before && !(await ownRow(table, partitionOf(schoolId, before.id))))
    await keepNew(table, unpackedMade(before), before.commit);
  const made = await make();
  if (!made) return { kind: 'nothing' };
  const name = randomUUID();
  const row: TableEntity<LastRow> = {
    ...{ partitionKey: partition, rowKey: LAST, commit: name, id: made.summary.id },
    ...packed('made', made),
  };
  const noted: TransactionAction = before ? ['update', row, 'Replace', { etag: before.etag }] : ['create', row];
  const version = await commit(table, [noted], AbortSignal.timeout(DEADLINE_MS));
  const isOurs = version !== undefined || (await rowAt<LastRow>(table, partition, LAST))?.commit === name;
  const place = isOurs ? await keepNew(table, made, name) : undefined;
  return place ? { kind: 'issued', summary: made.summary, place } : { kind: 'outrun' };
}

const keepNew = (table: LazyTable, { summary, deliveries }: MadeSummary, name: string) =>
  keep(table, { summary, deliveries, sofar: 0, at: summary.madeAt, commit: name, how: (row) => ['create', row] });

async function keep(
  table: LazyTable,
  { summary, deliveries, sofar, at, commit: name, how }: Change,
): Promise<OutboxPlace | undefined> {
  const partition = partitionOf(summary.schoolId, summary.id);
  const row: TableEntity<SummaryRow> = {
    ...{ partitionKey: partition, rowKey: SUMMARY, commit: name },
    ...{ state: summary.sending.state, deliveries: sofar + deliveries.length },
    ...packed(SUMMARY, summary),
  };
  const owed = owedRows(partition, { schoolId: summary.schoolId, owedSince: at, first: sofar + 1 }, deliveries);
  const version = await commit(table, [how(row), ...owed], AbortSignal.timeout(DEADLINE_MS));
  // Committed by this very call, when the answer was lost on the way, or for it by another who found it written down.
  const isOurs = version !== undefined || (await ownRow(table, partition))?.commit === name;
  return isOurs ? { table: SUMMARY_TABLE, partition } : undefined;
}

/** As JSON keeps it: moments are text. */
type Kept<T> = { [Key in keyof T]: T[Key] extends Date ? string : T[Key] };

const toStored = (row: TableEntityResult<SummaryRow>): StoredSummary => ({
  ...{ summary: revived(unpacked(SUMMARY, row)), version: row.etag, deliveries: row.deliveries },
});

function unpackedMade(row: object): MadeSummary {
  const { summary, deliveries } = unpacked<MadeSummary & { readonly summary: Kept<Summary> }>('made', row);
  return { summary: revived(summary), deliveries };
}

function revived(kept: Kept<Summary>): Summary {
  const { comment, sending } = kept;
  return {
    ...kept,
    madeAt: dateFrom(kept.madeAt),
    comment: comment && { ...comment, at: dateFrom(comment.at) },
    sending: 'at' in sending ? { ...sending, at: dateFrom(sending.at) } : sending,
  };
}

/** What is random in its key makes each one of its own: the same key is there already only when it was sent twice. */
async function noteDownload(table: LazyTable, partitionKey: string, download: Download): Promise<void> {
  const { at, personId, edition, format } = download;
  const rowKey = `${DOWNLOAD}${at.toISOString()}~${randomUUID()}`;
  const row: TableEntity<DownloadRow> = { partitionKey, rowKey, at, personId, edition, format };
  const client = await table.client();
  await client.upsertEntity(row, 'Replace', { abortSignal: AbortSignal.timeout(DEADLINE_MS) });
}

async function readDownloads(table: LazyTable, partition: string): Promise<readonly Download[]> {
  const client = await table.client();
  const filter = odata`PartitionKey eq ${partition} and RowKey ge ${DOWNLOAD} and RowKey lt ${AFTER_LAST_DOWNLOAD}`;
  const abortSignal = AbortSignal.timeout(DEADLINE_MS);
  const found: Download[] = [];
  for await (const row of client.listEntities<DownloadRow>({ queryOptions: { filter }, abortSignal })) {
    const { at, personId, edition, format } = row;
    found.push({ at, personId, edition, format });
  }
  return found;
}
