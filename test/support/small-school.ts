import { buildClauseIndex } from '../../src/policies/clause-index.js';
import { readPolicy } from '../../src/policies/read-policy.js';
import type { School } from '../../src/schools/school.js';
import { readProfile } from '../../src/storage/school-folder.js';
import { SCHOOLS_DIR } from './sample-school.js';

const POLICY = `Social media policy

1. Staff must use a school phone to ring parents, and never their own phone.

2. Zebras must be kept in the stable during lessons.
`;

/** The sample school with a policy that says so little that nearly every question shows a gap. */
export async function smallSchool(id: string): Promise<School> {
  const profile = await readProfile(SCHOOLS_DIR, 'example-primary');
  const policies = [await readPolicy('small.txt', new TextEncoder().encode(POLICY))];
  return { profile: { ...profile, id }, policies, index: buildClauseIndex(policies) };
}
