import { randomUUID } from 'node:crypto';
import { OWN_CONTAINERS } from '../../config.js';
import type { Blobs } from '../../storage/blobs.js';
import type { Queues } from '../../storage/queues.js';
import type { Tables } from '../../storage/tables.js';
import { type Finding, kindOf, of } from './finding.js';

/** Places of its own, in which nothing of the bot’s lies. They stay, empty: a place that was deleted cannot be made again for a while. */
const TABLE = 'Doctor';
const CONTAINER = 'doctor';
const QUEUE = 'doctor';
/** The Bot Framework SDK refuses tokens where the clock is wrong by more than 5 minutes, and storage requests by 15. */
const CLOCK_LOOK_MS = 30_000;
const CLOCK_BROKEN_MS = 5 * 60_000;

export interface Storage {
  readonly tables: Tables;
  readonly blobs: Blobs;
  readonly queues: Queues;
}

const SERVICE = { rows: 'Table', files: 'Blob', messages: 'Queue' } as const;
/** What the identity of the bot needs, as `infra/` gives it. */
const ROLES = {
  rows: 'the role Storage Table Data Contributor on the account',
  files:
    'the role Storage Blob Data Contributor on the containers evidence, summaries and doctor, and Storage Blob Data Reader on the account',
  messages: 'the role Storage Queue Data Contributor on the account',
} as const;

/** Writes, reads, changes and removes a row, a file and a message. */
export async function storageFindings({ tables, blobs, queues }: Storage): Promise<readonly Finding[]> {
  const name = randomUUID();
  return Promise.all([
    tried('rows', () => tryRow(tables, name)),
    tried('files', async () => {
      await tryFile(blobs, name);
      for (const container of OWN_CONTAINERS) await tryRight(blobs, container, name);
    }),
    tried('messages', () => tryMessage(queues, name)),
  ]);
}

async function tried(what: keyof typeof ROLES, task: () => Promise<void>): Promise<Finding> {
  const { works, broken } = of(`storage, ${what}`);
  const service = SERVICE[what];
  try {
    await task();
    return works(`${service} storage takes, gives back and removes.`);
  } catch (error) {
    const { statusCode } = Object(error) as { statusCode?: number };
    return broken(
      `${service} storage does not do what is needed (${kindOf(error)}).`,
      statusCode === 403
        ? `Give the identity ${ROLES[what]}, and let this machine through its firewall. A new role takes up to ten minutes.`
        : 'Check the name of the account, and that it can be reached from here.',
    );
  }
}

async function tryRow(tables: Tables, name: string): Promise<void> {
  const client = await tables.table(TABLE).client();
  const keys = { partitionKey: 'doctor', rowKey: name };
  await client.createEntity({ ...keys, tried: 1 });
  try {
    await client.updateEntity({ ...keys, tried: 2 }, 'Merge');
    const { tried: back } = await client.getEntity<{ tried: number }>(keys.partitionKey, keys.rowKey);
    if (back !== 2) throw new TypeError('Another row came back.');
  } finally {
    await client.deleteEntity(keys.partitionKey, keys.rowKey);
  }
}

async function tryFile(blobs: Blobs, name: string): Promise<void> {
  await blobs.container(CONTAINER).use(async (container) => {
    const blob = container.getBlockBlobClient(name);
    await blob.upload('doctor', 6);
    try {
      if ((await blob.downloadToBuffer()).toString() !== 'doctor') throw new TypeError('Another file came back.');
    } finally {
      await blob.delete();
    }
  });
}

/**
 * Whether files may be written where the bot keeps them, without writing any: one that is not there is to be replaced, which the
 * service refuses to those who may ("Conditional headers": 412), and to all others before it looks (403).
 */
async function tryRight(blobs: Blobs, name: string, file: string): Promise<void> {
  await blobs.container(name).use(async (container) => {
    try {
      await container.getBlockBlobClient(`doctor/${file}`).upload('', 0, { conditions: { ifMatch: '"0x0"' } });
    } catch (error) {
      const { statusCode, code } = Object(error) as { statusCode?: number; code?: string };
      if (statusCode !== 412 && code !== 'BlobNotFound') throw error;
    }
  });
}

async function tryMessage(queues: Queues, name: string): Promise<void> {
  const client = await queues.queue(QUEUE).client();
  const { messageId, popReceipt } = await client.sendMessage(name, { messageTimeToLive: 60 });
  try {
    const { peekedMessageItems } = await client.peekMessages({ numberOfMessages: 32 });
    if (!peekedMessageItems.some((one) => one.messageId === messageId)) throw new TypeError('It is not there.');
  } finally {
    await client.deleteMessage(messageId, popReceipt);
  }
}

/** This machine’s clock against that of storage, which must have answered before. @param machine now. */
export function clockFinding({ now }: Tables, machine: Date): Finding {
  const { works, look, broken } = of('clock');
  const off = Math.abs(machine.getTime() - now().getTime());
  if (off < CLOCK_LOOK_MS) return works('This machine’s clock agrees with storage’s.');
  const says = `This machine’s clock is ${Math.round(off / 1_000)} seconds off storage’s.`;
  const todo = 'Set the clock of the machine, and let it be set by a time server.';
  return off < CLOCK_BROKEN_MS ? look(says, todo) : broken(`${says} Tokens and signed requests are refused.`, todo);
}
