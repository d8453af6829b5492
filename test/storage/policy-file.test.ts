import { cpSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.js';
import { LARGEST_POLICY } from '../../src/policies/read-policy.js';
import { readPolicyFile } from '../../src/storage/policy-file.js';
import { readSchool } from '../../src/storage/school-folder.js';
import { onePage, pdf, stream } from '../support/pdf.js';
import { docx, zip } from '../support/zip.js';

const OLE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...Buffer.alloc(512)]);
const RULE = '<w:p><w:r><w:t>Staff must ask first.</w:t></w:r></w:p>';
const megabytes = (count: number) => Buffer.alloc(count * 1024 * 1024, ' ');
/** A PDF whose page draws a form that draws another ten times, and so on: more work than any machine can do. */
const endless = () => {
  const type = '/Type /XObject /Subtype /Form /BBox [0 0 99 99]';
  const forms = Array.from({ length: 30 }, (_, at) =>
    stream(`/X${at + 1} Do `.repeat(10), `${type} /Resources << /XObject << /X${at + 1} ${at + 7} 0 R >> >>`),
  );
  const last = stream('BT /F1 9 Tf 9 9 Td (x) Tj ET', `${type} /Resources << /Font << /F1 5 0 R >> >>`);
  return onePage('/X0 Do', [...forms, last]);
};
const manyPages = (count: number) =>
  pdf(
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${Array.from({ length: count }, (_, at) => `${at + 3} 0 R`).join(' ')}] /Count ${count} >>`,
    ...Array.from({ length: count }, () => '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>'),
  );
const packedPdf = (size: number) => {
  const packed = deflateSync(megabytes(size)).toString('latin1');
  return pdf(
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [] /Count 0 >>',
    stream(packed, '/Filter /FlateDecode'),
  );
};

const REFUSED: readonly (readonly [what: string, name: string, bytes: () => Uint8Array, words: RegExp])[] = [
  ['an empty document', 'policy.docx', () => new Uint8Array(), /is empty/u],
  ['an empty text', 'policy.txt', () => new Uint8Array(), /is empty/u],
  [
    'a Word document with a password',
    'policy.docx',
    () => Buffer.concat([OLE, Buffer.from('EncryptedPackage', 'utf16le')]),
    /protected with a password/u,
  ],
  ['an older Word document renamed', 'policy.docx', () => OLE, /older Word document/u],
  ['a picture called .docx', 'policy.docx', () => Buffer.from('\x89PNG\r\n'), /is not a Word document/u],
  ['a picture called .pdf', 'policy.pdf', () => Buffer.from('\x89PNG\r\n'), /is not a PDF/u],
  ['another kind of zip', 'policy.docx', () => zip({ 'xl/workbook.xml': '<x/>' }), /is damaged/u],
  ['half a Word document', 'policy.docx', () => docx(RULE).slice(0, 200), /damaged/u],
  [
    'a Word document with broken XML',
    'policy.docx',
    () => zip({ 'word/document.xml': '<w:document><w:body>' }),
    /damaged/u,
  ],
  [
    'a Word document that defines entities',
    'policy.docx',
    () => zip({ 'word/document.xml': '<!DOCTYPE x [<!ENTITY a "a">]><w:document><w:body/></w:document>' }),
    /damaged/u,
  ],
  [
    'XML nested without end',
    'policy.docx',
    () => docx('<w:sdt>'.repeat(50_000) + RULE + '</w:sdt>'.repeat(50_000)),
    /damaged/u,
  ],
  ['a Word document without wording', 'policy.docx', () => docx(''), /no wording/u],
  ['a zip bomb that says so', 'policy.docx', () => zip({ 'word/document.xml': megabytes(40) }), /far more text/u],
  [
    'a zip bomb that claims to be small',
    'policy.docx',
    () => zip({ 'word/document.xml': megabytes(40) }, { 'word/document.xml': 1_000 }),
    /far more text/u,
  ],
  [
    'many parts that are large together',
    'policy.docx',
    () => {
      const body = '<w:document><w:body></w:body></w:document>';
      const parts = Array.from({ length: 4 }, (_, at) => [
        `word/footer${at}.xml`,
        Buffer.concat([Buffer.from('<w:ftr>'), megabytes(10), Buffer.from('</w:ftr>')]),
      ]);
      return zip({ 'word/document.xml': body, ...Object.fromEntries(parts) });
    },
    /far more text/u,
  ],
  ['a text without end', 'policy.txt', () => Buffer.from('Staff must ask first.\n'.repeat(6_000)), /far more text/u],
  ['a Word document without end', 'policy.docx', () => docx(RULE.repeat(6_000)), /far more text/u],
  ['half a PDF', 'policy.pdf', () => onePage('').slice(0, 300), /is damaged|no text/u],
  ['a PDF of nothing but its first line', 'policy.pdf', () => Buffer.from('%PDF-1.7\n'), /is damaged/u],
  [
    'a PDF that is a scan',
    'policy.pdf',
    () =>
      onePage('q 595 0 0 842 0 0 cm /X0 Do Q', [
        stream('\0', '/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray'),
      ]),
    /scan/u,
  ],
  ['a PDF of too many pages', 'policy.pdf', () => manyPages(301), /more than 300 pages/u],
  ['a PDF that unpacks to too much', 'policy.pdf', () => packedPdf(40), /unpacks to far more/u],
  ['a PDF that is work without end', 'policy.pdf', endless, /takes more time/u],
  ['a file that is too large', 'policy.pdf', () => new Uint8Array(LARGEST_POLICY + 1), /larger than 20 MB/u],
];

describe('a document that cannot be read', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'policy-desk-files-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(REFUSED)('is refused in one sentence: %s', async (_, name, bytes, words) => {
    const path = join(folder, name);
    writeFileSync(path, bytes());
    const error = await readPolicyFile(path).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AppError);
    const { code, message } = error as AppError;
    expect(code).toBe('policy_unreadable');
    expect(message).toMatch(words);
    expect(message.startsWith(name)).toBe(true);
    expect(message).not.toMatch(/\n|Error|undefined/u);
  });

  it('is not even opened when it is far too large', async () => {
    const path = join(folder, 'film.docx');
    writeFileSync(path, '');
    truncateSync(path, 5 * 1024 ** 4);
    await expect(readPolicyFile(path)).rejects.toThrow(/film\.docx is larger than 20 MB/u);
  });

  it('is named when it is not there, or is a folder', async () => {
    await expect(readPolicyFile(join(folder, 'gone.pdf'))).rejects.toThrow(/gone\.pdf" cannot be read/u);
    await expect(readPolicyFile(folder)).rejects.toThrow(/is not a file/u);
  });
});

describe('a document that is fine', () => {
  it.each(['auto-numbered.docx', 'auto-numbered.pdf', 'wrapped.txt'])('is read: %s', async (name) => {
    const policy = await readPolicyFile(new URL(`../documents/${name}`, import.meta.url).pathname);
    expect(policy).toMatchObject({ title: 'Social Media Policy', version: '3.1', source: name });
  });

  it('stands in a school’s folder beside texts; what Word leaves there while it is open does not count', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'policy-desk-school-'));
    try {
      cpSync('schools/example-primary', join(folder, 'oak'), { recursive: true });
      cpSync('test/documents/auto-numbered.docx', join(folder, 'oak/policies/conduct.docx'));
      writeFileSync(join(folder, 'oak/policies/~$conduct.docx'), 'x');
      const { policies } = await readSchool(folder, 'oak');
      expect(policies.map(({ id }) => id)).toEqual(['conduct', 'social-media-policy']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('does not stand beside another of the same name, as nobody could tell their clauses apart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'policy-desk-school-'));
    try {
      cpSync('schools/example-primary', join(folder, 'oak'), { recursive: true });
      cpSync('test/documents/auto-numbered.docx', join(folder, 'oak/policies/Social-Media-Policy.docx'));
      await expect(readSchool(folder, 'oak')).rejects.toThrow(
        /"Social-Media-Policy\.docx" and "social-media-policy\.md" .* have the same name\. Keep the one/u,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
