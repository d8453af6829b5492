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

interface StoredQuestion {
  readonly id: string;
  readonly question: string;
  readonly helpful?: unknown;
}

/** What is really stored for a school, pack by pack. */
async function storedPacks(schoolId = school): Promise<StoredQuestion[][]> {
  const client = TableClient.fromConnectionString(inject('storage'), 'Questions', { allowInsecureConnection: true });
  const packs: StoredQuestion[][] = [];
  const filter = `PartitionKey eq '${schoolId}'`;
  for await (const row of client.listEntities<Record<string, unknown>>({ queryOptions: { filter } })) {
    const keys = Object.keys(row).flatMap((name) => (name.startsWith('q') ? name.slice(1) : []));
    packs.push(
      keys.map((key) => ({
        id: `${row.rowKey}-${key}`,
        question: JSON.parse(String(row[`q${key}`])).question,
        ...(row[`r${key}`] !== undefined && { helpful: row[`r${key}`] }),
      })),
    );
  }
  return packs;
}

const stored = async (schoolId?: string): Promise<StoredQuestion[]> => (await storedPacks(schoolId)).flat();

const notKept = () =>
  logged.filter(({ event }) => event === 'questions.not_kept').reduce((sum, { count }) => sum + Number(count), 0);

describe('questions written behind the answers', () => {
  it('are all there when the process has stopped, up to 100 in a pack, each school in its own', async () => {
    const buffer = newBuffer();
    const other = `${school}-other`;
    const first = await buffer.record(school, asked('first'));
    const ids = await Promise.all(
      Array.from({ length: 249 }, (_, at) => buffer.record(school, asked(`question ${at}`))),
    );
    await Promise.all(Array.from({ length: 30 }, () => buffer.record(other, asked('another'))));
    await buffer.stop();
    expect((await stored()).map(({ id }) => id).sort()).toEqual([first, ...ids].sort());
    const sizes = (await storedPacks()).map(({ length }) => length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
    expect(sizes.length).toBeLessThan(20);
    expect(await stored(other)).toHaveLength(30);
    expect(logged).toEqual([]);
  });

  it('stand in a pack of another time when the clock was put back or the store was long away', async () => {
    const buffer = newBuffer();
    await buffer.record(school, asked('first'));
    const release = proxy.hold();
    for (const time of ['12:00:00.000', '12:59:59.999', '13:00:00.000', '12:30:00.000'])
      await buffer.record(school, { ...asked(time), askedAt: new Date(`2026-11-20T${time}Z`) });
    release();
    await buffer.stop();
    const packs = (await storedPacks()).map((pack) => pack.map(({ question }) => question).sort());
    expect(packs).toEqual(
      expect.arrayContaining([['12:00:00.000', '12:59:59.999'], ['13:00:00.000'], ['12:30:00.000'], ['first']]),
    );
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
    expect(await stored()).toContainEqual(expect.objectContaining({ id, helpful: true }));
  });

  it('can be rated while they are on their way', async () => {
    const buffer = newBuffer();
    await buffer.record(school, asked('first'));
    proxy.writes = 0;
    const release = proxy.hold();
    const id = await buffer.record(school, asked('second'));
    await vi.waitFor(() => expect(proxy.writes).toBe(1), SOON);
    await buffer.rate(school, id, false);
    release();
    await buffer.stop();
    expect(await stored()).toContainEqual(expect.objectContaining({ id, helpful: false }));
  });

  it('can be found and rated through another process that shares the table, before they are written', async () => {
    const [one, other] = [newBuffer(), newBuffer()];
    await one.record(school, asked('first'));
    const id = await one.record(school, asked('second'));
    expect(await other.find(school, id)).toMatchObject({ question: 'second' });
    await other.rate(school, id, true);
    await Promise.all([one.stop(), other.stop()]);
    expect(await stored()).toContainEqual(expect.objectContaining({ id, helpful: true }));
  });

  it('are not looked for again when they are old or none', async () => {
    const buffer = newBuffer();
    expect(await buffer.find(school, '20200101000000000-00000000-000000000000')).toBeUndefined();
    expect(await buffer.find(school, "' or 1 eq 1")).toBeUndefined();
    await buffer.rate(school, '20200101000000000-00000000-000000000000', true);
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
    expect(await stored()).toContainEqual(expect.objectContaining({ id: unaware, helpful: true }));
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
  it('a pack whose answer is lost is sent again without harm, and keeps a rating that came in between', async () => {
    const [buffer, other] = [newBuffer(), newBuffer()];
    await buffer.record(school, asked('before'));
    proxy.weather = 'answers lost';
    const id = await buffer.record(school, asked('second'));
    await vi.waitFor(async () => expect(await stored()).toHaveLength(2), SOON);
    await questionTable(openTables({ connectionString: inject('storage') })).rate(school, id, false);
    proxy.weather = 'fair';
    proxy.writes = 0;
    await buffer.stop();
    expect(proxy.writes).toBeGreaterThan(0);
    expect(await other.find(school, id)).toMatchObject({ question: 'second', helpful: false });
    expect(await stored()).toHaveLength(2);
  });

  it('a question that is too long for the store is let go, and holds up no other', async () => {
    const buffer = newBuffer();
    await buffer.record(school, asked('before'));
    const results = await Promise.allSettled(
      ['one', 'x'.repeat(40_000), 'two'].map((question) => buffer.record(school, asked(question))),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await buffer.stop();
    expect((await stored()).map(({ question }) => question).sort()).toEqual(['before', 'one', 'two']);
    expect(notKept()).toBe(1);
  });

  it('the longest questions, a hundred at once and each in odd characters, are kept and rated', async () => {
    const buffer = newBuffer();
    await buffer.record(school, asked('before'));
    const longest = `"\\\u2028😀${'€'.repeat(2_800)}`;
    const ids = await Promise.all(Array.from({ length: 100 }, () => buffer.record(school, asked(longest))));
    await Promise.all(ids.map((id) => buffer.rate(school, id, false)));
    await buffer.stop();
    expect(notKept()).toBe(0);
    expect((await storedPacks()).map(({ length }) => length).sort()).toEqual([1, 100]);
    expect(await newBuffer().find(school, ids[99] ?? '')).toMatchObject({ question: longest, helpful: false });
  });

  it('a pack that the store refuses is let go, and holds up no other', async () => {
    const buffer = newBuffer();
    await buffer.record(school, asked('before'));
    proxy.weather = 'writes refused once';
    await buffer.record(school, asked('refused'));
    await buffer.record(school, asked('refused'));
    await vi.waitFor(() => expect(notKept()).toBe(2), SOON);
    await buffer.record(school, asked('after'));
    await buffer.stop();
    expect((await stored()).map(({ question }) => question).sort()).toEqual(['after', 'before']);
    expect(notKept()).toBe(2);
  });

  it('a rating makes no question where there is none', async () => {
    const buffer = newBuffer();
    const id = await buffer.record(school, asked('first'));
    await buffer.rate(
      school,
      id.replace(/.$/u, (last) => (last === '0' ? '1' : '0')),
      false,
    );
    await buffer.rate(school, id.replace(/^..../u, '2020'), false);
    expect(await stored()).toEqual([{ id, question: 'first' }]);
  });
});
