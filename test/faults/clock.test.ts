import { afterAll, beforeAll, expect, it } from 'vitest';
import { caseTable } from '../../src/storage/case-table.js';
import { draftTable } from '../../src/storage/draft-table.js';
import { openTables } from '../../src/storage/tables.js';
import { HEADTEACHER_CHANNEL } from '../support/activities.js';
import { OwnAzurite } from '../support/azurite-process.js';
import { button, cardText, type Reply } from '../support/bot.js';
import { BotProcess, TeamsOf } from '../support/bot-process.js';
import { aDraft } from '../support/reports.js';
import { SimulatedStaff } from '../support/simulated-staff.js';
import { Chat, HELEN, TYPED, wholeOf } from '../support/staff.js';
import { times } from '../support/thoroughness.js';
import { figuresOf, settled, type Told, untrue } from '../support/truth.js';
import { until } from '../support/until.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SCHOOL = 'example-primary';

let azurite: OwnAzurite;
let bot: BotProcess;
let teams: TeamsOf;
let staff: SimulatedStaff[];
beforeAll(async () => {
  azurite = await OwnAzurite.start();
  bot = await BotProcess.start(azurite.connection, { CLOCK_SHIFT_MS: '0' });
  teams = await TeamsOf.around(bot.bot);
  staff = Array.from({ length: times(2, 12) }, () => new SimulatedStaff(teams));
}, 300_000);
afterAll(async () => {
  expect(await bot.stop()).toBe(0);
  await teams.close();
  await azurite.cleanUp();
});

const told = (): Told => ({
  ...{ staff, room: teams, connection: azurite.connection, schoolId: SCHOOL, logged: bot.logged() },
});
const tables = () => openTables({ connectionString: azurite.connection });
const reportAll = () => Promise.all(staff.map((one) => one.report()));

async function check(name: string, faults: number): Promise<void> {
  await settled(told(), 120_000);
  expect(await untrue(told())).toEqual([]);
  const figures = await figuresOf(told(), faults);
  process.stdout.write(`${name}: ${JSON.stringify(figures)}\n`);
  expect(figures).toMatchObject({ acknowledged: figures.sent, lost: 0, doubled: 0 });
}

/** Presses the button of each card in the channel that has it. */
async function acknowledgeAll(): Promise<number> {
  const helen = new Chat(teams, HELEN);
  const cards = teams.connector.in(HEADTEACHER_CHANNEL).map(({ activity }) => activity as unknown as Reply);
  const open = cards.filter((card) => wholeOf(card).includes('Acknowledge'));
  for (const card of open) {
    const { verb, data } = button(card, 'Acknowledge');
    await helen.runInChannel(verb, data);
  }
  return open.length;
}

it('a clock set back by an hour puts nothing off, sends nothing twice, and no event before another', async () => {
  // What is to be tried again is put off to a time that then is an hour away.
  teams.connector.draw = () => ({ status: 502 });
  await reportAll();
  await until(() => bot.logged().filter(({ event }) => event === 'delivery.retry').length >= staff.length);
  const link = await uploadLink();
  await bot.setClock(-HOUR);
  teams.connector.draw = undefined;
  await settled(told(), 120_000);
  expect(await acknowledgeAll()).toBe(staff.length);
  await reportAll();
  await check('clock set back an hour', 1);
  expect((await fetch(link)).status).toBe(200);
  for await (const { case: made } of caseTable(tables()).all(SCHOOL)) {
    const ats = made.log.map(({ at }) => at.getTime());
    expect(ats).toEqual(ats.toSorted((one, other) => one - other));
  }
}, 600_000);

it('a clock that is a year ahead, and right again, takes no draft, no link and no case’s time', async () => {
  const link = await uploadLink();
  const drafts = draftTable(tables());
  const [warned, young] = [13, 11].map((days) => {
    const at = new Date(Date.now() - days * DAY);
    return aDraft(SCHOOL, { startedAt: at, changedAt: at });
  });
  if (!warned || !young) throw new Error('There are two.');
  for (const draft of [warned, young]) await drafts.create(draft);
  await bot.stop();
  // A Tuesday, at a time when people are reminded, unless it is night.
  bot = await BotProcess.start(azurite.connection, {
    CLOCK_SHIFT_MS: String(367 * DAY),
    PUBLIC_URL: new URL(link).origin,
    PORT: new URL(link).port,
  });
  teams.bot = bot.bot;
  const warnings = () => teams.connector.posted.filter((one) => JSON.stringify(one).includes('is deleted in two days'));
  await until(() => warnings().length > 0);
  expect((await fetch(link)).status).toBe(200);
  await reportAll();
  await bot.setClock(0);
  await reportAll();
  await check('clock a year ahead, and back', 2);
  expect(warnings()).toHaveLength(1);
  for (const draft of [warned, young]) expect((await drafts.open(draft))?.draft.id).toBe(draft.id);
  expect(bot.logged().filter(({ event }) => event === 'draft.expired' || event === 'case.reminded')).toEqual([]);
  for await (const { case: made } of caseTable(tables()).all(SCHOOL))
    for (const { at } of made.log) expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(HOUR);
}, 600_000);

/** The link to the upload page of a report that somebody has begun. */
async function uploadLink(): Promise<string> {
  const chat = new SimulatedStaff(teams).chat;
  let [card] = await chat.say('report');
  for (const step of ['what', 'where', 'words'] as const) card = await chat.press(card, 'Next', TYPED[step]);
  const [link] = /http:\/\/127\.0\.0\.1:\d+\/evidence\/[^"]+/u.exec(wholeOf(card)) ?? [];
  if (link === undefined) throw new Error(`There is no link: ${cardText(card)}`);
  return link;
}
