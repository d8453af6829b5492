import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import mammoth from 'mammoth';
import { beforeAll, describe, expect, it } from 'vitest';
import { placeOf } from '../../src/policies/citation.js';
import { buildClauseIndex } from '../../src/policies/clause-index.js';
import { doubtsOf } from '../../src/policies/doubts.js';
import type { Clause, Policy } from '../../src/policies/policy.js';
import { wordsOf } from '../../src/policies/read/block.js';
import { POLICY_EXTENSIONS, POLICY_TYPES, readPolicy } from '../../src/policies/read-policy.js';
import { SCHOOLS_DIR } from '../support/sample-school.js';

const folder = fileURLToPath(new URL('../documents/', import.meta.url));
const read = (name: string) => readPolicy(name, readFileSync(`${folder}${name}`));
/** What a person sees of a clause, white space aside: the same whatever the document's format. */
const seen = ({ label, heading, leadIn, quote }: Clause) => ({
  label,
  heading,
  leadIn,
  quote: wordsOf(quote.replace(/^- /gmu, '')).join(' '),
});

const PRINTED = ['auto-numbered.docx', 'auto-numbered.pdf', 'typed-numbers.docx', 'typed-numbers.pdf'];

let sample: Policy;
beforeAll(async () => {
  const name = 'social-media-policy.md';
  sample = await readPolicy(name, readFileSync(`${SCHOOLS_DIR}/example-primary/policies/${name}`));
});

describe.each(PRINTED)('%s', (name) => {
  let policy: Policy;
  beforeAll(async () => {
    policy = await read(name);
  });

  it('has every clause of the sample policy, with its wording, label, headings and lead-in, and no other', () => {
    expect(policy.clauses.map(seen)).toEqual(sample.clauses.map(seen));
    expect(policy.clauses.length).toBeGreaterThan(140);
  });

  it('has its title, version and dates from the title, the footer and the table of versions', () => {
    const { title, version, approved, review } = policy;
    expect({ title, version, approved, review }).toEqual({
      title: sample.title,
      version: sample.version,
      approved: sample.approved,
      review: sample.review,
    });
  });

  it('leaves out the header, the footer and the page numbers, and lists them', () => {
    const texts = new Set(policy.dropped.map(({ text }) => text.replace(/\d+ of \d+/u, '# of #')));
    expect(texts).toContain('Example Primary School');
    expect(texts).toContain('Version 3.1 · approved 21 September 2026 · review 20 September 2027');
    expect(texts).toContain('Page # of #');
    expect(policy.clauses.filter(({ quote }) => /Page \d+ of \d+|^Example Primary School$/mu.test(quote))).toEqual([]);
  });

  it('leaves nothing doubtful', () => {
    expect(doubtsOf(policy).map(({ text }) => text)).toEqual([]);
  });
});

describe('a PDF', () => {
  it('tells the page of each clause, in order, and the citation names it', async () => {
    const { clauses } = await read('auto-numbered.pdf');
    const pages = clauses.map(({ page }) => page ?? 0);
    expect(pages).toEqual(pages.toSorted((one, other) => one - other));
    expect(new Set(pages).size).toBe(11);
    const clause = clauses.find(({ label }) => label === '5.1') as Clause;
    expect(placeOf(clause)).toBe('Clause 5.1 › 5. Contact with pupils, families and colleagues · page 2');
    expect(placeOf({ ...clause, label: null, heading: [] })).toBe('Page 2');
  });

  it('lists a table header that is repeated overleaf', async () => {
    const { dropped } = await read('typed-numbers.pdf');
    expect(dropped.filter(({ text }) => text === 'Version Date approved What changed')).toHaveLength(1);
  });
});

describe('wrapped.txt', () => {
  it('has the same clauses, but for a form’s rows whose second column is empty', async () => {
    const policy = await read('wrapped.txt');
    const inForm = ({ heading }: Clause) => heading[0]?.startsWith('Appendix A') === true;
    expect(policy.clauses.filter((one) => !inForm(one)).map(seen)).toEqual(
      sample.clauses.filter((one) => !inForm(one)).map(seen),
    );
  });

  it('goes on with a sentence after a footer in its middle, and lists the footer with its line', async () => {
    const { dropped } = await read('wrapped.txt');
    expect(dropped.length).toBeGreaterThan(10);
    expect(dropped[0]).toEqual({
      text: 'Example Primary School, page 1',
      reason: 'header or footer',
      line: expect.any(Number),
      page: null,
    });
  });
});

describe('what is read of a Word document', () => {
  it.each(['auto-numbered.docx', 'typed-numbers.docx'])(
    'is what an independent reader finds in %s, in order',
    async (name) => {
      const { passages } = await read(name);
      const { value } = await mammoth.extractRawText({ buffer: readFileSync(`${folder}${name}`) });
      const ours = passages.flatMap((one) => {
        const { marker, text } = one.kind === 'heading' ? one.heading : one.clause;
        return wordsOf(name.startsWith('auto') ? text : `${marker} ${text}`);
      });
      expect(ours).toEqual(wordsOf(value));
    },
  );
});

describe('the types of documents', () => {
  it('that are read are those that the README names', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    for (const extension of POLICY_EXTENSIONS) expect(readme).toContain(`\`${extension}\``);
    expect(POLICY_TYPES).toBe('.md, .txt, .docx or .pdf');
  });

  it('each have a test document', () => {
    const kinds = new Set(readdirSync(folder).map((name) => name.slice(name.lastIndexOf('.'))));
    for (const extension of POLICY_EXTENSIONS.filter((one) => one !== '.md')) expect(kinds).toContain(extension);
  });

  it('answer the same from every format', async () => {
    const question = 'can i add an ex pupil on insta?';
    const best = (policy: Policy) => buildClauseIndex([policy]).find(question)[0]?.clause.label;
    expect(best(sample)).toBe('5.2');
    for (const name of PRINTED) expect(best(await read(name)), name).toBe('5.2');
  });
});
