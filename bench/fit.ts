import { buildClauseIndex, type ClauseIndex } from '../src/policies/clause-index.js';
import type { Policy } from '../src/policies/policy.js';
import type { Sureness } from '../src/policies/sureness.js';
import { type Example, fitSureness } from '../src/policies/sureness-fit.js';
import type { LabelledQuestion } from './measures.js';

/** A policy with the questions that are asked of it. */
export interface Exam {
  readonly policy: Policy;
  readonly items: readonly LabelledQuestion[];
}

/** Fits the sureness of answers to labelled questions. */
export const fitTo = (exams: readonly Exam[]): Sureness => fitSureness(exams.flatMap(examplesOf));

/** For each exam an index whose sureness was fitted to the other exams only: what a policy nobody has seen would get. */
export const indexesLeftOut = (exams: readonly Exam[]): Map<string, ClauseIndex> => {
  const examples = exams.map(examplesOf);
  return new Map(
    exams.map(({ policy }, at) => {
      const others = examples.filter((_, other) => other !== at).flat();
      return [policy.id, buildClauseIndex([policy], fitSureness(others))];
    }),
  );
};

/** The best clause's signals, for each question that the policy does or does not answer. */
function examplesOf({ policy, items }: Exam): Example[] {
  const index = buildClauseIndex([policy]);
  return items
    .filter(({ kind }) => kind === 'answerable' || kind === 'unanswerable')
    .flatMap(({ question, kind }) => {
      const [best] = index.signals(question, 1);
      return best ? [{ signals: best.signals, answerable: kind === 'answerable' }] : [];
    });
}
