import type { Role, SchoolProfile } from './profile.js';

/** Those who answer for the policy; triagers stand in for the Headteacher, and see weightier things than open questions. */
const GAP_READERS: readonly Role[] = ['headteacher', 'deputy_headteacher', 'triager'];

/**
 * Whether a person may see which questions the policy leaves open.
 *
 * @param personId Entra object id, from the turn.
 */
export const mayReadGaps = ({ people }: SchoolProfile, personId: string | undefined): boolean =>
  people.some(
    ({ id, roles }) => id.toLowerCase() === personId?.toLowerCase() && roles.some((role) => GAP_READERS.includes(role)),
  );
