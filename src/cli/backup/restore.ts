import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { TransactionAction } from '@azure/data-tables';
import { AppError } from '../../errors.js';
import type { Blobs } from '../../storage/blobs.js';
import { CASE, DELETED } from '../../storage/case-rows.js';
import { CASE_TABLE } from '../../storage/case-table.js';
import type { Tables } from '../../storage/tables.js';
import {
  againFile,
  BLOB_LIST,
  type BlobLine,
  blobLine,
  CONTAINERS,
  FILES,
  MANIFEST,
  type Manifest,
  manifest,
  type RowLine,
  rowLine,
  TABLES,
  tableFile,
  WHOLE_PARTITIONS,
} from './layout.js';
import { linesOf, parsed } from './lines.js';

/** Of the service, for one transaction: 100 rows and 4 MiB. */
const MOST_ROWS = 100;
const MOST_CHARACTERS = 2_000_000;

interface Store {
  readonly tables: Tables;
  readonly blobs: Blobs;
}

export interface Restored {
  readonly takenAt: string;
  readonly rows: number;
  readonly blobs: number;
  /** Cases that were deleted after the backup was taken, and of which only the certificate came back. */
  readonly deletedSince: number;
}

/**
 * Puts a backup into a store that holds nothing.
 *
 * @param newer folders of later backups: cases that were deleted by then stay deleted.
 * @throws {AppError} `bad_arguments` when the store holds anything, or a backup is not whole. Nothing was written then.
 */
export async function restoreBackup(store: Store, folder: string, newer: readonly string[] = []): Promise<Restored> {
  const { takenAt } = await soundManifest(folder);
  for (const other of newer) await soundManifest(other);
  await refuseFull(store);
  const certificates = new Map<string, RowLine>();
  for (const other of newer)
    for (const [partition, row] of await certificatesIn(other)) certificates.set(partition, row);
  const gone = new Set([...certificates.keys()]);
  for (const partition of (await certificatesIn(folder)).keys()) gone.delete(partition);
  let rows = 0;
  for (const table of TABLES) {
    const skipped = table === CASE_TABLE ? gone : new Set<string>();
    rows += await restoreRows(store.tables, table, rowsIn(folder, table, skipped));
  }
  const left = [...gone].flatMap((partition) => certificates.get(partition) ?? []);
  rows += await restoreRows(store.tables, CASE_TABLE, pages(left));
  return { takenAt, rows, blobs: await restoreBlobs(store.blobs, folder, gone), deletedSince: gone.size };
}

/** A backup that was taken to its end, with every byte as it was written. */
async function soundManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => '');
  const read = manifest.safeParse(parsed(text));
  if (!read.success) throw new AppError('bad_arguments', `${folder} holds no backup that was taken to its end.`);
  const hashes = new Map(read.data.files.map(({ name, sha256 }) => [name, sha256]));
  for (const name of FILES)
    if (!hashes.has(name) || (await hashOf(join(folder, name))) !== hashes.get(name))
      throw new AppError('bad_arguments', `${name} of the backup in ${folder} has been changed, or is gone.`);
  for await (const line of linesOf(folder, BLOB_LIST, blobLine))
    if ((await hashOf(join(folder, 'blobs', line.sha256))) !== line.sha256)
      throw new AppError('bad_arguments', `A file of the backup in ${folder} has been changed, or is gone.`);
  return read.data;
}

async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  return pipeline(createReadStream(path), hash).then(
    () => hash.digest('hex'),
    () => undefined,
  );
}

/** What is there is newer than any backup, and nobody could tell afterwards which row came from where. */
async function refuseFull({ tables, blobs }: Store): Promise<void> {
  const full: string[] = [];
  for (const table of TABLES) {
    const rows = (await tables.table(table).client()).listEntities().byPage({ maxPageSize: 1 });
    const { value: page } = await rows.next();
    if (page && page.length > 0) full.push(`the table ${table}`);
  }
  for (const container of CONTAINERS)
    await blobs.container(container).use(async (client) => {
      const { value: page } = await client.listBlobsFlat().byPage({ maxPageSize: 1 }).next();
      if ((page?.segment.blobItems.length ?? 0) > 0) full.push(`the container ${container}`);
    });
  if (full.length > 0)
    throw new AppError(
      'bad_arguments',
      `Nothing was restored: ${full.join(', ')} of this storage holds something already, and nothing is overwritten. Restore into an empty storage account.`,
    );
}

async function* pages(rows: readonly RowLine[]): AsyncIterable<RowLine> {
  yield* rows;
}

/** The rows of a table as they were at the end of the backup, those of a partition in a row. */
async function* rowsIn(folder: string, table: string, skipped: ReadonlySet<string>): AsyncIterable<RowLine> {
  const again = new Set<string>();
  if (WHOLE_PARTITIONS.includes(table))
    for await (const row of linesOf(folder, againFile(table), rowLine)) again.add(row.partitionKey);
  for await (const row of linesOf(folder, tableFile(table), rowLine))
    if (!again.has(row.partitionKey) && !skipped.has(row.partitionKey)) yield row;
  if (again.size > 0)
    for await (const row of linesOf(folder, againFile(table), rowLine)) if (!skipped.has(row.partitionKey)) yield row;
}

/** What is left of deleted cases, by partition. */
async function certificatesIn(folder: string): Promise<ReadonlyMap<string, RowLine>> {
  const found = new Map<string, RowLine>();
  for await (const row of rowsIn(folder, CASE_TABLE, new Set()))
    if (row.rowKey === CASE && DELETED in row) found.set(row.partitionKey, row);
  return found;
}

async function restoreRows(tables: Tables, table: string, rows: AsyncIterable<RowLine>): Promise<number> {
  const client = await tables.table(table).client();
  let batch: TransactionAction[] = [];
  let [count, characters, partition] = [0, 0, ''];
  const flush = async () => {
    if (batch.length > 0) await client.submitTransaction(batch);
    count += batch.length;
    [batch, characters] = [[], 0];
  };
  for await (const row of rows) {
    const size = JSON.stringify(row).length;
    if (row.partitionKey !== partition || batch.length === MOST_ROWS || characters + size > MOST_CHARACTERS)
      await flush();
    partition = row.partitionKey;
    batch.push(['create', row]);
    characters += size;
  }
  await flush();
  return count;
}

/** @param gone cases of which nothing but the certificate is to come back. */
async function restoreBlobs(blobs: Blobs, folder: string, gone: ReadonlySet<string>): Promise<number> {
  let count = 0;
  for await (const line of linesOf(folder, BLOB_LIST, blobLine)) {
    if (isOf(line, gone)) continue;
    const bytes = await readFile(join(folder, 'blobs', line.sha256));
    await blobs.container(line.container).use((client) =>
      client.getBlockBlobClient(line.name).uploadData(bytes, {
        ...(line.type !== undefined && { blobHTTPHeaders: { blobContentType: line.type } }),
        conditions: { ifNoneMatch: '*' },
      }),
    );
    count += 1;
  }
  return count;
}

/** Evidence lies as `<school>/<reference>/<id>`, and its case in the partition `<school>~<reference>`. */
function isOf({ container, name }: BlobLine, partitions: ReadonlySet<string>): boolean {
  const [schoolId, reference] = name.split('/');
  return container === 'evidence' && partitions.has(`${schoolId}~${reference}`);
}
