import { processEnvironment, readStorage } from '../config.js';
import { AppError } from '../errors.js';
import { type Blobs, openBlobs } from '../storage/blobs.js';
import { openTables, type Tables } from '../storage/tables.js';
import { azuriteConnection } from './dev/azurite.js';

/** Where `npm run dev` keeps its storage unless told otherwise. */
const LOCAL_STORAGE_PORT = '10000';

/**
 * The storage that is set, else the local one of `npm run dev`, once it answers.
 *
 * @param port of the local one; `undefined` where none was named.
 * @param nothing what was not done when it does not answer: "Nothing was checked".
 * @throws {AppError} `storage_unreachable`, in words for whoever typed the command.
 */
export async function reachStorage(
  port: string | undefined,
  nothing: string,
): Promise<{ readonly tables: Tables; readonly blobs: Blobs }> {
  const set = port === undefined ? readStorage(processEnvironment()) : undefined;
  const address = set ?? { connectionString: azuriteConnection(Number(port ?? LOCAL_STORAGE_PORT)) };
  const [tables, blobs] = [openTables(address), openBlobs(address)];
  const reason = (await tables.unreachable()) ?? (await blobs.unreachable());
  if (reason === undefined) return { tables, blobs };
  throw new AppError(
    'storage_unreachable',
    set
      ? `${nothing}: ${reason} Check STORAGE_CONNECTION_STRING or STORAGE_ACCOUNT.`
      : `${nothing}: the storage of \`npm run dev\` does not answer. Start it, or set STORAGE_CONNECTION_STRING or STORAGE_ACCOUNT.`,
  );
}

/**
 * An error in words for whoever typed a command.
 *
 * @param stopped what to say when storage stopped answering on the way.
 */
export function explained(error: unknown, stopped: string): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AppError || (error instanceof TypeError && 'code' in error)) return error.message;
  return ['RestError', 'AbortError', 'TimeoutError'].includes(error.name) ? stopped : (error.stack ?? error.message);
}
