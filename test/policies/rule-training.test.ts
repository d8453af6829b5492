import { describe, expect, it } from 'vitest';
import { type Bank, MESSAGE_KINDS } from '../../src/policies/bank.js';
import { keepLessons, readLessons } from '../../src/policies/lessons-file.js';
import { fingerprintOf, learnRules } from '../../src/policies/rule-training.js';

const rule = (id: string, wordings: string[], questions: string[]) => ({
  id,
  title: id,
  kind: 'duty',
  wordings,
  questions,
});

const BANK: Bank = {
  archetypes: [
    rule(
      'pictures',
      ['Pictures of pupils need consent.', 'Consent is needed before pictures are posted.'],
      ['can i post pictures of my class', 'do pictures need consent', 'is consent needed for a class photo'],
    ),
    rule(
      'passwords',
      ['Passwords must be kept secret.', 'Staff must not tell anyone their passwords.'],
      ['who may know passwords', 'can i tell my ta the passwords', 'do i keep passwords secret'],
    ),
  ],
  outside: [{ topic: 'lunch', questions: ['what is for lunch', 'when is lunch', 'who cooks lunch'] }],
  vocabulary: [],
  messages: [
    { kind: 'smalltalk', messages: ['thanks a lot', 'thanks'] },
    { kind: 'other_breach', messages: ['a parent posted my picture', 'someone posted pictures of us'] },
  ],
};

/** What the lessons say of one feature for one rule, 0 where they are silent. */
function weightOf(
  lessons: ReturnType<typeof learnRules>,
  side: 'asked' | 'stated' | 'kinds',
  feature: string,
  rule: number,
): number {
  const { scale, starts, rules, weights } = lessons[side];
  const column = lessons.features.indexOf(feature);
  for (let at = starts[column] ?? 0; at < (starts[column + 1] ?? 0); at += 1)
    if (rules[at] === rule) return (weights[at] ?? 0) * scale;
  return 0;
}

describe('learnRules', () => {
  const lessons = learnRules(BANK);

  it('learns which words ask for a rule, and which for what lies outside', () => {
    expect(weightOf(lessons, 'asked', 'w password', 1)).toBeGreaterThan(0.1);
    expect(weightOf(lessons, 'asked', 'w password', 0)).toBeLessThan(0);
    expect(weightOf(lessons, 'asked', 'w lunch', 2)).toBeGreaterThan(0.1);
    expect(weightOf(lessons, 'stated', 'w consent', 0)).toBeGreaterThan(0.1);
  });

  it('learns which words make a message small talk or a report', () => {
    expect(weightOf(lessons, 'kinds', 'w thank', MESSAGE_KINDS.indexOf('smalltalk'))).toBeGreaterThan(0.1);
    expect(weightOf(lessons, 'kinds', 'w post', MESSAGE_KINDS.indexOf('other_breach'))).toBeGreaterThan(0.1);
  });

  it('learns the same from the same bank', () => {
    expect(keepLessons(learnRules(BANK))).toEqual(keepLessons(lessons));
  });

  it('is kept and read without loss', () => {
    expect(readLessons(JSON.parse(JSON.stringify(keepLessons(lessons))))).toEqual(lessons);
  });

  it('names the bank that it was learnt from', () => {
    expect(lessons.bank).toBe(fingerprintOf(BANK));
    expect(fingerprintOf({ ...BANK, outside: [] })).not.toBe(lessons.bank);
  });
});
