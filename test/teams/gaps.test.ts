import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ARCHETYPES, OUTSIDE } from '../../src/policies/bank.js';
import { asksForGaps } from '../../src/teams/gaps.js';
import { aChannelMessage, aMessage, type RawActivity } from '../support/activities.js';
import { cardText, startBot, type TestBot } from '../support/bot.js';
import { smallSchool } from '../support/small-school.js';

/** People of the sample school by the last digits of their ids. */
const from = (digits: string, activity: RawActivity): RawActivity => ({
  ...activity,
  from: { id: `29:${digits}`, name: 'Someone', aadObjectId: `0D3C6A51-7B1E-4F0A-8C55-1E9A2B7D4C${digits}` },
});
const HEADTEACHER = '02';
const DEPUTY = '03';
const CHAIR = '04';
const STAFF = '06';

const inHeadteacherChannel = (text: string): RawActivity => ({
  ...aChannelMessage(text, { mention: true }),
  conversation: {
    id: '19:example-primary-headteacher@thread.tacv2;messageid=1763650000000',
    conversationType: 'channel',
    isGroup: true,
  },
});

describe('"what is our policy missing?"', () => {
  let bot: TestBot;
  beforeAll(async () => {
    bot = await startBot({ schools: [await smallSchool('gaps-test')] });
  });
  afterAll(() => bot.stop());

  it('says so when there is nothing', async () => {
    const [card] = await bot.replies(from(HEADTEACHER, aMessage('what is our policy missing?')));
    expect(cardText(card)).toContain('What our policy is missing');
    expect(cardText(card)).toContain('No question of the last twelve months shows a gap');
  });

  it('shows the Headteacher what was asked, and neither who asked nor the words of one person', async () => {
    await bot.replies(from(STAFF, aMessage('how old does kayleigh have to be for whatsapp')));
    await bot.replies(from(STAFF, aMessage('is there a printer code')));
    // Questions are written behind the answers, a moment later.
    const card = await vi.waitFor(async () => {
      const [shown] = await bot.replies(from(HEADTEACHER, aMessage('gaps')));
      expect(cardText(shown)).toContain('Minimum age for social media');
      expect(cardText(shown)).toContain('1 question on other matters');
      return shown;
    }, 10_000);
    expect(cardText(card)).toContain('Asked once in ');
    expect(JSON.stringify(card?.attachments)).not.toMatch(/kayleigh|Someone|0d3c6a51|29:/iu);
  });

  it.each([
    ['a deputy', DEPUTY],
    ['a triager, who plays every part in the local Playground', '01'],
  ])('is answered to %s as well', async (_name, digits) => {
    const [card] = await bot.replies(from(digits, aMessage("what's missing from our policy?")));
    expect(cardText(card)).toContain('What our policy is missing');
  });

  it('is answered in the Headteacher’s channel, and in no other', async () => {
    const [card] = await bot.replies(from(HEADTEACHER, inHeadteacherChannel('gaps')));
    expect(cardText(card)).toContain('What our policy is missing');
    const [elsewhere] = await bot.replies(from(HEADTEACHER, aChannelMessage('gaps', { mention: true })));
    expect(elsewhere?.text).toContain('Others can read this conversation');
    expect(elsewhere?.attachments).toBeUndefined();
  });

  it.each([
    ['staff', aMessage('gaps'), STAFF],
    ['a governor', aMessage('gaps'), CHAIR],
    ['a stranger', aMessage('gaps'), '99'],
    ['staff in the Headteacher’s channel', inHeadteacherChannel('gaps'), STAFF],
  ])('gets a sentence from %s', async (_name, activity, digits) => {
    const [reply] = await bot.replies(from(digits, activity));
    expect(reply?.text).toContain('Only the Headteacher');
    expect(reply?.attachments).toBeUndefined();
  });

  it('is on the help card of those who may ask it', async () => {
    const [head] = await bot.replies(from(HEADTEACHER, aMessage('help')));
    const [staff] = await bot.replies(from(STAFF, aMessage('help')));
    expect(cardText(head)).toContain('see what staff asked and the policy did not answer');
    expect(cardText(staff)).not.toContain('gaps');
  });
});

describe('asking for the gap list', () => {
  it.each([
    'gaps',
    'Gap list',
    '/gaps',
    'show me the gaps in our policy',
    'What is our policy missing?',
    'whats missing from the policy',
    'what’s missing in our social media policy?',
    'what are the gaps?',
    'what does our policy not cover',
    "what doesn't our policy cover?",
    'what isnt covered by our policy',
  ])('"%s"', (words) => {
    expect(asksForGaps(words)).toBe(true);
  });

  it('is never a question that staff ask the policy', () => {
    const questions = [...ARCHETYPES, ...OUTSIDE].flatMap((entry) => entry.questions);
    expect(questions.filter(asksForGaps)).toEqual([]);
    for (const words of ['what does our policy cover', 'what does the policy say', 'mind the gap', 'what is missing'])
      expect(asksForGaps(words)).toBe(words === 'what is missing');
  });
});
