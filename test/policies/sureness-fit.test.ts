import { describe, expect, it } from 'vitest';
import { asksForMore, givesMore, type Signals, surenessOf } from '../../src/policies/sureness.js';
import { type Example, fitSureness } from '../../src/policies/sureness-fit.js';

const signals = (some: Partial<Signals>): Signals => ({
  ...{ sharedRule: 0, sharedRules: 0, nearestRule: 0, outside: 0, rank: 0, lead: 0, words: 1, unmet: 0 },
  ...some,
});
const example = (answerable: boolean, some: Partial<Signals>): Example => ({ answerable, signals: signals(some) });

describe('fitSureness', () => {
  const examples = [
    ...[0.5, 0.6, 0.7, 0.8, 0.9].map((sharedRule) => example(true, { sharedRule, outside: 0.1 })),
    ...[0.1, 0.2, 0.3].map((sharedRule) => example(false, { sharedRule, outside: 0.6 })),
  ];
  const sureness = fitSureness(examples);

  it('is sure where examples were answered, and unsure where they were not', () => {
    for (const { signals: of, answerable } of examples) expect(surenessOf(of, sureness) >= 0.5).toBe(answerable);
  });

  it('gives nothing to a signal that never differs', () => {
    expect(sureness.weights.lead).toBe(0);
  });

  it('refuses to learn from one kind of question alone', () => {
    expect(() => fitSureness(examples.filter(({ answerable }) => answerable))).toThrow(RangeError);
  });
});

describe('asksForMore', () => {
  it.each([
    ['how long do we keep the screenshots', 'Screenshots are kept in the safe.', true],
    ['how long do we keep the screenshots', 'Screenshots are kept for two terms.', false],
    ['how old do they have to be', 'Former pupils may be added at 18.', false],
    ['who keeps the screenshots', 'Screenshots are kept in the safe.', false],
  ])('%s / %s: %s', (question, quote, unmet) => {
    expect(asksForMore(question) && !givesMore(quote)).toBe(unmet);
  });
});
