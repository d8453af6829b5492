import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { inspect } from '../../src/evidence/inspect.js';
import { type EvidenceType, MOST_FILE_BYTES } from '../../src/reports/evidence.js';
import { at, onePage } from '../support/pdf.js';
import { aFlatPicture, anAnimation, aPhotograph, aPicture } from '../support/pictures.js';
import { docx, zip } from '../support/zip.js';

const document = (name: string): Uint8Array =>
  readFileSync(fileURLToPath(new URL(`../documents/${name}`, import.meta.url)));
const outcome = async (bytes: Uint8Array): Promise<string> => {
  const found = await inspect(bytes);
  return found.kind === 'sound' ? found.type : found.reason;
};
const hex = (text: string, length = 0): Buffer => Buffer.concat([Buffer.from(text, 'hex'), Buffer.alloc(length)]);
const ascii = (text: string, length = 0): Buffer => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(length)]);

/** A sound file of every kind that is taken. */
const sound = new Map<string, { readonly type: EvidenceType; readonly bytes: Uint8Array }>();

beforeAll(async () => {
  const files: [name: string, type: EvidenceType, bytes: Promise<Uint8Array> | Uint8Array][] = [
    ['a PNG', 'image/png', aPicture().png().toBuffer()],
    ['an interlaced PNG', 'image/png', aPicture().png({ progressive: true }).toBuffer()],
    ['a PNG with 16 bits', 'image/png', aPicture().toColourspace('rgb16').png().toBuffer()],
    ['a PNG with transparent parts', 'image/png', aPicture().ensureAlpha(0.5).png({ palette: true }).toBuffer()],
    ['a JPEG', 'image/jpeg', aPicture().jpeg().toBuffer()],
    ['a progressive JPEG', 'image/jpeg', aPicture().jpeg({ progressive: true }).toBuffer()],
    ['a JPEG for print', 'image/jpeg', aPicture().toColourspace('cmyk').jpeg().toBuffer()],
    ['a phone’s photograph', 'image/jpeg', aPhotograph().jpeg().toBuffer()],
    ['a WebP', 'image/webp', aPicture().webp().toBuffer()],
    ['a WebP without loss', 'image/webp', aPicture().webp({ lossless: true }).toBuffer()],
    ['an animated WebP', 'image/webp', anAnimation(5).webp().toBuffer()],
    ['a GIF', 'image/gif', aPicture().gif().toBuffer()],
    ['an animated GIF', 'image/gif', anAnimation(5).gif().toBuffer()],
    ['a PDF', 'application/pdf', onePage(at(70, 700, 'Seen on Facebook'))],
    ['a PDF of LibreOffice', 'application/pdf', document('auto-numbered.pdf')],
    ['a locked PDF', 'application/pdf', document('locked.pdf')],
  ];
  for (const [name, type, bytes] of files) sound.set(name, { type, bytes: await bytes });
});
const file = (name: string): Uint8Array => {
  const found = sound.get(name);
  if (!found) throw new Error(`There is no file called ${name}.`);
  return found.bytes;
};

describe('what is taken', () => {
  it('is every picture that decodes and every PDF; a PDF without a viewing copy', async () => {
    for (const [name, { type, bytes }] of sound) {
      const found = await inspect(bytes);
      expect(found, name).toMatchObject({ kind: 'sound', type });
      expect(found.kind === 'sound' && found.viewing === null, name).toBe(type === 'application/pdf');
    }
  });

  it('is told by the bytes: what stands behind the end of a sound picture changes nothing', async () => {
    const parts = zip({ 'evil.html': '<script>alert(1)</script>' });
    for (const name of ['a PNG', 'a JPEG', 'a WebP', 'a GIF'])
      expect(await outcome(Buffer.concat([file(name), parts])), name).toBe(sound.get(name)?.type);
    const polyglot = await inspect(Buffer.concat([file('a PNG'), parts]));
    expect(polyglot.kind === 'sound' && Buffer.from(polyglot.viewing?.bytes ?? []).includes('script')).toBe(false);
  });

  it('is a PDF whose header comes late, within what readers allow, or that holds scripts', async () => {
    const pdf = file('a PDF');
    expect(await outcome(Buffer.concat([Buffer.alloc(1_000, ' '), pdf]))).toBe('application/pdf');
    expect(await outcome(Buffer.concat([Buffer.alloc(1_024, ' '), pdf]))).toBe('other_type');
    expect(await outcome(Buffer.concat([pdf, Buffer.alloc(1_000, '\n')]))).toBe('application/pdf');
    const action = Buffer.from(pdf).toString('latin1').replace('/Type /Catalog', '/Type /Catalog /OpenAction 9 0 R');
    expect(await outcome(ascii(action))).toBe('application/pdf');
  });
});

describe('what is refused, by the name of the problem', () => {
  it.each<[string, string, Uint8Array]>([
    ['nothing', 'empty', new Uint8Array()],
    ['more than the limit', 'too_large', new Uint8Array(MOST_FILE_BYTES + 1)],
    ['SVG', 'svg', ascii('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ['SVG with a prologue', 'svg', ascii('\n<?xml version="1.0"?>\n<!-- hello -->\n<svg width="1"/>')],
    [
      'SVG with a document type',
      'svg',
      ascii('<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x"><svg/>'),
    ],
    ['SVG with a prefix', 'svg', ascii('<s:svg xmlns:s="http://www.w3.org/2000/svg"/>')],
    ['SVG in UTF-16', 'svg', Buffer.from('\ufeff<svg width="1"/>', 'utf16le')],
    ['SVG behind a long comment', 'svg', ascii(`<!--${' '.repeat(30_000)}--><svg/>`)],
    ['SVG behind many blanks', 'svg', Buffer.from(`${' '.repeat(1_022)}\u3000${'\n'.repeat(5_000)}<svg/>`)],
    ['packed SVG', 'archive', gzipSync('<svg/>')],
    ['HTML', 'html', ascii('<!doctype html><p>seen today</p>')],
    ['HTML with a mark and blanks', 'html', Buffer.from('\ufeff \r\n\t<HTML><body onload="x()">')],
    ['HTML behind comments', 'html', ascii('<!-- saved from url --><!-- x -->\n<html>')],
    ['a piece of HTML', 'html', ascii('<script>alert(1)</script>')],
    ['a saved web page', 'html', ascii('From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n')],
    ['HTML that claims to be a PDF', 'html', Buffer.concat([ascii('<html><!-- '), onePage(at(1, 1, '--><script>'))])],
    ['Word', 'office', docx('<w:p/>')],
    ['Word of LibreOffice', 'office', document('auto-numbered.docx')],
    ['Excel', 'office', zip({ '[Content_Types].xml': '<Types/>', 'xl/workbook.xml': '<workbook/>' })],
    ['PowerPoint', 'office', zip({ '[Content_Types].xml': '<Types/>', 'ppt/presentation.xml': '<p/>' })],
    ['OpenDocument', 'office', zip({ 'content.xml': '<x/>', 'META-INF/manifest.xml': '<x/>' })],
    ['old Word', 'office', hex('d0cf11e0a1b11ae1', 2_048)],
    ['rich text', 'office', ascii('{\\rtf1 hello}')],
    ['zip', 'archive', zip({ 'a.png': 'x' })],
    ['an empty zip', 'archive', hex('504b0506', 18)],
    ['a zip of gigabytes', 'archive', zip({ 'a.txt': Buffer.alloc(5_000_000) }, { 'a.txt': 4_000_000_000 })],
    ['gzip', 'archive', gzipSync(Buffer.alloc(5_000_000))],
    ['7z', 'archive', hex('377abcaf271c0004', 64)],
    ['RAR', 'archive', hex('526172211a070100', 64)],
    ['tar', 'archive', Buffer.concat([Buffer.alloc(257), ascii('ustar\u000000', 600)])],
    ['bzip2', 'archive', ascii('BZh91AY&SY', 64)],
    ['xz', 'archive', hex('fd377a585a00', 64)],
    ['MP4', 'video', Buffer.concat([hex('00000018'), ascii('ftypmp42'), hex('00000000'), ascii('mp42isom', 64)])],
    ['QuickTime', 'video', Buffer.concat([hex('00000014'), ascii('ftypqt  ', 64)])],
    ['WebM', 'video', hex('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 64)],
    ['MP3', 'video', hex('49443303000000000000fffb9064', 500)],
    ['WAV', 'video', Buffer.concat([ascii('RIFF'), hex('24000000'), ascii('WAVEfmt ', 64)])],
    ['Windows Media with broken headers', 'other_type', hex('3026b2758e66cf11a6d9', 60)],
    ['HEIC', 'other_type', Buffer.concat([hex('00000018'), ascii('ftypheic'), hex('00000000'), ascii('mif1heic', 64)])],
    ['TIFF', 'other_type', hex('49492a0008000000', 64)],
    ['BMP', 'other_type', ascii('BM', 64)],
    ['a program', 'other_type', ascii('MZ', 200)],
    ['plain words', 'other_type', ascii('he said <script> and svg')],
    ['XML of another kind', 'other_type', ascii('<?xml version="1.0"?>')],
    ['a PDF without an end', 'not_readable', onePage(at(70, 700, 'x')).subarray(0, 400)],
    ['the header of a PDF alone', 'not_readable', ascii('%PDF-1.7\n')],
    ['an end with no place in the file', 'not_readable', ascii('%PDF-1.7\nstartxref\n99999\n%%EOF')],
    ['a PNG’s header and rubbish', 'not_readable', Buffer.concat([hex('89504e470d0a1a0a'), ascii('rubbish', 500)])],
    ['a JPEG’s header and rubbish', 'not_readable', Buffer.concat([hex('ffd8ffe0'), ascii('rubbish', 500)])],
    ['a GIF’s header and rubbish', 'not_readable', ascii('GIF89a rubbish', 500)],
    [
      'a WebP’s header and rubbish',
      'not_readable',
      Buffer.concat([ascii('RIFF'), hex('00020000'), ascii('WEBPVP8 rubbish', 500)]),
    ],
  ])('%s: %s', async (_, reason, bytes) => {
    expect(await outcome(bytes)).toBe(reason);
  });
});

describe('damage', () => {
  it('a file that is cut off anywhere is not taken', async () => {
    for (const [name, { bytes }] of sound)
      for (let tenth = 1; tenth <= 9; tenth += 1) {
        const cut = bytes.subarray(0, Math.floor((bytes.length * tenth) / 10));
        expect(await outcome(cut), `${name}, ${tenth} tenths`).toBe('not_readable');
      }
  });

  it('a PNG with a broken checksum is not taken', async () => {
    const broken = Buffer.from(file('a PNG'));
    const middle = Math.floor(broken.length / 2);
    broken[middle] = (broken[middle] ?? 0) ^ 0xff;
    expect(await outcome(broken)).toBe('not_readable');
  });

  it('an animation with a broken frame is not taken', async () => {
    const broken = Buffer.from(file('an animated WebP'));
    broken.fill(0xff, broken.length - 600, broken.length - 100);
    expect(await outcome(broken)).toBe('not_readable');
  });

  it('a file with the beginning of another is not taken', async () => {
    const names = ['a PNG', 'a JPEG', 'a WebP', 'a GIF'];
    for (const one of names)
      for (const other of names.filter((name) => name !== one)) {
        const mixed = Buffer.concat([file(one).subarray(0, 16), file(other).subarray(16)]);
        expect(await outcome(mixed), `${one}, then ${other}`).toBe('not_readable');
      }
  });
});

describe('files that unpack to far more than they are', () => {
  it.each<[string, () => Promise<Uint8Array>]>([
    ['a PNG of 144 million pixels', () => aFlatPicture(12_000, 12_000).png().toBuffer()],
    ['a JPEG of 144 million', () => aFlatPicture(12_000, 12_000).jpeg({ quality: 1 }).toBuffer()],
    ['a long strip', () => aFlatPicture(60_001, 1_000).png().toBuffer()],
    ['an animated GIF', async () => repeatedFrames(26_000)],
  ])('%s is refused by its header', async (_, make) => {
    const bytes = await make();
    expect(bytes.length).toBeLessThan(MOST_FILE_BYTES);
    const before = process.memoryUsage().rss;
    expect(await outcome(bytes)).toBe('too_many_pixels');
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });

  it('a PNG that lies about its size is refused as what it says, or as broken', async () => {
    expect(await outcome(pngClaiming(30_000, 30_000))).toBe('too_many_pixels');
    expect(await outcome(pngClaiming(7_000, 7_000))).toBe('not_readable');
  });

  it('a GIF of 35 bytes that claims four thousand million pixels is refused', async () => {
    const canvas = hex('474946383961ffffffff800000000000ffffff');
    expect(await outcome(Buffer.concat([canvas, hex('2c00000000ffffffff0002024401003b')]))).toBe('too_many_pixels');
  });

  it('a JPEG that makes hundreds of passes over a large picture is refused; with twenty it is taken', async () => {
    const jpeg = await aFlatPicture(4_000, 4_000).jpeg({ progressive: true }).toBuffer();
    expect(await outcome(withScans(jpeg, 200))).toBe('too_many_pixels');
    expect(await outcome(withScans(jpeg, 20))).toBe('image/jpeg');
  });

  it('a picture as large as is allowed is taken', async () => {
    expect(await outcome(await aFlatPicture(10_000, 6_000).png().toBuffer())).toBe('image/png');
  });
});

describe('whatever comes', () => {
  const heads = [
    '89504e470d0a1a0a0000000d49484452',
    'ffd8ffe000104a464946',
    '474946383961',
    '52494646ffffffff57454250',
    '255044462d',
    '504b0304',
    '1f8b08',
    '3026b2758e66cf11a6d9',
    '1a45dfa3',
    '494433',
    '4f676753',
    'efbbbf',
    'fffe',
    '49492a00',
    '00000018667479706d703432',
  ];

  it('it neither throws nor is random data taken', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('', ...heads), fc.uint8Array({ maxLength: 3_000 }), async (head, tail) => {
        const found = await inspect(Buffer.concat([hex(head), tail]));
        expect(found.kind).toBe('refused');
      }),
      { numRuns: 500 },
    );
  });

  it('a sound file with some bytes changed is taken whole or refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('a PNG', 'a progressive JPEG', 'an animated WebP', 'an animated GIF', 'a PDF'),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        async (name, changes) => {
          const bytes = Buffer.from(file(name));
          for (const [place, value] of changes) bytes[place % bytes.length] = value;
          const found = await inspect(bytes);
          if (found.kind === 'sound' && found.viewing) await sharp(found.viewing.bytes).stats();
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** The same progressive JPEG of one colour with other passes: each coefficient comes bit by bit, as the format allows. */
function withScans(jpeg: Buffer, count: number): Buffer {
  const first = jpeg.indexOf(hex('ffda'));
  const isMarker = (place: number) => jpeg[place] === 0xff && jpeg[place + 1] !== 0;
  let end = first + 2;
  while (!isMarker(end)) end += 1;
  const last = jpeg.lastIndexOf(hex('ffda'));
  const scans = Array.from({ length: count }, (_, at) => {
    const coefficient = 1 + Math.floor(at / 14);
    const bit = 13 - (at % 14);
    const scan = Buffer.from(jpeg.subarray(last, -2));
    scan.set([coefficient, coefficient, ((bit === 13 ? 0 : bit + 1) << 4) | bit], 7);
    return scan;
  });
  const tables = jpeg.subarray(jpeg.lastIndexOf(hex('ffc4')), last);
  return Buffer.concat([jpeg.subarray(0, end), tables, ...scans, hex('ffd9')]);
}

/** A GIF whose one frame comes again and again: a few bytes each. */
function repeatedFrames(times: number): Uint8Array {
  const flat = Buffer.from('474946383961' + '3c002800' + '800000' + '000000ffffff', 'hex');
  const frame = Buffer.from('2c000000003c002800' + '00' + '02' + '02' + '4401' + '00', 'hex');
  return Buffer.concat([flat, ...Array.from({ length: times }, () => frame), hex('3b')]);
}

/** A PNG whose header says this, with the checksum that belongs to it, over data for one row. */
function pngClaiming(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const data = deflateSync(Buffer.alloc(width * 3 + 1));
  return Buffer.concat([
    hex('89504e470d0a1a0a'),
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([ascii(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
