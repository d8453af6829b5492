import { dayAndTimeAt } from '../schools/calendar.js';
import type { SchoolProfile } from '../schools/profile.js';
import { type Period, periodId, type Span } from './period.js';
import { fitted, periodsOf } from './periods.js';

/** Lengths of time that may be asked for; weeks come by themselves. */
const ASKED: readonly Span[] = ['half_term', 'term', 'year'];

/**
 * The periods that may be asked for: those that are over, latest first; of those that end together the shortest is first.
 *
 * @param issued of every span, as their summaries have them, whatever the profile's dates were then.
 */
export function askedFor(profile: SchoolProfile, issued: readonly Period[], now: Date): readonly Period[] {
  const { day: today } = dayAndTimeAt(now, profile.timeZone);
  const known = ASKED.flatMap((span) => periodsOf(profile, span)).flatMap((period) => fitted(period, issued) ?? []);
  const all = new Map([...known, ...issued].map((period) => [periodId(period), period]));
  return [...all.values()]
    .filter(({ span, to }) => ASKED.includes(span) && to < today)
    .toSorted((one, other) => {
      if (one.to !== other.to) return one.to < other.to ? 1 : -1;
      return ASKED.indexOf(one.span) - ASKED.indexOf(other.span);
    });
}
