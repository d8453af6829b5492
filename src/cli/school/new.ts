import { constants, copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { processEnvironment, readSchoolsDir } from '../../config.js';
import { AppError } from '../../errors.js';
import { POLICY_TYPES, policyExtension } from '../../policies/read-policy.js';
import { parseProfile, SHARED } from '../../schools/profile.js';
import { listSchools, readProfile } from '../../storage/school-folder.js';
import { parseYaml } from '../../yaml.js';
import { readAccounts } from './accounts.js';
import type { Answers, Check } from './answers.js';
import { type Asking, askFrom } from './asking.js';
import { type Question, questions } from './questions.js';
import { schoolYaml } from './school-yaml.js';

const FLAGS = questions(() => undefined, {});

export const NEW_USAGE = `Asks a few questions and writes <SCHOOLS_DIR>/<id>/school.yaml and a folder for its policies. Nothing is overwritten.

  npm run school -- new                             asks for everything
  npm run school -- new --id oak --name "Oak …"     asks for the rest
  npm run school -- new < answers.txt               one answer a line, in the order in which they are asked

${FLAGS.map(({ key, words, many }) => `  --${key.padEnd(20)} ${words}${many ? '; may be given several times' : ''}`).join('\n')}`;

/**
 * `school new`: asks, and writes a new school's folder.
 *
 * @returns the exit code: 0 when it is written, 1 when answers are missing.
 * @throws {AppError} `bad_arguments` with one sentence.
 */
export async function create(args: readonly string[]): Promise<number> {
  const options = Object.fromEntries(FLAGS.map(({ key }) => [key, { type: 'string', multiple: true }] as const));
  const { values } = parseArgs({ args: [...args], options });
  const folder = readSchoolsDir(processEnvironment());
  const ids = await listSchools(folder).catch(() => []);
  const first = ids[0] === undefined ? undefined : await readProfile(folder, ids[0]).catch(() => undefined);
  const asked = questions(newIdIn(ids), first ? { tenantId: first.tenantId } : {});
  refuseWrongFlags(asked, values as Answers);
  const asking = askFrom(process.stdin, process.stdout);
  try {
    const answers = await answersTo(asked, values as Answers, asking);
    if (!answers) return 1;
    const path = await write(folder, answers).catch((cause: unknown) => {
      asking.say(`\n${goOnWith(answers)}`);
      throw cause;
    });
    asking.say(nextSteps(path, answers.id?.[0] ?? ''));
    return 0;
  } finally {
    asking.close();
  }
}

const newIdIn =
  (ids: readonly string[]): Check =>
  (typed) => {
    if (!/^[a-z0-9][a-z0-9-]{0,62}$/u.test(typed))
      return 'The short name may only have lower-case letters, digits and hyphens, such as oak-primary.';
    if (typed === SHARED) return `"${SHARED}" is the folder of a trust’s own policies: choose another name.`;
    return ids.includes(typed)
      ? `There is a school "${typed}" already, and nothing is overwritten: choose another name.`
      : undefined;
  };

/** Before anything is asked, so that nothing typed is lost. @throws {AppError} `bad_arguments`. */
function refuseWrongFlags(asked: readonly Question[], flags: Answers): void {
  for (const { key, check } of asked)
    for (const value of flags[key] ?? []) {
      const fault = value.trim() === '' ? undefined : check(value.trim());
      if (fault !== undefined) throw new AppError('bad_arguments', `--${key}: ${fault}`);
    }
}

/** @returns `undefined` when there were no more answers; what is missing has been said then. */
async function answersTo(asked: readonly Question[], flags: Answers, asking: Asking): Promise<Answers | undefined> {
  const answers: Record<string, readonly string[]> = {};
  const missing: string[] = [];
  for (const question of asked) {
    if (question.onlyIf && !question.onlyIf(answers)) continue;
    const answer = await answerTo(question, flags[question.key] ?? [], answers, asking);
    if (answer) answers[question.key] = answer;
    else missing.push(question.key);
  }
  if (missing.length === 0) return answers;
  asking.say(
    `\nNothing was written. Still needed: ${missing.map((key) => `--${key}`).join(', ')}.${Object.keys(answers).length > 0 ? `\n${goOnWith(answers)}` : ''}`,
  );
  return undefined;
}

/** What was answered, as flags. */
function goOnWith(answers: Answers): string {
  const typed = Object.entries(answers).flatMap(([key, all]) =>
    (all ?? []).map((value) => `--${key} ${JSON.stringify(value)}`),
  );
  return `What was answered is not lost; go on with:\n  npm run school -- new ${typed.join(' ')}`;
}

/** @returns `undefined` when something is required and there are no more lines. */
async function answerTo(
  question: Question,
  flags: readonly string[],
  answers: Answers,
  asking: Asking,
): Promise<readonly string[] | undefined> {
  const fromFlags = flags.map((value) => value.trim()).filter((value) => value !== '');
  if (fromFlags.length > 0) return question.many ? fromFlags : fromFlags.slice(-1);
  const otherwise = typeof question.otherwise === 'function' ? [question.otherwise(answers)] : [];
  if (question.silent) return otherwise;
  if (question.where !== undefined) asking.say(`\n  ${question.where}`);
  const taken: string[] = [];
  do {
    const one = await askUntilRight(
      question,
      taken.length > 0 || question.otherwise !== 'required',
      otherwise[0],
      asking,
    );
    if (one === undefined)
      return taken.length > 0 || question.otherwise !== 'required' ? [...taken, ...otherwise] : undefined;
    if (one === '') break;
    taken.push(one);
  } while (question.many);
  return taken.length > 0 ? taken : otherwise;
}

/** Asks until the answer is right. @returns empty for nothing, `undefined` when there are no more lines. */
async function askUntilRight(
  { words, check }: Question,
  mayBeEmpty: boolean,
  otherwise: string | undefined,
  asking: Asking,
): Promise<string | undefined> {
  let typed = '';
  for (;;) {
    const line = await asking.ask(`${words}${otherwise ? ` [${otherwise}]` : ''}: `, typed);
    if (line === undefined || (line === '' && mayBeEmpty)) return line;
    const fault = line === '' ? 'This one is needed.' : check(line);
    if (fault === undefined) return line;
    asking.say(fault);
    typed = line;
  }
}

/** Writes all of the folder beside its place first, so that a bot that reads the folder never sees half of it. */
async function write(folder: string, answers: Answers): Promise<string> {
  const id = answers.id?.[0] ?? '';
  const staff = answers.staff?.[0] ? await readAccounts(answers.staff[0]) : [];
  const text = schoolYaml(answers, staff);
  // What the bot would refuse is never written.
  parseProfile(id, parseYaml(text));
  const policies = answers.policy ?? [];
  const strange = policies.find((file) => policyExtension(file) === undefined);
  if (strange !== undefined)
    throw new AppError('bad_arguments', `${strange} is not a type of policy that can be read. Use ${POLICY_TYPES}.`);
  const [made, place] = [join(folder, `.new-${id}`), join(folder, id)];
  try {
    await rm(made, { recursive: true, force: true });
    await mkdir(join(made, 'policies'), { recursive: true });
    await writeFile(join(made, 'school.yaml'), text);
    for (const file of policies) await copyFile(file, join(made, 'policies', basename(file)), constants.COPYFILE_EXCL);
    await rename(made, place);
  } catch (cause) {
    await rm(made, { recursive: true, force: true });
    throw new AppError('bad_arguments', `"${place}" cannot be written, so nothing was: ${(cause as Error).message}`, {
      cause,
    });
  }
  return place;
}

const nextSteps = (path: string, id: string): string => `
Written: ${join(path, 'school.yaml')}. Every line of it is explained there; change it as you like.

What comes next:
  1. Put the school’s policies into ${join(path, 'policies')} (${POLICY_TYPES}), and look how each is read:
     npm run --silent policies -- check FILE
  2. npm run school -- check ${id}
  3. npm run --silent ask -- --school ${id} "can i ring a parent from my own phone?"`;
