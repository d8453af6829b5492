import { Writable } from 'node:stream';
import { TableClient } from '@azure/data-tables';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { createLog } from '../../src/log.js';
import type { AskedQuestion } from '../../src/policies/question-log.js';
import { bufferQuestions, type QuestionBuffer } from '../../src/storage/question-buffer.js';
import { questionTable } from '../../src/storage/question-table.js';
import { openTables } from '../../src/storage/tables.js';
import { StorageProxy } from '../support/storage-proxy.js';

const SOON = { timeout: 20_000 };

const asked = (question: string): AskedQuestion => ({
  question,
  askedAt: new Date(),
  outcome: 'answered',
  clauses: ['policy/clause-1', 'policy/clause-2'],
});

/** Each test has its own school, and so its own partition. */
let school: string;
let proxy: StorageProxy;
let logged: Record<string, unknown>[];
let buffers: QuestionBuffer[];

beforeEach(async () => {
  school = `buffer-${crypto.randomUUID()}`;
  proxy = await StorageProxy.start(inject('storage'));
  logged = [];
  buffers = [];
});
afterEach(async () => {
  proxy.weather = 'fair';
  await Promise.all(buffers.map((buffer) => buffer.stop()));
  await proxy.stop();
});

/** A process's questions, written through the proxy. */
function newBuffer(): QuestionBuffer {
  const lines = new Writable({
    write(line, _encoding, done) {
      logged.push(JSON.parse(String(line)));
      done();
    },
  });
  const tables = openTables({ connectionString: proxy.through(inject('storage')) });
  const buffer = bufferQuestions(questionTable(tables), createLog('debug', lines), () => new Date());
  buffers.push(buffer);
  return buffer;
}

/** What is really stored for a school. */
async function stored(schoolId = school): Promise<{ rowKey: string; question: string; helpful?: boolean }[]> {
  const client = TableClient.fromConnectionString(inject('storage'), 'Questions', { allowInsecureConnection: true });
  const rows: { rowKey: string; question: string; helpful?: boolean }[] = [];
  const filter = `PartitionKey eq '${schoolId}'`;
  for await (const row of client.listEntities<{ question: string; helpful?: boolean }>({ queryOptions: { filter } }))
    rows.push({ ...row, rowKey: String(row.rowKey) });
  return rows;
}

const notKept = () =>
  logged.filter(({ event }) => event === 'questions.not_kept').reduce((sum, { count }) => sum + Number(count), 0);

describe('questions written behind the answers', () => {
  it('are all there when the process has stopped, no more than 100 in a transaction, each school in its own', async () => {
    const buffer = newBuffer();
    const other = `${school}-other`;
    await buffer.record(school, asked('first'));
    proxy.transactions.length = 0;
    const ids = await Promise.all(
      Array.from({ length: 249 }, (_, at) => buffer.record(school, asked(`question ${at}`))),
    );
    await Promise.all(Array.from({ length: 30 }, () => buffer.record(other, asked('another'))));
    await buffer.stop();
    const rows = await stored();
    expect(rows.map(({ rowKey }) => rowKey).sort()).toEqual(expect.arrayContaining(ids.toSorted()));
    expect(rows).toHaveLength(250);
    expect(await stored(other)).toHaveLength(30);
    expect(proxy.transactions.reduce((sum, rows) => sum + rows)).toBe(279);
    expect(Math.max(...proxy.transactions)).toBeLessThanOrEqual(100);
    expect(proxy.transactions.length).toBeLessThan(20);
    expect(logged).toEqual([]);
  });

  it('are written after a moment by themselves, with what was asked and nothing else', async () => {
    const buffer = newBuffer();
    await buffer.record(school, asked('first'));
    const question = asked('second');
    const id = await buffer.record(school, question);
    await vi.waitFor(async () => expect(await stored()).toHaveLength(2), SOON);
    expect(await newBuffer().find(school, id)).toEqual(question);
  });

  it('can be found and rated at once, and the rating is written with them', async () => {
    const buffer = newBuffer();
    await buffer.record(school, asked('first'));
    const id = await buffer.record(school, asked('second'));
    await buffer.rate(school, id, false);
    await buffer.rate(school, id, true);
    expect(await buffer.find(school, id)).toMatchObject({ question: 'second', helpful: true });
    await buffer.stop();
    expect(await stored()).toContainEqual(expect.objectContaining({ rowKey: id, helpful: true }));
  });

  it('can be rated while they are on their way', async () => {
    const buffer = newBuffer();
    await buffer.record(school, asked('first'));
    proxy.transactions.length = 0;
    const release = proxy.hold();
    const id = await buffer.record(school, asked('second'));
    await vi.waitFor(() => expect(proxy.transactions).toEqual([1]), SOON);
    await buffer.rate(school, id, false);
    release();
    await buffer.stop();
    expect(await stored()).toContainEqual(expect.objectContaining({ rowKey: id, helpful: false }));
  });

  it('can be found and rated through another process that shares the table, before they are written', async () => {
    const [one, other] = [newBuffer(), newBuffer()];
    await one.record(school, asked('first'));
    const id = await one.record(school, asked('second'));
    expect(await other.find(school, id)).toMatchObject({ question: 'second' });
    await other.rate(school, id, true);
    await Promise.all([one.stop(), other.stop()]);
    expect(await stored()).toContainEqual(expect.objectContaining({ rowKey: id, helpful: true }));
  });

  it('are not looked for again when they are old or none', async () => {
    const buffer = newBuffer();
    expect(await buffer.find(school, '20200101000000000-00000000')).toBeUndefined();
    expect(await buffer.find(school, "' or 1 eq 1")).toBeUndefined();
    await buffer.rate(school, '20200101000000000-00000000', true);
    expect(await stored()).toEqual([]);
  });
});

describe('while the store is down', () => {
  it('a question is kept though nobody can rate it, and is written when the store answers again', async () => {
    const buffer = newBuffer();
    await buffer.record(school, asked('before'));
    proxy.weather = 'down';
    const unaware = await buffer.record(school, asked('unaware'));
    await vi.waitFor(
      () => expect(logged).toContainEqual(expect.objectContaining({ event: 'questions.not_written' })),
      SOON,
    );
    await expect(buffer.record(school, asked('aware'))).rejects.toThrow('does not answer');
    expect(await buffer.find(school, unaware)).toMatchObject({ question: 'unaware' });
    await buffer.rate(school, unaware, true);

    proxy.weather = 'fair';
    await vi.waitFor(
      () => expect(logged).toContainEqual(expect.objectContaining({ event: 'questions.written_again' })),
      SOON,
    );
    await buffer.record(school, asked('after'));
    await buffer.stop();
    expect((await stored()).map(({ question }) => question).sort()).toEqual(['after', 'aware', 'before', 'unaware']);
    expect(await stored()).toContainEqual(expect.objectContaining({ rowKey: unaware, helpful: true }));
    expect(notKept()).toBe(0);
  });

  it('the first question says so at once', async () => {
    proxy.weather = 'down';
    await expect(newBuffer().record(school, asked('first'))).rejects.toThrow('does not answer');
  });

  it('a process that stops says how many it could not write', async () => {
    const buffer = newBuffer();
    await buffer.record(school, asked('before'));
    proxy.weather = 'down';
    await Promise.all(Array.from({ length: 5 }, () => buffer.record(school, asked('lost'))));
    await buffer.stop();
    expect(notKept()).toBe(5);
    expect(JSON.stringify(logged)).not.toContain('lost');
  });

  it('no more than 2,000 are held', async () => {
    const buffer = newBuffer();
    await buffer.record(school, asked('before'));
    proxy.weather = 'down';
    const results = await Promise.allSettled(Array.from({ length: 2_010 }, () => buffer.record(school, asked('many'))));
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(10);
    proxy.weather = 'fair';
    await vi.waitFor(async () => expect(await stored()).toHaveLength(2_001), SOON);
    await buffer.stop();
    expect(notKept()).toBe(10);
  });
});

describe('what goes wrong on the way', () => {
  it('a transaction whose answer is lost is sent again without harm, and keeps a rating that came in between', async () => {
    const [buffer, other] = [newBuffer(), newBuffer()];
    await buffer.record(school, asked('before'));
    proxy.weather = 'answers lost';
    const id = await buffer.record(school, asked('second'));
    await vi.waitFor(async () => expect(await stored()).toHaveLength(2), SOON);
    await questionTable(openTables({ connectionString: inject('storage') })).rate(school, id, false);
    proxy.weather = 'fair';
    await vi.waitFor(
      () => expect(logged).toContainEqual(expect.objectContaining({ event: 'questions.written_again' })),
      SOON,
    );
    expect(await other.find(school, id)).toMatchObject({ question: 'second', helpful: false });
    expect(await stored()).toHaveLength(2);
  });

  it('a question that the store refuses is let go, and holds up no other', async () => {
    const buffer = newBuffer();
    await buffer.record(school, asked('before'));
    const tooLong = 'x'.repeat(40_000);
    await Promise.all(['one', 'two', tooLong, 'three'].map((question) => buffer.record(school, asked(question))));
    await buffer.stop();
    expect((await stored()).map(({ question }) => question).sort()).toEqual(['before', 'one', 'three', 'two']);
    expect(notKept()).toBe(1);
  });
});
