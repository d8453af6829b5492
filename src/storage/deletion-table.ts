import { odata, type TableEntity, type TransactionAction } from '@azure/data-tables';
import type { Certificate, DeletionStore, StoredDeletion } from '../reports/deletion.js';
import { certificateHash } from '../reports/deletion.js';
import { UnreadableCases } from '../reports/stores.js';
import type { Delivery, NewDelivery } from '../schools/delivery.js';
import * as rows from './case-rows.js';
import { CASE_TABLE } from './case-table.js';
import { commit, unlessMissing } from './commit.js';
import { type DeliveryRow, owedRows, toDelivery } from './outbox.js';
import { dateFrom, packed, unpacked } from './packed.js';
import { removeRows } from './removal.js';
import { pagesOf, schoolRange } from './row-pages.js';
import type { LazyTable, Tables } from './tables.js';

const DEADLINE_MS = 5_000;

/** Stands where the case's own row stood: nothing of the case is in it but what a certificate says. */
type DeletedRow = {
  readonly [rows.DELETED]: string;
  readonly complete: boolean;
  readonly deliveries: number;
  readonly unfinished: false;
};

/**
 * Deletes cases in the table `Cases`. The certificate takes the place of the row `case`, by the same ETag that guards every change
 * of a case, so of a deletion and a change at the same time one is refused; and it stays, so that no case of that reference can
 * come again.
 */
export function deletionTable(tables: Tables): DeletionStore {
  const table = tables.table(CASE_TABLE);
  return {
    begin: (...asked) => begin(table, ...asked),
    find: (schoolId, reference) => read(table, schoolId, reference),
    all: (schoolId) => readAll(table, schoolId, `${rows.DELETED} gt ''`),
    begun: (schoolId) => readAll(table, schoolId, 'complete eq false'),
    async deliveries(schoolId, reference) {
      const found: Delivery[] = [];
      for await (const page of pagesOf(table, within(rows.partitionOf(schoolId, reference), ofDeliveries)))
        found.push(...page.map((row) => toDelivery(row as unknown as DeliveryRow & { rowKey?: string })));
      return found;
    },
    owe: (...asked) => owe(table, ...asked),
    async removeRows(certificate) {
      await mustBeGone(table, certificate);
      await remove(table, certificate, WITHOUT_DELIVERIES);
    },
    async complete(certificate) {
      await mustBeGone(table, certificate);
      // In their order: a tombstone goes after the message it stands for, so that it is not owed again after a crash in between.
      await remove(table, certificate, ofDeliveries);
      const client = await table.client();
      const row = toRow(certificate, { complete: true, deliveries: 0 });
      await client.updateEntity(row, 'Replace', { abortSignal: AbortSignal.timeout(DEADLINE_MS) });
    },
  };
}

async function begin(table: LazyTable, ...[stored, certificate, deliveries]: Parameters<DeletionStore['begin']>) {
  const partition = partitionOf(certificate);
  const abortSignal = AbortSignal.timeout(DEADLINE_MS);
  const version = { etag: stored.version };
  const before = await countOf(table, partition, abortSignal);
  if (before?.etag !== stored.version) return undefined;
  const first = before.deliveries + 1;
  const row = toRow(certificate, { complete: false, deliveries: before.deliveries + deliveries.length });
  const actions: TransactionAction[] = [
    ['update', row, 'Replace', version],
    ...owed(certificate, first, certificate.deletedAt, deliveries),
  ];
  const committed = await commit(table, actions, abortSignal);
  const place = { table: CASE_TABLE, partition };
  if (committed !== undefined) return place;
  // Committed by this very call, when the answer was lost on the way.
  const after = await read(table, certificate.schoolId, certificate.reference);
  return after?.hash === certificateHash(certificate) ? place : undefined;
}

async function owe(table: LazyTable, ...[certificate, known, deliveries, at]: Parameters<DeletionStore['owe']>) {
  const partition = partitionOf(certificate);
  const abortSignal = AbortSignal.timeout(DEADLINE_MS);
  const before = await countOf(table, partition, abortSignal);
  if (before?.deliveries !== known) return undefined;
  const row = { partitionKey: partition, rowKey: rows.CASE, deliveries: known + deliveries.length };
  const actions: TransactionAction[] = [
    ['update', row, 'Merge', { etag: before.etag }],
    ...owed(certificate, known + 1, at, deliveries),
  ];
  const committed = await commit(table, actions, abortSignal);
  return committed === undefined ? undefined : { table: CASE_TABLE, partition };
}

const ofDeliveries = odata`RowKey ge ${rows.DELIVERY} and RowKey lt ${rows.AFTER_LAST_DELIVERY}`;
const WITHOUT_DELIVERIES = odata`RowKey ne ${rows.CASE} and (RowKey lt ${rows.DELIVERY} or RowKey ge ${rows.AFTER_LAST_DELIVERY})`;

const partitionOf = ({ schoolId, reference }: Certificate): string => rows.partitionOf(schoolId, reference);

const owed = ({ schoolId, reference }: Certificate, first: number, owedSince: Date, all: readonly NewDelivery[]) =>
  owedRows(rows.partitionOf(schoolId, reference), { schoolId, owedSince, first }, all);

const toRow = (
  certificate: Certificate,
  { complete, deliveries }: Pick<DeletedRow, 'complete' | 'deliveries'>,
): TableEntity<DeletedRow> => ({
  ...{ partitionKey: partitionOf(certificate), rowKey: rows.CASE, [rows.DELETED]: certificateHash(certificate) },
  ...{ complete, deliveries, unfinished: false },
  ...packed('certificate', certificate),
});

type CertificateAsJson = Omit<Certificate, 'submittedAt' | 'endedAt' | 'deletedAt'> &
  Readonly<Record<'submittedAt' | 'endedAt' | 'deletedAt', string>>;

function toDeletion(row: object): StoredDeletion {
  const { [rows.DELETED]: hash, complete } = row as DeletedRow;
  const { submittedAt, endedAt, deletedAt, ...kept } = unpacked<CertificateAsJson>('certificate', row);
  const times = {
    ...{ submittedAt: dateFrom(submittedAt), endedAt: dateFrom(endedAt), deletedAt: dateFrom(deletedAt) },
  };
  return { certificate: { ...kept, ...times }, hash, complete };
}

async function read(table: LazyTable, schoolId: string, reference: string): Promise<StoredDeletion | undefined> {
  const client = await table.client();
  const abortSignal = AbortSignal.timeout(DEADLINE_MS);
  const partition = rows.partitionOf(schoolId, reference);
  const row = await unlessMissing(client.getEntity<object>(partition, rows.CASE, { abortSignal }));
  return row && rows.isDeleted(row) ? toDeletion(row) : undefined;
}

/** @throws when that deletion was never committed: nothing of a case that is there is ever removed. */
async function mustBeGone(table: LazyTable, certificate: Certificate): Promise<void> {
  const found = await read(table, certificate.schoolId, certificate.reference);
  if (found?.hash !== certificateHash(certificate)) throw new Error('That case was not deleted with this certificate.');
}

function readably(row: object): StoredDeletion | undefined {
  try {
    return toDeletion(row);
  } catch {
    return undefined;
  }
}

async function* readAll(table: LazyTable, schoolId: string | undefined, which: string): AsyncIterable<StoredDeletion> {
  const filter = [schoolRange(schoolId), odata`RowKey eq ${rows.CASE}`, which].filter(Boolean).join(' and ');
  let unreadable = 0;
  for await (const page of pagesOf(table, filter))
    for (const row of page) {
      const found = readably(row);
      if (found) yield found;
      else unreadable += 1;
    }
  if (unreadable > 0) throw new UnreadableCases(unreadable);
}

/** What the row says, whether the case was deleted or not. */
async function countOf(table: LazyTable, partition: string, abortSignal: AbortSignal) {
  const client = await table.client();
  return unlessMissing(client.getEntity<{ deliveries: number }>(partition, rows.CASE, { abortSignal }));
}

const within = (partition: string, which: string): string => `${odata`PartitionKey eq ${partition}`} and ${which}`;

const remove = (table: LazyTable, certificate: Certificate, which: string): Promise<number> =>
  removeRows(table, partitionOf(certificate), within(partitionOf(certificate), which));
