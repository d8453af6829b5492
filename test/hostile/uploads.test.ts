import { crc32, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  breaks,
  broken,
  heldBytes,
  pollutedPrototypes,
  type RawAnswer,
  sendBytes,
  sendPieces,
  TOKEN,
  tell,
  UNSEEN,
  Watched,
} from '../support/hostile.js';
import { aFlatPicture, anAnimation, aPhotograph, aPicture } from '../support/pictures.js';
import { SEED, times } from '../support/thoroughness.js';
import { startUploads, type Uploads } from '../support/uploads.js';
import { startViewing, type Viewings } from '../support/viewing.js';
import { zip } from '../support/zip.js';

const MB = 1024 * 1024;
const OCTETS = { 'content-type': 'application/octet-stream' };
const HTML = `<script>alert("${TOKEN}")</script><?php system('id') ?>`;
const PDF = Buffer.from('%PDF-1.4\n1 0 obj <<>> endobj\nstartxref\n9\n%%EOF\n');

let uploads: Uploads;
let viewings: Viewings;
let watched: Watched;
let sent = 0;
let taken = 0;
beforeAll(async () => {
  watched = new Watched();
  // A body that never comes is waited for three seconds here, not three minutes.
  uploads = await startUploads({ limits: { deadlineMs: 3_000 } });
  viewings = await startViewing();
});
afterAll(async () => {
  await Promise.all([uploads.server.stop(), viewings.server.stop()]);
  watched.stop();
  tell('upload and other pages', { sent, taken });
});

/** What is wrong with an answer; `undefined` for nothing. */
function faultIn(answer: RawAnswer | 'closed'): string | undefined {
  if (answer === 'closed') return undefined;
  const { status, text } = answer;
  if (status >= 500) return `${status} ${text.slice(0, 300)}`;
  if (text.includes(TOKEN) && !text.includes('value="')) return `says what was sent: ${text.slice(0, 300)}`;
  if (/<script(?! src="\/assets\/)|<img src=x|<svg onload/iu.test(text)) return `live markup: ${text.slice(0, 2_000)}`;
  return undefined;
}

/** Sends a file and takes it away again, so that there is room for the next. */
async function sendFile(bytes: Uint8Array): Promise<RawAnswer> {
  sent += 1;
  const answer = await sendPieces(`${uploads.page}/files`, 'POST', { ...OCTETS, 'content-length': bytes.length }, [
    bytes,
  ]);
  if (answer === 'closed') throw new Error('The connection ended without an answer.');
  const { outcome, id } = JSON.parse(answer.text || '{}') as { outcome?: string; id?: string };
  if (outcome === 'added' && id !== undefined) {
    taken += 1;
    const { drafts, owner, draft, files } = uploads;
    await drafts.removeEvidence(owner, draft.id, id);
    await files.remove({ schoolId: owner.schoolId, reference: draft.reference, evidenceId: id });
  }
  return answer;
}

async function expectUnharmed(): Promise<void> {
  expect(uploads.logged() + viewings.logged()).not.toMatch(new RegExp(`${TOKEN}|"level":"error"`, 'u'));
  expect(pollutedPrototypes()).toEqual([]);
  expect(watched.faults).toEqual([]);
  expect((await fetch(uploads.page)).status).toBe(200);
}

const chunk = (type: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
};
const ihdr = (width: number, height: number, interlaced = 0): Buffer => {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, interlaced], 8);
  return head;
};
const png = (...chunks: Buffer[]) =>
  Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks, chunk('IEND', Buffer.alloc(0))]);
const texts = (count: number, size: number) =>
  Array<Buffer>(count).fill(chunk('zTXt', Buffer.concat([Buffer.from('a\0\0'), deflateSync(Buffer.alloc(size))])));

describe('files that are made to do harm are taken or refused', () => {
  it.each<[string, () => Promise<Uint8Array> | Uint8Array, ('added' | 'refused')?]>([
    [
      'a PNG that is a zip as well',
      async () => Buffer.concat([await aPicture(1).png().toBuffer(), zip({ 'x.html': HTML })]),
      'added',
    ],
    [
      'a GIF that is a script as well',
      async () => Buffer.concat([await aPicture(2).gif().toBuffer(), Buffer.from(`/*${HTML}*/=1;`)]),
      'added',
    ],
    ['a GIF that is nothing but a script', () => Buffer.from(`GIF89a/*${HTML}*/=1;`), 'refused'],
    ['a PDF with a page of HTML before it', () => Buffer.concat([Buffer.from(`<html>${HTML}`), PDF]), 'refused'],
    [
      'a PDF with HTML within',
      () => Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.from(HTML), PDF.subarray(9)]),
      'added',
    ],
    [
      'a JPEG with HTML in its EXIF',
      () =>
        aPhotograph()
          .withExifMerge({ IFD0: { ImageDescription: HTML, Artist: HTML } })
          .jpeg()
          .toBuffer(),
      'added',
    ],
    [
      'a JPEG with HTML as a comment',
      async () => {
        const jpeg = await aPicture(3).jpeg().toBuffer();
        const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, HTML.length + 2]), Buffer.from(HTML)]);
        return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]);
      },
      'added',
    ],
    [
      'SVG with a picture’s beginning behind it',
      async () =>
        Buffer.concat([Buffer.from(`<svg onload="alert(1)">${HTML}</svg>`), await aPicture(4).png().toBuffer()]),
      'refused',
    ],
    ['HTML after a byte order mark', () => Buffer.from(`\ufeff \n<!-- x --><html>${HTML}`), 'refused'],
    ['HTML in UTF-16', () => Buffer.from(`\ufeff<html>${HTML}`, 'utf16le'), 'refused'],
    [
      'a PNG of four thousand million pixels',
      () => png(chunk('IHDR', ihdr(65_535, 65_535)), chunk('IDAT', deflateSync(Buffer.alloc(1_000)))),
      'refused',
    ],
    [
      'a PNG of the largest size there is',
      () => png(chunk('IHDR', ihdr(0x7fffffff, 0x7fffffff)), chunk('IDAT', deflateSync(Buffer.alloc(10)))),
      'refused',
    ],
    ['a PNG of no size', () => png(chunk('IHDR', ihdr(0, 0)), chunk('IDAT', deflateSync(Buffer.alloc(10)))), 'refused'],
    [
      'a PNG that unpacks to 100 MB',
      () => png(chunk('IHDR', ihdr(10, 10)), chunk('IDAT', deflateSync(Buffer.alloc(100 * MB)))),
      undefined,
    ],
    [
      'a PNG with texts that unpack to 1 GB',
      () => png(chunk('IHDR', ihdr(10, 10)), ...texts(100, 10 * MB), chunk('IDAT', deflateSync(Buffer.alloc(310)))),
    ],
    [
      'a PNG with a profile that unpacks to 200 MB',
      () =>
        png(
          chunk('IHDR', ihdr(10, 10)),
          chunk('iCCP', Buffer.concat([Buffer.from('a\0\0'), deflateSync(Buffer.alloc(200 * MB))])),
          chunk('IDAT', deflateSync(Buffer.alloc(310))),
        ),
    ],
    [
      'a PNG of 100,000 parts',
      () =>
        png(
          chunk('IHDR', ihdr(10, 10)),
          ...Array.from({ length: 100_000 }, () => chunk('tEXt', Buffer.from('a\0b'))),
          chunk('IDAT', deflateSync(Buffer.alloc(310))),
        ),
    ],
    ['a flat picture of 200 million pixels', () => aFlatPicture(16_000, 12_500).png().toBuffer(), 'refused'],
    [
      'a WebP that says it is larger than it is',
      async () => {
        const webp = await aPicture(5).webp().toBuffer();
        webp.writeUInt32LE(0xffffffff, 4);
        return webp;
      },
    ],
    [
      'a GIF of 65,535 by 65,535',
      () => Buffer.from('474946383961ffffffff800000000000ffffff2c00000000ffffffff0002024401003b', 'hex'),
      'refused',
    ],
    ['a GIF of many frames', () => anAnimation(times(400, 3_000)).gif({ effort: 1 }).toBuffer()],
    [
      'a GIF of 100,000 empty frames',
      async () => {
        const gif = await aPicture(6, 4, 4).gif().toBuffer();
        const frame = gif.subarray(gif.indexOf(0x2c, 13 + 3 * 2 ** (((gif[10] ?? 0) & 7) + 1)), -1);
        return Buffer.concat([
          gif.subarray(0, -1),
          ...Array.from({ length: Math.floor((9 * MB) / frame.length) }, () => frame),
          Buffer.from([0x3b]),
        ]);
      },
    ],
    [
      'EXIF of 60 KB, three times',
      () =>
        aPhotograph()
          .withExifMerge({ IFD0: { ImageDescription: HTML.repeat(800) } })
          .jpeg()
          .toBuffer(),
    ],
    ['gzip', () => gzipSync(Buffer.alloc(9 * MB)), 'refused'],
    ['nothing', () => new Uint8Array(), 'refused'],
    ['a byte', () => new Uint8Array(1), 'refused'],
    ['more than may be', () => Buffer.alloc(11 * MB)],
  ])(
    '%s',
    async (_name, make, outcome) => {
      const answer = await sendFile(await make());
      expect(faultIn(answer)).toBeUndefined();
      if (outcome !== undefined) expect(JSON.parse(answer.text)).toMatchObject({ outcome });
      await expectUnharmed();
    },
    120_000,
  );

  it('however they are cut off and changed, and nothing of them stays in memory', async () => {
    const sources = await Promise.all([
      aPicture(21).png().toBuffer(),
      aPhotograph().jpeg({ progressive: true }).toBuffer(),
      aPicture(22).webp().toBuffer(),
      anAnimation(6).gif().toBuffer(),
      PDF,
    ]);
    const round = async (runs: number) => {
      for (const [at, list] of fc.sample(fc.tuple(fc.nat(sources.length - 1), breaks), { numRuns: runs, seed: SEED })) {
        const answer = await sendFile(broken(sources[at] ?? PDF, list));
        expect(faultIn(answer)).toBeUndefined();
      }
    };
    await round(times(10, 200));
    const before = await heldBytes();
    await round(times(60, 3_000));
    expect((await heldBytes()) - before).toBeLessThan(48 * MB);
    await expectUnharmed();
  }, 3_000_000);
});

const BOUNDARY = 'x-y-z';
const FORM = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
const part = (name: string, value: string, more = '') =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
const END = `--${BOUNDARY}--\r\n`;
const NAMES = [
  '../../etc/passwd',
  '..\\..\\x',
  '%2e%2e%2f',
  'x\u0000.png',
  `${TOKEN}".png`,
  'x'.repeat(10_000),
  'CON',
  'nul.png',
  '.htaccess',
  `<img src=x onerror=alert(1)>${TOKEN}.png`,
  `${UNSEEN.bidirectional}gpj.exe`,
  '',
  ' ',
  '/',
  "';--",
  '__proto__',
  '$\u007b1+1}',
];

describe('forms', () => {
  const picture = () => aPicture(31).png().toBuffer();
  const send = (body: Uint8Array | string, headers: Record<string, string> = FORM) => {
    sent += 1;
    return sendPieces(
      uploads.page,
      'POST',
      {
        ...headers,
        ...(!headers['transfer-encoding'] &&
          !headers['content-length'] && { 'content-length': String(Buffer.byteLength(body)) }),
      },
      [body],
    );
  };

  it.each(NAMES)('a file called %j is never asked for its name', async (name) => {
    const bytes = await picture();
    const answer = await send(
      Buffer.concat([
        Buffer.from(part('file', '', `; filename="${name}"\r\nContent-Type: text/html`).slice(0, -2)),
        bytes,
        Buffer.from(`\r\n${END}`),
      ]),
    );
    expect(faultIn(answer)).toBeUndefined();
    expect(answer === 'closed' ? '' : answer.text).not.toContain(TOKEN);
    for (const { id } of await uploads.evidence())
      await uploads.drafts.removeEvidence(uploads.owner, uploads.draft.id, id);
    await expectUnharmed();
  });

  it.each<[string, string, Record<string, string>?]>([
    ['no boundary', 'x', { 'content-type': 'multipart/form-data' }],
    ['an empty boundary', 'x', { 'content-type': 'multipart/form-data; boundary=' }],
    ['a boundary of 10,000 characters', 'x', { 'content-type': `multipart/form-data; boundary=${'b'.repeat(10_000)}` }],
    ['a boundary with a line end', 'x', { 'content-type': 'multipart/form-data; boundary="a b"' }],
    ['another boundary', part('seenWhere', TOKEN).replaceAll(BOUNDARY, 'other')],
    ['no end', part('seenWhere', 'x')],
    ['no parts', END],
    ['nothing', ''],
    ['a part without a name', `--${BOUNDARY}\r\n\r\nx\r\n${END}`],
    ['the same part 1,000 times', part('seenWhere', 'x').repeat(1_000) + END],
    ['1,000 files', part('file', 'x', '; filename="a.png"').repeat(1_000) + END],
    ['two files', part('file', 'x', '; filename="a.png"').repeat(2) + END],
    [
      'a part in a part',
      part('file', `Content-Type: multipart/mixed; boundary=${BOUNDARY}\r\n\r\n${part('x', 'y')}`) + END,
    ],
    [
      'a header without end',
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${'x'.repeat(60_000)}"\r\n\r\nx\r\n${END}`,
    ],
    ['headers without end', `--${BOUNDARY}\r\n${'X: y\r\n'.repeat(8_000)}`],
    ['a prototype', part('__proto__', TOKEN) + part('constructor', TOKEN) + END],
    ['what a file shows, for another file', part('evidence', '../../x') + part('seenWhere', 'x') + END],
    [
      'what a file shows, for markup',
      part('evidence', `"><img src=x onerror=alert(1)>`) + part('seenOn', 'soon') + END,
    ],
    [
      'a day that is none',
      part('seenOn', `"><script>alert(1)</script>`) + part('seenWhere', `"><script>alert(1)</script>${TOKEN}`) + END,
    ],
    ['a place of 60,000 characters', part('seenWhere', 'x'.repeat(60_000)) + END],
    [
      'a place that cannot be seen',
      part(
        'seenWhere',
        Object.values(UNSEEN)
          .join('')
          .replace(/\p{Surrogate}/gu, ''),
      ) + END,
    ],
    ['less than it says', part('seenWhere', 'x'), { ...FORM, 'content-length': '500' }],
    ['more than may be', part('seenWhere', 'x'.repeat(11 * MB)) + END],
    ['compressed', 'x', { ...FORM, 'content-encoding': 'gzip' }],
    ['JSON', '{}', { 'content-type': 'application/json' }],
  ])('%s: get an answer', async (_name, body, headers) => {
    expect(faultIn(await send(body, headers))).toBeUndefined();
    await expectUnharmed();
  });

  it('with some of their bytes changed', async () => {
    const whole = Buffer.concat([
      Buffer.from(
        part('seenOn', '2026-11-20') + part('seenWhere', TOKEN) + part('file', '', '; filename="a.png"').slice(0, -2),
      ),
      await picture(),
      Buffer.from(`\r\n${END}`),
    ]);
    for (const list of fc.sample(breaks, { numRuns: times(60, 2_000), seed: SEED })) {
      expect(faultIn(await send(broken(whole, list)))).toBeUndefined();
      for (const { id } of await uploads.evidence())
        await uploads.drafts.removeEvidence(uploads.owner, uploads.draft.id, id);
    }
    await expectUnharmed();
  }, 3_000_000);

  it('what a file shows, as JSON of every kind', async () => {
    const id = '0123456789abcdef';
    for (const value of [
      '{}',
      'null',
      '[]',
      '{"seenWhere":{"$gt":""}}',
      `{"seenWhere":"\\ud83d\\u0000\\u2028${TOKEN}"}`,
      '{"__proto__":{"polluted":1}}',
      '['.repeat(4_000),
      `{"seenOn":"${'9'.repeat(5_000)}"}`,
    ])
      for (const path of [id, '..', '%2e%2e', encodeURIComponent(`"><script>${TOKEN}`), 'x'.repeat(1_000)]) {
        sent += 1;
        const answer = await sendPieces(
          `${uploads.page}/files/${path}`,
          'POST',
          { 'content-type': 'application/json', 'content-length': Buffer.byteLength(value) },
          [value],
        );
        expect(faultIn(answer)).toBeUndefined();
      }
    await expectUnharmed();
  });
});

describe('tokens that open nothing', () => {
  it('on every page, by every method, say only that they have run out', async () => {
    const owner = uploads.owner;
    const others = await Promise.all([
      uploads.links.evidenceLink({ ...owner, reference: 'PD-00000000', evidenceId: '0'.repeat(16) }),
      uploads.links.exportLink({ ...owner, reference: 'PD-00000000' }),
      uploads.links.summaryLink({ ...owner, summaryId: 'x', edition: 'governors', through: 'own_chat' }),
      viewings.link(),
      viewings.exportLink(),
    ]);
    const whole = uploads.page.split('/').at(-1) ?? '';
    const altered = fc
      .sample(breaks, times(10, 300))
      .map((list) => broken(Buffer.from(whole), list).toString('latin1'));
    const made = [
      'x',
      TOKEN,
      '..',
      '%2e%2e',
      `<script>${TOKEN}`,
      'e30.e30.e30',
      `${whole}x`,
      whole.slice(0, -1),
      whole.toUpperCase(),
      'x'.repeat(2_000),
    ];
    const tokens = [...others.map((link) => link.split('/').at(-1) ?? ''), ...made, ...altered].filter(
      (token) => token !== whole && token !== '' && token !== '.',
    );
    for (const token of tokens) {
      const safe = encodeURIComponent(token);
      for (const [method, path] of [
        ['GET', `/evidence/${safe}`],
        ['POST', `/evidence/${safe}`],
        ['POST', `/evidence/${safe}/files`],
        ['POST', `/evidence/${safe}/files/x`],
      ] as const) {
        sent += 1;
        const answer = await sendPieces(
          uploads.server.address + path,
          method,
          method === 'POST' ? { ...FORM, 'content-length': 0 } : {},
        );
        expect(faultIn(answer)).toBeUndefined();
        if (answer !== 'closed') expect([404, 405, 410, 414]).toContain(answer.status);
      }
      for (const [method, path] of [
        ['GET', `/view/${safe}`],
        ['POST', `/view/${safe}`],
        ['GET', `/view/${safe}/picture`],
        ['POST', `/view/${safe}/original`],
        ['POST', `/export/${safe}`],
        ['GET', `/summary/${safe}`],
      ] as const) {
        if (others.slice(3).some((link) => link.endsWith(token))) continue;
        sent += 1;
        const answer = await sendPieces(
          viewings.server.address + path,
          method,
          method === 'POST' ? { 'content-length': 0 } : {},
        );
        expect(faultIn(answer)).toBeUndefined();
        if (answer !== 'closed') expect([404, 405, 410, 414]).toContain(answer.status);
      }
    }
    await expectUnharmed();
  }, 3_000_000);

  it('HEAD is answered without a body', async () => {
    for (const url of [uploads.page, `${uploads.page}/files`, await viewings.link(), await viewings.exportLink()]) {
      const answer = await sendPieces(url, 'HEAD', {});
      if (answer !== 'closed') expect([answer.text, answer.status < 500]).toEqual(['', true]);
    }
  });

  it.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND'])(
    '%s is answered with a refusal',
    async (method) => {
      for (const url of [uploads.page, `${uploads.page}/files`, await viewings.link(), await viewings.exportLink()]) {
        const answer = await sendPieces(url, method, {});
        if (answer !== 'closed') expect([404, 405, 410]).toContain(answer.status);
      }
    },
  );

  it('headers of other hosts, places and pages change nothing of what a page says', async () => {
    const plain = await (await fetch(uploads.page)).text();
    const odd = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'javascript',
      'x-original-url': '/healthz',
      'x-rewrite-url': '/healthz',
      forwarded: 'host=evil.example',
      'x-http-method-override': 'DELETE',
      range: 'bytes=0-1,5-9',
      accept: TOKEN,
      'accept-encoding': TOKEN,
      'accept-version': '~9',
      'user-agent': HTML,
      referer: 'https://evil.example',
      cookie: TOKEN.repeat(500),
    };
    for (const [name, value] of Object.entries(odd)) {
      const answer = await sendPieces(uploads.page, 'GET', { host: 'evil.example', [name]: value });
      expect([name, answer === 'closed' ? 'closed' : answer.text]).toEqual([
        name,
        Buffer.from(plain).toString('latin1'),
      ]);
    }
  });
});

describe('bodies that lie about their length, or come slowly', () => {
  const path = () => new URL(uploads.page).pathname;
  it.each<[string, (path: string) => string]>([
    [
      'two lengths',
      (to) =>
        `POST ${to}/files HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 3\r\nContent-Length: 9\r\n\r\nxxx`,
    ],
    [
      'a length and chunks',
      (to) =>
        `POST ${to}/files HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET ${to} HTTP/1.1\r\nHost: x\r\n\r\n`,
    ],
    [
      'a length of more than there is',
      (to) =>
        `POST ${to}/files HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 99\r\n\r\nxxx`,
    ],
    [
      'a length of more than may be',
      (to) =>
        `POST ${to}/files HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 99999999999999999999\r\n\r\nxxx`,
    ],
    [
      'chunks that never end',
      (to) =>
        `POST ${to}/files HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nxxx\r\n`,
    ],
  ])('%s: end in one answer at most', async (_name, bytes) => {
    sent += 1;
    const answer = await sendBytes(uploads.server.address, bytes(path()));
    const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gmu)].map(([, status]) => Number(status));
    expect(statuses.length).toBeLessThanOrEqual(1);
    expect(statuses.every((status) => status >= 400 && status < 500)).toBe(true);
    await expectUnharmed();
  });
});
