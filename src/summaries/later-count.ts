import type { Case } from '../reports/case.js';
import { type CaseReader, ReportTally } from './counting.js';
import { isWithin, type Membership } from './membership.js';
import { boundsOf } from './periods.js';
import type { Population } from './population.js';
import type { Counted, Summary } from './summary.js';

/**
 * Counts the reports of an earlier summary again: as they were when it was made, and as they are later. One of which cases have been
 * deleted cannot be counted again: it `stands` as it was told last.
 */
export class LaterCount implements CaseReader {
  readonly #whenMade = new ReportTally();
  readonly #later = new ReportTally();
  #aboutHeadteacher = 0;
  readonly #moments: ReturnType<typeof boundsOf>;

  /** @param now when it is counted again. @param membership of that summary's reports. */
  constructor(
    readonly summary: Summary,
    readonly now: Date,
    readonly membership: Membership,
    readonly stands = false,
  ) {
    this.#moments = boundsOf(summary.period, summary.timeZone);
  }

  add(current: Case): void {
    if (this.stands || !isWithin(current.report.submittedAt, this.#moments)) return;
    const later = this.membership.placeOf(current, this.now);
    if (later?.group === 'about_headteacher') this.#aboutHeadteacher += 1;
    if (later?.group === 'reports') this.#later.add(later.cells);
    const then = this.membership.placeOf(current, this.summary.madeAt);
    if (then?.group === 'reports') this.#whenMade.add(then.cells);
  }

  /** As they were when the summary was made, by the school's calendar and targets as they are now. */
  whenMade(): Population {
    return this.stands ? this.summary.counted.reports : this.#whenMade.population();
  }

  /** What the period would be counted as if its summary were only made now. */
  later(): Pick<Counted, 'reports' | 'aboutHeadteacher'> {
    if (this.stands) return this.summary.counted;
    return { reports: this.#later.population(), aboutHeadteacher: this.#aboutHeadteacher };
  }
}
