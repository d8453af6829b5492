import { dayInWords } from '../schools/calendar.js';
import { peopleWith, personIn } from '../schools/people.js';
import type { Contact, Role, SchoolProfile } from '../schools/profile.js';
import { timeAt } from '../schools/time.js';
import { acknowledgeBy } from './due.js';
import type { NameFor, Report } from './report.js';
import { timeKept } from './retention.js';
import type { Route } from './route.js';

/** In the order in which a person is named by one of several. */
const OFFICE: readonly (readonly [Role, string])[] = [
  ['headteacher', 'Headteacher'],
  ['chair_of_governors', 'chair of governors'],
  ['dsl', 'designated safeguarding lead'],
  ['deputy_headteacher', 'deputy headteacher'],
  ['trust_or_local_authority', 'for the trust or local authority'],
];

/** "Ruth Castellan (chair of governors)". */
export function personInWords(profile: SchoolProfile, id: string): string {
  const person = personIn(profile, id);
  if (!person) return 'somebody who has left';
  const office = OFFICE.find(([role]) => person.roles.includes(role))?.[1];
  return office === undefined ? person.name : `${person.name} (${office})`;
}

/** "Ann, Ben and Cem". */
export const listInWords = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

const peopleInWords = (profile: SchoolProfile, ids: readonly string[]): string =>
  listInWords(ids.map((id) => personInWords(profile, id)));

/**
 * Where a report goes and who sees the reporter's name, in one or two sentences each. In plain text.
 *
 * @param nameFor what the reporter has chosen, where they have.
 */
export function routeSentence(route: Route, profile: SchoolProfile, nameFor: NameFor | null = null): string {
  return `${whereSentence(route, profile)} ${nameSentence(route, nameFor)}`;
}

function whereSentence({ way, people, channel }: Route, profile: SchoolProfile): string {
  const whom = peopleInWords(profile, people);
  const who = people.length > 1 ? `${whom}, each in their own chat` : `${whom} in their own chat`;
  switch (way) {
    case 'headteacher_channel':
      return 'This goes to the Headteacher’s channel, where a card says that a report has come in, but not what it says.';
    case 'safeguarding':
      return channel
        ? `This goes at once to ${who}; a card in the Headteacher’s channel says only that there is an urgent report.`
        : `This goes at once to ${who}; nothing of it appears in the Headteacher’s channel.`;
    case 'nobody':
      return 'Policy Desk has nobody at the school who can be reached and is not involved. Please phone one of the numbers given.';
    default:
      return `This goes to ${who}; nothing of it appears in the Headteacher’s channel.`;
  }
}

function nameSentence({ way, people }: Route, nameFor: NameFor | null): string {
  const several = people.length > 1;
  switch (way) {
    case 'nobody':
      return 'Nobody sees your name.';
    case 'headteacher_channel':
      if (nameFor === null)
        return 'You choose whether only the Headteacher sees your name, or everyone who deals with reports there.';
      return nameFor === 'recipient'
        ? 'Only the Headteacher sees your name.'
        : 'Everyone who deals with reports there can see your name.';
    case 'safeguarding':
      return several ? 'They see your name.' : 'That person sees your name.';
    default:
      if (nameFor === 'triagers')
        return `${several ? 'They see' : 'That person sees'} your name, and whoever they ask to help.`;
      return `Only ${several ? 'they see' : 'that person sees'} your name.`;
  }
}

/** Who may see the reporter's name, as choices that fit the route. */
export function nameChoices(route: Route, profile: SchoolProfile): readonly { title: string; value: NameFor }[] {
  if (route.people.length === 0)
    return [
      { title: 'Everyone who deals with reports in the Headteacher’s channel', value: 'triagers' },
      { title: 'Only the Headteacher', value: 'recipient' },
    ];
  const whom = peopleInWords(profile, route.people);
  return [
    { title: `${whom}, and whoever they ask to help`, value: 'triagers' },
    { title: `Only ${whom}`, value: 'recipient' },
  ];
}

/** Someone to telephone, and as what. */
export interface NamedContact extends Contact {
  readonly office: string;
}

export const LEAD = 'Designated safeguarding lead';
export const LADO = 'Local authority designated officer (LADO)';

/** Whom the reporter is given to telephone: nobody whom the report is about. */
export function contactsFor({ way, recused, lado }: Route, profile: SchoolProfile): readonly NamedContact[] {
  const { contacts } = profile;
  const free = (role: Role) => peopleWith(profile, role).every(({ id }) => !recused.includes(id));
  /** An office that nobody holds may be the one the report is about. */
  const held = (role: Role) => peopleWith(profile, role).length > 0 && free(role);
  const safeguarding = way === 'safeguarding' || way === 'nobody';
  const wanted: readonly (readonly [boolean, string, Contact | undefined])[] = [
    [safeguarding && held('dsl'), LEAD, contacts.dsl],
    [safeguarding && held('headteacher'), 'Headteacher', contacts.headteacher],
    [way === 'nobody' && held('chair_of_governors'), 'Chair of governors', contacts.chairOfGovernors],
    [way === 'nobody' && free('trust_or_local_authority'), 'Trust or local authority', contacts.trust],
    [way === 'nobody' || lado, LADO, contacts.lado],
  ];
  return wanted.flatMap(([given, office, contact]) => (given && contact ? [{ office, ...contact }] : []));
}

/** What a reporter is told once their report is committed. Sentences in plain text. */
export interface Receipt {
  readonly reference: string;
  /** "Fri 20 Nov 2026, 15:42". */
  readonly when: string;
  readonly where: string;
  readonly name: string;
  readonly next: string;
  /** By when somebody answers: "Tue 24 Nov 2026". `null` where nobody is to wait for an answer. */
  readonly by: string | null;
  readonly contacts: readonly NamedContact[];
  readonly more: string;
}

/** The receipt of a report that goes by a route. */
export function receiptOf(report: Report, route: Route, profile: SchoolProfile): Receipt {
  const due = acknowledgeBy(report, profile);
  const by = route.way === 'safeguarding' || route.way === 'nobody' ? null : dayInWords(due);
  return {
    reference: report.reference,
    when: timeAt(report.submittedAt, profile.timeZone),
    where: whereSentence(route, profile),
    name: nameSentence(route, report.answers.nameFor),
    next: nextSentence(route, profile, by),
    by,
    contacts: contactsFor(route, profile),
    more: `To add something or to withdraw the report, open My reports. The school keeps it for ${timeKept(route.way, profile)} after it is closed.`,
  };
}

function nextSentence({ way, people }: Route, profile: SchoolProfile, by: string | null): string {
  switch (way) {
    case 'headteacher_channel':
      return `The Headteacher or a colleague who deals with reports reads it and answers you by ${by}.`;
    case 'safeguarding':
      return 'Do not wait for an answer: speak to one of them in person or by telephone now, and call 999 if anyone is in danger.';
    case 'nobody':
      return 'Nobody has been told yet. The report is kept, but please telephone now: do not wait for an answer here.';
    default:
      return `${peopleInWords(profile, people)} ${people.length > 1 ? 'read it and answer' : 'reads it and answers'} you by ${by}.`;
  }
}
