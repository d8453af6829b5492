import { RestError, type TransactionAction } from '@azure/data-tables';
import { isNotFound, type LazyTable } from './tables.js';

/**
 * Carries out all of the actions, which are on rows of one partition, or none.
 *
 * @returns the new version of the first row; `undefined` when something is there already, is gone, or is no longer as it was read.
 */
export async function commit(
  table: LazyTable,
  actions: readonly TransactionAction[],
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  const client = await table.client();
  try {
    const { subResponses } = await client.submitTransaction([...actions], { abortSignal });
    const version = subResponses[0]?.etag;
    if (version === undefined) throw new Error('Table storage did not say which version it has kept.');
    return version;
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
}

/** There already (409), not as it was read (412), gone (404); but not when it is the table that is gone. */
const isConflict = (error: unknown): boolean =>
  error instanceof RestError &&
  [404, 409, 412].includes(error.statusCode ?? 0) &&
  !['TableNotFound', 'TableBeingDeleted'].includes(error.code ?? '');

/** `undefined` instead of a row that is not there. */
export async function unlessMissing<T>(task: Promise<T>): Promise<T | undefined> {
  try {
    return await task;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Leaves a row alone that is gone, or no longer as it was read. */
export async function unlessChanged(task: Promise<unknown>): Promise<void> {
  try {
    await task;
  } catch (error) {
    if (!(error instanceof RestError && [404, 412].includes(error.statusCode ?? 0))) throw error;
  }
}
