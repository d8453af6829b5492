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
 * Which edition a person may ask for: the Headteacher and the chair of governors may, but the Headteacher's never says what is about
 * the Headteacher, also where they are the chair.
 */
export function editionFor(profile: SchoolProfile, personId: string | undefined): Edition | undefined {
  const roles = personIn(profile, personId)?.roles ?? [];
  if (roles.includes('headteacher')) return 'governors';
  return roles.includes('chair_of_governors') ? 'chair' : undefined;
}

/** Whether a person may read an edition in their own chat; whoever may have the chair's may have the governors' as well. */
export function mayReadInOwnChat(profile: SchoolProfile, personId: string | undefined, edition: Edition): boolean {
  const own = editionFor(profile, personId);
  return own === 'chair' || own === edition;
}
