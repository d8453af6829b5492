import type { Period } from '../../src/summaries/period.js';
import type { Population, PublishedPopulation } from '../../src/summaries/population.js';

/**
 * Somebody who has everything that was published, knows the school's calendar and how tables hang together, and has a computer. Knows
 * nothing of how the rule decides, and shares no code with it.
 */
export interface Publication {
  readonly period: Period;
  readonly published: PublishedPopulation;
  /** For an attacker who has been told, on top, which hidden cells are small. */
  readonly counted: Population;
  readonly threshold: number;
}

/** How the tables of the reports hang together, as the forms and the README tell everybody. */
export interface Structure {
  readonly tables: Readonly<Record<string, readonly string[]>>;
  /** Table, and the cell of another that it divides. */
  readonly divides: Readonly<Record<string, readonly [table: string, cell: string]>>;
  /** `table.cell` that is the sum of others. */
  readonly sums: Readonly<Record<string, readonly string[]>>;
}

/** Some unknown counts, each as often as it says. */
export type Sum = ReadonlyMap<number, number>;

interface Fact {
  readonly sum: Sum;
  readonly low: number;
  readonly high: number;
}

/** A time that no period divides. */
export interface Slot {
  readonly from: string;
  readonly to: string;
}

/** The calendar cut at every beginning and end of a period. */
export function slotsOf(periods: readonly Period[]): readonly Slot[] {
  const starts = new Set(periods.flatMap(({ from, to }) => [from, shifted(to, 1)]));
  const cuts = [...starts].sort();
  return cuts.slice(0, -1).map((from, at) => ({ from, to: shifted(cuts[at + 1] ?? from, -1) }));
}

const shifted = (day: string, days: number) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

/** Every unknown: how many in each slot fall into each cell of each table. */
export class Unknowns {
  readonly slots: readonly Slot[];
  readonly structure: Structure;
  readonly #numbers = new Map<string, number>();

  constructor(periods: readonly Period[], structure: Structure) {
    this.slots = slotsOf(periods);
    this.structure = structure;
    for (const slot of this.slots)
      for (const [table, cells] of Object.entries(structure.tables))
        for (const cell of cells) this.#numbers.set(`${slot.from} ${table}.${cell}`, this.#numbers.size);
  }

  get count(): number {
    return this.#numbers.size;
  }

  cells(slots: readonly Slot[], table: string, cells: readonly string[]): Sum {
    const sum = new Map<number, number>();
    for (const { from } of slots)
      for (const cell of cells) {
        const at = this.#numbers.get(`${from} ${table}.${cell}`);
        if (at === undefined) throw new Error(`No such count: ${from} ${table}.${cell}`);
        sum.set(at, 1);
      }
    return sum;
  }

  /** Everything, as the first table divides it. */
  total(slots: readonly Slot[]): Sum {
    const [table, cells] = Object.entries(this.structure.tables)[0] ?? ['', []];
    return this.cells(slots, table, cells);
  }

  slotsIn({ from, to }: Pick<Period, 'from' | 'to'>): readonly Slot[] {
    return this.slots.filter((slot) => from <= slot.from && slot.to <= to);
  }
}

/** What holds whatever the figures are: tables divide the same reports. */
function structural(unknowns: Unknowns): readonly Fact[] {
  const { tables, divides, sums } = unknowns.structure;
  const same = (one: Sum, other: Sum): Fact => ({ sum: minus(one, other), low: 0, high: 0 });
  return unknowns.slots.flatMap((slot) => [
    ...Object.entries(tables).map(([table, cells]) => {
      const [of, cell] = divides[table] ?? [];
      const whole = of && cell ? unknowns.cells([slot], of, [cell]) : unknowns.total([slot]);
      return same(unknowns.cells([slot], table, cells), whole);
    }),
    ...Object.entries(sums).map(([name, parts]) => {
      const members = parts.flatMap((part) => [...named(unknowns, slot, part)]);
      return same(named(unknowns, slot, name), new Map(members));
    }),
  ]);
}

const named = (unknowns: Unknowns, slot: Slot, name: string): Sum => {
  const [table = '', cell = ''] = name.split('.');
  return unknowns.cells([slot], table, [cell]);
};

function minus(one: Sum, other: Sum): Sum {
  const difference = new Map(one);
  for (const [at, times] of other) {
    const left = (difference.get(at) ?? 0) - times;
    if (left === 0) difference.delete(at);
    else difference.set(at, left);
  }
  return difference;
}

/** What the publications say, each by itself. */
function stated(unknowns: Unknowns, { period, published, counted, threshold }: Publication): readonly Fact[] {
  const slots = unknowns.slotsIn(period);
  const { total, tables } = published;
  const facts: Fact[] = [];
  if (total.kind === 'exact') facts.push({ sum: unknowns.total(slots), low: total.value, high: total.value });
  if (total.kind === 'band') facts.push({ sum: unknowns.total(slots), low: total.from, high: total.to });
  for (const [table, cells] of Object.entries(tables)) {
    if (!(table in unknowns.structure.tables)) continue;
    for (const [cell, value] of Object.entries(cells)) {
      const sum = unknowns.cells(slots, table, [cell]);
      const isSmall = (counted.tables[table]?.[cell] ?? 0) < threshold;
      if (value !== null) facts.push({ sum, low: value, high: value });
      else if (`${table}.${cell}` in unknowns.structure.sums) continue;
      else if (isSmall) facts.push({ sum, low: 0, high: threshold - 1 });
      else facts.push({ sum, low: threshold, high: Number.POSITIVE_INFINITY });
    }
  }
  return facts;
}

const factsFrom = (unknowns: Unknowns, publications: readonly Publication[]): readonly Fact[] => [
  ...structural(unknowns),
  ...publications.flatMap((publication) => stated(unknowns, publication)),
];

/** Adds, subtracts and multiplies equations, in whole numbers of any size: whatever is determined by them alone is found. */
export class LinearAttacker {
  /** By the unknown that each row is solved for. The last column, -1, is what the row comes to. */
  readonly #rows = new Map<number, Map<number, bigint>>();

  constructor(unknowns: Unknowns, publications: readonly Publication[]) {
    for (const { sum, low, high } of factsFrom(unknowns, publications)) if (low === high) this.#add(sum, low);
  }

  /** What a sum of unknowns comes to; `undefined` when the equations leave it open. */
  find(sum: Sum): number | undefined {
    const row = this.#reduced(new Map([...sum].map(([at, times]) => [at, BigInt(times)])));
    const scale = row.get(SCALE) ?? 1n;
    const open = [...row.keys()].some((at) => at >= 0);
    return open ? undefined : Number(-(row.get(VALUE) ?? 0n)) / Number(scale);
  }

  #add(sum: Sum, value: number): void {
    const row = this.#reduced(new Map([...sum, [VALUE, value] as const].map(([at, times]) => [at, BigInt(times)])));
    row.delete(SCALE);
    const pivot = [...row.keys()].find((at) => at >= 0);
    if (pivot !== undefined) this.#rows.set(pivot, row);
    else if ((row.get(VALUE) ?? 0n) !== 0n) throw new Error('What was published contradicts itself.');
  }

  /** Rows may hold unknowns that later rows are solved for, so it goes on until none is left. */
  #reduced(given: Map<number, bigint>): Map<number, bigint> {
    const row = new Map(given).set(SCALE, 1n);
    for (;;) {
      const at = [...row.keys()].find((unknown) => unknown >= 0 && this.#rows.has(unknown));
      const solved = at === undefined ? undefined : this.#rows.get(at);
      if (at === undefined || !solved) return row;
      const [mine, theirs] = [row.get(at) ?? 0n, solved.get(at) ?? 1n];
      for (const [key, times] of row) row.set(key, times * theirs);
      for (const [key, times] of solved) row.set(key, (row.get(key) ?? 0n) - times * mine);
      for (const [key, times] of row) if (times === 0n) row.delete(key);
    }
  }
}

const VALUE = -1;
const SCALE = -2;

/** Tries every possibility in whole numbers, with bands and bounds, until one is found that differs. */
export class CountingAttacker {
  readonly #facts: readonly Fact[];
  readonly #truth: readonly number[];
  /** Possibilities found so far. */
  readonly #others: (readonly number[])[] = [];
  /** How many questions were too long to settle. */
  undecided = 0;

  /** @param truth one possibility, from which others are looked for; it decides nothing but how soon they are found. */
  constructor(unknowns: Unknowns, publications: readonly Publication[], truth: readonly number[]) {
    this.#facts = factsFrom(unknowns, publications);
    this.#truth = truth;
  }

  /** Whether a sum of unknowns can only be what it is. */
  isCertain(sum: Sum): boolean {
    const value = comesTo(sum, this.#truth);
    if (this.#others.some((other) => comesTo(sum, other) !== value)) return false;
    const answers = [
      { sum, low: Number.NEGATIVE_INFINITY, high: value - 1 },
      { sum, low: value + 1, high: Number.POSITIVE_INFINITY },
    ].map((other) => this.#isPossible(other));
    if (answers.includes(true)) return false;
    if (!answers.includes(undefined)) return true;
    this.undecided += 1;
    return false;
  }

  #isPossible(other: Fact): boolean | undefined {
    const budget = { left: 300 };
    const ranges = this.#truth.map((value): Range => [0, value + 12]);
    const found = search([other, ...this.#facts], ranges, this.#truth, budget);
    if (found) this.#others.push(found);
    return found !== undefined || (budget.left > 0 ? false : undefined);
  }
}

function comesTo(sum: Sum, counts: readonly number[]): number {
  let value = 0;
  for (const [at, times] of sum) value += times * (counts[at] ?? 0);
  return value;
}

type Range = readonly [low: number, high: number];

/** Stays as near to the truth as the facts let it, and mends the first of them that does not hold, one way or the other. */
function search(
  facts: readonly Fact[],
  given: readonly Range[],
  truth: readonly number[],
  budget: { left: number },
): readonly number[] | undefined {
  const ranges = narrowed(facts, given);
  budget.left -= 1;
  if (!ranges || budget.left <= 0) return undefined;
  const point = ranges.map(([low, high], at) => Math.min(high, Math.max(low, truth[at] ?? 0)));
  const wrong = facts.find(({ sum, low, high }) => comesTo(sum, point) < low || comesTo(sum, point) > high);
  if (!wrong) return point;
  const lacks = comesTo(wrong.sum, point) < wrong.low;
  for (const [at, times] of wrong.sum) {
    const [low, high] = ranges[at] ?? [0, 0];
    const now = point[at] ?? 0;
    const halves: readonly [Range, Range] =
      lacks === times > 0
        ? [
            [now + 1, high],
            [low, now],
          ]
        : [
            [low, now - 1],
            [now, high],
          ];
    if (halves[0][0] > halves[0][1]) continue;
    return (
      search(facts, ranges.with(at, halves[0]), truth, budget) ??
      search(facts, ranges.with(at, halves[1]), truth, budget)
    );
  }
  return undefined;
}

/** What each unknown can still be, given what the others can be; `undefined` when nothing is left. */
function narrowed(facts: readonly Fact[], given: readonly Range[]): Range[] | undefined {
  const ranges = [...given];
  for (let changed = true; changed; ) {
    changed = false;
    for (const fact of facts) {
      const did = narrowedBy(fact, ranges);
      if (did === undefined) return undefined;
      changed ||= did;
    }
  }
  return ranges;
}

/** Whether it made any narrower; `undefined` when it leaves nothing. */
function narrowedBy({ sum, low, high }: Fact, ranges: Range[]): boolean | undefined {
  let least = 0;
  let most = 0;
  for (const [at, times] of sum) {
    const [from, to] = ranges[at] ?? [0, 0];
    least += times > 0 ? times * from : times * to;
    most += times > 0 ? times * to : times * from;
  }
  if (least > high || most < low) return undefined;
  let changed = false;
  if (least >= low && most <= high) return changed;
  for (const [at, times] of sum) {
    const [from, to] = ranges[at] ?? [0, 0];
    if (from === to) continue;
    const [mine, yours] = times > 0 ? [times * from, times * to] : [times * to, times * from];
    const ends = [(low - most + yours) / times, (high - least + mine) / times] as const;
    const next: Range = [Math.max(from, Math.ceil(Math.min(...ends))), Math.min(to, Math.floor(Math.max(...ends)))];
    if (next[0] > next[1]) return undefined;
    if (next[0] === from && next[1] === to) continue;
    ranges[at] = next;
    changed = true;
  }
  return changed;
}
