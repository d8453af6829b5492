import { digestOf } from '../reports/case-log.js';
import type { LaterCount } from './later-count.js';
import { periodId, type Span } from './period.js';
import type { Population, PublishedPopulation } from './population.js';
import type { Correction, Summary } from './summary.js';
import { mayTell, mayTellAgain, type Told } from './suppression.js';

/** What readers may know by now of a summary that was made before. */
export interface Known {
  readonly later: LaterCount;
  /** What they were told of its reports, the last time that anything was. */
  readonly was: PublishedPopulation;
  /** As it is by now: what has changed is told only where nothing that is hidden of any period follows. */
  readonly now: PublishedPopulation;
}

/**
 * What readers may know by now of every summary. Those made first come first: where what has changed in two of them would tell of
 * another what is too small, it is told of the first.
 *
 * @param later every summary so far, counted again.
 */
export function knownOf(later: readonly LaterCount[], threshold: number): readonly Known[] {
  const all = later.toSorted((one, other) => one.summary.madeAt.getTime() - other.summary.madeAt.getTime());
  const made = all.map(({ summary }) => summary);
  const known = all.map((one): Known => {
    const was = asToldLast(one.summary, made);
    return { later: one, was, now: one.stands ? was : unchanged(was, one.later().reports) };
  });
  for (const [at, one] of known.entries()) {
    if (one.later.stands) continue;
    const corrected = one.later.later().reports;
    const allowed = mayTell(corrected, one.was, Math.max(threshold, one.later.summary.threshold));
    const opened = { ...one, now: { ...one.was, tables: allowed.tables } };
    const others = known.filter((other) => other !== one).map(asTold);
    const adds = digestOf(opened.now) !== digestOf(one.now);
    if (adds && mayTellAgain(asTold(opened), others, threshold)) known[at] = opened;
  }
  return known;
}

const asTold = ({ later, now }: Known): Told => {
  const { period, threshold } = later.summary;
  return { period, threshold, counted: later.later().reports, published: now };
};

/** What was told and is still so. */
function unchanged(was: PublishedPopulation, { tables }: Population): PublishedPopulation {
  const still = (table: string, cells: PublishedPopulation['tables'][string]) =>
    Object.fromEntries(
      Object.entries(cells).map(([cell, count]) => [cell, count === (tables[table]?.[cell] ?? 0) ? count : null]),
    );
  return {
    ...was,
    tables: Object.fromEntries(Object.entries(was.tables).map(([table, cells]) => [table, still(table, cells)])),
  };
}

/**
 * What has changed of figures told in earlier summaries of a span, oldest period first. What a summary in between has said already is
 * not said again. A table is left out that cannot be counted now as it was then, as when the school has changed its targets: what
 * changed in it is not for a case to have changed.
 */
export function correctionsOf(span: Span, known: readonly Known[]): readonly Correction[] {
  return known
    .filter(({ later }) => later.summary.period.span === span && !later.stands)
    .toSorted(({ later: one }, { later: other }) => (one.summary.period.from < other.summary.period.from ? -1 : 1))
    .flatMap(correctionsOfOne);
}

function correctionsOfOne({ later, was: told, now }: Known): readonly Correction[] {
  const { period } = later.summary;
  const corrected = later.later().reports;
  return Object.entries(comparable(told, later).tables).flatMap(([table, cells]) =>
    Object.entries(cells).flatMap(([cell, was]) => {
      if (was === null || was === (corrected.tables[table]?.[cell] ?? 0)) return [];
      return [{ period, table, cell, was, now: now.tables[table]?.[cell] ?? null }];
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
