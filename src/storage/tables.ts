import { RestError, TableClient, TableServiceClient, type TableServiceClientOptions } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import type { ManagedIdentity, StorageAddress } from '../config.js';
import { StorageClock } from './clock.js';

/** People wait for most of what storage does, so a call gives up soon rather than retrying for a minute. */
const OPTIONS: TableServiceClientOptions = {
  retryOptions: { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 800 },
};
const READY_DEADLINE_MS = 2_000;
const CREATE_DEADLINE_MS = 2_000;

/** Azure Table Storage of one account, reached by connection string or by managed identity. */
export interface Tables {
  /** A table that is created when it is first used. */
  table(name: string): LazyTable;
  /** `undefined` when the table service answers, else why it does not, in words that name no account. */
  unreachable(): Promise<string | undefined>;
  /** The time as the account has it; before it has answered anything, as this machine has it. */
  readonly now: () => Date;
}

/** Opens the account. Nothing is sent until something is read or written. */
export function openTables(address: StorageAddress): Tables {
  const clock = new StorageClock();
  const service = serviceAt(address, clock);
  return {
    now: clock.now,
    table: (name) => new LazyTable(clientAt(address, name, clock)),
    async unreachable() {
      try {
        await service
          .listTables({ abortSignal: AbortSignal.timeout(READY_DEADLINE_MS) })
          .byPage({ maxPageSize: 1 })
          .next();
        return undefined;
      } catch (error) {
        const status = error instanceof RestError ? error.statusCode : undefined;
        return status === undefined ? 'Table storage does not answer.' : `Table storage answers with status ${status}.`;
      }
    },
  };
}

/**
 * A table client that makes its table first; what made that fail is tried again on the next use. For whoever may only read, as who takes
 * a backup, it is not theirs to make: whether it is there shows in use.
 */
export class LazyTable {
  readonly #client: TableClient;
  #made: Promise<void> | undefined;

  constructor(client: TableClient) {
    this.#client = client;
  }

  async client(): Promise<TableClient> {
    this.#made ??= this.#client
      .createTable({ abortSignal: AbortSignal.timeout(CREATE_DEADLINE_MS) })
      .catch((error: unknown) => {
        this.#made = undefined;
        if (!(error instanceof RestError && error.statusCode === 403)) throw error;
      });
    await this.#made;
    return this.#client;
  }
}

/** Whether the service said that there is no such table or entity. */
export const isNotFound = (error: unknown): boolean => error instanceof RestError && error.statusCode === 404;

function serviceAt(address: StorageAddress, clock: StorageClock): TableServiceClient {
  const options = optionsFor(address, clock);
  return 'connectionString' in address
    ? TableServiceClient.fromConnectionString(address.connectionString, options)
    : new TableServiceClient(urlOf(address.account), credentialOf(address), options);
}

function clientAt(address: StorageAddress, name: string, clock: StorageClock): TableClient {
  const options = optionsFor(address, clock);
  return 'connectionString' in address
    ? TableClient.fromConnectionString(address.connectionString, name, options)
    : new TableClient(urlOf(address.account), name, credentialOf(address), options);
}

/** What proves who we are to Azure; its library is loaded when it is first asked, which with a connection string is never. */
export function credentialOf({ identity }: ManagedIdentity): TokenCredential {
  let credential: Promise<TokenCredential> | undefined;
  return {
    async getToken(...asked) {
      credential ??= import('@azure/identity').then(
        ({ DefaultAzureCredential }) =>
          new DefaultAzureCredential(identity === undefined ? {} : { managedIdentityClientId: identity }),
      );
      return (await credential).getToken(...asked);
    },
  };
}

const urlOf = (account: string): string => `https://${account}.table.core.windows.net`;

const LOCAL = /TableEndpoint=http:\/\/(?:127\.0\.0\.1|localhost)[:/]|UseDevelopmentStorage=true/iu;

/** Azurite on this machine speaks plain HTTP; any other account must not. */
const optionsFor = (address: StorageAddress, { listening }: StorageClock): TableServiceClientOptions => ({
  ...OPTIONS,
  additionalPolicies: [{ policy: listening, position: 'perRetry' }],
  ...('connectionString' in address && LOCAL.test(address.connectionString) && { allowInsecureConnection: true }),
});
