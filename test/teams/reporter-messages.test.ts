import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cardMessage } from '../../src/teams/cards/message.js';
import { button, cardText, input, type Reply } from '../support/bot.js';
import { linksTo } from '../support/links.js';
import {
  ALEX,
  BETH,
  type Chat,
  DANIEL,
  HELEN,
  RUTH,
  referenceIn,
  SECRETS,
  Staffroom,
  TYPED,
  wholeOf,
} from '../support/staff.js';
import { act } from '../support/triaging.js';
import { until } from '../support/until.js';

/** What a template would fill in. */
const NAME = '$'.concat('{words}');
/** What a triager types. */
const QUESTION = `Is *this* ${NAME} [here](https://x.example) \u202Etxet\nstill there, quokka?`;
const ANSWER = `Yes, a *marmot* ${NAME} <b>there</b>.\nSince Monday.`;

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
  expect(JSON.stringify(room.bot.logged)).not.toMatch(/Larkin|Achebe|0d3c6a51|quokka|marmot/iu);
  for (const { activity } of room.connector.posted)
    expect(Buffer.byteLength(JSON.stringify(activity))).toBeLessThan(28 * 1024);
});

const report = async (change?: Parameters<Chat['report']>[0]) => referenceIn(cardText(await beth.report(change)));
/** Messages that the reporter got of their report, receipt and card apart. */
const toldOf = (reference: string, chat = beth) =>
  chat.received.filter((card) => wholeOf(card).includes(reference) && !wholeOf(card).includes('case.open'));
const nextOf = async (reference: string, count: number): Promise<Reply> => until(() => toldOf(reference).at(count - 1));
async function asked(words = QUESTION): Promise<{ reference: string; number: number; card: Reply }> {
  const reference = await report();
  const number = await act(room, reference, { do: 'ask', words });
  return { reference, number, card: await nextOf(reference, 1) };
}
const kindsOf = async (reference: string) => (await room.caseOf(reference)).log.map(({ what }) => what.kind);

describe('what a reporter is told', () => {
  it('of its being read: by whom, and what comes next', async () => {
    const reference = await report();
    await act(room, reference, { do: 'acknowledge' });
    const card = await nextOf(reference, 1);
    expect(cardText(card)).toContain(`Your report ${reference} has been read by Helen Achebe (Headteacher), `);
    expect(cardText(card)).toContain('Next: ');
    expect(cardText(await beth.press(card, 'See my report'))).toContain('acknowledged by Helen Achebe (Headteacher)');
  });

  it('the same where assigning it says so, and not to whom', async () => {
    const reference = await report();
    await act(room, reference, { do: 'assign', to: DANIEL.id });
    const card = await nextOf(reference, 1);
    expect(cardText(card)).toContain('has been read by Helen Achebe (Headteacher)');
    expect(wholeOf(card)).not.toContain('Daniel');
    expect(wholeOf(await beth.press(card, 'See my report'))).not.toContain('Daniel');
  });

  it('of its end: outcome and message as typed; then it takes words, and cannot be withdrawn', async () => {
    const reference = await report();
    await act(room, reference, { do: 'note', words: 'A quokka note.' });
    await act(room, reference, {
      do: 'close',
      outcome: 'no_breach',
      message: `It is *allowed* ${NAME}, see\nclause 4.`,
    });
    const card = await nextOf(reference, 1);
    const shown = ['Outcome: ', 'No breach of the policy', `It is *allowed* ${NAME}, see`, 'clause 4.'];
    for (const words of shown) expect(cardText(card)).toContain(words);
    const own = await beth.press(card, 'See my report, or add to it');
    for (const words of shown.slice(1)) expect(cardText(own)).toContain(words);
    expect(wholeOf(own)).not.toContain('quokka');
    expect(() => button(own, 'Withdraw it')).toThrow();
    const refused = await beth.run('case.withdraw', { reference, reason: 'Enough.' });
    expect(cardText(refused)).toContain('This report has been closed, so it cannot be withdrawn any more.');
    expect(cardText(await beth.press(own, 'Add these words', { words: 'A marmot again.' }))).toContain('Added.');
    expect((await kindsOf(reference)).at(-1)).toBe('words_added');
  });

  it('of its being opened again, and not why', async () => {
    const reference = await report();
    await act(room, reference, { do: 'close', outcome: 'resolved', message: 'Done.' });
    await act(room, reference, { do: 'reopen', reason: 'The quokka is back.' });
    const card = await nextOf(reference, 2);
    expect(cardText(card)).toContain(`Your report ${reference} has been opened again by Helen Achebe (Headteacher)`);
    expect(wholeOf(card)).not.toContain('quokka');
    const own = await beth.press(card, 'See my report');
    expect(cardText(own)).toContain('opened again');
    expect(button(own, 'Withdraw it')).toBeDefined();
  });

  it('goes to the reporter and nobody else, whatever the delivery says', async () => {
    const { reference, number } = await asked();
    const deliveries = room.connector.posted.filter(({ activity }) => JSON.stringify(activity).includes('case.answer'));
    expect(new Set(deliveries.map(({ conversationId }) => conversationId))).toEqual(new Set([beth.id]));
    const { caseRenderers } = await import('../../src/teams/case-renderers.js');
    const renderers = caseRenderers({ ...room.bot.reports, now: room.bot.parts.now });
    for (const kind of ['case.acknowledged', 'case.question', 'case.closed', 'case.reopened']) {
      const refs = { reference, event: String(number) };
      const rest = {
        ...{ order: 9, schoolId: room.school.profile.id, owedSince: new Date(), attempts: 0, refusals: 0 },
      };
      const progress = { state: 'owed', due: new Date() } as const;
      for (const target of [{ to: 'person', personId: ALEX.id }, { to: 'headteacher_channel' }] as const)
        expect(
          await renderers[kind]?.({ kind, refs, target, placement: { at: 'new' }, progress, ...rest }, room.school),
        ).toBeUndefined();
    }
  });

  it('of a child’s safety: whom to call, before anything else', async () => {
    const reference = referenceIn(cardText(await beth.reportSafety()));
    await act(room, reference, { do: 'acknowledge' });
    const words = cardText(
      await until(() => toldOf(reference).find((card) => cardText(card).includes('has been read'))),
    );
    expect(words.indexOf('call 999')).toBeGreaterThan(0);
    expect(words.indexOf('call 999')).toBeLessThan(words.indexOf('Next: '));
    expect(words).toContain('Daniel Hughes, 01632 960 102');
  });
});

describe('a question to the reporter', () => {
  it('says who asks, shows it as it was typed but for signs that turn the writing round, and says who will read the answer', async () => {
    const { card } = await asked();
    const words = cardText(card);
    expect(words).toContain('Helen Achebe (Headteacher), ');
    for (const line of QUESTION.replace('\u202E', '').split('\n')) expect(words).toContain(line);
    expect(words).toContain('Alex Morgan, Helen Achebe (Headteacher) and Daniel Hughes (designated safeguarding lead)');
    expect(JSON.stringify(button(card, 'Answer').data)).toMatch(/^\{"reference":"PD-.{8}","question":\d+\}$/u);
  });

  it('is answered: the answer is in the case, the card shows it and takes more, and the channel reads none of it', async () => {
    const { reference, number, card } = await asked();
    const once = await beth.press(card, 'Answer', { words: ANSWER });
    expect(cardText(once)).toContain('Your answer is in the report. Whoever asked is told.');
    for (const line of ANSWER.split('\n')) expect(cardText(once)).toContain(line);
    expect(input(once, 'words')).toBe('');
    const twice = await beth.press(once, 'Answer', { words: 'And a badger.' });
    expect(cardText(twice)).toContain('And a badger.');
    expect(cardText(twice)).toContain('Since Monday.');
    const answers = (await room.caseOf(reference)).log.filter(({ what }) => what.kind === 'question_answered');
    expect(answers.map(({ what }) => what)).toEqual([
      { kind: 'question_answered', question: number, words: ANSWER },
      { kind: 'question_answered', question: number, words: 'And a badger.' },
    ]);
    await room.settled();
    expect(JSON.stringify(room.channel)).not.toMatch(/marmot|badger|quokka/u);
  });

  it('several of them, in any order, from the message or from my reports', async () => {
    const { reference, number, card } = await asked('First?');
    const second = await act(room, reference, { do: 'ask', words: 'Second?' });
    const other = await nextOf(reference, 2);
    await beth.press(other, 'Answer', { words: 'To the second.' });
    const own = await beth.run('case.own', { reference });
    expect(cardText(own)).toContain('A question waits for your answer');
    const box = await beth.press(own, 'Answer');
    expect(cardText(box)).toContain('First?');
    expect(cardText(box)).not.toContain('Second?');
    await beth.press(box, 'Answer', { words: 'To the first.' });
    await beth.press(card, 'Answer', { words: 'More to the first.' });
    const shown = await beth.press(box, 'See the whole report');
    for (const words of ['First?', 'To the first.', 'More to the first.', 'Second?', 'To the second.'])
      expect(cardText(shown)).toContain(words);
    expect(cardText(shown)).not.toContain('waits for your answer');
    const answered = (await room.caseOf(reference)).log.flatMap(({ what }) =>
      what.kind === 'question_answered' ? [what.question] : [],
    );
    expect(answered).toEqual([second, number, number]);
  });

  it('what was typed on a card goes along to the one that takes its place', async () => {
    const { card, reference } = await asked();
    const own = await beth.press(card, 'See the whole report', { words: 'Half an ans' });
    expect(input(own, 'words')).toBe('Half an ans');
    const back = await beth.press(own, 'Answer', { words: 'Half an answ', reason: 'Hm' });
    expect(input(back, 'words')).toBe('Half an answ\nHm');
    expect(await kindsOf(reference)).toEqual(['submitted', 'acknowledged', 'question_asked']);
  });

  it.each([
    ['nothing', ' \n ', 'Please type your answer.'],
    ['too much', 'x'.repeat(4_001), 'please shorten it'],
    ['far too much', '漢'.repeat(9_000), 'please shorten it'],
  ])('answered with %s gets one sentence, and keeps what was typed', async (_name, words, sentence) => {
    const { reference, card } = await asked();
    const shown = await beth.press(card, 'Answer', { words });
    expect(cardText(shown)).toContain(sentence);
    expect(String(input(shown, 'words')).length).toBeGreaterThanOrEqual(Math.min(words.trim().length, 4_001));
    expect(Buffer.byteLength(JSON.stringify(cardMessage(shown.attachments?.[0]?.content as never)))).toBeLessThan(
      28 * 1024,
    );
    expect(await kindsOf(reference)).not.toContain('question_answered');
  });

  it('answered twice at once, as by a double press, is answered once', async () => {
    const { reference, card } = await asked();
    const press = () => beth.press(card, 'Answer', { words: ANSWER });
    for (const shown of [...(await Promise.all([press(), press(), press()])), await press()])
      expect(cardText(shown)).toContain('Your answer is in the report.');
    expect((await kindsOf(reference)).filter((kind) => kind === 'question_answered')).toHaveLength(1);
  });

  it('answered while others act on the case: nothing is lost', async () => {
    const { reference, card } = await asked();
    await Promise.all([
      beth.press(card, 'Answer', { words: 'A marmot.' }),
      beth.run('case.words', { reference, words: 'And a badger.' }),
      act(room, reference, { do: 'note', words: 'A quokka.' }).catch(() => undefined),
    ]);
    expect(await kindsOf(reference)).toEqual(expect.arrayContaining(['question_answered', 'words_added']));
  });

  it('answered after the case was closed still goes in', async () => {
    const { reference, card } = await asked();
    await act(room, reference, { do: 'close', outcome: 'not_enough_known', message: 'We did not hear from you.' });
    const shown = await beth.press(card, 'Answer', { words: ANSWER });
    expect(cardText(shown)).toContain('Your answer is in the report.');
    expect(cardText(shown)).toContain('This report has been closed.');
    expect((await kindsOf(reference)).at(-1)).toBe('question_answered');
  });

  it('of a report that was withdrawn takes no answer, and gives back what was typed', async () => {
    const { reference, card } = await asked();
    await beth.run('case.withdraw', { reference, reason: 'We have talked.' });
    const shown = await beth.press(card, 'Answer', { words: ANSWER });
    expect(cardText(shown)).toContain('This report has been withdrawn.');
    expect(input(shown, 'words')).toBe(ANSWER);
    expect(await kindsOf(reference)).not.toContain('question_answered');
    expect(() => button({ ...(shown as Reply) }, 'Answer')).not.toThrow();
  });

  it('is nobody else’s to answer or to read', async () => {
    const { reference, number } = await asked();
    const said =
      'I cannot find a report of yours with that reference. If you sent it long ago, it may have been deleted since.';
    for (const other of [ALEX, HELEN, RUTH].map((one) => room.chatOf(one)))
      for (const verb of ['case.answer', 'case.question'])
        expect((await other.run(verb, { reference, question: number, words: 'x' })).text).toBe(said);
    for (const verb of ['case.answer', 'case.question'])
      expect((await beth.runInChannel(verb, { reference, question: number, words: 'x' })).text).toContain(
        'in our own chat',
      );
    expect(await kindsOf(reference)).not.toContain('question_answered');
  });

  it.each([
    ['that does not exist', { question: 99 }],
    ['that is another event', { question: 1 }],
    ['that is none', { question: 'x' }],
    ['with a fraction', { question: 2.5 }],
    ['left out', {}],
    ['that is an object', { question: { a: 1 } }],
    ['with somebody else named', { question: 99, personId: HELEN.id, by: HELEN.id }],
  ])('forged data: a question %s is a sentence, and nothing changes', async (_name, data) => {
    const { reference } = await asked();
    const before = await kindsOf(reference);
    expect((await beth.run('case.answer', { reference, words: 'x', ...data })).text).toContain(
      'cannot find that question',
    );
    expect((await beth.run('case.question', { reference, ...data })).text).toContain('cannot find that question');
    expect(await kindsOf(reference)).toEqual(before);
  });

  it('a question of another report of one’s own is not found under this one', async () => {
    const { reference } = await asked();
    const other = await report();
    await act(room, other, { do: 'note', words: 'x' });
    const number = await act(room, other, { do: 'ask', words: 'Other?' });
    expect(number).toBe(4);
    expect((await beth.run('case.answer', { reference, question: number, words: 'x' })).text).toContain('cannot find');
  });

  it('works where a client knows only the older form of buttons', async () => {
    const { reference, number } = await asked();
    const [shown] = await beth.submit({ verb: 'case.answer', reference, question: String(number), words: 'A badger.' });
    expect(cardText(shown)).toContain('Your answer is in the report.');
    expect((await kindsOf(reference)).at(-1)).toBe('question_answered');
  });

  it('keeps the answer in the card when storage fails, with a reference for us', async () => {
    const { reference, card } = await asked();
    const { cases } = room.bot.reports;
    const change = cases.change;
    // The store's own client fails so when it cannot be reached in time.
    Object.assign(cases, { change: () => Promise.reject(new Error(ANSWER)) });
    try {
      const { text } = await beth.press(card, 'Answer', { words: ANSWER });
      expect(text).toMatch(/What you typed is still in the card.*Reference ERR-[0-9A-Z]{8}/u);
    } finally {
      Object.assign(cases, { change });
    }
    expect(await kindsOf(reference)).not.toContain('question_answered');
    expect(room.bot.logged).toContainEqual(expect.objectContaining({ event: 'report.not_kept' }));
  });
});

it('my reports say how each stands', async () => {
  const { reference } = await asked();
  await act(room, reference, { do: 'close', outcome: 'resolved', message: 'Done.' });
  const { reference: other } = await asked();
  const [list] = await beth.say('my reports');
  expect(cardText(list)).toMatch(/: closed, \w{3} \d/u);
  expect(cardText(list)).toMatch(/acknowledged by Helen Achebe \(Headteacher\).*A question waits for your answer/u);
  expect(wholeOf(list)).toContain(other);
  expect(wholeOf(list)).not.toMatch(SECRETS);
  expect(TYPED.words.words).toMatch(SECRETS);
});
