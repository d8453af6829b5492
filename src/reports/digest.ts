import type { Category } from '../policies/category.js';
import { dayAndTimeAt, isSchoolDay, weekOf } from '../schools/calendar.js';
import type { NewDelivery, Target } from '../schools/delivery.js';
import type { StoredJob } from '../schools/job.js';
import { SCHOOL_WEEK, type SchoolProfile } from '../schools/profile.js';
import { isForChannel, mayRead, readersOf } from './access.js';
import type { Case, Severity } from './case.js';
import { isOverdue } from './due.js';
import { isAwake } from './reminders.js';
import { type Standing, standingOf } from './standing.js';
import { type StoredCase, UnreadableCases } from './stores.js';

export const DIGEST_JOB = 'digest';

/** What is noted of a digest before there was ever one to send. */
const NEVER = '';

/** The school week, named by its Monday, whose list of open cases is to be sent now; or only to be noted, with nothing to send. */
export type DigestDue = { readonly slot: string; readonly send: boolean };

/**
 * Whether the list of open cases is due: once a week, on the day that the profile says or, where there is no school then, on the
 * next school day of that week, else on the last one before. One that was missed is made up on a school day of the same week,
 * never at night. A school that is new gets its first one when the next is due.
 *
 * @param done as noted last.
 */
export function digestDue({ done }: Pick<StoredJob, 'done'>, profile: SchoolProfile, now: Date): DigestDue | undefined {
  const { day, time } = dayAndTimeAt(now, profile.timeZone);
  const { digest } = profile.reminders;
  const week = weekOf(day);
  const [slot = day] = week;
  const planned = week[SCHOOL_WEEK.indexOf(digest.day)] ?? day;
  const schoolDays = week.filter((one) => isSchoolDay(profile, one));
  const on = schoolDays.find((one) => one >= planned) ?? schoolDays.at(-1);
  const isPast = on !== undefined && (day > on || (day === on && time >= digest.at));
  if (done === null) return { slot: isPast ? slot : NEVER, send: false };
  const isNow = isPast && schoolDays.includes(day) && isAwake(profile, now);
  return isNow && done < slot ? { slot, send: true } : undefined;
}

/** The unfinished cases, but for some that cannot be read, which are counted. Rejects when the store cannot be reached in time. */
export async function casesFor(
  unfinished: AsyncIterable<StoredCase>,
): Promise<{ readonly cases: readonly Case[]; readonly unreadable: number }> {
  const cases: Case[] = [];
  try {
    for await (const stored of unfinished) cases.push(stored.case);
  } catch (error) {
    if (error instanceof UnreadableCases) return { cases, unreadable: error.count };
    throw error;
  }
  return { cases, unreadable: 0 };
}

/** One list for the Headteacher's channel, and one for everyone who has a case that is not shown there. @param cases the unfinished ones. */
export function digestDeliveries(cases: readonly Case[], profile: SchoolProfile, slot: string): readonly NewDelivery[] {
  const apart = cases.filter((one) => !isForChannel(one, profile)).map((one) => readersOf(one, profile));
  const people = profile.people.filter((person) => apart.some((readers) => readers.includes(person)));
  const targets: readonly Target[] = [
    { to: 'headteacher_channel' },
    ...people.map(({ id: personId }) => ({ to: 'person' as const, personId })),
  ];
  return targets.map((target) => ({ kind: 'case.digest', refs: { slot }, target, placement: { at: 'new' } }));
}

/** Of some cases those that a digest there may show: in the channel what stands there, in a person's own chat what only they have. */
export const shownIn = (cases: readonly Case[], profile: SchoolProfile, target: Target): readonly Case[] =>
  cases.filter((one) =>
    target.to === 'person'
      ? !isForChannel(one, profile) && mayRead(one, profile, target.personId)
      : target.to === 'headteacher_channel' && isForChannel(one, profile),
  );

/** `overdue`: nobody has acknowledged it in time. `waiting`: for the reporter's answer. */
export type OpenAs = 'overdue' | 'new' | 'waiting' | 'open';

export interface DigestRow {
  readonly reference: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly as: OpenAs;
  readonly since: Date;
  /** Entra object id. */
  readonly assignee: string | null;
  /** How many events it has. */
  readonly seen: number;
}

export interface Digest {
  /** `new` counts those that are overdue too, and `open` those that wait for the reporter. */
  readonly figures: Readonly<Record<OpenAs, number>>;
  /** What needs somebody most comes first, then what is oldest. */
  readonly rows: readonly DigestRow[];
}

/** Adds up unfinished cases. */
export function digestOf(cases: readonly Case[], profile: SchoolProfile, now: Date): Digest {
  const rows = cases.map((one) => rowOf(one, profile, now)).toSorted(byNeed);
  const count = (...wanted: readonly OpenAs[]) => rows.filter((row) => wanted.includes(row.as)).length;
  const figures = {
    ...{ overdue: count('overdue'), new: count('new', 'overdue') },
    ...{ waiting: count('waiting'), open: count('open', 'waiting') },
  };
  return { figures, rows };
}

function rowOf(current: Case, profile: SchoolProfile, now: Date): DigestRow {
  const standing = standingOf(current);
  const { category, severity, assignee } = standing;
  const { reference, submittedAt: since } = current.report;
  const as = isOverdue(current, profile, now) ? 'overdue' : openAs(standing);
  return { reference, category, severity, as, since, assignee, seen: current.log.length };
}

function openAs({ state, questions }: Standing): OpenAs {
  if (state === 'new') return 'new';
  return questions.some(({ answers }) => answers.length === 0) ? 'waiting' : 'open';
}

const NEED: readonly OpenAs[] = ['overdue', 'new', 'open', 'waiting'];

const byNeed = (one: DigestRow, other: DigestRow): number =>
  needOf(one) - needOf(other) || one.since.getTime() - other.since.getTime();

/** A child's safety that nobody has acknowledged is before all. */
const needOf = ({ as, category }: DigestRow): number =>
  category === 'child_safety' && ['overdue', 'new'].includes(as) ? -1 : NEED.indexOf(as);
