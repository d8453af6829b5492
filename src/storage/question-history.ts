import { odata, type TableEntityResultPage } from '@azure/data-tables';
import type { QuestionHistory } from '../policies/question-log.js';
import { PACK_SPAN_MS, questionsIn, rowKeyAt, TABLE } from './question-table.js';
import type { LazyTable, Tables } from './tables.js';

/** For one page; reading everything takes as long as it takes. */
const PAGE_DEADLINE_MS = 10_000;
const PAGE_ROWS = 100;

/** Reads all questions of a period from one school's partition of the table `Questions`, a page of packs at a time. */
export function questionHistory(tables: Tables): QuestionHistory {
  const table = tables.table(TABLE);
  return {
    async *between(schoolId, { since, before }) {
      // A pack is named by its first question, and the others may be as much later.
      const from = rowKeyAt(new Date(since.getTime() - PACK_SPAN_MS));
      const filter = odata`PartitionKey eq ${schoolId} and RowKey ge ${from} and RowKey lt ${rowKeyAt(before)}`;
      for await (const page of pagesOf(table, filter))
        for (const asked of page.flatMap(questionsIn))
          if (asked.askedAt >= since && asked.askedAt < before) yield asked;
    },
  };
}

/** Each page has a deadline of its own, as whoever takes them may be slow. */
async function* pagesOf(table: LazyTable, filter: string): AsyncIterable<TableEntityResultPage<object>> {
  const client = await table.client();
  let continuationToken: string | undefined;
  do {
    const pages = client
      .listEntities({ queryOptions: { filter }, abortSignal: AbortSignal.timeout(PAGE_DEADLINE_MS) })
      .byPage({ maxPageSize: PAGE_ROWS, ...(continuationToken !== undefined && { continuationToken }) });
    const { value: page } = await pages.next();
    if (page) yield page;
    continuationToken = page?.continuationToken;
  } while (continuationToken !== undefined);
}
