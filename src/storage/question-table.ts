import { randomUUID } from 'node:crypto';
import { RestError, type TransactionAction } from '@azure/data-tables';
import type { AskedQuestion, QuestionLog } from '../policies/question-log.js';
import { isNotFound, type Tables } from './tables.js';

/** People wait for a rating. */
const DEADLINE_MS = 2_000;
/** Nobody waits for a full transaction. */
const DEADLINE_FOR_EACH_ROW_MS = 50;
export const TABLE = 'Questions';
const ID = /^\d{17}-[0-9a-f]{8}$/u;

export interface QuestionRow {
  readonly question: string;
  readonly askedAt: Date;
  readonly outcome: AskedQuestion['outcome'];
  readonly clauses: string;
  readonly helpful?: boolean;
}

/** Most rows that Azure Table Storage takes in one transaction. */
export const MOST_ROWS = 100;

/** A question with the id that names it. */
export interface NamedQuestion {
  readonly id: string;
  readonly asked: AskedQuestion;
  /** It was sent before, and may have been written then. */
  readonly again: boolean;
}

/** The table itself, to which questions are written when there are enough of them or it is time. */
export interface QuestionTable extends Omit<QuestionLog, 'record'> {
  /**
   * Writes questions of one school, all or none. Sent again, a question keeps the rating that it got in between.
   *
   * @param questions at most {@link MOST_ROWS}.
   * @throws when the store does not answer in time, when it has one already that is not sent {@link NamedQuestion.again},
   * or when it refuses them; see {@link isRefused}.
   */
  write(schoolId: string, questions: readonly NamedQuestion[]): Promise<void>;
}

/** Keeps questions in the table `Questions`: partition key the school, row key an id ordered by time, no user id anywhere. */
export function questionTable(tables: Tables): QuestionTable {
  const table = tables.table(TABLE);
  const deadline = (ms = DEADLINE_MS) => ({ abortSignal: AbortSignal.timeout(ms) });
  return {
    async write(schoolId, questions) {
      const client = await table.client();
      const rows = questions.map((question): TransactionAction => {
        const row = toRow(schoolId, question);
        return question.again ? ['upsert', row, 'Merge'] : ['create', row];
      });
      await client.submitTransaction(rows, deadline(DEADLINE_MS + rows.length * DEADLINE_FOR_EACH_ROW_MS));
    },
    async find(schoolId, id) {
      if (!ID.test(id)) return undefined;
      try {
        const client = await table.client();
        return toAsked(await client.getEntity<QuestionRow>(schoolId, id, deadline()));
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    async rate(schoolId, id, helpful) {
      if (!ID.test(id)) return;
      try {
        const client = await table.client();
        await client.updateEntity({ partitionKey: schoolId, rowKey: id, helpful }, 'Merge', deadline());
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}

/** A new id: the time it was asked, and what makes it unlike any other. */
export const newQuestionId = (askedAt: Date): string =>
  `${askedAt.toISOString().replace(/\D/gu, '')}-${randomUUID().slice(0, 8)}`;

/** When the question of an id was asked; `undefined` for what is no id. */
export function timeOfQuestion(id: string): Date | undefined {
  const parts = ID.test(id) && /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})/u.exec(id);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, ms] = parts;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
}

/** Whether the store will not take this, however often it is tried. */
export const isRefused = (error: unknown): boolean =>
  error instanceof RestError && (error.statusCode === 400 || error.statusCode === 413);

function toRow(schoolId: string, { id, asked }: NamedQuestion) {
  const { clauses, ...rest } = asked;
  return { partitionKey: schoolId, rowKey: id, ...rest, clauses: JSON.stringify(clauses) };
}

/** What a row of the table says. */
export function toAsked({ question, askedAt, outcome, clauses, helpful }: QuestionRow): AskedQuestion {
  const asked = { question, askedAt, outcome, clauses: JSON.parse(clauses) as string[] };
  return helpful === undefined ? asked : { ...asked, helpful };
}
