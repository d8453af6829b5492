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
/** The cells of a table that say how many got that far. */
const REACHED: Readonly<Partial<Record<TimeTaken, { readonly table: string; readonly cells: readonly string[] }>>> = {
  acknowledge: { table: 'acknowledged', cells: ['in_time', 'late'] },
  close: { table: 'outcome', cells: OUTCOMES },
};

/**
 * What is told of how long things took: a median over as many reports as the threshold, nine of ten over twice as many; and only
 * where being told, or not, gives no hidden cell away.
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
    if (banded) return [taken, NOTHING];
    const range = reachedBy(taken, reports, total);
    const isTold = (least: number) => total > least && isEnough(days.length, least, range);
    return [
      taken,
      {
        median: isTold(threshold) ? percentile(days, 50) : null,
        p90: isTold(2 * threshold) ? percentile(days, 90) : null,
      },
    ];
  });
  return Object.fromEntries(told) as Record<TimeTaken, TimesTold>;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** How many got that far, as a reader can tell from the tables. */
function reachedBy(taken: TimeTaken, { tables }: PublishedPopulation, total: number): Range {
  const { table = '', cells: reached = [] } = REACHED[taken] ?? {};
  const cells = Object.entries(tables[table] ?? {});
  const sum = (wanted: boolean) =>
    cells.reduce((all, [cell, value]) => (reached.includes(cell) === wanted ? all + (value ?? 0) : all), 0);
  const [from, others] = [sum(true), sum(false)];
  const isWhole = cells.length > 0 && cells.every(([cell, value]) => reached.includes(cell) || value !== null);
  return { from: isWhole ? total - others : from, to: total - others };
}

/** At the ends of what is known of a count, being told or not would tell it exactly; there it does not depend on it. */
const isEnough = (count: number, least: number, { from, to }: Range): boolean =>
  from >= least - 1 || (count >= least && (to > least || from === to));
