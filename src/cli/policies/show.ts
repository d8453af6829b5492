import { parseArgs } from 'node:util';
import { processEnvironment, readSchoolsDir } from '../../config.js';
import { AppError } from '../../errors.js';
import { placeOf, sourceOf } from '../../policies/citation.js';
import { buildClauseIndex, keyOf, type Link } from '../../policies/clause-index.js';
import type { Clause, Policy } from '../../policies/policy.js';
import { readPolicyFile } from '../../storage/policy-file.js';
import { readSchool } from '../../storage/school-folder.js';
import { counted, indented } from './words.js';

/**
 * Every clause of a school's policies, or of one file, with its id, its place, its wording as quoted, and the rules of the bank
 * that it is taken to state: those lead questions to it.
 */
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
  throw new AppError('bad_arguments', 'Name a school with --school ID, or a document with --policy FILE.');
}

function printed(policy: Policy): string {
  const head = `${sourceOf(policy)}\n${policy.source}, ${counted(policy.clauses.length, 'clause')}`;
  const index = buildClauseIndex([policy]);
  const lines = policy.clauses.map((clause) => clauseLines(clause, index.links(keyOf({ policy, clause }))));
  return [head, ...lines].join('\n\n');
}

function clauseLines(clause: Clause, links: readonly Link[]): string {
  const place = placeOf(clause);
  const rules = links.map(({ rule, strength }) => `${rule.title.toLowerCase()} (${strength.toFixed(2)})`);
  return [
    `${clause.id}${place === '' ? '' : `  ${place}`}`,
    indented(clause.quote, '    '),
    `    Taken to state: ${rules.length === 0 ? 'no rule that is known' : rules.join('; ')}`,
  ].join('\n');
}
