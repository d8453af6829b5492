import { dayAndTimeAt, daysAfter, isDay, isSchoolDay, startOf } from '../schools/calendar.js';
import { peopleWith } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import { isRecused, mayRead, recipientsOf } from './access.js';
import type { Case, CaseEvent, Happening } from './case.js';
import { changed } from './case-change.js';
import { isAwake } from './reminders.js';
import type { Route } from './route.js';
import { all, type Occurred, standingOf } from './standing.js';
import type { CaseChange } from './stores.js';

/** How long a case is kept. Days are as `2026-11-20`, at the school. */
export interface Kept {
  /** When it was closed or withdrawn last. */
  readonly endedAt: Date;
  /** The day on which its time is over. */
  readonly until: string;
}

/** Those who are answerable for a case are told so many days before it is deleted, so that they can place it on hold. */
export const ANNOUNCED_DAYS_BEFORE = 30;

type Term = keyof SchoolProfile['retention']['years'];

const TERM: Readonly<Record<Route['way'], Term>> = {
  headteacher_channel: 'headteacher',
  headteacher_chat: 'headteacher',
  chair: 'chair',
  trust: 'trust',
  safeguarding: 'safeguarding',
  nobody: 'trust',
};

/** How long the school keeps a case that goes this way, once it has ended: "6 years". */
export function timeKept(way: Route['way'], { retention }: SchoolProfile): string {
  const years = retention.years[TERM[way]];
  return years === 1 ? 'one year' : `${years} years`;
}

/**
 * Until when a case is kept, by where it has gone and by the profile as it is now.
 *
 * @returns `undefined` while it goes on.
 */
export function keptUntil(current: Pick<Case, 'report' | 'log'>, profile: SchoolProfile): Kept | undefined {
  const { state, route } = standingOf(current);
  const ended = endOf(current.log);
  if (!ended || (state !== 'closed' && state !== 'withdrawn')) return undefined;
  const { day } = dayAndTimeAt(ended.at, profile.timeZone);
  return { endedAt: ended.at, until: yearsAfter(day, profile.retention.years[TERM[route.way]]) };
}

/** The event that closed or withdrew a case last, whether or not it was reopened since. */
export const endOf = (log: Case['log']): CaseEvent | undefined =>
  log.findLast(({ what: { kind } }) => kind === 'closed' || kind === 'withdrawn');

/** Of 29 February it is 1 March where that year has no such day: never less than so many years. */
function yearsAfter(day: string, count: number): string {
  const [year = '', ...rest] = day.split('-');
  const later = [Number(year) + count, ...rest].join('-');
  return isDay(later) ? later : `${Number(year) + count}-03-01`;
}

/** Nothing is due for a case that was closed or withdrawn at this time or later, wherever it has gone. */
export function couldBeDue({ timeZone, retention }: SchoolProfile, now: Date): Date {
  const latest = daysAfter(dayAndTimeAt(now, timeZone).day, ANNOUNCED_DAYS_BEFORE + 1);
  return startOf(yearsAfter(latest, -Math.min(...Object.values(retention.years))), timeZone);
}

/** What keeping a case comes to now. */
export type RetentionDue =
  /** Those who are answerable for it are told that it is to be deleted. */
  | { readonly kind: 'announce'; readonly change: CaseChange }
  /** It is deleted. */
  | { readonly kind: 'delete' };

/**
 * What is due for a case whose time is nearly over: 30 days before, on a school day, those who are answerable for it are told, and
 * on the first look from the day that they were told of, it is deleted. Nothing is due outside the waking hours, of a case that
 * goes on or is on legal hold, or where nobody is left who could be told. What was announced is void once the case was reopened,
 * held or taken to be about something else: then it is announced anew. Only the hold of the case itself counts, not that of one
 * it is linked to.
 *
 * No clock that has jumped deletes anything by itself: the announcement in the case's own log must be 30 days old.
 */
export function retentionDue(current: Case, profile: SchoolProfile, now: Date): RetentionDue | undefined {
  const kept = keptUntil(current, profile);
  if (!kept || standingOf(current).hold || !isAwake(profile, now)) return undefined;
  const { day: today } = dayAndTimeAt(now, profile.timeZone);
  const announced = announcedIn(current);
  if (announced) {
    const earliest = daysAfter(dayAndTimeAt(announced.at, profile.timeZone).day, ANNOUNCED_DAYS_BEFORE);
    return [kept.until, announced.what.on, earliest].every((day) => day <= today) ? { kind: 'delete' } : undefined;
  }
  if (today < daysAfter(kept.until, -ANNOUNCED_DAYS_BEFORE) || !isSchoolDay(profile, today)) return undefined;
  const people = answerableFor(current, profile);
  if (people.length === 0) return undefined;
  return { kind: 'announce', change: announce(current, people, laterOf(kept.until, today), now) };
}

/** The later of the end of its time and 30 days from today. */
const laterOf = (until: string, today: string): string => {
  const soonest = daysAfter(today, ANNOUNCED_DAYS_BEFORE);
  return until > soonest ? until : soonest;
};

/** The announcement that stands: nothing has happened since that makes it void. */
export function announcedIn({ log }: Pick<Case, 'log'>): Occurred<'deletion_announced'> | undefined {
  const voided = log.findLast(({ what: { kind } }) => VOIDS.has(kind))?.number ?? 0;
  return all(log, 'deletion_announced').findLast(({ number }) => number > voided);
}

const VOIDS: ReadonlySet<Happening['kind']> = new Set([
  ...(['closed', 'withdrawn', 'reopened', 'hold_placed', 'hold_released', 'category_changed', 'rerouted'] as const),
]);

function announce(current: Case, people: readonly string[], on: string, now: Date): CaseChange {
  const refs = { reference: current.report.reference, event: String(current.log.length + 1) };
  const deliveries = people.map((personId) => ({
    ...{ kind: 'case.deletion_announced', refs, placement: { at: 'new' as const } },
    target: { to: 'person' as const, personId },
  }));
  return changed(current, { system: true }, now, [{ kind: 'deletion_announced', on, people }], { deliveries });
}

/**
 * Who answers for what becomes of a case, by Entra object id: the Headteacher and those it was sent to, as far as they may read it;
 * where none of them is left, deputies and designated safeguarding leads who may; else the chair of governors, unless it names
 * them.
 */
export function answerableFor(current: Pick<Case, 'report' | 'log'>, profile: SchoolProfile): readonly string[] {
  const holding = (...roles: readonly ('headteacher' | 'deputy_headteacher' | 'dsl' | 'chair_of_governors')[]) =>
    roles.flatMap((role) => peopleWith(profile, role)).map(({ id }) => id);
  const reading = (ids: readonly string[]) => ids.filter((id) => mayRead(current, profile, id));
  const chairs = holding('chair_of_governors').filter((id) => !isRecused(current, id));
  const inTurn = [
    reading([...holding('headteacher'), ...recipientsOf(current, profile)]),
    reading(holding('deputy_headteacher', 'dsl')),
    chairs,
  ];
  return distinct(inTurn.find((ids) => ids.length > 0) ?? []);
}

/** Ids of one person may be spelt in capitals or not. */
const distinct = (ids: readonly string[]): readonly string[] =>
  [...new Map(ids.toReversed().map((id) => [id.toLowerCase(), id])).values()].toReversed();

/** Questions asked before this are kept no longer. The day that a month does not have is its last. */
export function questionsKeptSince({ timeZone, retention }: SchoolProfile, now: Date): Date {
  const { day } = dayAndTimeAt(now, timeZone);
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 - retention.questionMonths, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const then = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(date, last)));
  return startOf(then.toISOString().slice(0, 10), timeZone);
}
