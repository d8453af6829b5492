import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ARCHETYPES, BANK, MESSAGE_KINDS, OUTSIDE, VOCABULARY } from '../../src/policies/bank.js';
import { LESSONS } from '../../src/policies/lessons.js';
import { fingerprintOf } from '../../src/policies/rule-training.js';
import { tokensOf } from '../../src/policies/words.js';
import { corpusPolicies, corpusQuestions, readQuestions } from '../support/corpus.js';

const folded = (texts: readonly string[]): string[] => texts.map((text) => tokensOf(text).join(' '));
const repeated = (texts: readonly string[]): string[] => texts.filter((text, at) => texts.indexOf(text) !== at);
const questions = folded([...ARCHETYPES, ...OUTSIDE].flatMap((one) => one.questions));

describe('the question bank', () => {
  it('names every rule and every outside topic once', () => {
    expect(repeated(ARCHETYPES.map(({ id }) => id))).toEqual([]);
    expect(repeated(OUTSIDE.map(({ topic }) => topic))).toEqual([]);
    expect(ARCHETYPES.filter(({ id, title, kind }) => !/^[a-z-]+$/u.test(id) || title === '' || kind === '')).toEqual(
      [],
    );
  });

  it('holds no question and no wording twice', () => {
    expect(repeated(questions)).toEqual([]);
    expect(repeated(folded(ARCHETYPES.flatMap(({ wordings }) => wordings)))).toEqual([]);
  });

  it('knows every rule by at least 15 questions and 8 wordings', () => {
    expect(
      ARCHETYPES.filter((rule) => rule.questions.length < 15 || rule.wordings.length < 8).map(({ id }) => id),
    ).toEqual([]);
  });

  it('holds messages of every kind, and none twice', () => {
    expect(BANK.messages.map(({ kind }) => kind).sort()).toEqual([...MESSAGE_KINDS].sort());
    expect(BANK.messages.filter(({ messages }) => messages.length < 200).map(({ kind }) => kind)).toEqual([]);
    expect(repeated(BANK.messages.flatMap(({ messages }) => messages))).toEqual([]);
  });

  it('holds none of the labelled questions', () => {
    const sample = readQuestions(fileURLToPath(new URL('../golden/sample-questions.jsonl', import.meta.url)));
    const labelled = new Set(folded([...sample, ...corpusQuestions()].map(({ question }) => question)));
    const messages = folded(BANK.messages.flatMap(({ messages: some }) => some));
    expect([...questions, ...messages].filter((question) => question !== '' && labelled.has(question))).toEqual([]);
  });

  it('is the bank that the lessons were learnt from; if not, run npm run train', () => {
    expect(LESSONS.bank).toBe(fingerprintOf(BANK));
  });

  it('holds no sentence of a real policy', () => {
    const policies = corpusPolicies().map(({ bytes }) => ` ${tokensOf(new TextDecoder().decode(bytes)).join(' ')} `);
    const wordings = folded(ARCHETYPES.flatMap((rule) => rule.wordings)).filter(
      (wording) => wording.split(' ').length > 6,
    );
    expect(wordings.filter((wording) => policies.some((policy) => policy.includes(` ${wording} `)))).toEqual([]);
  });

  it('gives every everyday phrase one meaning', () => {
    expect(repeated(folded(VOCABULARY.flatMap(({ everyday }) => everyday)))).toEqual([]);
  });
});
