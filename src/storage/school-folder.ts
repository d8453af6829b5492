import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors.js';
import { buildClauseIndex } from '../policies/clause-index.js';
import type { Policy } from '../policies/policy.js';
import { POLICY_TYPES, policyExtension } from '../policies/read-policy.js';
import { inForce } from '../policies/trust-policies.js';
import { parseProfile, type SchoolProfile, SHARED } from '../schools/profile.js';
import type { School } from '../schools/school.js';
import { parseYaml } from '../yaml.js';
import { readPolicyFile } from './policy-file.js';

/**
 * Reads every school below a folder, in the order of their names.
 *
 * @throws {AppError} `school_unreadable` or `policy_unreadable`, naming the file; also when there is no school at all.
 * `school_ambiguous` when two are of the same team or channel.
 */
export async function readSchools(folder: string): Promise<School[]> {
  const ids = await listSchools(folder);
  if (ids.length === 0) throw new AppError('school_unreadable', `There is no school in "${folder}".`);
  const trusts = await readTrustPolicies(folder);
  const schools = await Promise.all(ids.map((id) => readSchool(folder, id, trusts)));
  for (const school of schools) refuseDouble(school, schools);
  return schools;
}

/**
 * A copied folder names the same team until it is filled in, and nobody could be told which of the two schools they belong to; and
 * with the same channel for reports, what is reported at one would be posted at the other.
 *
 * @throws {AppError} `school_ambiguous`.
 */
export function refuseDouble({ profile }: School, schools: readonly School[]): void {
  const homeOf = ({ tenantId, teams }: School['profile']) => `${tenantId} ${teams.teamId}`.toLowerCase();
  const channelOf = ({ tenantId, teams }: School['profile']) =>
    `${tenantId} ${teams.headteacherChannel.id}`.toLowerCase();
  for (const [what, of] of [
    ['team', homeOf],
    ['Headteacher’s channel', channelOf],
  ] as const)
    if (schools.some(({ profile: other }) => other.id !== profile.id && of(other) === of(profile)))
      throw new AppError(
        'school_ambiguous',
        `schools/${profile.id} has the same ${what} in school.yaml as another school.`,
      );
}

/**
 * The folders of schools, by name and in its order: without the trust's, `shared`, and hidden ones, which are no schools.
 *
 * @throws {AppError} `school_unreadable` when the folder above them cannot be read.
 */
export async function listSchools(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new AppError('school_unreadable', `The folder of schools, "${folder}", cannot be read.`, { cause });
  });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((name) => name !== SHARED && !name.startsWith('.'))
    .sort();
}

/** Names of the policies in a school's folder `policies`; empty when it cannot be read. What Word ("~$policy.docx") and others (".policy.docx") leave beside an open document is none. */
export async function listPolicies(folder: string, id: string): Promise<string[]> {
  const names = await readdir(policiesOf(folder, id)).catch(() => []);
  return names.filter((name) => policyExtension(name) !== undefined && !/^(?:~\$|\.)/u.test(name)).sort();
}

/** Where the policies of a school lie, or with the id `shared` those of the trust. */
export const policiesOf = (folder: string, id: string): string => join(folder, id, 'policies');

/**
 * Reads one school: `<folder>/<id>/school.yaml` and every policy in `<folder>/<id>/policies/`, on top of the trust's.
 *
 * @param trusts as `readTrustPolicies` reads them; left out, they are read.
 * @throws {AppError} `school_unreadable` or `policy_unreadable`, naming the file.
 */
export async function readSchool(folder: string, id: string, trusts?: readonly Policy[]): Promise<School> {
  const profile = await readProfile(folder, id);
  const shared = trusts ?? (await readTrustPolicies(folder));
  const own = await readPoliciesOf(folder, id);
  if (own.length + shared.length === 0)
    throw new AppError(
      'school_unreadable',
      `There is no policy in "${policiesOf(folder, id)}". Put one there as ${POLICY_TYPES}.`,
    );
  const { policies } = inForce(own, shared);
  return { profile, policies, index: buildClauseIndex(policies) };
}

/**
 * Reads the policies that a trust has for all of its schools, from `<folder>/shared/policies/`.
 *
 * @returns empty where there are none.
 * @throws {AppError} `school_unreadable` or `policy_unreadable`, naming the file.
 */
export async function readTrustPolicies(folder: string): Promise<readonly Policy[]> {
  const policies = await readPoliciesOf(folder, SHARED);
  return policies.map((policy) => ({ ...policy, ofTrust: true }));
}

async function readPoliciesOf(folder: string, id: string): Promise<readonly Policy[]> {
  const policiesFolder = policiesOf(folder, id);
  const files = await listPolicies(folder, id);
  refuseCopies(policiesFolder, files);
  return Promise.all(files.map((name) => readPolicyFile(join(policiesFolder, name))));
}

/**
 * A policy's id is its file's name without the ending, and two editions of one policy might contradict each other.
 *
 * @throws {AppError} `school_unreadable`.
 */
export function refuseCopies(policiesFolder: string, files: readonly string[]): void {
  const names = new Map<string, string>();
  for (const file of files) {
    const name = file.slice(0, file.lastIndexOf('.')).toLowerCase();
    const other = names.get(name);
    if (other !== undefined)
      throw new AppError(
        'school_unreadable',
        `"${other}" and "${file}" in "${policiesFolder}" have the same name. Keep the one that is to be quoted, or give one another name.`,
      );
    names.set(name, file);
  }
}

/**
 * Reads what a school tells of itself, without its policies.
 *
 * @throws {AppError} `school_unreadable`, naming the file or every fault in it.
 */
export async function readProfile(folder: string, id: string): Promise<SchoolProfile> {
  return parseProfile(id, await readYaml(join(folder, id, 'school.yaml')));
}

async function readYaml(path: string): Promise<unknown> {
  try {
    return parseYaml(await readFile(path, 'utf8'));
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const why = isMissing ? ': there is no such file' : ' as YAML';
    throw new AppError('school_unreadable', `"${path}" cannot be read${why}.`, { cause });
  }
}
