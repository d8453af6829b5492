import type { Role, SchoolProfile } from './profile.js';

/** Triagers stand in for the Headteacher, and see weightier things than questions. */
const ANSWER_FOR_THE_HEADTEACHER: readonly Role[] = ['headteacher', 'deputy_headteacher', 'triager'];

type Person = SchoolProfile['people'][number];

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
