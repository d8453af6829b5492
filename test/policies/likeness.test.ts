import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ARCHETYPES } from '../../src/policies/bank.js';
import { groupAlike, likeness, sketchOf } from '../../src/policies/likeness.js';

/** Questions in other words, group by group; none of them is in the bank. */
const groups = JSON.parse(
  readFileSync(new URL('../golden/asked-alike.json', import.meta.url), 'utf8'),
) as readonly (readonly string[])[];
const questions = groups.flatMap((group, at) => group.map((question) => ({ question, group: at })));

const letters = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/gu, '');

describe('questions that ask alike', () => {
  it('are not in the bank, so that the figures below mean something', () => {
    const known = new Set(ARCHETYPES.flatMap((rule) => rule.questions).map(letters));
    expect(questions.filter(({ question }) => known.has(letters(question)))).toEqual([]);
  });

  it('are put together, and others are not', () => {
    const found = groupAlike(questions.map(({ question }) => sketchOf(question)));
    expect(found.flat().toSorted((one, other) => one - other)).toEqual([...questions.keys()]);
    const groupOf = (at: number) => questions[at]?.group ?? -1;
    let precision = 0;
    let recall = 0;
    for (const group of found) {
      for (const at of group) {
        const same = group.filter((other) => groupOf(other) === groupOf(at)).length;
        precision += same / group.length / questions.length;
        recall += same / (groups[groupOf(at)]?.length ?? 1) / questions.length;
      }
    }
    // Measured: 0.94 and 0.94.
    expect(precision).toBeGreaterThan(0.85);
    expect(recall).toBeGreaterThan(0.8);
  });

  it('are grouped the same way each time', () => {
    const group = () => groupAlike(questions.map(({ question }) => sketchOf(question)));
    expect(group()).toEqual(group());
  });

  it('are more alike in other words than questions on another matter are', () => {
    const asked = sketchOf('can i accept a friend request off a parent');
    const inOtherWords = likeness(asked, sketchOf('is it ok to be facebook friends with mums and dads'));
    const onAnotherMatter = likeness(asked, sketchOf('can i post a photo of my class with a parent in it'));
    expect(inOtherWords).toBeGreaterThan(2 * onAnotherMatter);
    expect(likeness(asked, asked)).toBeCloseTo(1);
  });
});

describe('what a question is about', () => {
  it.each([
    ['what age can pupils have whatsapp', 'Minimum age for social media'],
    ['can copilot write our tweets for us', 'AI-generated content and images'],
    ['am i allowed old pupils as facebook friends', expect.stringMatching(/friend|former pupil/iu)],
  ])('"%s" is named by the bank', (question, subject) => {
    expect(sketchOf(question)).toMatchObject({ subject, outside: false });
  });

  it('is not named where the bank knows nothing of it', () => {
    expect(sketchOf('who waters the plants')).toMatchObject({ subject: null, outside: false });
  });

  it('is seen to be none of the policy’s business', () => {
    for (const question of ['is there a printer code', 'need a day off for a wedding, who do i ask'])
      expect(sketchOf(question)).toMatchObject({ subject: null, outside: true });
  });
});
