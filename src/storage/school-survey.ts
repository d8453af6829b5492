import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors.js';
import type { Policy } from '../policies/policy.js';
import { POLICY_TYPES } from '../policies/read-policy.js';
import { error, type Finding, warning, when } from '../schools/finding.js';
import { type SchoolProfile, SHARED } from '../schools/profile.js';
import { readPolicyFile } from './policy-file.js';
import { listPolicies, policiesOf, readProfile, refuseCopies } from './school-folder.js';

/** One school's folder, as far as it can be read, and why the rest cannot. */
export interface FolderSurvey {
  readonly id: string;
  /** `undefined` where `school.yaml` cannot be read, and for the trust's folder. */
  readonly profile: SchoolProfile | undefined;
  readonly policies: readonly Policy[];
  readonly findings: readonly Finding[];
}

/** Reads all that can be read of a school's folder. Rejects only where that is no fault of a file. */
export async function surveySchool(folder: string, id: string): Promise<FolderSurvey> {
  const read = await attempt(() => readProfile(folder, id));
  const { policies, findings } = await surveyPolicies(folder, id);
  const faults = 'fault' in read ? read.fault.split(/\n +/u).map((words) => error('school_unreadable', words)) : [];
  // Of a file with several faults the first line only says whose they are.
  const own = faults.length > 1 ? faults.slice(1).map((one) => inSchoolYaml(one)) : faults;
  return { id, profile: 'value' in read ? read.value : undefined, policies, findings: [...own, ...findings] };
}

/** Reads all that can be read of the trust's folder; nothing is missing where there is none. */
export async function surveyTrust(folder: string): Promise<FolderSurvey> {
  const { policies, findings } = await surveyPolicies(folder, SHARED);
  const names = await readdir(join(folder, SHARED)).catch((): string[] => []);
  const strays = when(names.includes('school.yaml'), () =>
    warning('shared_is_no_school', `The folder "${SHARED}" has a school.yaml, which nobody reads: it is for policies.`),
  );
  const trusts = policies.map((policy): Policy => ({ ...policy, ofTrust: true }));
  return { id: SHARED, profile: undefined, policies: trusts, findings: [...findings, ...strays] };
}

const inSchoolYaml = (finding: Finding): Finding => ({ ...finding, words: `In school.yaml, ${finding.words}.` });

async function surveyPolicies(folder: string, id: string): Promise<Pick<FolderSurvey, 'policies' | 'findings'>> {
  const files = await listPolicies(folder, id);
  const read = await Promise.all(
    files.map((file) => attempt(() => readPolicyFile(join(policiesOf(folder, id), file)))),
  );
  const copies = await attempt(async () => refuseCopies(policiesOf(folder, id), files));
  const faults = [...read, copies].flatMap((one) => ('fault' in one ? [one.fault] : []));
  return {
    policies: read.flatMap((one) => ('value' in one ? [one.value] : [])),
    findings: [...faults.map((words) => error('policy_unreadable', words)), ...(await strayFindings(folder, id))],
  };
}

/** Files among the policies that are not read, such as those of older word processors. */
async function strayFindings(folder: string, id: string): Promise<readonly Finding[]> {
  const entries = await readdir(policiesOf(folder, id), { withFileTypes: true }).catch(() => []);
  const known = await listPolicies(folder, id);
  const strays = entries
    .map((entry) => `${entry.name}${entry.isDirectory() ? '/' : ''}`)
    .filter((name) => !known.includes(name) && !/^(?:~\$|\.)/u.test(name));
  return strays
    .toSorted()
    .map((name) =>
      warning(
        'not_a_policy',
        `"${name}" among the policies is not read. Save it there as ${POLICY_TYPES}, or take it away.`,
      ),
    );
}

async function attempt<T>(work: () => Promise<T>): Promise<{ readonly value: T } | { readonly fault: string }> {
  try {
    return { value: await work() };
  } catch (cause) {
    if (cause instanceof AppError) return { fault: cause.message };
    throw cause;
  }
}
