import { afterEach, describe, expect, it } from 'vitest';
import { Allowances } from '../../src/schools/allowances.js';
import { SEARCH_COMMAND } from '../../src/teams/search.js';
import { aMessage, anExecute, aSearch, aSubmit, from, type RawActivity } from '../support/activities.js';
import { cardText, startBot, type TestBot } from '../support/bot.js';
import { sampleSchool } from '../support/sample-school.js';
import { ALEX, BETH } from '../support/staff.js';

const QUESTION = 'can i add an ex pupil on insta?';
const LATER = /I am pausing\. Please come back at 15:44; what you typed is still here\./u;
const SAFETY = 'there is a naked picture of a year 6 girl going round on snapchat';

let bot: TestBot;
afterEach(() => bot.stop());

let now = new Date('2026-11-20T15:42:30Z');
async function start(limits: { personPerMinute?: number; schoolPerMinute?: number }, id: string): Promise<void> {
  now = new Date('2026-11-20T15:42:30Z');
  const sample = await sampleSchool();
  const all = { personPerMinute: 10, schoolPerMinute: 10_000, ...limits };
  const school = { ...sample, profile: { ...sample.profile, id: `limits-${id}`, limits: all } };
  bot = await startBot({ schools: [school], allowances: new Allowances(), now: () => now });
}
const say = async (words: string, person = ALEX) => bot.replies(from(person, aMessage(words)));
async function flood(person = ALEX, times = 20): Promise<void> {
  for (let time = 0; time < times; time += 1) await say('hello', person);
}
const pressed = async (activity: RawActivity) =>
  JSON.stringify(await (await bot.send({ ...activity, deliveryMode: 'expectReplies' })).json());

describe('a person who sends too much', () => {
  it('is told once when to come back, is answered nothing meanwhile, and then goes on', async () => {
    await start({}, 'person');
    await flood();
    const [told, ...more] = await say(QUESTION);
    expect(told?.text).toMatch(LATER);
    expect(more).toEqual([]);
    expect(await say(QUESTION)).toEqual([]);
    expect(cardText((await say(QUESTION, BETH))[0])).toContain('5.2');
    now = new Date('2026-11-20T15:43:31Z');
    expect(cardText((await say(QUESTION))[0])).toContain('5.2');
    const lines = bot.logged.filter(({ event }) => event === 'turn.limited');
    expect(lines).toEqual([expect.objectContaining({ outcome: 'person', schoolId: 'limits-person' })]);
  });

  it('reads it wherever they press or search, and every press is answered', async () => {
    await start({}, 'press');
    await flood();
    for (let time = 0; time < 2; time += 1) {
      expect(await pressed(anExecute('case.mine', {}))).toMatch(LATER);
      expect(await pressed(aSearch({ commandId: SEARCH_COMMAND.id, parameters: [] }))).toMatch(LATER);
    }
  });

  it('can report that a child is not safe all the same: in words, by command, by button, to the end', async () => {
    await start({}, 'safety');
    await flood(ALEX, 60);
    const [card] = await say(SAFETY);
    expect(cardText(card)).toContain('call 999');
    const draftId = /"draftId":"([0-9a-f]{24})"/u.exec(JSON.stringify(card))?.[1] ?? '';
    expect(draftId).not.toBe('');
    for (const begin of [aMessage('report'), aSubmit({ verb: 'report.start' })])
      expect(JSON.stringify(await bot.replies(from(ALEX, begin)))).toContain(draftId);
    const sent = await pressed(
      anExecute('report.next', { draftId, step: 'told', words: SAFETY, told: 'Nobody yet', staffConduct: 'no' }),
    );
    expect(sent).toMatch(/PD-[0-9A-Z]{8}/u);
    expect(await pressed(anExecute('case.mine', {}))).toMatch(LATER);
  });

  it('gets to the first card of a report, where dangers are asked for, and can tell of one', async () => {
    await start({}, 'dangers');
    const [card] = await say('report');
    const draftId = /"draftId":"([0-9a-f]{24})"/u.exec(JSON.stringify(card))?.[1] ?? '';
    await flood(ALEX, 60);
    const told = await pressed(anExecute('report.next', { draftId, step: 'what', dangers: 'threat' }));
    expect(told).toContain('call 999');
    expect(await pressed(anExecute('report.next', { draftId, step: 'where', place: 'a group' }))).toMatch(LATER);
  });
});

describe('a school that asks too much', () => {
  it('is told so, but what has happened can be reported, and cases be worked on', async () => {
    await start({ personPerMinute: 10_000, schoolPerMinute: 60 }, 'school');
    await flood(ALEX, 130);
    const [told] = await say(QUESTION, BETH);
    expect(told?.text).toMatch(/^Your school is asking more than I can answer at the moment/u);
    expect(told?.text).toMatch(LATER);
    const [report] = await say('a dad has posted a mean meme about our school on facebook', BETH);
    expect(cardText(report)).toContain('Card 1 of 5');
    expect(await pressed(from(BETH, anExecute('case.mine', {})))).not.toMatch(LATER);
  });
});
