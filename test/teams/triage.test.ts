import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pasteText } from '../../src/reports/paste-text.js';
import { button, cardText, type Reply } from '../support/bot.js';
import { linksTo } from '../support/links.js';
import {
  ALEX,
  BETH,
  type Chat,
  DANIEL,
  HELEN,
  referenceIn,
  SECRETS,
  Staffroom,
  TYPED,
  wholeOf,
} from '../support/staff.js';
import { channelCardOf, formOf, pressInChannel, readingOf } from '../support/triaging.js';
import { until } from '../support/until.js';

let room: Staffroom;
let beth: Chat;
let helen: Chat;
let daniel: Chat;
beforeAll(async () => {
  room = await Staffroom.open({ links: linksTo() });
  room.bot.deliveries.start();
  [beth, helen, daniel] = [room.chatOf(BETH), room.chatOf(HELEN), room.chatOf(DANIEL)];
  await daniel.say('hello');
});
afterAll(() => room.close());
afterEach(async () => {
  await room.settled();
  expect(await room.faults()).toEqual([]);
  expect(JSON.stringify(room.bot.logged)).not.toMatch(/Larkin|Achebe|Hughes|0d3c6a51|marmot/iu);
});

const report = async (change?: Parameters<Chat['report']>[0]) => referenceIn(cardText(await beth.report(change)));
const kindsOf = async (reference: string) => (await room.caseOf(reference)).log.map(({ what }) => what.kind);
const lastOf = async (reference: string) => (await room.caseOf(reference)).log.at(-1)?.what;
/** Opens it from the channel. */
async function opened(chat: Chat, reference: string): Promise<Reply> {
  await pressInChannel(chat, await channelCardOf(room, reference), 'Open');
  return readingOf(chat, reference);
}
/** Fills in a form and sends it. */
async function filled(chat: Chat, reference: string, title: string, submit: string, typed: object): Promise<Reply> {
  return chat.press(await formOf(chat, await readingOf(chat, reference, `"title":"${title}"`), title), submit, typed);
}

describe('opening a case', () => {
  it('from the channel sends all of it to the own chat, which the log notes, and says so on the card', async () => {
    const reference = await report();
    const card = await pressInChannel(daniel, await channelCardOf(room, reference), 'Open');
    expect(wholeOf(card)).toContain('Sent to your own chat with Policy Desk.');
    expect(wholeOf(card)).not.toMatch(SECRETS);
    const reading = await readingOf(daniel, reference);
    for (const words of [TYPED.words.words, 'Xyla Quint', 'Take the wombat down', 'Case log', 'The policy on this'])
      expect(wholeOf(reading)).toContain(words);
    expect(await lastOf(reference)).toMatchObject({ kind: 'opened' });
  });

  it('twice, as by a press that Teams delivers again, sends it once', async () => {
    const reference = await report();
    const card = await channelCardOf(room, reference);
    await pressInChannel(daniel, card, 'Open');
    await pressInChannel(daniel, card, 'Open');
    expect((await kindsOf(reference)).filter((kind) => kind === 'opened')).toHaveLength(1);
  });

  it('assigned to somebody without a chat says so to whoever assigns it', async () => {
    const reference = await report();
    const form = await formOf(daniel, await opened(daniel, reference), 'Assign to…');
    const [, alex] = /\{"title":"Alex Morgan","value":"([0-9a-f]{10})"\}/u.exec(wholeOf(form)) ?? [];
    const done = await daniel.press(form, 'Assign', { to: alex });
    expect(cardText(done)).toContain('Assigned to Alex Morgan. That person has no chat with Policy Desk yet');
  });

  it('tells a person without a chat how to get one, and owes it to them all the same', async () => {
    const reference = await report();
    const card = await pressInChannel(helen, await channelCardOf(room, reference), 'Open');
    expect(wholeOf(card)).toContain('choose Apps, search for Policy Desk and press Add');
    expect(wholeOf(await readingOf(helen, reference))).toContain('Beth Larkin');
  });

  it('shows the reporter’s name only to those whom the reporter chose', async () => {
    const reference = await report();
    expect(cardText(await opened(helen, reference))).toContain('Beth Larkin');
    const withheld = await opened(daniel, reference);
    expect(cardText(withheld)).toContain('Name withheld');
    expect(wholeOf(withheld)).not.toContain('Larkin');
  });
});

describe('the whole life of a case', () => {
  it('by the Headteacher and a deputy: every card shows every step, and the channel reads no word of it', async () => {
    const reference = await report();
    const card = await channelCardOf(room, reference);
    expect(wholeOf(card)).toContain('A new report');
    await opened(helen, reference);
    await opened(daniel, reference);
    expect(wholeOf(await pressInChannel(daniel, card, 'Acknowledge'))).toContain('Acknowledged by Daniel Hughes');
    await channelCardOf(room, reference, 'Acknowledged by Daniel Hughes');
    await readingOf(helen, reference, 'Acknowledged by Daniel Hughes');
    expect(() => button(room.channel.at(-1), 'Acknowledge')).toThrow();

    const form = await formOf(helen, await readingOf(helen, reference), 'Assign to…');
    const [, choice] = /\{"title":"Daniel Hughes","value":"([0-9a-f]{10})"\}/u.exec(wholeOf(form)) ?? [];
    const done = await helen.press(form, 'Assign', { to: choice });
    expect(cardText(done)).toContain('Assigned to Daniel Hughes, who gets all of it in their own chat.');
    await channelCardOf(room, reference, '"value":"Daniel Hughes"');
    expect(wholeOf(await readingOf(daniel, reference, 'has assigned this case to you'))).toContain('Helen Achebe, ');

    expect(
      cardText(await filled(daniel, reference, 'Ask the reporter', 'Ask', { words: 'Was it a marmot?' })),
    ).toContain('Asked.');
    const question = (await room.caseOf(reference)).log.length;
    await beth.run('case.answer', { reference, question, words: 'A marmot indeed.' });
    await readingOf(daniel, reference, 'A marmot indeed.');

    await filled(daniel, reference, 'Record an action', 'Record', {
      action: 'asked_for_removal',
      on: '2026-09-15',
      who: 'Xyla',
      words: '',
    });
    await readingOf(helen, reference, 'Asked whoever posted it to remove it, with Xyla.');
    await filled(daniel, reference, 'Post removed or refused', 'Record', { as: 'removed', on: '2026-09-15' });
    await readingOf(helen, reference, 'Removed, Tue 15 Sep 2026');
    await filled(daniel, reference, 'Note', 'Keep the note', { words: 'A quiet marmot.' });
    await filled(daniel, reference, 'Safeguarding system', 'Keep the reference', { as: 'CPOMS 4711' });
    await filled(daniel, reference, 'Change urgency', 'Change', { to: 'high', reason: 'It spreads.' });
    await channelCardOf(room, reference, '"value":"High"');
    await filled(daniel, reference, 'Change category', 'Change', {
      to: 'online_bullying',
      reason: 'It is aimed at one.',
    });
    await channelCardOf(room, reference, '"value":"Online bullying"');

    const closed = await filled(daniel, reference, 'Close', 'Close the case', {
      outcome: 'resolved',
      message: 'The wombat is gone.',
    });
    expect(cardText(closed)).toContain('Closed. The reporter is told.');
    const after = await channelCardOf(room, reference, 'Closed: Resolved');
    expect(() => button(after, 'Assign to me')).toThrow();
    expect(cardText(await filled(helen, reference, 'Open again', 'Open again', { reason: 'It is back.' }))).toContain(
      'Opened again.',
    );
    await channelCardOf(room, reference, 'Opened again');
    expect(wholeOf(await readingOf(helen, reference, 'It is back.'))).toContain('CPOMS 4711');

    expect(JSON.stringify(room.channel)).not.toMatch(SECRETS);
    expect(JSON.stringify(room.channel)).not.toMatch(/marmot|Larkin|CPOMS|gone|spreads|It is back/iu);
    expect(await kindsOf(reference)).toEqual([
      ...['submitted', 'opened', 'opened', 'acknowledged', 'assigned', 'question_asked', 'question_answered'],
      ...['action_taken', 'post_marked', 'note_added', 'recorded_elsewhere', 'severity_changed', 'category_changed'],
      ...['closed', 'reopened'],
    ]);
  });

  it('what is done first with a new case acknowledges it, and whoever does it is told so', async () => {
    const reference = await report();
    await opened(helen, reference);
    const done = await helen.press(await readingOf(helen, reference), 'Assign to me');
    expect(wholeOf(done)).toContain('Assigned to you. The report is acknowledged with that');
    expect((await kindsOf(reference)).slice(-2)).toEqual(['acknowledged', 'assigned']);
    expect(wholeOf(await helen.press(done, 'Assign to me'))).not.toContain('already');
    expect((await kindsOf(reference)).length).toBe(4);
  });
});

describe('two at once', () => {
  it.each([
    ['one after the other', false],
    ['in the same moment', true],
  ])('%s: one wins, and the other sees who was first', async (_, together) => {
    const reference = await report();
    const card = await channelCardOf(room, reference);
    const press = (chat: Chat) => pressInChannel(chat, card, 'Acknowledge');
    for (const pair of [[helen, daniel]] as const) {
      const shown = together ? await Promise.all(pair.map(press)) : [await press(pair[0]), await press(pair[1])];
      const { log } = await room.caseOf(reference);
      const first = log.filter(({ what }) => what.kind === 'acknowledged');
      expect(first).toHaveLength(1);
      const by = first[0]?.by;
      const winner = pair.findIndex(({ person }) => by && 'personId' in by && by.personId === person.id);
      const loser = shown[1 - winner];
      expect(wholeOf(loser)).toMatch(
        new RegExp(
          `${pair[winner]?.person.name} \\(\\w{3} \\d+ \\w{3} \\d{4}, \\d\\d:\\d\\d\\) was first and acknowledged it`,
          'u',
        ),
      );
      expect(wholeOf(loser)).toContain(`Acknowledged by ${pair[winner]?.person.name}`);
      expect(wholeOf(shown[winner])).not.toContain('was first');
    }
  });

  it('the other way round as well, in the own chats', async () => {
    const reference = await report();
    const [hers, his] = [await opened(helen, reference), await opened(daniel, reference)];
    await daniel.press(his, 'Acknowledge');
    const late = await helen.press(hers, 'Acknowledge');
    expect(wholeOf(late)).toMatch(/Daniel Hughes \([^)]+\) was first and acknowledged it/u);
    expect(cardText(late)).toContain('Reported by');
  });
});

describe('forms', () => {
  const openCase = async () => {
    const reference = await report();
    await opened(helen, reference);
    return reference;
  };

  it('keep what was typed when something is missing or too long, with one sentence', async () => {
    const reference = await openCase();
    const form = await formOf(helen, await readingOf(helen, reference), 'Close');
    const missing = await helen.press(form, 'Close the case', { message: 'The marmot is well.' });
    expect(cardText(missing)).toContain('Please choose how it ends.');
    expect(wholeOf(missing)).toContain('"value":"The marmot is well."');
    const long = await helen.press(missing, 'Close the case', { outcome: 'resolved', message: 'm'.repeat(5_000) });
    expect(cardText(long)).toContain('please shorten it');
    expect(wholeOf(long)).toContain('m'.repeat(5_000));
    expect(wholeOf(long)).toContain('"value":"resolved"');
    expect(await kindsOf(reference)).not.toContain('closed');
    expect(cardText(await helen.press(long, 'Close the case', { outcome: 'resolved', message: 'Done.' }))).toContain(
      'Closed.',
    );
  });

  it('that come too late say who was first and keep what was typed', async () => {
    const reference = await openCase();
    await opened(daniel, reference);
    const form = await formOf(helen, await readingOf(helen, reference), 'Close');
    await filled(daniel, reference, 'Close', 'Close the case', { outcome: 'no_breach', message: 'It is over.' });
    const late = await helen.press(form, 'Close the case', { outcome: 'resolved', message: 'The marmot is well.' });
    expect(cardText(late)).toMatch(/Daniel Hughes \([^)]+\) was first and closed it/u);
    expect(wholeOf(late)).toContain('The marmot is well.');
    const again = await helen.press(late, 'Close the case', { outcome: 'resolved', message: 'The marmot is well.' });
    expect(cardText(again)).toContain('has closed this case. Open it again first.');
    expect((await kindsOf(reference)).filter((kind) => kind === 'closed')).toHaveLength(1);
  });

  it('sent twice do it once', async () => {
    const reference = await openCase();
    const form = await formOf(helen, await readingOf(helen, reference), 'Note');
    const send = () => helen.press(form, 'Keep the note', { words: 'Once.' });
    for (const done of [...(await Promise.all([send(), send()])), await send()])
      expect(cardText(done)).toContain('Noted.');
    expect((await kindsOf(reference)).filter((kind) => kind === 'note_added')).toHaveLength(1);
  });

  it('work by Action.Submit too, and can be left without a change', async () => {
    const reference = await openCase();
    const seen = (await room.caseOf(reference)).log.length;
    const [done] = await helen.submit({ verb: 'case.act', reference, seen, do: 'note', words: 'By the old way.' });
    expect(cardText(done)).toContain('Noted.');
    const form = await formOf(helen, await readingOf(helen, reference), 'Note');
    expect(cardText(await helen.press(form, 'Cancel'))).toContain('Nothing has been changed.');
    expect((await kindsOf(reference)).filter((kind) => kind === 'note_added')).toHaveLength(1);
  });

  it('offer the text for the safeguarding system beside its reference, to those who have the case alone', async () => {
    const reference = await openCase();
    await opened(daniel, reference);
    await filled(helen, reference, 'Note', 'Keep the note', { words: 'A quiet marmot.' });
    const pasted = async (chat: Chat) => {
      const form = await formOf(chat, await readingOf(chat, reference), 'Safeguarding system');
      expect(wholeOf(form)).toContain('Reference in that system');
      const [, text] =
        /"id":"paste","label":"Text to copy","isMultiline":true,"value":("(?:[^"\\]|\\.)*")/u.exec(wholeOf(form)) ?? [];
      return { form, text: String(JSON.parse(text ?? '""')) };
    };
    const { form, text } = await pasted(helen);
    expect(text).toBe(pasteText(await room.caseOf(reference), room.school.profile, true));
    for (const words of ['Reference in this system: ________', 'Reported by: Beth Larkin', TYPED.words.words])
      expect(text).toContain(words);
    expect(text).not.toContain('marmot');
    expect((await pasted(daniel)).text).toContain('Reported by: Name withheld');
    const missing = await helen.press(form, 'Keep the reference', { paste: 'changed', as: ' ' });
    expect(wholeOf(missing)).toContain(JSON.stringify(text));
    expect(cardText(await helen.press(missing, 'Keep the reference', { as: 'CPOMS 12' }))).toContain('is kept');
    expect((await pasted(helen)).text).toContain('Reference in this system: CPOMS 12');

    const unread = await report();
    const sent = await helen.run('case.act', { reference: unread, seen: 1, do: 'elsewhere', as: '' });
    expect(wholeOf(sent)).toContain('Reference in that system');
    expect(wholeOf(sent)).not.toMatch(SECRETS);
  });

  it('name a person by no id', async () => {
    const reference = await openCase();
    const form = await formOf(helen, await readingOf(helen, reference), 'Assign to…');
    expect(wholeOf(form)).not.toMatch(/0d3c6a51/iu);
  });
});

describe('cases about the same post', () => {
  const where = { ...TYPED.where, place: 'https://www.facebook.com/groups/marmots/posts/1' };

  it('are offered to be linked, and linked by one press or by reference', async () => {
    const [first, second] = [await report({ where }), await report({ where })];
    const reading = await opened(helen, second);
    expect(cardText(reading)).toContain(`${first} gives the same link.`);
    const offer = button(reading, 'Link');
    expect(wholeOf(await helen.run(offer.verb, offer.data))).toContain(`Linked to ${first}.`);
    expect(await lastOf(second)).toEqual({ kind: 'linked', to: first });
    // The other shows it as well, once, however often it is pressed.
    await helen.run(offer.verb, offer.data);
    expect((await room.caseOf(first)).log.filter(({ what }) => what.kind === 'linked')).toMatchObject([
      { what: { to: second } },
    ]);
    const third = await report();
    const seen = (await room.caseOf(second)).log.length;
    const link = (to: string) => helen.run('case.act', { reference: second, seen, do: 'link', to });
    expect(cardText(await link('PD-00000000'))).toContain('I cannot find a case with that reference.');
    expect(cardText(await link(` ${third.toLowerCase()} `))).toContain(`Linked to ${third}.`);
  });

  it('but none that the person may not read', async () => {
    const about = { ...TYPED.what, postedBy: 'headteacher' };
    const hidden = await report({ where, what: about });
    const reference = await report({ where });
    expect(wholeOf(await opened(helen, reference))).not.toContain(hidden);
    const said = await helen.run('case.act', { reference, seen: 99, do: 'link', to: hidden });
    expect(cardText(said)).toContain('I cannot find a case with that reference.');
  });
});

describe('somebody who loses the right to read it', () => {
  it('gets no card drawn again, and their press is refused', async () => {
    const alex = room.chatOf(ALEX);
    await alex.say('hello');
    const reference = await report();
    const old = await opened(alex, reference);
    await opened(helen, reference);
    await filled(helen, reference, 'Change category', 'Change', { to: 'child_safety', reason: 'A pupil is meant.' });
    await until(async () => (await kindsOf(reference)).includes('category_changed'));
    await room.settled();
    expect(wholeOf(await readingOf(alex, reference))).not.toContain('A pupil is meant.');
    expect((await alex.press(old, 'Record an action')).text).toContain('You cannot act on this report');
    await readingOf(daniel, reference, 'A pupil is meant.');
  });
});
