import type { TableEntity, TransactionAction } from '@azure/data-tables';
import type { ChannelHealth, ChannelHealthStore, LossCause } from '../schools/channel-health.js';
import { commit, unlessMissing } from './commit.js';
import { JOB_TABLE } from './job-table.js';
import { owedRows } from './outbox.js';
import type { Tables } from './tables.js';

const ROW = 'channel~headteacher';
const DEADLINE_MS = 5_000;

type HealthRow = {
  readonly channelId: string;
  readonly since: Date;
  readonly state: ChannelHealth['state'];
  readonly cause?: LossCause;
  readonly deliveries: number;
};

/** Keeps it in the table `Jobs`: partition key `<school>~setup`, row keys `channel~headteacher` and `delivery~<order>`. */
export function channelHealthTable(tables: Tables): ChannelHealthStore {
  const table = tables.table(JOB_TABLE);
  const deadline = () => AbortSignal.timeout(DEADLINE_MS);
  return {
    async find(schoolId) {
      const client = await table.client();
      const options = { abortSignal: deadline() };
      const row = await unlessMissing(client.getEntity<HealthRow>(partitionOf(schoolId), ROW, options));
      return row && { health: toHealth(row), version: row.etag, deliveries: row.deliveries };
    },
    async save(schoolId, before, health, deliveries) {
      const partition = partitionOf(schoolId);
      const sofar = before?.deliveries ?? 0;
      const row: TableEntity<HealthRow> = {
        ...{ partitionKey: partition, rowKey: ROW, ...health },
        deliveries: sofar + deliveries.length,
      };
      const kept: TransactionAction = before ? ['update', row, 'Replace', { etag: before.version }] : ['create', row];
      const owed = { schoolId, owedSince: health.since, first: sofar + 1 };
      const version = await commit(table, [kept, ...owedRows(partition, owed, deliveries)], deadline());
      return version === undefined ? undefined : { table: JOB_TABLE, partition };
    },
  };
}

const partitionOf = (schoolId: string): string => `${schoolId}~setup`;

const toHealth = ({ channelId, since, state, cause = 'refused' }: HealthRow): ChannelHealth =>
  state === 'works' ? { channelId, since, state } : { channelId, since, state, cause };
