import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Period } from '../../src/summaries/period.js';
import type { Figure, Population, PublishedPopulation } from '../../src/summaries/population.js';
import { suppress, type Told } from '../../src/summaries/suppression.js';
import { calendarOf, period, populationOf, schoolYears } from './school-years.js';

const FIRST_HALF = period('half_term', '2026-08-31', '2026-11-01');
const SECOND_HALF = period('half_term', '2026-11-02', '2027-01-03');
const TERM = period('term', '2026-08-31', '2027-01-03');
const WEEK = period('week', '2026-09-07', '2026-09-13');

const exact = (value: number): Figure => ({ kind: 'exact', value });
const band = (from: number, to: number): Figure => ({ kind: 'band', from, to });

type Cells = Readonly<Record<string, number>>;
const sum = (cells: Cells) => Object.values(cells).reduce((all, count) => all + count, 0);
const of = (tables: Readonly<Record<string, Cells>>): Population => ({
  total: sum(Object.values(tables)[0] ?? {}),
  tables,
});
const many = (total: number): Population => ({ total, tables: {} });

/** Tells of one period after another. */
function tell(...all: readonly (readonly [Period, Population])[]): readonly PublishedPopulation[] {
  const told: Told[] = [];
  for (const [when, counted] of all) told.push({ period: when, counted, published: suppress(counted, when, told, 5) });
  return told.map(({ published }) => published);
}
const platform = (cells: Cells) => tell([FIRST_HALF, of({ platform: cells })])[0]?.tables.platform;

describe('totals', () => {
  it.each([
    [0, exact(0)],
    [1, band(1, 4)],
    [4, band(1, 4)],
    [5, exact(5)],
    [23, exact(23)],
  ])('of a half-term with %i reports', (total, figure) => {
    expect(tell([FIRST_HALF, many(total)])).toEqual([{ total: figure, tables: {} }]);
  });

  it.each([
    [0, exact(0)],
    [3, band(1, 4)],
    [5, band(5, 9)],
    [14, band(10, 14)],
  ])('of a week with %i reports are told exactly only where there are none', (total, figure) => {
    expect(tell([WEEK, of({ platform: { facebook: total, tiktok: 0 } })])).toEqual([{ total: figure, tables: {} }]);
  });

  it('are not told where a half-term could be taken away from a term', () => {
    expect(tell([FIRST_HALF, many(17)], [TERM, many(20)])).toEqual([
      { total: exact(17), tables: {} },
      { total: band(20, 24), tables: {} },
    ]);
    expect(tell([FIRST_HALF, many(17)], [TERM, many(22)])[1]?.total).toEqual(exact(22));
    expect(tell([TERM, many(20)], [FIRST_HALF, many(17)])[1]?.total).toEqual(band(15, 19));
  });

  it('of two half-terms, the other small, leave the term open', () => {
    const told = tell([FIRST_HALF, many(17)], [SECOND_HALF, many(3)], [TERM, many(20)]);
    expect(told.map(({ total }) => total)).toEqual([exact(17), band(1, 4), band(20, 24)]);
  });

  it('are not told where bands alone would settle them', () => {
    const weeks = calendarOf([[2]]).filter(({ span }) => span === 'week');
    const term = calendarOf([[2]]).find(({ span }) => span === 'term') ?? TERM;
    const told = tell(...weeks.map((week) => [week, many(1)] as const), [term, many(2)]);
    // Two weeks with one to four each, and one to four together, may still be three or four.
    expect(told.map(({ total }) => total)).toEqual([band(1, 4), band(1, 4), band(1, 4)]);
    const four = calendarOf([[4]]);
    const all = four.filter(({ span }) => span === 'week').map((week) => [week, many(1)] as const);
    const half = four.find(({ span }) => span === 'half_term') ?? TERM;
    expect(tell(...all, [half, many(4)]).at(-1)?.total).toEqual({ kind: 'hidden' });
  });

  it('of no reports are told, also where that tells how many there were at another time', () => {
    expect(tell([TERM, many(3)], [FIRST_HALF, many(0)])[1]?.total).toEqual(exact(0));
    const halves = [period('half_term', '2026-08-31', '2026-09-06'), period('half_term', '2026-09-07', '2026-09-13')];
    const [first = WEEK, second = WEEK] = halves;
    const term = period('term', '2026-08-31', '2026-09-13');
    const told = tell([second, many(7)], [term, many(7)], [first, many(0)]);
    expect(told.map(({ total }) => total)).toEqual([exact(7), exact(7), exact(0)]);
  });
});

describe('tables', () => {
  it.each<[string, Cells, Cells | undefined | Readonly<Record<string, number | null>>]>([
    ['nothing small', { facebook: 9, tiktok: 6, x: 5 }, { facebook: 9, tiktok: 6, x: 5 }],
    ['one small', { facebook: 9, tiktok: 6, x: 4 }, { facebook: 9, tiktok: null, x: null }],
    [
      'two small that make enough',
      { facebook: 9, tiktok: 6, x: 4, youtube: 1 },
      { facebook: 9, tiktok: 6, x: null, youtube: null },
    ],
    [
      'two small that make nothing',
      { facebook: 9, tiktok: 6, x: 0, youtube: 0 },
      { facebook: 9, tiktok: null, x: null, youtube: null },
    ],
    [
      'two small that make less than the threshold',
      { facebook: 9, tiktok: 6, x: 2, youtube: 2 },
      { facebook: 9, tiktok: null, x: null, youtube: null },
    ],
    // 5 and 0 hidden would be 5 and 0 to whoever knows that one of them is large.
    [
      'one that is nothing beside one at the threshold',
      { facebook: 9, tiktok: 5, x: 0 },
      { facebook: null, tiktok: 5, x: null },
    ],
    ['all in one cell', { facebook: 6, tiktok: 0, x: 0, youtube: 0 }, undefined],
    ['all small', { facebook: 4, tiktok: 4, x: 4 }, undefined],
    ['two cells, one small', { yes: 30, no: 2 }, undefined],
    ['two cells', { yes: 30, no: 5 }, { yes: 30, no: 5 }],
  ])('with %s', (_, cells, told) => {
    expect(platform(cells)).toEqual(told);
  });

  it.each([1, 2, 3, 4])('are not told of %i reports', (total) => {
    expect(tell([FIRST_HALF, of({ platform: { facebook: total, x: 0 } })])[0]).toEqual({
      total: band(1, 4),
      tables: {},
    });
  });

  it('are told of no week', () => {
    expect(tell([WEEK, of({ platform: { facebook: 20, x: 20 } })])[0]?.tables).toEqual({});
  });

  it('of a term do not tell what half-terms hid, nor the small rest that is left of one', () => {
    const first = of({ platform: { facebook: 12, tiktok: 7, x: 8, youtube: 6 } });
    const both = of({ platform: { facebook: 14, tiktok: 14, x: 18, youtube: 13 } });
    const [, term] = tell([FIRST_HALF, first], [TERM, both]);
    expect(term?.tables.platform).toEqual({ facebook: null, tiktok: 14, x: 18, youtube: null });
  });

  it('hide the same cells in a term as in its half-terms, where they are enough', () => {
    const half = of({ platform: { facebook: 12, tiktok: 8, x: 4, youtube: 3 } });
    const term = of({ platform: { facebook: 24, tiktok: 16, x: 8, youtube: 6 } });
    const told = tell([FIRST_HALF, half], [SECOND_HALF, half], [TERM, term]);
    const shown = told.map(({ tables }) => tables.platform);
    expect(shown[0]).toEqual({ facebook: 12, tiktok: 8, x: null, youtube: null });
    expect(shown[1]).toEqual(shown[0]);
    // 8 of one that is 4 at most in either half would be 4 and 4.
    expect(shown[2]).toEqual({ facebook: 24, tiktok: 16, x: null, youtube: null });
  });

  it('tell nothing of a rest that is small in sum', () => {
    const half = of({ platform: { facebook: 20, tiktok: 7, x: 6 } });
    const [, term] = tell([FIRST_HALF, half], [TERM, of({ platform: { facebook: 40, tiktok: 8, x: 6 } })]);
    expect(term).toEqual({ total: exact(54), tables: {} });
  });
});

describe('kinds', () => {
  const category = { online_bullying: 12, disparaging_post: 9, other_breach: 14, child_safety: 6 };
  const kind = { privacy: 6, contact: 1, account: 0, name_or_logo: 1, conduct: 6, other: 0 };

  it('are told where it is told how many breaches there are', () => {
    const [told] = tell([FIRST_HALF, of({ category, kind })]);
    expect(told?.tables.kind).toEqual({
      privacy: 6,
      contact: null,
      account: null,
      name_or_logo: null,
      conduct: null,
      other: null,
    });
  });

  it('are not told where it is hidden how many breaches there are', () => {
    const [told] = tell([
      FIRST_HALF,
      of({
        category: { ...category, child_safety: 4, disparaging_post: 30 },
        kind: { ...kind, privacy: 3, conduct: 5 },
      }),
    ]);
    expect(told?.tables.category?.other_breach).toBe(14);
    const [hidden] = tell([
      FIRST_HALF,
      of({
        category: { ...category, child_safety: 1, other_breach: 8, disparaging_post: 30 },
        kind: { ...kind, privacy: 0 },
      }),
    ]);
    expect(hidden?.tables.category).toEqual({
      online_bullying: 12,
      disparaging_post: 30,
      other_breach: null,
      child_safety: null,
    });
    expect(hidden?.tables.kind).toBeUndefined();
  });
});

describe('severity', () => {
  const category = { online_bullying: 12, disparaging_post: 9, other_breach: 24, child_safety: 6 };
  const breaches = (kind: Cells, other: Partial<typeof category> = {}) => {
    const counts: Cells = { ...category, ...other };
    const high = (counts.online_bullying ?? 0) + (kind.privacy ?? 0) + (kind.contact ?? 0);
    const urgent = counts.child_safety ?? 0;
    return of({ category: counts, kind, severity: { urgent, high, normal: sum(counts) - high - urgent } });
  };

  it('is told where it follows from what is told of categories and kinds', () => {
    const [told] = tell([
      FIRST_HALF,
      breaches({ privacy: 6, contact: 5, account: 3, name_or_logo: 4, conduct: 6, other: 0 }),
    ]);
    expect(told?.tables.severity).toEqual({ urgent: 6, high: 23, normal: 22 });
  });

  it('does not tell how many of the hidden kinds there are: 23 less 12 is 11, and less 10 it is 1', () => {
    const [told] = tell([
      FIRST_HALF,
      breaches({ privacy: 10, contact: 1, account: 1, name_or_logo: 4, conduct: 8, other: 0 }),
    ]);
    expect(told?.tables.kind).toMatchObject({ privacy: 10, contact: null });
    expect(told?.tables.severity).toEqual({ urgent: 6, high: null, normal: null });
  });

  it('does not tell what no kind tells', () => {
    const kind = { privacy: 4, contact: 4, account: 4, name_or_logo: 4, conduct: 4, other: 4 };
    const [told] = tell([FIRST_HALF, breaches(kind)]);
    expect(told?.tables.kind).toBeUndefined();
    expect(told?.tables.severity).toEqual({ urgent: 6, high: null, normal: null });
  });
});

describe('whatever was told before', () => {
  it('is kept to its own time: terms of other years change nothing', () => {
    const earlier = tell([period('term', '2025-09-01', '2026-01-04'), many(3)]);
    expect(earlier).toHaveLength(1);
    const told = tell([period('term', '2025-09-01', '2026-01-04'), many(3)], [TERM, many(20)]);
    expect(told[1]?.total).toEqual(exact(20));
  });

  it('nothing is told of a period that crosses one that was told of', () => {
    const crossing = period('half_term', '2026-10-26', '2026-12-06');
    const told = tell(
      [FIRST_HALF, many(20)],
      [crossing, of({ platform: { facebook: 20, x: 20 } })],
      [SECOND_HALF, many(30)],
    );
    expect(told.map(({ total }) => total)).toEqual([exact(20), { kind: 'hidden' }, exact(30)]);
  });

  it('may not fit the cases any more, and is answered all the same', () => {
    const cells = fc.record({ facebook: fc.nat(20), tiktok: fc.nat(20), x: fc.nat(9) });
    fc.assert(
      fc.property(schoolYears(true, { terms: 2, halves: 2, weeks: 2, most: 80 }), fc.array(cells), (year, changed) => {
        const told: Told[] = [];
        for (const [at, each] of year.published.entries()) {
          const counted = populationOf(year.reports, each);
          const published = suppress(counted, each, told, year.threshold);
          const now = changed[at];
          told.push({ period: each, published, counted: now ? of({ ...counted.tables, platform: now }) : counted });
          expect(['exact', 'band', 'hidden']).toContain(published.total.kind);
          for (const [table, figures] of Object.entries(published.tables))
            for (const [cell, value] of Object.entries(figures))
              expect([null, counted.tables[table]?.[cell]]).toContain(value);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('was hidden by the threshold of its time', () => {
    const half = of({ platform: { facebook: 12, tiktok: 8, x: 7, youtube: 6 } });
    const term = of({ platform: { facebook: 24, tiktok: 16, x: 14, youtube: 12 } });
    const published = suppress(half, FIRST_HALF, [], 8);
    expect(published.tables.platform).toEqual({ facebook: 12, tiktok: 8, x: null, youtube: null });
    const told = [FIRST_HALF, SECOND_HALF].map((each) => ({ period: each, counted: half, published, threshold: 8 }));
    // 14 of one that is 7 at most in either half would be 7 and 7.
    expect(suppress(term, TERM, told, 5).tables.platform).toEqual({ ...term.tables.platform, x: null, youtube: null });
  });
});

describe('what is told', () => {
  it('does not depend on the order in which cells were counted, nor on that of what was told before', () => {
    fc.assert(
      fc.property(schoolYears(false, { terms: 2, halves: 2, weeks: 1, most: 120 }), (year) => {
        const told: Told[] = [];
        for (const each of year.published) {
          const counted = populationOf(year.reports, each);
          const turned = of(
            Object.fromEntries(
              Object.entries(counted.tables).map(([name, cells]) => [
                name,
                Object.fromEntries(Object.entries(cells).reverse()),
              ]),
            ),
          );
          const published = suppress(counted, each, told, year.threshold);
          expect(suppress(turned, each, [...told].reverse(), year.threshold)).toEqual(published);
          expect(Object.keys(published.tables.category ?? counted.tables.category ?? {})).toEqual(
            Object.keys(counted.tables.category ?? {}),
          );
          told.push({ period: each, counted, published });
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is never a small count', () => {
    fc.assert(
      fc.property(schoolYears(true, { terms: 3, halves: 2, weeks: 2, most: 200 }), (year) => {
        const told: Told[] = [];
        for (const each of year.published) {
          const counted = populationOf(year.reports, each);
          const published = suppress(counted, each, told, year.threshold);
          const figures = Object.values(published.tables).flatMap((cells) => Object.values(cells));
          for (const figure of figures) expect(figure ?? year.threshold).toBeGreaterThanOrEqual(year.threshold);
          if (published.total.kind === 'exact' && published.total.value > 0)
            expect(published.total.value).toBeGreaterThanOrEqual(year.threshold);
          told.push({ period: each, counted, published });
        }
      }),
      { numRuns: 40 },
    );
  });
});
