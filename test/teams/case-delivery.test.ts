import { afterEach, describe, expect, it } from 'vitest';
import type { Role } from '../../src/schools/profile.js';
import { HEADTEACHER_CHANNEL } from '../support/activities.js';
import { cardText, type Reply } from '../support/bot.js';
import {
  ALEX,
  BETH,
  type Chat,
  DANIEL,
  GRACE,
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
afterEach(async () => {
  await room.settled();
  expect(await room.faults()).toEqual([]);
  expect(JSON.stringify(room.bot.logged)).not.toMatch(/Morgan|Achebe|Castellan|0d3c6a51/iu);
  expect(JSON.stringify(room.bot.logged)).not.toMatch(SECRETS);
  await room.close();
});

async function open(roles: Readonly<Record<string, Role[]>> = {}): Promise<Chat> {
  // Refusals that would be waited for over a day come at once.
  room = await Staffroom.open({ random: () => 0 }, roles);
  room.bot.deliveries.start();
  return room.chatOf(BETH);
}
const chats = () => [ALEX, HELEN, DANIEL, RUTH, GRACE, BETH].map((one) => room.chatOf(one));
const whoGot = () =>
  chats()
    .filter(({ received }) => received.some((card) => cardText(card).includes('In their own words')))
    .map(({ person }) => person.name);
/** What cannot be brought to somebody. */
const refuse = (...people: (typeof ALEX)[]) => {
  for (const { id } of people) room.connector.standing.push({ path: `/a:chat-of-${id}/`, trouble: { status: 403 } });
};
const lastOf = (chat: Chat): Reply | undefined => chat.received.at(-1);

describe('a usual report', () => {
  it('marsh-green: goes to the Headteacher in the first instance, in whose channel a card with the least in it stands', async () => {
    const beth = await open();
    const receipt = await beth.report();
    const card = await until(() => room.channel[0]);
    await room.settled();
    const reference = referenceIn(cardText(receipt));
    for (const words of [reference, 'A disparaging post', 'Normal', 'New', 'No files', 'The Headteacher’s channel'])
      expect(wholeOf(card)).toContain(words);
    const posted = JSON.stringify(
      room.connector.calls.filter(({ path, body }) => `${path}${JSON.stringify(body)}`.includes(HEADTEACHER_CHANNEL)),
    );
    expect(posted).toContain(reference);
    expect(posted).not.toMatch(SECRETS);
    expect(posted).not.toMatch(/Larkin|Beth|0d3c6a51|facebook|parent/iu);
    expect(room.channel).toHaveLength(1);
    expect(whoGot()).toEqual([]);
  });

  it('whose channel refuses it goes to the Headteacher’s own chat', async () => {
    const beth = await open();
    room.connector.standing.push({ path: '/v3/conversations', trouble: { status: 403 } });
    await beth.report();
    const kinds = async () => (await room.cases())[0]?.log.map(({ what }) => what.kind);
    await until(async () => (await kinds())?.includes('rerouted'));
    room.connector.standing.length = 0;
    await until(() => whoGot().length > 0);
    await room.settled();
    expect(whoGot()).toEqual([HELEN.name]);
    expect(room.channel).toEqual([]);
  });

  it('whose card could not be posted in the channel at once stays owed to it', async () => {
    const beth = await open();
    room.connector.troubles.push({ status: 502 }, { status: 429 });
    await beth.report();
    await until(() => room.channel[0]);
    expect(whoGot()).toEqual([]);
  });
});

describe('a report about the Headteacher', () => {
  it.each([
    ['posted by', { postedBy: 'headteacher' }],
    ['about', { about: 'headteacher' }],
  ])(
    'Keeping Children Safe in Education, part four (%s): goes to the chair of governors, and nothing to the channel',
    async (_, typed) => {
      const beth = await open();
      const receipt = await beth.report({ what: { ...TYPED.what, ...typed } });
      expect(cardText(receipt)).toContain('Ruth Castellan (chair of governors)');
      await until(() => whoGot().length > 0);
      await room.settled();
      expect(whoGot()).toEqual([RUTH.name]);
      expect(room.channel).toEqual([]);
      expect(JSON.stringify(lastOf(room.chatOf(RUTH)))).toMatch(/wombat/u);
      expect(wholeOf(lastOf(room.chatOf(RUTH)))).toContain('Ruth Castellan');
      expect(cardText(lastOf(room.chatOf(RUTH)))).toContain('Beth Larkin');
    },
  );

  it('and the chair goes to the trust, and the reporter is given the LADO’s number', async () => {
    const beth = await open();
    const receipt = await beth.report({
      what: { ...TYPED.what, postedBy: 'headteacher', about: 'chair_of_governors' },
    });
    expect(cardText(receipt)).toContain('01632 960 104');
    await until(() => whoGot().length > 0);
    await room.settled();
    expect(whoGot()).toEqual([GRACE.name]);
    expect(room.channel).toEqual([]);
  });
});

describe('a report about somebody who deals with reports', () => {
  it('goes to the Headteacher’s own chat instead of the channel, whether they are named or report on themselves', async () => {
    await open();
    await room.chatOf(ALEX).report({ what: { ...TYPED.what, about: 'reporter' } });
    await until(() => whoGot().length > 0);
    await room.settled();
    expect(whoGot()).toEqual([HELEN.name]);
    expect(room.channel).toEqual([]);
  });
});

describe('a report on a child’s safety', () => {
  it('beechwood: is with the safeguarding lead and the Headteacher at once, in their own chats, with the words', async () => {
    const beth = await open();
    const receipt = await beth.reportSafety();
    expect(cardText(receipt)).toContain('in person or by telephone now');
    expect(cardText(receipt)).toContain('01632 960 102');
    await until(() => whoGot().length === 2);
    await room.settled();
    expect(whoGot()).toEqual([HELEN.name, DANIEL.name]);
    for (const one of [HELEN, DANIEL]) {
      const text = wholeOf(lastOf(room.chatOf(one)));
      for (const words of [
        'Urgent: a report on a child’s safety',
        'A wombat threatens a pupil.',
        'Told already: Nobody yet',
        'Urgent',
      ])
        expect(text).toContain(words);
    }
    expect(room.channel).toHaveLength(1);
    expect(JSON.stringify(room.channel)).not.toMatch(/wombat|Nobody yet|threat|Larkin/iu);
  });

  it('never goes to a person it is about', async () => {
    const beth = await open();
    await beth.reportSafety({ staffConduct: 'yes', postedBy: 'headteacher' });
    await until(() => whoGot().length === 2);
    await room.settled();
    expect(whoGot()).toEqual([DANIEL.name, RUTH.name]);
    expect(room.channel).toEqual([]);
    expect(JSON.stringify(room.connector.in(room.chatOf(HELEN).id))).toBe('[]');
  });
});

describe('where nobody can be told', () => {
  it('because nobody is left, the reporter is told the truth and given numbers', async () => {
    const staff: Role[] = ['staff'];
    const beth = await open({ [RUTH.id]: staff, [GRACE.id]: staff });
    const receipt = await beth.report({ what: { ...TYPED.what, postedBy: 'headteacher' } });
    const text = cardText(receipt);
    expect(text).toContain('Your report is kept, but nobody has it yet');
    expect(text).not.toContain('Your report is sent');
    expect(text).toContain('01632 960 105');
    expect(text).not.toContain('01632 960 101');
    await room.settled();
    expect(whoGot()).toEqual([]);
    expect(room.channel).toEqual([]);
  });

  it('because one cannot be reached, it goes to the next', async () => {
    const beth = await open();
    refuse(RUTH);
    await beth.report({ what: { ...TYPED.what, postedBy: 'headteacher' } });
    await until(() => whoGot().length > 0);
    await room.settled();
    expect(whoGot()).toEqual([GRACE.name]);
    expect(room.channel).toEqual([]);
    const [kept] = await room.cases();
    expect(kept?.log.map(({ what }) => what.kind)).toEqual(['submitted', 'rerouted']);
  });

  it('because none can be reached, the reporter is told that at last, with numbers', async () => {
    const beth = await open();
    refuse(RUTH, GRACE);
    const receipt = await beth.report({ what: { ...TYPED.what, about: 'headteacher' } });
    expect(cardText(receipt)).toContain('Your report is sent');
    const told = await until(() => lastOf(beth));
    expect(cardText(told)).toContain('Your report is kept, but nobody has it yet');
    expect(cardText(told)).toContain(referenceIn(cardText(receipt)));
    expect(cardText(told)).toContain('01632 960 103');
    await room.settled();
    expect(beth.received).toHaveLength(1);
    expect(whoGot()).toEqual([]);
    expect(room.channel).toEqual([]);
  });
});
