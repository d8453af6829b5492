import { describe, expect, it } from 'vitest';
import { type LabelledQuestion, measure, tableOf } from '../../bench/measures.js';
import type { Response } from '../../src/policies/answer.js';
import type { Match } from '../../src/policies/clause-index.js';

const item = (kind: LabelledQuestion['kind'], rest: Partial<LabelledQuestion> = {}): LabelledQuestion => ({
  id: 'x',
  policy: 'p',
  kind,
  question: 'q',
  gold: [],
  ...rest,
});
const clauses = (quotes: readonly string[]): Match[] =>
  quotes.map((quote) => ({ clause: { quote }, score: 1 }) as unknown as Match);
const answered = (...quotes: string[]): Response => ({
  intent: { kind: 'question', urgent: false },
  answer: { kind: 'answered', clauses: clauses(quotes) },
});
const notCovered = (...quotes: string[]): Response => ({
  intent: { kind: 'question', urgent: false },
  answer: { kind: 'not_covered', nearest: clauses(quotes) },
});
const report = (category: 'child_safety' | 'other_breach'): Response => ({ intent: { kind: 'report', category } });
const smalltalk: Response = { intent: { kind: 'smalltalk' } };

/** Measures messages whose responses stand beside them. */
function figuresOf(...pairs: readonly [LabelledQuestion, Response][]) {
  const responses = new Map(pairs);
  return measure([...responses.keys()], (one) => responses.get(one) as Response);
}

describe('the figures', () => {
  it('count a wording in the clauses shown, white space folded, by the first 1,200 characters of each', () => {
    const asked = (...gold: string[]) => item('answerable', { gold });
    expect(
      figuresOf(
        [asked('must not post'), answered('Staff must\nnot  post.', 'x')],
        [asked('no', 'must not post'), answered('x', 'y', 'Staff must not post.')],
        [asked('must not post'), answered(`${'a'.repeat(1_190)} must not post`)],
        [asked('must not post'), notCovered('Staff must not post.')],
      ),
    ).toMatchObject({ 'hit@1': 0.5, 'hit@3': 0.75, answerable: 0.5, outcome: 0.5 });
  });

  it('take an unanswerable question for right when nothing is claimed, whatever it was taken for but a report', () => {
    expect(
      figuresOf(
        [item('unanswerable'), notCovered('near')],
        [item('unanswerable'), smalltalk],
        [item('unanswerable'), answered('x')],
        [item('unanswerable'), report('other_breach')],
      ),
    ).toMatchObject({ unanswerable: 0.5, 'taken for a question': 0.5 });
  });

  it('hold a child at risk to its category, and other reports to being reports', () => {
    expect(
      figuresOf(
        [item('report', { category: 'child_safety' }), report('other_breach')],
        [item('report', { category: 'child_safety' }), report('child_safety')],
        [item('report', { category: 'online_bullying' }), report('other_breach')],
        [item('report', { category: 'other_breach' }), notCovered()],
      ),
    ).toMatchObject({ report: 0.5, 'report category': 0.25, 'child safety': 0.5, outcome: 0.5 });
  });

  it('give the mean length of the first clause shown for answerable questions, none counting as 0', () => {
    expect(
      figuresOf(
        [item('answerable'), answered('1234', '123456789')],
        [item('answerable'), smalltalk],
        [item('unanswerable'), answered('123456789')],
      ),
    ).toMatchObject({ 'clause length': 2 });
  });

  it('are no figures where nothing was measured, and the table says so', () => {
    const figures = figuresOf([item('smalltalk'), smalltalk]);
    expect(figures.report).toBeNaN();
    const lines = tableOf('Title', [{ name: 'a-policy', items: 1, figures }]).split('\n');
    expect(lines.find((line) => line.startsWith('report '))).toMatch(/ -$/u);
    expect(lines.find((line) => line.startsWith('smalltalk'))).toMatch(/ 1\.000$/u);
  });
});
