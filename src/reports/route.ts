import type { Category } from '../policies/category.js';
import { mayTriage, type Person, peopleWith, personIn } from '../schools/people.js';
import type { Role, SchoolProfile } from '../schools/profile.js';
import type { Answers, Poster } from './report.js';

/** Where a report goes, decided by whom it is about. */
export type Route = {
  readonly way: 'headteacher_channel' | 'headteacher_chat' | 'chair' | 'trust' | 'safeguarding' | 'nobody';
  /** Entra object ids of the people who get it in their own chat. */
  readonly people: readonly string[];
  /** Whether its card, with the least in it, is posted in the Headteacher's channel. */
  readonly channel: boolean;
  /** Entra object ids of people it is about, who see nothing of it. */
  readonly recused: readonly string[];
  /** The LADO's contact is given to the reporter. */
  readonly lado: boolean;
};

/** Stands for the Headteacher's channel among those who could not be reached. */
export const CHANNEL = 'headteacher_channel';

/** What a route is decided from. */
export interface RouteQuestion extends Pick<Answers, 'postedBy' | 'about' | 'involved'> {
  /** `null`: not said yet. */
  readonly category: Category | null;
  readonly staffConduct?: Answers['staffConduct'];
  /** Entra object id of whoever reports. */
  readonly reporterId: string;
  /** Entra object ids of people who could not be reached, and {@link CHANNEL}. */
  readonly unreachable: readonly string[];
  /** Entra object ids of people who were found to be involved before, whatever they are at the school now. */
  readonly recused?: readonly string[];
}

/**
 * Decides where a report goes. Nobody who posted it, or whom it is about, gets it, by whatever way:
 *
 * - Usually it goes to the Headteacher's channel: reports are made to the Headteacher in the first instance (marsh-green).
 * - The Headteacher is involved: to the chair of governors, and nothing in the channel (Keeping Children Safe in Education, part
 *   four). The chair as well: to the person at the trust or local authority, and the reporter is given the LADO's contact.
 * - Someone who triages is involved: to the Headteacher's own chat, because that person reads the channel. When the Headteacher
 *   cannot be reached, to a deputy, then as if the Headteacher were involved.
 * - The chair alone is involved: as usual, but never to the chair.
 * - A child's safety: to every designated safeguarding lead and the Headteacher at once (beechwood: the appropriate authorities at
 *   once). Where no lead is left, a deputy stands in; where the Headteacher is not, whoever is next above. The channel's card says
 *   the least, and is posted only when nobody is involved who reads the channel. The LADO is for the conduct of staff
 *   (morley-victoria).
 *
 * "A member of staff", "a colleague" or "a governor" without a name could be anyone, and recuses nobody. Where several share an
 * office and one of them is involved, the office counts as involved.
 */
export function routeFor(profile: SchoolProfile, question: RouteQuestion): Route {
  const { recused, headteacher, chair, triager } = involvedIn(profile, question);
  const free = (role: Role) =>
    peopleWith(profile, role).filter(({ id }) => !isOneOf(recused, id) && !isOneOf(question.unreachable, id));
  const above: Recipient[] = chair ? ['trust_or_local_authority'] : ['chair_of_governors', 'trust_or_local_authority'];
  const inTurn: Recipient[] = headteacher ? above : ['headteacher', 'deputy_headteacher', ...above];
  const recipient = inTurn.find((role) => free(role).length > 0);
  const recipients = recipient ? free(recipient) : [];
  const channel = !headteacher && !triager && !isOneOf(question.unreachable, CHANNEL);
  const rest = { channel, recused, lado: (headteacher && chair) || concernsStaffAndChildren(profile, question) };

  if (question.category === 'child_safety') {
    const leads = free('dsl').length > 0 || headteacher ? free('dsl') : free('deputy_headteacher');
    const people = idsOf(profile.people.filter((person) => leads.includes(person) || recipients.includes(person)));
    return { way: people.length > 0 ? 'safeguarding' : 'nobody', people, ...rest };
  }
  if (channel) return { way: 'headteacher_channel', people: [], ...rest };
  return { way: recipient ? WAY_TO[recipient] : 'nobody', people: idsOf(recipients), ...rest };
}

type Recipient = Extract<
  Role,
  'headteacher' | 'deputy_headteacher' | 'chair_of_governors' | 'trust_or_local_authority'
>;

/** A deputy stands in for the Headteacher. */
const WAY_TO: Readonly<Record<Recipient, Route['way']>> = {
  headteacher: 'headteacher_chat',
  deputy_headteacher: 'headteacher_chat',
  chair_of_governors: 'chair',
  trust_or_local_authority: 'trust',
};

/** Who is known to be involved, and which offices with them. */
function involvedIn(profile: SchoolProfile, question: RouteQuestion) {
  const { postedBy, about, involved, reporterId, recused: before = [] } = question;
  const named = (office: Office) => postedBy === office || about === office;
  const ids = [...involved, ...before, ...(about === 'reporter' ? [reporterId] : [])];
  const recused = profile.people.filter(
    ({ id, roles }) => isOneOf(ids, id) || OFFICES.some((office) => named(office) && roles.includes(office)),
  );
  const involves = (office: Office) => named(office) || recused.some(({ roles }) => roles.includes(office));
  return {
    recused: idsOf(recused),
    headteacher: involves('headteacher'),
    chair: involves('chair_of_governors'),
    triager: recused.some(({ id }) => mayTriage(profile, id)),
  };
}

/** Roles that, named in a report, mean whoever holds them. */
const OFFICES = ['headteacher', 'chair_of_governors'] as const;
type Office = (typeof OFFICES)[number];

/** Part four of the guidance is for everyone who works at the school, governors and other volunteers among them. */
const WORKS_AT_THE_SCHOOL: readonly (Poster | null)[] = ['staff', 'governor', ...OFFICES];

/** Whether the LADO is to be asked for advice before anything is looked into. */
const concernsStaffAndChildren = (profile: SchoolProfile, question: RouteQuestion): boolean =>
  question.staffConduct === 'yes' ||
  (question.category === 'child_safety' &&
    (WORKS_AT_THE_SCHOOL.includes(question.postedBy) ||
      question.involved.some((id) => personIn(profile, id) !== undefined)));

const idsOf = (people: readonly Person[]): string[] => people.map(({ id }) => id);

/** Whether an Entra object id is among others. */
export const isOneOf = (ids: readonly string[], wanted: string): boolean =>
  ids.some((id) => id.toLowerCase() === wanted.toLowerCase());
