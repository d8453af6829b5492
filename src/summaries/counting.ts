import type { Period as Moments } from '../policies/open-questions.js';
import type { Case } from '../reports/case.js';
import { readable, type StoredCase } from '../reports/stores.js';
import type { SchoolProfile } from '../schools/profile.js';
import { isWithin, Membership } from './membership.js';
import { type Population, REPORT_TABLES, type ReportTable } from './population.js';
import { asAt, REPORT_CELLS, type ReportCells } from './report-cells.js';
import { type Counted, TIMES_TAKEN, type TimeTaken } from './summary.js';

/** What a summary says of cases. */
export type CountedCases = Pick<
  Counted,
  'reports' | 'aboutHeadteacher' | 'times' | 'openFromBefore' | 'open' | 'overdue'
>;

/** Something that is worked out by looking at one case after another. */
export interface CaseReader {
  add(current: Case): void;
}

/**
 * Shows every case that can be read to all readers, one at a time, so that all figures come from one reading and none of the cases
 * is held.
 *
 * @param pause called between cases, so that reading many of them holds nobody else up.
 * @returns whether there are cases that cannot be read. Rejects when the store cannot be reached in time.
 */
export async function readCases(
  cases: AsyncIterable<StoredCase>,
  readers: readonly CaseReader[],
  pause: () => Promise<void>,
): Promise<{ readonly unreadable: boolean }> {
  let unreadable = false;
  const all = readable(cases, () => {
    unreadable = true;
  });
  for await (const { case: current } of all) {
    for (const reader of readers) reader.add(current);
    await pause();
  }
  return { unreadable };
}

/** Adds up reports that came in during a period. */
export class ReportTally {
  #total = 0;
  readonly #tables = Object.fromEntries(
    REPORT_TABLES.map((table) => [table, Object.fromEntries(REPORT_CELLS[table].map((cell) => [cell, 0]))]),
  ) as Record<ReportTable, Record<string, number>>;
  readonly #times: Record<TimeTaken, number[]> = { acknowledge: [], first_action: [], close: [] };

  add({ cells, times }: ReportCells): void {
    this.#total += 1;
    for (const table of REPORT_TABLES) {
      const cell = cells[table];
      if (cell !== null) this.#tables[table][cell] = (this.#tables[table][cell] ?? 0) + 1;
    }
    for (const taken of TIMES_TAKEN) {
      const days = times[taken];
      if (days !== undefined) this.#times[taken].push(days);
    }
  }

  population(): Population {
    return { total: this.#total, tables: structuredClone(this.#tables) };
  }

  /** Smallest first. */
  times(): Counted['times'] {
    const { acknowledge, first_action, close } = this.#times;
    const inOrder = (days: readonly number[]) => days.toSorted((one, other) => one - other);
    return { acknowledge: inOrder(acknowledge), first_action: inOrder(first_action), close: inOrder(close) };
  }
}

/** Counts the cases of one period, as they were at a moment. The same cases in any order give the same. */
export class CaseCount implements CaseReader {
  readonly #reports = new ReportTally();
  readonly #read: [reference: string, events: number, hash: string][] = [];
  #aboutHeadteacher = 0;
  #openFromBefore = 0;
  #open = 0;
  #overdue = 0;

  /** @param at later than the period. */
  constructor(
    readonly profile: SchoolProfile,
    readonly period: Moments,
    readonly at: Date,
    readonly membership = new Membership(profile),
  ) {}

  add(current: Case): void {
    const known = asAt(current, this.at);
    if (!known) return;
    const { reference, submittedAt } = known.report;
    const isOfPeriod = isWithin(submittedAt, this.period);
    if (isOfPeriod) this.#read.push([reference, known.log.length, known.log.at(-1)?.hash ?? '']);
    const place = this.membership.placeOf(current, this.at);
    if (place?.group === 'about_headteacher' && isOfPeriod) this.#aboutHeadteacher += 1;
    if (place?.group !== 'reports') return;
    const { cells, isFrozen } = place;
    if (isOfPeriod) this.#reports.add(cells);
    // It may have been finished since.
    else if (isFrozen) return;
    if (cells.unfinished) this.#open += 1;
    if (cells.unfinished && submittedAt < this.period.since) this.#openFromBefore += 1;
    if (cells.cells.acknowledged === 'overdue') this.#overdue += 1;
  }

  counted(): CountedCases {
    return {
      reports: this.#reports.population(),
      aboutHeadteacher: this.#aboutHeadteacher,
      times: this.#reports.times(),
      openFromBefore: this.#openFromBefore,
      open: this.#open,
      overdue: this.#overdue,
    };
  }

  /** What was counted: every case of the period, how far its log went, and the hash of its last event then; by reference. */
  inputs(): readonly (readonly [reference: string, events: number, hash: string])[] {
    return this.#read.toSorted(([one], [other]) => (one < other ? -1 : 1));
  }
}
