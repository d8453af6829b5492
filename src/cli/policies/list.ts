import { join } from 'node:path';
import { processEnvironment, readSchoolsDir } from '../../config.js';
import { sourceOf } from '../../policies/citation.js';
import type { Policy } from '../../policies/policy.js';
import { inForce } from '../../policies/trust-policies.js';
import { SHARED } from '../../schools/profile.js';
import type { School } from '../../schools/school.js';
import { policiesOf, readSchools, readTrustPolicies } from '../../storage/school-folder.js';
import { counted } from './words.js';

/** Every school with its policies: title, version, dates, number of clauses and file; and which of the trust's it has its own in place of. */
export async function list(): Promise<string> {
  const folder = readSchoolsDir(processEnvironment());
  const [schools, trusts] = [await readSchools(folder), await readTrustPolicies(folder)];
  return schools.map((school) => ofSchool(folder, school, trusts)).join('\n\n');
}

function ofSchool(folder: string, { profile, policies }: School, trusts: readonly Policy[]): string {
  const own = policies.filter(({ ofTrust }) => !ofTrust);
  return [
    `${profile.name} (${profile.id})`,
    ...policies.flatMap((policy) => [
      `  ${sourceOf(policy)}`,
      `    ${counted(policy.clauses.length, 'clause')}, from ${join(policiesOf(folder, policy.ofTrust ? SHARED : profile.id), policy.source)}`,
    ]),
    ...inForce(own, trusts).superseded.flatMap(({ policy, by }) => [
      `  Not used here: ${sourceOf(policy)}`,
      `    The school's own ${by.source} takes the place of the trust's ${policy.source}.`,
    ]),
  ].join('\n');
}
