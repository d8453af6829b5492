import { parseArgs } from 'node:util';
import { processEnvironment, readSchoolsDir } from '../../config.js';
import { AppError } from '../../errors.js';
import { inForce } from '../../policies/trust-policies.js';
import { routeFindings } from '../../reports/check-routes.js';
import { dayAndTimeAt, isDay } from '../../schools/calendar.js';
import type { Account } from '../../schools/check-accounts.js';
import { dateFindings } from '../../schools/check-dates.js';
import { peopleFindings } from '../../schools/check-people.js';
import { policyFindings, supersededFindings } from '../../schools/check-policies.js';
import { betweenSchools } from '../../schools/check-schools.js';
import { settingFindings } from '../../schools/check-settings.js';
import { error, type Finding, when } from '../../schools/finding.js';
import { SHARED } from '../../schools/profile.js';
import { listSchools } from '../../storage/school-folder.js';
import { type FolderSurvey, surveySchool, surveyTrust } from '../../storage/school-survey.js';
import { counted } from '../policies/words.js';
import { readAccounts } from './accounts.js';

/** What was found about one school, or about the trust's policies. */
interface Checked {
  readonly id: string;
  readonly name: string;
  readonly findings: readonly Finding[];
}

/** What is printed, and whether there are errors. */
export interface CheckResult {
  readonly printed: string;
  readonly failed: boolean;
}

/**
 * `school check`: what is missing or contradictory in the schools' folders, worst first.
 *
 * @param args `[ID]`, `--users FILE.csv`, `--on DATE`, `--strict`, `--json`.
 * @throws {AppError} with one sentence: no such school, a bad date, a file that cannot be read.
 */
export async function check(args: readonly string[]): Promise<CheckResult> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      users: { type: 'string' },
      on: { type: 'string' },
      strict: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
  if (values.on !== undefined && !isDay(values.on))
    throw new AppError('bad_arguments', `"${values.on}" is not a date such as 2026-09-01.`);
  if (positionals.length > 1) throw new AppError('bad_arguments', 'Name one school, or none to check all of them.');
  const accounts = values.users === undefined ? undefined : await readAccounts(values.users);
  const [wanted] = positionals;
  const isWanted = ({ id }: { readonly id: string }) => wanted === undefined || id === wanted;
  const checked = (await checkFolder(readSchoolsDir(processEnvironment()), isWanted, values.on, accounts)).filter(
    isWanted,
  );
  if (checked.length === 0) throw new AppError('bad_arguments', `There is no school "${wanted}".`);
  const worst = values.strict ? ['error', 'warning'] : ['error'];
  return {
    printed: values.json ? JSON.stringify({ schools: checked }, undefined, 2) : checked.map(inWords).join('\n\n'),
    failed: checked.some(({ findings }) => findings.some(({ severity }) => worst.includes(severity))),
  };
}

async function checkFolder(
  folder: string,
  isWanted: (school: { readonly id: string }) => boolean,
  on: string | undefined,
  accounts: readonly Account[] | undefined,
): Promise<readonly Checked[]> {
  const ids = await listSchools(folder);
  if (ids.length === 0)
    throw new AppError('school_unreadable', `There is no school in "${folder}". Make one: npm run school -- new`);
  const trust = await surveyTrust(folder);
  const schools = await Promise.all(ids.map((id) => surveySchool(folder, id)));
  const tenants = new Set(schools.filter(isWanted).flatMap(({ profile }) => profile?.tenantId.toLowerCase() ?? []));
  if (accounts && tenants.size > 1)
    throw new AppError(
      'bad_arguments',
      'A list of accounts is of one tenant, and these schools are of several. Name one school: npm run school -- check ID --users FILE.csv',
    );
  const between = betweenSchools(schools.flatMap(({ profile }) => profile ?? []));
  const ofTrust: Checked = {
    id: SHARED,
    name: 'The trust’s policies',
    findings: [...trust.findings, ...policyFindings(trust.policies, today(undefined, on))],
  };
  const checked = schools.map((survey) => ({
    id: survey.id,
    name: survey.profile?.name ?? survey.id,
    findings: [
      ...survey.findings,
      ...between.filter(({ schoolId }) => schoolId === survey.id).map(({ schoolId: _, ...finding }) => finding),
      ...findingsOf(survey, trust, today(survey, on), accounts),
    ],
  }));
  return [...checked, ...(trust.policies.length + trust.findings.length > 0 ? [ofTrust] : [])];
}

const today = (survey: FolderSurvey | undefined, on: string | undefined): string =>
  on ?? dayAndTimeAt(new Date(), survey?.profile?.timeZone ?? 'Europe/London').day;

function findingsOf(
  { id, profile, policies, findings }: FolderSurvey,
  trust: FolderSurvey,
  day: string,
  accounts: readonly Account[] | undefined,
): readonly Finding[] {
  const isNone =
    policies.length + trust.policies.length === 0 && !findings.some(({ code }) => code === 'policy_unreadable');
  return [
    ...when(isNone, () =>
      error(
        'no_policy',
        `There is no policy: put one into ${id}/policies/ as a Word document, PDF, .md or .txt. Until then the bot does not use the school.`,
      ),
    ),
    ...(profile
      ? [
          ...peopleFindings(profile, accounts),
          ...routeFindings(profile),
          ...dateFindings(profile, day),
          ...settingFindings(profile),
        ]
      : []),
    ...policyFindings(policies, day),
    ...supersededFindings(inForce(policies, trust.policies).superseded),
  ];
}

const ORDER = ['error', 'warning', 'note'] as const;
const HEADS = { error: 'ERROR   ', warning: 'Warning ', note: 'Note    ' } as const;

function inWords({ id, name, findings }: Checked): string {
  const counts = ORDER.flatMap((severity) => {
    const { length } = findings.filter((finding) => finding.severity === severity);
    return length > 0 ? [counted(length, severity)] : [];
  });
  const head = `${name} (${id}): ${counts.length > 0 ? counts.join(', ') : 'nothing is missing and nothing contradicts itself'}`;
  const inOrder = ORDER.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
  return [
    head,
    ...inOrder.map(({ severity, words }) => `  ${HEADS[severity]} ${words.replaceAll('\n', '\n           ')}`),
  ].join('\n');
}
