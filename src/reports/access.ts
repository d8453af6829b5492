import { mayTriage, type Person, personIn, receivers } from '../schools/people.js';
import type { Role, SchoolProfile } from '../schools/profile.js';
import type { Case } from './case.js';
import { all, standingOf } from './standing.js';

/** A child's safety is for those whom the school has made answerable for it (beechwood: the appropriate authorities). */
const SAFEGUARDING: readonly Role[] = ['headteacher', 'deputy_headteacher', 'dsl'];

/**
 * Whether a person may read all of a case and act on it. Never one whom it names, whatever else they are; else those it was sent
 * to, those it was assigned to or who were reminded of it, and, where its card stands in the Headteacher's channel, whoever the
 * school lets triage.
 *
 * @param personId Entra object id, from the turn.
 */
export function mayRead(current: Pick<Case, 'report' | 'log'>, profile: SchoolProfile, personId: string | undefined) {
  const person = personIn(profile, personId);
  if (!person || isRecused(current, person.id)) return false;
  const { route, category } = standingOf(current);
  if (isAmong(route.people, person.id) || isAmong(broughtIn(current), person.id)) return true;
  if (!route.channel || !mayTriage(profile, person.id)) return false;
  return category !== 'child_safety' || person.roles.some((role) => SAFEGUARDING.includes(role));
}

/** Whether a case names this person, so that they see nothing of it. */
export const isRecused = (current: Pick<Case, 'log' | 'report'>, personId: string): boolean =>
  isAmong(standingOf(current).route.recused, personId);

/** Whether a case may be shown where everyone reads who is in the Headteacher's channel: nobody there is named in it. */
export const isForChannel = (current: Pick<Case, 'log' | 'report'>): boolean => standingOf(current).route.channel;

/** Everyone who may act on a case, in the profile's order. */
export const readersOf = (current: Pick<Case, 'report' | 'log'>, profile: SchoolProfile): readonly Person[] =>
  profile.people.filter(({ id }) => mayRead(current, profile, id));

/**
 * Whom a case may be assigned to: whoever may read it, and for one that does not stand in the channel whoever receives reports
 * and is not named in it.
 */
export const assignableTo = (current: Pick<Case, 'report' | 'log'>, profile: SchoolProfile): readonly Person[] =>
  receivers(profile).filter(
    ({ id }) => !isRecused(current, id) && (!isForChannel(current) || mayRead(current, profile, id)),
  );

/**
 * Whether a person who may read a case may also know who reported it: the reporter may have chosen that only the Headteacher, or
 * whoever stands in and got it in their own chat, sees their name.
 */
export function mayKnowReporter(current: Case, profile: SchoolProfile, personId: string): boolean {
  if (!mayRead(current, profile, personId)) return false;
  if (current.report.answers.nameFor !== 'recipient') return true;
  const { route } = standingOf(current);
  return isAmong(route.people, personId) || (personIn(profile, personId)?.roles.includes('headteacher') ?? false);
}

/** Those who were given the case by others, or by a reminder. */
const broughtIn = ({ log }: Pick<Case, 'log'>): readonly string[] => [
  ...all(log, 'assigned').map(({ what }) => what.to),
  ...all(log, 'reminded').flatMap(({ what }) => what.people),
];

const isAmong = (ids: readonly string[], personId: string): boolean =>
  ids.some((id) => id.toLowerCase() === personId.toLowerCase());
