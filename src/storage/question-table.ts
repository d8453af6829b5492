import { randomBytes } from 'node:crypto';
import type { AskedQuestion, QuestionLog } from '../policies/question-log.js';
import { isNotFound, type Tables } from './tables.js';

/** Recording must not hold up the answer. */
const DEADLINE_MS = 2_000;
export const TABLE = 'Questions';
const ID = /^\d{17}-[0-9a-f]{8}$/u;

export interface QuestionRow {
  readonly question: string;
  readonly askedAt: Date;
  readonly outcome: AskedQuestion['outcome'];
  readonly clauses: string;
  readonly helpful?: boolean;
}

/** Keeps questions in the table `Questions`: partition key the school, row key an id ordered by time, no user id anywhere. */
export function questionTable(tables: Tables): QuestionLog {
  const table = tables.table(TABLE);
  const deadline = () => ({ abortSignal: AbortSignal.timeout(DEADLINE_MS) });
  return {
    async record(schoolId, { question, askedAt, outcome, clauses }) {
      const id = `${askedAt.toISOString().replace(/\D/gu, '')}-${randomBytes(4).toString('hex')}`;
      const client = await table.client();
      await client.createEntity(
        { partitionKey: schoolId, rowKey: id, question, askedAt, outcome, clauses: JSON.stringify(clauses) },
        deadline(),
      );
      return id;
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

/** What a row of the table says. */
export function toAsked({ question, askedAt, outcome, clauses, helpful }: QuestionRow): AskedQuestion {
  const asked = { question, askedAt, outcome, clauses: JSON.parse(clauses) as string[] };
  return helpful === undefined ? asked : { ...asked, helpful };
}
