import { QueueClient, QueueServiceClient, RestError, type StoragePipelineOptions } from '@azure/storage-queue';
import type { StorageAddress } from '../config.js';
import { credentialOf } from './tables.js';

/** A queue only wakes workers, so a call gives up soon. */
const OPTIONS: StoragePipelineOptions = {
  retryOptions: { maxTries: 2, retryDelayInMs: 100, maxRetryDelayInMs: 200, tryTimeoutInMs: 2_000 },
};
const CREATE_DEADLINE_MS = 2_000;
const READY_DEADLINE_MS = 2_000;

/** Azure Queue Storage of one account, reached by connection string or by managed identity. */
export interface Queues {
  /** A queue that is created when it is first used. */
  queue(name: string): LazyQueue;
  /** `undefined` when the queue service answers, else why it does not, in words that name no account. */
  unreachable(): Promise<string | undefined>;
}

/** Opens the account. Nothing is sent until a queue is used. */
export function openQueues(address: StorageAddress): Queues {
  // Made when it is first needed: a connection string without queues is one that other parts can do with.
  let service: QueueServiceClient | undefined;
  return {
    queue: (name) => new LazyQueue(() => clientAt(address, name)),
    async unreachable() {
      try {
        service ??= serviceAt(address);
        const pages = service.listQueues({ abortSignal: AbortSignal.timeout(READY_DEADLINE_MS) });
        await pages.byPage({ maxPageSize: 1 }).next();
        return undefined;
      } catch (error) {
        const status = error instanceof RestError ? error.statusCode : undefined;
        return status === undefined ? 'Queue storage does not answer.' : `Queue storage answers with status ${status}.`;
      }
    },
  };
}

/** A queue client that makes its queue first; what made that fail is tried again on the next use. */
export class LazyQueue {
  readonly #open: () => QueueClient;
  #made: Promise<QueueClient> | undefined;

  constructor(open: () => QueueClient) {
    this.#open = open;
  }

  client(): Promise<QueueClient> {
    this.#made ??= this.#make().catch((error: unknown) => {
      this.#made = undefined;
      throw error;
    });
    return this.#made;
  }

  /** Makes the queue again on the next use, as after an operator has deleted it. */
  forget(): void {
    this.#made = undefined;
  }

  async #make(): Promise<QueueClient> {
    const client = this.#open();
    await client.createIfNotExists({ abortSignal: AbortSignal.timeout(CREATE_DEADLINE_MS) });
    return client;
  }
}

/** Whether the service said that there is no such queue or message. */
export const isGone = (error: unknown): boolean => error instanceof RestError && error.statusCode === 404;

function serviceAt(address: StorageAddress): QueueServiceClient {
  if ('connectionString' in address) return QueueServiceClient.fromConnectionString(address.connectionString, OPTIONS);
  return new QueueServiceClient(`https://${address.account}.queue.core.windows.net`, credentialOf(address), OPTIONS);
}

function clientAt(address: StorageAddress, name: string): QueueClient {
  if ('connectionString' in address) return new QueueClient(address.connectionString, name, OPTIONS);
  return new QueueClient(`https://${address.account}.queue.core.windows.net/${name}`, credentialOf(address), OPTIONS);
}
