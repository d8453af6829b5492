import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { processEnvironment, readSchoolsDir, readStorage } from '../../config.js';
import { AppError } from '../../errors.js';
import { placeOf } from '../../policies/citation.js';
import { type Gap, type GapList, listGaps, monthName, timesAsked } from '../../policies/gaps.js';
import { type Period, twelveMonthsBefore } from '../../policies/open-questions.js';
import type { School } from '../../schools/school.js';
import { openQuestionTable } from '../../storage/open-question-table.js';
import { readSchool, readSchools } from '../../storage/school-folder.js';
import { openTables, type Tables } from '../../storage/tables.js';
import { azuriteConnection } from '../dev/azurite.js';

/** Where `npm run dev` keeps its storage unless told otherwise. */
const LOCAL_STORAGE_PORT = 10_000;

/**
 * `policies gaps`: what staff asked and a school's policies left open, for a person to read.
 *
 * @param args `--school ID` where there are several schools; `--since YYYY-MM-DD`, by default twelve months ago.
 * @throws {AppError} with one sentence: no such school, a bad date, storage that does not answer.
 */
export async function showGaps(args: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...args],
    options: { school: { type: 'string' }, since: { type: 'string' } },
  });
  const period = periodFrom(values.since, new Date());
  const env = processEnvironment();
  const tables = await reachTables(env);
  const { profile, index } = await openSchool(readSchoolsDir(env), values.school);
  const { id: schoolId, timeZone } = profile;
  const openQuestions = openQuestionTable(tables);
  const list = await listGaps({ openQuestions, schoolId, timeZone, index, pause: setImmediate }, period);
  return forPerson(list, profile.name, period.since);
}

function periodFrom(since: string | undefined, before: Date): Period {
  if (since === undefined) return twelveMonthsBefore(before);
  const start = new Date(`${since}T00:00:00Z`);
  const isDate = !Number.isNaN(start.getTime()) && start.toISOString().startsWith(since);
  if (!isDate || !/^\d{4}-\d{2}-\d{2}$/u.test(since))
    throw new AppError('bad_arguments', `"${since}" is not a date such as 2026-09-01.`);
  return { since: start, before };
}

/** The storage that is set, else the local one of `npm run dev`. */
async function reachTables(env: NodeJS.ProcessEnv): Promise<Tables> {
  const address = readStorage(env);
  const tables = openTables(address ?? { connectionString: azuriteConnection(LOCAL_STORAGE_PORT) });
  const reason = await tables.unreachable();
  if (reason === undefined) return tables;
  throw new AppError(
    'storage_unreachable',
    address
      ? `The questions cannot be read: ${reason} Check STORAGE_CONNECTION_STRING or STORAGE_ACCOUNT.`
      : 'The questions cannot be read: no storage is set, and that of `npm run dev` does not answer. Start it, or set STORAGE_CONNECTION_STRING or STORAGE_ACCOUNT.',
  );
}

async function openSchool(folder: string, id: string | undefined): Promise<School> {
  if (id !== undefined) return readSchool(folder, id);
  const [only, ...others] = await readSchools(folder);
  if (only === undefined || others.length > 0)
    throw new AppError('school_unreadable', 'There is more than one school. Name one with --school.');
  return only;
}

function forPerson({ gaps, ...rest }: GapList, school: string, since: Date): string {
  const head = `What the policy of ${school} leaves open, by questions since ${since.toISOString().slice(0, 10)}:`;
  const notes = [
    rest.unnamed > 0 && `${rest.unnamed} asked too seldom to be shown in words, on something without a name`,
    rest.outside > 0 && `${rest.outside} not about social media`,
    rest.answeredSince > 0 && `${rest.answeredSince} that the policy answers by now`,
    rest.more && 'the oldest, because there are too many',
  ].filter((note) => note !== false);
  const blocks = gaps.length === 0 ? ['Nothing.'] : gaps.map(toLines);
  return [head, ...blocks, ...(notes.length > 0 ? [`Left out: ${notes.join('; ')}.`] : [])].join('\n\n');
}

function toLines({ subject, example, count, notCovered, unhelpful, lastMonth, nearest }: Gap): string {
  const how = [notCovered > 0 && `not covered ${notCovered}`, unhelpful > 0 && `unhelpful ${unhelpful}`];
  const places = nearest.map(({ policy, clause }) => `  nearest: ${placeOf(clause) || policy.title}`);
  return [
    subject ?? 'Something the common rules do not name',
    ...(example === null ? [] : [`  for example: ${example}`]),
    `  asked ${timesAsked(count)}, last in ${monthName(lastMonth)}: ${how.filter(Boolean).join(', ')}`,
    ...places,
  ].join('\n');
}
