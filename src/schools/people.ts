import type { Contact, Role, SchoolProfile } from './profile.js';

/** Triagers stand in for the Headteacher, and see weightier things than questions. */
const ANSWER_FOR_THE_HEADTEACHER: readonly Role[] = ['headteacher', 'deputy_headteacher', 'triager'];
/** Senior leaders make the first assessment of what is reported (wasp), and with them whom the school names for it. */
const TRIAGE: readonly Role[] = ['headteacher', 'deputy_headteacher', 'dsl', 'triager'];
/** Those who may come to see a report, by whatever route it goes. */
const RECEIVE: readonly Role[] = [...TRIAGE, 'chair_of_governors', 'trust_or_local_authority'];

/** Those who answer for where reports go; the administrator looks after Teams, and reads no reports for it. */
const SET_UP: readonly Role[] = ['headteacher', 'deputy_headteacher', 'administrator'];
const SET_UP_GOVERNORS: readonly Role[] = ['headteacher', 'chair_of_governors', 'administrator'];

export type Person = SchoolProfile['people'][number];

/** The person as the school's profile knows them. @param personId Entra object id, from the turn. */
export const personIn = ({ people }: SchoolProfile, personId: string | undefined): Person | undefined =>
  people.find(({ id }) => id.toLowerCase() === personId?.toLowerCase());

/** Whether the school lets this person answer questions put to the Headteacher. */
export const mayAnswer = (profile: SchoolProfile, personId: string | undefined): boolean =>
  personIn(profile, personId)?.roles.some((role) => ANSWER_FOR_THE_HEADTEACHER.includes(role)) ?? false;

/** Whether a person may see which questions the policy leaves open: whoever may answer them. */
export const mayReadGaps = mayAnswer;

/** Whether anyone at the school may answer questions put to the Headteacher. */
export const takesEnquiries = (profile: SchoolProfile): boolean =>
  profile.people.some(({ id }) => mayAnswer(profile, id));

/** Everyone who holds a role, in the profile's order. */
export const peopleWith = ({ people }: SchoolProfile, role: Role): readonly Person[] =>
  people.filter(({ roles }) => roles.includes(role));

/** Whether the school lets this person act on reports. Whether they may see one of them, its route says. */
export const mayTriage = (profile: SchoolProfile, personId: string | undefined): boolean =>
  personIn(profile, personId)?.roles.some((role) => TRIAGE.includes(role)) ?? false;

/** Everyone whom some route leads to: whoever reports is asked whether one of them is involved. */
export const receivers = ({ people }: SchoolProfile): readonly Person[] =>
  people.filter(({ roles }) => roles.some((role) => RECEIVE.includes(role)));

/** Whether some route leads to this person, or others may give them a report. */
export const mayReceive = (profile: SchoolProfile, personId: string | undefined): boolean =>
  personIn(profile, personId)?.roles.some((role) => RECEIVE.includes(role)) ?? false;

/** Everyone who may say which channel takes reports, and who is told when it is lost. */
export const setsUp = ({ people }: SchoolProfile): readonly Person[] =>
  people.filter(({ roles }) => roles.some((role) => SET_UP.includes(role)));

/** Whether a person may say which channel takes reports, and see what is connected. */
export const maySetUp = (profile: SchoolProfile, personId: string | undefined): boolean =>
  personIn(profile, personId)?.roles.some((role) => SET_UP.includes(role)) ?? false;

/** Whether a person may say which chat gets the governors' summaries. */
export const maySetUpGovernors = (profile: SchoolProfile, personId: string | undefined): boolean =>
  personIn(profile, personId)?.roles.some((role) => SET_UP_GOVERNORS.includes(role)) ?? false;

/** "Sam Okafor, 01632 960 001". */
export const contactInWords = ({ name, phone, email }: Contact): string =>
  [name, phone ?? email].filter(Boolean).join(', ');
