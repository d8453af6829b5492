import { isAwake } from '../reports/reminders.js';
import { dayAndTimeAt, dayInWords, daysAfter, isSchoolDay, schoolDayAfter, startOf } from '../schools/calendar.js';
import type { StoredJob } from '../schools/job.js';
import type { SchoolProfile } from '../schools/profile.js';
import { isWithin, overlap, type Period, periodId, SPANS, type Span } from './period.js';
import { type Dates, type Stretch, schoolWeekAt, schoolYears } from './school-years.js';

/**
 * Every period of a span that the profile's terms tell of, oldest first. Weeks go on before and after them, but are not listed.
 */
export function periodsOf(dates: Dates, span: Span): readonly Period[] {
  const { years, terms, halfTerms, weeks } = schoolYears(dates);
  const stretches = { week: weeks, half_term: halfTerms, term: terms, year: years }[span];
  return stretches.map((stretch) => asPeriod(span, stretch));
}

/** The period of a span in which a day lies; `undefined` where the profile's terms do not tell, which they need not for a week. */
export function periodAt(dates: Dates, span: Span, day: string): Period | undefined {
  if (span === 'week') return asPeriod(span, schoolWeekAt(dates, day));
  return periodsOf(dates, span).find(({ from, to }) => from <= day && day <= to);
}

/** The latest period of a span that is over. */
export function lastComplete(profile: SchoolProfile, span: Span, now: Date): Period | undefined {
  const { day: today } = dayAndTimeAt(now, profile.timeZone);
  if (span === 'week') return periodAt(profile, span, daysAfter(schoolWeekAt(profile, today).from, -1));
  return periodsOf(profile, span).findLast(({ to }) => to < today);
}

/** The moment at which a period begins by the school's clocks, and the one at which it is over, which is in it no more. */
export const boundsOf = (
  { from, to }: Pick<Period, 'from' | 'to'>,
  timeZone: string,
): { since: Date; before: Date } => ({
  since: startOf(from, timeZone),
  before: startOf(daysAfter(to, 1), timeZone),
});

/**
 * A period as it can be issued after others, where the profile's dates were mended in between, so that issued periods never overlap
 * in part: one lies within the other, the shorter span in the longer, or they have no day in common. What would overlap in part is
 * cut off: the period begins on the Monday after what was issued, or ends on the Sunday before it, and its name says so.
 *
 * @param issued never overlapping in part themselves.
 * @returns `undefined` where less than half of it would be left, as what was issued tells of most of it; the period itself where it
 * was issued, or nothing is in its way.
 */
export function fitted(period: Period, issued: readonly Period[]): Period | undefined {
  let { from, to } = period;
  for (;;) {
    const inTheWay = issued.find((other) => isInTheWay(other, { ...period, from, to }));
    if (!inTheWay) break;
    if (inTheWay.from <= from) from = daysAfter(inTheWay.to, 1);
    else if (to <= inTheWay.to) to = daysAfter(inTheWay.from, -1);
    else return undefined;
    if (2 * weeksIn({ from, to }) < weeksIn(period)) return undefined;
  }
  return from === period.from && to === period.to
    ? period
    : { ...period, from, to, name: nameCut(period, { from, to }) };
}

function isInTheWay(issued: Period, period: Period): boolean {
  if (!overlap(issued, period)) return false;
  const [inner, outer] = [SPANS.indexOf(issued.span), SPANS.indexOf(period.span)];
  if (inner === outer) return !(isWithin(issued, period) && isWithin(period, issued));
  return inner < outer ? !isWithin(issued, period) : !isWithin(period, issued);
}

/** A summary that is to be made now; or only to be noted, with nothing to make. */
export type SummaryDue =
  | { readonly slot: string; readonly send: true; readonly period: Period }
  | { readonly slot: string; readonly send: false; readonly period: undefined };

/** What is noted before there was ever one to make. */
const NEVER = '';

/** The spans that a school's summaries are made for by themselves. */
export const scheduledSpans = ({ summaries }: Pick<SchoolProfile, 'summaries'>): readonly Span[] => [
  ...(summaries.weekly ? (['week'] as const) : []),
  summaries.governors,
];

/**
 * Whether the summary of a span is due: for the latest period that is over, from the first school day after it, at the time that the
 * profile says. One that was missed is made up, on a school day and never at night, as long as no later period is over. A school
 * that is new gets its first one when the next is due. Where dates are mended afterwards, what was told is not told again (see
 * {@link fitted}).
 *
 * @param done as noted last for that span.
 */
export function summaryDue(
  { done }: Pick<StoredJob, 'done'>,
  profile: SchoolProfile,
  span: Span,
  now: Date,
): SummaryDue | undefined {
  if (!scheduledSpans(profile).includes(span)) return undefined;
  const latest = lastComplete(profile, span, now);
  const isPast = latest && hasCome(schoolDayAfter(profile, latest.to), profile, now);
  if (done === null) return { slot: isPast ? slotOf(latest) : NEVER, send: false, period: undefined };
  if (!isPast || !isAtWork(profile, now)) return undefined;
  const last = periodIn(done, span);
  const period = fitted(latest, last ? [last] : []);
  const isNew = period && (!last || last.to < period.from);
  return isNew ? { slot: slotOf(period), send: true, period } : undefined;
}

/** The day on which a summary goes to the governors: two school days after the Headteacher could first see it. @param madeDay `2026-11-02`. */
export const sendDay = (dates: Dates, madeDay: string): string => schoolDayAfter(dates, madeDay, 2);

/** Whether a summary that is planned for a day goes to the governors now: on that day or, where it was missed, on a later school day. */
export const isSendTime = (on: string, profile: SchoolProfile, now: Date): boolean =>
  hasCome(on, profile, now) && isAtWork(profile, now);

/** Whether it is the time of the profile on a day, or later. */
export function hasCome(on: string, { summaries, timeZone }: SchoolProfile, now: Date): boolean {
  const { day, time } = dayAndTimeAt(now, timeZone);
  return day > on || (day === on && time >= summaries.at);
}

/** Whether it is a school day, and not night. */
export const isAtWork = (profile: SchoolProfile, now: Date): boolean =>
  isSchoolDay(profile, dayAndTimeAt(now, profile.timeZone).day) && isAwake(profile, now);

/** Sorts as the periods do. The last day is in it because dates may be mended later: it says how far was told. */
const slotOf = (period: Period): string => `${periodId(period)}..${period.to}`;

function periodIn(slot: string, span: Span): Period | undefined {
  const [, from, to] = /(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/u.exec(slot) ?? [];
  return from === undefined || to === undefined ? undefined : { span, from, to, name: '' };
}

const asPeriod = (span: Span, { from, to, name }: Stretch): Period => ({
  ...{ span, from, to },
  name: span === 'week' ? weekInWords({ from, to }) : name,
});

/** A week that lasts longer, over holidays, names its last day too. */
const weekInWords = (week: Pick<Period, 'from' | 'to'>): string =>
  weeksIn(week) === 1 ? `Week of ${dayInWords(week.from)}` : `${dayInWords(week.from)} to ${dayInWords(week.to)}`;

function nameCut({ span, name, ...whole }: Period, left: Pick<Period, 'from' | 'to'>): string {
  if (span === 'week') return weekInWords(left);
  const since = left.from === whole.from ? '' : ` from ${dayInWords(left.from)}`;
  const until = left.to === whole.to ? '' : ` to ${dayInWords(left.to)}`;
  return `${name} (${`${since}${until}`.trim()})`;
}

const weeksIn = ({ from, to }: Pick<Period, 'from' | 'to'>): number =>
  (Date.parse(to) - Date.parse(from) + DAY_MS) / (7 * DAY_MS);

const DAY_MS = 24 * 60 * 60_000;
