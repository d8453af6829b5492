import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Passage } from '../../src/policies/policy.js';
import { wordsOf } from '../../src/policies/read/block.js';
import { readMarkdown } from '../../src/policies/read/markdown.js';
import { readText } from '../../src/policies/read/text.js';
import { readTextPolicy } from '../../src/policies/read-policy.js';
import { OMITTED, segment } from '../../src/policies/segment.js';
import { corpusPolicies, hasCorpus } from '../support/corpus.js';
import { SCHOOLS_DIR } from '../support/sample-school.js';

/** What a reading holds: every heading and clause, markers included, in order. */
const wordsRead = (passages: readonly Passage[]): string[] =>
  passages.flatMap((one) => {
    const { marker, text } = one.kind === 'heading' ? one.heading : one.clause;
    return wordsOf(`${marker} ${text}`);
  });

/** Bold, italics and underlining are type, not wording. */
const withoutType = (text: string): string => text.replace(/\*|<\/?u>/gu, '');

describe('clauses and headings together hold every word of the source, in order', () => {
  const words = fc.constantFrom(
    ..."Staff must never post pupils’ pictures “online” — e.g. on Insta, at 9.30 (or later) unless: the head; agrees. Why? No! A b I x & 24/7 ‘friend’ école £5 @school it’s don't policy Scope SLT REVIEW".split(
      ' ',
    ),
  );
  const sentence = fc.array(words, { minLength: 1, maxLength: 14 }).map((all) => all.join(' '));
  const start = fc.constantFrom(
    '',
    '',
    '',
    '- ',
    '· ',
    '- · ',
    '1. ',
    '12. ',
    '4.2 ',
    'a) ',
    '(b) ',
    '- ii. ',
    ' - ',
    '   • ',
    '1.\t',
  );
  const gap = fc.constantFrom('\n', '\n\n', '\n\n\n\n', ' \n', '\r\n', '\n\f\n', '\t', ' ');

  it('in any plain text', () => {
    const text = fc.array(fc.tuple(start, sentence, gap), { maxLength: 25 }).map((all) => all.flat().join(''));
    fc.assert(
      fc.property(text, (source) => {
        expect(wordsRead(segment(readText(source).blocks, 'p'))).toEqual(wordsOf(source));
      }),
      { numRuns: 1_500 },
    );
  });

  it('in any plain text with running lines: those that are dropped are listed, and no other word is missing', () => {
    const page = fc.array(fc.tuple(start, sentence, fc.constantFrom('\n', '\n\n')), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(page, { minLength: 3, maxLength: 6 }), (pages) => {
        const source = pages
          .map((lines, at) => `${lines.flat().join('')}\nOak School conduct rules, page ${at + 1}\n`)
          .join('\n');
        const { blocks, dropped } = readText(source);
        const listed = new Set(dropped.map(({ line }) => line));
        const lines = source.split('\n');
        expect(dropped.filter(({ text }) => /^Oak School conduct/u.test(text))).toHaveLength(pages.length);
        expect(dropped.map(({ text }) => text)).toEqual(
          lines.filter((_, at) => listed.has(at + 1)).map((line) => wordsOf(line).join(' ')),
        );
        expect(wordsRead(segment(blocks, 'p'))).toEqual(
          wordsOf(lines.filter((_, at) => !listed.has(at + 1)).join('\n')),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('in plain text of any characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (raw) => {
        const source = raw.replace(/[*<]/gu, '');
        expect(wordsRead(segment(readText(source).blocks, 'p')).join(' ')).toBe(wordsOf(source).join(' '));
      }),
      { numRuns: 1_500 },
    );
  });

  it('in Markdown', () => {
    const line = fc.oneof(
      fc
        .tuple(fc.constantFrom('# ', '## ', '### '), sentence)
        .map(([marks, text]) => ({ source: `${marks}${text}`, words: text })),
      fc
        .tuple(fc.constantFrom('', '1.1 ', '2.13 '), sentence)
        .map(([label, text]) => ({ source: `${label}${text}`, words: `${label}${text}` })),
      fc
        .tuple(fc.constantFrom('- ', '- (a) ', '- b) ', '3. ', '  - '), sentence)
        .map(([mark, text]) => ({ source: `${mark}${text}`, words: `${mark}${text}` })),
      sentence.map((text) => ({ source: `**${text}**`, words: text })),
    );
    const plain = fc.array(line, { maxLength: 20 });
    fc.assert(
      fc.property(plain, (lines) => {
        const source = lines.map((one) => one.source).join('\n\n');
        expect(wordsRead(segment(readMarkdown(source), 'p'))).toEqual(wordsOf(lines.map((one) => one.words).join(' ')));
      }),
      { numRuns: 1_500 },
    );
  });

  it.each(readdirSync(`${SCHOOLS_DIR}/example-primary/policies`))('in the sample school’s %s', (name) => {
    const bytes = readFileSync(`${SCHOOLS_DIR}/example-primary/policies/${name}`);
    const body = bytes.toString('utf8').replace(/^---\n[\s\S]*?\n---\n/u, '');
    const source = body
      .replace(/^#+ /gmu, '')
      .replace(/^\|[-| :]+\|$/gmu, '')
      .replace(/\|/gu, ' ');
    expect(wordsRead(readTextPolicy(name, bytes).passages)).toEqual(wordsOf(source));
  });

  it.skipIf(!hasCorpus)('in every real policy', () => {
    for (const { name, bytes } of corpusPolicies()) {
      const source = new TextDecoder().decode(bytes);
      expect(wordsRead(readTextPolicy(name, bytes).passages), name).toEqual(wordsOf(withoutType(source)));
    }
  });
});

describe('quotations', () => {
  it('are made of the source’s own words, in its order', () => {
    const policies = readdirSync(`${SCHOOLS_DIR}/example-primary/policies`).map((name) => ({
      name,
      bytes: readFileSync(`${SCHOOLS_DIR}/example-primary/policies/${name}`) as Uint8Array,
    }));
    for (const { name, bytes } of [...policies, ...corpusPolicies()]) {
      const policy = readTextPolicy(name, bytes);
      const source = wordsOf(withoutType(new TextDecoder().decode(bytes)).replace(/[|]/gu, ' ')).join(' ');
      for (const { quote } of policy.clauses) {
        const lines = quote.split('\n').map((line) => wordsOf(line).join(' '));
        const foreign = lines.filter((line) => line !== OMITTED && !source.includes(line));
        expect(foreign, name).toEqual([]);
      }
    }
  });
});
