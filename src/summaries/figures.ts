import type { Period } from './period.js';
import { NO_STOCK, tellStock, withoutEndangered } from './stock.js';
import type { Counted, Published, Summary, Tally } from './summary.js';
import { suppress } from './suppression.js';
import { tellTimes } from './times.js';

/** A summary that has been made, as far as it says what readers know. */
export interface Issued extends Pick<Summary, 'period' | 'published' | 'threshold'> {
  /** What its period would be counted as by now. */
  readonly counted: Pick<Counted, 'reports' | 'questions' | 'aboutHeadteacher'>;
}

/** Where a clause stands; `undefined` for one that the policy does not have any more. @param key `<policy id>/<clause id>`. */
export type ClauseInWords = (key: string) => string | undefined;

/** How a school has it told. */
export interface Telling {
  /** Counts below it are hidden. */
  readonly threshold: number;
  readonly inWords: ClauseInWords;
  /** Whether it is told how many cases wait. Of two summaries made at one time, only one may: they can be subtracted. */
  readonly tellsStock: boolean;
}

const MOST_LISTED = 5;

/**
 * What may be told of what was counted, so that together with all that was told before it gives nobody away. Of a week no figure is
 * told exactly but none.
 *
 * @param earlier every other summary of the school so far.
 */
export function publish(
  counted: Counted,
  period: Period,
  earlier: readonly Issued[],
  { threshold, inWords, tellsStock }: Telling,
): Published {
  const banded = period.span === 'week';
  const told = (of: 'reports' | 'questions') =>
    suppress(
      counted[of],
      period,
      earlier.map((one) => ({ ...one, counted: one.counted[of], published: one.published[of] })),
      threshold,
    );
  const suppressed = told('reports');
  const stock = tellsStock ? tellStock(counted, suppressed, threshold, banded) : NO_STOCK;
  const reports = withoutEndangered(suppressed, stock);
  return {
    reports,
    times: tellTimes(counted, reports, threshold, banded),
    ...stock,
    questions: told('questions'),
    clauses: listed(counted.clauses, threshold, inWords),
    gaps: listed(counted.gaps, threshold, (subject) => subject),
    unreadable: counted.unreadable,
    aboutHeadteacher: tellAboutHeadteacher(counted, period, earlier, threshold),
  };
}

/** It has no tables, but must not be subtractable over time either. */
function tellAboutHeadteacher(
  { aboutHeadteacher: total }: Counted,
  period: Period,
  earlier: readonly Issued[],
  threshold: number,
): Published['aboutHeadteacher'] {
  const told = earlier.map((one) => ({
    ...one,
    counted: { total: one.counted.aboutHeadteacher, tables: {} },
    published: { total: one.published.aboutHeadteacher, tables: {} },
  }));
  return suppress({ total, tables: {} }, period, told, threshold).total;
}

/** In order, without how often: only what came up often enough. */
const listed = (tallies: readonly Tally[], threshold: number, inWords: ClauseInWords): readonly string[] => {
  const enough = tallies.filter(({ count }) => count >= threshold);
  return [...new Set(enough.flatMap(({ of }) => inWords(of) ?? []))].slice(0, MOST_LISTED);
};
