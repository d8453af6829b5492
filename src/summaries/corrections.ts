import { digestOf } from '../reports/case-log.js';
import type { LaterCount } from './later-count.js';
import { periodId } from './period.js';
import type { PublishedPopulation } from './population.js';
import type { Correction, Summary } from './summary.js';
import { mayTell } from './suppression.js';

/**
 * What has changed of figures told in earlier summaries of a span, oldest period first. What a summary in between has said already is
 * not said again. A table is left out that cannot be counted now as it was then, as when the school has changed its targets: what
 * changed in it is not for a case to have changed.
 *
 * @param later each of those summaries, counted again.
 */
export function correctionsOf(later: readonly LaterCount[], threshold: number): readonly Correction[] {
  const made = later
    .map(({ summary }) => summary)
    .toSorted((one, other) => one.madeAt.getTime() - other.madeAt.getTime());
  return later
    .toSorted(({ summary: one }, { summary: other }) => (one.period.from < other.period.from ? -1 : 1))
    .flatMap((one) => correctionsOfOne(one, made, threshold));
}

function correctionsOfOne(one: LaterCount, made: readonly Summary[], threshold: number): readonly Correction[] {
  const { summary } = one;
  const told = comparable(asToldLast(summary, made), one);
  const corrected = one.later().reports;
  const allowed = mayTell(corrected, told, Math.max(threshold, summary.threshold));
  return Object.entries(told.tables).flatMap(([table, cells]) =>
    Object.entries(cells).flatMap(([cell, was]) => {
      if (was === null || was === (corrected.tables[table]?.[cell] ?? 0)) return [];
      return [{ period: summary.period, table, cell, was, now: allowed.tables[table]?.[cell] ?? null }];
    }),
  );
}

/** What readers know of a summary's reports: what it told, with what later ones corrected of it. */
function asToldLast({ id, published }: Summary, made: readonly Summary[]): PublishedPopulation {
  const tables = Object.fromEntries(
    Object.entries(published.reports.tables).map(([name, cells]) => [name, { ...cells }]),
  );
  for (const { period, table, cell, now } of made.flatMap(({ corrections }) => corrections)) {
    const cells = periodId(period) === id ? tables[table] : undefined;
    if (cells && cell in cells) cells[cell] = now;
  }
  return { ...published.reports, tables };
}

/** Without the tables that do not come out as they did. */
function comparable(told: PublishedPopulation, later: LaterCount): PublishedPopulation {
  const { counted } = later.summary;
  const again = later.whenMade();
  const isSame = (table: string) => digestOf(again.tables[table]) === digestOf(counted.reports.tables[table]);
  const tables = Object.fromEntries(Object.entries(told.tables).filter(([table]) => isSame(table)));
  return { ...told, tables: again.total === counted.reports.total ? tables : {} };
}
