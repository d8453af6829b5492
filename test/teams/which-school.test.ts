import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { Allowances } from '../../src/schools/allowances.js';
import type { Role } from '../../src/schools/profile.js';
import type { School } from '../../src/schools/school.js';
import { SEARCH_COMMAND } from '../../src/teams/search.js';
import { aMessage, anExecute, aSearch, aSubmit, from, messageIn, type RawActivity } from '../support/activities.js';
import { cardText, startBot, type TestBot, type TestBotOptions } from '../support/bot.js';
import { smallSchool } from '../support/small-school.js';

const SAFETY = 'there is a naked picture of a year 6 girl going round on snapchat';
const BOTH = { id: randomUUID(), name: 'Bo Both' };
const OAKS = { id: randomUUID(), name: 'Olu Oak' };
const ASHS = { id: randomUUID(), name: 'Asa Ash' };
const STRANGER = { id: randomUUID(), name: 'Stef Stranger' };

let bot: TestBot;
afterEach(() => bot.stop());

async function aSchool(key: 'oak' | 'ash', person: { readonly id: string; readonly name: string }): Promise<School> {
  const school = await smallSchool(`${key}-${randomUUID().slice(0, 8)}`);
  const { id, contacts } = school.profile;
  const one = (who: typeof person, ...roles: Role[]) => ({ ...who, roles });
  const teams = {
    ...{ teamId: `19:${id}-general@thread.tacv2`, teamName: id },
    headteacherChannel: { id: `19:${id}-headteacher@thread.tacv2`, name: 'Headteacher' },
    governorsChat: { id: `19:${id}-governors@thread.v2`, name: 'Governors' },
  };
  const people = [one(person, 'headteacher'), one(BOTH, 'staff', 'administrator')];
  const lead = { name: `Lead of ${key}`, phone: '01752 123 456' };
  return {
    ...school,
    profile: {
      ...school.profile,
      ...{ name: `${key} school`, people, teams, contacts: { ...contacts, dsl: lead }, tenantIsShared: true },
    },
  };
}

let oak: School;
let ash: School;
async function start(away?: 'readable' | 'unreadable', options: TestBotOptions = {}): Promise<void> {
  oak = await aSchool('oak', OAKS);
  ash = await aSchool('ash', ASHS);
  const { id, profile } = { id: ash.profile.id, profile: away === 'readable' ? ash.profile : undefined };
  const waiting = () => (away ? [{ id, profile }] : []);
  bot = await startBot({ ...options, schools: away ? [oak] : [oak, ash], waiting });
}
const say = (words: string, who = BOTH) => bot.replies(from(who, aMessage(words)));
const said = async (words: string, who = BOTH) => JSON.stringify(await say(words, who));
const pressed = async (activity: RawActivity, who = BOTH) =>
  JSON.stringify(await (await bot.send({ ...from(who, activity), deliveryMode: 'expectReplies' })).json());
const draftAt = ({ profile }: School, { id }: { readonly id: string }) =>
  bot.reports.drafts.open({ schoolId: profile.id, personId: id });

describe('somebody at two schools who does not say which', () => {
  it('reads at once what to do for a child at risk, with whom to ring at each', async () => {
    await start();
    const [first, second, asked] = await say(SAFETY);
    expect([first?.text, second?.text]).toEqual(['oak school:', 'ash school:']);
    expect(cardText(first)).toMatch(/call 999[\s\S]*Lead of oak/u);
    expect(cardText(second)).toMatch(/call 999[\s\S]*Lead of ash/u);
    expect(asked?.text).toContain(`such as “${oak.profile.id}: report”`);
    expect([await draftAt(oak, BOTH), await draftAt(ash, BOTH)]).toEqual([undefined, undefined]);
    const [card] = await say(`${ash.profile.id}: ${SAFETY}`);
    expect(cardText(card)).toMatch(/call 999[\s\S]*Asa Ash/u);
    expect(JSON.stringify((await draftAt(ash, BOTH))?.draft.answers)).toMatch(/snapchat/u);
    expect(JSON.stringify((await draftAt(ash, BOTH))?.draft.answers)).not.toContain(ash.profile.id);
    expect(await draftAt(oak, BOTH)).toBeUndefined();
  });

  it('reads it by a button of an older card, and in a search', async () => {
    await start();
    const button = await pressed(aSubmit({ verb: 'report.start', urgent: true }));
    expect(button).toMatch(/Lead of oak[\s\S]*Lead of ash[\s\S]*more than one school/u);
    const ticked = await pressed(anExecute('report.next', { step: 'what', dangers: 'danger_now' }));
    expect(ticked).toMatch(/Lead of oak[\s\S]*Lead of ash[\s\S]*more than one school/u);
    const parameters = [{ name: SEARCH_COMMAND.parameter, value: SAFETY }];
    const found = await pressed(aSearch({ commandId: SEARCH_COMMAND.id, parameters }));
    expect(found).toMatch(/oak school: act now[\s\S]*Lead of oak[\s\S]*ash school: act now[\s\S]*Lead of ash/u);
  });

  it('is told what became of a file, asked when the bot is installed, and never kept waiting by a flood of spaces', async () => {
    await start();
    const file = { contentType: 'image/png', contentUrl: 'http://127.0.0.1:9/picture' };
    const sent = await bot.replies(from(BOTH, { ...aMessage(undefined), attachments: [file] }));
    expect(sent[0]?.text).toMatch(/more than one school[\s\S]*not taken the file/u);
    const installed = { ...aMessage(undefined), type: 'installationUpdate', action: 'add' };
    expect((await bot.replies(from(BOTH, installed)))[0]?.text).toContain('more than one school');
    expect((await say(`a${' '.repeat(20_000)}b`))[0]?.text).toContain('more than one school');
  });

  it('can begin a report though they sent too much', async () => {
    await start(undefined, { allowances: new Allowances() });
    for (let time = 0; time < 200; time += 1) await say(`${oak.profile.id}: hello`);
    expect(await said('what may I post?')).not.toContain('more than one school');
    expect(cardText((await say(`${oak.profile.id}: report`))[0])).not.toBe('');
    expect(await draftAt(oak, BOTH)).toBeDefined();
    expect(await said(SAFETY)).toContain('Lead of ash');
  });
});

describe('a card of another school', () => {
  it('does nothing for whoever is not at that school, or in the team of another', async () => {
    await start();
    const card = (school: School) => ({ verb: 'report.start', urgent: false, school: school.profile.id });
    expect(await pressed(aSubmit(card(ash)), OAKS)).toContain('That card is of another school');
    expect(await draftAt(oak, OAKS)).toBeUndefined();
    const { id, teamId } = { ...ash.profile.teams.headteacherChannel, teamId: ash.profile.teams.teamId };
    const { conversation, channelData } = messageIn({ id, teamId }, '');
    expect(await pressed({ ...aSubmit(card(oak)), conversation, channelData })).toContain(
      'That card is of another school',
    );
    expect([await draftAt(oak, BOTH), await draftAt(ash, BOTH)]).toEqual([undefined, undefined]);
    await pressed(aSubmit(card(ash)));
    expect(await draftAt(ash, BOTH)).toBeDefined();
  });
});

describe('a school that cannot be read', () => {
  it('has its people still, who are nobody else’s', async () => {
    await start('readable');
    for (const words of [`${ash.profile.id}: report`, 'ash school: report'])
      expect((await say(words))[0]?.text).toMatch(/^ash school cannot be used here at present/u);
    expect((await say('report', ASHS))[0]?.text).toMatch(/^ash school cannot be used here at present/u);
    const [first, second] = await say(SAFETY, ASHS);
    expect(cardText(first)).toContain('Lead of ash');
    expect(second?.text).toContain('Nothing has been sent to anyone');
    expect((await say('report'))[0]?.text).toContain('You are at more than one school');
    expect(await pressed(aSubmit({ verb: 'report.start', school: ash.profile.id }))).toContain('cannot be used here');
    expect(await draftAt(oak, BOTH)).toBeUndefined();
    await say(`${oak.profile.id}: report`);
    expect(await draftAt(oak, BOTH)).toBeDefined();
  });

  it('is not mistaken where it is named, though nobody can know its people', async () => {
    await start('unreadable');
    expect((await say(`${ash.profile.id}: report`))[0]?.text).toContain('cannot be used here at present');
    expect(await pressed(aSubmit({ verb: 'report.start', school: ash.profile.id }))).toContain('cannot be used here');
    expect(await draftAt(oak, BOTH)).toBeUndefined();
    expect((await say('report', ASHS))[0]?.text).toContain('not set up for your school');
    expect((await say(SAFETY, STRANGER))[0]?.text).toMatch(/^If a child is in danger, do not wait: call 999/u);
    const { teams } = ash.profile;
    const channel = { id: teams.headteacherChannel.id, teamId: teams.teamId };
    const [refused] = await bot.replies(from(BOTH, messageIn(channel, 'use this channel for reports')));
    expect(refused?.text).toContain('This team is not that of oak school');
    const card = JSON.stringify(await say(`${oak.profile.id}: report`));
    expect(card).toContain('"draftId"');
    expect(await draftAt(oak, BOTH)).toBeDefined();
  });
});
