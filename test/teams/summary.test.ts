import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { periodId } from '../../src/summaries/period.js';
import { periodsOf } from '../../src/summaries/periods.js';
import { createLinks } from '../../src/web/links.js';
import { from, messageInChat } from '../support/activities.js';
import { button, cardText, type Reply } from '../support/bot.js';
import { ALEX, BETH, DANIEL, GRACE, HELEN, RUTH, Staffroom, wholeOf } from '../support/staff.js';
import { GOVERNORS, keepCases, NOVEMBER, planned, theirs } from '../support/summary-room.js';
import { LINK_SECRET } from '../support/uploads.js';

let now = NOVEMBER;
let room: Staffroom;
const links = createLinks({ secret: LINK_SECRET, publicUrl: 'http://127.0.0.1:1', now: () => now });
beforeAll(async () => {
  room = await Staffroom.open({ now: () => now, links });
  await keepCases(room, 14, 3);
});
afterAll(() => room.close());
afterEach(() => {
  expect(JSON.stringify(room.bot.logged)).not.toMatch(/0d3c6a51|Larkin|Achebe|wombat/u);
  room.bot.logged.length = 0;
});

type Person = typeof ALEX;
const ABOUT_HEAD = /about the headteacher|chair of governors:/iu;
const say = async (someone: Person, text: string) => (await room.chatOf(someone).say(text))[0];
const events = () => room.bot.logged.map(({ event }) => event).filter((event) => String(event).startsWith('summary.'));
const inChat = async (someone: Person, text: string, id = GOVERNORS): Promise<Reply | undefined> =>
  (await room.bot.replies(from(someone, messageInChat(id, text, room.options))))[0];
const press = (someone: Person, verb: string, data: object, id = GOVERNORS) =>
  room.chatOf(someone).runIn({ id, conversationType: 'groupChat', isGroup: true }, verb, data);

describe('"summary"', () => {
  it('shows the Headteacher the latest half-term, as the governors get it', async () => {
    const card = await say(HELEN, 'summary');
    expect(cardText(card)).toContain('Summary for governors: Autumn 2026, first half');
    expect(cardText(card)).toContain('14');
    expect(wholeOf(card)).not.toMatch(ABOUT_HEAD);
    expect(wholeOf(card)).not.toContain('${');
    expect(events()).toEqual(['summary.made', 'summary.shown']);
  });

  it('shows the chair how many reports are about the Headteacher as well', async () => {
    const card = await say(RUTH, "show me the governors' summary");
    expect(cardText(card)).toContain('Summary for the chair of governors: Autumn 2026, first half');
    expect(wholeOf(card)).toMatch(/Reports about the Headteacher/u);
    expect(wholeOf(card)).toContain('Fewer than 5');
    expect(events()).toEqual(['summary.shown']);
  });

  it.each([
    ['staff', BETH],
    ['a deputy who is DSL', DANIEL],
    ['a triager', ALEX],
    ['the trust', GRACE],
    ['a governor', { id: '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c05', name: 'Imran Sadiq' }],
    ['a stranger', { id: '99999999-7b1e-4f0a-8c55-1e9a2b7d4c05', name: 'Someone' }],
  ])('is one sentence for %s', async (_who, someone) => {
    const reply = await say(someone, 'summary');
    expect(reply?.text).toContain('Only the Headteacher and the chair of governors');
    expect(reply?.attachments).toBeUndefined();
    expect(events()).toEqual(['summary.refused']);
  });

  it('is shown in no conversation that others read', async () => {
    for (const someone of [HELEN, RUTH]) {
      for (const reply of [
        await inChat(someone, 'summary'),
        (await room.chatOf(someone).sayInChannel('summary'))[0],
        await inChat(someone, 'summary last term', '19:other@thread.v2'),
      ]) {
        expect(reply?.text).toContain('in our own chat');
        expect(reply?.attachments).toBeUndefined();
      }
    }
    expect((await inChat(BETH, 'summary'))?.text).toContain('Only the Headteacher');
    const card = await say(HELEN, 'summary');
    const between = { id: '19:a_b@unq.gbl.spaces', conversationType: 'personal' };
    const data = { period: 'half_term-2026-08-31' };
    expect((await room.chatOf(HELEN).runIn(between, 'summary.show', data)).text).toContain(
      'I say nothing of a summary in this conversation',
    );
    expect(card?.attachments).toBeDefined();
  });

  it('says why there is none of a time that goes on, or of another length', async () => {
    for (const typed of ['summary so far', 'summary this term', 'summary this year'])
      expect((await say(HELEN, typed))?.text).toContain('that are over');
    expect((await say(RUTH, 'summary last month'))?.text).toContain('half-terms, terms and school years alone');
    expect((await say(RUTH, 'summary last week'))?.text).toContain('comes by itself');
    expect((await say(RUTH, 'summary autumn 2026'))?.text).toContain('not over yet');
    expect((await say(RUTH, 'summary last year'))?.text).toContain('No half-term, term or school year');
    expect((await say(RUTH, 'summary of the policy'))?.text ?? '').not.toContain('half-term');
  });

  it('offers it in "help" to those alone who may ask', async () => {
    for (const [someone, isOffered] of [
      [HELEN, true],
      [RUTH, true],
      [BETH, false],
      [ALEX, false],
    ] as const)
      expect(cardText(await say(someone, 'help')).includes('see figures of a half-term')).toBe(isOffered);
  });
});

describe('another period', () => {
  it('says plainly that there were no reports', async () => {
    now = new Date('2027-01-05T10:00:00Z');
    const card = await say(HELEN, 'summary');
    expect(wholeOf(card)).toContain('Autumn 2026, second half');
    expect(wholeOf(card)).toContain('No reports came in during this period.');
  });

  it('is made once, however many ask at once, and stays as it was made', async () => {
    const cards = await Promise.all(
      Array.from({ length: 4 }, (_, at) => say(at % 2 ? RUTH : HELEN, 'summary last term')),
    );
    const made = new Set(cards.map((card) => /Made on [^"]*/u.exec(wholeOf(card))?.[0]));
    expect([...made]).toEqual(['Made on Tue 5 Jan 2027, 10:00']);
    expect(events().filter((event) => event === 'summary.made')).toHaveLength(1);
    now = new Date('2027-01-06T10:00:00Z');
    await keepCases(room, 6, 0);
    const again = await say(HELEN, 'summary Autumn 2026');
    expect(wholeOf(again)).toContain('Made on Tue 5 Jan 2027, 10:00');
    const kept = await room.bot.parts.summaries.store.find(room.school.profile.id, 'term-2026-08-31');
    expect(kept?.summary.sending).toEqual({ state: 'none' });
  });

  it('is chosen from those that are over, latest first', async () => {
    const card = await say(HELEN, 'summary');
    const choices = JSON.parse(wholeOf(card)).body.flatMap((part: { items?: { choices?: { title: string }[] }[] }) =>
      (part.items ?? []).flatMap(({ choices }) => choices?.map(({ title }) => title) ?? []),
    );
    expect(choices).toEqual(['Autumn 2026, second half', 'Autumn 2026', 'Autumn 2026, first half']);
    const shown = await room.chatOf(HELEN).press(card, 'Show', { period: 'half_term-2026-08-31' });
    expect(cardText(shown)).toContain('Autumn 2026, first half');
    expect(wholeOf(shown)).not.toMatch(ABOUT_HEAD);
    const hers = await room.chatOf(RUTH).press(card, 'Show', { period: 'half_term-2026-08-31' });
    expect(cardText(hers)).toContain('chair of governors');
  });

  it('is never one that is not over, a week, or one that the calendar does not have', async () => {
    const week = periodsOf(room.school.profile, 'week')[3];
    for (const period of [
      'half_term-2027-01-04',
      'year-2026-08-31',
      week && periodId(week),
      'term-2026-09-07',
      'x',
      '',
    ])
      expect((await room.chatOf(RUTH).run('summary.show', { period })).text, period).toContain(
        'no summary of that period',
      );
    expect((await room.chatOf(RUTH).run('summary.show', {})).text).toContain('older version');
  });
});

describe('the files', () => {
  const id = 'half_term-2026-08-31';
  const linkIn = async (conversation: string) => {
    const posted = room.connector.in(conversation).at(-1)?.activity as unknown as Reply;
    const [, token = ''] = /"url":"[^"]*\/summary\/([^"]+)"/u.exec(wholeOf(posted)) ?? [];
    return links.readSummary(token);
  };

  it('come to the own chat in the edition of whoever asks', async () => {
    for (const [someone, edition] of [
      [HELEN, 'governors'],
      [RUTH, 'chair'],
    ] as const) {
      const chat = room.chatOf(someone);
      expect(
        (await chat.press(await say(someone, 'summary autumn 2026, first half'), 'Get the PDF and CSV')).text,
      ).toContain('below');
      expect(await linkIn(chat.id)).toMatchObject({
        personId: someone.id,
        summaryId: id,
        edition,
        through: 'own_chat',
      });
    }
    expect((await room.chatOf(BETH).run('summary.files', { id })).text).toContain('Only the Headteacher');
  });

  it('come to the governors’ chat once it was sent, for whoever is in that chat', async () => {
    const { store } = room.bot.parts.summaries;
    expect((await press(RUTH, 'summary.files', { id })).text).toContain('has not been sent');
    const stored = await store.find(room.school.profile.id, id);
    if (!stored) throw new Error('There is no summary.');
    const sent = { ...stored.summary, sending: { state: 'sent', at: now } as const };
    expect(await store.change(stored, sent, [], now)).toBeDefined();
    for (const someone of [RUTH, HELEN, BETH]) {
      expect((await press(someone, 'summary.files', { id })).text).toContain('below');
      expect(await linkIn(GOVERNORS)).toMatchObject({
        personId: someone.id,
        edition: 'governors',
        through: { chat: GOVERNORS },
      });
    }
  });

  it('come to no other conversation, nor to the governors’ chat of before', async () => {
    const elsewhere = await press(RUTH, 'summary.files', { id }, '19:other@thread.v2');
    expect(elsewhere.text).toContain('I say nothing of a summary in this conversation');
    expect((await room.chatOf(RUTH).runInChannel('summary.files', { id })).text).toContain('I say nothing');
    const chosen = await inChat(RUTH, 'use this chat for governors’ summaries', '19:new@thread.v2');
    expect(wholeOf(chosen)).toContain('summaries');
    expect((await press(RUTH, 'summary.files', { id })).text).toContain('I say nothing of a summary');
    expect((await press(RUTH, 'summary.files', { id }, '19:new@thread.v2')).text).toContain('below');
    expect(events()).toContain('summary.refused');
  });

  it('are of no week, nor of what there is none', async () => {
    for (const other of ['half_term-2020-08-31', 'week-2026-09-07', '../x', ''])
      expect((await room.chatOf(HELEN).run('summary.files', { id: other })).text).toContain('older version');
  });
});

describe('the Headteacher', () => {
  it('sees the chair’s edition by no button, wherever it is pressed', async () => {
    now = new Date('2027-01-07T10:00:00Z');
    const summary = await planned(room, 'half_term-2026-11-02');
    const ids = ['half_term-2026-08-31', summary.id];
    const before = room.connector.posted.length;
    const shown: Reply[] = [];
    for (const id of ids)
      for (const verb of ['show', 'files', 'comment', 'hold', 'release'])
        for (const data of [
          { id, period: id, edition: 'chair', stays: true },
          { id, period: id, edition: 'chair', comment: 'x' },
        ]) {
          shown.push(await room.chatOf(HELEN).run(`summary.${verb}`, data));
          shown.push(await press(HELEN, `summary.${verb}`, data, '19:new@thread.v2'));
        }
    expect(shown.filter((reply) => reply.attachments?.[0]?.content !== undefined).length).toBeGreaterThan(5);
    expect(JSON.stringify(shown)).not.toMatch(ABOUT_HEAD);
    const posted = room.connector.posted.slice(before).filter(({ conversationId }) => !theirs(conversationId, RUTH));
    expect(JSON.stringify(posted)).not.toMatch(ABOUT_HEAD);
    const tokens = [...JSON.stringify(posted).matchAll(/\/summary\/([^"\\]+)/gu)].map(([, token = '']) => token);
    const editions = await Promise.all(tokens.map(async (token) => (await links.readSummary(token))?.edition));
    expect([...new Set(editions)]).toEqual(['governors']);
  });

  it('who is the chair as well never does, either', async () => {
    const both = await Staffroom.open({ now: () => now, links }, { [HELEN.id]: ['headteacher', 'chair_of_governors'] });
    try {
      await keepCases(both, 8, 2);
      const [card] = await both.chatOf(HELEN).say('summary last term');
      expect(cardText(card)).toContain('Summary for governors: Autumn 2026');
      expect(wholeOf(card)).not.toMatch(ABOUT_HEAD);
      expect(button(card, 'Get the PDF and CSV').data).toEqual({ id: 'term-2026-08-31' });
    } finally {
      await both.close();
    }
  });
});
