import type { TransactionAction } from '@azure/data-tables';
import type { JobStore } from '../schools/job.js';
import { commit, unlessMissing } from './commit.js';
import { owedRows } from './outbox.js';
import type { Tables } from './tables.js';

export const JOB_TABLE = 'Jobs';
const ROW = 'job';
const DEADLINE_MS = 5_000;

/** `done` is empty before the job was done. */
type JobRow = { readonly done: string; readonly deliveries: number; readonly at: Date };

/**
 * Keeps what is done again and again in the table `Jobs`: partition key `<school>~<job>`, row keys `job` and `delivery~000001`. Of
 * several processes the one that changes the row first does the job; no lease is needed, as nothing is sent before that.
 */
export function jobTable(tables: Tables): JobStore {
  const table = tables.table(JOB_TABLE);
  const partitionOf = (schoolId: string, name: string) => `${schoolId}~${name}`;
  return {
    async find(schoolId, name) {
      const client = await table.client();
      const abortSignal = AbortSignal.timeout(DEADLINE_MS);
      const row = await unlessMissing(client.getEntity<JobRow>(partitionOf(schoolId, name), ROW, { abortSignal }));
      const { done = null, deliveries = 0, etag: version = null } = row ?? {};
      return { schoolId, name, done, deliveries, version };
    },
    async note({ schoolId, name, version, deliveries: before }, { slot, deliveries, at }) {
      const partition = partitionOf(schoolId, name);
      const row = { partitionKey: partition, rowKey: ROW, done: slot, deliveries: before + deliveries.length, at };
      const noted: TransactionAction =
        version === null ? ['create', row] : ['update', row, 'Replace', { etag: version }];
      const owed = owedRows(partition, { schoolId, owedSince: at, first: before + 1 }, deliveries);
      const committed = await commit(table, [noted, ...owed], AbortSignal.timeout(DEADLINE_MS));
      return committed === undefined ? undefined : { table: JOB_TABLE, partition };
    },
  };
}
