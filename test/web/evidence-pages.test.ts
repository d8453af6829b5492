import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { MOST_FILE_BYTES } from '../../src/reports/evidence.js';
import { createLinks } from '../../src/web/links.js';
import { until } from '../support/until.js';
import { OWNER, SECRET, startUploads, TARGET, type Uploads } from '../support/uploads.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const OCTETS = { 'content-type': 'application/octet-stream' };
const STALE = 'This link has run out. Go back to Teams and press “Add screenshots” for a new one.';

let uploads: Uploads;
afterEach(() => uploads?.server.stop());

const start = async (options?: Parameters<typeof startUploads>[0]) => {
  uploads = await startUploads(options);
  return uploads;
};
const sendFile = (page: string, bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string> = OCTETS) =>
  fetch(`${page}/files`, { method: 'POST', headers, body: bytes });
const sendForm = (
  page: string,
  fields: Record<string, string>,
  file?: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
) => {
  const form = new FormData();
  if (file) form.append('file', new Blob([file], { type: 'image/png' }), 'a mum on facebook.png');
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return fetch(page, { method: 'POST', body: form, headers });
};
const describeFile = (page: string, id: string, seen: unknown) =>
  fetch(`${page}/files/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(seen),
  });

/** Sends a request in pieces, as fetch does not. */
function sendPieces(
  url: string,
  headers: OutgoingHttpHeaders,
  pieces: readonly (string | Uint8Array)[],
  end = true,
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers }, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
    });
    request.on('error', reject);
    for (const piece of pieces) request.write(piece);
    if (end) request.end();
  });
}

describe('the upload page', () => {
  it('says what to do and nothing of the report, and carries exactly these headers', async () => {
    const { page } = await start();
    const response = await fetch(page);
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).toContain('<h1>Add screenshots to your report</h1>');
    expect(text).toContain('Never add an indecent image of a child');
    expect(text).not.toMatch(/example-primary|6d1f0c52|01234567|PD-/u);
    const {
      date: _date,
      'keep-alive': _keepAlive,
      'content-length': length,
      ...headers
    } = Object.fromEntries(response.headers);
    expect(Number(length)).toBe(Buffer.byteLength(text));
    expect(headers).toEqual({
      'cache-control': 'no-store',
      connection: 'keep-alive',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'x-robots-tag': 'noindex, nofollow',
    });
  });

  it('has no inline script or style and loads only what lies beside it', async () => {
    const { page, server } = await start();
    const text = await (await fetch(page)).text();
    expect(text).not.toMatch(/<style|<script>|\sstyle=|\son[a-z]+=|javascript:/iu);
    const loaded = [...text.matchAll(/(?:src|href)="([^"]+)"/gu)].map(([, address = '']) => address);
    expect(new Set(loaded)).toEqual(new Set(['/assets/icon.svg', '/assets/upload.css', '/assets/upload.js']));
    for (const address of loaded) {
      const asset = await fetch(`${server.address}${address}`);
      expect([asset.status, asset.headers.get('x-content-type-options')]).toEqual([200, 'nosniff']);
      expect(await asset.text()).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/u);
    }
  });

  it('says why nothing can be added, and then asks for nothing', async () => {
    const { page } = await start({ intake: { refusalFor: async () => 'too_many' } });
    const text = await (await fetch(page)).text();
    expect(text).toContain('A report takes 10 files, and this one has them.');
    expect(text).not.toMatch(/<input|<script/u);
  });

  it('is there only where it was asked for', async () => {
    const { server } = await start();
    expect((await fetch(`${server.address}/assets/../package.json`)).status).toBe(404);
    expect((await fetch(`${server.address}/assets/tsconfig.json`)).status).toBe(404);
    expect((await fetch(`${server.address}/evidence/`)).status).toBeGreaterThanOrEqual(404);
  });
});

describe('a link that opens nothing', () => {
  it('shows one and the same page, whatever the reason, and takes nothing', async () => {
    const { page, links, taken, described, later, server } = await start();
    const other = createLinks({ secret: `${SECRET}!`, publicUrl: server.address, now: () => new Date() });
    const stale = [
      `${page.slice(0, -8)}AAAAAAAA`,
      `${server.address}/evidence/x`,
      `${server.address}/evidence/${'x'.repeat(2000)}`,
      `${server.address}/evidence/eyJhbGciOiJub25lIn0.e30.`,
      await other.uploadLink({ ...OWNER, target: TARGET }),
      await links.uploadLink({ ...OWNER, target: TARGET }),
    ];
    later(31);
    const bodies = new Set<string>();
    for (const address of stale) {
      for (const response of [await fetch(address), await sendForm(address, {}, PNG)]) {
        expect(response.status).toBe(410);
        expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
        bodies.add(await response.text());
      }
      for (const response of [await sendFile(address, PNG), await describeFile(address, '0123456789abcdef', {})]) {
        expect(response.status).toBe(410);
        expect(await response.json()).toEqual({ sentence: STALE });
      }
    }
    expect(bodies.size).toBe(1);
    expect([...bodies][0]).toContain(STALE);
    expect([...bodies][0]).not.toMatch(/report|<form|<script/u);
    expect([taken, described]).toEqual([[], []]);
  });

  it('is what a link to a discarded draft looks like', async () => {
    const { page, server } = await start({ intake: { refusalFor: async () => 'no_draft' } });
    const gone = await fetch(page);
    expect(gone.status).toBe(410);
    expect(await gone.text()).toBe(await (await fetch(`${server.address}/evidence/x`)).text());
  });
});

describe('a file sent by the script', () => {
  it('reaches the intake to the byte, for whom the link names, and what it shows is noted', async () => {
    const { page, taken, described, shown } = await start();
    const response = await sendFile(page, PNG);
    expect(response.status).toBe(200);
    const { id, ...answer } = (await response.json()) as { id: string };
    expect(answer).toEqual({ outcome: 'added', count: 1, seen: { seenOn: '', seenTime: '', seenWhere: '' } });
    expect(taken).toHaveLength(1);
    expect(taken[0]).toMatchObject({ owner: OWNER, target: TARGET, way: 'upload_page' });
    expect(Buffer.from(taken[0]?.bytes ?? []).equals(PNG)).toBe(true);
    expect(shown).toEqual([TARGET]);

    const seen = { seenOn: '2026-11-19', seenTime: '15:42', seenWhere: 'Facebook' };
    expect(await (await describeFile(page, id, seen)).json()).toEqual({ saved: true });
    expect(described).toEqual([{ id, seen }]);
    expect(await (await sendFile(page, PNG)).json()).toMatchObject({ outcome: 'same', id, count: 1 });
    expect(shown).toHaveLength(1);
  });

  it('is refused by the name of the problem', async () => {
    const { page } = await start();
    const response = await sendFile(page, Buffer.from('<svg onload="alert(1)"/>'));
    expect([response.status, await response.json()]).toEqual([
      200,
      { outcome: 'refused', sentence: expect.stringContaining('SVG drawing') },
    ]);
  });

  it('may have 10 MB, and not a byte more, however it is sent', async () => {
    const { page, taken } = await start();
    const most = Buffer.alloc(MOST_FILE_BYTES, 1);
    expect((await sendFile(page, most)).status).toBe(200);
    const tooLarge = { status: 413, text: expect.stringContaining('larger than 10 MB') };
    const declared = await sendFile(page, Buffer.concat([most, PNG]));
    expect({ status: declared.status, text: await declared.text() }).toEqual(tooLarge);
    const pieces = [...Array.from({ length: 10 }, () => Buffer.alloc(1024 * 1024)), 'x'];
    const counted = await sendPieces(`${page}/files`, { ...OCTETS, 'transfer-encoding': 'chunked' }, pieces);
    expect(counted).toMatchObject(tooLarge);
    expect(taken).toHaveLength(1);
  });

  it('that is far too large is not read to its end', async () => {
    const { page, taken } = await start();
    const endless = httpRequest(`${page}/files`, { method: 'POST', headers: OCTETS });
    const ended = new Promise((resolve) => endless.on('error', resolve).on('response', resolve));
    let sent = 0;
    const piece = Buffer.alloc(1024 * 1024);
    const write = (): void => {
      if (endless.destroyed || sent > 500) return;
      sent += 1;
      endless.write(piece, write);
    };
    write();
    await ended;
    endless.destroy();
    expect(sent).toBeLessThan(200);
    expect(taken).toEqual([]);
  });

  it('is not taken when it is shorter than it says, or breaks off', async () => {
    const { page, taken } = await start({ limits: { deadlineMs: 300 } });
    const { hostname, port, pathname } = new URL(page);
    const head = `POST ${pathname}/files HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/octet-stream\r\n`;
    const short = await sendPieces(
      `${page}/files`,
      { ...OCTETS, 'content-length': '100' },
      [PNG.subarray(0, 40)],
      false,
    );
    expect([short.status, short.text]).toEqual([408, expect.stringContaining('took too long')]);
    expect(short.headers.connection).toBe('close');
    const socket = connect(Number(port), hostname);
    socket.end(`${head}Content-Length: 100\r\n\r\nabc`);
    await new Promise((resolve) => socket.on('close', resolve).resume());
    // A body that is longer than it says ends where it said; the rest is no request of anybody's.
    const more = connect(Number(port), hostname);
    let answers = '';
    more.on('data', (data) => {
      answers += data;
    });
    more.write(`${head}Content-Length: 3\r\n\r\nabcdef`);
    await new Promise((resolve) => more.on('close', resolve));
    expect(answers.match(/^HTTP\/1\.1 \d+/gmu)?.at(-1)).toBe('HTTP/1.1 400');
    for (const { bytes } of taken) expect(Buffer.from(bytes).toString()).toBe('abc');
  });

  it.each<[string, Record<string, string>, number]>([
    ['another type', { 'content-type': 'image/png' }, 415],
    ['a form', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['a compressed body', { ...OCTETS, 'content-encoding': 'gzip' }, 415],
    ['another page', { ...OCTETS, origin: 'https://example.org' }, 403],
    ['another site', { ...OCTETS, 'sec-fetch-site': 'cross-site' }, 403],
    ['a neighbouring site', { ...OCTETS, 'sec-fetch-site': 'same-site' }, 403],
  ])('is not taken from or as %s', async (_name, headers, status) => {
    const { page, taken } = await start();
    const answer = await sendPieces(`${page}/files`, headers, [PNG]);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({ sentence: expect.stringMatching(/\.$/u) });
    expect(taken).toEqual([]);
  });

  it('and the page answer their own methods only', async () => {
    const { page } = await start();
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect((await fetch(page, { method })).status).toBe(405);
    for (const method of ['GET', 'PUT']) expect((await fetch(`${page}/files`, { method })).status).toBe(405);
  });

  it('is kept out, with a reference and without a trace, when storage is down', async () => {
    const { page, logged } = await start({ intake: { take: () => Promise.reject(new Error('secret words')) } });
    const response = await sendFile(page, PNG);
    expect(response.status).toBe(503);
    const text = await response.text();
    const [reference = 'none'] = /ERR-[0-9A-Z]{8}/u.exec(text) ?? [];
    expect(text).toContain('was not kept');
    expect(text).not.toContain('secret');
    expect(logged()).toContain(reference);
    expect(logged()).not.toContain('secret words');
  });
});

describe('many files at once', () => {
  it('wait for a place, and are asked to come again when none becomes free', async () => {
    const held: (() => void)[] = [];
    let most = 0;
    const { page } = await start({
      limits: { mostWaiting: 1, waitMs: 60_000 },
      intake: {
        take: async () => {
          await new Promise<void>((resolve) => held.push(resolve));
          most = Math.max(most, held.length);
          return { kind: 'refused', reason: 'other_type' };
        },
      },
    });
    const first = Array.from({ length: 8 }, () => sendFile(page, PNG));
    await until(() => held.length === 8);
    const ninth = sendFile(page, PNG);
    const tenth = await until(
      () => sendFile(page, PNG),
      ({ status }) => status === 503,
    );
    expect([tenth.headers.get('retry-after'), await tenth.json()]).toEqual([
      '5',
      { sentence: expect.stringContaining('again in a few seconds') },
    ]);
    expect(held).toHaveLength(8);
    held[0]?.();
    await until(() => held.length === 9);
    for (const go of held) go();
    for (const response of await Promise.all([...first, ninth])) expect(response.status).toBe(200);
  });

  it('are finished before the server stops, and none is begun then', async () => {
    let finish: (() => void) | undefined;
    const { page, server } = await start({
      intake: {
        take: () =>
          new Promise((resolve) => {
            finish = () => resolve({ kind: 'refused', reason: 'other_type' });
          }),
      },
    });
    const kept = connect(Number(new URL(page).port), '127.0.0.1');
    let answer = '';
    kept.on('data', (data) => {
      answer += data;
    });
    await new Promise((resolve) => kept.once('connect', resolve));
    kept.write(
      `POST ${new URL(page).pathname}/files HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n`,
    );
    const underWay = sendFile(page, PNG);
    await until(() => finish);
    const stopped = server.stop();
    kept.write('Content-Length: 3\r\n\r\nabc');
    await until(() => /^HTTP\/1\.1 503 [\s\S]*being restarted/u.test(answer));
    finish?.();
    expect((await underWay).status).toBe(200);
    await stopped;
  });
});

describe('what a file shows', () => {
  it('is told in one sentence where it does not stand up, and then not saved', async () => {
    const { page, described } = await start();
    const answer = await describeFile(page, '0123456789abcdef', { seenTime: '15:42' });
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { saved: false, sentence: expect.stringContaining('add the date') },
    ]);
    expect(described).toEqual([]);
  });

  it('can no longer be said once the report is sent', async () => {
    const { page } = await start({ describes: false });
    const answer = await describeFile(page, '0123456789abcdef', { seenWhere: 'x' });
    expect(await answer.json()).toEqual({ saved: false, sentence: expect.stringContaining('in words, in Teams') });
  });

  it.each<[string, string, string, Record<string, string>, number]>([
    ['an id that is none', '..%2f..', '{}', { 'content-type': 'application/json' }, 200],
    ['no JSON', '0123456789abcdef', 'x', { 'content-type': 'application/json' }, 400],
    ['a form', '0123456789abcdef', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['too much', '0123456789abcdef', `{"a":"${'x'.repeat(9000)}"}`, { 'content-type': 'application/json' }, 413],
    [
      'another site',
      '0123456789abcdef',
      '{}',
      { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' },
      403,
    ],
  ])('is not taken with or from %s', async (_name, id, body, headers, status) => {
    const { page, described } = await start();
    const answer = await sendPieces(`${page}/files/${id}`, headers, [body]);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ sentence: expect.stringMatching(/\.$/u) });
    expect(described).toEqual([]);
  });
});

describe('without script', () => {
  const SEEN = { seenOn: '2026-11-19', seenTime: '15:42', seenWhere: 'Facebook, "Mums"' };

  it('a form takes one file with what it shows, and the page says so', async () => {
    const { page, taken } = await start();
    const response = await sendForm(page, SEEN, PNG, { 'sec-fetch-site': 'same-origin', origin: 'null' });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Added. Your report has 1 file now.');
    expect(taken[0]).toMatchObject({ owner: OWNER, target: TARGET, way: 'upload_page', seen: SEEN });
    expect(Buffer.from(taken[0]?.bytes ?? []).equals(PNG)).toBe(true);
    expect(await (await sendForm(page, SEEN, PNG)).text()).toContain('there already');
  });

  it('what was typed stays when the file is refused or missing', async () => {
    const { page } = await start();
    const refused = await (await sendForm(page, SEEN, Buffer.from('<svg />'))).text();
    expect(refused).toContain('SVG drawing');
    expect(refused).toContain('value="Facebook, &quot;Mums&quot;"');
    const missing = await (await sendForm(page, SEEN)).text();
    expect(missing).toContain('choose a file first');
    expect(missing).toContain('value="2026-11-19"');
  });

  it('a date that cannot be does not cost the file: it is asked for again', async () => {
    const { page, taken, described } = await start();
    const text = await (await sendForm(page, { ...SEEN, seenOn: '2999-01-01' }, PNG)).text();
    expect(text).toContain('Added.');
    expect(text).toContain('That date is in the future.');
    expect(taken[0]?.seen).toEqual({ ...SEEN, seenOn: '', seenTime: '' });
    const [, evidence = ''] = /name="evidence" value="([0-9a-f]{16})"/u.exec(text) ?? [];
    const again = await (await sendForm(page, { evidence, ...SEEN, seenTime: '99:99' })).text();
    expect(again).toContain('That is not a time of day.');
    expect(again).toContain('value="99:99"');
    expect(await (await sendForm(page, { evidence, ...SEEN })).text()).toContain('Saved.');
    expect(described).toEqual([{ id: evidence, seen: SEEN }]);
  });

  it('a file that is too large, a form that is broken and another site are told so on a page', async () => {
    const { page, taken } = await start();
    const large = await sendForm(page, {}, Buffer.alloc(MOST_FILE_BYTES + 70_000));
    expect([large.status, await large.text()]).toEqual([413, expect.stringContaining('larger than 10 MB')]);
    const type = { 'content-type': 'multipart/form-data; boundary=x' };
    const broken = await sendPieces(page, type, ['--x\r\nbroken']);
    expect([broken.status, broken.text]).toEqual([400, expect.stringContaining('did not arrive as it was sent')]);
    const foreign = await sendForm(page, SEEN, PNG, { 'sec-fetch-site': 'cross-site' });
    expect([foreign.status, await foreign.text()]).toEqual([403, expect.stringContaining('from another page')]);
    expect(taken).toEqual([]);
  });

  it('nothing typed becomes part of the page itself', async () => {
    const { page } = await start();
    const where = `"><script>alert(1)</script><img src=x onerror='x'>`;
    const text = await (await sendForm(page, { seenWhere: where })).text();
    expect(text).toContain('&quot;&gt;&lt;script&gt;');
    expect(text).not.toContain('<script>alert');
  });
});

it('neither the token nor anything sent is ever logged', async () => {
  const { page, logged, later } = await start();
  const token = page.split('/').at(-1) ?? '';
  await sendFile(page, PNG);
  await sendForm(page, { seenWhere: 'Wigan Mums' }, PNG);
  await describeFile(page, '0123456789abcdef', { seenWhere: 'Wigan Mums' });
  await fetch(`${page}/nothing`);
  await fetch(page, { method: 'PUT' });
  later(31);
  await fetch(page);
  expect(logged()).toContain('upload.handled');
  expect(logged()).not.toContain(token.slice(-20));
  expect(logged()).not.toMatch(/Wigan|facebook|6d1f0c52|01234567/u);
});
