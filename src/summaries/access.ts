import { personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { Edition } from './summary.js';

/** Where somebody reads a summary: in a conversation of several, by its id, or in their own chat with Policy Desk. */
export type Through = { readonly chat: string } | 'own_chat';

/** Which summary somebody takes a copy of. */
export interface SummaryCopy {
  readonly schoolId: string;
  /** Entra object id of who asked for it. */
  readonly personId: string;
  /** `periodId` of its period. */
  readonly summaryId: string;
  readonly edition: Edition;
  readonly through: Through;
}

/**
 * Whether a person may read summaries in their own chat: the Headteacher and the chair of governors, but reports about the Headteacher
 * are for a chair alone who is not the Headteacher as well.
 */
export function mayReadInOwnChat(profile: SchoolProfile, personId: string | undefined, edition: Edition): boolean {
  const roles = personIn(profile, personId)?.roles ?? [];
  const [leads, chairs] = [roles.includes('headteacher'), roles.includes('chair_of_governors')];
  return edition === 'chair' ? chairs && !leads : chairs || leads;
}
