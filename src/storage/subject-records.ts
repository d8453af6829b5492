import { odata } from '@azure/data-tables';
import type { StoredDraft } from '../reports/draft.js';
import type { DirectoryEntry, MessagesSent } from '../reports/subject-elsewhere.js';
import type { Enquiry } from '../schools/enquiry.js';
import { CASE_TABLE } from './case-table.js';
import { DIRECTORY_TABLE } from './directory-table.js';
import * as drafts from './draft-rows.js';
import { DRAFT_TABLE } from './draft-table.js';
import { ENQUIRY_ROW, ENQUIRY_TABLE, type EnquiryRow, toEnquiry } from './enquiry-table.js';
import { JOB_TABLE } from './job-table.js';
import { SUMMARY_TABLE } from './summary-table.js';
import type { LazyTable, Tables } from './tables.js';

/** Reads what a school holds on people beside its cases, one row at a time. Rejects when the store cannot be reached in time. */
export interface SubjectRecords {
  openDrafts(): AsyncIterable<StoredDraft>;
  enquiries(): AsyncIterable<Enquiry>;
  directory(): AsyncIterable<DirectoryEntry>;
  /** What was owed or sent to the own chats of these people, by kind. */
  messagesTo(personIds: readonly string[]): Promise<readonly MessagesSent[]>;
}

/** For one page; reading everything takes as long as it takes. */
const PAGE_DEADLINE_MS = 10_000;
const ROW_DEADLINE_MS = 5_000;
const PAGE_ROWS = 200;

export function subjectRecords(tables: Tables, schoolId: string): SubjectRecords {
  const ofSchool = odata`PartitionKey ge ${`${schoolId}~`} and PartitionKey lt ${`${schoolId}~~`}`;
  return {
    async *openDrafts() {
      const table = tables.table(DRAFT_TABLE);
      const filter = `${ofSchool} and RowKey eq '${drafts.OPEN}' and draftId gt ''`;
      for await (const { partitionKey = '' } of rowsOf<object>(table, filter, ['PartitionKey'])) {
        const stored = await drafts.readWhole(table, partitionKey, AbortSignal.timeout(ROW_DEADLINE_MS));
        if (stored) yield stored;
      }
    },
    async *enquiries() {
      const filter = `${ofSchool} and RowKey eq '${ENQUIRY_ROW}'`;
      for await (const row of rowsOf<EnquiryRow>(tables.table(ENQUIRY_TABLE), filter))
        yield toEnquiry(schoolId, row.partitionKey?.slice(schoolId.length + 1) ?? '', row);
    },
    async *directory() {
      const filter = odata`PartitionKey eq ${schoolId}`;
      for await (const row of rowsOf<Partial<ChosenRow>>(tables.table(DIRECTORY_TABLE), filter))
        yield {
          key: row.rowKey ?? '',
          conversationId: row.conversationId || null,
          chosenBy: row.chosenBy || null,
          chosenAt: row.chosenAt ?? null,
        };
    },
    async messagesTo(personIds) {
      const counts = new Map<string, MessagesSent>();
      for (const personId of personIds)
        for (const name of [CASE_TABLE, DRAFT_TABLE, ENQUIRY_TABLE, JOB_TABLE, SUMMARY_TABLE]) {
          const filter = `${ofSchool} and ${odata`target eq ${`user~${personId.toLowerCase()}`}`}`;
          for await (const { kind } of rowsOf<{ kind: string }>(tables.table(name), filter, ['kind'])) {
            const key = `${personId} ${kind}`;
            counts.set(key, { personId, kind, count: (counts.get(key)?.count ?? 0) + 1 });
          }
        }
      return [...counts.values()];
    },
  };
}

type ChosenRow = { readonly conversationId: string; readonly chosenBy: string; readonly chosenAt: Date };
type Keys = { readonly partitionKey?: string; readonly rowKey?: string };

/** Each page has a deadline of its own, as whoever takes them may be slow. */
async function* rowsOf<Row extends object>(
  table: LazyTable,
  filter: string,
  select: string[] = [],
): AsyncIterable<Row & Keys> {
  const client = await table.client();
  let continuationToken: string | undefined;
  do {
    const queryOptions = { filter, ...(select.length > 0 && { select }) };
    const pages = client
      .listEntities<Row>({ queryOptions, abortSignal: AbortSignal.timeout(PAGE_DEADLINE_MS) })
      .byPage({ maxPageSize: PAGE_ROWS, ...(continuationToken !== undefined && { continuationToken }) });
    const { value: page } = await pages.next();
    if (page) yield* page;
    continuationToken = page?.continuationToken;
  } while (continuationToken !== undefined);
}
