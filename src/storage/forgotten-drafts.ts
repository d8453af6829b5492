import { odata } from '@azure/data-tables';
import { unlessChanged, unlessMissing } from './commit.js';
import * as rows from './draft-rows.js';
import type { DeliveryRow } from './outbox.js';
import type { LazyTable } from './tables.js';

const DEADLINE_MS = 15_000;
const FIRST_DELIVERY = 'delivery~';
const AFTER_LAST_DELIVERY = 'delivery~~';

/**
 * Removes that a person has submitted a case, and the messages about drafts that had been settled by then. Where nothing else is kept
 * of them, the row that names them goes as well. Done again, it does no harm.
 */
export async function forget(table: LazyTable, partition: string, reference: string): Promise<void> {
  const client = await table.client();
  const abortSignal = AbortSignal.timeout(DEADLINE_MS);
  const remove = (rowKey: string) => unlessMissing(client.deleteEntity(partition, rowKey, { abortSignal }));
  const ofPerson = odata`PartitionKey eq ${partition}`;
  const listed = <Row extends object>(filter: string) =>
    client.listEntities<Row>({ queryOptions: { filter: `${ofPerson} and ${filter}` }, abortSignal });
  const range = odata`RowKey ge ${rows.FIRST_DONE} and RowKey lt ${rows.AFTER_LAST_DONE}`;
  for await (const { rowKey = '', at } of listed<rows.DoneRow>(`${range} and ${odata`reference eq ${reference}`}`)) {
    const messages = odata`RowKey ge ${FIRST_DELIVERY} and RowKey lt ${AFTER_LAST_DELIVERY} and owedSince le ${at}`;
    for await (const message of listed<DeliveryRow>(messages))
      if (message.state !== 'owed') await remove(message.rowKey ?? '');
    // Last: while it is there, what is left is found again.
    await remove(rowKey);
  }
  const left: { readonly rowKey?: string; readonly etag: string; readonly draftId?: string }[] = [];
  for await (const row of listed<rows.OpenRow>(`RowKey gt ''`)) left.push(row);
  const [open, ...others] = left;
  if (open?.rowKey !== rows.OPEN || open.draftId !== '' || others.length > 0) return;
  // A draft that was begun meanwhile has changed it.
  await unlessChanged(client.deleteEntity(partition, rows.OPEN, { abortSignal, etag: open.etag }));
}
