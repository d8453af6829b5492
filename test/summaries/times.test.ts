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

  it('is told beside a table only where that tells that there are enough', () => {
    const closed = { resolved: null, passed_on: null, no_breach: null, not_enough_known: null, duplicate: null };
    const days = [1, 1, 1, 1, 1, 1];
    expect(tell(20, days, { outcome: { ...closed, still_open: 14, withdrawn: null } })).toEqual(none);
    expect(tell(20, days, { outcome: { ...closed, still_open: 9, withdrawn: 5 } }).median).toBe(1);
    expect(tell(20, days, { outcome: { ...closed, resolved: 6, still_open: null, withdrawn: null } }).median).toBe(1);
  });
});

describe('a reader who tries every possibility and knows how it is told', () => {
  const T = 3;
  type World = readonly number[];
  function* worlds(left: number, most: number): Iterable<World> {
    if (left === 0) yield [];
    else
      for (let count = 0; count < most; count += 1) for (const rest of worlds(left - 1, most)) yield [count, ...rest];
  }
  /** Which numbers of a world are the only ones that fit what is seen. */
  function found(all: readonly World[], see: (world: World) => unknown): boolean[][] {
    const possible = new Map<string, Set<number>[]>();
    for (const world of all) {
      const seen = JSON.stringify(see(world));
      const values = possible.get(seen) ?? world.map(() => new Set<number>());
      for (const [at, count] of world.entries()) values[at]?.add(count);
      possible.set(seen, values);
    }
    return all.map((world) => (possible.get(JSON.stringify(see(world))) ?? []).map(({ size }) => size === 1));
  }
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
  const cellsOf = (names: readonly string[], world: World) =>
    Object.fromEntries(names.map((name, at) => [name, (world[at] ?? 0) < T ? null : (world[at] ?? 0)]));
  const ones = (count: number) => Array.from({ length: count }, () => 1);
  const isNew = (before: boolean[][], after: boolean[][]) =>
    after.flatMap((row, at) => row.flatMap((is, cell) => (is && !before[at]?.[cell] ? [[at, cell]] : [])));

  it('learns no cell from whether times to acknowledgement are told', () => {
    const names = ['in_time', 'late', 'overdue', 'not_yet_due', 'withdrawn_before'];
    const all = [...worlds(names.length, 7)];
    const table = (world: World) => [sum(world), cellsOf(names, world)];
    const times = (world: World) =>
      tellTimes(
        {
          reports: { total: sum(world), tables: {} },
          times: { acknowledge: ones((world[0] ?? 0) + (world[1] ?? 0)), first_action: [], close: [] },
        },
        told(sum(world), { acknowledged: cellsOf(names, world) }),
        T,
        false,
      );
    const both = found(all, (world) => [table(world), times(world)]);
    expect(isNew(found(all, table), both)).toEqual([]);
    expect(all.filter((world) => times(world).acknowledge.median !== null).length).toBeGreaterThan(1_000);
  });

  it('learns no cell from whether times to first action and to close are told', () => {
    const names = ['resolved', 'duplicate', 'withdrawn', 'still_open'];
    // The last number: how many were acted on but not closed.
    const all = [...worlds(names.length + 1, 8)].filter(
      ([, , withdrawn = 0, open = 0, acted = 0]) => acted <= withdrawn + open,
    );
    const totalOf = (world: World) => sum(world.slice(0, names.length));
    const table = (world: World) => [totalOf(world), cellsOf(names, world)];
    const times = (world: World) => {
      const close = (world[0] ?? 0) + (world[1] ?? 0);
      return tellTimes(
        {
          reports: { total: totalOf(world), tables: {} },
          times: { acknowledge: [], first_action: ones(close + (world.at(-1) ?? 0)), close: ones(close) },
        },
        told(totalOf(world), { outcome: cellsOf(names, world) }),
        T,
        false,
      );
    };
    const both = found(all, (world) => [table(world), times(world)]);
    expect(isNew(found(all, table), both)).toEqual([]);
    expect(all.filter((world) => times(world).first_action.median !== null).length).toBeGreaterThan(1_000);
  });
});
