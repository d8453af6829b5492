import { describe, expect, it } from 'vitest';
import type { Figure, PublishedPopulation } from '../../src/summaries/population.js';
import { tellStock, withoutEndangered } from '../../src/summaries/stock.js';

const exact = (value: number): Figure => ({ kind: 'exact', value });
const band = (from: number, to: number): Figure => ({ kind: 'band', from, to });

const reports = (outcome: Record<string, number | null> = {}, acknowledged: Record<string, number | null> = {}) =>
  ({ total: exact(30), tables: { outcome, acknowledged } }) satisfies PublishedPopulation;
const tell = (open: number, openFromBefore: number, overdue: number, told = reports(), banded = false) =>
  tellStock({ open, openFromBefore, overdue }, told, 5, banded);

describe('cases that wait', () => {
  it('are told exactly when there are none, or as many as the threshold', () => {
    expect(tell(12, 6, 0)).toEqual({ open: exact(12), openFromBefore: exact(6), overdue: exact(0) });
    expect(tell(0, 0, 0)).toEqual({ open: exact(0), openFromBefore: exact(0), overdue: exact(0) });
    expect(tell(4, 1, 4)).toEqual({ open: band(1, 4), openFromBefore: band(1, 4), overdue: band(1, 4) });
  });

  it('are told in bands of a week', () => {
    expect(tell(12, 5, 0, reports(), true)).toEqual({
      open: band(10, 14),
      openFromBefore: band(5, 9),
      overdue: exact(0),
    });
  });

  it('are told in a band where a small count would be left of them', () => {
    expect(tell(12, 9, 0).openFromBefore).toEqual(band(8, 11));
    expect(tell(12, 0, 0, reports({ still_open: 10 }))).toMatchObject({ open: band(11, 14) });
    expect(tell(12, 0, 7, reports({}, { overdue: 6 })).overdue).toEqual(band(6, 10));
    expect(tell(12, 6, 6, reports({ still_open: 6 }, { overdue: 6 }))).toMatchObject({
      open: exact(12),
      overdue: band(6, 10),
    });
  });
});

/** The parts of open cases, and of overdue ones. */
interface World {
  /** Reports of the period that are open, and those overdue. */
  readonly mine: number;
  readonly mineOverdue: number;
  readonly before: number;
  readonly since: number;
  readonly othersOverdue: number;
}

describe('a reader who tries every possibility and knows how it is told', () => {
  const MOST_OPEN = 12;
  const T = 3;
  function* worlds(): Iterable<World> {
    for (let mine = 0; mine <= MOST_OPEN; mine += 1)
      for (let before = 0; before <= MOST_OPEN - mine; before += 1)
        for (let since = 0; since <= MOST_OPEN - mine - before; since += 1)
          for (let mineOverdue = 0; mineOverdue <= mine; mineOverdue += 1)
            for (let othersOverdue = 0; othersOverdue <= before + since; othersOverdue += 1)
              yield { mine, before, since, mineOverdue, othersOverdue };
  }
  const openIn = ({ mine, before, since }: World) => mine + before + since;
  const PARTS: Readonly<Record<string, (world: World) => number>> = {
    mine: ({ mine }) => mine,
    before: ({ before }) => before,
    since: ({ since }) => since,
    others: ({ before, since }) => before + since,
    notBefore: ({ mine, since }) => mine + since,
    mineOverdue: ({ mineOverdue }) => mineOverdue,
    othersOverdue: ({ othersOverdue }) => othersOverdue,
    overdue: ({ mineOverdue, othersOverdue }) => mineOverdue + othersOverdue,
    open: openIn,
  };
  interface Tables {
    readonly outcome: boolean;
    readonly acknowledged: boolean;
  }
  const cell = (isTold: boolean, count: number) => (isTold && count >= T ? count : null);

  /** The parts that are small and of which only one value fits all that is told. */
  function smallAndFound(tables: Tables, banded: boolean, tellThem: typeof tellStock): string[] {
    const possible = new Map<string, { values: Map<string, Set<number>>; most: number }>();
    for (const world of worlds()) {
      const { before, mine, mineOverdue, othersOverdue } = world;
      const told = reports(
        { still_open: cell(tables.outcome, mine) },
        { overdue: cell(tables.acknowledged, mineOverdue) },
      );
      const stock = { open: openIn(world), openFromBefore: before, overdue: mineOverdue + othersOverdue };
      const seen = JSON.stringify([told.tables, tellThem(stock, told, T, banded)]);
      const found = possible.get(seen) ?? { values: new Map<string, Set<number>>(), most: 0 };
      for (const [part, count] of Object.entries(PARTS))
        found.values.set(part, (found.values.get(part) ?? new Set()).add(count(world)));
      possible.set(seen, { ...found, most: Math.max(found.most, stock.open) });
    }
    // Where there may be more than was tried, other values may fit as well.
    const whole = [...possible].filter(([seen, { most }]) => most < MOST_OPEN || seen.includes(`"value":${MOST_OPEN}`));
    return whole.flatMap(([seen, { values }]) =>
      [...values].flatMap(([part, [only = 0, ...more]]) =>
        more.length === 0 && only > 0 && only < T ? [`${part} is ${only}: ${seen}`] : [],
      ),
    );
  }

  it.each([
    [{ outcome: true, acknowledged: true }, false],
    [{ outcome: true, acknowledged: false }, false],
    [{ outcome: false, acknowledged: true }, false],
    [{ outcome: false, acknowledged: false }, false],
    [{ outcome: false, acknowledged: false }, true],
  ])('finds no small count (tables told: %j, in bands: %s)', (tables, banded) => {
    expect(smallAndFound(tables, banded, tellStock).slice(0, 15)).toEqual([]);
  });

  it('finds some where all that is large enough is told', () => {
    const openly = (stock: Parameters<typeof tellStock>[0]): ReturnType<typeof tellStock> => {
      const figure = (value: number) => (value > 0 && value < T ? band(1, T - 1) : exact(value));
      return { open: figure(stock.open), openFromBefore: figure(stock.openFromBefore), overdue: figure(stock.overdue) };
    };
    expect(smallAndFound({ outcome: true, acknowledged: true }, false, openly).length).toBeGreaterThan(100);
  });
});

describe('tables beside figures of waiting cases', () => {
  const stock = tell(0, 0, 0);
  it('are left out where a single hidden cell is left when none waits', () => {
    const told = reports(
      { resolved: 22, duplicate: null, still_open: null },
      { in_time: 25, late: null, overdue: null, not_yet_due: null },
    );
    expect(withoutEndangered(told, stock).tables).toEqual({});
    expect(withoutEndangered(told, tell(3, 0, 0)).tables).toEqual(told.tables);
    expect(withoutEndangered(told, tell(7, 7, 3)).tables).toEqual({});
    expect(withoutEndangered(told, tell(12, 6, 3)).tables).toEqual(told.tables);
  });

  it('stay where others are hidden as well, or none', () => {
    const told = reports({ resolved: 22, duplicate: null, passed_on: null, still_open: null }, { in_time: 30 });
    expect(withoutEndangered(told, stock)).toEqual(told);
  });
});
