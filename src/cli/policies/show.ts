import { parseArgs } from 'node:util';
import { processEnvironment, readSchoolsDir } from '../../config.js';
import { AppError } from '../../errors.js';
import { placeOf, sourceOf } from '../../policies/citation.js';
import type { Clause, Policy } from '../../policies/policy.js';
import { readPolicyFile } from '../../storage/policy-file.js';
import { readSchool } from '../../storage/school-folder.js';
import { counted, indented } from './words.js';

/** Every clause of a school's policies, or of one file, with its id, its place and its wording as quoted. */
export async function show(args: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...args],
    options: { school: { type: 'string' }, policy: { type: 'string', multiple: true } },
  });
  const policies = await open(values.school, values.policy ?? []);
  return policies.map(printed).join('\n\n\n');
}

async function open(school: string | undefined, files: readonly string[]): Promise<readonly Policy[]> {
  if (files.length > 0) return Promise.all(files.map((file) => readPolicyFile(file)));
  if (school !== undefined) return (await readSchool(readSchoolsDir(processEnvironment()), school)).policies;
  throw new AppError('unknown_command', 'Name a school with --school ID, or a document with --policy FILE.');
}

function printed(policy: Policy): string {
  const head = `${sourceOf(policy)}\n${policy.source}, ${counted(policy.clauses.length, 'clause')}`;
  return [head, ...policy.clauses.map(clauseLines)].join('\n\n');
}

function clauseLines(clause: Clause): string {
  const place = placeOf(clause);
  return [`${clause.id}${place === '' ? '' : `  ${place}`}`, indented(clause.quote, '    ')].join('\n');
}
