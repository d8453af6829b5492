import { TableServiceClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { openTables } from '../../src/storage/tables.js';

/** In every name, text, file name, account, link and e-mail address that a test puts in; in nothing else. */
export const MARK = /zqxvkj[a-z]*|900731846/iu;
/** Telephone numbers, as people write them. */
export const MARKED_NUMBER = '07700 900731846';
/** Entra object ids of the sample school's people. */
export const PERSON_ID = /0d3c6a51-7b1e-4f0a-8c55/iu;

/** What a place says, and where that is. */
export interface Said {
  readonly where: string;
  readonly text: string;
}

/** The places that say what they must not, plainly or in URL or base64 encoding. */
export function leaksIn(places: readonly Said[], secret = MARK): readonly string[] {
  return places.flatMap(({ where, text }) => {
    const found = readings(text).flatMap((reading) => secret.exec(reading) ?? []);
    return found.length > 0 ? [`${where}: ${found[0]} in ${text.slice(0, 300)}`] : [];
  });
}

function readings(text: string): readonly string[] {
  const encoded = text.match(/[\w+/-]{12,}={0,2}/gu) ?? [];
  const decoded = encoded.flatMap((one) =>
    ['base64', 'base64url'].map((how) => Buffer.from(one, how as 'base64').toString()),
  );
  return [text, text.replace(/[\s()+-]/gu, ''), unescaped(text), ...decoded];
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

type Json = Readonly<Record<string, unknown>>;

/** What the buttons of a card send, and where they lead; and what a card asks for when it is drawn anew. */
export function actionsIn(value: unknown, where: string): readonly Said[] {
  if (Array.isArray(value)) return value.flatMap((one) => actionsIn(one, where));
  if (typeof value !== 'object' || value === null) return [];
  const { type, data, verb, url, id } = value as Json;
  const isAction = typeof type === 'string' && type.startsWith('Action.');
  const own = isAction ? [{ where, text: JSON.stringify({ data, verb, url, id }) }] : [];
  return [...own, ...Object.values(value).flatMap((one) => actionsIn(one, where))];
}

/** Everything in a storage account that is a name or a key; rows and bytes themselves are where people's words belong. */
export async function namesInStorage(
  connection: string,
): Promise<{ readonly names: readonly Said[]; readonly rows: readonly Said[] }> {
  const names: Said[] = [];
  const rows: Said[] = [];
  const options = { allowInsecureConnection: true };
  for await (const { name = '' } of TableServiceClient.fromConnectionString(connection, options).listTables()) {
    names.push({ where: 'table', text: name });
    const client = await openTables({ connectionString: connection }).table(name).client();
    for await (const row of client.listEntities<Json>()) {
      names.push({ where: `partition key of ${name}`, text: row.partitionKey ?? '' });
      names.push({ where: `row key of ${name}`, text: row.rowKey ?? '' });
      rows.push({ where: name, text: JSON.stringify(row) });
    }
  }
  const queues = QueueServiceClient.fromConnectionString(connection);
  for await (const { name } of queues.listQueues()) {
    names.push({ where: 'queue', text: name });
    const { peekedMessageItems } = await queues.getQueueClient(name).peekMessages({ numberOfMessages: 32 });
    for (const { messageText } of peekedMessageItems) names.push({ where: `message of ${name}`, text: messageText });
  }
  const blobs = BlobServiceClient.fromConnectionString(connection);
  for await (const { name: container, metadata } of blobs.listContainers({ includeMetadata: true })) {
    names.push({ where: 'container', text: JSON.stringify({ container, metadata }) });
    for await (const { name, metadata: more, properties, tags } of blobs
      .getContainerClient(container)
      .listBlobsFlat({ includeMetadata: true })) {
      const { contentType, contentDisposition, contentLanguage, contentEncoding } = properties;
      const said = { name, more, tags, contentType, contentDisposition, contentLanguage, contentEncoding };
      names.push({ where: `blob of ${container}`, text: JSON.stringify(said) });
    }
  }
  return { names, rows };
}
