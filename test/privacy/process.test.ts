import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { openTables } from '../../src/storage/tables.js';
import { FakeApplicationInsights } from '../fakes/application-insights.js';
import { FakeConnector } from '../fakes/connector.js';
import { FakeTeamsFiles } from '../fakes/teams-files.js';
import {
  aChannelExecute,
  aChannelMessage,
  aSearch,
  from,
  HEADTEACHER_CHANNEL,
  type RawActivity,
} from '../support/activities.js';
import { OwnAzurite } from '../support/azurite-process.js';
import { button, cardText, type Reply } from '../support/bot.js';
import { runScript } from '../support/built.js';
import { actionsIn, leaksIn, MARK, MARKED_NUMBER, namesInStorage, PERSON_ID, type Said } from '../support/marks.js';
import { aPicture } from '../support/pictures.js';
import { freePorts } from '../support/ports.js';
import type { Running } from '../support/processes.js';
import { Recorder, recordedStorage } from '../support/recorder.js';
import { SCHOOLS_DIR } from '../support/sample-school.js';
import { Chat, type ChatRoom, referenceIn, wholeOf } from '../support/staff.js';
import { channelCardOf, formOf, pressInChannel, readingOf } from '../support/triaging.js';
import { until } from '../support/until.js';

/*
 * A whole life of Policy Desk, as a process of its own with real storage, in which every name, word, file name, account, link, number
 * and e-mail address has a mark; and then everything that is no place for them is searched for the marks.
 *
 * Object ids of Entra are allowed, by design, in the partition keys of the table Drafts and the row keys of the table Directory, and so
 * in queue messages that name a partition of Drafts and in requests to the table service for these rows; and in the addresses of Teams'
 * own conversations. Nowhere else.
 *
 * What Application Insights is told is searched with the rest.
 */

const id = (last: number) => `0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c0${last}`;
const person = (last: number, name: string) => ({ id: id(last), name });
const ALEX = person(1, 'Alexzqxvkja Morganzqxvkja');
const HELEN = person(2, 'Helenzqxvkjb Achebezqxvkjb');
const DANIEL = person(3, 'Danielzqxvkjc Hugheszqxvkjc');
const BETH = person(6, 'Bethzqxvkjf Larkinzqxvkjf');
const GRACE = person(7, 'Gracezqxvkjg Oyelaranzqxvkjg');
const STRANGER = { id: '99999999-7b1e-4f0a-8c55-1e9a2b7d4c05', name: 'Strangerzqxvkjs Zqxvkjs' };
const LINK = 'https://zqxvkjlink.example/zqxvkjpost?id=zqxvkj';

const TYPED = {
  what: { dangers: 'none', category: 'disparaging_post', postedBy: 'parent', about: 'school' },
  where: { platform: 'facebook', place: LINK, account: '@zqxvkjaccount', seenDay: '2026-09-14' },
  words: {
    words: `Xylazqxvkj Quintzqxvkj rang ${MARKED_NUMBER}, mail zqxvkjmail@zqxvkjmail.example.`,
    whoSaw: 'Zqxvkjwhosaw',
    doneSoFar: 'Zqxvkjdone',
    howTheyAre: 'Zqxvkjhow',
  },
  evidence: {},
  wishes: { wish: 'Zqxvkjwish', nameFor: 'recipient', support: 'Zqxvkjsupport' },
};

let azurite: OwnAzurite;
let storage: Awaited<ReturnType<typeof recordedStorage>>;
let connector: FakeConnector;
let insights: FakeApplicationInsights;
let files: FakeTeamsFiles;
let teams: Recorder;
let bot: Running;
let address: string;
let folder: string;
let tenantId: string;
const errors: Said[] = [];
const heads: Said[] = [];
const shownToPeople: { reply: unknown }[] = [];

const room = (): ChatRoom & { readonly channel: Reply[] } => ({
  bot: { address, send, replies },
  connector,
  options: { serviceUrl: `${teams.address}/connector/`, tenantId },
  get channel() {
    return connector.in(HEADTEACHER_CHANNEL).map(({ activity }) => activity as unknown as Reply);
  },
});
const chatOf = (someone: typeof ALEX) => new Chat(room(), someone);

/** Every answer of the bot is kept: its head, and its body where it is an error. */
async function asked(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const body = await response.clone().text();
  heads.push({ where: `answer to ${init.method ?? 'GET'}`, text: JSON.stringify([...response.headers]) });
  if (response.status >= 400) errors.push({ where: `answer ${response.status}`, text: body });
  return response;
}

async function send(activity: RawActivity | object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  const response = await asked(`${address}/api/messages`, { method: 'POST', headers, body: JSON.stringify(activity) });
  const reply: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  shownToPeople.push({ reply });
  return (await response.clone().text()) === '' ? new Response('{"value":""}', response) : response;
}

async function replies(activity: RawActivity): Promise<Reply[]> {
  const { activities } = (await (await send(activity)).json()) as { activities: Reply[] };
  return (activities ?? []).filter(({ type }) => type !== 'typing');
}

beforeAll(async () => {
  [azurite, connector, files, insights] = await Promise.all([
    ...([OwnAzurite.start(), FakeConnector.start(), FakeTeamsFiles.start(), FakeApplicationInsights.start()] as const),
  ]);
  files.tokens.add('');
  storage = await recordedStorage(azurite.connection);
  teams = await Recorder.start((url) =>
    url.startsWith('/connector/') ? new URL(connector.serviceUrl).origin : files.address,
  );
  folder = mkdtempSync(join(tmpdir(), 'policy-desk-privacy-'));
  cpSync(SCHOOLS_DIR, folder, { recursive: true });
  tenantId = markedSchool(join(folder, 'example-primary', 'school.yaml'));
  const port = await freePorts(1);
  address = `http://127.0.0.1:${port}`;
  bot = runScript('src/main.ts', [], {
    ...{
      BOT_ID: '',
      HOST: '',
      PORT: String(port),
      PUBLIC_URL: address,
      LINK_SECRET: 'a secret of more than thirty-two characters',
    },
    ...{ STORAGE_CONNECTION_STRING: storage.connection, STORAGE_ACCOUNT: '', SCHOOLS_DIR: folder, LOG_LEVEL: 'debug' },
    ...insights.environment,
  });
  await bot.until('server.listening');
});
afterAll(async () => {
  if (bot && bot.child.exitCode === null) bot.child.kill('SIGKILL');
  await Promise.all([teams?.stop(), storage?.Table.stop(), storage?.Blob.stop(), storage?.Queue.stop()]);
  await Promise.all([connector?.stop(), files?.stop(), insights?.stop(), azurite?.cleanUp()]);
  rmSync(folder, { recursive: true, force: true });
});

/** Everybody and everything that the profile names has a mark. @returns its tenant. */
function markedSchool(path: string): string {
  const profile = parse(readFileSync(path, 'utf8'));
  const named = new Map([ALEX, HELEN, DANIEL, BETH, GRACE].map((one) => [one.id, one.name]));
  for (const one of profile.people) one.name = named.get(one.id) ?? `Otherzqxvkjo ${one.name}zqxvkjo`;
  profile.name = 'Zqxvkjschool Primary';
  profile.teams.teamName = 'Zqxvkjteam';
  profile.teams.headteacherChannel.name = 'Zqxvkjchannel';
  profile.teams.governorsChat.name = 'Zqxvkjgovernors';
  for (const contact of Object.values<{ name: string; phone?: string; email?: string }>(profile.contacts))
    Object.assign(contact, {
      name: `${contact.name} Zqxvkjcontact`,
      phone: MARKED_NUMBER,
      email: 'zqxvkj@zqxvkjschool.example',
    });
  writeFileSync(path, stringify(profile));
  return profile.tenantId;
}

const pasted = (bytes: Uint8Array) => ({
  contentType: 'image/*',
  name: 'zqxvkjpasted.png',
  contentUrl: files.picture({ kind: 'serves', bytes }).replace(files.address, teams.address),
});
const attached = (behaviour: Parameters<FakeTeamsFiles['file']>[0]) => ({
  contentType: 'application/vnd.microsoft.teams.file.download.info',
  name: 'zqxvkjattached.png',
  content: { downloadUrl: files.file(behaviour).replace(files.address, teams.address), uniqueId: '1', fileType: 'png' },
});
const picture = async (seed: number) => Buffer.from(await aPicture(seed, 60, 40).png().toBuffer());

async function askTheHeadteacher(): Promise<void> {
  const alex = chatOf(ALEX);
  const question = 'how do i book a day off for zqxvkjwedding';
  await alex.say('can i ring zqxvkjparent from my own phone');
  const [card] = await alex.say(question);
  const form = await alex.press(card, 'Ask the Headteacher');
  await alex.press(form, 'Send', { question: '', name: 'with' });
  await alex.press(form, 'Send', { question: `${question} Zqxvkjedited`, name: 'with' });
  const posted = await until(() => room().channel.find((one) => wholeOf(one).includes('Zqxvkjedited')));
  const { verb, data } = button(posted, 'Send answer');
  const filled = { answer: 'Ask Zqxvkjoffice.', keep: 'true', keptAs: `${question} Zqxvkjkept` };
  const press = (someone: typeof ALEX) =>
    send(from(someone, aChannelExecute(verb, { ...data, ...filled }, room().options)));
  await press(BETH);
  await press(HELEN);
  await press(HELEN);
  await until(() => chatOf(ALEX).received.length > 0);
  await alex.say(question);
  await alex.say('how do i book a day off for my wedding');
}

/** @returns the reference. */
async function report(): Promise<string> {
  const beth = chatOf(BETH);
  let [card] = await beth.say('a mum zqxvkjmum is slagging the school off on facebook');
  for (const step of ['what', 'where', 'words'] as const) card = await beth.press(card, 'Next', TYPED[step]);
  await beth.say('zqxvkjbeside', [pasted(await picture(1)), attached({ kind: 'serves', bytes: await picture(2) })]);
  await beth.say('', [
    attached({ kind: 'status', status: 403 }),
    attached({ kind: 'serves', bytes: Buffer.from('<svg>zqxvkj</svg>') }),
  ]);
  const page = String((button(card, 'Add screenshots') as unknown as { url: string }).url);
  await upload(page);
  const last = await beth.press(card, 'Next', TYPED.evidence);
  await beth.press(last, 'Send the report', { ...TYPED.wishes, nameFor: '' });
  return referenceIn(cardText(await beth.press(last, 'Send the report', TYPED.wishes)));
}

async function upload(page: string): Promise<void> {
  const form = async (name: string, bytes: Uint8Array<ArrayBuffer>) => {
    const body = new FormData();
    body.append('file', new Blob([bytes], { type: 'image/png' }), name);
    body.append('seenOn', '2026-09-14');
    body.append('seenTime', '15:40');
    body.append('seenWhere', 'Zqxvkjwhere @zqxvkjseen');
    return asked(page, { method: 'POST', body });
  };
  await asked(page);
  await form('zqxvkjupload.png', await picture(3));
  await form('zqxvkjbad.svg', Buffer.from('<svg>zqxvkj</svg>'));
  await form('../../zqxvkjpath.png', Buffer.from('zqxvkj'));
  await asked(`${page}x`, { method: 'POST', body: 'zqxvkjbody' });
  await asked(`${page}/files/zqxvkjfile`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"zqxvkj',
  });
  await asked(`${page}/files`, { method: 'POST', headers: { 'content-type': 'zqxvkj/zqxvkj' }, body: 'zqxvkj' });
}

async function triage(reference: string): Promise<void> {
  const [helen, daniel, beth] = [chatOf(HELEN), chatOf(DANIEL), chatOf(BETH)];
  const card = await channelCardOf(room(), reference);
  await pressInChannel(helen, card, 'Open');
  await pressInChannel(chatOf(STRANGER), card, 'Acknowledge').catch(() => undefined);
  await daniel.runInChannel('case.act', { reference, seen: 1, form: 'note', words: 'Zqxvkjchannelnote' });
  await pressInChannel(daniel, card, 'Acknowledge');
  const reading = await readingOf(helen, reference);
  const fill = async (title: string, submit: string, typed: object) => {
    const form = await formOf(helen, await readingOf(helen, reference, `"title":"${title}"`), title);
    return helen.press(form, submit, typed);
  };
  const before = await formOf(helen, reading, 'Assign to…');
  const [, choice = ''] =
    /\{"title":"Danielzqxvkjc Hugheszqxvkjc","value":"([0-9a-f]{10})"\}/u.exec(wholeOf(before)) ?? [];
  await helen.press(before, 'Assign', { to: choice });
  await fill('Ask the reporter', 'Ask', { words: '' });
  await fill('Ask the reporter', 'Ask', { words: 'Zqxvkjquestion?' });
  const asking = await until(() => beth.received.find((one) => wholeOf(one).includes('Zqxvkjquestion')));
  const question = Number(/"question":(\d+)/u.exec(wholeOf(asking))?.[1]);
  await beth.run('case.answer', { reference, question, words: '' });
  await beth.run('case.answer', { reference, question, words: 'Zqxvkjanswer' });
  await fill('Record an action', 'Record', {
    action: 'told_police',
    on: 'zqxvkjday',
    who: 'PC Zqxvkjlee',
    words: 'Zqxvkjaction',
  });
  await fill('Record an action', 'Record', {
    action: 'told_police',
    on: '2026-09-15',
    who: 'PC Zqxvkjlee',
    words: 'Zqxvkjaction',
  });
  await fill('Post removed or refused', 'Record', { as: 'removed', on: '2026-09-15' });
  await fill('Note', 'Keep the note', { words: 'Zqxvkjnote' });
  await fill('Safeguarding system', 'Keep the reference', { as: 'CPOMS zqxvkjcpoms' });
  await fill('Change urgency', 'Change', { to: 'high', reason: 'Zqxvkjurgency' });
  await fill('Change category', 'Change', { to: 'online_bullying', reason: 'Zqxvkjcategory' });
  await fill('Link', 'Link', { to: 'zqxvkj' }).catch(() => undefined);
  await look(helen, reference);
  await fill('Close', 'Close the case', { outcome: 'resolved', message: 'Zqxvkjmessage' });
  await fill('Open again', 'Open again', { reason: 'Zqxvkjreopened' });
  await helen.say('open cases');
  await helen.say(`zqxvkjsearch ${reference}`);
  await helen.run('case.zqxvkj', { reference, zqxvkj: 'zqxvkj' });
  await send(
    from(
      HELEN,
      aSearch({ commandId: 'findCase', parameters: [{ name: 'query', value: 'zqxvkjfind' }] }, room().options),
    ),
  );
  await send(
    from(
      HELEN,
      aSearch(
        { commandId: 'searchPolicy', parameters: [{ name: 'query', value: 'zqxvkjpolicy phone' }] },
        room().options,
      ),
    ),
  );
  const [own] = await beth.say('my reports');
  await beth.run('case.words', { reference, words: 'Zqxvkjadded' });
  expect(cardText(own)).toContain(reference);
}

/** Every link of the case in a chat is opened as a browser does. */
async function look(chat: Chat, reference: string): Promise<void> {
  const card = await readingOf(chat, reference);
  const links = [...wholeOf(card).matchAll(/"url":"(http[^"]+)"/gu)].map(([, url = '']) => url);
  expect(links.filter((url) => url.includes('/view/')).length).toBeGreaterThanOrEqual(3);
  for (const link of links) {
    await asked(link);
    const page = await (await asked(link, { method: 'POST' })).text();
    const [, shownPicture] = /src="(\/view\/[^"]+\/picture)"/u.exec(page) ?? [];
    if (shownPicture) await asked(`${address}${shownPicture}`);
    if (link.includes('/view/')) await asked(`${link}/original`, { method: 'POST' });
    await asked(`${link}zqxvkj`, { method: 'POST' });
  }
}

async function trouble(reference: string): Promise<void> {
  const [alex, beth, helen] = [chatOf(ALEX), chatOf(BETH), chatOf(HELEN)];
  const [first] = await beth.say('report');
  const words = await beth.press(await beth.press(first, 'Next', TYPED.what), 'Next', TYPED.where);
  const note = await formOf(helen, await readingOf(helen, reference, '"title":"Note"'), 'Note');
  const [open] = await alex.say('how do i book a day off for zqxvkjtrouble');
  const form = await alex.press(open, 'Ask the Headteacher');
  const quietly = (doing: Promise<unknown>) => doing.catch(() => undefined);
  const everything = async () => {
    await quietly(alex.say('may i zqxvkjduringtrouble'));
    await quietly(alex.press(form, 'Send', { question: 'Zqxvkjduring', name: 'with' }));
    await quietly(beth.press(words, 'Next', { words: 'Zqxvkjduring', whoSaw: 'Zqxvkjduring' }));
    await quietly(beth.say('', [pasted(await picture(5))]));
    await quietly(helen.runInChannel('case.open', { reference }));
    await quietly(helen.press(note, 'Keep the note', { words: 'Zqxvkjduring' }));
    await quietly(beth.run('case.words', { reference, words: 'Zqxvkjduring' }));
  };
  // First what is written alone, of which the answer quotes what was typed; then everything.
  storage.Table.echoing = (url) => url.includes('$batch');
  await everything();
  for (const service of ['Table', 'Blob', 'Queue'] as const) {
    storage[service].echoing = () => true;
    await everything();
    storage[service].echoing = () => false;
  }
  storage.Table.isDown = true;
  await everything();
  storage.Table.isDown = false;
  await tamperedCase();
  await tamperedDraft();
  teams.echoing = (url) => url.startsWith('/connector/');
  await beth.run('case.words', { reference, words: 'Zqxvkjnotsent' });
  await until(() => bot.printed().includes('delivery.retry'));
  teams.echoing = () => false;
  for (const body of [
    '{"type":"message","text":"zqxvkj',
    '["zqxvkj"]',
    '{"type":"zqxvkj","zqxvkj":1}',
    JSON.stringify({ type: 'message', text: 'zqxvkj' }),
  ])
    await asked(`${address}/api/messages`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  await send({
    ...aChannelMessage('zqxvkj', { mention: true }, room().options),
    conversation: 'zqxvkj',
    channelData: 'zqxvkj',
  });
  await send(
    from(STRANGER, aChannelMessage('zqxvkj', { mention: true }, { ...room().options, tenantId: crypto.randomUUID() })),
  );
  await asked(`${address}/zqxvkjpath/zqxvkj?zqxvkj=zqxvkj`);
}

/** A case whose words nobody can read any more: what JSON says of them quotes them. */
async function tamperedCase(): Promise<void> {
  const second = referenceIn(cardText(await chatOf(GRACE).report(TYPED)));
  const client = await openTables({ connectionString: azurite.connection }).table('Cases').client();
  const keys = { partitionKey: `example-primary~${second}`, rowKey: 'case' };
  await client.updateEntity({ ...keys, report: 'zqxvkjbroken {' }, 'Merge');
  const helen = chatOf(HELEN);
  await helen.say('open cases');
  await helen.say(second);
  await helen.runInChannel('case.open', { reference: second });
  await helen.runInChannel('case.acknowledge', { reference: second });
}

/** The same of a draft, where the error reaches whoever handles the turn. */
async function tamperedDraft(): Promise<void> {
  const client = await openTables({ connectionString: azurite.connection }).table('Drafts').client();
  const keys = { partitionKey: `example-primary~${BETH.id}`, rowKey: 'open' };
  const { draft } = await client.getEntity<{ draft: string }>(keys.partitionKey, keys.rowKey);
  await client.updateEntity({ ...keys, draft: 'Zqxvkjbroken {' }, 'Merge');
  await chatOf(BETH).say('report');
  await client.updateEntity({ ...keys, draft }, 'Merge');
}

async function whereNothingMayBe(): Promise<Record<string, readonly Said[]>> {
  const { names, rows } = await namesInStorage(azurite.connection);
  const exchanges = Object.entries({ ...storage, teams }).flatMap(([name, one]) =>
    one instanceof Recorder ? one.exchanges.map((exchange) => ({ name, ...exchange })) : [],
  );
  const lines = bot
    .printed()
    .split('\n')
    .map((text) => ({ where: 'printed', text }));
  const cards = [...shownToPeople.map(({ reply }) => reply), ...connector.calls.map(({ body }) => body)];
  return {
    printed: lines,
    names,
    rows,
    errors,
    heads,
    cards: cards.flatMap((card) => actionsIn(card, 'button')),
    requests: exchanges.map(({ name, method, url }) => ({ where: `request to ${name}`, text: `${method} ${url}` })),
    headers: exchanges.map(({ name, headers }) => ({ where: `headers to ${name}`, text: JSON.stringify(headers) })),
    telemetry: insights.said.flatMap(({ line, headers, body }) =>
      [line, headers, ...body.split('\n')].map((text) => ({ where: 'Application Insights', text })),
    ),
    queued: storage.Queue.exchanges.map(({ body }) => ({ where: 'queue message', text: body.toString() })),
  };
}

describe('what people type, and their names', () => {
  let found: Record<string, readonly Said[]>;
  beforeAll(async () => {
    await askTheHeadteacher();
    const reference = await report();
    await triage(reference);
    await trouble(reference);
    await chatOf(BETH).run('case.withdraw', { reference, reason: 'Zqxvkjwithdrawn' });
    bot.child.kill('SIGTERM');
    expect(await bot.ended).toBe(0);
    found = await whereNothingMayBe();
  }, 240_000);

  it('met every kind of trouble that was made', () => {
    const met = new Set([...bot.printed().matchAll(/"event":"([\w.]+)"/gu)].map(([, event = '']) => event));
    const expected = [
      ...['delivery.retry', 'triage.refused', 'enquiry.refused', 'evidence.not_taken', 'cases.not_read'],
      ...['questions.not_written', 'turn.failed', 'report.not_kept', 'upload.handled', 'view.handled'],
    ];
    expect(expected.filter((event) => !met.has(event))).toEqual([]);
  });

  it('were kept where they belong: in the rows', () => {
    const rows = JSON.stringify(found.rows);
    const kept = [
      'Zqxvkjedited',
      'Zqxvkjkept',
      'Zqxvkjoffice',
      'zqxvkjaccount',
      'Xylazqxvkj',
      'Zqxvkjwish',
      'Zqxvkjnote',
      'Zqxvkjanswer',
      'Zqxvkjmessage',
      'Zqxvkjaction',
    ];
    for (const mark of [
      ...kept,
      'Zqxvkjwhere',
      'zqxvkjcpoms',
      'Zqxvkjreopened',
      'Zqxvkjadded',
      'Zqxvkjwithdrawn',
      'Bethzqxvkjf',
    ])
      expect(rows).toContain(mark);
  });

  it.each(['printed', 'names', 'errors', 'heads', 'cards', 'requests', 'headers', 'telemetry', 'queued'])(
    'are not in what is %s',
    (place) => {
      expect(found[place]?.length).toBeGreaterThan(5);
      expect(leaksIn(found[place] ?? [])).toEqual([]);
    },
  );

  it('nor are people’s ids where they need not be', () => {
    for (const place of ['printed', 'errors', 'heads', 'cards', 'telemetry'])
      expect(leaksIn(found[place] ?? [], PERSON_ID)).toEqual([]);
    const keys = (found.names ?? []).filter(
      ({ where }) => !/^(?:partition key of Drafts|row key of Directory)$/u.test(where),
    );
    expect(leaksIn(keys, PERSON_ID)).toEqual([]);
    const sent = [...(found.requests ?? []), ...(found.headers ?? [])];
    const requests = sent.filter(({ where }) => !/request to Table|teams/u.test(where));
    expect(leaksIn(requests, PERSON_ID)).toEqual([]);
    const queued = (found.queued ?? []).filter(({ text }) => !decoded(text).includes('"table":"Drafts"'));
    expect(leaksIn(queued, PERSON_ID)).toEqual([]);
  });

  it('and a search that could find nothing is none', () => {
    const places = [
      'Zqxvkjwords',
      encodeURIComponent('Bethzqxvkjf'),
      Buffer.from('{"name":"Bethzqxvkjf Larkinzqxvkjf"}').toString('base64'),
      '07700 900 731 846',
    ].map((text) => ({ where: 'here', text }));
    expect(leaksIn(places)).toHaveLength(4);
    const card = { body: [{ text: 'Zqxvkj' }], actions: [{ type: 'Action.Execute', data: { who: 'Zqxvkj' } }] };
    expect(leaksIn(actionsIn({ attachments: [{ content: card }] }, 'button'))).toHaveLength(1);
    expect(MARK.test(JSON.stringify(TYPED))).toBe(true);
  });
});

const decoded = (text: string): string =>
  text.replace(/<MessageText>([^<]*)<\/MessageText>/u, (_, inner: string) => inner.replaceAll('&quot;', '"'));
