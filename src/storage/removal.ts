import type { TransactionAction } from '@azure/data-tables';
import { unlessMissing } from './commit.js';
import { pagesOf } from './row-pages.js';
import { isNotFound, type LazyTable } from './tables.js';

/** For all rows of a partition that go at once, of which there may be some hundred. */
const DEADLINE_MS = 30_000;
const MOST_IN_TRANSACTION = 100;

/**
 * Removes rows of one partition, in the order of their keys. Another may be doing the same.
 *
 * @param which a filter that also names the partition.
 * @returns how many there were.
 */
export async function removeRows(table: LazyTable, partition: string, which: string): Promise<number> {
  const keys: string[] = [];
  for await (const page of pagesOf(table, which, ['PartitionKey', 'RowKey']))
    keys.push(...page.flatMap(({ rowKey }) => rowKey ?? []));
  const client = await table.client();
  const abortSignal = AbortSignal.timeout(DEADLINE_MS);
  for (let at = 0; at < keys.length; at += MOST_IN_TRANSACTION) {
    const some = keys.slice(at, at + MOST_IN_TRANSACTION);
    const actions = some.map((rowKey): TransactionAction => ['delete', { partitionKey: partition, rowKey }]);
    try {
      await client.submitTransaction(actions, { abortSignal });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      for (const rowKey of some) await unlessMissing(client.deleteEntity(partition, rowKey, { abortSignal }));
    }
  }
  return keys.length;
}
