import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { changed } from '../../src/reports/case-change.js';
import { carryOn, deleteCase } from '../../src/reports/deleting.js';
import { all } from '../../src/reports/standing.js';
import { deletionTable } from '../../src/storage/deletion-table.js';
import { openTables } from '../../src/storage/tables.js';
import { cardText, type Reply } from '../support/bot.js';
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
import { act, channelCardOf, formOf, pressInChannel, readingOf } from '../support/triaging.js';
import { until } from '../support/until.js';

let room: Staffroom;
let [alex, beth, helen, daniel]: Chat[] = [];
beforeAll(async () => {
  room = await Staffroom.open({ links: linksTo() });
  room.bot.deliveries.start();
  for (const someone of [ALEX, BETH, HELEN, DANIEL]) await room.chatOf(someone).say('hello');
  [alex, beth, helen, daniel] = [ALEX, BETH, HELEN, DANIEL].map((someone) => room.chatOf(someone));
});
afterAll(() => room.close());
afterEach(async () => {
  await room.settled();
  expect(await room.faults()).toEqual([]);
  expect(JSON.stringify(room.bot.logged)).not.toMatch(/Larkin|Achebe|Hughes|0d3c6a51|marmot/iu);
});

const inChat = (chat: Chat | undefined): Chat => chat ?? room.chatOf(BETH);
const lastKind = async (reference: string) => (await room.caseOf(reference)).log.at(-1)?.what.kind;
const CLOSE = { do: 'close', outcome: 'resolved', message: 'It is gone.' } as const;

/** Opens it from the channel. */
async function opened(chat: Chat, reference: string): Promise<Reply> {
  await pressInChannel(chat, await channelCardOf(room, reference), 'Open');
  return readingOf(chat, reference);
}

/** A report made as Teams sends it, so that its card is a message that is known. */
async function reported(): Promise<{ readonly reference: string; readonly card: string }> {
  const { reply, id } = await inChat(beth).sayLive('report');
  let card = reply;
  for (const step of ['what', 'where', 'words', 'evidence'] as const)
    card = await inChat(beth).press(card, 'Next', TYPED[step], id);
  const receipt = await inChat(beth).press(card, 'Send the report', TYPED.wishes, id);
  return { reference: referenceIn(cardText(receipt)), card: id };
}

/** As the sweep does when a case's time is nearly over. */
async function announced(reference: string): Promise<Reply> {
  const { cases } = room.bot.reports;
  const stored = await cases.find(room.school.profile.id, reference);
  if (!stored) throw new Error('There is no such case.');
  const target = { to: 'person', personId: HELEN.id } as const;
  const change = changed(
    stored.case,
    { system: true },
    room.bot.parts.now(),
    [{ kind: 'deletion_announced', on: '2032-11-22', people: [HELEN.id] }],
    { deliveries: [{ kind: 'case.deletion_announced', refs: { reference }, target, placement: { at: 'new' } }] },
  );
  const place = await cases.change(stored, change);
  if (place) await room.bot.deliveries.committed(place);
  return until(() => inChat(helen).received.find((card) => isAnnouncement(card, reference)));
}

const isAnnouncement = (card: Reply, reference: string): boolean =>
  cardText(card).includes('A case will soon be deleted') && wholeOf(card).includes(reference);

const deletions = () => deletionTable(openTables({ connectionString: inject('storage') }));

const deletingParts = (now: () => Date = room.bot.parts.now) => ({
  ...{ deletions: deletions(), files: room.bot.reports.files, drafts: room.bot.reports.drafts, now },
  owed: (place: Parameters<typeof room.bot.deliveries.committed>[0]) => room.bot.deliveries.committed(place),
});

async function deleted(reference: string): Promise<void> {
  await room.settled();
  const stored = await room.bot.reports.cases.find(room.school.profile.id, reference);
  if (!stored) throw new Error('There is no such case.');
  expect(await deleteCase(deletingParts(), stored, 'retention')).toBeDefined();
  await room.settled();
}

describe('legal hold', () => {
  it('is placed and taken back in the own chat, with a reason that stays among those who deal with it', async () => {
    const { reference } = await reported();
    const card = await opened(inChat(helen), reference);
    const form = await formOf(inChat(helen), card, 'Legal hold');
    expect(cardText(await inChat(helen).press(form, 'Place on legal hold', { reason: '' }))).toContain(
      'Please type why.',
    );
    const done = await inChat(helen).press(form, 'Place on legal hold', { reason: 'A *marmot* has written.' });
    expect(cardText(done)).toContain('On legal hold: it is not deleted until that is taken back.');
    const held = await readingOf(inChat(helen), reference, 'On legal hold since');
    expect(wholeOf(held)).toMatch(/On legal hold since [^"]+, by Helen Achebe: it is not deleted\./u);
    expect(wholeOf(held)).toContain('“A *marmot* has written.”');
    expect(wholeOf(await channelCardOf(room, reference))).not.toContain('legal hold');
    expect(wholeOf(await inChat(beth).run('case.own', { reference }))).not.toMatch(/legal hold|marmot/u);
    const end = await formOf(inChat(helen), held, 'End legal hold');
    await inChat(helen).press(end, 'End the legal hold', { reason: 'Settled.' });
    expect(await lastKind(reference)).toBe('hold_released');
    await readingOf(inChat(helen), reference, '"title":"Legal hold"');
  });

  it('is not for somebody who only deals with reports: no button, and a sentence for a card that is copied', async () => {
    const { reference } = await reported();
    const card = await opened(inChat(alex), reference);
    expect(wholeOf(card)).not.toContain('"title":"Legal hold"');
    const { length: seen } = (await room.caseOf(reference)).log;
    const said = await inChat(alex).run('case.act', { reference, seen, do: 'hold', reason: 'Mine.' });
    expect(said.text).toContain('Only the Headteacher, a deputy, a designated safeguarding lead');
    expect(all((await room.caseOf(reference)).log, 'hold_placed')).toEqual([]);
  });

  it('is placed right from the card that announces a deletion', async () => {
    const { reference } = await reported();
    await act(room, reference, CLOSE);
    const card = await announced(reference);
    expect(wholeOf(card)).toMatch(/Closed.+From Mon 22 Nov 2032 on/u);
    await inChat(helen).press(card, 'Open');
    expect(wholeOf(await readingOf(inChat(helen), reference))).toContain('Kept until');
    const asked = await inChat(helen).press(card, 'Place on legal hold', { reason: ' ' });
    expect(cardText(asked)).toContain('Please type why.');
    const done = await inChat(helen).press(asked, 'Place on legal hold', { reason: 'The police have asked for it.' });
    expect(cardText(done)).toContain('On legal hold');
    expect(await lastKind(reference)).toBe('hold_placed');
    await readingOf(inChat(helen), reference, 'and as long as it is on legal hold');
  });
});

describe('a case that is deleted', () => {
  it('leaves a tombstone in the place of everything that the bot has said of it, and its reporter is told', async () => {
    const first = room.connector.posted.length;
    const { reference, card } = await reported();
    await act(room, reference, { do: 'assign', to: DANIEL.id });
    const reading = await readingOf(inChat(daniel), reference);
    await formOf(inChat(daniel), reading, 'Safeguarding system');
    await act(room, reference, { do: 'ask', words: 'Is the *wombat* still there?' }, DANIEL);
    await inChat(beth).sayLive(reference);
    await inChat(daniel).sayLive(reference);
    await act(room, reference, CLOSE, DANIEL);
    await room.settled();
    const ofCase = () => room.connector.posted.filter(({ activity }) => JSON.stringify(activity).includes(reference));
    const before = new Map(ofCase().map((one) => [one.activityId, one.conversationId]));
    // In the channel; to Daniel all of it, a form and its line; to Beth that it was read, a question, the end, and her own report.
    expect(before.size).toBe(8);
    await deleted(reference);
    const told = ofCase().filter(({ activity }) => JSON.stringify(activity).includes('Your report has been deleted'));
    expect(told.map(({ conversationId }) => conversationId)).toEqual([inChat(beth).id]);
    for (const { activityId, activity } of ofCase()) {
      if (activityId === told[0]?.activityId) continue;
      const words = cardText(activity as unknown as Reply);
      expect(words).toMatch(
        new RegExp(
          `^${reference} was deleted\nDeleted on \\w{3} \\d+ \\w{3} \\d{4}, under the school’s retention rules\\.$`,
          'u',
        ),
      );
    }
    // The card on which it was written was a message before it had a reference.
    expect(
      ofCase()
        .map(({ activityId }) => activityId)
        .toSorted(),
    ).toEqual([...before.keys(), card, told[0]?.activityId].toSorted());
    expect(SECRETS.test(JSON.stringify(room.connector.posted.slice(first)))).toBe(false);
    expect(cardText(told[0]?.activity as unknown as Reply)).not.toContain('OneDrive');
    // While what is left of it is still being removed.
    expect((await inChat(daniel).run('case.open', { reference, seen: 0 })).text).toContain('or it has been deleted');
    expect(wholeOf((await inChat(beth).say('my reports'))[0])).not.toContain(reference);
  });

  it('is not there for whoever presses an old card, types its reference or looks at their reports', async () => {
    const { reference } = await reported();
    await act(room, reference, CLOSE);
    await deleted(reference);
    await carryOn(
      deletingParts(() => new Date(room.bot.parts.now().getTime() + 61 * 60_000)),
      (await deletions().find(room.school.profile.id, reference)) ?? expect.unreachable(),
    );
    expect(await deletions().deliveries(room.school.profile.id, reference)).toEqual([]);
    const none = 'PD-00000000';
    for (const one of [HELEN, ALEX, BETH].map((someone) => room.chatOf(someone))) {
      for (const verb of ['case.open', 'case.acknowledge', 'case.act', 'case.form', 'case.own', 'case.words']) {
        const press = (which: string) => one.run(verb, { reference: which, seen: 1, do: 'refresh', form: 'note' });
        expect((await press(reference)).text, verb).toMatch(/deleted/u);
        expect((await press(reference)).text, verb).toBe((await press(none)).text);
      }
      const typed = async (which: string) => (await one.say(which)).map(({ text }) => text);
      expect(await typed(reference)).toEqual(await typed(none));
    }
    expect(wholeOf((await inChat(beth).say('my reports'))[0])).not.toContain(reference);
  });
});
