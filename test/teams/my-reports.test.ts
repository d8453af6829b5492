import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { button, cardText, input, type Reply } from '../support/bot.js';
import { linksTo } from '../support/links.js';
import { aPicture } from '../support/pictures.js';
import {
  ALEX,
  BETH,
  type Chat,
  HELEN,
  RUTH,
  referenceIn,
  SECRETS,
  Staffroom,
  TYPED,
  wholeOf,
} from '../support/staff.js';
import { until } from '../support/until.js';

let room: Staffroom;
let beth: Chat;
beforeAll(async () => {
  room = await Staffroom.open({ links: linksTo() });
  room.bot.deliveries.start();
  beth = room.chatOf(BETH);
});
afterAll(() => room.close());
afterEach(async () => {
  await room.settled();
  expect(await room.faults()).toEqual([]);
  expect(JSON.stringify(room.bot.logged)).not.toMatch(/Larkin|0d3c6a51|Sorted|marmot/iu);
  room.connector.calls.length = 0;
});

const own = (reference: string, chat = beth) => chat.run('case.own', { reference });
/** Word in the channel that the reporter has done something, below the card. */
const isNews = (card: Reply) => wholeOf(card).includes('the reporter has');
/** The card in the channel, of which there is one, and how often it was drawn again. */
async function inChannel(reference: string, drawn: number): Promise<Reply> {
  const cards = () => room.channel.filter((card) => wholeOf(card).includes(reference) && !isNews(card));
  const redrawn = () =>
    room.connector.calls.filter(({ method, body }) => method === 'PUT' && JSON.stringify(body).includes(reference));
  await until(() => cards().length === 1 && redrawn().length >= drawn);
  await room.settled();
  expect(cards()).toHaveLength(1);
  expect(redrawn()).toHaveLength(drawn);
  return cards()[0] as Reply;
}
const report = async (change?: Parameters<Chat['report']>[0]) => referenceIn(cardText(await beth.report(change)));

describe('my reports', () => {
  it('are none at first; then a list with state and day, newest first, and what is not sent yet', async () => {
    const alex = room.chatOf(ALEX);
    expect(cardText((await alex.say('my reports'))[0])).toContain('You have not sent a report yet.');
    const first = referenceIn(cardText(await alex.report()));
    const second = referenceIn(cardText(await alex.report()));
    const [list] = await alex.say('My reports');
    expect(wholeOf(list)).toContain(first);
    expect(cardText(list)).toMatch(/A disparaging post, sent \w{3} \d{1,2} \w{3} \d{4}, \d\d:\d\d: new/u);
    expect(wholeOf(list).indexOf(second)).toBeLessThan(wholeOf(list).indexOf(first));
    await alex.say('report');
    expect(cardText((await alex.say('my reports'))[0])).toContain('Not sent yet');
    expect(wholeOf((await beth.say('my reports'))[0])).not.toContain(first);
    expect(JSON.stringify(button(list, 'Open').data)).not.toMatch(/0d3c6a51|Morgan/iu);
  });

  it('one opened shows its state and its words', async () => {
    const reference = await report();
    const card = await own(reference);
    expect(cardText(card)).toContain(TYPED.words.words);
    expect(cardText(card)).toContain('new');
    expect(button(card, 'Add screenshots')).toMatchObject({
      url: 'http://127.0.0.1:1/evidence/sealed',
    });
  });

  it('are nobody else’s: another person’s reference, one that is none and nonsense are all "cannot find"', async () => {
    const reference = await report();
    const said =
      'I cannot find a report of yours with that reference. If you sent it long ago, it may have been deleted since.';
    for (const other of [room.chatOf(ALEX), room.chatOf(HELEN)])
      for (const verb of ['case.own', 'case.add', 'case.words', 'case.withdraw'])
        expect((await other.run(verb, { reference, words: 'x', reason: 'x' })).text).toBe(said);
    for (const data of [{ reference: 'PD-00000000' }, { reference: '../x' }, {}, { reference: 7 }])
      expect((await beth.run('case.own', data)).text).toBe(said);
    expect((await room.caseOf(reference)).log).toHaveLength(1);
  });

  it('are shown in the own chat only', async () => {
    const [said] = await beth.sayInChannel('my reports');
    expect(said?.text).toContain('in our own chat');
    const reference = await report();
    for (const verb of ['case.own', 'case.mine', 'case.words'])
      expect((await beth.runInChannel(verb, { reference, words: 'x' })).text).toContain('in our own chat');
  });
});

describe('adding to a report', () => {
  it('words: they are in the case, whoever has it sees that there is more, and the channel reads none of them', async () => {
    const reference = await report();
    await inChannel(reference, 0);
    const card = await beth.press(await own(reference), 'Add these words', { words: 'It was a marmot.' });
    expect(cardText(card)).toContain('Added. Whoever has the report is told.');
    expect(cardText(card)).toMatch(/\d\d:\d\d: It was a marmot\./u);
    expect(input(card, 'words') ?? '').toBe('');
    expect(wholeOf(await inChannel(reference, 1))).not.toMatch(/marmot/u);
    expect(JSON.stringify(room.connector.calls)).not.toMatch(SECRETS);
  });

  it('words twice at once, as by a double press, are added once', async () => {
    const reference = await report();
    const card = await own(reference);
    const add = () => beth.press(card, 'Add these words', { words: 'It was a marmot.' });
    for (const one of [...(await Promise.all([add(), add()])), await add()]) expect(cardText(one)).toContain('Added.');
    expect((await room.caseOf(reference)).log.map(({ what }) => what.kind)).toEqual(['submitted', 'words_added']);
    await beth.press(card, 'Add these words', { words: 'And a badger.' });
    expect((await room.caseOf(reference)).log).toHaveLength(3);
  });

  it.each([
    ['nothing', '  ', 'Please type what you want to add.'],
    ['too much', 'x'.repeat(4_001), 'please shorten it'],
    ['far too much', 'x'.repeat(9_000), 'please shorten it'],
  ])('%s gets one sentence and keeps what was typed', async (_name, words, sentence) => {
    const reference = await report();
    const card = await beth.press(await own(reference), 'Add these words', { words });
    expect(cardText(card)).toContain(sentence);
    expect(String(input(card, 'words')).length).toBeGreaterThanOrEqual(Math.min(words.trim().length, 4_001));
    expect((await room.caseOf(reference)).log).toHaveLength(1);
  });

  it('a screenshot after it was sent: the card in the channel counts it, in its place', async () => {
    const reference = await report();
    await inChannel(reference, 0);
    const owner = { schoolId: room.school.profile.id, personId: BETH.id };
    const bytes = await aPicture(41).png().toBuffer();
    const target = { kind: 'case', reference } as const;
    const taken = await room.bot.reports.intake.take({ owner, target, bytes, way: 'upload_page' });
    expect(taken).toMatchObject({ kind: 'added', count: 1 });
    expect(wholeOf(await inChannel(reference, 1))).toContain('1 file');
    expect(cardText(await own(reference))).toContain('1. PNG picture');
  });

  it('changes the card in a recipient’s own chat, where its words are', async () => {
    const reference = await report({ what: { ...TYPED.what, postedBy: 'headteacher' } });
    const ruth = room.chatOf(RUTH);
    const hers = () => ruth.received.filter((card) => wholeOf(card).includes(reference));
    await until(() => hers().length === 1);
    await room.settled();
    await beth.press(await own(reference), 'Add these words', { words: 'It was a marmot.' });
    await room.settled();
    await until(() => hers().some((card) => cardText(card).includes('It was a marmot.')));
    expect(room.channel.some((card) => wholeOf(card).includes(reference))).toBe(false);
  });

  it('takes no pictures where a child’s safety is concerned', async () => {
    const reference = referenceIn(cardText(await beth.reportSafety()));
    expect(wholeOf(await own(reference))).not.toContain('Add screenshots');
  });

  it('much and often still fits into a message', async () => {
    const reference = await report();
    let card = await own(reference);
    for (let time = 0; time < 8; time += 1)
      card = await beth.press(card, 'Add these words', { words: `${time} ${'é'.repeat(3_900)}` });
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(28 * 1024);
    expect(cardText(card)).toContain('7 éé');
  });
});

describe('withdrawing a report', () => {
  it('wants a reason; then it stays, marked, and whoever has it is told', async () => {
    const reference = await report();
    await inChannel(reference, 0);
    const card = await own(reference);
    expect(cardText(await beth.press(card, 'Withdraw it', { reason: ' ' }))).toContain('Please say why');
    const withdrawn = await beth.press(card, 'Withdraw it', { reason: 'Sorted with the parent.' });
    expect(cardText(withdrawn)).toContain('Withdrawn. Whoever has the report is told.');
    expect(cardText(withdrawn)).toContain('withdrawn');
    expect(() => button(withdrawn, 'Withdraw it')).toThrow();
    expect(() => button(withdrawn, 'Add these words')).toThrow();
    const channel = await inChannel(reference, 1);
    expect(wholeOf(channel)).toContain('Withdrawn');
    expect(wholeOf(channel)).not.toContain('Sorted');
    expect((await room.caseOf(reference)).report.answers.words).toBe(TYPED.words.words);
    const again = await beth.press(card, 'Add these words', { words: 'But' });
    expect(cardText(again)).toContain('This report has been withdrawn.');
    const owner = { schoolId: room.school.profile.id, personId: BETH.id };
    expect(await room.bot.reports.intake.refusalFor(owner, { kind: 'case', reference })).toBe('no_draft');
  });

  it('and adding to it at once ends in one order or the other, and nothing is lost', async () => {
    const reference = await report();
    const card = await own(reference);
    await Promise.all([
      beth.press(card, 'Add these words', { words: 'It was a marmot.' }),
      beth.press(card, 'Withdraw it', { reason: 'Sorted.' }),
    ]);
    const kinds = (await room.caseOf(reference)).log.map(({ what }) => what.kind);
    expect([
      ['submitted', 'words_added', 'withdrawn'],
      ['submitted', 'withdrawn'],
    ]).toContainEqual(kinds);
  });
});
