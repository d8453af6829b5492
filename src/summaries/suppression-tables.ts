import type { Period } from './period.js';
import { type Arc, SuppressionGraph } from './suppression-graph.js';
import type { Branch } from './suppression-tree.js';

/** Cells of a table by name, `null` for one that is hidden. */
export type ToldCells = Readonly<Record<string, number | null>>;

/** One table of a period in which what the table is of is told exactly. */
export interface ToldTable {
  readonly period: Period;
  readonly cells: Readonly<Record<string, number>>;
  /** `undefined`: it is left out. */
  readonly told: ToldCells | undefined;
  /** Counts below this were hidden then. */
  readonly threshold: number;
  /** It is known that there was nothing at all. */
  readonly none: boolean;
}

/** What a table may tell. `fresh` is the new one among the others, and may tell no other cells than those allowed. */
export interface TableQuestion {
  readonly trees: readonly Branch<ToldTable>[];
  readonly fresh: ToldTable;
  readonly threshold: number;
}

/**
 * Hides, beside the cells that are small, the smallest others until nothing small can be worked out; then shows those again that
 * need not have been hidden.
 *
 * @returns names of the cells to be told; empty when it is to be left out.
 */
export function cellsToTell(question: TableQuestion): ReadonlySet<string> {
  const { fresh, threshold } = question;
  const safe = safeCells(question);
  const told = new Set(smallestFirst(fresh.cells).filter((name) => (fresh.cells[name] ?? 0) >= threshold));
  const hidden: string[] = [];
  for (const name of told) {
    if (safe.with(told)) break;
    // To hide what can be worked out already would keep nothing.
    if (safe.isPlain(name)) continue;
    told.delete(name);
    hidden.push(name);
  }
  if (!safe.with(told)) return new Set();
  for (const name of hidden.reverse()) if (!safe.with(told.add(name))) told.delete(name);
  return told;
}

/** Whether exactly these cells may be told. */
export const mayTellCells = (question: TableQuestion, told: ReadonlySet<string>): boolean =>
  safeCells(question).with(told);

function safeCells(question: TableQuestion) {
  const { fresh, trees, threshold } = question;
  const arcs = tableArcs(trees, namesIn(question), threshold);
  const before = new SuppressionGraph(arcs, threshold);
  let latest = before;
  let isSafe = false;
  let suspect: number | undefined;
  return {
    with: (told: ReadonlySet<string>) => {
      const table = { ...fresh, told: masked(fresh.cells, told) };
      const now = arcs.map((arc) =>
        arc.cell?.of === fresh ? { ...arc, ...boundsOf(table, arc.cell.name, threshold) } : arc,
      );
      const graph = new SuppressionGraph(now, threshold, latest);
      suspect = graph.leak(before, suspect);
      // What showed the last safe one to be safe helps with others; until there is one, so does the last.
      isSafe ||= suspect === undefined;
      if (!isSafe || suspect === undefined) latest = graph;
      return suspect === undefined;
    },
    isPlain: (name: string) => before.tells(arcs.findIndex(({ cell }) => cell?.of === fresh && cell.name === name)),
  };
}

/** Cells of a table under a mask; `undefined` when it hides them all. */
export const masked = (cells: Readonly<Record<string, number>>, told: ReadonlySet<string>): ToldCells | undefined =>
  told.size === 0
    ? undefined
    : Object.fromEntries(Object.entries(cells).map(([name, value]) => [name, told.has(name) ? value : null]));

/** By name where they are as large, so that nothing depends on the order in which they were counted. */
const smallestFirst = (cells: Readonly<Record<string, number>>): readonly string[] =>
  Object.keys(cells).sort((one, other) => (cells[one] ?? 0) - (cells[other] ?? 0) || (one < other ? -1 : 1));

function namesIn({ trees, fresh }: TableQuestion): readonly string[] {
  const names = new Set(Object.keys(fresh.cells));
  const add = ({ of, within }: Branch<ToldTable>) => {
    for (const name of Object.keys(of.cells)) names.add(name);
    within.forEach(add);
  };
  trees.forEach(add);
  return [...names].sort();
}

interface CellArc extends Arc {
  readonly cell?: { readonly of: ToldTable; readonly name: string };
}

const OPEN = { low: 0, high: Number.POSITIVE_INFINITY } as const;

/**
 * Every shortest period (or rest of a longer one that is told of in no other way) is a vertex that its reports flow from, through one
 * arc for each cell, on through the cells of the longer periods, to 0. What flows from a period is known, so no arc is needed for it.
 */
function tableArcs(
  trees: readonly Branch<ToldTable>[],
  names: readonly string[],
  threshold: number,
): readonly CellArc[] {
  const arcs: CellArc[] = [];
  let vertices = 1;
  const add = ({ of, within, covered }: Branch<ToldTable>, above: readonly number[]) => {
    if (of.none) return;
    const from = vertices;
    vertices += within.length === 0 ? 1 : names.length;
    const here = within.length === 0 ? [] : names.map((_, at) => from + at);
    for (const [at, name] of names.entries()) {
      const value = of.cells[name] ?? 0;
      const ends = { from: here[at] ?? from, to: above[at] ?? 0 };
      arcs.push({ ...ends, value, ...boundsOf(of, name, threshold), cell: { of, name } });
    }
    for (const branch of within) add(branch, here);
    if (within.length === 0 || covered) return;
    const rest = vertices++;
    for (const [at, name] of names.entries()) {
      const others = within.reduce((sum, branch) => sum + (branch.of.cells[name] ?? 0), 0);
      const value = Math.max(0, (of.cells[name] ?? 0) - others);
      arcs.push({ from: rest, to: here[at] ?? 0, value, ...OPEN, care: value < threshold ? 'guarded' : 'none' });
    }
  };
  for (const tree of trees) add(tree, []);
  return arcs;
}

/** A reader is taken to know which hidden cells are small, and which were hidden only to keep those; they are not told. */
function boundsOf(table: ToldTable, name: string, threshold: number): Pick<Arc, 'low' | 'high' | 'care'> {
  const value = table.cells[name] ?? 0;
  const small = value < threshold;
  if (!table.told) return { ...OPEN, care: small ? 'guarded' : 'none' };
  const figure = table.told[name] ?? null;
  // Cases may have changed since it was told.
  if (figure !== null) return { low: value, high: value, care: small && figure !== value ? 'stale' : 'none' };
  return value < table.threshold
    ? { low: 0, high: table.threshold - 1, care: 'guarded' }
    : { low: table.threshold, high: Number.POSITIVE_INFINITY, care: 'guarded' };
}
