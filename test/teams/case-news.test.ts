import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { caseRenderers } from '../../src/teams/case-renderers.js';
import { HEADTEACHER_CHANNEL } from '../support/activities.js';
import { button, cardText, type Reply } from '../support/bot.js';
import { linksTo } from '../support/links.js';
import { aPicture } from '../support/pictures.js';
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

/** What a careless template would fill in. */
const WORDS = `A *marmot* $\{x}.`;

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
  expect(JSON.stringify(room.bot.logged)).not.toMatch(/Larkin|Achebe|0d3c6a51|marmot/iu);
});

const report = async (change?: Parameters<Chat['report']>[0]) => referenceIn(cardText(await beth.report(change)));
const newsIn = (replies: readonly Reply[], reference: string) =>
  replies.filter((card) => cardText(card).includes(`${reference}: the reporter has`));
const posted = (reference: string) =>
  until(() =>
    room.connector
      .in(HEADTEACHER_CHANNEL)
      .find(({ activity }) => newsIn([activity as unknown as Reply], reference).length > 0),
  );

describe('word of what the reporter has done', () => {
  it.each<[string, string, (reference: string) => Promise<unknown>]>([
    [
      'answered',
      'answered a question',
      async (reference) => {
        const question = await act(room, reference, { do: 'ask', words: 'A *marmot*?' });
        await beth.run('case.answer', { reference, question, words: 'A *marmot*.' });
      },
    ],
    ['added words', 'added to the report', (reference) => beth.run('case.words', { reference, words: 'A *marmot*.' })],
    [
      'added a file',
      'added a file',
      async (reference) => {
        const owner = { schoolId: room.school.profile.id, personId: BETH.id };
        const bytes = await aPicture(41).png().toBuffer();
        await room.bot.reports.intake.take({ owner, target: { kind: 'case', reference }, bytes, way: 'upload_page' });
      },
    ],
    [
      'withdrew it',
      'withdrawn the report',
      (reference) => beth.run('case.withdraw', { reference, reason: 'A *marmot*.' }),
    ],
  ])(
    'in the channel, %s: a sentence below the card, with a way to open it and nothing of what it says',
    async (_name, done, act) => {
      const reference = await report();
      await until(() => room.channel.find((card) => wholeOf(card).includes(reference)));
      await act(reference);
      const { activity, replyToId, conversationId } = await posted(reference);
      const card = activity as unknown as Reply;
      expect(cardText(card)).toContain(`${reference}: the reporter has ${done}.`);
      const root = room.connector.posted.find((one) => one.conversationId === conversationId);
      expect(replyToId).toBe(root?.activityId);
      expect(button(card, 'Open')).toMatchObject({ verb: 'case.open', data: { reference, seen: expect.any(Number) } });
      expect(wholeOf(card)).not.toMatch(/marmot|Larkin|PNG|0d3c6a51/u);
      expect(wholeOf(card)).not.toMatch(SECRETS);
    },
  );

  it('in the own chat of whoever asked: the answer with its question', async () => {
    const reference = await report();
    const question = await act(room, reference, { do: 'ask', words: 'Is it a *marmot*?' }, DANIEL);
    await beth.run('case.answer', { reference, question, words: WORDS });
    const daniel = room.chatOf(DANIEL);
    const card = await until(() => newsIn(daniel.received, reference)[0]);
    for (const words of ['Is it a *marmot*?', WORDS]) expect(cardText(card)).toContain(words);
    expect(wholeOf(card)).not.toContain('Larkin');
    await room.settled();
    for (const other of [HELEN, ALEX, RUTH]) expect(newsIn(room.chatOf(other).received, reference)).toEqual([]);
  });

  it('in the own chat of whoever it went to, where nothing of it stands in the channel', async () => {
    const reference = await report({ what: { ...TYPED.what, about: 'headteacher' } });
    await beth.run('case.words', { reference, words: 'It was a marmot.' });
    const ruth = room.chatOf(RUTH);
    expect(cardText(await until(() => newsIn(ruth.received, reference)[0]))).toContain('It was a marmot.');
    await room.settled();
    expect(JSON.stringify(room.channel)).not.toContain(reference);
  });

  it('is not sent to whoever may not read the case by then, and never out of the channel it may not stand in', async () => {
    const reference = await report();
    const hidden = await report({ what: { ...TYPED.what, about: 'headteacher' } });
    for (const one of [reference, hidden]) await beth.run('case.words', { reference: one, words: 'A marmot.' });
    const render = caseRenderers({ ...room.bot.reports, now: room.bot.parts.now })['case.news'];
    const rest = { ...{ order: 9, schoolId: room.school.profile.id, owedSince: new Date(), attempts: 0, refusals: 0 } };
    const sent = (
      about: string,
      target: { to: 'person'; personId: string } | { to: 'headteacher_channel' | 'governors_chat' },
      event = '2',
    ) =>
      render?.(
        {
          ...{ kind: 'case.news', refs: { reference: about, event }, target, placement: { at: 'new' } },
          ...rest,
          progress: { state: 'owed', due: new Date() },
        },
        room.school,
      );
    const person = (personId: string) => ({ to: 'person', personId }) as const;
    expect(await sent(reference, person(HELEN.id))).toBeDefined();
    expect(await sent(reference, person(RUTH.id))).toBeUndefined();
    expect(await sent(reference, person(BETH.id))).toBeUndefined();
    expect(await sent(reference, { to: 'governors_chat' })).toBeUndefined();
    expect(await sent(hidden, person(RUTH.id))).toBeDefined();
    expect(await sent(hidden, person(HELEN.id))).toBeUndefined();
    expect(await sent(hidden, { to: 'headteacher_channel' })).toBeUndefined();
    for (const event of ['1', '99', 'x']) expect(await sent(reference, person(HELEN.id), event)).toBeUndefined();
    expect(await sent('PD-00000000', person(HELEN.id))).toBeUndefined();
  });
});
