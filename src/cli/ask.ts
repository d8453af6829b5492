import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { processEnvironment, readSchoolsDir } from '../config.js';
import { AppError } from '../errors.js';
import { type Response, respond } from '../policies/answer.js';
import { placeOf, sourceOf } from '../policies/citation.js';
import { buildClauseIndex, type ClauseIndex, type Match } from '../policies/clause-index.js';
import { readPolicyFile } from '../storage/policy-file.js';
import { readSchool, readSchools } from '../storage/school-folder.js';

const USAGE = `Asks the policy, as the bot does.

  npm run --silent ask -- --policy FILE [--policy FILE…]        questions as JSON lines {"id","question"} on standard input
  npm run --silent ask -- --school ID                           the same, over all policies of a school
  npm run --silent ask -- [--policy FILE | --school ID] "…"     one question, answered for a person`;

/** Longest text of a clause in a JSON answer, in characters. */
const LONGEST_TEXT = 1_200;

try {
  await main();
} catch (error) {
  const known = error instanceof AppError || (error instanceof TypeError && 'code' in error);
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      policy: { type: 'string', multiple: true },
      school: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const index = await openIndex(values.policy ?? [], values.school);
  const question = positionals.join(' ').trim();
  if (question === '') await answerLines(index);
  else process.stdout.write(`${forPerson(respond(index, question))}\n`);
}

async function openIndex(files: readonly string[], school: string | undefined): Promise<ClauseIndex> {
  if (files.length > 0) return buildClauseIndex(await Promise.all(files.map((file) => readPolicyFile(file))));
  const folder = readSchoolsDir(processEnvironment());
  if (school !== undefined) return (await readSchool(folder, school)).index;
  const [only, ...others] = await readSchools(folder);
  if (only === undefined || others.length > 0)
    throw new AppError('school_unreadable', 'There is more than one school. Name one with --school.');
  return only.index;
}

async function answerLines(index: ClauseIndex): Promise<void> {
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() === '') continue;
    const { id, question } = parseLine(line, number);
    process.stdout.write(`${JSON.stringify({ id, ...forMachine(respond(index, question)) })}\n`);
  }
}

function parseLine(line: string, number: number): { id: string; question: string } {
  try {
    const { id, question } = JSON.parse(line) as Record<string, unknown>;
    if (typeof id === 'string' && typeof question === 'string') return { id, question };
  } catch {
    // Told below, together with JSON of another form.
  }
  throw new AppError('question_unreadable', `Line ${number} of standard input is not {"id": "…", "question": "…"}.`);
}

function forMachine(response: Response) {
  const { kind } = response.intent;
  const matches = matchesOf(response);
  return {
    intent: kind,
    answered: 'answer' in response && response.answer.kind === 'answered',
    category: response.intent.kind === 'report' ? response.intent.category : null,
    clauses: matches.map(({ policy, clause, score }) => ({
      policy: policy.id,
      label: clause.label,
      heading: clause.heading,
      text: clause.quote.slice(0, LONGEST_TEXT),
      score: Number(score.toFixed(4)),
    })),
  };
}

function forPerson(response: Response): string {
  if (response.intent.kind === 'smalltalk') return 'That is not a question about the policy.';
  if (response.intent.kind === 'report')
    return `That is something to report (${response.intent.category.replace('_', ' ')}).`;
  const answered = 'answer' in response && response.answer.kind === 'answered';
  const matches = matchesOf(response);
  const head = answered
    ? 'The policy says:'
    : `The policy does not say.${matches.length > 0 ? ' The nearest clauses:' : ''}`;
  return [head, ...matches.map(quotation)].join('\n\n');
}

function matchesOf(response: Response): readonly Match[] {
  if (!('answer' in response)) return [];
  return response.answer.kind === 'answered' ? response.answer.clauses : response.answer.nearest;
}

function quotation({ clause, policy }: Match): string {
  const lines = clause.quote.split('\n').map((line) => `    ${line}`);
  return [...lines, placeOf(clause), sourceOf(policy)].filter(Boolean).join('\n');
}
