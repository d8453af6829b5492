import type { Figure, PublishedPopulation } from './population.js';
import type { Counted, Published } from './summary.js';

type Stock = Pick<Counted, 'openFromBefore' | 'open' | 'overdue'>;

/** What a reader knows of a count: that it is no less, and no more. */
interface Bounds {
  readonly least: number;
  readonly most: number;
}

/**
 * What is told of cases that wait to be dealt with. None, and as many as the threshold or more, are told exactly, but not where a small
 * count would be left when what else is told is taken away: of open cases those of this period, of all open cases those of earlier
 * periods or those overdue. All values of which that is so are told as the same band, so that nothing follows from its being one.
 *
 * @param reports as told, of the same period.
 * @param banded never exactly, unless there are none.
 */
export function tellStock(
  stock: Stock,
  reports: PublishedPopulation,
  threshold: number,
  banded: boolean,
): Pick<Published, 'openFromBefore' | 'open' | 'overdue'> {
  if (banded) {
    const [open, overdue, openFromBefore] = [stock.open, stock.overdue, stock.openFromBefore].map((value) =>
      value === 0 ? exact(0) : bandOf(value, threshold),
    );
    return { open: open ?? HIDDEN, overdue: overdue ?? HIDDEN, openFromBefore: openFromBefore ?? HIDDEN };
  }
  const mine = reports.tables.outcome?.still_open ?? null;
  const mineOverdue = reports.tables.acknowledged?.overdue ?? null;
  // What is overdue is open.
  const least = mine ?? mineOverdue ?? 0;
  const open = tellBetween(stock.open, { least, most: Number.POSITIVE_INFINITY }, threshold);
  const openFromBefore =
    open.kind === 'exact'
      ? tellBetween(stock.openFromBefore, { least: 0, most: open.value - least }, threshold)
      : smallOrNone(stock.openFromBefore, threshold);
  return { open, overdue: tellOverdue(stock.overdue, { open, mine, mineOverdue }, threshold), openFromBefore };
}

const HIDDEN: Figure = { kind: 'hidden' };
/** What is told where nothing is. */
export const NO_STOCK: ReturnType<typeof tellStock> = { open: HIDDEN, overdue: HIDDEN, openFromBefore: HIDDEN };
const exact = (value: number): Figure => ({ kind: 'exact', value });
const smallOrNone = (value: number, threshold: number): Figure => (value === 0 ? exact(0) : bandOf(value, threshold));

interface ToldOfOpen {
  readonly open: Figure;
  readonly mine: number | null;
  readonly mineOverdue: number | null;
}

function tellOverdue(value: number, { open, mine, mineOverdue }: ToldOfOpen, threshold: number): Figure {
  if (mineOverdue !== null)
    return value < mineOverdue + threshold
      ? { kind: 'band', from: mineOverdue, to: mineOverdue + threshold - 1 }
      : exact(value);
  if (mine === null && open.kind === 'exact') return tellBetween(value, { least: 0, most: open.value }, threshold);
  const mostOpen = open.kind === 'exact' ? open.value : open.kind === 'band' ? open.to : value;
  // Nothing closer: with what is known of open cases it could tell how many of the period are overdue.
  return value < threshold ? smallOrNone(value, threshold) : { kind: 'band', from: threshold, to: mostOpen };
}

/** Exactly, where nothing small is between a count and either of its bounds; those too near to one are all told alike. */
function tellBetween(value: number, { least, most }: Bounds, threshold: number): Figure {
  const [below, above] = [value - least, most - value];
  if (below === 0 || above === 0 || (below >= threshold && above >= threshold)) return exact(value);
  const [low, high] = [least + threshold - 1, most - threshold + 1];
  if (low >= high) return { kind: 'band', from: least + 1, to: most - 1 };
  return below < threshold ? { kind: 'band', from: least + 1, to: low } : { kind: 'band', from: high, to: most - 1 };
}

function bandOf(value: number, threshold: number): Figure {
  const from = Math.floor(value / threshold) * threshold;
  return { kind: 'band', from: Math.max(1, from), to: from + threshold - 1 };
}

/** Cells that are seen to be zero, though they are hidden, where nothing waits. */
function cellsKnownZero({ open, overdue, openFromBefore }: ReturnType<typeof tellStock>): Record<string, string[]> {
  const isZero = (figure: Figure) => figure.kind === 'exact' && figure.value === 0;
  const noneOfPeriod =
    isZero(open) || (open.kind === 'exact' && openFromBefore.kind === 'exact' && open.value === openFromBefore.value);
  if (noneOfPeriod) return { outcome: ['still_open'], acknowledged: ['overdue', 'not_yet_due'] };
  return isZero(overdue) ? { acknowledged: ['overdue'] } : {};
}

/** The tables but for those in which, with what is told of waiting cases, a single hidden cell would be left, which tells it. */
export function withoutEndangered(
  reports: PublishedPopulation,
  stock: ReturnType<typeof tellStock>,
): PublishedPopulation {
  const zero = cellsKnownZero(stock);
  const isEndangered = ([table, cells]: [string, Readonly<Record<string, number | null>>]): boolean => {
    const hidden = Object.keys(cells).filter((cell) => cells[cell] === null);
    const unknown = hidden.filter((cell) => !zero[table]?.includes(cell));
    return unknown.length === 1 && unknown.length < hidden.length;
  };
  const kept = Object.entries(reports.tables).filter((entry) => !isEndangered(entry));
  return { ...reports, tables: Object.fromEntries(kept) };
}
