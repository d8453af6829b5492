import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawDocument } from '../../src/export/summary-documents.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { jobTable } from '../../src/storage/job-table.js';
import { summaryDocuments } from '../../src/storage/summary-documents.js';
import { openTables } from '../../src/storage/tables.js';
import { CaseSweep } from '../../src/teams/case-sweep.js';
import { SummarySweep } from '../../src/teams/summary-sweep.js';
import { createLinks } from '../../src/web/links.js';
import { HEADTEACHER_CHANNEL } from '../support/activities.js';
import { OwnAzurite } from '../support/azurite-process.js';
import { cardText } from '../support/bot.js';
import { actionsIn, leaksIn, namesInStorage, PERSON_ID, type Said } from '../support/marks.js';
import { recordedStorage } from '../support/recorder.js';
import { ALEX, BETH, type Chat, DANIEL, GRACE, HELEN, RUTH, referenceIn, Staffroom } from '../support/staff.js';
import { latest, planned } from '../support/summary-room.js';
import { until } from '../support/until.js';

/* What takes days or weeks, with a clock that is handed in: the rest is in `process.test.ts`, with what is searched and allowed. */

/** Marks of what was typed, and the names of the sample school's people as they stand nowhere by chance. */
const SECRET = /zqxvkj[a-z]*|Alex Morgan|Achebe|Daniel Hughes|Castellan|Imran Sadiq|Larkin|Oyelaran/iu;
const TYPED = {
  what: { dangers: 'none', category: 'disparaging_post', postedBy: 'parent', about: 'school' },
  where: { platform: 'facebook', place: 'https://zqxvkj.example/zqxvkj', account: '@zqxvkj', seenDay: '2026-09-14' },
  words: { words: 'Zqxvkjwords', whoSaw: 'Zqxvkjwhosaw' },
  evidence: {},
  wishes: { wish: 'Zqxvkjwish', nameFor: 'recipient' },
};
const HALF_TERM = 'half_term-2026-08-31';

let azurite: OwnAzurite;
let storage: Awaited<ReturnType<typeof recordedStorage>>;
let room: Staffroom;
let ahead = 0;
const now = () => new Date(Date.now() + ahead);
const goTo = (time: string) => {
  ahead = Date.parse(time) - Date.now();
};

beforeAll(async () => {
  azurite = await OwnAzurite.start();
  storage = await recordedStorage(azurite.connection);
  goTo('2026-10-20T09:00:00Z');
  const links = createLinks({
    secret: 'a secret of at least thirty-two characters',
    publicUrl: 'http://127.0.0.1:1',
    now,
  });
  room = await Staffroom.open({ storage: storage.connection, now, links, random: () => 0 });
  room.bot.deliveries.start();
  for (const someone of [HELEN, DANIEL, RUTH, GRACE, BETH]) await room.chatOf(someone).say('help');
});
afterAll(async () => {
  await room?.close();
  await Promise.all([storage?.Table.stop(), storage?.Blob.stop(), storage?.Queue.stop()]);
  await azurite?.cleanUp();
});

const sweep = () => {
  const { parts } = room.bot;
  return new CaseSweep({
    ...parts,
    ...parts.reports,
    jobs: jobTable(openTables({ connectionString: storage.connection })),
  });
};

async function reminders(): Promise<void> {
  const beth = room.chatOf(BETH);
  await beth.report(TYPED);
  await beth.reportSafety({ words: 'Zqxvkjsafety', told: 'Zqxvkjtold' });
  for (const time of ['2026-10-20T11:30:00Z', '2026-10-22T08:30:00Z', '2026-10-23T08:30:00Z', '2026-11-02T08:30:00Z']) {
    goTo(time);
    await sweep().look();
    await room.settled();
  }
  for (const card of [...room.chatOf(HELEN).received, ...room.channel]) await redrawn(room.chatOf(HELEN), card);
}

/** What a card asks for when it is shown again. */
async function redrawn(chat: Chat, card: unknown): Promise<void> {
  const [, reference] = /"(PD-[0-9A-HJKMNP-TV-Z]{8})"/u.exec(JSON.stringify(card)) ?? [];
  if (reference) await chat.runInChannel('case.open', { reference });
}

/** The channel cannot be posted in, until the case goes on by its route. */
async function rerouted(): Promise<void> {
  room.connector.shut.add(HEADTEACHER_CHANNEL);
  const reference = referenceIn(cardText(await room.chatOf(GRACE).report(TYPED)));
  await until(async () => {
    ahead += 3 * 60 * 60_000;
    for await (const place of room.bot.outbox.overdue(now())) await room.bot.deliveries.committed(place);
    return (await room.caseOf(reference)).log.some(({ what }) => what.kind === 'rerouted');
  });
  room.connector.shut.delete(HEADTEACHER_CHANNEL);
}

async function summaries(): Promise<void> {
  const { parts } = room.bot;
  goTo('2026-11-02T11:00:00Z');
  const [helen, ruth] = [room.chatOf(HELEN), room.chatOf(RUTH)];
  await planned(room, HALF_TERM, '2026-11-04');
  const preview = await latest(helen, 'This goes to the governors');
  await helen.press(preview, 'Keep the comment', { comment: 'Zqxvkjwords by Beth.' });
  await helen.press(preview, 'Keep the comment', { comment: 'Zqxvkjcomment on @zqxvkj.' });
  const { store: kept, make } = parts.summaries;
  const jobs = jobTable(openTables({ connectionString: storage.connection }));
  const documents = summaryDocuments(openBlobs({ connectionString: storage.connection }));
  goTo('2026-11-04T09:00:00Z');
  await new SummarySweep({
    ...parts,
    summaries: kept,
    make,
    jobs,
    outbox: room.bot.outbox,
    documents,
    draw: drawDocument,
  }).look();
  await room.settled();
  for (const chat of [helen, ruth]) await chat.say('summary');
  await helen.say('gaps');
  await helen.say('status');
}

async function drafts(): Promise<void> {
  const alex = room.chatOf(ALEX);
  const [what] = await alex.say('report');
  const where = await alex.press(what, 'Next', TYPED.what);
  const words = await alex.press(where, 'Next', TYPED.where);
  await alex.press(words, 'Next', TYPED.words);
  for (const days of [12.2, 2.2]) {
    ahead += days * 24 * 60 * 60_000;
    await room.sweep(0);
    await room.settled();
  }
  expect(await room.bot.reports.drafts.open({ schoolId: room.school.profile.id, personId: ALEX.id })).toBeUndefined();
}

describe('in what takes weeks', () => {
  let found: Record<string, readonly Said[]>;
  beforeAll(async () => {
    await reminders();
    await summaries();
    await rerouted();
    await drafts();
    const { names, rows } = await namesInStorage(azurite.connection);
    const { Table, Blob, Queue } = storage;
    found = {
      ...{ names, rows },
      logged: room.bot.logged.map((line) => ({ where: 'log', text: JSON.stringify(line) })),
      buttons: room.connector.calls.flatMap(({ body }) => actionsIn(body, 'button')),
      requests: [...Table.exchanges, ...Blob.exchanges, ...Queue.exchanges].flatMap(({ method, url, headers }) => [
        { where: 'request', text: `${method} ${url}` },
        { where: 'headers', text: JSON.stringify(headers) },
      ]),
      queued: Queue.exchanges.map(({ body }) => ({ where: 'queue message', text: body.toString() })),
    };
  }, 240_000);

  it('everything happened that was to be searched', () => {
    const events = new Set(room.bot.logged.map(({ event }) => event));
    for (const event of ['case.reminded', 'summary.sent', 'summary.commented', 'delivery.given_up', 'draft.expired'])
      expect(events).toContain(event);
    const rows = JSON.stringify(found.rows);
    for (const mark of ['Zqxvkjwords', 'Zqxvkjsafety', 'Zqxvkjtold', 'Zqxvkjcomment']) expect(rows).toContain(mark);
  });

  it.each(['logged', 'names', 'buttons', 'requests', 'queued'])('no name and no word is in what is %s', (place) => {
    expect(found[place]?.length).toBeGreaterThan(5);
    expect(leaksIn(found[place] ?? [], SECRET)).toEqual([]);
  });

  it('nor anybody’s id in what is logged, or sent by a button', () => {
    for (const place of ['logged', 'buttons']) expect(leaksIn(found[place] ?? [], PERSON_ID)).toEqual([]);
  });
});
