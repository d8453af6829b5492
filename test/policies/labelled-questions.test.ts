import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { respond } from '../../src/policies/answer.js';
import { buildClauseIndex } from '../../src/policies/clause-index.js';
import { readPolicy } from '../../src/policies/read-policy.js';
import type { School } from '../../src/schools/school.js';
import { corpusPolicies, corpusQuestions, hasCorpus, type LabelledQuestion, readQuestions } from '../support/corpus.js';
import { sampleSchool } from '../support/sample-school.js';

/** The share of messages of each kind that must be taken for what they are. Lower only with a reason in the commit. */
const FLOORS = { question: 0.98, report: 0.96, child_safety: 1, smalltalk: 0.96 };

type Index = School['index'];

function measure(questions: readonly LabelledQuestion[], indexOf: (policy: string) => Index): Record<string, number> {
  const share = (of: LabelledQuestion[], right: (item: LabelledQuestion) => boolean) =>
    of.filter(right).length / of.length;
  const intent = ({ policy, question }: LabelledQuestion) => respond(indexOf(policy), question).intent;
  return {
    question: share(
      questions.filter(({ kind }) => kind === 'answerable' || kind === 'unanswerable'),
      (item) => intent(item).kind === 'question',
    ),
    report: share(
      questions.filter(({ kind }) => kind === 'report'),
      (item) => intent(item).kind === 'report',
    ),
    child_safety: share(
      questions.filter(({ category }) => category === 'child_safety'),
      (item) => JSON.stringify(intent(item)).includes('child_safety'),
    ),
    smalltalk: share(
      questions.filter(({ kind }) => kind === 'smalltalk'),
      (item) => intent(item).kind === 'smalltalk',
    ),
  };
}

function expectFloors(figures: Record<string, number>): void {
  for (const [name, floor] of Object.entries(FLOORS)) expect(figures[name], name).toBeGreaterThanOrEqual(floor);
}

describe('labelled messages are taken for what they are', () => {
  it('over the sample policy', async () => {
    const { index } = await sampleSchool();
    expectFloors(
      measure(readQuestions(fileURLToPath(new URL('../golden/sample-questions.jsonl', import.meta.url))), () => index),
    );
  });

  it.skipIf(!hasCorpus)('over the real policies', () => {
    const indexes = new Map(
      corpusPolicies().map(({ name, bytes }) => [
        name.replace('.txt', ''),
        buildClauseIndex([readPolicy(name, bytes)]),
      ]),
    );
    expectFloors(measure(corpusQuestions(), (policy) => indexes.get(policy) as Index));
  });
});
