import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newReference } from '../../src/references.js';
import { FIND_CASE_COMMAND } from '../../src/teams/find-cases.js';
import { aSearch, from } from '../support/activities.js';
import { button, cardText, type Reply } from '../support/bot.js';
import { submitted } from '../support/reports.js';
import { ALEX, BETH, DANIEL, HELEN, RUTH, referenceIn, SECRETS, Staffroom, TYPED, wholeOf } from '../support/staff.js';
import { act, sayInHeadteacherChannel } from '../support/triaging.js';

/** Friday of one week to Thursday of the next: what came in first is overdue. */
const FRIDAY = new Date('2026-11-20T15:42:00Z');
const THURSDAY = new Date('2026-11-26T09:00:00Z');
let now = FRIDAY;
let room: Staffroom;
/** References by what becomes of the cases in {@link beforeAll}. */
let old: string, hers: string, urgent: string, aboutHead: string, aboutAlex: string, closed: string;

beforeAll(async () => {
  room = await Staffroom.open({ now: () => now });
  const beth = room.chatOf(BETH);
  const report = async (change?: Parameters<typeof beth.report>[0]) => referenceIn(cardText(await beth.report(change)));
  old = await report();
  hers = await report();
  closed = await report();
  now = THURSDAY;
  urgent = referenceIn(cardText(await beth.reportSafety()));
  aboutHead = await report({ what: { ...TYPED.what, about: 'headteacher' } });
  aboutAlex = referenceIn(cardText(await room.chatOf(ALEX).report({ what: { ...TYPED.what, about: 'reporter' } })));
  await act(room, hers, { do: 'assign', to: HELEN.id });
  await act(room, closed, { do: 'close', outcome: 'resolved', message: 'Done.' });
});
afterAll(() => room.close());
afterEach(() => {
  expect(JSON.stringify(room.bot.logged)).not.toMatch(/Achebe|Larkin|0d3c6a51/u);
  room.bot.logged.length = 0;
});

const REFERENCES = /PD-[0-9A-HJKMNP-TV-Z]{8}/gu;
const listed = (card: Reply | undefined): string[] => [...new Set(cardText(card).match(REFERENCES) ?? [])];
const say = async (someone: typeof ALEX, text: string) => (await room.chatOf(someone).say(text))[0];
const refusals = () => room.bot.logged.filter(({ event }) => event === 'triage.refused');

describe('the lists', () => {
  it('open: what one may read, overdue first, then what is urgent, then by age; with the least of each', async () => {
    const card = await say(HELEN, 'open cases');
    expect(listed(card)).toEqual([old, urgent, hers, aboutAlex]);
    for (const words of ['Overdue', 'Urgent', 'Acknowledged', 'Helen Achebe has it', 'nobody has it yet'])
      expect(cardText(card)).toContain(words);
    expect(cardText(card)).toContain('Sent Fri 20 Nov 2026, 4 school days ago');
    expect(wholeOf(card)).not.toMatch(SECRETS);
    expect(wholeOf(card)).not.toMatch(/Larkin|Morgan|0d3c6a51/u);
    expect(button(card, 'Open')).toMatchObject({ verb: 'case.open', data: { reference: old, seen: 1 } });
  });

  it.each<[string, typeof ALEX, () => string[]]>([
    ['somebody named in one sees the others', ALEX, () => [old, hers]],
    ['a safeguarding lead sees what concerns a child', DANIEL, () => [old, urgent, hers]],
    ['the chair sees what came to her', RUTH, () => [aboutHead]],
  ])('%s', async (_name, someone, expected) => {
    expect(listed(await say(someone, 'Open cases.'))).toEqual(expected());
    expect(refusals()).toEqual([]);
  });

  it.each([
    ['mine', () => [hers]],
    ['my cases', () => [hers]],
    ['Overdue', () => [old]],
    ['show me all open cases', () => [old, urgent, hers, aboutAlex]],
    ['overdue cases?', () => [old]],
  ])('"%s"', async (typed, expected) => {
    expect(listed(await say(HELEN, typed))).toEqual(expected());
  });

  it('an empty one says so', async () => {
    expect(cardText(await say(DANIEL, 'mine'))).toContain('No open case is assigned to you.');
    expect(cardText(await say(RUTH, 'overdue'))).toContain('No case is overdue');
  });

  it('in the Headteacher’s channel: what all may see who read it, whoever asks', async () => {
    for (const someone of [HELEN, ALEX]) {
      const [card] = await sayInHeadteacherChannel(room, someone, 'open cases');
      expect(listed(card)).toEqual([old, urgent, hers]);
    }
    expect(listed((await sayInHeadteacherChannel(room, HELEN, 'mine'))[0])).toEqual([hers]);
    const [refused] = await sayInHeadteacherChannel(room, RUTH, 'open cases');
    expect(refused?.text).toContain('Only those who deal with reports');
    expect(refusals()).toHaveLength(1);
  });

  it('anywhere else: a sentence that says where', async () => {
    const [said] = await room.chatOf(HELEN).sayInChannel('open cases');
    expect(said?.text).toContain('in our own chat, or in the channel “Headteacher”');
  });

  it.each(['open cases', 'mine', 'overdue', 'my cases'])(
    '"%s" from anybody else: a sentence, and the log',
    async (typed) => {
      expect((await say(BETH, typed))?.text).toContain('Only those who deal with reports at your school');
      expect(refusals()).toEqual([expect.objectContaining({ level: 'warn', schoolId: room.school.profile.id })]);
    },
  );

  it.each([
    'are open cases of bullying reported to governors?',
    'is it overdue to review the policy?',
    'can i post pictures of mine on instagram',
    'my reports',
    'help',
  ])('"%s" is no list', async (typed) => {
    const card = await say(HELEN, typed);
    expect(wholeOf(card)).not.toContain('case.open');
    expect(room.bot.logged.filter(({ event }) => event === 'cases.listed')).toEqual([]);
  });

  it('show twenty, and how many more there are', async () => {
    const { reports } = room.bot;
    const crowd = await Staffroom.open({ now: () => now });
    try {
      const reference = referenceIn(cardText(await crowd.chatOf(BETH).report()));
      const { report } = await crowd.caseOf(reference);
      for (let one = 1; one < 23; one += 1)
        await reports.cases.create(submitted({ ...report, reference: newReference('PD') }));
      const [card] = await crowd.chatOf(HELEN).say('open cases');
      expect(listed(card)).toHaveLength(20);
      expect(cardText(card)).toContain('Open cases (23)');
      expect(cardText(card)).toContain('and 3 more');
      expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(28 * 1024);
    } finally {
      await crowd.close();
    }
  });
});

describe('a reference', () => {
  it.each<[string, (reference: string) => string]>([
    ['as it is', (reference) => reference],
    ['in small letters', (reference) => reference.toLowerCase()],
    ['with words around it left out', (reference) => ` ${reference}. `],
    ['without a hyphen', (reference) => reference.replace('-', ' ')],
    ['bare', (reference) => reference.slice(3)],
  ])('%s shows the case, also one that is closed', async (_name, as) => {
    for (const reference of [old, closed]) {
      const card = await say(HELEN, as(reference));
      expect(listed(card)).toEqual([reference]);
      expect(button(card, 'Open').data).toMatchObject({ reference });
    }
  });

  it('of a case that one may not see is one that is not there; the log has it', async () => {
    const said = 'I cannot find a case with that reference that you may see here. An old one may have been deleted.';
    expect((await say(HELEN, aboutHead))?.text).toBe(said);
    expect((await say(HELEN, 'PD-00000000'))?.text).toBe(said);
    expect(refusals().map(({ reference }) => reference)).toEqual([aboutHead, undefined]);
    expect((await say(RUTH, old))?.text).toBe(said);
    expect((await sayInHeadteacherChannel(room, HELEN, aboutAlex))[0]?.text).toBe(said);
    expect(listed(await say(HELEN, aboutAlex))).toEqual([aboutAlex]);
  });

  it('typed by its reporter is their own report, and by others on the staff nothing', async () => {
    expect(cardText(await say(BETH, old))).toContain(`Your report ${old}`);
    expect(cardText(await say(ALEX, aboutAlex))).toContain(`Your report ${aboutAlex}`);
    expect((await say(BETH, aboutAlex))?.text).toContain('Only those who deal with reports');
    const [inChannel] = await room.chatOf(BETH).sayInChannel(old);
    expect(inChannel?.text).toContain('Only those who deal with reports');
    expect(refusals()).toHaveLength(2);
  });

  it('a word that one may spell is a question as ever', async () => {
    for (const typed of ['snapchat', 'WhatsApp?']) {
      await say(HELEN, typed);
      expect(refusals()).toEqual([]);
    }
    expect(room.bot.logged.filter(({ event }) => event === 'ask.handled')).not.toEqual([]);
  });
});

describe('help', () => {
  it('shows the commands to those who have them, where they work', async () => {
    expect(cardText(await say(HELEN, 'help'))).toContain('open cases');
    expect(cardText((await sayInHeadteacherChannel(room, HELEN, 'help'))[0])).toContain('open cases');
    expect(cardText(await say(BETH, 'help'))).not.toContain('open cases');
    expect(cardText((await room.chatOf(HELEN).sayInChannel('help'))[0])).not.toContain('open cases');
  });
});

interface Found {
  readonly type: string;
  readonly text?: string;
  readonly attachments?: readonly {
    readonly contentType: string;
    readonly content: object;
    readonly preview: { readonly content: { readonly title: string; readonly text: string } };
  }[];
}

describe('finding a case from the box where messages are written', () => {
  async function find(someone: typeof ALEX, words: unknown, more: object = {}): Promise<Found> {
    const value = {
      commandId: FIND_CASE_COMMAND.id,
      parameters: [{ name: FIND_CASE_COMMAND.parameter, value: words }],
      queryOptions: { skip: 0, count: 25 },
      ...more,
    };
    const response = await room.bot.send(from(someone, aSearch(value, room.options)));
    expect(response.status).toBe(200);
    return ((await response.json()) as { composeExtension: Found }).composeExtension;
  }
  const titles = ({ attachments = [] }: Found) => attachments.map(({ preview }) => preview.content.title);

  it('shows reference, what it is about and how it stands; inserts nothing but the reference', async () => {
    const found = await find(HELEN, 'overdue');
    expect(titles(found)).toEqual([old]);
    const [first] = found.attachments ?? [];
    expect(first?.preview.content.text).toBe('A disparaging post: New, overdue');
    expect(first).toMatchObject({ contentType: 'application/vnd.microsoft.card.thumbnail' });
    expect(first?.content).toEqual({ title: old });
  });

  it.each<[string, () => string[]]>([
    ['open', () => [old, urgent, hers, aboutAlex]],
    ['disparaging', () => [old, hers, aboutAlex]],
    ['achebe', () => [hers]],
    ['mine', () => [hers]],
    ['child safety', () => [urgent]],
    ['closed', () => [closed]],
    ['disparaging achebe', () => [hers]],
  ])('"%s"', async (words, expected) => {
    expect(titles(await find(HELEN, words))).toEqual(expected());
  });

  it('by reference, whole or its beginning, also of one that is closed', async () => {
    for (const words of [closed, closed.toLowerCase(), closed.slice(3), closed.slice(0, 8)])
      expect(titles(await find(HELEN, words))).toContain(closed);
  });

  it('never a case that one may not read', async () => {
    expect(titles(await find(ALEX, 'open'))).toEqual([old, hers]);
    expect(titles(await find(RUTH, 'open'))).toEqual([aboutHead]);
    for (const [someone, reference] of [
      [HELEN, aboutHead],
      [ALEX, aboutAlex],
      [ALEX, urgent],
      [RUTH, old],
    ] as const)
      expect(await find(someone, reference)).toEqual({
        type: 'message',
        text: expect.stringContaining('No case that you may see'),
      });
  });

  it('gives others a hint and no result, and logs it', async () => {
    for (const words of ['open', old, ''])
      expect(await find(BETH, words)).toEqual({
        type: 'message',
        text: expect.stringContaining('Only those who deal'),
      });
    expect(refusals()).toHaveLength(3);
  });

  it.each([
    ['nothing typed', ' ', {}],
    ['the first run', undefined, { parameters: [{ name: 'initialRun', value: 'true' }] }],
    ['words that are no text', { a: 1 }, {}],
  ])('%s gets a hint', async (_name, words, more) => {
    expect(await find(HELEN, words, more)).toEqual({
      type: 'message',
      text: expect.stringContaining('Type a reference'),
    });
  });

  it('has no second page, sends nothing to the conversation, and logs nothing that was typed', async () => {
    expect(await find(HELEN, 'open', { queryOptions: { skip: 8, count: 8 } })).toMatchObject({ attachments: [] });
    await find(HELEN, 'zebra');
    expect(JSON.stringify(room.bot.logged)).not.toContain('zebra');
    expect(room.connector.posted.filter(({ conversationId }) => conversationId === 'a:personal')).toEqual([]);
  });
});
