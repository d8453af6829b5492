import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../src/schools/profile.js';
import {
  aMessage,
  anInstallationIn,
  from,
  HEADTEACHER_CHANNEL,
  messageIn,
  messageInChat,
  type RawActivity,
} from '../support/activities.js';
import { cardText, type Reply, startBot } from '../support/bot.js';
import { ALEX, BETH, DANIEL, HELEN, RUTH, referenceIn, Staffroom, wholeOf } from '../support/staff.js';
import { until } from '../support/until.js';

const TEAM = '19:example-primary-general@thread.tacv2';
const OTHER = '19:senior-leaders@thread.tacv2';
const CHAT = '19:governing-body@thread.v2';
const GOVERNORS = '19:example-primary-governors@thread.v2';
const REPORTS = 'use this channel for reports';
const SUMMARIES = 'use this chat for governors’ summaries';
const ROLES: Record<string, Role[]> = { [ALEX.id]: ['staff', 'administrator'] };

let room: Staffroom;
beforeEach(async () => {
  room = await Staffroom.open({}, ROLES);
});
afterEach(async () => {
  expect(JSON.stringify(room.bot.logged)).not.toMatch(/Morgan|Achebe|Hughes|0d3c6a51|senior-leaders/iu);
  await room.close();
});

type Someone = typeof ALEX;
const first = async (someone: Someone, activity: (options: Staffroom['options']) => RawActivity): Promise<Reply> => {
  const [reply, ...more] = await room.bot.replies(from(someone, activity(room.options)));
  expect(more).toEqual([]);
  return reply as Reply;
};
const inChannel = (someone: Someone, words: string, channel: Parameters<typeof messageIn>[0] = { id: OTHER }) =>
  first(someone, (options) => messageIn(channel, words, options));
const inChat = (someone: Someone, words: string, id = CHAT) =>
  first(someone, (options) => messageInChat(id, words, options));
const alone = (someone: Someone, words: string) => first(someone, (options) => aMessage(words, options));
const place = (part: 'headteacher_channel' | 'governors_chat') => room.bot.places.of(room.school, part);
const logged = (event: string) => room.bot.logged.filter((line) => line.event === event);

describe('the channel for reports', () => {
  it.each([
    ['the Headteacher', HELEN],
    ['a deputy', DANIEL],
    ['an administrator', ALEX],
  ])('is chosen by %s, who is told what it will show and to whom', async (_, someone) => {
    const card = await inChannel(someone, REPORTS, { id: OTHER, name: 'Senior leaders', type: 'private' });
    const text = wholeOf(card);
    for (const words of [
      'This channel now takes reports',
      'Everyone who can open this channel sees that a report exists, its kind and its state, never its words.',
      'Until now it was the channel “Headteacher”.',
    ])
      expect(text).toContain(words);
    expect(text).not.toContain('Please check');
    expect(await place('headteacher_channel')).toMatchObject({ id: OTHER, teamId: TEAM, name: 'Senior leaders' });
    expect(logged('setup.chosen')).toHaveLength(1);
  });

  it.each([
    ['a member of staff', BETH],
    ['the chair of governors', RUTH],
  ])('is not chosen by %s', async (_, someone) => {
    expect((await inChannel(someone, REPORTS)).text).toContain('Only the Headteacher, a deputy or an administrator');
    expect(await place('headteacher_channel')).toMatchObject({ id: HEADTEACHER_CHANNEL, chosenAt: null });
    expect(logged('setup.refused')).toHaveLength(1);
  });

  it('is never a chat', async () => {
    expect((await alone(HELEN, REPORTS)).text).toContain('not to a chat');
    expect((await inChat(HELEN, 'use this chat for reports')).text).toContain('not to a chat');
    expect(await place('headteacher_channel')).toMatchObject({ id: HEADTEACHER_CHANNEL });
  });

  it('is so already the second time, and when it is changed the card says where it was', async () => {
    expect(wholeOf(await inChannel(ALEX, REPORTS, { id: HEADTEACHER_CHANNEL }))).toContain(
      'It was set so in the school’s settings.',
    );
    await inChannel(ALEX, REPORTS, { id: OTHER, name: 'Senior leaders' });
    const chosen = await place('headteacher_channel');
    const again = wholeOf(await inChannel(HELEN, 'Please send reports here.'));
    expect(again).toContain('This channel takes reports already');
    expect(again).toMatch(/It was chosen on \w{3} \d+ \w{3} \d{4}, \d\d:\d\d\./u);
    expect(await place('headteacher_channel')).toEqual(chosen);
    expect(wholeOf(await inChannel(HELEN, REPORTS, { id: HEADTEACHER_CHANNEL }))).toContain(
      'Until now it was the channel “Senior leaders”',
    );
    expect(await place('headteacher_channel')).toMatchObject({ id: HEADTEACHER_CHANNEL, name: 'Headteacher' });
  });

  it('is named, and warned of when all of the team can open it, as Teams lists it', async () => {
    room.connector.channels[TEAM] = [
      { id: TEAM, type: 'standard' },
      { id: OTHER, name: 'Senior leaders', type: 'private' },
    ];
    expect(wholeOf(await inChannel(ALEX, REPORTS, { id: TEAM }))).toContain('everyone in the team can open it');
    expect(await place('headteacher_channel')).toMatchObject({ name: 'General' });
    expect(wholeOf(await inChannel(ALEX, REPORTS))).not.toContain('Please check');
    expect(await place('headteacher_channel')).toMatchObject({ name: 'Senior leaders' });
    expect(wholeOf(await inChannel(ALEX, REPORTS, { id: '19:x@thread.tacv2' }))).toContain(
      'I cannot tell who can open',
    );
    expect(await place('headteacher_channel')).toMatchObject({ name: null });
  });

  it('is where cards, questions and the gap list go from then on, in whichever process', async () => {
    await inChannel(ALEX, REPORTS);
    room.bot.deliveries.start();
    const receipt = await room.chatOf(BETH).report();
    const posted = await until(() => room.connector.in(OTHER)[0]);
    expect(JSON.stringify(posted.activity)).toContain(referenceIn(cardText(receipt)));
    await room.settled();
    expect(room.channel).toEqual([]);
    const other = await startBot({ schools: [room.school] });
    const asked = (id: string) => other.replies(from(HELEN, messageIn({ id }, 'gaps', room.options)));
    expect(cardText((await asked(OTHER))[0])).toContain('What our policy is missing');
    expect((await asked(HEADTEACHER_CHANNEL))[0]?.text).toContain('Others can read this conversation');
    const { activity } = { activity: messageIn({ id: OTHER }, '', room.options) };
    expect(await other.places.isHeadteacherChannel(activity as never, room.school)).toBe(true);
    await other.stop();
  });

  it('of a school that shares its tenant is in the school’s own team', async () => {
    const profile = { ...room.school.profile, id: `${room.school.profile.id}-b` };
    const second = {
      ...room.school,
      profile: { ...profile, teams: { ...profile.teams, teamId: '19:b@thread.tacv2' } },
    };
    const bot = await startBot({ schools: [room.school, { ...second, profile: { ...second.profile, people: [] } }] });
    const ask = (teamId: string) => bot.replies(from(ALEX, messageIn({ id: OTHER, teamId }, REPORTS, room.options)));
    expect((await ask('19:third@thread.tacv2'))[0]?.text).toContain('This team is not that of Example Primary School');
    expect((await ask('19:b@thread.tacv2'))[0]?.text).toContain('Only the Headteacher');
    expect(cardText((await ask(TEAM))[0])).toContain('This channel now takes reports');
    await bot.stop();
  });
});

describe('the governors’ chat', () => {
  it.each([
    ['the Headteacher', HELEN],
    ['the chair of governors', RUTH],
    ['an administrator', ALEX],
  ])('is chosen by %s', async (_, someone) => {
    const card = wholeOf(await inChat(someone, SUMMARIES));
    expect(card).toContain('This chat now gets the governors’ summaries');
    expect(card).toContain('Until now it was the chat “Governors”.');
    expect(await place('governors_chat')).toMatchObject({ id: CHAT, teamId: null });
    expect(wholeOf(await inChat(someone, SUMMARIES))).toContain('already');
  });

  it('is not chosen by a deputy or staff, and is a group chat', async () => {
    for (const someone of [DANIEL, BETH])
      expect((await inChat(someone, SUMMARIES)).text).toContain('Only the Headteacher, the chair of governors');
    expect((await alone(HELEN, SUMMARIES)).text).toContain('go to a group chat');
    expect((await inChannel(HELEN, SUMMARIES)).text).toContain('go to a group chat');
    expect(await place('governors_chat')).toMatchObject({ id: GOVERNORS, chosenAt: null });
  });
});

describe('the greeting of a team', () => {
  const greeting = (teamId?: string) =>
    room.bot.replies({ ...anInstallationIn('add', teamId, room.options), deliveryMode: 'expectReplies' });

  it('says how to set up while no channel is connected, and not after', async () => {
    expect(cardText((await greeting())[0])).toContain('use this channel for reports');
    await inChannel(ALEX, REPORTS);
    expect(cardText((await greeting())[0])).not.toContain('use this channel for reports');
  });
});

describe('status', () => {
  it('in one’s own chat tells what is connected and what is not, by name', async () => {
    await room.chatOf(HELEN).say('hello');
    const text = wholeOf(await alone(ALEX, 'status'));
    for (const words of [
      'Helen Achebe (Headteacher, triager) has a chat with me.',
      'Daniel Hughes (deputy, safeguarding lead, triager) has no chat with me yet.',
      'Reports go to the channel “Headteacher”, as the school’s settings say. Nobody has spoken to me there yet.',
      'Nothing has been delivered there yet.',
      'Nothing waits to be delivered.',
      '“Social Media Policy”, version 3.1 is read.',
      'Storage answers.',
      'Policy Desk 0.0.0',
    ])
      expect(text).toContain(words);
    expect(logged('status.shown')).toHaveLength(1);
  });

  it('tells when a delivery last worked, what waits and that the channel is lost', async () => {
    room.bot.deliveries.start();
    await room.chatOf(BETH).report();
    await until(() => room.channel[0]);
    await until(async () => /A delivery last worked on/u.test(wholeOf(await alone(HELEN, 'Status?'))));
    room.connector.shut.add(HEADTEACHER_CHANNEL);
    await room
      .chatOf(BETH)
      .report({ where: { platform: 'x', place: 'Elsewhere', account: 'A', seenDay: '2026-09-14' } });
    const text = await until(
      async () => wholeOf(await alone(HELEN, 'status')),
      (words) => words.includes('nothing can be posted there'),
    );
    expect(text).toContain('Does not work:');
    expect(text).toContain('1 message waits to be delivered, since ');
    room.connector.shut.clear();
    await until(() => room.channel.length === 2);
  });

  it('in a channel names nobody', async () => {
    const text = wholeOf(await inChannel(DANIEL, 'status'));
    expect(text).toMatch(/0 of 5 have a chat with me|0 of 4 have a chat with me/u);
    expect(text).toContain('names are left out');
    expect(text).not.toMatch(/Achebe|Hughes|Castellan|Oyelaran/u);
  });

  it('is not for everyone', async () => {
    for (const someone of [BETH, RUTH])
      expect((await alone(someone, 'status')).text).toContain('Only the Headteacher, a deputy or an administrator');
    expect(logged('status.refused')).toHaveLength(2);
    expect(logged('status.shown')).toEqual([]);
  });

  it('says so when storage or the school’s files are at fault', async () => {
    const { school } = room;
    const down = await startBot({
      schools: [school],
      condition: {
        unreachable: async () => 'Table storage does not answer.',
        faultSince: () => new Date('2026-11-19T09:05:00Z'),
        linksOrigin: 'https://policydesk.example.org',
      },
    });
    const text = wholeOf((await down.replies(from(HELEN, aMessage('status', room.options))))[0]);
    for (const words of [
      '2 things do not work',
      'Table storage does not answer.',
      'Since Thu 19 Nov 2026, 09:05 the school’s files cannot be read',
      'Links lead to https://policydesk.example.org.',
    ])
      expect(text).toContain(words);
    await down.stop();
  });

  it('knows of a person who has removed the bot, and of one who is back', async () => {
    const own = (activity: object) =>
      room.bot.send(from(HELEN, { ...aMessage(undefined, room.options), ...activity, deliveryMode: undefined }));
    const line = async () => /Helen Achebe [^.]*\./u.exec(wholeOf(await alone(DANIEL, 'status')))?.[0];
    await room.chatOf(HELEN).say('hello');
    expect(await line()).toContain('has a chat');
    await own({ type: 'installationUpdate', action: 'remove' });
    expect(await line()).toContain('has no chat');
    await own({ type: 'installationUpdate', action: 'add' });
    expect(await line()).toContain('has a chat');
  });
});
