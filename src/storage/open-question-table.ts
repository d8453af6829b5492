import { odata } from '@azure/data-tables';
import { isOpen, type OpenQuestions } from '../policies/open-questions.js';
import type { AskedQuestion } from '../policies/question-log.js';
import { PACK_SPAN_MS, questionsIn, rowKeyAt, TABLE } from './question-table.js';
import type { LazyTable, Tables } from './tables.js';

/** A person waits for the list, but asks for it seldom. */
const DEADLINE_MS = 10_000;
const PAGE_ROWS = 500;
/** Tables are read in ascending order only, so the newest are found by looking at one window after another, backwards. */
const WINDOW_MS = 30 * 24 * 60 * 60 * 1000;

/** Reads open questions from the table `Questions`; the service picks out the packs that have any, so that no others travel. */
export function openQuestionTable(tables: Tables): OpenQuestions {
  const table = tables.table(TABLE);
  return {
    async listOpen(schoolId, { since, before }, limit) {
      const deadline = AbortSignal.timeout(DEADLINE_MS);
      const questions: AskedQuestion[] = [];
      for (let end = before; end > since && questions.length <= limit; ) {
        const start = new Date(Math.max(since.getTime(), end.getTime() - WINDOW_MS));
        questions.push(...(await readWindow(table, schoolId, { start, end, most: limit + 1, deadline })));
        end = start;
      }
      return { questions: questions.slice(0, limit), more: questions.length > limit };
    },
  };
}

interface Window {
  readonly start: Date;
  readonly end: Date;
  readonly most: number;
  readonly deadline: AbortSignal;
}

/** The newest `most` of a window, newest first. */
async function readWindow(table: LazyTable, schoolId: string, window: Window): Promise<AskedQuestion[]> {
  const { start, end, most, deadline } = window;
  const client = await table.client();
  const [from, to] = [rowKeyAt(new Date(start.getTime() - PACK_SPAN_MS)), rowKeyAt(end)];
  const filter = odata`PartitionKey eq ${schoolId} and RowKey ge ${from} and RowKey lt ${to} and open eq true`;
  const pages = client
    .listEntities({ queryOptions: { filter }, abortSignal: deadline })
    .byPage({ maxPageSize: PAGE_ROWS });
  let newest: AskedQuestion[] = [];
  for await (const page of pages) {
    const open = page
      .flatMap(questionsIn)
      .filter((asked) => isOpen(asked) && asked.askedAt >= start && asked.askedAt < end);
    newest = [...newest, ...open].sort(newerFirst).slice(0, most);
  }
  return newest;
}

const newerFirst = (one: AskedQuestion, other: AskedQuestion): number =>
  other.askedAt.getTime() - one.askedAt.getTime();
