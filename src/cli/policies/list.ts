import { join } from 'node:path';
import { processEnvironment, readSchoolsDir } from '../../config.js';
import { sourceOf } from '../../policies/citation.js';
import { readSchools } from '../../storage/school-folder.js';
import { counted } from './words.js';

/** Every school with its policies: title, version, dates, number of clauses and file. */
export async function list(): Promise<string> {
  const folder = readSchoolsDir(processEnvironment());
  const schools = await readSchools(folder);
  return schools
    .map(({ profile, policies }) =>
      [
        `${profile.name} (${profile.id})`,
        ...policies.flatMap((policy) => [
          `  ${sourceOf(policy)}`,
          `    ${counted(policy.clauses.length, 'clause')}, from ${join(folder, profile.id, 'policies', policy.source)}`,
        ]),
      ].join('\n'),
    )
    .join('\n\n');
}
