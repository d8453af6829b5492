import { describe, expect, it } from 'vitest';
import type { Policy } from '../../src/policies/policy.js';
import { readTextPolicy } from '../../src/policies/read-policy.js';
import { corpusPolicies, corpusQuestions, hasCorpus } from '../support/corpus.js';

/** As read over against the documents, line by line: headings (the title among them), quotable clauses, clauses with a lead-in, labelled clauses. */
const EXPECTED: Record<
  string,
  { headings: number; clauses: number; withLeadIn: number; labelled: number; dated: boolean }
> = {
  beechwood: { headings: 11, clauses: 70, withLeadIn: 15, labelled: 0, dated: false },
  'marsh-green': { headings: 19, clauses: 80, withLeadIn: 24, labelled: 23, dated: true },
  'morley-victoria': { headings: 12, clauses: 45, withLeadIn: 12, labelled: 0, dated: false },
  'the-grange': { headings: 7, clauses: 37, withLeadIn: 17, labelled: 37, dated: false },
  wasp: { headings: 23, clauses: 103, withLeadIn: 23, labelled: 0, dated: true },
};

describe.skipIf(!hasCorpus)('real policies, as schools wrote them', () => {
  const policies = new Map(
    corpusPolicies().map(({ name, bytes }) => [name.replace('.txt', ''), readTextPolicy(name, bytes)]),
  );
  const policy = (id: string): Policy => policies.get(id) as Policy;

  it.each(Object.entries(EXPECTED))('%s has the headings, clauses, lead-ins and labels it should', (id, expected) => {
    const { passages, clauses, approved } = policy(id);
    expect({
      headings: passages.filter(({ kind }) => kind === 'heading').length,
      clauses: clauses.length,
      withLeadIn: clauses.filter(({ leadIn }) => leadIn !== null).length,
      labelled: clauses.filter(({ label }) => label !== null).length,
      dated: approved !== null,
    }).toEqual(expected);
  });

  it('has every passage that a labelled question needs within one clause', () => {
    const fold = (text: string) => text.replace(/\s+/gu, ' ');
    const missing = corpusQuestions().flatMap(({ id, policy: name, gold }) =>
      gold
        .filter(
          (snippet) => !policy(name).clauses.some(({ quote }) => fold(quote).slice(0, 1_200).includes(fold(snippet))),
        )
        .map(() => id),
    );
    expect(missing).toEqual([]);
  });

  it('letters a long list from (a) to (j), each item with its lead-in', () => {
    const letters = policy('marsh-green').clauses.filter(({ label }) => /^\([a-j]\)$/u.test(label ?? ''));
    expect(letters.map(({ label }) => label).slice(0, 10)).toEqual([...'abcdefghij'].map((letter) => `(${letter})`));
    expect(new Set(letters.slice(0, 10).map(({ leadIn }) => leadIn)).size).toBe(1);
    expect(letters[4]?.quote).toMatch(/^For example, employees are prohibited .*:\ne\) Defame/u);
  });

  it('cites bullets under a numbered clause by its number', () => {
    const labels = policy('the-grange').clauses.map(({ label }) => label);
    expect(labels.filter((label) => label === '12')).toHaveLength(8);
    expect(labels.filter((label) => label === '18')).toHaveLength(8);
  });

  it('quotes no signature line, page number or picture name', () => {
    for (const { clauses } of policies.values()) {
      expect(
        clauses.filter(({ text }) => /^Signature|image\d|^\d+\s*\w*$/u.test(text)).map(({ text }) => text),
      ).toEqual([]);
    }
  });
});
