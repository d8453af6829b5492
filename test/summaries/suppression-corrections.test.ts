import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Population, PublishedPopulation } from '../../src/summaries/population.js';
import { mayTell, suppress } from '../../src/summaries/suppression.js';
import { calendarOf, period, populationOf, schoolYears } from './school-years.js';

const HALF = period('half_term', '2026-08-31', '2026-11-01');

type Cells = Readonly<Record<string, number>>;
const of = (platform: Cells, more: Readonly<Record<string, Cells>> = {}): Population => ({
  total: Object.values(platform).reduce((all, count) => all + count, 0),
  tables: { platform, ...more },
});
const THEN = { facebook: 12, tiktok: 7, x: 8, youtube: 6 };
const corrected = (now: Cells, then: Cells = THEN) => mayTell(of(now), suppress(of(then), HALF, [], 5), 5);

describe('what may be told of a population that has changed', () => {
  it('is all of it while nothing becomes small', () => {
    const now = { ...THEN, facebook: 11, tiktok: 8 };
    expect(corrected(now)).toEqual({ total: { kind: 'exact', value: 33 }, tables: { platform: now } });
  });

  it('leaves out what has become small, and another that changed, so that it does not follow', () => {
    expect(corrected({ ...THEN, facebook: 14, youtube: 4 }).tables.platform).toEqual({
      ...{ facebook: null, tiktok: 7, x: 8, youtube: null },
    });
  });

  it('leaves out no more of those that changed than it takes', () => {
    expect(corrected({ facebook: 10, tiktok: 9, x: 10, youtube: 4 }).tables.platform).toEqual({
      ...{ facebook: 10, tiktok: null, x: 10, youtube: null },
    });
  });

  it('leaves out the total as well where nothing else that changed would keep a small one', () => {
    expect(corrected({ ...THEN, youtube: 4 })).toEqual({
      total: { kind: 'hidden' },
      tables: { platform: { facebook: 12, tiktok: 7, x: 8, youtube: null } },
    });
  });

  it('leaves what was hidden then hidden, even if it is large by now', () => {
    const told = corrected(
      { facebook: 12, tiktok: 8, x: 9, youtube: 9 },
      { facebook: 12, tiktok: 7, x: 1, youtube: 4 },
    );
    expect(told.tables.platform).toEqual({ facebook: 12, tiktok: 8, x: null, youtube: null });
  });

  it('is nothing where there was no exact total, and no table that was left out', () => {
    expect(corrected({ facebook: 20, x: 20 }, { facebook: 2, x: 1 })).toEqual({
      total: { kind: 'hidden' },
      tables: {},
    });
    expect(corrected({ facebook: 20, x: 20 }, { facebook: 20, x: 1 }).tables).toEqual({});
  });

  it('is no total that has become small', () => {
    expect(corrected({ facebook: 2, tiktok: 0, x: 1, youtube: 0 }).total).toEqual({ kind: 'hidden' });
  });

  it('is no kind of breach that would follow from the others', () => {
    const category = { online_bullying: 12, disparaging_post: 9, other_breach: 14, child_safety: 6 };
    const kind = { privacy: 6, contact: 8 };
    const then = suppress(of(category, { category, kind }), HALF, [], 5);
    expect(then.tables.kind).toEqual(kind);
    const fewer = { ...category, other_breach: 10, disparaging_post: 13 };
    const { tables } = mayTell(of(category, { category: fewer, kind: { privacy: 2, contact: 8 } }), then, 5);
    expect(tables.category).toEqual({ ...category, other_breach: null, disparaging_post: null });
    expect(tables.kind).toEqual({ privacy: null, contact: 8 });
  });

  it('never lets a small count be worked out from what did not change', () => {
    const year = schoolYears(false, { terms: 1, halves: 1, weeks: 1, most: 150 });
    const [when = HALF] = calendarOf([[1]]);
    fc.assert(
      fc.property(year, year, fc.nat(100), ({ reports, threshold }, other, kept) => {
        const then = populationOf(reports, when);
        const published = suppress(then, when, [], threshold);
        const share = Math.floor((reports.length * kept) / 100);
        const now = populationOf([...reports.slice(0, share), ...other.reports.slice(share)], when);
        expectNothingSmall(now, published, mayTell(now, published, threshold), threshold);
      }),
      { numRuns: 300 },
    );
  });
});

function expectNothingSmall(now: Population, then: PublishedPopulation, told: PublishedPopulation, threshold: number) {
  const isTold = (table: string, cell: string) => (told.tables[table]?.[cell] ?? null) !== null;
  for (const [table, cells] of Object.entries(told.tables)) {
    const count = (cell: string) => now.tables[table]?.[cell] ?? 0;
    const isKnown = (cell: string) => isTold(table, cell) || then.tables[table]?.[cell] === count(cell);
    for (const [cell, value] of Object.entries(cells)) {
      expect([null, count(cell)]).toContain(value);
      if (then.tables[table]?.[cell] === null) expect(value).toBeNull();
      if (value !== null) expect(value).toBeGreaterThanOrEqual(threshold);
    }
    const hosted = table === 'kind' ? isTold('category', 'other_breach') : told.total.kind === 'exact';
    const hidden = Object.keys(cells).filter((cell) => !isKnown(cell));
    const same = then.total.kind === 'exact' && then.total.value === now.total;
    if (!hosted || hidden.length === 0 || table === 'severity' || (same && table !== 'kind')) continue;
    expect(hidden.length).toBeGreaterThan(1);
    if (hidden.some((cell) => count(cell) < threshold))
      expect(hidden.reduce((sum, cell) => sum + count(cell), 0)).toBeGreaterThanOrEqual(threshold);
  }
}
