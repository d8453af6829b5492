import { randomUUID } from 'node:crypto';
import { odata, type TableEntity, type TableEntityResult, type TransactionAction } from '@azure/data-tables';
import type { NewDelivery, OutboxPlace } from '../schools/delivery.js';
import { isPeriodId, SPANS } from '../summaries/period.js';
import type { Download, StoredSummary, Summary, SummaryStore } from '../summaries/summary.js';
import { commit, unlessMissing } from './commit.js';
import { owedRows } from './outbox.js';
import { dateFrom, packed, unpacked } from './packed.js';
import type { LazyTable, Tables } from './tables.js';

export const SUMMARY_TABLE = 'Summaries';
const SUMMARY = 'summary';
const DOWNLOAD = 'download~';
/** The tilde sorts behind digits. */
const AFTER_LAST_DOWNLOAD = 'download~~';
const DEADLINE_MS = 5_000;
/** For all summaries of a school. */
const ALL_DEADLINE_MS = 20_000;

/** The summary's own row; the summary itself stands beside this, packed. `commit` tells one change from another. */
type SummaryRow = {
  readonly state: Summary['sending']['state'];
  readonly deliveries: number;
  readonly commit: string;
};
type DownloadRow = Pick<Download, 'at' | 'personId' | 'edition' | 'format'>;

/** The row as it is to be, and the rows of what comes with it. */
interface Change {
  readonly summary: Summary;
  readonly deliveries: readonly NewDelivery[];
  /** How many there were before. */
  readonly sofar: number;
  readonly at: Date;
  readonly how: (row: TableEntity<SummaryRow>) => TransactionAction;
}

/**
 * Keeps summaries in the table `Summaries`: partition key `<school>~<id>`, row keys `summary`, `delivery~000001` and
 * `download~<time>~<random>`. Of several processes that make or change one, whichever commits first does; no lease is needed.
 */
export function summaryTable(tables: Tables): SummaryStore {
  const table = tables.table(SUMMARY_TABLE);
  return {
    find: (schoolId, id) => findOne(table, schoolId, id),
    all: (schoolId) => readAll(table, schoolId),
    inState: (schoolId, state) => readAll(table, schoolId, odata`state eq ${state}`),
    create: (summary, deliveries) =>
      keep(table, { summary, deliveries, sofar: 0, at: summary.madeAt, how: (row) => ['create', row] }),
    change({ version: etag, deliveries: sofar }, summary, deliveries, at) {
      const how = (row: TableEntity<SummaryRow>): TransactionAction => ['update', row, 'Replace', { etag }];
      return keep(table, { summary, deliveries, sofar, at, how });
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

async function ownRow(table: LazyTable, partition: string): Promise<TableEntityResult<SummaryRow> | undefined> {
  const client = await table.client();
  const abortSignal = AbortSignal.timeout(DEADLINE_MS);
  return unlessMissing(client.getEntity<SummaryRow>(partition, SUMMARY, { abortSignal }));
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

async function keep(
  table: LazyTable,
  { summary, deliveries, sofar, at, how }: Change,
): Promise<OutboxPlace | undefined> {
  const partition = partitionOf(summary.schoolId, summary.id);
  const name = randomUUID();
  const row: TableEntity<SummaryRow> = {
    ...{ partitionKey: partition, rowKey: SUMMARY, commit: name },
    ...{ state: summary.sending.state, deliveries: sofar + deliveries.length },
    ...packed(SUMMARY, summary),
  };
  const owed = owedRows(partition, { schoolId: summary.schoolId, owedSince: at, first: sofar + 1 }, deliveries);
  const version = await commit(table, [how(row), ...owed], AbortSignal.timeout(DEADLINE_MS));
  // Committed by this very call, when the answer was lost on the way.
  const isOurs = version !== undefined || (await ownRow(table, partition))?.commit === name;
  return isOurs ? { table: SUMMARY_TABLE, partition } : undefined;
}

/** As JSON keeps it: moments are text. */
type Kept<T> = { [Key in keyof T]: T[Key] extends Date ? string : T[Key] };

function toStored(row: TableEntityResult<SummaryRow>): StoredSummary {
  const kept = unpacked<Kept<Summary>>(SUMMARY, row);
  const { comment, sending } = kept;
  const summary = {
    ...kept,
    madeAt: dateFrom(kept.madeAt),
    comment: comment && { ...comment, at: dateFrom(comment.at) },
    sending: 'at' in sending ? { ...sending, at: dateFrom(sending.at) } : sending,
  };
  return { summary, version: row.etag, deliveries: row.deliveries };
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
