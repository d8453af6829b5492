import { createHash } from 'node:crypto';
import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { inject } from 'vitest';

/** What the turns of one school may change; where its people's chats are and which questions were asked is none of it. */
const TABLES = ['Cases', 'Drafts', 'Enquiries', 'Summaries', 'Jobs', 'Directory'] as const;
const CONTAINERS = ['evidence', 'summaries'] as const;

/** SHA-256 over every row and the name of every file that is kept of a school, so that nothing can change unnoticed. */
export async function digestOfStore(schoolId: string): Promise<string> {
  const parts = await Promise.all([
    ...TABLES.map((name) => rowsOf(name, schoolId)),
    ...CONTAINERS.map((name) => filesOf(name, schoolId)),
  ]);
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

async function rowsOf(table: (typeof TABLES)[number], schoolId: string): Promise<string[]> {
  const client = TableClient.fromConnectionString(inject('storage'), table, { allowInsecureConnection: true });
  const filter = `PartitionKey ge '${schoolId}' and PartitionKey lt '${schoolId}~~'`;
  const rows: string[] = [];
  try {
    for await (const row of client.listEntities({ queryOptions: { filter } }))
      if (table !== 'Directory' || 'chosenId' in row) rows.push(JSON.stringify(row));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return rows;
}

async function filesOf(container: (typeof CONTAINERS)[number], schoolId: string): Promise<string[]> {
  const client = BlobServiceClient.fromConnectionString(inject('storage')).getContainerClient(container);
  const names: string[] = [];
  try {
    for await (const { name, properties } of client.listBlobsFlat({ prefix: `${schoolId}/` }))
      names.push(`${name} ${properties.etag}`);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return names;
}

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'statusCode' in error && error.statusCode === 404;
