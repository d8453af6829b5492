import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Period, Span } from '../../src/summaries/period.js';
import { suppress } from '../../src/summaries/suppression.js';
import { type Counted, calendarOf, populationOf, publish } from './school-years.js';

const CALENDAR = calendarOf([
  [7, 7],
  [6, 6],
  [6, 7],
]);
/** As they would be made: each when it is over, the shorter ones first. */
const IN_ORDER = [...CALENDAR].sort((one, other) => (one.to < other.to ? -1 : one.to > other.to ? 1 : 0));

/** About as reports of schools are spread. */
const SHARES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  category: { online_bullying: 35, disparaging_post: 30, other_breach: 27, child_safety: 8 },
  evidence: { yes: 70, no: 30 },
  platform: { facebook: 30, tiktok: 45, whatsapp: 25 },
};
const KINDS = { privacy: 25, contact: 10, account: 15, name_or_logo: 15, conduct: 25, other: 10 };

const one = (shares: Readonly<Record<string, number>>) =>
  fc.constantFrom(...Object.entries(shares).flatMap(([name, share]) => Array.from({ length: share }, () => name)));

const within = (span: Span, outer: Period) =>
  CALENDAR.filter((inner) => inner.span === span && outer.from <= inner.from && inner.to <= outer.to);

/** So many reports in a half-term, more or less. */
function reportsIn(half: Period, about: number): fc.Arbitrary<readonly Counted[]> {
  const tables = Object.fromEntries(Object.entries(SHARES).map(([name, shares]) => [name, one(shares)]));
  const day = fc.constantFrom(...within('week', half).map(({ from }) => from));
  const report = fc.record({ day, kind: one(KINDS), tables: fc.record(tables) }).map((drawn) => {
    const { category = '' } = drawn.tables;
    const high = category === 'online_bullying' || ['privacy', 'contact'].includes(drawn.kind);
    const severity =
      category === 'child_safety' ? 'urgent' : high && category !== 'disparaging_post' ? 'high' : 'normal';
    const cells: Record<string, string> = { ...drawn.tables, severity };
    if (category === 'other_breach') cells.kind = drawn.kind;
    return { day: drawn.day, cells };
  });
  const size = { minLength: Math.floor(about * 0.6), maxLength: Math.ceil(about * 1.4), size: 'max' as const };
  return fc.array(report, size);
}

/** Of the cells that are not small, the share that is told; and of the totals, the share told exactly. */
function sharesTold(about: number, span: Span) {
  const halves = CALENDAR.filter((each) => each.span === 'half_term');
  const reports = fc.tuple(...halves.map((half) => reportsIn(half, about))).map((drawn) => drawn.flat());
  const count = { large: 0, told: 0, totals: 0, exact: 0 };
  for (const drawn of fc.sample(reports, { numRuns: 8, seed: 4 })) {
    const year = { calendar: CALENDAR, reports: drawn, published: IN_ORDER, threshold: 5 };
    for (const { period, published } of publish(year, suppress).filter((told) => told.period.span === span)) {
      const cells = Object.values(populationOf(drawn, period).tables).flatMap((table) => Object.values(table));
      count.large += cells.filter((value) => value >= 5).length;
      count.told += Object.values(published.tables)
        .flatMap((table) => Object.values(table))
        .filter((value) => value !== null).length;
      count.totals += 1;
      count.exact += published.total.kind === 'exact' ? 1 : 0;
    }
  }
  return { cells: count.told / count.large, totals: count.exact / count.totals };
}

describe('a summary still tells something', () => {
  it.each<[number, Span, number]>([
    [12, 'half_term', 0.2],
    [12, 'term', 0.35],
    [12, 'year', 0.3],
    [40, 'half_term', 0.65],
    [40, 'term', 0.5],
    [40, 'year', 0.4],
    [120, 'half_term', 0.8],
    [120, 'term', 0.6],
    [120, 'year', 0.5],
  ])('with about %i reports in each half-term, of a %s', (about, span, least) => {
    const { cells, totals } = sharesTold(about, span);
    expect(cells).toBeGreaterThan(least);
    expect(totals).toBeGreaterThan(0.9);
  });
});
