import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { personKey } from '../../src/reports/draft-steps.js';
import { NOT_ALLOWED } from '../../src/reports/triage.js';
import { cardText, type Reply } from '../support/bot.js';
import { linksTo } from '../support/links.js';
import { aReport, submitted } from '../support/reports.js';
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
import { StorageProxy } from '../support/storage-proxy.js';
import { isReading } from '../support/triaging.js';

let proxy: StorageProxy;
let room: Staffroom;
let beth: Chat;
let helen: Chat;
beforeAll(async () => {
  proxy = await StorageProxy.start(inject('storage'));
  room = await Staffroom.open({ links: linksTo(), storage: proxy.through(inject('storage')) });
  room.bot.deliveries.start();
  [beth, helen] = [room.chatOf(BETH), room.chatOf(HELEN)];
});
beforeEach(() => {
  room.bot.logged.length = 0;
});
afterAll(async () => {
  await room.close();
  await proxy.stop();
});

const PRESSES: readonly [string, object][] = [
  ['case.open', {}],
  ['case.acknowledge', {}],
  ['case.assign_me', {}],
  ['case.form', { form: 'close' }],
  ['case.act', { do: 'refresh' }],
  ['case.act', { do: 'note', words: 'A note' }],
  ['case.act', { do: 'close', outcome: 'resolved', message: 'Over' }],
];
const report = async (change?: Parameters<Chat['report']>[0]) => referenceIn(cardText(await beth.report(change)));
const eventsOf = async (reference: string) => (await room.caseOf(reference)).log.length;
const refusals = () => room.bot.logged.filter(({ event }) => event === 'triage.refused');

async function expectRefused(said: Reply): Promise<void> {
  expect(said.text).toBe(NOT_ALLOWED);
  expect(said.attachments).toBeUndefined();
}

describe('a press on the card of a case', () => {
  it.each([
    ['a member of staff', BETH],
    ['the chair of governors', RUTH],
  ])('by %s is refused and logged, wherever it lies', async (_, person) => {
    const reference = await report();
    const chat = room.chatOf(person);
    for (const [verb, data] of PRESSES) {
      await expectRefused(await chat.run(verb, { reference, seen: 1, ...data }));
      await expectRefused(await chat.runInChannel(verb, { reference, seen: 1, ...data }));
    }
    await room.settled();
    expect(await eventsOf(reference)).toBe(1);
    expect(refusals()).toHaveLength(PRESSES.length * 2);
    expect(refusals()[0]).toMatchObject({ reference, schoolId: room.school.profile.id });
    expect(JSON.stringify(room.bot.logged)).not.toMatch(/Larkin|Castellan|0d3c6a51/iu);
    expect(chat.received.filter(isReading)).toEqual([]);
  });

  it('by a triager whom it names is refused and logged, and they get nothing of it', async () => {
    const involved = personKey(room.school.profile.id, ALEX.id);
    const reference = await report({ what: { ...TYPED.what, involved } });
    const alex = room.chatOf(ALEX);
    for (const [verb, data] of PRESSES) await expectRefused(await alex.run(verb, { reference, seen: 1, ...data }));
    for (const [verb, data] of PRESSES)
      await expectRefused(await alex.runInChannel(verb, { reference, seen: 1, ...data }));
    await room.settled();
    expect(refusals()).toHaveLength(PRESSES.length * 2);
    expect(JSON.stringify(alex.received)).not.toContain(reference);
    expect(await eventsOf(reference)).toBe(1);
  });

  it('in another conversation, by somebody who may, shows and changes nothing', async () => {
    const reference = await report();
    const places = [
      { id: '19:another@thread.tacv2;messageid=2', conversationType: 'channel', isGroup: true },
      { id: '19:group@thread.v2', conversationType: 'groupChat', isGroup: true },
      { id: '19:0d3c6a51_9e8d7c6b@unq.gbl.spaces', conversationType: 'personal' },
    ];
    for (const place of places)
      for (const [verb, data] of PRESSES) {
        const said = await helen.runIn(place, verb, { reference, seen: 1, ...data });
        expect(said.text).toContain('others can read it');
        expect(JSON.stringify(said)).not.toMatch(SECRETS);
      }
    expect(await eventsOf(reference)).toBe(1);
    expect(refusals()).toHaveLength(places.length * PRESSES.length);
  });

  it('in the channel never shows what only the own chat may', async () => {
    const reference = await report();
    for (const [verb, data] of PRESSES)
      expect(JSON.stringify(await helen.runInChannel(verb, { reference, seen: 1, ...data }))).not.toMatch(SECRETS);
    expect((await helen.runInChannel('case.act', { reference, seen: 9, do: 'note', words: 'x' })).text).toContain(
      'in your own chat',
    );
    expect((await room.caseOf(reference)).log.map(({ what }) => what.kind)).toEqual([
      'submitted',
      'opened',
      'acknowledged',
      'assigned',
    ]);
  });

  it('of a case that does not stand in the channel shows nothing there, even to somebody who may read it', async () => {
    const involved = personKey(room.school.profile.id, ALEX.id);
    const reference = await report({ what: { ...TYPED.what, involved } });
    const said = await helen.runInChannel('case.acknowledge', { reference, seen: 1 });
    expect(said.text).toContain('others can read it');
    expect(await eventsOf(reference)).toBe(1);
  });
});

describe('a card with changed data', () => {
  it('reaches no case of another school', async () => {
    const other = submitted(aReport('another-school'));
    await room.bot.reports.cases.create(other);
    const { reference } = other.case.report;
    for (const [verb, data] of PRESSES) await expectRefused(await helen.run(verb, { reference, seen: 1, ...data }));
    expect((await room.bot.reports.cases.find('another-school', reference))?.case.log).toHaveLength(1);
    // What was typed as a reference may be anything, and is not logged.
    expect(JSON.stringify(refusals())).not.toContain(reference);
  });

  it.each([
    ['no reference', { seen: 1 }],
    ['a reference that is a number', { reference: 7 }],
    ['a path', { reference: '../../x' }],
    ['an endless one', { reference: 'PD-'.repeat(1_000) }],
    ['nothing', undefined],
    ['a list', []],
  ])('that names %s does nothing', async (_, data) => {
    for (const [verb] of PRESSES)
      expect((await helen.run(verb, data as object)).text).toMatch(/older version|You cannot act on this report/u);
  });

  it.each(['__proto__', 'constructor', 'toString', 'delete', '', 7, null, {}, ['note']])(
    'that wants %j done does nothing',
    async (wanted) => {
      const reference = await report();
      for (const verb of ['case.act', 'case.form']) {
        const said = await helen.run(verb, { reference, seen: 1, do: wanted, form: wanted });
        expect(said.text).toContain('older version');
      }
      expect(await eventsOf(reference)).toBe(1);
    },
  );

  it.each([-1, 1e9, 0, 'x', null, { valueOf: 1 }])('that says that %j events were seen does no harm', async (seen) => {
    const reference = await report();
    await helen.runInChannel('case.acknowledge', { reference, seen });
    await helen.runInChannel('case.acknowledge', { reference, seen });
    const kinds = (await room.caseOf(reference)).log.map(({ what }) => what.kind);
    expect(kinds).toEqual(['submitted', 'acknowledged']);
  });

  it('assigns to nobody who may not have it, and takes no id for a choice', async () => {
    const reference = await report();
    for (const to of [RUTH.id, BETH.id, HELEN.id, personKey(room.school.profile.id, BETH.id), 'constructor']) {
      const said = await helen.run('case.act', { reference, seen: 1, do: 'assign', to });
      expect(cardText(said)).toContain('Please choose to whom.');
    }
    expect(await eventsOf(reference)).toBe(1);
  });

  it('says who acts in vain', async () => {
    const reference = await report();
    const claims = { personId: HELEN.id, by: HELEN.id, from: { aadObjectId: HELEN.id } };
    await expectRefused(await beth.run('case.acknowledge', { reference, seen: 1, ...claims }));
    expect(await eventsOf(reference)).toBe(1);
  });
});

describe('all of a case', () => {
  it('is drawn for no reader before it is on record that they have it: it is sent to them, which the log notes', async () => {
    const reference = await report();
    const said = await helen.run('case.act', { reference, seen: 1, do: 'refresh' });
    expect(said.text).toContain('comes as a new message');
    expect((await room.caseOf(reference)).log.at(-1)?.what).toMatchObject({ kind: 'opened' });
    await room.settled();
    expect(wholeOf(await helen.run('case.act', { reference, seen: 1, do: 'refresh' }))).toContain(TYPED.words.words);
  });
});

describe('while storage fails', () => {
  it('the press says so with a reference, and what was typed stays in the card', async () => {
    const reference = await report();
    proxy.weather = 'down';
    const said = await helen.run('case.act', { reference, seen: 1, do: 'note', words: 'A note' });
    proxy.weather = 'fair';
    expect(said.text).toMatch(/still in the card.*Reference ERR-/u);
    expect(room.bot.logged.find(({ event }) => event === 'triage.failed')).toBeDefined();
  });
});
