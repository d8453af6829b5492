import { randomUUID } from 'node:crypto';
import { odata, RestError, type TableEntity, type TransactionAction } from '@azure/data-tables';
import type {
  Delivery,
  DeliveryState,
  NewDelivery,
  Outbox,
  OutboxPlace,
  Placement,
  StoredDelivery,
} from '../schools/delivery.js';
import { targetKey, targetOfKey } from '../schools/delivery.js';
import { unlessMissing } from './commit.js';
import type { LazyTable, Tables } from './tables.js';

const DEADLINE_MS = 5_000;
/** For all of a table; what is left is found by the next sweep. */
const SWEEP_DEADLINE_MS = 100_000;
const FIRST_KEY = 'delivery~';
/** The tilde sorts behind letters and digits. */
const AFTER_LAST_KEY = 'delivery~~';

export type DeliveryRow = {
  readonly schoolId: string;
  readonly kind: string;
  readonly refs: string;
  readonly target: string;
  readonly placement: string;
  readonly owedSince: Date;
  readonly attempts: number;
  readonly refusals: number;
  readonly gone?: true;
  readonly state: DeliveryState['state'];
  /** When owed. */
  readonly due?: Date;
  readonly claimed?: boolean;
  /** When sent or given up. */
  readonly settledAt?: Date;
  readonly reason?: string;
  readonly conversationId?: string;
  readonly activityId?: string;
  /** Names the last change of the row. */
  readonly change?: string;
};

/**
 * The deliveries that lie in some tables beside the events that caused them: row key `delivery~000001` and on, in order.
 * {@link owedRows} commits them.
 */
export function tableOutbox(tables: Tables, names: readonly string[]): Outbox {
  const byName = new Map(names.map((name) => [name, tables.table(name)]));
  const clientOf = (name: string) => {
    const table = byName.get(name);
    if (!table) throw new Error('No deliveries are kept in a table of that name.');
    return table.client();
  };
  return {
    async read({ table, partition }) {
      const client = await clientOf(table);
      const filter = odata`PartitionKey eq ${partition} and RowKey ge ${FIRST_KEY} and RowKey lt ${AFTER_LAST_KEY}`;
      const stored: StoredDelivery[] = [];
      const rows = client.listEntities<DeliveryRow>({ queryOptions: { filter }, ...deadline() });
      for await (const row of rows) stored.push({ delivery: toDelivery(row), version: row.etag });
      return stored;
    },
    async save({ table, partition }, delivery, version) {
      const client = await clientOf(table);
      const row = { ...toRow(partition, delivery), change: randomUUID() };
      const abortSignal = AbortSignal.timeout(DEADLINE_MS);
      try {
        return (await client.updateEntity(row, 'Replace', { etag: version, abortSignal })).etag ?? '*';
      } catch (error) {
        if (!(error instanceof RestError && (error.statusCode === 412 || error.statusCode === 404))) throw error;
        // Changed by this very call, when the answer was lost on the way and the client has tried again.
        const now = await unlessMissing(client.getEntity<DeliveryRow>(partition, row.rowKey, { abortSignal }));
        return now?.change === row.change ? now.etag : undefined;
      }
    },
    async *overdue(by, seen) {
      for (const [name, table] of byName) yield* overdueIn(name, table, by, seen);
    },
    async *waiting(schoolId) {
      for (const [name, table] of byName) yield* waitingIn(name, table, schoolId);
    },
  };
}

/** The rows that commit deliveries with their event, for the same transaction. @param first the order of the first of them. */
export function owedRows(
  partition: string,
  { schoolId, owedSince, first }: { schoolId: string; owedSince: Date; first: number },
  deliveries: readonly NewDelivery[],
): TransactionAction[] {
  return deliveries.map(({ sent, ...delivery }, at) => [
    'create',
    toRow(partition, {
      ...delivery,
      order: first + at,
      schoolId,
      owedSince,
      attempts: 0,
      refusals: 0,
      progress: sent ? { state: 'sent', at: owedSince, message: sent } : { state: 'owed', due: owedSince },
    }),
  ]);
}

async function* overdueIn(
  name: string,
  table: LazyTable,
  ...[by, seen]: Parameters<Outbox['overdue']>
): AsyncIterable<OutboxPlace> {
  const client = await table.client();
  const filter = odata`RowKey ge ${FIRST_KEY} and RowKey lt ${AFTER_LAST_KEY} and state eq 'owed'`;
  const rows = client.listEntities<Pick<DeliveryRow, 'due' | 'owedSince'>>({
    queryOptions: { filter, select: ['PartitionKey', 'due', 'owedSince'] },
    abortSignal: AbortSignal.timeout(SWEEP_DEADLINE_MS),
  });
  let last: string | undefined;
  for await (const { partitionKey: partition = '', due, owedSince } of rows) {
    seen?.({ table: name, partition }, owedSince);
    if (partition === last || (due && due > by)) continue;
    last = partition;
    yield { table: name, partition };
  }
}

async function* waitingIn(table: string, lazy: LazyTable, schoolId: string): ReturnType<Outbox['waiting']> {
  const client = await lazy.client();
  const ofSchool = odata`PartitionKey ge ${`${schoolId}~`} and PartitionKey lt ${`${schoolId}~~`}`;
  const filter = `${ofSchool} and RowKey ge '${FIRST_KEY}' and RowKey lt '${AFTER_LAST_KEY}' and state eq 'owed'`;
  const rows = client.listEntities<DeliveryRow>({
    queryOptions: { filter },
    abortSignal: AbortSignal.timeout(SWEEP_DEADLINE_MS),
  });
  for await (const row of rows)
    yield {
      place: { table, partition: row.partitionKey ?? '' },
      stored: { delivery: toDelivery(row), version: row.etag },
    };
}

const deadline = () => ({ abortSignal: AbortSignal.timeout(DEADLINE_MS) });

/** Azure keeps no nested values: what has parts is kept as JSON. */
function toRow(partition: string, delivery: Delivery): TableEntity<DeliveryRow> {
  const { order, schoolId, kind, refs, target, placement, owedSince, attempts, refusals, gone, progress } = delivery;
  return {
    partitionKey: partition,
    rowKey: `${FIRST_KEY}${String(order).padStart(6, '0')}`,
    ...{ schoolId, kind, owedSince, attempts, refusals, ...(gone && { gone }), state: progress.state },
    refs: JSON.stringify(refs),
    target: targetKey(target),
    placement: placementKey(placement),
    ...(progress.state === 'owed' ? { due: progress.due } : { settledAt: progress.at }),
    ...(progress.state === 'owed' && progress.claimed && { claimed: true }),
    ...(progress.state === 'given_up' && { reason: progress.reason }),
    ...(progress.state === 'sent' && {
      conversationId: progress.message.conversationId,
      ...(progress.message.activityId !== null && { activityId: progress.message.activityId }),
    }),
  };
}

/** Reads back a row of {@link owedRows}, with what has become of it. */
export function toDelivery(row: DeliveryRow & { rowKey?: string }): Delivery {
  const { schoolId, kind, owedSince, attempts, refusals, gone } = row;
  return {
    ...{ schoolId, kind, owedSince, attempts, refusals, ...(gone && { gone }) },
    order: Number(row.rowKey?.slice(FIRST_KEY.length)),
    refs: JSON.parse(row.refs) as Record<string, string>,
    target: targetOfKey(row.target),
    placement: placementOfKey(row.placement),
    progress: toProgress(row),
  };
}

/** "new", "below~3", "in_place_of~3", "in_place_of~3~only". */
function placementKey(placement: Placement): string {
  if (placement.at === 'new') return placement.at;
  const only = placement.at === 'in_place_of' && placement.only ? '~only' : '';
  return `${placement.at}~${placement.order}${only}`;
}

function placementOfKey(key: string): Placement {
  const [at, order, only] = key.split('~');
  if (at === 'below') return { at, order: Number(order) };
  return at === 'in_place_of' ? { at, order: Number(order), ...(only && { only: true }) } : { at: 'new' };
}

function toProgress({
  state,
  due,
  claimed,
  settledAt,
  reason,
  conversationId,
  activityId,
}: DeliveryRow): DeliveryState {
  const at = settledAt ?? new Date(0);
  if (state === 'owed') return { state, due: due ?? new Date(0), ...(claimed && { claimed }) };
  if (state === 'given_up')
    return { state, at, reason: reason as Extract<DeliveryState, { reason: string }>['reason'] };
  return { state, at, message: { conversationId: conversationId ?? '', activityId: activityId ?? null } };
}
