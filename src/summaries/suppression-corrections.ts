import { BREAKDOWNS, type Figure, type Population, type PublishedPopulation } from './population.js';
import { follows, hostsFirst, isHostTold } from './suppression-breakdowns.js';
import { type Arc, SuppressionGraph } from './suppression-graph.js';
import type { ToldCells } from './suppression-tables.js';

type Tables = Readonly<Record<string, ToldCells>>;

/**
 * What may be told of a population that was told before, and has changed since. Nothing is told that was hidden then, nor what is too
 * small now. A cell that is the same as then is known to be, as it is not among the corrections: so others are hidden with a small one
 * only among those that changed, and where that does not do, nothing is told of those that changed, nor of the total if it did.
 *
 * @param corrected as counted now.
 * @param then what was told.
 * @returns a total only where it was told exactly then, and the tables that were told.
 */
export function mayTell(corrected: Population, then: PublishedPopulation, threshold: number): PublishedPopulation {
  if (then.total.kind !== 'exact') return { total: HIDDEN, tables: {} };
  const same = then.total.value === corrected.total;
  if (!same && corrected.total < threshold) return { total: HIDDEN, tables: closed(corrected, then, threshold) };
  const total: Figure = { kind: 'exact', value: corrected.total };
  const shut = new Set<string>();
  for (;;) {
    const { tables, unsafe } = correctedTables(corrected, then, threshold, shut);
    const more = unsafe
      .flatMap((name) => [name, BREAKDOWNS[name]?.within?.table ?? name])
      .filter((of) => !shut.has(of));
    if (unsafe.length === 0 || (more.length === 0 && same)) return { total, tables };
    if (more.length === 0) return { total: HIDDEN, tables: closed(corrected, then, threshold) };
    for (const name of more) shut.add(name);
  }
}

const HIDDEN: Figure = { kind: 'hidden' };

/** With every table shut. */
const closed = (corrected: Population, then: PublishedPopulation, threshold: number): Tables =>
  correctedTables(corrected, then, threshold, new Set(Object.keys(then.tables))).tables;

/** @param shut tables of which nothing that has changed is to be told. */
function correctedTables(
  corrected: Population,
  then: PublishedPopulation,
  threshold: number,
  shut: ReadonlySet<string>,
): { readonly tables: Tables; readonly unsafe: readonly string[] } {
  const tables: Record<string, ToldCells> = {};
  const unsafe: string[] = [];
  for (const name of hostsFirst(Object.keys(then.tables))) {
    const closed = shut.has(name) || !isHostTold(name, tables);
    const mayTellCell = (cell: string) => !closed && follows(name, cell, corrected, tables);
    const table = { now: corrected.tables[name] ?? {}, was: then.tables[name] ?? {}, threshold };
    const { cells, safe } = correctedCells(table, mayTellCell);
    tables[name] = cells;
    if (!safe && isHostTold(name, tables)) unsafe.push(name);
  }
  return { tables: Object.fromEntries(Object.keys(then.tables).map((name) => [name, tables[name] ?? {}])), unsafe };
}

interface Corrected {
  readonly now: Readonly<Record<string, number>>;
  readonly was: ToldCells;
  readonly threshold: number;
}

/** Tells what it may of a table, hiding the smallest of the cells that changed until no small one can be worked out. */
function correctedCells(table: Corrected, mayTellCell: (cell: string) => boolean) {
  const { now, was, threshold } = table;
  const count = (name: string) => now[name] ?? 0;
  const told = Object.keys(was).filter((name) => was[name] !== null);
  const known = told.filter((name) => was[name] === count(name));
  const open = told
    .filter((name) => !known.includes(name) && count(name) >= threshold && mayTellCell(name))
    .sort((one, other) => count(one) - count(other) || (one < other ? -1 : 1));
  while (open.length > 0 && !isSafe(table, [...known, ...open])) open.shift();
  const shown = new Set([...known, ...open].filter((name) => count(name) >= threshold));
  const cells = Object.fromEntries(Object.keys(was).map((name) => [name, shown.has(name) ? count(name) : null]));
  return { cells, safe: isSafe(table, [...known, ...open]) };
}

/** Whether nothing that is not known follows from what is, where the sum of the cells is known. */
function isSafe({ now, was, threshold }: Corrected, known: readonly string[]): boolean {
  const arcs = Object.keys(was).map((name): Arc => {
    const value = now[name] ?? 0;
    const ends = { from: 1, to: 0, value };
    if (known.includes(name)) return { ...ends, low: value, high: value, care: 'none' };
    const small = was[name] !== null && value < threshold;
    return { ...ends, low: 0, high: small ? threshold - 1 : Number.POSITIVE_INFINITY, care: 'guarded' };
  });
  return new SuppressionGraph(arcs, threshold).leak() === undefined;
}
