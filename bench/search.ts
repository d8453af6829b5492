import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import MiniSearch from 'minisearch';
import { respond } from '../src/policies/answer.js';
import { buildClauseIndex } from '../src/policies/clause-index.js';
import { intentOf } from '../src/policies/intent.js';
import type { Policy } from '../src/policies/policy.js';
import { readTextPolicy } from '../src/policies/read-policy.js';
import { sampleQuestions } from './labelled-questions.js';
import { type Spread, spreadOf } from './spread.js';

const POLICY = fileURLToPath(new URL('../schools/example-primary/policies/social-media-policy.md', import.meta.url));

/** How long each kind of work is repeated at least, in milliseconds, once it is warm. */
const MEASURE_MS = 3_000;
const WARM_UP_MS = 1_000;

/** All times in milliseconds, over one policy and the questions labelled for it. */
export interface SearchFigures {
  readonly clauses: number;
  readonly questions: number;
  /** The first index of a process, which prepares the question bank as well. */
  readonly firstIndex: number;
  readonly readPolicy: Spread;
  readonly index: Spread;
  /** One question: what it is, the clauses that answer it, and whether they do. */
  readonly question: Spread;
  readonly minisearch: { readonly index: Spread; readonly question: Spread };
}

/** The sample policy's labelled questions that are taken for questions, so that each has an answer to find. */
export const questionsToAsk = (): string[] =>
  sampleQuestions().flatMap(({ question }) => (intentOf(question).kind === 'question' ? [question] : []));

/** Measures reading, indexing and asking beside minisearch with its default settings on the same clauses and questions. */
export function measureSearch(): SearchFigures {
  const bytes = readFileSync(POLICY);
  const read = () => readTextPolicy(basename(POLICY), bytes);
  const policy = read();
  const questions = questionsToAsk();
  const started = performance.now();
  const index = buildClauseIndex([policy]);
  const firstIndex = performance.now() - started;
  const mini = indexWithMinisearch(policy);
  return {
    clauses: policy.clauses.length,
    questions: questions.length,
    firstIndex,
    readPolicy: timed([read]),
    index: timed([() => buildClauseIndex([policy])]),
    question: timed(questions.map((question) => () => respond(index, question))),
    minisearch: {
      index: timed([() => indexWithMinisearch(policy)]),
      question: timed(questions.map((question) => () => mini.search(question))),
    },
  };
}

function indexWithMinisearch(policy: Policy): MiniSearch {
  const search = new MiniSearch({ fields: ['heading', 'quote'] });
  search.addAll(policy.clauses.map(({ id, heading, quote }) => ({ id, heading: heading.join(' '), quote })));
  return search;
}

/** Does all the work again and again, first without looking at the clock. */
function timed(work: readonly (() => unknown)[]): Spread {
  const times: number[] = [];
  repeat(WARM_UP_MS, () => {
    for (const task of work) task();
  });
  repeat(MEASURE_MS, () => {
    for (const task of work) {
      const started = performance.now();
      task();
      times.push(performance.now() - started);
    }
  });
  return spreadOf(times);
}

function repeat(atLeastMs: number, round: () => void): void {
  const until = performance.now() + atLeastMs;
  do round();
  while (performance.now() < until);
}
