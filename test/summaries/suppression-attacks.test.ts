import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suppress } from '../../src/summaries/suppression.js';
import { foundByEquations, foundByTrying, publish, schoolYears, smallSumsFound } from './school-years.js';

const SMALL = { terms: 2, halves: 2, weeks: 2, most: 60 };
const LARGE = { terms: 3, halves: 2, weeks: 3, most: 250 };
const RUNS = Number(process.env['RUNS'] ?? 40);

describe('an attacker who adds and subtracts everything that was published', () => {
  it.each([
    ['with weekly summaries', true],
    ['without', false],
  ])('finds no hidden count of a school year, %s', (_, weekly) => {
    fc.assert(
      fc.property(schoolYears(weekly, LARGE), (year) => {
        expect(foundByEquations(year, publish(year, suppress))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('finds no sum below the threshold of anything hidden', () => {
    fc.assert(
      fc.property(schoolYears(false, { ...SMALL, most: 120 }), (year) => {
        expect(smallSumsFound(year, publish(year, suppress))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it.each([true, false])('who tries every possibility as well finds none either (weekly %s)', (weekly) => {
    let undecided = 0;
    let secrets = 0;
    fc.assert(
      fc.property(schoolYears(weekly, SMALL), (year) => {
        const result = foundByTrying(year, publish(year, suppress));
        undecided += result.undecided;
        secrets += result.secrets;
        expect(result.found).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    console.log(undecided, secrets);
  });
});
