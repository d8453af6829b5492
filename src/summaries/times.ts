import { OUTCOMES } from '../reports/case.js';
import type { PublishedPopulation } from './population.js';
import { type Counted, TIMES_TAKEN, type TimesTold, type TimeTaken } from './summary.js';

/**
 * The value that so many of a hundred do not exceed, by nearest rank: always one that was counted.
 *
 * @param sorted smallest first; not empty.
 * @param percent over 0, up to 100.
 */
export const percentile = (sorted: readonly number[], percent: number): number =>
  sorted[Math.max(1, Math.ceil((percent * sorted.length) / 100)) - 1] ?? 0;

const NOTHING: TimesTold = { median: null, p90: null };

/** The cells of a table that say how many got that far; whoever closes a case has acted. */
const REACHED: Readonly<Record<TimeTaken, { readonly table: string; readonly cells: readonly string[] }>> = {
  acknowledge: { table: 'acknowledged', cells: ['in_time', 'late'] },
  first_action: { table: 'outcome', cells: OUTCOMES },
  close: { table: 'outcome', cells: OUTCOMES },
};

/**
 * What is told of how long things took: a median over as many reports as the threshold, nine of ten over twice as many, of one report
 * more than that at least. Where a table tells how many got that far it must tell that these are enough: otherwise being told the
 * median, or not, would say something of the cells that it hides.
 *
 * @param reports as told. @param banded nothing is told, as of a week.
 */
export function tellTimes(
  { reports: { total }, times }: Pick<Counted, 'reports' | 'times'>,
  reports: PublishedPopulation,
  threshold: number,
  banded: boolean,
): Readonly<Record<TimeTaken, TimesTold>> {
  const told = TIMES_TAKEN.map((taken): [TimeTaken, TimesTold] => {
    const days = times[taken];
    const isTold = (least: number) =>
      !banded && days.length >= least && total > least && isOpenly(taken, reports, total, { least, threshold });
    const median = isTold(threshold) ? percentile(days, 50) : null;
    const p90 = isTold(2 * threshold) ? percentile(days, 90) : null;
    return [taken, banded ? NOTHING : { median, p90 }];
  });
  return Object.fromEntries(told) as Record<TimeTaken, TimesTold>;
}

/** Whether it gives no hidden cell away that so many got that far, or that they did not. */
function isOpenly(
  taken: TimeTaken,
  { tables }: PublishedPopulation,
  total: number,
  { least, threshold }: { readonly least: number; readonly threshold: number },
): boolean {
  const { table, cells: reached } = REACHED[taken];
  const cells = Object.entries(tables[table] ?? {});
  if (cells.length === 0) return true;
  const others = cells.filter(([cell]) => !reached.includes(cell));
  const sum = (of: typeof cells) => of.reduce((all, [, value]) => all + (value ?? 0), 0);
  const hidden = others.filter(([, value]) => value === null).length;
  const told = sum(cells) - sum(others);
  if (taken !== 'first_action') return (hidden === 0 ? total - sum(others) : told) >= least;
  // More may have been acted on than closed, but not fewer: so much is known of those closed.
  const closed = Math.max(told, total - sum(others) - hidden * (threshold - 1));
  return closed !== least - 1;
}
