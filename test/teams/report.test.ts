import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aMessage } from '../support/activities.js';
import { button, cardText, input, type Reply } from '../support/bot.js';
import { ALEX, BETH, type Chat, DANIEL, HELEN, REFERENCE, SECRETS, Staffroom, TYPED } from '../support/staff.js';
import { until } from '../support/until.js';

const WORDS = 'a mum is slagging me off on facebook, she says i am a wombat';
const SAFETY = 'there is a naked picture of a year 6 girl going round on snapchat';

let room: Staffroom;
let alex: Chat;
beforeAll(async () => {
  room = await Staffroom.open();
  room.bot.deliveries.start();
  alex = room.chatOf(ALEX);
});
afterAll(() => room.close());
/** What was typed, and who typed it, is in no log. */
afterEach(async () => {
  const stored = await room.bot.reports.drafts.open({ schoolId: room.school.profile.id, personId: ALEX.id });
  if (stored) await room.bot.reports.drafts.finish(stored, null, new Date());
  await room.settled();
  expect(JSON.stringify(room.bot.logged)).not.toMatch(/Morgan|0d3c6a51|Larkin|snapchat|facebook/iu);
  expect(JSON.stringify(room.bot.logged)).not.toMatch(SECRETS);
  room.bot.logged.length = 0;
  room.connector.calls.length = 0;
  room.connector.posted.length = 0;
});

/** Names, ids and words stand in what is shown and typed, and never in what a button sends. */
function expectDiscreet(card: Reply | undefined): void {
  const actions = JSON.stringify(card?.attachments?.[0]?.content, (key, value) =>
    [
      'body',
      'items',
      'columns',
      'actions',
      'fallback',
      'data',
      'verb',
      'url',
      'type',
      'content',
      'selectAction',
    ].includes(key) ||
    typeof value === 'object' ||
    !Number.isNaN(Number(key))
      ? value
      : undefined,
  );
  expect(actions).not.toMatch(SECRETS);
  expect(actions).not.toMatch(/Morgan|0d3c6a51/iu);
  expect(JSON.stringify(card)).not.toMatch(/\$\{/u);
}

describe('beginning a report', () => {
  it('by words: what was typed is the first draft of the description, and the category is chosen', async () => {
    const [what] = await alex.say(WORDS);
    expect(cardText(what)).toContain('Card 1 of 5');
    expect(JSON.stringify(what)).toContain('"label":"A child’s safety comes first: is any of these true?"');
    expect(input(what, 'category')).toBe('disparaging_post');
    expect(cardText(what)).toContain('This goes to the Headteacher’s channel');
    expect(cardText(what)).toContain('chair of governors instead');
    expectDiscreet(what);
    const where = await alex.press(what, 'Next', TYPED.what);
    const words = await alex.press(where, 'Next', {});
    expect(input(words, 'words')).toBe(WORDS);
  });

  it.each(['report', 'Report something', '/report', 'make a report!'])('by the command "%s"', async (command) => {
    const [what] = await alex.say(command);
    expect(cardText(what)).toContain('Card 1 of 5');
    expect(input(what, 'category')).toBe('');
  });

  it('by button, from an answer about a child at risk as such', async () => {
    const [what] = await alex.submit({ verb: 'report.start' });
    expect(cardText(what)).toContain('Card 1 of 5');
    await alex.press(await alex.press(what, 'Save for later'), 'Discard it');
    const [offer] = await alex.submit({ verb: 'report.start', urgent: true });
    expect(cardText(offer)).toContain('call 999');
  });

  it('in a channel: nothing of the matter is said there, and the card comes to the person’s own chat', async () => {
    await alex.say('hello');
    const replies = await alex.sayInChannel(WORDS);
    expect(replies).toHaveLength(1);
    expect(JSON.stringify(replies)).not.toMatch(/facebook|slagging|disparag|wombat/iu);
    expect(replies[0]?.text).toContain('our own chat');
    const card = await until(() => alex.received[0]);
    expect(cardText(card)).toContain('Card 1 of 5');
    expect(input(card, 'category')).toBe('disparaging_post');
    expect(room.channel).toEqual([]);
    const again = await alex.sayInChannel('report');
    expect(again[0]?.text).toContain('our own chat');
    expect(cardText(await until(() => alex.received[1]))).toContain('not sent yet');
  });

  it('without knowing who it is, tells what to do', async () => {
    const nameless = { ...aMessage(WORDS, room.options), from: { id: '29:x' } };
    const [card] = await room.bot.replies(nameless);
    expect(cardText(card)).toContain('Helen Achebe');
    expect(cardText(card)).not.toContain('Card 1 of 5');
  });

  it('from a card of another person’s draft shows nothing of it', async () => {
    const [what] = await alex.say(WORDS);
    const beth = room.chatOf(BETH);
    const stolen = await beth.press(what, 'Next', TYPED.what);
    expect(cardText(stolen)).not.toContain('Card');
    expect(JSON.stringify(stolen)).not.toMatch(/facebook|wombat/u);
    expect((await room.openDraft()).draft.step).toBe('what');
  });

  it('that is open already is offered: it is resumed with all that was typed, or discarded once that is confirmed', async () => {
    const [what] = await alex.say(WORDS);
    await alex.press(what, 'Next', TYPED.what);
    const [offer] = await alex.say('report');
    expect(cardText(offer)).toContain('You have a report that is not sent yet');
    expect(cardText(offer)).not.toContain('just typed');
    expect(cardText((await alex.say(WORDS))[0])).toContain('What you have just typed is not in it');
    const where = await alex.press(offer, 'Go on with it');
    expect(cardText(where)).toContain('Card 2 of 5');
    const question = await alex.press(offer, 'Discard it');
    expect(cardText(question)).toContain('Discard this report?');
    expect(cardText(await alex.press(question, 'No, keep it'))).toContain('Card 2 of 5');
    const gone = await alex.press(question, 'Yes, discard it');
    expect(cardText(gone)).toContain('Discarded');
    await expect(room.openDraft()).rejects.toThrow();
    expect(cardText(await alex.press(where, 'Next', TYPED.where))).toContain('Nothing was sent to anyone');
    expect(cardText((await alex.submit(button(gone, 'Report something').data))[0])).toContain('Card 1 of 5');
  });

  it('twice at once is one draft', async () => {
    const cards = (await Promise.all([alex.say('report'), alex.say('report'), alex.say('report')])).flat();
    const ids = cards.map((card) => /"draftId":"([0-9a-f]{24})"/u.exec(JSON.stringify(card))?.[1]);
    expect(new Set(ids).size).toBe(1);
  });
});

describe('a child’s safety comes first', () => {
  it('beechwood, morley-victoria: what is typed of it shows at once 999, the police, the lead and what not to do', async () => {
    const [told] = await alex.say(SAFETY);
    const text = cardText(told);
    for (const words of [
      'call 999',
      'call the police',
      'view, copy, share, save or send',
      'don’t delete anything',
      'Daniel Hughes, 01632 960 102',
    ])
      expect(text).toContain(words);
    expect(input(told, 'words')).toBe(SAFETY);
    expect(text).toContain('Please send no pictures');
    expect(text).not.toMatch(/Card \d of 5|upload/u);
    expect(text).toContain('Daniel Hughes (designated safeguarding lead)');
    expectDiscreet(told);
  });

  it('while another report is open, all the advice comes before that is offered', async () => {
    await alex.say(WORDS);
    const [safety, offer] = await alex.say(SAFETY);
    expect(cardText(safety)).toContain('999');
    expect(cardText(safety)).toContain('Daniel Hughes');
    expect(cardText(offer)).toContain('not sent yet');
  });

  it.each(['danger_now', 'indecent_image', 'threat', 'other_concern', 'none,threat'])(
    'any danger (%s) leads from the first card to the one card, and Back from there to the others',
    async (dangers) => {
      const [what] = await alex.say('report');
      const told = await alex.press(what, 'Next', { dangers });
      expect(cardText(told)).toContain('act now');
      const back = await alex.press(told, 'Back', { words: 'What I saw.' });
      expect(cardText(back)).toContain('Card 1 of 5');
      const where = await alex.press(back, 'Next', TYPED.what);
      expect(cardText(where)).toContain('Card 2 of 5');
      expect(input(await alex.press(where, 'Next'), 'words')).toBe('What I saw.');
    },
  );

  it('is heard from an old card too, wherever the report stands', async () => {
    const [what] = await alex.say('report');
    await alex.press(what, 'Next', TYPED.what);
    const told = await alex.press(what, 'Next', { ...TYPED.what, dangers: 'danger_now' });
    expect(cardText(told)).toContain('call 999');
    expect((await room.openDraft()).draft.step).toBe('told');
  });

  it('morley-victoria: of a member of staff’s conduct, the LADO gives advice before anything is looked into', async () => {
    const [told] = await alex
      .say('report')
      .then(async ([what]) => [await alex.press(what, 'Next', { dangers: 'other_concern' })]);
    expect(cardText(told)).not.toContain('LADO');
    const again = await alex.press(told, 'Send at once', { words: 'x', told: '', staffConduct: 'yes' });
    expect(cardText(again)).toContain('Look into nothing yourself');
    expect(cardText(again)).toContain('Example County LADO, 01632 960 104');
    expect(cardText(again)).toContain('Please say who has been told');
  });

  it('in a channel the advice is given there, because nobody may wait for it', async () => {
    const [card] = await alex.sayInChannel(SAFETY);
    expect(cardText(card)).toContain('999');
    await until(() => alex.received.some((one) => cardText(one).includes('call 999')));
  });
});

describe('from the first word to the reference', () => {
  it('takes five cards, each of which says where the report goes or what it needs', async () => {
    let [card] = await alex.say(WORDS);
    const titles: string[] = [];
    for (const step of ['what', 'where', 'words', 'evidence'] as const) {
      titles.push(/Card \d of 5/u.exec(cardText(card))?.[0] ?? '');
      expectDiscreet(card);
      card = await alex.press(card, 'Next', TYPED[step]);
    }
    titles.push(/Card \d of 5/u.exec(cardText(card))?.[0] ?? '');
    expect(titles).toEqual(['Card 1 of 5', 'Card 2 of 5', 'Card 3 of 5', 'Card 4 of 5', 'Card 5 of 5']);
    expect(cardText(card)).toContain(TYPED.words.words);
    expect(cardText(card)).toContain('Account: Xyla Quint');
    expect(REFERENCE.test(cardText(card))).toBe(false);
    const receipt = await alex.press(card, 'Send the report', TYPED.wishes);
    expect(cardText(receipt)).toMatch(REFERENCE);
  });

  it('the review leads to any part and back, and keeps what was typed on it', async () => {
    const review = await alex.toLastCard();
    const typed = { wish: 'An apology', nameFor: 'triagers' };
    const { data } = button(review, 'Edit');
    const words = await alex.run('report.edit', { ...data, to: 'words', ...typed });
    expect(cardText(words)).toContain('Card 3 of 5');
    const again = await alex.press(words, 'Next', { words: 'Something else.', whoSaw: '' });
    expect(cardText(again)).toContain('Card 5 of 5');
    expect(cardText(again)).toContain('Something else.');
    expect(input(again, 'wish')).toBe('An apology');
    expect(input(again, 'nameFor')).toBe('triagers');
  });

  it('Back and Save for later keep what was typed, also what is at fault', async () => {
    const [what] = await alex.say('report');
    const where = await alex.press(what, 'Next', TYPED.what);
    const typed = { ...TYPED.where, place: 'https://nowhere' };
    const back = await alex.press(where, 'Back', typed);
    expect(cardText(back)).toContain('Card 1 of 5');
    expect(input(back, 'postedBy')).toBe('parent');
    const forward = await alex.press(back, 'Next', TYPED.what);
    expect(input(forward, 'place')).toBe('https://nowhere');
    const saved = await alex.press(forward, 'Save for later', { ...typed, account: 'Somebody' });
    expect(cardText(saved)).toContain('It is not sent yet');
    const resumed = await alex.press(saved, 'Go on with it');
    expect(input(resumed, 'account')).toBe('Somebody');
  });

  const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
  it.each([
    ['a date in the future', { seenDay: tomorrow }, 'is in the future; please check the date.'],
    ['a link that is none', { place: 'https://' }, 'looks like a link but is not a whole one'],
    ['a time without a date', { seenDay: '', seenTime: '10:15' }, 'Please add the day to the time it was seen'],
  ])('%s gets one sentence and keeps what was typed', async (_name, typed, sentence) => {
    const [what] = await alex.say('report');
    const where = await alex.press(what, 'Next', TYPED.what);
    const all = { ...TYPED.where, ...typed };
    const again = await alex.press(where, 'Next', all);
    expect(cardText(again)).toContain('Card 2 of 5');
    expect(cardText(again).split(sentence)).toHaveLength(2);
    for (const [id, value] of Object.entries(all)) expect(input(again, id)).toBe(value);
  });

  it('the first card wants the questions on safety answered', async () => {
    const [what] = await alex.say('report');
    const again = await alex.press(what, 'Next', { ...TYPED.what, dangers: '' });
    expect(cardText(again)).toContain('Please answer the question about danger first');
    expect(input(again, 'about')).toBe('school');
  });

  it('morley-victoria: bullying asks whether it goes on, how they are, and of the police as their decision; nothing else does', async () => {
    const asked = async (category: string) => {
      const [what] = await alex.say('report');
      let card = await alex.press(what, 'Next', { ...TYPED.what, category, breachKind: 'privacy' });
      if (cardText(card).includes('Card 1 of 5'))
        card = await alex.press(card, 'Next', { ...TYPED.what, category, breachKind: 'privacy' });
      const words = await alex.press(card, 'Next', TYPED.where);
      const evidence = await alex.press(words, 'Next', TYPED.words);
      const wishes = await alex.press(evidence, 'Next');
      const stored = await room.openDraft();
      await room.bot.reports.drafts.finish(stored, null, new Date());
      return JSON.stringify([words, wishes]);
    };
    const bullying = await asked('online_bullying');
    for (const id of ['goesOn', 'howTheyAre', 'police', 'support']) expect(bullying).toContain(`"id":"${id}"`);
    expect(bullying).toContain('That is your decision');
    const other = await asked('other_breach');
    for (const id of ['goesOn', 'howTheyAre', 'police', 'support']) expect(other).not.toContain(`"id":"${id}"`);
  });

  it('an input that was emptied, which clients leave out, is empty', async () => {
    const [what] = await alex.say('report');
    const where = await alex.press(what, 'Next', TYPED.what);
    const words = await alex.press(where, 'Next', TYPED.where);
    const back = await alex.press(words, 'Back', TYPED.words);
    await alex.press(back, 'Next', { platform: 'facebook' });
    expect((await room.openDraft()).draft.answers).toMatchObject({ account: '', place: '', platform: 'facebook' });
  });

  it('a card left open elsewhere shows where the report stands, and overwrites nothing', async () => {
    const [what] = await alex.say('report');
    const where = await alex.press(what, 'Next', TYPED.what);
    await alex.press(where, 'Next', TYPED.where);
    const old = await alex.press(where, 'Next', { ...TYPED.where, account: 'Old' });
    expect(cardText(old)).toContain('Card 3 of 5');
    expect((await room.openDraft()).draft.answers.account).toBe('Xyla Quint');
  });

  it('works with the older form of buttons', async () => {
    const [what] = await alex.say('report');
    const { verb, data } = button(what, 'Next');
    const [where] = await alex.submit({ ...data, verb, ...TYPED.what });
    expect(cardText(where)).toContain('Card 2 of 5');
  });

  it('the buttons do nothing in a channel, nor with data that is none of theirs', async () => {
    const [what] = await alex.say('report');
    const { verb, data } = button(what, 'Next');
    expect((await alex.runInChannel(verb, { ...data, ...TYPED.what })).text).toContain('in our own chat');
    expect((await alex.run(verb, { draftId: 7 })).text).toContain('older version');
    expect(cardText(await alex.run(verb, { draftId: "' or 1 eq 1" }))).toContain('not here any more');
  });

  it('says before anything is asked who gets a report about somebody who deals with reports', async () => {
    const [what] = await alex.say('report');
    const where = await alex.press(what, 'Next', { ...TYPED.what, postedBy: 'headteacher', about: 'pupil' });
    expect(cardText(where)).toContain('Ruth Castellan (chair of governors)');
    expect([HELEN, DANIEL].some(({ name }) => cardText(where).includes(name))).toBe(false);
  });
});
