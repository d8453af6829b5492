import type { Period as Moments } from '../policies/open-questions.js';
import type { Case } from '../reports/case.js';
import type { SchoolProfile } from '../schools/profile.js';
import { type CaseReader, isWithin, ReportTally } from './counting.js';
import { boundsOf } from './periods.js';
import type { Population } from './population.js';
import { asAt, cellsOf, groupOf, type Logged } from './report-cells.js';
import type { Counted, Summary } from './summary.js';

/** Counts the reports of an earlier summary again: as they were when it was made, and as they are later. */
export class LaterCount implements CaseReader {
  readonly #whenMade = new ReportTally();
  readonly #corrected = new ReportTally();
  readonly #later = new ReportTally();
  #aboutHeadteacher = 0;
  readonly #moments: Moments;

  /** @param now when it is counted again. */
  constructor(
    readonly summary: Summary,
    readonly profile: SchoolProfile,
    readonly now: Date,
  ) {
    this.#moments = boundsOf(summary.period, summary.timeZone);
  }

  add(current: Case): void {
    if (!isWithin(current.report.submittedAt, this.#moments)) return;
    const now = asAt(current, this.now);
    if (!now) return;
    const group = groupOf(now, this.profile);
    const cells = group === 'reports' ? cellsOf(now, this.profile, this.now) : undefined;
    if (cells) this.#later.add(cells);
    if (group === 'about_headteacher') this.#aboutHeadteacher += 1;
    const { madeAt } = this.summary;
    const before = asAt(current, madeAt);
    if (!before || groupOf(before, this.profile) !== 'reports') return;
    this.#whenMade.add(cellsOf(before, this.profile, madeAt));
    this.#corrected.add(cells ?? this.#whenLastCounted(now));
  }

  /** As they were when the summary was made, by the school's people, calendar and targets as they are now. */
  whenMade(): Population {
    return this.#whenMade.population();
  }

  /**
   * The same reports as they are later. One that turned out to be about the Headteacher in between does not vanish, which would tell
   * of it: it stays as it was until then.
   */
  corrected(): Population {
    return this.#corrected.population();
  }

  /** What the period would be counted as if its summary were only made now. */
  later(): Pick<Counted, 'reports' | 'aboutHeadteacher'> {
    return { reports: this.#later.population(), aboutHeadteacher: this.#aboutHeadteacher };
  }

  #whenLastCounted({ report, log }: Logged): ReturnType<typeof cellsOf> {
    const isCounted = (length: number) => groupOf({ report, log: log.slice(0, length) }, this.profile) === 'reports';
    const length = log.findLastIndex((_, at) => isCounted(at + 1)) + 1;
    return cellsOf({ report, log: log.slice(0, length) }, this.profile, log[length]?.at ?? this.now);
  }
}
