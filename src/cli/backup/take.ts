import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { odata, type TableClient } from '@azure/data-tables';
import { AppError } from '../../errors.js';
import { unlessGone } from '../../storage/blob-files.js';
import type { Blobs } from '../../storage/blobs.js';
import { isNotFound, type Tables } from '../../storage/tables.js';
import {
  againFile,
  BLOB_LIST,
  type BlobLine,
  CONTAINERS,
  MANIFEST,
  type Manifest,
  type RowLine,
  TABLES,
  tableFile,
  WHOLE_PARTITIONS,
} from './layout.js';
import { LinesWriter } from './lines.js';

/** How often what changes meanwhile is copied again. */
const MOST_ROUNDS = 5;
/** Storage's clock is heard to the second. */
const CLOCK_MS = 2_000;
/** Not kept: they are the old store’s own. */
const OF_STORAGE = ['etag', 'timestamp', 'odata.metadata'];

export interface Taken {
  readonly rows: number;
  readonly blobs: number;
  readonly bytes: number;
}

/**
 * Copies all that is kept into a folder of its own. Rows come first: whatever they name is there already, and evidence is never
 * changed. What changes while it is copied is copied again, a case as a whole.
 *
 * @throws {AppError} `bad_arguments` when the folder holds anything, or cases change too fast to be copied.
 */
export async function takeBackup({ tables, blobs }: { tables: Tables; blobs: Blobs }, folder: string): Promise<Taken> {
  await mkdir(join(folder, 'blobs'), { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 1 || (await readdir(join(folder, 'blobs'))).length > 0)
    throw new AppError(
      'bad_arguments',
      `${folder} is not empty, and nothing is overwritten. Please choose another --to.`,
    );
  await tables.unreachable();
  const takenAt = tables.now();
  const since = new Date(takenAt.getTime() - CLOCK_MS);
  const files: Manifest['files'] = [];
  for (const table of TABLES) {
    const client = await tables.table(table).client();
    files.push(await copyRows(client, folder, tableFile(table)));
    if (WHOLE_PARTITIONS.includes(table)) files.push(await copyAgain(client, folder, againFile(table), since));
  }
  const copied = await copyBlobs(blobs, folder);
  files.push(copied.file);
  const made: Manifest = { format: 1, takenAt: takenAt.toISOString(), files };
  await writeFile(join(folder, MANIFEST), JSON.stringify(made, undefined, 2), { mode: 0o600, flag: 'wx' });
  const rows = files.filter(({ name }) => name !== BLOB_LIST && !name.includes('.again.'));
  return { rows: rows.reduce((sum, { lines }) => sum + lines, 0), blobs: copied.file.lines, bytes: copied.bytes };
}

/** A table that was never used is not there for those who may only read. */
async function* rowsOf(client: TableClient, filter?: string): AsyncIterable<RowLine[]> {
  const options = { disableTypeConversion: true, ...(filter !== undefined && { queryOptions: { filter } }) };
  let isThere = false;
  try {
    for await (const page of client.listEntities<Record<string, unknown>>(options).byPage({ maxPageSize: 500 })) {
      isThere = true;
      yield page.map(
        (row) => Object.fromEntries(Object.entries(row).filter(([name]) => !OF_STORAGE.includes(name))) as RowLine,
      );
    }
  } catch (error) {
    if (isThere || !isNotFound(error)) throw error;
  }
}

async function copyRows(client: TableClient, folder: string, name: string) {
  const writer = await LinesWriter.create(folder, name);
  for await (const page of rowsOf(client)) await writer.add(page);
  return writer.end();
}

/** Reads the partitions that changed since, until they are the same twice. */
async function copyAgain(client: TableClient, folder: string, name: string, since: Date) {
  let before = '';
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const changed = new Set<string>();
    for await (const page of rowsOf(client, odata`Timestamp ge ${since}`))
      for (const { partitionKey } of page) changed.add(partitionKey);
    const rows: RowLine[] = [];
    for (const partition of [...changed].toSorted())
      for await (const page of rowsOf(client, odata`PartitionKey eq ${partition}`)) rows.push(...page);
    const now = JSON.stringify(rows);
    if (rows.length === 0 || now === before) {
      const writer = await LinesWriter.create(folder, name);
      await writer.add(rows);
      return writer.end();
    }
    before = now;
  }
  const words =
    'Too much changes while it is copied. Delete what the folder holds by now, and take the backup at a quieter time, or stop the bot meanwhile.';
  throw new AppError('bad_arguments', words);
}

async function copyBlobs(blobs: Blobs, folder: string) {
  const writer = await LinesWriter.create(folder, BLOB_LIST);
  let total = 0;
  for (const container of CONTAINERS)
    await blobs.container(container).use(async (client) => {
      if (!(await client.exists())) return;
      for await (const { name, properties } of client.listBlobsFlat()) {
        const bytes = await unlessGone(client.getBlobClient(name).downloadToBuffer());
        // Removed meanwhile: a draft that was discarded, or a case whose time was over.
        if (!bytes) continue;
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        await writeFile(join(folder, 'blobs', sha256), bytes, { mode: 0o600 });
        const type = properties.contentType;
        const line: BlobLine = { container, name, ...(type && { type }), bytes: bytes.byteLength, sha256 };
        await writer.add([line]);
        total += bytes.byteLength;
      }
    });
  return { file: await writer.end(), bytes: total };
}
