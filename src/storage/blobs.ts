import { BlobServiceClient, type ContainerClient, RestError, type StoragePipelineOptions } from '@azure/storage-blob';
import type { StorageAddress } from '../config.js';
import { credentialOf } from './tables.js';

/** A person waits while a file of up to 10 MB is kept, so a try is given the time that takes, but there are few. */
const OPTIONS: StoragePipelineOptions = {
  retryOptions: { maxTries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 800, tryTimeoutInMs: 10_000 },
};
const CREATE_DEADLINE_MS = 2_000;
const READY_DEADLINE_MS = 2_000;

/** Azure Blob Storage of one account, reached by connection string or by managed identity. */
export interface Blobs {
  /** A container, private, that is created when it is first used. */
  container(name: string): LazyContainer;
  /** `undefined` when the blob service answers, else why it does not, in words that name no account. */
  unreachable(): Promise<string | undefined>;
}

/** Opens the account. Nothing is sent until something is read or written. */
export const openBlobs = (address: StorageAddress): Blobs => ({
  container: (name) => new LazyContainer(() => serviceAt(address).getContainerClient(name)),
  async unreachable() {
    try {
      const pages = serviceAt(address).listContainers({ abortSignal: AbortSignal.timeout(READY_DEADLINE_MS) });
      await pages.byPage({ maxPageSize: 1 }).next();
      return undefined;
    } catch (error) {
      const status = error instanceof RestError ? error.statusCode : undefined;
      return status === undefined ? 'Blob storage does not answer.' : `Blob storage answers with status ${status}.`;
    }
  },
});

/** A container client that makes its container first; what made that fail is tried again on the next use. */
export class LazyContainer {
  readonly #open: () => ContainerClient;
  #made: Promise<ContainerClient> | undefined;

  constructor(open: () => ContainerClient) {
    this.#open = open;
  }

  /** Works with the container; one that somebody has deleted is made again on the next use. */
  async use<T>(work: (container: ContainerClient) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#client());
    } catch (error) {
      if (error instanceof RestError && error.code === 'ContainerNotFound') this.#made = undefined;
      throw error;
    }
  }

  #client(): Promise<ContainerClient> {
    this.#made ??= this.#make().catch((error: unknown) => {
      this.#made = undefined;
      throw error;
    });
    return this.#made;
  }

  /** Without the option `access` it is private. One that we may only read is not ours to make: whether it is there shows in use. */
  async #make(): Promise<ContainerClient> {
    const client = this.#open();
    try {
      await client.createIfNotExists({ abortSignal: AbortSignal.timeout(CREATE_DEADLINE_MS) });
    } catch (error) {
      if (!(error instanceof RestError && error.statusCode === 403)) throw error;
    }
    return client;
  }
}

/** Whether the service said that there is no such container or blob. */
export const isNoBlob = (error: unknown): boolean => error instanceof RestError && error.statusCode === 404;

function serviceAt(address: StorageAddress): BlobServiceClient {
  if ('connectionString' in address) return BlobServiceClient.fromConnectionString(address.connectionString, OPTIONS);
  return new BlobServiceClient(`https://${address.account}.blob.core.windows.net`, credentialOf(address), OPTIONS);
}
