import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PublishedPopulation } from '../../src/summaries/population.js';
import { percentile, tellTimes } from '../../src/summaries/times.js';

const none = { median: null, p90: null };
const told = (total: number, tables: PublishedPopulation['tables'] = {}): PublishedPopulation => ({
  total: { kind: 'exact', value: total },
  tables,
});
const tell = (total: number, close: readonly number[], tables?: PublishedPopulation['tables'], banded = false) =>
  tellTimes(
    { reports: { total, tables: {} }, times: { acknowledge: [], first_action: [], close } },
    told(total, tables),
    5,
    banded,
  ).close;

describe('percentiles', () => {
  it.each([
    [[3], 50, 3],
    [[1, 2], 50, 1],
    [[1, 2, 3], 50, 2],
    [[0, 0, 4, 9], 50, 0],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90, 9],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 90, 10],
    [[7, 8], 100, 8],
  ])('of %j: %i of a hundred take no longer than %i', (days, percent, value) => {
    expect(percentile(days, percent)).toBe(value);
  });

  it('are the smallest value counted that so many do not exceed', () => {
    const sorted = fc
      .array(fc.nat({ max: 20 }), { minLength: 1 })
      .map((days) => days.toSorted((one, other) => one - other));
    fc.assert(
      fc.property(sorted, fc.constantFrom(50, 90), (days, percent) => {
        const share = (limit: number) => (100 * days.filter((value) => value <= limit).length) / days.length;
        const smallest = days.find((value) => share(value) >= percent);
        expect(percentile(days, percent)).toBe(smallest);
      }),
    );
  });
});

describe('how long things took', () => {
  it('is told over as many as the threshold, nine of ten over twice as many, and one more report than that', () => {
    const days = (count: number) => Array.from({ length: count }, (_, at) => at);
    expect(tell(6, days(4))).toEqual(none);
    expect(tell(5, days(5))).toEqual(none);
    expect(tell(6, days(5))).toEqual({ median: 2, p90: null });
    expect(tell(11, days(9))).toEqual({ median: 4, p90: null });
    expect(tell(10, days(10))).toEqual({ median: 4, p90: null });
    expect(tell(11, days(10))).toEqual({ median: 4, p90: 8 });
  });

  it('is never told of a week', () => {
    expect(tell(20, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], undefined, true)).toEqual(none);
  });

  it('is not told where it would tell a hidden cell', () => {
    const closed = { resolved: null, passed_on: null, no_breach: null, not_enough_known: null, duplicate: null };
    // Five of twenty are closed or withdrawn: told, it would say that none is withdrawn.
    expect(tell(20, [1, 1, 1, 1, 1], { outcome: { ...closed, still_open: 15, withdrawn: null } })).toEqual(none);
    expect(tell(20, [1, 1, 1, 1, 1], { outcome: { ...closed, still_open: 14, withdrawn: null } }).median).toBe(1);
  });
});

describe('a reader who tries every possibility', () => {
  const T = 3;
  const NAMES = ['in_time', 'late', 'overdue', 'not_yet_due', 'withdrawn_before'];
  function* worlds(left: number, most: number): Iterable<readonly number[]> {
    if (left === 0) yield [];
    else
      for (let count = 0; count < most; count += 1) for (const rest of worlds(left - 1, most)) yield [count, ...rest];
  }
  /** Cells of which only one value fits what is seen, by what is seen. */
  function found(see: (world: readonly number[]) => string): Set<string> {
    const possible = new Map<string, Set<number>[]>();
    for (const world of worlds(NAMES.length, 8)) {
      const values = possible.get(see(world)) ?? NAMES.map(() => new Set<number>());
      for (const [at, count] of world.entries()) values[at]?.add(count);
      possible.set(see(world), values);
    }
    const single = new Set<string>();
    for (const world of worlds(NAMES.length, 8))
      for (const [at, count] of world.entries())
        if (possible.get(see(world))?.[at]?.size === 1) single.add(JSON.stringify([world, at, count]));
    return single;
  }
  const totalOf = (world: readonly number[]) => world.reduce((sum, count) => sum + count, 0);
  const cellsOf = (world: readonly number[]) =>
    Object.fromEntries(world.map((count, at) => [NAMES[at] ?? '', count < T ? null : count]));
  const timesOf = (world: readonly number[]) => {
    const acknowledge = Array.from({ length: (world[0] ?? 0) + (world[1] ?? 0) }, () => 1);
    const counted = {
      reports: { total: totalOf(world), tables: {} },
      times: { acknowledge, first_action: [], close: [] },
    };
    return tellTimes(counted, told(totalOf(world), { acknowledged: cellsOf(world) }), T, false);
  };

  it('learns no cell from whether times are told', () => {
    const table = found((world) => JSON.stringify([totalOf(world), cellsOf(world)]));
    const both = found((world) => JSON.stringify([totalOf(world), cellsOf(world), timesOf(world)]));
    expect([...both].filter((one) => !table.has(one))).toEqual([]);
  });
});
