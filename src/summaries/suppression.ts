import { isWithin, type Period } from './period.js';
import { BREAKDOWNS, type Population, type PublishedPopulation } from './population.js';
import { follows, hostsFirst, isHostTold } from './suppression-breakdowns.js';
import { cellsToTell, masked, mayTellCells, type ToldCells, type ToldTable } from './suppression-tables.js';
import { tellTotal } from './suppression-totals.js';
import { cross, treesOf } from './suppression-tree.js';

export { mayTell } from './suppression-corrections.js';

/** What was told of a period before. */
export interface Told {
  readonly period: Period;
  /** As the cases stand now, not as they stood when it was told. */
  readonly counted: Population;
  readonly published: PublishedPopulation;
  /** Counts below this were hidden then; the present threshold where it is left out. */
  readonly threshold?: number;
}

/**
 * What may be told of a population in a period, beside everything told before: no count below the threshold, and nothing from which
 * one could be worked out by adding and subtracting, nor from bands and from knowing why a cell is hidden.
 *
 * Totals are settled first, over the tree of weeks in half-terms in terms in years. A table is told only where what it is of is told
 * exactly, so tables do not tell anything of totals that are not, nor of each other: however many reports of a half-term there may
 * have been, they can be spread over the half-terms of a term so that each table of the term comes out the same. Each table is
 * therefore looked at by itself, over the tree of those periods whose total is told exactly; what is left of a longer one when the
 * shorter are taken away is looked after as if it were a period. `kind` divides one category in the same way as a table divides a
 * total, and `severity`, which follows from the others, is told where it follows from what they tell.
 *
 * A summary that tells nothing is always safe, so there is always an answer: to name a period within another (or a rest of one) of
 * which nothing is known but that it is a part, restricts no count. If the whole could change, the part can change with it; if the
 * whole is known it is no small one, or that would have been worked out before, and then one can be moved between the part and what
 * is left of it. By induction over the summaries in the order in which they were made, nothing that any of them hides can be worked
 * out. Where cases have changed since, so that older figures no longer fit, only what the new summary would add is looked at.
 *
 * What was told before never changes; the new summary yields.
 *
 * @param earlier all that was told before of the same things, in any order.
 * @param threshold counts below it are hidden; 3 or more.
 */
export function suppress(
  counted: Population,
  period: Period,
  earlier: readonly Told[],
  threshold: number,
): PublishedPopulation {
  // Where the calendar was changed, periods may cross, and what one adds to the other cannot be told apart.
  if (earlier.some((told) => tells(told) && cross(told.period, period))) return NOTHING;
  const around = related(period, earlier);
  const totals = around.map((told) => ({
    period: told.period,
    value: told.counted.total,
    figure: told.published.total,
  }));
  const total = tellTotal({ period, value: counted.total }, totals, threshold);
  if (total.kind !== 'exact' || total.value === 0) return { total, tables: {} };
  return { total, tables: tellTables({ period, counted, published: { total, tables: {} } }, around, threshold) };
}

const NOTHING: PublishedPopulation = { total: { kind: 'hidden' }, tables: {} };

const tells = ({ published }: Told): boolean => published.total.kind !== 'hidden';

/** What there is of the longest period that this one is part of, and of everything within that. */
function related(period: Period, earlier: readonly Told[]): readonly Told[] {
  const periods = [period, ...earlier.map((told) => told.period)];
  // One that told nothing, as it crosses another, is known to nobody.
  const known = earlier.filter((told) => tells(told) || !periods.some((other) => cross(told.period, other)));
  let longest = period;
  for (const told of known) if (isWithin(longest, told.period)) longest = told.period;
  return known.filter((told) => isWithin(told.period, longest));
}

function tellTables(fresh: Told, around: readonly Told[], threshold: number): PublishedPopulation['tables'] {
  const names = Object.keys(fresh.counted.tables);
  const tables: Record<string, ToldCells> = {};
  for (const name of hostsFirst(names)) {
    const told = tellTable(name, { ...fresh, published: { ...fresh.published, tables } }, around, threshold);
    if (told) tables[name] = told;
  }
  // In the order in which they were counted.
  return Object.fromEntries(names.flatMap((name) => (tables[name] ? [[name, tables[name]]] : [])));
}

function tellTable(name: string, fresh: Told, around: readonly Told[], threshold: number): ToldCells | undefined {
  const table = tableOf(name, fresh, threshold);
  if (!table) return undefined;
  const others = around.flatMap((told) => tableOf(name, told, threshold) ?? []);
  const question = { trees: treesOf([...others, table]), fresh: table, threshold };
  if (!BREAKDOWNS[name]?.sums) return masked(table.cells, cellsToTell(question));
  const { counted, published } = fresh;
  const large = Object.keys(table.cells).filter((cell) => (table.cells[cell] ?? 0) >= threshold);
  const cells = new Set(large.filter((cell) => follows(name, cell, counted, published.tables)));
  return mayTellCells(question, cells) ? masked(table.cells, cells) : undefined;
}

/** A table of a period as far as it matters to others: `undefined` where it is not told of how many it is. */
function tableOf(
  name: string,
  { counted, published, period, ...told }: Told,
  threshold: number,
): ToldTable | undefined {
  if (published.total.kind !== 'exact') return undefined;
  const none = published.total.value === 0;
  if (!none && !isHostTold(name, published.tables)) return undefined;
  const cells = counted.tables[name] ?? {};
  return { period, cells, told: published.tables[name], threshold: told.threshold ?? threshold, none };
}

/**
 * Whether tables of a period that was told before may be told as they are now, beside all that was told of others. What of those has
 * changed as well is taken to be known, as it will be once it is corrected.
 *
 * @param corrected with `published` as it is to be told now.
 * @param others every other one that was told, as it stands now.
 */
export function mayTellAgain(corrected: Told, others: readonly Told[], threshold: number): boolean {
  const around = related(corrected.period, others);
  return Object.entries(corrected.published.tables).every(([name, cells]) => {
    const table = tableOf(name, corrected, threshold);
    if (!table) return true;
    const fresh = { ...table, told: undefined };
    const trees = treesOf([...around.flatMap((one) => tableOf(name, one, threshold) ?? []), fresh]);
    const told = Object.keys(cells).filter((cell) => cells[cell] !== null);
    return mayTellCells({ trees, fresh, threshold }, new Set(told));
  });
}
