import { mayReceive, mayTriage, type Person, personIn, receivers } from '../schools/people.js';
import type { Role, SchoolProfile } from '../schools/profile.js';
import type { Case } from './case.js';
import { routeOnward } from './case-change.js';
import { isOneOf } from './route.js';
import { all, standingOf } from './standing.js';

/** What of a case decides who may see it. */
type Known = Pick<Case, 'report' | 'log'>;

/** A child's safety is for those whom the school has made answerable for it (beechwood: the appropriate authorities). */
const SAFEGUARDING: readonly Role[] = ['headteacher', 'deputy_headteacher', 'dsl'];
/** Who may be given such a case that does not stand in the channel. */
const ANSWERABLE: readonly Role[] = [...SAFEGUARDING, 'chair_of_governors', 'trust_or_local_authority'];

/**
 * Whether a person may read all of a case and act on it. Never one whom it names, whatever else they are; else those it was sent
 * to, those it was assigned to or who were reminded of it, as long as they deal with reports at all, and, where its card stands in the Headteacher's channel, whoever the
 * school lets triage.
 *
 * @param personId Entra object id, from the turn.
 */
export function mayRead(current: Known, profile: SchoolProfile, personId: string | undefined): boolean {
  const person = personIn(profile, personId);
  if (!person || isRecused(current, person.id)) return false;
  const isGiven = isOneOf(recipientsOf(current, profile), person.id) || isOneOf(broughtIn(current), person.id);
  if (isGiven && mayReceive(profile, person.id)) return true;
  const { route, category } = standingOf(current);
  if (!route.channel || !mayTriage(profile, person.id)) return false;
  return category !== 'child_safety' || holds(person, SAFEGUARDING);
}

/** Whether a case names this person, so that they see nothing of it. */
export function isRecused({ report, log }: Known, personId: string): boolean {
  const { involved, about } = report.answers;
  const named = [...standingOf({ report, log }).route.recused, ...involved];
  return isOneOf(about === 'reporter' ? [...named, report.reporter.personId] : named, personId);
}

/**
 * Whether a case may be shown where everyone reads who is in the Headteacher's channel: nobody there is named in it, nor anybody
 * who has come to deal with reports since it was sent there.
 */
export const isForChannel = (current: Known, profile: SchoolProfile): boolean =>
  standingOf(current).route.channel &&
  !profile.people.some(({ id }) => mayTriage(profile, id) && isRecused(current, id));

/** Everyone who may act on a case, in the profile's order. */
export const readersOf = (current: Known, profile: SchoolProfile): readonly Person[] =>
  profile.people.filter(({ id }) => mayRead(current, profile, id));

/**
 * Whom a case may be assigned to: whoever may read it, and for one that does not stand in the channel whoever receives reports,
 * or of a child's safety is answerable for that, and is not named in it.
 */
export function assignableTo(current: Known, profile: SchoolProfile): readonly Person[] {
  const { route, category } = standingOf(current);
  const isFit = (person: Person): boolean =>
    !route.channel && (category !== 'child_safety' || holds(person, ANSWERABLE)) && !isRecused(current, person.id);
  return receivers(profile).filter((person) => isFit(person) || mayRead(current, profile, person.id));
}

/**
 * Whether a case may be named in another: only where everyone who reads that one may read it, too. Its reference alone would tell
 * somebody whom it is kept from that there is such a case, and what it is about.
 *
 * @param readers of the case that it would be named in.
 */
export const mayBeNamedTo = (current: Known, readers: readonly Person[], profile: SchoolProfile): boolean =>
  readers.every(({ id }) => mayRead(current, profile, id));

/**
 * Whether a person who may read a case may also know who reported it: the reporter may have chosen that only the Headteacher, or
 * whoever stands in and got it in their own chat, sees their name.
 */
export function mayKnowReporter(current: Known, profile: SchoolProfile, personId: string): boolean {
  if (!mayRead(current, profile, personId)) return false;
  if (current.report.answers.nameFor !== 'recipient') return true;
  const isHead = personIn(profile, personId)?.roles.includes('headteacher') ?? false;
  return isHead || isOneOf(recipientsOf(current, profile), personId);
}

/**
 * Whether a person who may read a case may also place it on legal hold, and take that back: whoever is answerable for keeping it,
 * and not everybody who deals with reports.
 */
export const mayHold = (current: Known, profile: SchoolProfile, personId: string): boolean => {
  const person = personIn(profile, personId);
  if (!person || !mayRead(current, profile, person.id)) return false;
  const answerable = [...recipientsOf(current, profile), ...toldOfDeletion(current)];
  return holds(person, SAFEGUARDING) || isOneOf(answerable, person.id);
};

/**
 * Those whom it was sent to in their own chat; where all of them have left the school, or deal with reports no longer, those whom it
 * would be sent to now.
 */
export function recipientsOf(current: Known, profile: SchoolProfile): readonly string[] {
  const { route, category } = standingOf(current);
  const haveLeft = route.people.length > 0 && route.people.every((id) => !mayReceive(profile, id));
  return haveLeft ? routeOnward(current, profile, category).people : route.people;
}

/** Who was told that it will be deleted may look at what that is, and keep it: where nobody else is left, that is somebody new to it. */
const toldOfDeletion = ({ log }: Pick<Case, 'log'>): readonly string[] =>
  all(log, 'deletion_announced').flatMap(({ what }) => what.people);

/** Those who were given the case by others, by a reminder, or by word that it will be deleted. */
const broughtIn = ({ log }: Pick<Case, 'log'>): readonly string[] => [
  ...toldOfDeletion({ log }),
  ...all(log, 'assigned').map(({ what }) => what.to),
  ...all(log, 'reminded').flatMap(({ what }) => what.people),
];

const holds = ({ roles }: Person, wanted: readonly Role[]): boolean => roles.some((role) => wanted.includes(role));
