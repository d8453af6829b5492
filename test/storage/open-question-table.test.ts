import { beforeAll, describe, expect, inject, it } from 'vitest';
import { createLog } from '../../src/log.js';
import type { OpenQuestions } from '../../src/policies/open-questions.js';
import { twelveMonthsBefore } from '../../src/policies/open-questions.js';
import type { AskedQuestion } from '../../src/policies/question-log.js';
import { openQuestionTable } from '../../src/storage/open-question-table.js';
import { bufferQuestions, type QuestionBuffer } from '../../src/storage/question-buffer.js';
import { questionTable } from '../../src/storage/question-table.js';
import { openTables } from '../../src/storage/tables.js';

const SCHOOL = 'open-question-test';
const now = new Date('2026-11-20T15:42:00Z');

describe('the list of open questions', () => {
  let open: OpenQuestions;
  let log: QuestionBuffer;
  beforeAll(async () => {
    const tables = openTables({ connectionString: inject('storage') });
    open = openQuestionTable(tables);
    log = bufferQuestions(questionTable(tables), createLog('silent'), () => now);
    const ask = (question: string, at: string, outcome: 'answered' | 'not_covered', school = SCHOOL) =>
      log.record(school, { question, askedAt: new Date(at), outcome, clauses: ['p/1'] });
    await ask('answered', '2026-11-01T10:00:00Z', 'answered');
    await ask('another school', '2026-11-01T10:00:00Z', 'not_covered', `${SCHOOL}-2`);
    await ask('first', '2025-11-20T15:42:00Z', 'not_covered');
    await ask('before', '2025-11-20T15:41:59.999Z', 'not_covered');
    await ask('now', '2026-11-20T15:42:00Z', 'not_covered');
    await ask('not covered', '2026-11-20T15:41:59.999Z', 'not_covered');
    for (const [question, helpful] of [
      ['helped', true],
      ['did not help', false],
    ] as const)
      await log.rate(SCHOOL, await ask(question, '2026-06-01T10:00:00Z', 'answered'), helpful);
    for (let day = 10; day < 20; day += 1) await ask(`day ${day}`, `2026-03-${day}T10:00:00Z`, 'not_covered');
    await log.stop();
  });

  it('has those not covered and those marked unhelpful, of one school and period, newest first', async () => {
    const { questions, more } = await open.listOpen(SCHOOL, twelveMonthsBefore(now), 100);
    const days = Array.from({ length: 10 }, (_, at) => `day ${19 - at}`);
    expect(questions.map(({ question }) => question)).toEqual(['not covered', 'did not help', ...days, 'first']);
    expect(more).toBe(false);
    expect(questions[1]).toEqual({
      question: 'did not help',
      askedAt: new Date('2026-06-01T10:00:00Z'),
      outcome: 'answered',
      clauses: ['p/1'],
      helpful: false,
    });
  });

  it('ends at its limit, and says that there are more', async () => {
    const { questions, more } = await open.listOpen(SCHOOL, twelveMonthsBefore(now), 4);
    expect(questions.map(({ question }) => question)).toEqual(['not covered', 'did not help', 'day 19', 'day 18']);
    expect(more).toBe(true);
    expect((await open.listOpen(SCHOOL, twelveMonthsBefore(now), 13)).more).toBe(false);
  });

  it('picks the open ones out of packs, also of one begun before the period or before a newer one', async () => {
    const school = `${SCHOOL}-packs`;
    const ask = async (time: string, outcome: AskedQuestion['outcome'], helpful?: boolean) => {
      const askedAt = new Date(`2026-11-01T${time}Z`);
      const id = await log.record(school, { question: time, askedAt, outcome, clauses: [] });
      if (helpful !== undefined) await log.rate(school, id, helpful);
      return id;
    };
    await ask('09:30:00.000', 'not_covered');
    await ask('09:59:59.999', 'not_covered');
    await ask('10:00:00.000', 'not_covered');
    await ask('10:15:00.000', 'answered');
    await ask('10:20:00.000', 'answered', false);
    await ask('10:25:00.000', 'answered', true);
    await ask('10:10:00.000', 'not_covered');
    await log.stop();
    await ask('10:12:00.000', 'not_covered');
    await ask('11:00:00.000', 'not_covered');
    await log.stop();
    const written = await ask('10:30:00.000', 'answered');
    await log.stop();
    await log.rate(school, written, false);
    const period = { since: new Date('2026-11-01T10:00:00Z'), before: new Date('2026-11-01T11:00:00Z') };
    const { questions } = await open.listOpen(school, period, 10);
    expect(questions.map(({ question }) => question.slice(0, 5))).toEqual([
      '10:30',
      '10:20',
      '10:12',
      '10:10',
      '10:00',
    ]);
  });

  it('is empty for a school that asked nothing', async () => {
    expect(await open.listOpen('nobody', twelveMonthsBefore(now), 5)).toEqual({ questions: [], more: false });
  });
});
