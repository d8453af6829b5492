import { odata, RestError, type TableEntity, type TransactionAction } from '@azure/data-tables';
import type { HeadteacherAnswer } from '../policies/headteacher-answers.js';
import type { Enquiry, EnquiryStore, StoredEnquiry } from '../schools/enquiry.js';
import { removeOldEnquiries } from './old-enquiries.js';
import { owedRows } from './outbox.js';
import { isNotFound, type LazyTable, type Tables } from './tables.js';

const DEADLINE_MS = 5_000;
/** An answer to a question does not wait longer for what the Headteacher has said. */
const KEPT_DEADLINE_MS = 2_000;
/** How long another process's kept answer may go unseen: they are few and change rarely, and every question not covered looks. */
const KEPT_REREAD_MS = 30_000;
export const ENQUIRY_TABLE = 'Enquiries';
export const ENQUIRY_ROW = 'enquiry';
const REFERENCE = /^Q-[0-9A-HJKMNP-TV-Z]{8}$/u;

export type EnquiryRow = {
  readonly form: string;
  readonly question: string;
  readonly askerId: string;
  readonly askerName?: string;
  readonly askedAt: Date;
  readonly clauses: string;
  readonly deliveries: number;
  readonly answer?: string;
  readonly answererId?: string;
  readonly answererName?: string;
  readonly answeredAt?: Date;
  readonly keptAs?: string;
};

/** Keeps enquiries in the table `Enquiries`: partition key `<school>~<reference>`, row keys `enquiry` and `delivery~<order>`. */
export function enquiryTable(tables: Tables): EnquiryStore {
  const table = tables.table(ENQUIRY_TABLE);
  const placeOf = ({ schoolId, reference }: Enquiry) => ({
    table: ENQUIRY_TABLE,
    partition: `${schoolId}~${reference}`,
  });
  const commit = async (enquiry: Enquiry, actions: readonly TransactionAction[]) => {
    const client = await table.client();
    try {
      await client.submitTransaction([...actions], deadline());
      return placeOf(enquiry);
    } catch (error) {
      if (isConflict(error)) return undefined;
      throw error;
    }
  };
  const kept = remembered(KEPT_REREAD_MS, (schoolId) => keptIn(table, schoolId));
  return {
    async find(schoolId, reference) {
      if (!REFERENCE.test(reference)) return undefined;
      try {
        const client = await table.client();
        const row = await client.getEntity<EnquiryRow>(`${schoolId}~${reference}`, ENQUIRY_ROW, deadline());
        return { enquiry: toEnquiry(schoolId, reference, row), version: row.etag, deliveries: row.deliveries };
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    open(enquiry, deliveries) {
      const { partition } = placeOf(enquiry);
      const owed = { schoolId: enquiry.schoolId, owedSince: enquiry.askedAt, first: 1 };
      return commit(enquiry, [
        ['create', toRow(partition, enquiry, deliveries.length)],
        ...owedRows(partition, owed, deliveries),
      ]);
    },
    async change({ version, deliveries: before }: StoredEnquiry, enquiry, deliveries) {
      const { partition } = placeOf(enquiry);
      const owedSince = enquiry.answered?.at ?? enquiry.askedAt;
      const row = toRow(partition, enquiry, before + deliveries.length);
      try {
        return await commit(enquiry, [
          ['update', row, 'Replace', { etag: version }],
          ...owedRows(partition, { schoolId: enquiry.schoolId, owedSince, first: before + 1 }, deliveries),
        ]);
      } finally {
        kept.forget(enquiry.schoolId);
      }
    },
    kept: (schoolId) => kept.read(schoolId),
    removeBefore: (schoolId, time) => removeOldEnquiries(table, schoolId, time),
  };
}

/** Reads again only what is older than that or forgotten; a failure is not remembered. */
function remembered<Value>(forMs: number, read: (key: string) => Promise<Value>) {
  const known = new Map<string, { readonly value: Promise<Value>; readonly until: number }>();
  return {
    forget: (key: string) => known.delete(key),
    read(key: string): Promise<Value> {
      const before = known.get(key);
      if (before && performance.now() < before.until) return before.value;
      const value = read(key);
      const entry = { value, until: performance.now() + forMs };
      known.set(key, entry);
      value.catch(() => {
        if (known.get(key) === entry) known.delete(key);
      });
      return value;
    },
  };
}

async function keptIn(table: LazyTable, schoolId: string): Promise<HeadteacherAnswer[]> {
  const client = await table.client();
  const range = odata`PartitionKey ge ${`${schoolId}~`} and PartitionKey lt ${`${schoolId}~~`}`;
  const filter = `${range} and RowKey eq '${ENQUIRY_ROW}' and keptAs gt ''`;
  const options = { queryOptions: { filter }, abortSignal: AbortSignal.timeout(KEPT_DEADLINE_MS) };
  const answers: HeadteacherAnswer[] = [];
  for await (const { keptAs, answer, answeredAt } of client.listEntities<EnquiryRow>(options))
    if (keptAs && answer && answeredAt) answers.push({ question: keptAs, answer, answeredAt });
  return answers;
}

const deadline = () => ({ abortSignal: AbortSignal.timeout(DEADLINE_MS) });

/** There is one already (409), or it is no longer as it was read (412). */
const isConflict = (error: unknown): boolean =>
  error instanceof RestError && (error.statusCode === 409 || error.statusCode === 412);

function toRow(partition: string, enquiry: Enquiry, deliveries: number): TableEntity<EnquiryRow> {
  const { form, question, asker, askedAt, clauses, answered } = enquiry;
  return {
    ...{ partitionKey: partition, rowKey: ENQUIRY_ROW, form, question, askedAt, deliveries },
    askerId: asker.personId,
    ...(asker.name !== null && { askerName: asker.name }),
    clauses: JSON.stringify(clauses),
    ...(answered && {
      answer: answered.answer,
      answererId: answered.by.personId,
      answererName: answered.by.name,
      answeredAt: answered.at,
      ...(answered.keptAs !== null && { keptAs: answered.keptAs }),
    }),
  };
}

export function toEnquiry(schoolId: string, reference: string, row: EnquiryRow): Enquiry {
  const { form, question, askedAt } = row;
  return {
    ...{ schoolId, reference, form, question, askedAt },
    asker: { personId: row.askerId, name: row.askerName ?? null },
    clauses: JSON.parse(row.clauses) as string[],
    answered: row.answeredAt
      ? {
          answer: row.answer ?? '',
          by: { personId: row.answererId ?? '', name: row.answererName ?? '' },
          at: row.answeredAt,
          keptAs: row.keptAs ?? null,
        }
      : null,
  };
}
