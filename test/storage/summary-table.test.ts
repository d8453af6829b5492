import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { NewDelivery } from '../../src/schools/delivery.js';
import { tableOutbox } from '../../src/storage/outbox.js';
import { SUMMARY_TABLE, summaryTable } from '../../src/storage/summary-table.js';
import { openTables } from '../../src/storage/tables.js';
import type { Period } from '../../src/summaries/period.js';
import type { Download, StoredSummary } from '../../src/summaries/summary.js';
import { issued } from '../support/issued.js';
import { newPerson } from '../support/reports.js';
import { StorageProxy } from '../support/storage-proxy.js';
import { A_WEEK, AUTUMN_FIRST, plannedSummary } from '../support/summaries.js';

const tables = openTables({ connectionString: inject('storage') });
const summaries = summaryTable(tables);
const outbox = tableOutbox(tables, [SUMMARY_TABLE]);
const at = new Date('2026-11-04T08:00:09Z');
const owed = (kind: string): NewDelivery => ({
  ...{ kind, refs: { id: 'half_term-2026-08-31' }, target: { to: 'governors_chat' }, placement: { at: 'new' } },
});
let count = 0;
const newSchool = (): string => {
  count += 1;
  return `summaries-${process.pid}-${count}`;
};
const SECOND_HALF: Period = { ...AUTUMN_FIRST, from: '2026-11-02', to: '2027-01-03' };
const TERM: Period = { ...AUTUMN_FIRST, span: 'term', to: '2027-01-03' };

async function found(schoolId: string, id = 'half_term-2026-08-31', store = summaries): Promise<StoredSummary> {
  const stored = await store.find(schoolId, id);
  if (!stored) throw new Error('It is not there.');
  return stored;
}

describe('a summary', () => {
  it('is read back as it was made, its moments too, with what it owes', async () => {
    const school = newSchool();
    const by = newPerson();
    const summary = plannedSummary(school, {
      comment: { words: '"It\'s" fewer\u2028than before 😀', at: new Date('2026-11-03T09:00:00.007Z'), by },
      sending: { state: 'held', on: '2026-11-04', at: new Date('2026-11-03T10:00:00Z'), by },
    });
    const place = await issued(summaries, summary, [owed('summary.preview'), owed('summary.preview')]);
    expect(place).toEqual({ table: SUMMARY_TABLE, partition: `${school}~half_term-2026-08-31` });
    expect(place).toEqual(summaries.placeOf(school, summary.id));
    const stored = await found(school);
    expect(stored).toEqual({ summary, version: stored.version, deliveries: 2 });
    expect(await summaries.find(school, 'half_term-2026-11-02')).toBeUndefined();
  });

  it('of very many cases is read back whole', async () => {
    const school = newSchool();
    const plain = plannedSummary(school);
    const days = Array.from({ length: 40_000 }, (_, one) => one % 97);
    const counted = { ...plain.counted, times: { ...plain.counted.times, close: days } };
    await issued(summaries, { ...plain, counted }, []);
    expect((await found(school)).summary).toEqual({ ...plain, counted });
  });

  it('is made once, by the first of many', async () => {
    const school = newSchool();
    const tries = Array.from({ length: 12 }, (_, one) =>
      issued(summaries, plannedSummary(school, { inputs: String(one) }), [owed('summary.preview')]),
    );
    const places = await Promise.all(tries);
    expect(places.filter(Boolean)).toHaveLength(1);
    const stored = await found(school);
    expect(stored).toMatchObject({ summary: { inputs: String(places.findIndex(Boolean)) }, deliveries: 1 });
    expect(await outbox.read(summaries.placeOf(school, stored.summary.id))).toHaveLength(1);
  });

  it('is changed once, by the first of many who have read the same, and its deliveries are counted on', async () => {
    const school = newSchool();
    await issued(summaries, plannedSummary(school), [owed('summary.preview')]);
    const before = await found(school);
    const sent = plannedSummary(school, { sending: { state: 'sent', at } });
    const tries = Array.from({ length: 12 }, () =>
      summaries.change(before, sent, [owed('summary.sent'), owed('summary.chair')], at),
    );
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    expect(await found(school)).toMatchObject({ summary: sent, deliveries: 3 });
    const kept = await outbox.read(summaries.placeOf(school, sent.id));
    expect(kept.map(({ delivery: { order, kind, owedSince } }) => [order, kind, owedSince])).toEqual([
      [1, 'summary.preview', sent.madeAt],
      [2, 'summary.sent', at],
      [3, 'summary.chair', at],
    ]);
  });

  it.each(['', 'half_term', 'half_term-2026-08-31~x', 'month-2026-08-01', '../x'])(
    'is never called "%s"',
    async (id) => {
      expect(await summaries.find(newSchool(), id)).toBeUndefined();
      expect(() => summaries.placeOf('school', id)).toThrow();
    },
  );
});

describe('the summaries of a school', () => {
  let school: string;
  beforeAll(async () => {
    school = newSchool();
    for (const period of [TERM, A_WEEK, SECOND_HALF, AUTUMN_FIRST])
      await issued(summaries, plannedSummary(school, { period, sending: { state: 'none' } }), [
        owed('summary.preview'),
      ]);
    for (const other of [`${school}-2`, school.slice(0, -1), `${school}0`])
      await issued(summaries, plannedSummary(other), [owed('summary.preview')]);
  });
  const idsOf = (stored: readonly StoredSummary[]) => stored.map(({ summary }) => `${summary.schoolId} ${summary.id}`);

  it('are listed by their first days, without those of another', async () => {
    expect(idsOf(await summaries.all(school))).toEqual(
      ['half_term-2026-08-31', 'term-2026-08-31', 'half_term-2026-11-02', 'week-2026-11-16'].map(
        (id) => `${school} ${id}`,
      ),
    );
    expect(await summaries.all(newSchool())).toEqual([]);
  });

  it('that wait to be sent are found by themselves', async () => {
    expect(await summaries.inState(school, 'planned')).toEqual([]);
    const stored = await found(school);
    await summaries.change(stored, plannedSummary(school), [], at);
    expect(idsOf(await summaries.inState(school, 'planned'))).toEqual([`${school} half_term-2026-08-31`]);
    await summaries.change(await found(school), plannedSummary(school, { sending: { state: 'sent', at } }), [], at);
    expect(await summaries.inState(school, 'planned')).toEqual([]);
  });

  it('are all that is read of it: neither deliveries nor downloads, nor any other school’s rows, leave the service', async () => {
    const download: Download = { at, personId: newPerson(), edition: 'governors', format: 'pdf' };
    await summaries.noteDownload(school, 'half_term-2026-08-31', download);
    const proxy = await StorageProxy.start(inject('storage'));
    try {
      await summaryTable(openTables({ connectionString: proxy.through(inject('storage')) })).all(school);
      expect(proxy.reads).toHaveLength(1);
      expect(proxy.reads[0]).toContain(
        `$filter=PartitionKey ge '${school}~' and PartitionKey lt '${school}~~' and RowKey eq 'summary'`,
      );
    } finally {
      await proxy.stop();
    }
  });
});

describe('making a summary', () => {
  const made = (school: string, period: Period = AUTUMN_FIRST, inputs = 'x') => ({
    summary: plannedSummary(school, { period, inputs }),
    deliveries: [owed('summary.preview')],
  });

  it('keeps it with what it owes, and says where that lies', async () => {
    const school = newSchool();
    const issue = await summaries.issue(school, async () => made(school));
    const place = summaries.placeOf(school, 'half_term-2026-08-31');
    expect(issue).toEqual({ kind: 'issued', summary: made(school).summary, place });
    expect(await found(school)).toMatchObject({ summary: made(school).summary, deliveries: 1 });
    expect(await summaries.issue(school, async () => undefined)).toEqual({ kind: 'nothing' });
    expect(await summaries.all(school)).toHaveLength(1);
  });

  it('of other periods at one time keeps one alone: each knows of all that were kept before', async () => {
    const school = newSchool();
    const periods = [AUTUMN_FIRST, SECOND_HALF, TERM, A_WEEK];
    const known = new Map<string, number>();
    for (let rounds = 1; (await summaries.all(school)).length < periods.length; rounds += 1) {
      const before = (await summaries.all(school)).length;
      const left = periods.filter((period) => !known.has(period.name + period.span + period.from));
      const tries = left.map((period) =>
        summaries.issue(school, async () => {
          const all = await summaries.all(school);
          return made(school, period, String(all.length));
        }),
      );
      for (const issue of await Promise.all(tries)) {
        if (issue.kind !== 'issued') continue;
        const { period, inputs } = issue.summary;
        known.set(period.name + period.span + period.from, Number(inputs));
      }
      expect((await summaries.all(school)).length - before).toBeGreaterThan(0);
      expect(rounds).toBeLessThan(5);
    }
    expect([...known.values()].toSorted()).toEqual([0, 1, 2, 3]);
  });

  it('is made up for by the next where the process died after it was written down', async () => {
    const proxy = await StorageProxy.start(inject('storage'));
    try {
      const own = summaryTable(openTables({ connectionString: proxy.through(inject('storage')) }));
      const school = newSchool();
      // The row that says what is made last goes through, and what comes after that does not.
      const dying = own.issue(school, async () => {
        proxy.weather = 'down after a transaction';
        return made(school);
      });
      await expect(dying).rejects.toThrow();
      expect(await summaries.all(school)).toEqual([]);
      const seen: (readonly StoredSummary[])[] = [];
      await summaries.issue(school, async () => {
        seen.push(await summaries.all(school));
        return made(school, SECOND_HALF);
      });
      expect(seen.map((all) => all.map(({ summary }) => summary))).toEqual([[made(school).summary]]);
      const place = summaries.placeOf(school, 'half_term-2026-08-31');
      expect((await outbox.read(place)).map(({ delivery }) => delivery.kind)).toEqual(['summary.preview']);
      expect(await summaries.all(school)).toHaveLength(2);
    } finally {
      await proxy.stop();
    }
  });

  it('that fails leaves the turn to others', async () => {
    const school = newSchool();
    await expect(
      summaries.issue(school, async () => {
        throw new Error('No cases.');
      }),
    ).rejects.toThrow('No cases.');
    expect(await summaries.issue(school, async () => made(school))).toMatchObject({ kind: 'issued' });
  });
});

describe('downloads', () => {
  it('are noted beside the summary, in the order of their times, also two at one moment', async () => {
    const school = newSchool();
    await issued(summaries, plannedSummary(school), []);
    const id = 'half_term-2026-08-31';
    const personId = newPerson();
    const downloads: readonly Download[] = [
      { at: new Date('2026-11-05T10:00:00.001Z'), personId, edition: 'governors', format: 'pdf' },
      { at: new Date('2026-11-05T10:00:00.001Z'), personId, edition: 'governors', format: 'pdf' },
      { at: new Date('2026-11-06T10:00:00Z'), personId: newPerson(), edition: 'chair', format: 'csv' },
    ];
    const before = await found(school);
    for (const download of downloads.toReversed()) await summaries.noteDownload(school, id, download);
    expect(await summaries.downloads(school, id)).toEqual(downloads);
    expect(await summaries.downloads(school, 'term-2026-08-31')).toEqual([]);
    expect(await found(school)).toEqual(before);
  });
});

describe('when the answer is lost on the way', () => {
  it('what was committed is recognised as this call’s own, and the same of another process is not', async () => {
    const proxy = await StorageProxy.start(inject('storage'));
    try {
      const own = summaryTable(openTables({ connectionString: proxy.through(inject('storage')) }));
      const school = newSchool();
      proxy.weather = 'transactions lost once';
      expect(await issued(own, plannedSummary(school), [owed('summary.preview')])).toBeDefined();
      expect(await issued(summaries, plannedSummary(school), [owed('summary.preview')])).toBeUndefined();
      const stored = await found(school, undefined, own);
      const sent = plannedSummary(school, { sending: { state: 'sent', at } });
      proxy.weather = 'transactions lost once';
      expect(await own.change(stored, sent, [owed('summary.sent')], at)).toBeDefined();
      expect(await summaries.change(stored, sent, [owed('summary.sent')], at)).toBeUndefined();
      expect(proxy.transactions.length).toBeGreaterThan(2);
      expect(await outbox.read(summaries.placeOf(school, sent.id))).toHaveLength(2);
    } finally {
      await proxy.stop();
    }
  });
});
