import { odata } from '@azure/data-tables';
import { unlessChanged, unlessMissing } from './commit.js';
import { ENQUIRY_ROW, type EnquiryRow } from './enquiry-table.js';
import { removeRows } from './removal.js';
import { pagesOf, schoolRange } from './row-pages.js';
import type { LazyTable } from './tables.js';

const DEADLINE_MS = 5_000;

type Old = EnquiryRow & { readonly partitionKey?: string; readonly etag: string };

/** Removes the enquiries of a school of which nothing is younger than a time; of one kept for others, all but the answer. */
export async function removeOldEnquiries(table: LazyTable, schoolId: string, time: Date): Promise<number> {
  // One of which only the answer is left has nobody who asked.
  const old = odata`RowKey eq ${ENQUIRY_ROW} and askedAt lt ${time} and askerId gt ''`;
  let count = 0;
  for await (const page of pagesOf(table, `${schoolRange(schoolId)} and ${old}`))
    for (const row of page as unknown as Old[]) {
      if (row.answeredAt && row.answeredAt >= time) continue;
      await removeOne(table, row);
      count += 1;
    }
  return count;
}

/** What was sent of it goes first, so that what names people is not left behind. */
async function removeOne(table: LazyTable, row: Old): Promise<void> {
  const { partitionKey: partition = '', askedAt, answer, answeredAt, keptAs, etag } = row;
  const client = await table.client();
  const abortSignal = AbortSignal.timeout(DEADLINE_MS);
  await removeRows(table, partition, odata`PartitionKey eq ${partition} and RowKey ne ${ENQUIRY_ROW}`);
  if (!keptAs || !answer || !answeredAt) {
    await unlessMissing(client.deleteEntity(partition, ENQUIRY_ROW, { abortSignal }));
    return;
  }
  const left = { form: '', question: keptAs, askerId: '', askedAt, clauses: '[]', deliveries: 0 };
  const kept = { partitionKey: partition, rowKey: ENQUIRY_ROW, ...left, keptAs, answer, answeredAt };
  // Somebody else was quicker: the next look will see.
  await unlessChanged(client.updateEntity(kept, 'Replace', { etag, abortSignal }));
}
