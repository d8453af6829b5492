import { beforeAll, describe, expect, it } from 'vitest';
import type { Clause, Policy } from '../../src/policies/policy.js';
import { wordsOf } from '../../src/policies/read/block.js';
import { readPolicy } from '../../src/policies/read-policy.js';
import { corpusPolicies, hasCorpus } from '../support/corpus.js';
import { hasLibreOffice, print } from '../support/libreoffice.js';

const seen = ({ label, heading, text }: Clause) => ({ label, heading, text: wordsOf(text).join(' ') });

/**
 * A line with a tab is a table row in a text. Word keeps the tab; on paper it is a gap, and where that is narrow nobody can
 * tell it from a blank. So in a PDF such lines need only be there, as a row or as a paragraph.
 */
const withoutTabs = (policy: Policy, source: string): Clause[] => {
  const lines = new Set(
    source
      .split('\n')
      .filter((line) => /\S\t/u.test(line))
      .map((line) => wordsOf(line).join(' ')),
  );
  return policy.clauses.filter(({ text }) => !lines.has(wordsOf(text).join(' ')));
};

describe.skipIf(!hasCorpus || !hasLibreOffice)('real policies, printed by LibreOffice', () => {
  const printed = new Map<string, Uint8Array>();
  beforeAll(() => {
    for (const kind of ['docx', 'pdf'])
      for (const [name, bytes] of print(corpusPolicies(), kind)) printed.set(name, bytes);
  });

  it.each(corpusPolicies().map(({ name }) => name))('%s has the same clauses as a Word document', async (name) => {
    const text = corpusPolicies().find((one) => one.name === name);
    const docx = name.replace('.txt', '.docx');
    const policy = await readPolicy(docx, printed.get(docx) as Uint8Array);
    const original = await readPolicy(name, text?.bytes as Uint8Array);
    expect(policy.clauses.map(seen)).toEqual(original.clauses.map(seen));
    expect([policy.version, policy.approved, policy.review]).toEqual([
      original.version,
      original.approved,
      original.review,
    ]);
  });

  it.each(corpusPolicies().map(({ name }) => name))('%s has the same clauses as a PDF, with pages', async (name) => {
    const text = corpusPolicies().find((one) => one.name === name);
    const source = new TextDecoder().decode(text?.bytes);
    const pdf = name.replace('.txt', '.pdf');
    const policy = await readPolicy(pdf, printed.get(pdf) as Uint8Array);
    const original = await readPolicy(name, text?.bytes as Uint8Array);
    expect(withoutTabs(policy, source).map(seen)).toEqual(withoutTabs(original, source).map(seen));
    expect([policy.version, policy.approved, policy.review]).toEqual([
      original.version,
      original.approved,
      original.review,
    ]);
    expect(policy.clauses.every(({ page }) => page !== null)).toBe(true);
  });
});
