import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Period } from '../../src/summaries/period.js';
import type { Population, PublishedPopulation } from '../../src/summaries/population.js';
import { suppress } from '../../src/summaries/suppression.js';
import {
  BREACHES,
  foundByEquations,
  foundByTrying,
  PLATFORMS,
  publish,
  type Rule,
  type SchoolYear,
  schoolYears,
  smallSumsFound,
} from './school-years.js';

const SMALL = { terms: 2, halves: 2, weeks: 2, most: 60 };
const MIDDLING = { ...SMALL, most: 150 };
const LARGE = { terms: 3, halves: 2, weeks: 3, most: 250 };

/** Hides what is small, and nothing that would tell it. */
const primaryOnly: Rule = (
  { total, tables }: Population,
  _period: Period,
  _earlier,
  threshold,
): PublishedPopulation => {
  if (total > 0 && total < threshold) return { total: { kind: 'band', from: 1, to: threshold - 1 }, tables: {} };
  const hidden = (cells: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(cells).map(([name, value]) => [name, value < threshold ? null : value]));
  const shown = Object.entries(total === 0 ? {} : tables).map(([name, cells]) => [name, hidden(cells)]);
  return { total: { kind: 'exact', value: total }, tables: Object.fromEntries(shown) };
};

/** Looks at each period as if it were the only one. */
const eachByItself: Rule = (counted, period, _earlier, threshold) => suppress(counted, period, [], threshold);

describe('an attacker who adds and subtracts everything that was published', () => {
  it.each([true, false])('finds no hidden count of a school year (weekly summaries: %s)', (weekly) => {
    fc.assert(
      fc.property(schoolYears(weekly, LARGE), (year) => {
        expect(foundByEquations(year, publish(year, suppress))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('finds no sum of hidden counts that is below the threshold', () => {
    fc.assert(
      fc.property(schoolYears(false, MIDDLING), (year) => {
        expect(smallSumsFound(year, publish(year, suppress))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('finds hidden counts in most years where only small ones are hidden', () => {
    const years = fc.sample(schoolYears(true, LARGE), { numRuns: 40, seed: 1 });
    expect(beaten(years, primaryOnly)).toBeGreaterThan(30);
    expect(beaten(years, suppress)).toBe(0);
  });

  it('finds hidden counts in most years where each period is looked at by itself', () => {
    const years = fc
      .sample(schoolYears(true, { ...LARGE, most: 600 }), { numRuns: 40, seed: 1 })
      .map((year) => ({ ...year, published: year.calendar }));
    expect(beaten(years, eachByItself)).toBeGreaterThan(20);
    expect(beaten(years, suppress)).toBe(0);
  });
});

const beaten = (years: readonly SchoolYear[], rule: Rule): number =>
  years.filter((year) => foundByEquations(year, publish(year, rule)).length > 0).length;

describe('an attacker who tries every possibility, bands and all, and has been told which hidden cells are small', () => {
  it.each([
    ['categories, kinds and severity', BREACHES, false],
    ['categories, kinds and severity, with weekly summaries', BREACHES, true],
    ['platforms and evidence', PLATFORMS, false],
    ['platforms and evidence, with weekly summaries', PLATFORMS, true],
  ])('finds no hidden count: %s', (_, structure, weekly) => {
    const tries = { secrets: 0, undecided: 0 };
    fc.assert(
      fc.property(schoolYears(weekly, SMALL), (year) => {
        const { found, secrets, undecided } = foundByTrying(year, publish(year, suppress), structure);
        tries.secrets += secrets;
        tries.undecided += undecided;
        expect(found).toEqual([]);
      }),
      { numRuns: 12, endOnFailure: true },
    );
    expect(tries.undecided).toBeLessThan(tries.secrets / 10);
  });

  it('finds hidden counts in most years where only small ones are hidden', () => {
    const years = fc.sample(schoolYears(false, SMALL), { numRuns: 20, seed: 1 });
    const found = years.filter((year) => foundByTrying(year, publish(year, primaryOnly), BREACHES).found.length > 0);
    expect(found.length).toBeGreaterThan(10);
  });
});
