import { beforeEach, describe, expect, inject, it } from 'vitest';
import { createLog } from '../../src/log.js';
import type { AskedQuestion, QuestionHistory } from '../../src/policies/question-log.js';
import { bufferQuestions } from '../../src/storage/question-buffer.js';
import { questionHistory } from '../../src/storage/question-history.js';
import { lineOf, newKey, newPackId, questionTable } from '../../src/storage/question-table.js';
import { openTables } from '../../src/storage/tables.js';
import { hex } from '../support/reports.js';
import { StorageProxy } from '../support/storage-proxy.js';

const tables = openTables({ connectionString: inject('storage') });
const log = questionTable(tables);
const november = { since: new Date('2026-11-01T00:00:00Z'), before: new Date('2026-12-01T00:00:00Z') };

/** Each test has its own school, and so its own partition. */
let school: string;
beforeEach(() => {
  school = `history-${crypto.randomUUID()}`;
});

const asked = (time: string, change: Partial<AskedQuestion> = {}): AskedQuestion => ({
  ...{ question: time, askedAt: new Date(time), outcome: 'answered', clauses: ['p/1', 'p/2'] },
  ...change,
});

/** Writes questions as one, named by the first. */
async function pack(questions: readonly AskedQuestion[], schoolId = school): Promise<void> {
  const id = newPackId(questions[0]?.askedAt ?? november.since);
  const lines = questions.map((one): [string, string] => [newKey(), lineOf(one) ?? '']);
  await log.write(schoolId, { id, lines: new Map(lines), ratings: new Map(), open: false });
}

async function read(history: QuestionHistory = questionHistory(tables), schoolId = school): Promise<AskedQuestion[]> {
  const found: AskedQuestion[] = [];
  for await (const one of history.between(schoolId, november)) found.push(one);
  return found.toSorted((one, other) => one.askedAt.getTime() - other.askedAt.getTime());
}

describe('the questions of a period', () => {
  it('are those asked from its first moment to its last, of one school, with all that is kept of them', async () => {
    const first = asked('2026-11-01T00:00:00.000Z', { outcome: 'not_covered', clauses: [] });
    const last = asked('2026-11-30T23:59:59.999Z');
    for (const one of [first, last, asked('2026-10-31T23:59:59.999Z'), asked('2026-12-01T00:00:00.000Z')])
      await pack([one]);
    await pack([asked('2026-11-15T00:00:00Z')], `${school}-2`);
    expect(await read()).toEqual([first, last]);
  });

  it('are found in packs that began before it, and picked out of those that go on after it', async () => {
    await pack([asked('2026-10-31T23:00:00.001Z'), asked('2026-11-01T00:00:00.000Z'), asked('2026-10-31T23:59:00Z')]);
    await pack([asked('2026-11-30T23:30:00Z'), asked('2026-12-01T00:10:00Z')]);
    expect((await read()).map(({ question }) => question)).toEqual([
      '2026-11-01T00:00:00.000Z',
      '2026-11-30T23:30:00Z',
    ]);
  });

  it('bring what was said of the answer', async () => {
    const buffer = bufferQuestions(log, createLog('silent'), () => new Date());
    await buffer.rate(school, await buffer.record(school, asked('2026-11-05T10:00:00Z')), false);
    await buffer.stop();
    expect(await read()).toEqual([asked('2026-11-05T10:00:00Z', { helpful: false })]);
  });

  it('are all read, page by page, however many there are', async () => {
    const times = Array.from({ length: 250 }, (_, at) => new Date(november.since.getTime() + at * 2 * 60 * 60_000));
    for (let from = 0; from < times.length; from += 10)
      await Promise.all(times.slice(from, from + 10).map((time) => pack([asked(time.toISOString())])));
    expect((await read()).map(({ askedAt }) => askedAt)).toEqual(times);
  });

  it('of a school that asked nothing are none', async () => {
    expect(await read(undefined, `nobody-${hex(8)}`)).toEqual([]);
  });

  it('are not taken for none when the store does not answer', async () => {
    const proxy = await StorageProxy.start(inject('storage'));
    proxy.weather = 'down';
    const away = questionHistory(openTables({ connectionString: proxy.through(inject('storage')) }));
    await expect(read(away)).rejects.toThrow();
    proxy.weather = 'fair';
    await proxy.stop();
  });
});
