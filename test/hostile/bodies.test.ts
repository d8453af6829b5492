import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeConnector } from '../fakes/connector.js';
import {
  aChannelMessage,
  aMessage,
  anExecute,
  anInstallation,
  aSearch,
  aTeamEvent,
  from,
} from '../support/activities.js';
import { startBot, type TestBot } from '../support/bot.js';
import {
  ATTACKS,
  breaks,
  broken,
  heldBytes,
  pollutedPrototypes,
  sendBytes,
  sendPieces,
  TOKEN,
  tell,
  Watched,
} from '../support/hostile.js';
import { isFull, SEED, times } from '../support/thoroughness.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const MEGABYTES = 1024 * 1024;

/** Names of invokes: all that Teams documents, and some that it does not. */
const INVOKES = [
  ...[
    'adaptiveCard/action',
    'composeExtension/query',
    'composeExtension/queryLink',
    'composeExtension/anonymousQueryLink',
  ],
  ...['composeExtension/selectItem', 'composeExtension/submitAction', 'composeExtension/fetchTask'],
  ...['composeExtension/querySettingUrl', 'composeExtension/setting', 'composeExtension/onCardButtonClicked'],
  ...[
    'task/fetch',
    'task/submit',
    'tab/fetch',
    'tab/submit',
    'fileConsent/invoke',
    'signin/verifyState',
    'signin/tokenExchange',
  ],
  ...[
    'signin/failure',
    'config/fetch',
    'config/submit',
    'message/submitAction',
    'message/fetchTask',
    'actionableMessage/executeAction',
  ],
  ...[
    'application/search',
    'handoff/action',
    'healthCheck',
    'suggestedActions/submit',
    '',
    ' ',
    TOKEN,
    '__proto__',
    'constructor',
  ],
];
const TYPES = [
  ...[
    'message',
    'messageUpdate',
    'messageDelete',
    'conversationUpdate',
    'installationUpdate',
    'messageReaction',
    'invoke',
  ],
  ...[
    'event',
    'typing',
    'handoff',
    'endOfConversation',
    'trace',
    'contactRelationUpdate',
    'deleteUserData',
    'suggestion',
  ],
  ...['command', 'commandResult', 'delay', 'invokeResponse', 'ping', TOKEN, 'MESSAGE', '__proto__', 'toString'],
];
const MORE = {
  membersAdded: [{ id: '28:policy-desk' }, null, 'x', { id: 7 }],
  membersRemoved: [{ id: TOKEN }, 7],
  reactionsAdded: [{ type: 'like' }],
  reactionsRemoved: 'x',
  value: {
    action: { type: 'Action.Execute', verb: TOKEN, data: { [TOKEN]: TOKEN } },
    commandId: TOKEN,
    parameters: [null],
  },
  attachments: [null, { contentType: 7 }, { contentType: 'image/*', contentUrl: `https://${TOKEN}.invalid/` }],
};

/** Parts of texts that make a careless pattern look again and again. */
const REPEATED = [
  ...[
    ' ',
    '!',
    '.',
    '?',
    'a',
    'a ',
    'A',
    '-',
    '_',
    '*',
    "'",
    '"',
    '(',
    ')',
    '[',
    '<',
    '<a',
    '<at>',
    '<at></at>',
    '@',
    '#',
    '/',
    '\\',
    '\n',
  ],
  ...[
    '\t',
    '\u00a0',
    '&nbsp;',
    '&',
    '0',
    '1.',
    '1',
    'PD-',
    'PD',
    'pd - ',
    '?!',
    'can i ',
    'show me ',
    'the ',
    'please ',
    'all ',
    'it ',
    'report ',
  ],
  ...[
    'summary ',
    'use this channel for ',
    'my ',
    'is ',
    'a.',
    'a, ',
    'é',
    '😀',
    'http://',
    'x@',
    'not ',
    'if ',
    ' i ',
    'status ',
    '$&',
    '${',
  ],
];

let bot: TestBot;
/** Takes what is not to be sent back in the answer. */
let connector: FakeConnector;
let watched: Watched;
let sent = 0;
beforeAll(async () => {
  watched = new Watched();
  connector = await FakeConnector.start();
  bot = await startBot({ schoolId: `bodies-${crypto.randomUUID().slice(0, 8)}` });
});
afterAll(async () => {
  await bot.stop();
  await connector.stop();
  watched.stop();
  tell('bodies of requests', { sent });
});

/** Sends a body as it stands. @returns what is wrong with how it was taken, and the status. */
async function post(
  body: string | Uint8Array,
  headers: Record<string, string> = JSON_TYPE,
): Promise<{ status: number; fault?: string }> {
  sent += 1;
  const bytes = Buffer.from(body);
  const all = { 'content-length': String(bytes.length), ...headers };
  const answer = await sendPieces(`${bot.address}/api/messages`, 'POST', all, [bytes]);
  if (answer === 'closed') return { status: 0 };
  const { status, text } = answer;
  if (status >= 500 || (status >= 400 && /[<>]/u.test(text)) || (status >= 400 && text.includes(TOKEN)))
    return { status, fault: `${status} ${text.slice(0, 300)}` };
  return { status };
}

/** Whether replies would go to a place that is not there, which is a fault of the network's and tested as such. */
function leadsElsewhere(body: Buffer): boolean {
  try {
    return JSON.parse(body.toString()).serviceUrl !== connector.serviceUrl;
  } catch {
    return false;
  }
}

/** That all is well after something was sent. */
async function expectUnharmed(): Promise<void> {
  expect(bot.logged.filter(({ level }) => level === 'error')).toEqual([]);
  expect(JSON.stringify(bot.logged)).not.toContain(TOKEN);
  expect(pollutedPrototypes()).toEqual([]);
  expect(watched.faults).toEqual([]);
  expect((await fetch(`${bot.address}/healthz`)).status).toBe(200);
}

describe('activities of every type', () => {
  it.each(TYPES)('"%s" is taken or refused, in every kind of conversation', async (type) => {
    for (const base of [
      aMessage(TOKEN),
      aChannelMessage(TOKEN, { mention: true }),
      aTeamEvent('channelDeleted'),
      anInstallation(),
    ])
      for (const more of [{}, MORE, { text: undefined, value: undefined }, { deliveryMode: 'notification' }]) {
        const { fault } = await post(JSON.stringify({ ...base, serviceUrl: connector.serviceUrl, ...more, type }));
        expect(fault).toBeUndefined();
      }
    await expectUnharmed();
  });

  it.each(INVOKES)('an invoke called "%s" gets an answer', async (name) => {
    const values = [undefined, null, {}, [], 'x', { action: null }, { action: { type: 'Action.Execute' } }, MORE.value];
    for (const value of values)
      for (const base of [anExecute('x', {}), aSearch({})])
        expect((await post(JSON.stringify({ ...base, name, value }))).fault).toBeUndefined();
    await expectUnharmed();
  });

  it('a button that no card has is answered in a sentence', async () => {
    for (const verb of [TOKEN, 'report.gone', '__proto__', 'constructor', '', 7, null, {}, [], undefined]) {
      const action = { type: 'Action.Execute', verb, data: { reference: TOKEN } };
      const response = await bot.send({ ...anExecute('x', {}), value: { action } });
      expect(await response.json()).toMatchObject({ value: expect.stringContaining('older card') });
    }
    await expectUnharmed();
  });
});

describe('bodies that are no activity', () => {
  const valid = JSON.stringify(aMessage(`can i ring parents ${TOKEN}`));
  const deep = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels);

  it.each<[string, string | Uint8Array]>([
    ['nothing', ''],
    ['no object', '"x"'],
    ['a list', `[${valid}]`],
    ['null', 'null'],
    ['half of one', valid.slice(0, valid.length / 2)],
    ['one with something behind it', `${valid}${valid}`],
    ['lists 100,000 levels deep', deep('[', ']', 100_000)],
    ['objects 40,000 levels deep', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`],
    ['an activity with a value 100,000 levels deep', `${valid.slice(0, -1)},"value":{"x":${deep('[', ']', 100_000)}}}`],
    ['100,000 levels that never close', '['.repeat(100_000)],
    ['UTF-16', Buffer.from(`\ufeff${valid}`, 'utf16le')],
    [
      'UTF-8 that is none',
      Buffer.concat([Buffer.from('{"type":"'), Buffer.from([0xff, 0xfe, 0xc0, 0x80]), Buffer.from('"}')]),
    ],
    ['NUL bytes', Buffer.alloc(1_000)],
    ['a number without end', `{"type":${'9'.repeat(200_000)}}`],
    ['a string of 250,000 characters', `{"type":"${'x'.repeat(250_000)}"}`],
    ['60,000 properties', `{${Array.from({ length: 20_000 }, (_, at) => `"p${at}":1`).join()}}`],
    ['the same property 10,000 times', `{${'"type":"message",'.repeat(10_000)}"x":1}`],
  ])('are refused: %s', async (_name, body) => {
    const { status, fault } = await post(body);
    expect(fault).toBeUndefined();
    expect([400, 413]).toContain(status);
    await expectUnharmed();
  });

  it.each<[string, Record<string, string>, number]>([
    ['no type', { 'content-type': '' }, 415],
    ['HTML', { 'content-type': 'text/html' }, 415],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['parts', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['JSON of another kind', { 'content-type': 'application/json-patch+json' }, 415],
    ['a type with a line break', { 'content-type': 'application/jsonx' }, 415],
    ['gzip that is none', { ...JSON_TYPE, 'content-encoding': 'gzip' }, 415],
    ['two encodings', { ...JSON_TYPE, 'content-encoding': 'gzip, br' }, 415],
    ['an encoding that nobody knows', { ...JSON_TYPE, 'content-encoding': TOKEN }, 415],
  ])('are refused when they are declared as %s', async (_name, headers, status) => {
    expect(await post(valid, headers)).toEqual({ status });
    await expectUnharmed();
  });

  it('are refused when they unpack to more than they say', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * MEGABYTES, ' '));
    expect(await post(bomb, { ...JSON_TYPE, 'content-encoding': 'gzip' })).toEqual({ status: 415 });
    expect([0, 413]).toContain((await post(Buffer.alloc(3 * MEGABYTES, ' '))).status);
    await expectUnharmed();
  });

  it('are refused or read, when bytes of them are changed, and nothing of them comes back', async () => {
    const bytes = Buffer.from(JSON.stringify(aMessage(`can i ring parents ${TOKEN}`, connector)));
    const faults: string[] = [];
    for (const list of fc.sample(breaks, { numRuns: times(150, 4_000), seed: SEED })) {
      const body = broken(bytes, list);
      const before = bot.logged.length;
      const { fault } = await post(body);
      if (fault) faults.push(`${fault}: ${body.toString('latin1')}`);
      if (leadsElsewhere(body)) bot.logged.length = before;
    }
    expect(faults).toEqual([]);
    await expectUnharmed();
  }, 3_000_000);
});

describe('requests that lie about themselves', () => {
  const body = JSON.stringify(aMessage('can i ring parents'));
  const head = (...lines: string[]) =>
    ['POST /api/messages HTTP/1.1', 'Host: x', 'Content-Type: application/json', ...lines, '', ''].join('\r\n');

  it.each<[string, string]>([
    ['two lengths', `${head('Content-Length: 5', `Content-Length: ${body.length}`)}${body}`],
    [
      'a length and chunks',
      `${head('Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n`,
    ],
    ['chunks in other words', `${head('Transfer-Encoding: xchunked')}0\r\n\r\n`],
    ['chunks twice', `${head('Transfer-Encoding: chunked', 'Transfer-Encoding: identity')}0\r\n\r\n`],
    ['a length that is negative', `${head('Content-Length: -1')}${body}`],
    ['a length that is no number', `${head('Content-Length: 0x10')}${body}`],
    ['a length with a sign', `${head(`Content-Length: +${body.length}`)}${body}`],
    ['a chunk of more than there is', `${head('Transfer-Encoding: chunked')}FFFFFFFFFFFFFFFFF\r\n${body}`],
    ['a chunk with an odd size', `${head('Transfer-Encoding: chunked')}zz\r\n${body}\r\n0\r\n\r\n`],
    ['a blank before the colon', `${head('Content-Length : 5')}{}   `],
    ['a header folded over two lines', `${head('X-A: b\r\n c: d')}`],
    ['headers without end', `POST /api/messages HTTP/1.1\r\n${`X-${TOKEN}: ${'y'.repeat(1_000)}\r\n`.repeat(100)}\r\n`],
    ['a NUL in a header', head('X-A: \u0000')],
    ['another protocol', 'GET / HTTP/9.9\r\n\r\n'],
    ['no protocol', `${TOKEN}\r\n\r\n`],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
  ])('%s: end in one answer or none', async (_name, bytes) => {
    sent += 1;
    const answer = await sendBytes(bot.address, bytes);
    const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gmu)].map(([, status]) => Number(status));
    expect(statuses.length).toBeLessThanOrEqual(1);
    expect(statuses.every((status) => status >= 400 && status < 500)).toBe(true);
    expect(answer).not.toContain('smuggled');
    await expectUnharmed();
  });

  // It takes the ten seconds that Teams would wait.
  it.runIf(isFull)('a body shorter than it says is not waited for', async () => {
    const answer = await sendBytes(
      bot.address,
      `${head(`Content-Length: ${body.length + 10}`, 'Connection: close')}${body}`,
    ).catch(() => 'hangs');
    expect(answer).toContain('408');
    await expectUnharmed();
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND', 'LOCK'])(
    '%s is not a way to send',
    async (method) => {
      const answer = await sendPieces(`${bot.address}/api/messages`, method, JSON_TYPE);
      expect(answer === 'closed' || (answer.status >= 400 && answer.status < 500)).toBe(true);
    },
  );

  it.each([
    '/../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%2f..%2fpackage.json',
    `/<script>${TOKEN}`,
    '/%00',
    '/%ff',
    '//evil.example/',
    '/assets/%2e%2e/server.ts',
    `/${'a'.repeat(7_000)}`,
    '/evidence/',
    '/view/x/../../x',
    '/api/messages/../../readyz/x',
    '/%',
    '/evidence/%E0%A4%A',
  ])('there is nothing at %s', async (path) => {
    const answer = await sendBytes(bot.address, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d/u);
    expect(answer).not.toContain(TOKEN);
    await expectUnharmed();
  });
});

describe('texts', () => {
  it('that are long and all alike are answered', async () => {
    const somebody = { id: crypto.randomUUID(), name: 'Sam Okafor' };
    const faults: string[] = [];
    for (const part of REPEATED)
      for (const end of ['', 'x', '!']) {
        const text = part.repeat(Math.floor(100_000 / part.length)) + end;
        const { fault } = await post(JSON.stringify(from(somebody, aMessage(text))));
        if (fault) faults.push(`${JSON.stringify(part)}: ${fault}`);
      }
    expect(faults).toEqual([]);
    await expectUnharmed();
  }, 600_000);

  it('with names in them that hold other names do not grow', async () => {
    const mention = (text: string) => ({ type: 'mention', text, mentioned: { id: `29:${text}` } });
    const entities = Array.from({ length: 60 }, () => ['e', 'o', ' ', 's']).flatMap((all) => all.map(mention));
    const { status, fault } = await post(JSON.stringify({ ...aMessage('some one else'), entities }));
    expect({ status, fault }).toEqual({ status: 200 });
    await expectUnharmed();
  });

  it('leave no more in memory than before, however many come', async () => {
    const round = async (count: number) => {
      for (let at = 0; at < count; at += 1)
        await post(JSON.stringify(aMessage(`${Object.values(ATTACKS)[at % 11]?.(TOKEN)} ${'x'.repeat(20_000)} ${at}`)));
      bot.logged.length = 0;
    };
    await round(times(60, 600));
    const before = await heldBytes();
    await round(times(120, 6_000));
    expect((await heldBytes()) - before).toBeLessThan(24 * MEGABYTES);
  }, 600_000);
});
