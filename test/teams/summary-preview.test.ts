import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Delivery, NewDelivery } from '../../src/schools/delivery.js';
import type { Role } from '../../src/schools/profile.js';
import type { School } from '../../src/schools/school.js';
import { send } from '../../src/summaries/sending.js';
import type { Summary } from '../../src/summaries/summary.js';
import { summaryRenderers } from '../../src/teams/summary-renderers.js';
import { button, cardText, input, type Reply } from '../support/bot.js';
import { linksTo } from '../support/links.js';
import { BETH, DANIEL, HELEN, RUTH, Staffroom, wholeOf } from '../support/staff.js';
import { GOVERNORS, keepCases, latest, NOVEMBER, planned } from '../support/summary-room.js';

const ID = 'half_term-2026-08-31';
const MARKDOWN = `**All** [is](https://x.example) well $\{name} <b>&</b> "so"\n\n- one`;

let now = NOVEMBER;
let room: Staffroom;
let head: ReturnType<Staffroom['chatOf']>;
let chair: ReturnType<Staffroom['chatOf']>;
let preview: Reply;
beforeAll(async () => {
  room = await Staffroom.open({ now: () => now, links: linksTo() });
  [head, chair] = [room.chatOf(HELEN), room.chatOf(RUTH)];
  room.bot.deliveries.start();
  for (const chat of [head, chair]) await chat.say('help');
  await keepCases(room, 12, 2);
  await planned(room, ID, '2026-11-04');
  preview = await latest(head, 'This goes to the governors');
});
afterAll(() => room.close());

const stored = async () => {
  const found = await room.bot.parts.summaries.store.find(room.school.profile.id, ID);
  if (!found) throw new Error('There is no summary.');
  return found;
};
const comment = async () => (await stored()).summary.comment?.words;
const state = async () => (await stored()).summary.sending.state;

describe('the preview', () => {
  it('says when it goes to the governors, with the figures that they get', () => {
    expect(cardText(preview)).toContain('This goes to the governors on Wed 4 Nov 2026, 08:00');
    expect(cardText(preview)).toContain('Summary for governors: Autumn 2026, first half');
    expect(wholeOf(preview)).not.toMatch(/about the headteacher/iu);
    expect(wholeOf(preview)).not.toContain('${');
  });

  it('keeps a comment as it was typed, to be read as that and not as Markdown', async () => {
    const kept = await head.press(preview, 'Keep the comment', { comment: MARKDOWN });
    expect(wholeOf(kept)).toContain('Your comment is kept.');
    expect(input(kept, 'comment')).toBe(MARKDOWN);
    expect(await comment()).toBe(MARKDOWN);
    const shown = (await chair.say('summary'))[0];
    const blocks = wholeOf(shown).match(/"TextBlock","text":"[^"]*"/gu) ?? [];
    expect(blocks.join()).not.toContain('x.example');
    expect(wholeOf(shown)).toContain(JSON.stringify(MARKDOWN.split('\n')[0]));
    expect(wholeOf(shown)).toContain('"text":"- one"');
  });

  it('warns of names of people in the cases, and keeps what was typed until it is pressed again', async () => {
    const typed = 'I thank beth. Xyla’s parents came to see us.';
    const warned = await head.press(preview, 'Keep the comment', { comment: typed });
    expect(wholeOf(warned)).toContain('Not kept yet');
    expect(wholeOf(warned)).toContain('"text":"beth, Xyla"');
    expect(input(warned, 'comment')).toBe(typed);
    expect(await comment()).toBe(MARKDOWN);
    expect(wholeOf(warned)).not.toMatch(/PD-[0-9A-Z]{8}/u);
    const others = await head.press(warned, 'Keep it all the same', { comment: 'I thank Larkin.' });
    expect(wholeOf(others)).toContain('"text":"Larkin"');
    const replayed = await head.press(warned, 'Keep the comment', { comment: typed });
    expect(await comment()).toBe(MARKDOWN);
    const kept = await head.press(replayed, 'Keep it all the same', { comment: typed });
    expect(wholeOf(kept)).toContain('Your comment is kept.');
    expect(await comment()).toBe(typed);
  });

  it('does not tell who is in a case about the Headteacher', async () => {
    await head.press(preview, 'Keep the comment', { comment: 'Thaddeus and Ms Achebe met.' });
    expect(await comment()).toBe('Thaddeus and Ms Achebe met.');
  });

  it('keeps what is too long in its box, and takes an empty one for none', async () => {
    const long = 'All is well. '.repeat(100);
    const refused = await head.press(preview, 'Keep the comment', { comment: long });
    expect(wholeOf(refused)).toContain('may have 1,000 characters');
    expect(input(refused, 'comment')).toBe(long);
    expect(await comment()).toBe('Thaddeus and Ms Achebe met.');
    expect(wholeOf(await head.press(preview, 'Keep the comment', { comment: ' ' }))).toContain('There is no comment.');
    expect(await comment()).toBeUndefined();
  });

  it('is the Headteacher’s alone, in their own chat', async () => {
    for (const someone of [RUTH, BETH, DANIEL])
      for (const verb of ['comment', 'hold', 'release'])
        expect((await room.chatOf(someone).run(`summary.${verb}`, { id: ID, comment: 'Mine' })).text).toContain(
          'Only the',
        );
    const conversation = { id: GOVERNORS, conversationType: 'groupChat', isGroup: true };
    for (const verb of ['comment', 'hold', 'release', 'show']) {
      const reply = await head.runIn(conversation, `summary.${verb}`, { id: ID, period: ID, comment: 'Mine' });
      expect(reply.text, verb).toMatch(/own chat|Only the Headteacher/u);
    }
    expect(await comment()).toBeUndefined();
    expect(await state()).toBe('planned');
    expect(room.bot.logged.filter(({ event }) => event === 'summary.refused').length).toBeGreaterThan(10);
  });
});

describe('not sending it', () => {
  const told = () => chair.received.filter((card) => wholeOf(card).includes('Show the figures'));

  it('asks first, saying who will be told', () => {
    expect(wholeOf(preview)).toContain('Ruth Castellan, chair of governors, is told at once');
    const { data, verb } = button(preview, 'Yes, do not send it');
    expect([verb, data]).toEqual(['summary.hold', { id: ID }]);
    expect(wholeOf(preview)).toContain('"targetElements":["sure"]');
  });

  it('is told to the chair at once, and undone as openly', async () => {
    const held = await head.press(preview, 'Yes, do not send it', { comment: 'Half a thought' });
    expect(cardText(held)).toContain('This does not go to the governors');
    expect(input(held, 'comment')).toBe('Half a thought');
    expect(await state()).toBe('held');
    const note = await latest(chair, 'The governors’ summary is not sent');
    expect(wholeOf(note)).toContain('It was to go on Wed 4 Nov 2026');
    expect(() => button(held, 'Yes, do not send it')).toThrow('no button');
    const released = await head.press(held, 'Send it after all');
    expect(cardText(released)).toContain('This goes to the governors on Wed 4 Nov 2026, 08:00');
    await latest(chair, 'The governors get their summary after all');
    expect(told()).toHaveLength(2);
    await chair.press(note, 'Show the figures');
    expect(cardText(await latest(chair, 'Reports about the Headteacher'))).toContain(
      'Summary for the chair of governors',
    );
  });

  it('changes nothing when a card is pressed again', async () => {
    expect(cardText(await head.press(preview, 'Yes, do not send it'))).toContain('This does not go');
    const again = await Promise.all([1, 2, 3].map(() => head.press(preview, 'Yes, do not send it')));
    for (const card of again) expect(cardText(card)).toContain('This does not go to the governors');
    await room.settled();
    expect(told()).toHaveLength(3);
    const both = await Promise.all([1, 2].map(() => head.run('summary.release', { id: ID })));
    for (const card of both) expect(cardText(card)).toContain('This goes to the governors');
    await room.settled();
    expect(told()).toHaveLength(4);
    expect(await state()).toBe('planned');
  });

  it('keeps every comment and every step when they come at once', async () => {
    const [one, other] = await Promise.all([
      head.run('summary.comment', { id: ID, comment: 'Said at once' }),
      head.run('summary.hold', { id: ID }),
    ]);
    expect([one, other].every((card) => card.attachments?.[0]?.content !== undefined)).toBe(true);
    expect([await comment(), await state()]).toEqual(['Said at once', 'held']);
    now = new Date('2026-11-05T09:00:00Z');
    expect(cardText(await head.run('summary.release', { id: ID }))).toContain('This goes to the governors shortly');
  });
});

describe('once it is sent', () => {
  it('comes to the governors and the chair, and the preview says so', async () => {
    const { store } = room.bot.parts.summaries;
    const before = await stored();
    const earlier = (await room.bot.outbox.read(store.placeOf(room.school.profile.id, ID))).map(
      ({ delivery }) => delivery,
    );
    const step = send(before, room.school.profile, { now, earlier });
    if ('refused' in step) throw new Error(step.refused);
    const place = await store.change(before, step.summary, step.deliveries, now);
    if (place) await room.bot.deliveries.committed(place);
    await room.settled();
    const [inChat] = room.connector.in(GOVERNORS).map(({ activity }) => activity as unknown as Reply);
    expect(cardText(inChat)).toContain('Summary for governors: Autumn 2026, first half');
    expect(wholeOf(inChat)).toContain('Said at once');
    expect(wholeOf(inChat)).not.toMatch(/about the headteacher|Another period/iu);
    expect(cardText(await latest(head, 'This went to the governors on Thu 5 Nov 2026, 09:00'))).not.toContain('Keep');
    expect(wholeOf(await latest(chair, 'Get the PDF and CSV'))).toContain('Reports about the Headteacher');
  });

  it('cannot be held or commented on; what was typed is shown', async () => {
    const late = await head.press(preview, 'Keep the comment', { comment: 'Too late for this' });
    expect(wholeOf(late)).toContain('It has been sent already');
    expect(wholeOf(late)).toContain('"text":"Too late for this"');
    expect(cardText(await head.press(preview, 'Yes, do not send it'))).toContain('This went to the governors');
    expect([await comment(), await state()]).toEqual(['Said at once', 'sent']);
  });
});

describe('who gets a message', () => {
  const rendered = async (
    kind: keyof ReturnType<typeof summaryRenderers>,
    roles: Role[],
    to: NewDelivery['target'],
    change: Partial<Summary> = {},
  ) => {
    const { summary } = await stored();
    const summaries = { find: async () => ({ summary: { ...summary, ...change }, version: '', deliveries: 0 }) };
    const delivery: Delivery = {
      ...{
        kind,
        refs: { id: ID, as: 'held' },
        target: to,
        placement: { at: 'new' },
        order: 1,
        attempts: 0,
        refusals: 0,
      },
      ...{ schoolId: room.school.profile.id, owedSince: now, progress: { state: 'owed', due: now } },
    };
    const people = room.school.profile.people.map((one) => (one.id === BETH.id ? { ...one, roles } : one));
    const school: School = { ...room.school, profile: { ...room.school.profile, people } };
    const message = await summaryRenderers({ summaries, now: () => now })[kind](delivery, school);
    return message && JSON.stringify(message);
  };
  const beth = { to: 'person', personId: BETH.id } as const;

  it.each([
    ['summary.weekly', ['headteacher', 'dsl'], ['deputy_headteacher', 'chair_of_governors', 'governor', 'staff']],
    ['summary.preview', ['headteacher'], ['deputy_headteacher', 'dsl', 'chair_of_governors', 'staff']],
    ['summary.chair', ['chair_of_governors'], ['headteacher', 'governor', 'dsl', 'staff']],
    ['summary.held', ['chair_of_governors'], ['headteacher', 'governor', 'dsl', 'staff']],
  ] as const)('%s: by the role held when it is sent', async (kind, those, others) => {
    for (const role of those) expect(await rendered(kind, [role], beth), role).toBeDefined();
    for (const role of others) expect(await rendered(kind, [role], beth), role).toBeUndefined();
    expect(await rendered(kind, [], { to: 'person', personId: 'nobody' })).toBeUndefined();
  });

  it('a chair who is Headteacher now learns nothing of what is about them', async () => {
    expect(await rendered('summary.chair', ['chair_of_governors', 'headteacher'], beth)).toBeUndefined();
  });

  it('the governors’ chat: what was sent, and that it was not where there is no chair', async () => {
    const chat = { to: 'governors_chat' } as const;
    expect(await rendered('summary.sent', [], chat)).toContain('Summary for governors');
    const held = { sending: { state: 'held', on: '2026-11-04', at: now, by: HELEN.id } } as const;
    expect(await rendered('summary.sent', [], chat, held)).toBeUndefined();
    const note = await rendered('summary.held', [], chat, held);
    expect(note).toContain('is not sent');
    expect(note).not.toContain('Show the figures');
    for (const kind of ['summary.weekly', 'summary.preview', 'summary.chair'] as const)
      expect(await rendered(kind, [], chat)).toBeUndefined();
  });
});
