import { randomBytes } from 'node:crypto';
import { TableClient, type TableEntity, type TransactionAction } from '@azure/data-tables';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { QueueClient } from '@azure/storage-queue';
import { CASE_TABLE } from '../src/storage/case-table.js';
import { DRAFT_TABLE } from '../src/storage/draft-table.js';
import type { Reporter } from './reporter.js';

const SCHOOL = 'example-primary';
const CONTAINER = 'evidence';
const PNG = { blobHTTPHeaders: { blobContentType: 'image/png' } };
/** The draft is written when it begins, with each of four cards, with the last one, and when it is being sent. */
const SAVES_BEFORE_FILES = 3;
const SAVES_AFTER_FILES = 3;

/** What the bot keeps of one report, as it was found in storage. */
interface Model {
  readonly open: TableEntity;
  readonly draftEvidence: readonly TableEntity[];
  readonly caseRows: readonly TableEntity[];
  readonly files: readonly { readonly original: Uint8Array; readonly viewing: Uint8Array }[];
}

/** Writes what a report leaves in storage straight there, through the same clients: as fast as it can be done. */
export class RawReports {
  readonly #drafts: TableClient;
  readonly #cases: TableClient;
  readonly #evidence: ContainerClient;
  readonly #queue: QueueClient;
  readonly #model: Model;

  private constructor(clients: Clients, model: Model) {
    this.#drafts = clients.drafts;
    this.#cases = clients.cases;
    this.#evidence = clients.evidence;
    this.#queue = clients.queue;
    this.#model = model;
  }

  /** Has one report made by the bot, and another up to its last card, and takes what they leave for a model. */
  static async like(reporter: Reporter, storage: string, pictures: readonly Uint8Array[]): Promise<RawReports> {
    const clients = clientsAt(storage);
    await clients.queue.createIfNotExists();
    const reference = await reporter.report();
    const caseRows = await rowsOf(clients.cases, `${SCHOOL}~${reference}`);
    const { personId } = await reporter.toLastCard();
    const draftRows = await rowsOf(clients.drafts, `${SCHOOL}~${personId}`);
    const open = draftRows.find(({ rowKey }) => rowKey === 'open');
    const copies: Uint8Array[] = [];
    for await (const { name } of clients.evidence.listBlobsFlat({ prefix: `${SCHOOL}/${reference}/` }))
      if (name.endsWith('.view')) copies.push(await clients.evidence.getBlobClient(name).downloadToBuffer());
    if (!open || copies.length !== pictures.length) throw new Error('The model report is not whole.');
    const files = pictures.map((original, at) => ({ original, viewing: copies[at] ?? original }));
    const draftEvidence = draftRows.filter(({ rowKey }) => rowKey.startsWith('evidence~'));
    return new RawReports(clients, { open, draftEvidence, caseRows, files });
  }

  async write(): Promise<void> {
    const person = `${SCHOOL}~${crypto.randomUUID()}`;
    const reference = `raw-${randomBytes(8).toString('hex')}`;
    const open = { ...this.#model.open, partitionKey: person };
    await this.#drafts.createEntity(open);
    await this.#save(open, SAVES_BEFORE_FILES);
    await Promise.all(this.#model.files.map((_, at) => this.#keepFile(at, reference)));
    for (const row of this.#model.draftEvidence)
      await this.#drafts.submitTransaction([
        ['update', open, 'Replace'],
        ['create', { ...row, partitionKey: person }],
      ]);
    await this.#save(open, SAVES_AFTER_FILES);
    const partitionKey = `${SCHOOL}~${reference}`;
    await this.#cases.submitTransaction(
      this.#model.caseRows.map((row): TransactionAction => ['create', { ...row, partitionKey }]),
    );
    await this.#drafts.submitTransaction([
      ['update', { partitionKey: person, rowKey: open.rowKey, draftId: '' }, 'Replace'],
      ...this.#model.draftEvidence.map(({ rowKey }): TransactionAction => ['delete', { partitionKey: person, rowKey }]),
      ['create', { partitionKey: person, rowKey: 'done~', reference }],
    ]);
    await this.#queue.sendMessage(JSON.stringify({ table: 'none', partition: partitionKey }));
  }

  async #save(open: TableEntity, times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) await this.#drafts.updateEntity(open, 'Replace');
  }

  async #keepFile(at: number, reference: string): Promise<void> {
    const { original, viewing } = this.#model.files[at] ?? { original: new Uint8Array(), viewing: new Uint8Array() };
    const name = `${SCHOOL}/${reference}/${at}`;
    await this.#evidence.getBlockBlobClient(name).upload(original, original.byteLength, PNG);
    await this.#evidence.getBlockBlobClient(`${name}.view`).upload(viewing, viewing.byteLength, PNG);
  }
}

interface Clients {
  readonly drafts: TableClient;
  readonly cases: TableClient;
  readonly evidence: ContainerClient;
  readonly queue: QueueClient;
}

/** The queue is one of its own: no worker is to be woken. */
function clientsAt(storage: string): Clients {
  const insecure = { allowInsecureConnection: true };
  return {
    drafts: TableClient.fromConnectionString(storage, DRAFT_TABLE, insecure),
    cases: TableClient.fromConnectionString(storage, CASE_TABLE, insecure),
    evidence: BlobServiceClient.fromConnectionString(storage).getContainerClient(CONTAINER),
    queue: new QueueClient(storage, 'raw-reports'),
  };
}

/** Rows as they can be written again. */
async function rowsOf(table: TableClient, partition: string): Promise<TableEntity[]> {
  const found: TableEntity[] = [];
  const filter = `PartitionKey eq '${partition}'`;
  for await (const row of table.listEntities<Record<string, unknown>>({ queryOptions: { filter } })) {
    const { etag: _etag, timestamp: _timestamp, partitionKey = '', rowKey = '', ...properties } = row;
    found.push({ ...properties, partitionKey, rowKey });
  }
  return found;
}
