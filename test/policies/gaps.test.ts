import { describe, expect, it } from 'vitest';
import { type GapList, listGaps, monthName, timesAsked } from '../../src/policies/gaps.js';
import type { AskedQuestion } from '../../src/policies/question-log.js';
import { smallSchool } from '../support/small-school.js';

const period = { since: new Date('2026-09-01'), before: new Date('2026-12-01') };

/** A question that the policy did not cover, asked on a day at noon; the test says what else matters. */
const asked = (question: string, day: string, rest: Partial<AskedQuestion> = {}): AskedQuestion => ({
  question,
  askedAt: new Date(`${day}T12:00:00Z`),
  outcome: 'not_covered',
  clauses: [],
  ...rest,
});

async function gapsIn(questions: readonly AskedQuestion[], timeZone = 'Europe/London'): Promise<GapList> {
  const { index } = await smallSchool('x');
  const openQuestions = { listOpen: async () => ({ questions, more: false }) };
  return listGaps({ openQuestions, schoolId: 'x', timeZone, index, pause: async () => undefined }, period);
}

const AGE = [
  asked('what age can pupils have whatsapp', '2026-10-05'),
  asked('what age can kayleigh have whatsapp', '2026-10-06'),
  asked('what age can kids have whatsapp', '2026-11-12'),
];
/** The bank knows none of these words. */
const UNHEARD_OF = asked('zorbing wobbegong flumph', '2026-10-05');

describe('gaps', () => {
  it('asked three times on different days are shown in one masked wording, with count and month', async () => {
    const { gaps, unnamed } = await gapsIn(AGE);
    expect(gaps).toEqual([
      {
        subject: 'Minimum age for social media',
        example: expect.stringMatching(/^what age can (?:pupils|kids|…) have whatsapp$/u),
        count: 3,
        notCovered: 3,
        unhelpful: 0,
        lastMonth: '2026-11',
        nearest: [],
      },
    ]);
    expect(unnamed).toBe(0);
    expect(JSON.stringify(gaps)).not.toMatch(/kayleigh/iu);
  });

  it.each([
    ['twice', AGE.slice(1)],
    ['three times in one sitting', AGE.map((question) => ({ ...question, askedAt: new Date('2026-10-05T12:00Z') }))],
  ])('asked %s are named by the rule, in none of the words typed', async (_name, questions) => {
    const { gaps } = await gapsIn(questions);
    expect(gaps).toMatchObject([{ subject: 'Minimum age for social media', example: null, count: questions.length }]);
    expect(JSON.stringify(gaps)).not.toMatch(/kayleigh|whatsapp/iu);
  });

  it('that no rule names are only counted, and so is what a mask would leave nothing of', async () => {
    const often = [UNHEARD_OF, UNHEARD_OF, { ...UNHEARD_OF, askedAt: new Date('2026-10-09T12:00Z') }];
    expect(await gapsIn(often)).toMatchObject({ gaps: [], unnamed: 3 });
  });

  it('of one subject stand together where none is shown in words', async () => {
    const { gaps } = await gapsIn([
      asked('minimum age for instagram?', '2026-10-05'),
      asked('how old do kids have to be for snapchat', '2026-10-05'),
    ]);
    expect(gaps).toMatchObject([{ subject: 'Minimum age for social media', example: null, count: 2 }]);
  });

  it('hold answers marked unhelpful, with the clauses that were shown; most asked come first', async () => {
    const { index } = await smallSchool('x');
    const [key = '', citation] = [...index.clauses][0] ?? [];
    const unhelpful = { outcome: 'answered', helpful: false, clauses: [key, 'gone/x'] } as const;
    const { gaps } = await gapsIn([asked('can i tag colleagues in photos', '2026-10-07', unhelpful), ...AGE]);
    expect(gaps.map(({ count }) => count)).toEqual([3, 1]);
    expect(gaps[1]).toMatchObject({ notCovered: 0, unhelpful: 1, nearest: [citation] });
  });

  it('are none that the policy answers by now, and none of another matter', async () => {
    const answered = asked('can i ring a parent from my own phone', '2026-10-05');
    const list = await gapsIn([
      answered,
      { ...answered, outcome: 'answered', helpful: false, clauses: ['gone/x'] },
      asked('is there a printer code', '2026-10-05'),
    ]);
    expect(list).toMatchObject({ gaps: [], answeredSince: 2, outside: 1, unnamed: 0 });
  });

  it('have the month of the school, not of Greenwich', async () => {
    const question = { ...asked('minimum age for instagram?', '2026-10-01'), askedAt: new Date('2026-09-30T23:30Z') };
    expect((await gapsIn([question])).gaps[0]?.lastMonth).toBe('2026-10');
    expect((await gapsIn([question], 'America/New_York')).gaps[0]?.lastMonth).toBe('2026-09');
  });

  it('do not depend on the order the questions come in', async () => {
    const questions = [...AGE, UNHEARD_OF, asked('who has the insta login', '2026-10-05')];
    expect(await gapsIn(questions.toReversed())).toEqual(await gapsIn(questions));
  });
});

it('numbers and months are words', () => {
  expect([1, 2, 3].map(timesAsked)).toEqual(['once', 'twice', '3 times']);
  expect(['2026-09', '2027-01'].map(monthName)).toEqual(['Sep 2026', 'Jan 2027']);
});
