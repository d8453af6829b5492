import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { MOST_FILE_BYTES, MOST_FILES } from '../../src/reports/evidence.js';
import { createLinks } from '../../src/web/links.js';
import { aPicture } from '../support/pictures.js';
import { hex, sha256 } from '../support/reports.js';
import { StorageProxy } from '../support/storage-proxy.js';
import { LINK_SECRET, startUploads, type UploadOptions, type Uploads } from '../support/uploads.js';

const PNG = await picture(1);
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
const OCTETS = { 'content-type': 'application/octet-stream' };
const STALE = 'This link has run out. Go back to Teams and press “Add screenshots” for a new one.';

let uploads: Uploads;
afterEach(() => uploads?.server.stop());

const start = async (options?: UploadOptions) => {
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

async function picture(seed: number): Promise<Buffer<ArrayBuffer>> {
  return Buffer.from(await aPicture(seed, 30, 20).png().toBuffer());
}

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
    const { page, owner, draft } = await start();
    const response = await fetch(page);
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).toContain('<h1>Add screenshots to your report</h1>');
    expect(text).toContain('Never add an indecent image of a child');
    for (const word of [owner.schoolId, owner.personId, draft.id, draft.reference, draft.answers.words, 'facebook'])
      expect(text).not.toContain(word);
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
    expect(new Set(loaded)).toEqual(
      new Set(['/assets/icon.svg', '/assets/page.css', '/assets/upload.css', '/assets/upload.js']),
    );
    for (const address of loaded) {
      const asset = await fetch(`${server.address}${address}`);
      expect([asset.status, asset.headers.get('x-content-type-options')]).toEqual([200, 'nosniff']);
      expect(await asset.text()).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/u);
    }
  });

  it('says why nothing can be added, and then asks for nothing', async () => {
    const { page } = await start();
    const pictures = await Promise.all(Array.from({ length: MOST_FILES }, (_, at) => picture(at + 1)));
    for (const bytes of pictures) expect((await sendFile(page, bytes)).status).toBe(200);
    const full = await (await fetch(page)).text();
    expect(full).toContain('A report takes 10 files, and this one has them.');
    expect(full).not.toMatch(/<input|<script/u);
    const eleventh = await sendFile(page, await picture(11));
    expect(await eleventh.json()).toEqual({ outcome: 'refused', sentence: expect.stringContaining('takes 10 files') });
  });

  it('takes nothing for a report on a child’s safety', async () => {
    const { page, evidence } = await start({ draft: { dangers: ['indecent_image'] } });
    const text = await (await fetch(page)).text();
    expect(text).toContain('takes words only');
    expect(text).not.toMatch(/<input|<script/u);
    expect(await (await sendFile(page, PNG)).json()).toMatchObject({ outcome: 'refused' });
    expect(await evidence()).toEqual([]);
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
    const { page, owner, target, evidence, later, server } = await start();
    const other = createLinks({ secret: `${LINK_SECRET}!`, publicUrl: server.address, now: () => new Date() });
    const stale = [
      `${page.slice(0, -8)}AAAAAAAA`,
      `${server.address}/evidence/x`,
      `${server.address}/evidence/${'x'.repeat(2000)}`,
      `${server.address}/evidence/eyJhbGciOiJub25lIn0.e30.`,
      await other.uploadLink({ ...owner, target }),
      page,
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
    expect(await evidence()).toEqual([]);
  });

  it('is what a link to a discarded draft looks like, or one to another person’s', async () => {
    const { page, links, owner, target, drafts, server } = await start();
    const stored = await drafts.open(owner);
    expect(stored && (await drafts.finish(stored, null, new Date()))).toBe(true);
    const others = await links.uploadLink({ ...owner, personId: `${hex(8)}-0000-4000-8000-${hex(12)}`, target });
    const stale = await (await fetch(`${server.address}/evidence/x`)).text();
    for (const address of [page, others]) {
      const gone = await fetch(address);
      expect([gone.status, await gone.text()]).toEqual([410, stale]);
    }
  });
});

describe('a file sent by the script', () => {
  it('is kept to the byte, for whom the link names, and what it shows is noted', async () => {
    const { page, evidence, files, draft, target, shown } = await start();
    const response = await sendFile(page, PNG);
    expect(response.status).toBe(200);
    const { id, ...answer } = (await response.json()) as { id: string };
    expect(answer).toEqual({ outcome: 'added', count: 1, seen: { seenOn: '', seenTime: '', seenWhere: '' } });
    expect(await evidence()).toMatchObject([{ id, way: 'upload_page', addedBy: draft.personId, sha256: sha256(PNG) }]);
    const place = { schoolId: draft.schoolId, reference: draft.reference, evidenceId: id };
    expect(PNG.equals((await files.original(place)) ?? Buffer.alloc(0))).toBe(true);
    expect(shown).toEqual([target]);

    const seen = { seenOn: '2026-11-19', seenTime: '15:42', seenWhere: 'Facebook' };
    expect(await (await describeFile(page, id, seen)).json()).toEqual({ saved: true });
    expect(await evidence()).toMatchObject([seen]);
    expect(await (await sendFile(page, PNG)).json()).toEqual({ outcome: 'same', id, count: 1, seen });
    expect(shown).toHaveLength(1);
  });

  it('is refused by the name of the problem', async () => {
    const { page } = await start();
    const response = await sendFile(page, SVG);
    expect([response.status, await response.json()]).toEqual([
      200,
      { outcome: 'refused', sentence: expect.stringContaining('SVG drawing') },
    ]);
  });

  it('may have 10 MB, and not a byte more, however it is sent', async () => {
    const { page, evidence } = await start();
    // A picture may be followed by anything.
    const most = Buffer.concat([PNG, Buffer.alloc(MOST_FILE_BYTES - PNG.length)]);
    expect(await (await sendFile(page, most)).json()).toMatchObject({ outcome: 'added' });
    const tooLarge = { status: 413, text: expect.stringContaining('larger than 10 MB') };
    const declared = await sendFile(page, Buffer.concat([most, PNG]));
    expect({ status: declared.status, text: await declared.text() }).toEqual(tooLarge);
    const pieces = [...Array.from({ length: 10 }, () => Buffer.alloc(1024 * 1024)), 'x'];
    const counted = await sendPieces(`${page}/files`, { ...OCTETS, 'transfer-encoding': 'chunked' }, pieces);
    expect(counted).toMatchObject(tooLarge);
    expect(await evidence()).toMatchObject([{ bytes: MOST_FILE_BYTES }]);
  });

  it('that is far too large is not read to its end', async () => {
    const { page, evidence } = await start();
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
    expect(await evidence()).toEqual([]);
  });

  it('is not taken when it is shorter than it says, or breaks off', async () => {
    const { page, evidence } = await start({ limits: { deadlineMs: 300 } });
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
    more.write(`${head}Content-Length: ${PNG.length}\r\n\r\n`);
    more.write(Buffer.concat([PNG, Buffer.from('more')]));
    await new Promise((resolve) => more.on('close', resolve));
    expect(answers.match(/^HTTP\/1\.1 \d+/gmu)?.at(-1)).toBe('HTTP/1.1 400');
    for (const one of await evidence()) expect(one.sha256).toBe(sha256(PNG));
  });

  it.each<[string, Record<string, string>, number]>([
    ['another type', { 'content-type': 'image/png' }, 415],
    ['a form', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['a compressed body', { ...OCTETS, 'content-encoding': 'gzip' }, 415],
    ['another page', { ...OCTETS, origin: 'https://example.org' }, 403],
    ['another site', { ...OCTETS, 'sec-fetch-site': 'cross-site' }, 403],
    ['a neighbouring site', { ...OCTETS, 'sec-fetch-site': 'same-site' }, 403],
  ])('is not taken from or as %s', async (_name, headers, status) => {
    const { page, evidence } = await start();
    const answer = await sendPieces(`${page}/files`, headers, [PNG]);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({ sentence: expect.stringMatching(/\.$/u) });
    expect(await evidence()).toEqual([]);
  });

  it('and the page answer their own methods only', async () => {
    const { page } = await start();
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect((await fetch(page, { method })).status).toBe(405);
    for (const method of ['GET', 'PUT']) expect((await fetch(`${page}/files`, { method })).status).toBe(405);
  });

  it('is not said to be kept while storage is down: its sender gets a reference, the log no more', async () => {
    const proxy = await StorageProxy.start(inject('storage'));
    const { page, logged, evidence } = await start({ tables: proxy.through(inject('storage')) });
    proxy.weather = 'down';
    const response = await sendFile(page, PNG);
    expect(response.status).toBe(503);
    const text = await response.text();
    const [reference = 'none'] = /ERR-[0-9A-Z]{8}/u.exec(text) ?? [];
    expect(text).toContain('was not kept');
    expect(logged()).toContain(reference);
    const shown = await fetch(page);
    expect([shown.status, await shown.text()]).toEqual([503, expect.stringContaining('try again in a minute')]);
    proxy.weather = 'fair';
    expect(await evidence()).toEqual([]);
    expect(await (await sendFile(page, PNG)).json()).toMatchObject({ outcome: 'added' });
    await proxy.stop();
  });
});

describe('many files at once', () => {
  it('take eight places, wait for one, and are asked to come again when none becomes free', async () => {
    const proxy = await StorageProxy.start(inject('storage'));
    const { page, evidence } = await start({ limits: { mostWaiting: 1 }, tables: proxy.through(inject('storage')) });
    const release = proxy.hold();
    const pictures = await Promise.all(Array.from({ length: 10 }, (_, at) => picture(at + 1)));
    const sent = pictures.map((bytes) => sendFile(page, bytes));
    const refused = await Promise.race(sent);
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
      503,
      '5',
      { sentence: expect.stringContaining('again in a few seconds') },
    ]);
    release();
    const statuses = (await Promise.all(sent)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([...Array.from({ length: 9 }, () => 200), 503]);
    expect(await evidence()).toHaveLength(9);
    await proxy.stop();
  });

  it('are finished before the server stops, and none is begun then', async () => {
    const { page, server, evidence } = await start();
    const headers = { ...OCTETS, 'content-length': PNG.length, expect: '100-continue' };
    const underWay = httpRequest(`${page}/files`, { method: 'POST', headers });
    const answered = new Promise<number | undefined>((resolve, reject) => {
      underWay.on('response', ({ statusCode }) => resolve(statusCode)).on('error', reject);
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
    underWay.flushHeaders();
    // The server has asked for the file: it is under way.
    await new Promise((resolve) => underWay.once('continue', resolve));
    const stopped = server.stop();
    kept.write('Content-Length: 3\r\n\r\nabc');
    await expect.poll(() => answer).toMatch(/^HTTP\/1\.1 503 [\s\S]*being restarted/u);
    underWay.end(PNG);
    expect(await answered).toBe(200);
    await stopped;
    expect(await evidence()).toHaveLength(1);
  });
});

describe('what a file shows', () => {
  it('is told in one sentence where it does not stand up, and then not saved', async () => {
    const { page } = await start();
    const answer = await describeFile(page, '0123456789abcdef', { seenTime: '15:42' });
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { saved: false, sentence: expect.stringContaining('add the date') },
    ]);
  });

  it('can no longer be said once the report is sent', async () => {
    const { page, drafts, owner, draft } = await start();
    const { id } = (await (await sendFile(page, PNG)).json()) as { id: string };
    const stored = await drafts.open(owner);
    expect(stored && (await drafts.finish(stored, draft.reference, new Date()))).toBe(true);
    const answer = await describeFile(page, id, { seenWhere: 'x' });
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
    const { page } = await start();
    const answer = await sendPieces(`${page}/files/${id}`, headers, [body]);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ sentence: expect.stringMatching(/\.$/u) });
  });
});

describe('without script', () => {
  const SEEN = { seenOn: '2026-11-19', seenTime: '15:42', seenWhere: 'Facebook, "Mums"' };

  it('a form takes one file with what it shows, and the page says so', async () => {
    const { page, evidence } = await start();
    const response = await sendForm(page, SEEN, PNG, { 'sec-fetch-site': 'same-origin', origin: 'null' });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Added. Your report has 1 file now.');
    expect(await evidence()).toMatchObject([{ way: 'upload_page', sha256: sha256(PNG), ...SEEN }]);
    expect(await (await sendForm(page, SEEN, PNG)).text()).toContain('there already');
  });

  it('what was typed stays when the file is refused or missing', async () => {
    const { page } = await start();
    const refused = await (await sendForm(page, SEEN, SVG)).text();
    expect(refused).toContain('SVG drawing');
    expect(refused).toContain('value="Facebook, &quot;Mums&quot;"');
    const missing = await (await sendForm(page, SEEN)).text();
    expect(missing).toContain('choose a file first');
    expect(missing).toContain('value="2026-11-19"');
  });

  it('a date that cannot be does not cost the file: it is asked for again', async () => {
    const { page, evidence: all } = await start();
    const text = await (await sendForm(page, { ...SEEN, seenOn: '2999-01-01' }, PNG)).text();
    expect(text).toContain('Added.');
    expect(text).toContain('That date is in the future.');
    expect(await all()).toMatchObject([{ ...SEEN, seenOn: '', seenTime: '' }]);
    const [, evidence = ''] = /name="evidence" value="([0-9a-f]{16})"/u.exec(text) ?? [];
    const again = await (await sendForm(page, { evidence, ...SEEN, seenTime: '99:99' })).text();
    expect(again).toContain('That is not a time of day.');
    expect(again).toContain('value="99:99"');
    expect(await (await sendForm(page, { evidence, ...SEEN })).text()).toContain('Saved.');
    expect(await all()).toMatchObject([{ id: evidence, ...SEEN }]);
  });

  it('a file that is too large, a form that is broken and another site are told so on a page', async () => {
    const { page, evidence } = await start();
    const large = await sendForm(page, {}, Buffer.alloc(MOST_FILE_BYTES + 70_000));
    expect([large.status, await large.text()]).toEqual([413, expect.stringContaining('larger than 10 MB')]);
    const type = { 'content-type': 'multipart/form-data; boundary=x' };
    const broken = await sendPieces(page, type, ['--x\r\nbroken']);
    expect([broken.status, broken.text]).toEqual([400, expect.stringContaining('did not arrive as it was sent')]);
    const foreign = await sendForm(page, SEEN, PNG, { 'sec-fetch-site': 'cross-site' });
    expect([foreign.status, await foreign.text()]).toEqual([403, expect.stringContaining('from another page')]);
    expect(await evidence()).toEqual([]);
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
  const { page, logged, later, owner, draft } = await start();
  const token = page.split('/').at(-1) ?? '';
  await sendFile(page, PNG);
  await sendForm(page, { seenWhere: 'Wigan Mums' }, PNG);
  await describeFile(page, '0123456789abcdef', { seenWhere: 'Wigan Mums' });
  await fetch(`${page}/nothing`);
  await fetch(page, { method: 'PUT' });
  later(31);
  await fetch(page);
  expect(logged()).toContain('upload.handled');
  for (const word of [token.slice(-20), 'Wigan', 'facebook', owner.personId, draft.id, draft.reference])
    expect(logged()).not.toContain(word);
});
