import { odata } from '@azure/data-tables';
import type { Row } from './case-rows.js';
import type { LazyTable } from './tables.js';

/** For one page; reading everything takes as long as it takes. */
const PAGE_DEADLINE_MS = 10_000;
const PAGE_ROWS = 500;

/** A filter for the partitions of a school; empty for all. */
export const schoolRange = (schoolId: string | undefined): string =>
  schoolId === undefined ? '' : odata`PartitionKey ge ${`${schoolId}~`} and PartitionKey lt ${`${schoolId}~~`}`;

/** Pages of rows in the order of their keys, each with a deadline of its own, as whoever takes them may be slow. */
export async function* pagesOf(table: LazyTable, filter: string, select: string[] = []): AsyncIterable<Row[]> {
  const client = await table.client();
  let continuationToken: string | undefined;
  do {
    const queryOptions = { ...(filter !== '' && { filter }), ...(select.length > 0 && { select }) };
    const pages = client
      .listEntities<object>({ queryOptions, abortSignal: AbortSignal.timeout(PAGE_DEADLINE_MS) })
      .byPage({ maxPageSize: PAGE_ROWS, ...(continuationToken !== undefined && { continuationToken }) });
    const { value: page } = await pages.next();
    if (page) yield page;
    continuationToken = page?.continuationToken;
  } while (continuationToken !== undefined);
}
