import type { ClauseIndex, Match } from './clause-index.js';
import { type Intent, intentOf } from './intent.js';

/** What the policies say to a question. A wrong "the policy says" does more harm than a wrong "the policy does not say". */
export type Answer =
  /** One to three clauses that answer, best first. */
  | { readonly kind: 'answered'; readonly clauses: readonly Match[] }
  /** No clause answers; `nearest` are shown as near, never as the answer, and may be empty. */
  | { readonly kind: 'not_covered'; readonly nearest: readonly Match[] };

/** What a message calls for: an answer, the advice for a report, or a courtesy. */
export type Response =
  | { readonly intent: Extract<Intent, { kind: 'question' }>; readonly answer: Answer }
  | { readonly intent: Extract<Intent, { kind: 'report' | 'smalltalk' }> };

/** From here on the best clause is taken for the answer: a wrong answer weighs a little more than a missing one. */
const ANSWER_THRESHOLD = 0.5;
/** Below this a clause has so little to do with the question that naming it would only distract. */
const NEAR_THRESHOLD = 0.1;
/** A second clause must come this close to the first to be worth showing. */
const SHOWN_BESIDE_BEST = 0.2;
/** What a person types to a bot is a sentence or two; searching more only costs time. */
const LONGEST_QUESTION_CHARACTERS = 1_000;

/** Reads a message and answers it from a school's policies. */
export function respond(index: ClauseIndex, message: string): Response {
  const intent = intentOf(message);
  return intent.kind === 'question' ? { intent, answer: answerQuestion(index, message) } : { intent };
}

/** Finds the clauses that answer a question, or says that none does. */
export function answerQuestion(index: ClauseIndex, question: string): Answer {
  const matches = index.find(question.slice(0, LONGEST_QUESTION_CHARACTERS));
  const [best] = matches;
  if (best === undefined || best.score < ANSWER_THRESHOLD) {
    return { kind: 'not_covered', nearest: matches.filter(({ score }) => score >= NEAR_THRESHOLD) };
  }
  return { kind: 'answered', clauses: matches.filter(({ score }) => score >= best.score * SHOWN_BESIDE_BEST) };
}
