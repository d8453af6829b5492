import { dayAndTimeAt, isSchoolDay, schoolDayAfter } from '../schools/calendar.js';
import type { NewDelivery } from '../schools/delivery.js';
import { mayReceive, peopleWith } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import { isRecused, mayRead } from './access.js';
import type { Case, ReminderStep } from './case.js';
import {
  belowChannelCard,
  type Changeable,
  changed,
  questionOf,
  routeOnward,
  sameId,
  unreachableIn,
} from './case-change.js';
import { acknowledgeBy } from './due.js';
import { CHANNEL, routeFor } from './route.js';
import { all, type Occurred, standingOf } from './standing.js';
import type { CaseChange } from './stores.js';

const HOUR_MS = 60 * 60_000;
const MINUTE_MS = 60_000;
/** As often as the list of open cases comes: enough that nothing is forgotten, and not so often that nobody reads it any more. */
const AGAIN_AFTER_SCHOOL_DAYS = 5;

/**
 * The reminder that is due now for a case that nobody has acknowledged, and no other: whatever came due while Policy Desk was
 * stopped is made up by one. Never outside the waking hours.
 *
 * - On school days, from the time the profile says: first those it was sent to, on the first school day after the day promised to
 *   the reporter; on the next school day whoever stands in; then all of them every five school days.
 * - Of a child's safety, on the days the profile says: those it was sent to, an hour after it came in; then, at every full hour,
 *   they, the designated safeguarding leads and the deputies.
 *
 * Whom the case names, and who has left, is never reminded.
 */
export function reminderDue(stored: Changeable, profile: SchoolProfile, now: Date): CaseChange | undefined {
  const { case: current } = stored;
  const { state, category } = standingOf(current);
  if (state !== 'new' || !isAwake(profile, now)) return undefined;
  const due =
    category === 'child_safety' ? safetyReminder(current, profile, now) : usualReminder(current, profile, now);
  return due && reminded(current, due, now);
}

/** A reminder before it is written down. */
interface Due {
  readonly step: ReminderStep;
  readonly slot: string;
  readonly people: readonly string[];
  readonly channel: boolean;
}

/** Whether it is a time at which people may be reminded of something. */
export function isAwake({ timeZone, reminders: { wakingHours } }: SchoolProfile, now: Date): boolean {
  const { time } = dayAndTimeAt(now, timeZone);
  return wakingHours.from <= time && time < wakingHours.to;
}

function usualReminder(current: Case, profile: SchoolProfile, now: Date): Due | undefined {
  const { day, time } = dayAndTimeAt(now, profile.timeZone);
  if (!isSchoolDay(profile, day) || time < profile.reminders.at) return undefined;
  const { before } = waitingSince(current);
  if (day < nextDay(current, profile, before)) return undefined;
  const [recipients, standIns] = [recipientsOf(current, profile), standInsOf(current, profile)];
  const channel = belowChannelCard(current) !== undefined;
  // Where there is nobody to do a step for, the next one is not put off.
  const toRecipients: Due = { step: 'recipients', slot: day, people: recipients, channel };
  const toStandIns: Due = { step: 'stand_in', slot: day, people: standIns, channel: false };
  const toAll: Due = { step: 'stand_in', slot: day, people: joined(recipients, standIns), channel };
  if (before.length === 0 && !isEmpty(toRecipients)) return toRecipients;
  const hadStandIns = before.some(({ what }) => what.step === 'stand_in');
  return [...(hadStandIns ? [] : [toStandIns]), toAll].find((due) => !isEmpty(due));
}

/**
 * Since when nobody has acknowledged it, and the reminders since: from when it came in or, where it was found to be about something
 * else and went to other people, from then on.
 */
function waitingSince({ report, log }: Case): { since: Date; before: readonly Occurred<'reminded'>[] } {
  const passedOn = all(log, 'category_changed').at(-1);
  const before = all(log, 'reminded').filter(({ number }) => number > (passedOn?.number ?? 0));
  return { since: passedOn?.at ?? report.submittedAt, before };
}

/** The first day on which the next reminder may come. */
function nextDay(current: Case, profile: SchoolProfile, before: readonly Occurred<'reminded'>[]): string {
  const last = before.at(-1)?.what;
  if (!last) return schoolDayAfter(profile, acknowledgeBy(current.report, profile));
  return schoolDayAfter(
    profile,
    last.slot.slice(0, DAY_LENGTH),
    last.step === 'stand_in' ? AGAIN_AFTER_SCHOOL_DAYS : 1,
  );
}

const DAY_LENGTH = '2026-11-20'.length;

function safetyReminder(current: Case, profile: SchoolProfile, now: Date): Due | undefined {
  const { day, time } = dayAndTimeAt(now, profile.timeZone);
  const { childSafety, wakingHours } = profile.reminders;
  if (childSafety === 'school_days' && !isSchoolDay(profile, day)) return undefined;
  const { since, before } = waitingSince(current);
  if (now.getTime() - since.getTime() < HOUR_MS) return undefined;
  const recipients = recipientsOf(current, profile);
  const last = before.at(-1);
  const channel = belowChannelCard(current) !== undefined;
  const first: Due = { step: 'recipients', slot: minuteOf(now), people: recipients, channel };
  if (!last && !isEmpty(first)) return first;
  const hour = fullHour(now, time);
  const isOver = last !== undefined && hour <= new Date(Math.max(last.at.getTime(), Date.parse(last.what.slot)));
  if (isOver || dayAndTimeAt(hour, profile.timeZone).time < wakingHours.from) return undefined;
  const people = joined(recipients, safeguardersOf(current, profile));
  const due: Due = { step: 'hourly', slot: minuteOf(hour), people, channel: false };
  return isEmpty(due) ? undefined : due;
}

/** The full hour by the school's clocks that was last struck, which in some places is no full hour elsewhere. @param time now, there. */
const fullHour = (now: Date, time: string): Date =>
  new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS - Number(time.slice(3)) * MINUTE_MS);

/** A moment's name: in UTC, where the hour that comes twice in October has two. */
const minuteOf = (moment: Date): string => `${moment.toISOString().slice(0, 16)}Z`;

/** Those it was sent to in their own chats; for a case in the channel, the Headteacher as well. */
function recipientsOf(current: Case, profile: SchoolProfile): readonly string[] {
  const { route, category } = standingOf(current);
  const heads = route.channel ? peopleWith(profile, 'headteacher').map(({ id }) => id) : [];
  const haveLeft = route.people.length > 0 && route.people.every((id) => !mayReceive(profile, id));
  const sentTo = haveLeft ? routeOnward(current, profile, category).people : route.people;
  return joined(heads, sentTo).filter((id) => mayRead(current, profile, id));
}

/**
 * Who stands in for those who do not acknowledge it: for a case in the channel the deputies; else whoever the route would choose
 * next. Nobody who was sent it.
 */
function standInsOf(current: Case, profile: SchoolProfile): readonly string[] {
  const { route } = standingOf(current);
  const recipients = recipientsOf(current, profile);
  if (route.channel) return without(recipients, freeOf(current, profile, 'deputy_headteacher'));
  const passedOver = [CHANNEL, ...unreachableIn(current.log), ...route.people, ...recipients];
  const question = { ...questionOf(current.report, passedOver), category: null, recused: route.recused };
  return routeFor(profile, question).people;
}

/** Where the Headteacher is named in it, a deputy, who works to the Headteacher, is not brought in: it went to others from the start. */
function safeguardersOf(current: Case, profile: SchoolProfile): readonly string[] {
  const { postedBy, about } = current.report.answers;
  const isAboutHead =
    [postedBy, about].includes('headteacher') ||
    peopleWith(profile, 'headteacher').some(({ id }) => isRecused(current, id));
  return joined(freeOf(current, profile, 'dsl'), isAboutHead ? [] : freeOf(current, profile, 'deputy_headteacher'));
}

const freeOf = (current: Case, profile: SchoolProfile, role: 'dsl' | 'deputy_headteacher'): readonly string[] =>
  peopleWith(profile, role).flatMap(({ id }) => (isRecused(current, id) ? [] : [id]));

const isEmpty = ({ people, channel }: Due): boolean => people.length === 0 && !channel;

const without = (gone: readonly string[], ids: readonly string[]): readonly string[] =>
  ids.filter((id) => !gone.some((one) => sameId(one, id)));

const joined = (one: readonly string[], other: readonly string[]): readonly string[] => [
  ...one,
  ...without(one, other),
];

function reminded(current: Case, { channel, ...what }: Due, now: Date): CaseChange {
  const refs = { reference: current.report.reference, event: String(current.log.length + 1) };
  const below = channel ? belowChannelCard(current) : undefined;
  const deliveries: readonly NewDelivery[] = [
    ...(below ? [{ kind: 'case.reminder', refs, ...below }] : []),
    ...what.people.map((personId) => ({
      ...{ kind: 'case.reminder', refs, placement: { at: 'new' as const } },
      target: { to: 'person' as const, personId },
    })),
  ];
  return changed(current, { system: true }, now, [{ kind: 'reminded', ...what }], { deliveries });
}
