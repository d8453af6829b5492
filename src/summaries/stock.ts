import type { Figure, PublishedPopulation } from './population.js';
import type { Counted, Published } from './summary.js';

type Stock = Pick<Counted, 'openFromBefore' | 'open' | 'overdue'>;

/** What is known of a count from elsewhere in the same summary. */
interface Known {
  /** What would be left of it for a reader who takes away other counts that are told exactly. */
  readonly rests: readonly number[];
  readonly least: number;
  readonly most: number;
}

/**
 * What is told of cases that wait to be dealt with. None, and as many as the threshold or more, are told exactly, but where a small
 * count is left when what the tables tell of this period is taken away: then only a range that leaves it open.
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
  const tell = (value: number, known: Known) => tellOne(value, threshold, banded, known);
  const stillOpen = reports.tables.outcome?.still_open ?? null;
  const open = tell(stock.open, {
    rests: stillOpen === null ? [] : [stock.open - stillOpen],
    ...{ least: stillOpen ?? 0, most: Number.POSITIVE_INFINITY },
  });
  const mostOpen = open.kind === 'exact' ? open.value : open.kind === 'band' ? open.to : Number.POSITIVE_INFINITY;
  const ofPeriod = reports.tables.acknowledged?.overdue ?? null;
  const overdue = tell(stock.overdue, {
    rests: ofPeriod === null ? [] : [stock.overdue - ofPeriod],
    ...{ least: ofPeriod ?? 0, most: mostOpen },
  });
  const sinceThen = stock.open - stock.openFromBefore;
  const openFromBefore = tell(stock.openFromBefore, {
    rests: open.kind === 'exact' ? [sinceThen, ...(stillOpen === null ? [] : [sinceThen - stillOpen])] : [],
    ...{ least: 0, most: mostOpen - (stillOpen ?? 0) },
  });
  return { open, overdue, openFromBefore };
}

function tellOne(value: number, threshold: number, banded: boolean, { rests, least, most }: Known): Figure {
  if (value === 0) return { kind: 'exact', value };
  const isSmall = (count: number) => count > 0 && count < threshold;
  if (!banded && !isSmall(value) && !rests.some(isSmall)) return { kind: 'exact', value };
  const band = bandOf(value, threshold);
  return Math.max(band.from, least) < Math.min(band.to, most) ? band : { kind: 'hidden' };
}

function bandOf(value: number, threshold: number): Figure & { readonly kind: 'band' } {
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
