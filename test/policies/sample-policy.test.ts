import { beforeAll, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/policies/policy.js';
import { tokensOf } from '../../src/policies/words.js';
import { corpusPolicies, hasCorpus, readQuestions } from '../support/corpus.js';
import { sampleSchool } from '../support/sample-school.js';

/** A run of words this long is somebody's wording rather than the language's. */
const RUN = 7;

describe('the sample school’s policy', () => {
  let policy: Policy;
  beforeAll(async () => {
    policy = (await sampleSchool()).policies[0] as Policy;
  });

  it('has at least 60 clauses, each numbered once, each short enough to quote', () => {
    const numbered = policy.clauses.filter(({ label }) => label !== null);
    expect(numbered.length).toBeGreaterThanOrEqual(60);
    expect(new Set(numbered.map(({ label }) => label)).size).toBe(numbered.length);
    expect(Math.max(...policy.clauses.map(({ text }) => text.length))).toBeLessThan(900);
  });

  it('refers only to clauses and sections that it has', () => {
    const labels = new Set(policy.clauses.map(({ label }) => label));
    const sections = policy.passages.flatMap((one) =>
      one.kind === 'heading' ? [one.heading.marker.replace('.', '')] : [],
    );
    for (const { text } of policy.clauses) {
      for (const [, label] of text.matchAll(/\bclauses? (\d+\.\d+)/giu)) expect(labels).toContain(label);
      for (const [, section] of text.matchAll(/\bsections? (\d+)\b/giu)) expect(sections).toContain(section);
    }
  });

  it.each([
    'volunteers',
    'governing body',
    'personal use',
    'friend',
    'disclaimer',
    'sign',
    'consent',
    'within 24 hours',
    'monitor',
    'confidential',
    'copyright',
    'logo',
    'defamatory',
    'online bullying',
    'screen print',
    'indecent image',
    'LADO',
    'recruit',
    'reference',
    'journalist',
    'disciplinary',
    'contractor',
    'training',
    'one month',
  ])('rules on %s', (subject) => {
    expect(
      policy.clauses.some(({ quote, heading }) =>
        `${heading.join(' ')} ${quote}`.toLowerCase().includes(subject.toLowerCase()),
      ),
    ).toBe(true);
  });

  it('has every passage that its labelled questions need', () => {
    const fold = (text: string) => text.replace(/\s+/gu, ' ');
    const missing = readQuestions(new URL('../golden/sample-questions.jsonl', import.meta.url).pathname).flatMap(
      ({ id, gold }) =>
        gold
          .filter((snippet) => !policy.clauses.some(({ quote }) => fold(quote).slice(0, 1_200).includes(fold(snippet))))
          .map(() => id),
    );
    expect(missing).toEqual([]);
  });

  it.skipIf(!hasCorpus)('is in its own words: no run of seven words is any other school’s', () => {
    const runs = (text: string) => {
      const words = tokensOf(text);
      return words.slice(RUN - 1).map((_, at) => words.slice(at, at + RUN).join(' '));
    };
    const others = new Set(corpusPolicies().flatMap(({ bytes }) => runs(new TextDecoder().decode(bytes))));
    const ours = policy.clauses.flatMap(({ text }) => runs(text));
    expect(ours.filter((run) => others.has(run))).toEqual([]);
  });
});
