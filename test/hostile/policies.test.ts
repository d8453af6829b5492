import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.js';
import { readPolicy } from '../../src/policies/read-policy.js';
import { readPolicyFile } from '../../src/storage/policy-file.js';
import { SchoolWatch } from '../../src/storage/school-watch.js';
import { breaks, broken, heldBytes, pollutedPrototypes, TOKEN, tell, Watched } from '../support/hostile.js';
import { keptLog } from '../support/kept-log.js';
import { onePage, pdf, stream } from '../support/pdf.js';
import { isFull, SEED, times } from '../support/thoroughness.js';
import { docx, zip } from '../support/zip.js';

const MB = 1024 * 1024;
const RULE = '<w:p><w:r><w:t>Staff must ask first.</w:t></w:r></w:p>';
const TEXT =
  '# Policy\n\n1. Staff must ask the Headteacher before they post pictures.\n\n2. Staff must not add pupils.\n';
const document = (name: string) => readFileSync(new URL(`../documents/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'policy-desk-hostile-policies-'));
const watched = new Watched();
let read = 0;
let accepted = 0;
afterAll(() => {
  watched.stop();
  rmSync(folder, { recursive: true });
  tell('policies', { read, accepted });
});

/** @returns `undefined` for a policy that was read, else the sentence that refuses it. @throws what is neither. */
async function refusal(name: string, bytes: string | Uint8Array): Promise<string | undefined> {
  read += 1;
  const path = join(folder, name);
  writeFileSync(path, bytes);
  // To start a thread for each takes longer than all the rest, so the short form does without.
  const reading = isFull ? readPolicyFile(path) : readPolicy(name, readFileSync(path));
  const sentence = await reading.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof AppError && error.code === 'policy_unreadable') return error.message;
      throw error;
    },
  );
  accepted += sentence === undefined ? 1 : 0;
  expect(pollutedPrototypes()).toEqual([]);
  expect(watched.faults).toEqual([]);
  if (sentence !== undefined) expect(sentence).toMatch(/^[A-Z"]?[^\n<>]{10,300}\.$/iu);
  return sentence;
}

const table = (inside: string) => `<w:tbl><w:tr><w:tc>${inside}<w:p/></w:tc></w:tr></w:tbl>`;
const tablesIn = (levels: number) => {
  let inside = RULE;
  for (let at = 0; at < levels; at += 1) inside = table(inside);
  return inside;
};
const laughs = `<!DOCTYPE x [<!ENTITY a "${TOKEN}">${Array.from({ length: 30 }, (_, at) => `<!ENTITY a${at} "&a${at ? at - 1 : ''};&a${at ? at - 1 : ''};">`).join('')}]>`;
const pages = (kids: string, count = 1) =>
  pdf(
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${count} >>`,
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>',
  );

describe('a policy that is made to do harm is read, or refused in one sentence', () => {
  it.each<[string, string, () => string | Uint8Array]>([
    [
      'names that lead out of the archive',
      'a.docx',
      () =>
        zip({
          '../../../../tmp/x.xml': 'x',
          '/etc/passwd': 'x',
          'C:\\x': 'x',
          'word/document.xml': '<w:document><w:body/></w:document>',
        }),
    ],
    [
      'entities that unfold',
      'a.docx',
      () =>
        zip({
          'word/document.xml': `${laughs}<w:document><w:body><w:p><w:r><w:t>&a29;</w:t></w:r></w:p></w:body></w:document>`,
        }),
    ],
    [
      'an entity that names a file',
      'a.docx',
      () =>
        zip({
          'word/document.xml': `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><w:document><w:body><w:p><w:r><w:t>&f;</w:t></w:r></w:p></w:body></w:document>`,
        }),
    ],
    [
      'entities within styles',
      'a.docx',
      () =>
        zip({
          'word/document.xml': `<w:document><w:body>${RULE}</w:body></w:document>`,
          'word/styles.xml': `${laughs}<w:styles/>`,
        }),
    ],
    ['tables in tables, a hundred deep', 'a.docx', () => docx(tablesIn(100))],
    ['tables in tables, thousands deep', 'a.docx', () => docx(tablesIn(4_000))],
    ['thousands of tables', 'a.docx', () => docx(table(RULE).repeat(4_000))],
    ['an archive within it', 'a.docx', () => zip({ 'word/document.xml': docx(RULE) })],
    [
      '10,500 parts',
      'a.docx',
      () => zip(Object.fromEntries(Array.from({ length: 10_500 }, (_, at) => [`p${at}`, 'x']))),
    ],
    [
      'a style that is based on itself',
      'a.docx',
      () =>
        docx(`<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>Staff must ask first.</w:t></w:r></w:p>`, {
          styles:
            '<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>',
        }),
    ],
    ['tags that never close', 'a.docx', () => zip({ 'word/document.xml': '<w:document '.repeat(300_000) })],
    [
      'quotes that never close',
      'a.docx',
      () => zip({ 'word/document.xml': `<w:document a="${'"'.repeat(1_000_000)}` }),
    ],
    ['comments that never close', 'a.docx', () => zip({ 'word/document.xml': '<!--'.repeat(300_000) })],
    [
      'a million attributes',
      'a.docx',
      () => zip({ 'word/document.xml': `<w:document ${'a="" '.repeat(1_000_000)}/>` }),
    ],
    [
      'a number of a list without end',
      'a.docx',
      () =>
        docx(
          `<w:p><w:pPr><w:numPr><w:ilvl w:val="999999999"/><w:numId w:val="1e308"/></w:numPr></w:pPr><w:r><w:t>Staff must ask first.</w:t></w:r></w:p>`,
        ),
    ],
    ['a loop among its pages', 'a.pdf', () => pages('2 0 R')],
    ['pages that are not there', 'a.pdf', () => pages('9 0 R', 1_000_000)],
    ['lists in lists', 'a.pdf', () => pdf(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
    ['dictionaries in dictionaries', 'a.pdf', () => pdf(`${'<</A'.repeat(50_000)}${'>>'.repeat(50_000)}`)],
    ['lists in lists on its page', 'a.pdf', () => onePage(`${'['.repeat(200_000)}`)],
    [
      'text without end',
      'a.pdf',
      () => onePage(`BT /F1 9 Tf ${'(Staff must ask.) Tj '.repeat(times(20_000, 200_000))} ET`),
    ],
    [
      'filters upon filters',
      'a.pdf',
      () =>
        pdf(
          '<< /Type /Catalog /Pages 2 0 R >>',
          '<< /Type /Pages /Kids [] /Count 0 >>',
          stream('x', `/Filter [${'/ASCIIHexDecode '.repeat(5_000)}]`),
        ),
    ],
    [
      'a script',
      'a.pdf',
      () =>
        pdf(
          `<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>`,
          '<< /Type /Pages /Kids [] /Count 0 >>',
        ),
    ],
    ['a password', 'a.pdf', () => document('locked.pdf')],
    [
      'lists 10,000 deep',
      'a.md',
      () =>
        Array.from({ length: 10_000 }, (_, at) => `${' '.repeat(at * 2)}- x`)
          .join('\n')
          .slice(0, 18 * MB),
    ],
    ['quotes 50,000 deep', 'a.md', () => `${'> '.repeat(50_000)}Staff must ask first.`],
    ['brackets without end', 'a.md', () => `${'['.repeat(60_000)}${TEXT}`],
    ['stars without end', 'a.md', () => `${'*a '.repeat(20_000)}\n\n${'**a_'.repeat(15_000)}`],
    ['backquotes of every length', 'a.md', () => Array.from({ length: 340 }, (_, at) => `${'`'.repeat(at)}a`).join('')],
    ['links to links', 'a.md', () => `${'[a]('.repeat(15_000)}${TEXT}`],
    ['tables without end', 'a.md', () => `|${'a|'.repeat(15_000)}\n|${'-|'.repeat(15_000)}\n`],
    ['tags that never close', 'a.md', () => '<a '.repeat(20_000)],
    ['comments that never close', 'a.md', () => `${'<!-- '.repeat(12_000)}${TEXT}`],
    ['front matter that nests', 'a.md', () => `---\na: ${'['.repeat(30_000)}${']'.repeat(30_000)}\n---\n${TEXT}`],
    [
      'front matter that laughs',
      'a.md',
      () =>
        `---\na: &a [x]\n${Array.from({ length: 40 }, (_, at) => `b${at}: &b${at} [*${at ? `b${at - 1}` : 'a'}, *${at ? `b${at - 1}` : 'a'}]`).join('\n')}\n---\n${TEXT}`,
    ],
    ['front matter with a prototype', 'a.md', () => `---\n__proto__: { polluted: true }\ntitle: x\n---\n${TEXT}`],
    ['60,000 dashes', 'a.md', () => '-'.repeat(60_000)],
    ['one line of 2 MB', 'a.txt', () => 'Staff must ask. '.repeat(130_000)],
    ['one word of 10 MB', 'a.txt', () => 'x'.repeat(10 * MB)],
    ['line ends without end', 'a.txt', () => '\n'.repeat(times(1, 10) * MB)],
    ['10 MB of blanks', 'a.txt', () => ' '.repeat(10 * MB)],
    ['60 KB of blanks before a word', 'a.txt', () => `${' '.repeat(60_000)}x`],
    ['60 KB of figures and full stops', 'a.txt', () => '1.'.repeat(30_000)],
    ['60 KB of brackets', 'a.txt', () => '(a)'.repeat(20_000)],
    ['60 KB of tabs', 'a.txt', () => 'a\t'.repeat(30_000)],
    [
      'bytes of no text',
      'a.txt',
      () => Buffer.from(Array.from({ length: 60_000 }, (_, at) => (at * 7_919 + (at >> 8)) % 256)),
    ],
    ['UTF-16', 'a.txt', () => Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
    ['NUL bytes', 'a.txt', () => Buffer.alloc(60_000)],
    ['letters with a thousand accents', 'a.txt', () => `a${'\u0301'.repeat(60_000)}`],
  ])(
    '%s (%s)',
    async (_what, name, bytes) => {
      await refusal(name, bytes());
    },
    120_000,
  );

  it.each<[string, number, number]>([
    ['auto-numbered.docx', 12, 400],
    ['typed-numbers.pdf', 8, 300],
    ['wrapped.txt', 100, 3_000],
  ])(
    '%s with some of its bytes changed',
    async (name, short, full) => {
      const bytes = document(name);
      for (const list of fc.sample(breaks, { numRuns: times(short, full), seed: SEED }))
        await refusal(`b${name.slice(name.lastIndexOf('.'))}`, broken(bytes, list));
    },
    3_000_000,
  );

  it('Markdown with some of its bytes changed, and nothing stays in memory', async () => {
    const bytes = readFileSync(
      new URL('../../schools/example-primary/policies/social-media-policy.md', import.meta.url),
    );
    await refusal('c.md', bytes);
    const before = await heldBytes();
    for (const list of fc.sample(breaks, { numRuns: times(100, 3_000), seed: SEED }))
      await refusal('c.md', broken(bytes, list));
    expect((await heldBytes()) - before).toBeLessThan(32 * MB);
  }, 3_000_000);
});

describe('a school whose policy is replaced by something harmful', () => {
  beforeAll(() => {
    const school = join(folder, 'schools', 'oak');
    mkdirSync(join(school, 'policies'), { recursive: true });
    writeFileSync(
      join(school, 'school.yaml'),
      readFileSync(new URL('../../schools/example-primary/school.yaml', import.meta.url)),
    );
    writeFileSync(join(school, 'policies', 'policy.md'), TEXT);
  });

  it('is answered from the last good one, and from the next good one', async () => {
    const { log, logged } = keptLog();
    const watch = await SchoolWatch.open(join(folder, 'schools'), log, () => new Date());
    const file = join(folder, 'schools', 'oak', 'policies', 'policy.md');
    const yaml = join(folder, 'schools', 'oak', 'school.yaml');
    const good = readFileSync(yaml);
    const looks = async () => {
      for (let at = 0; at < 2; at += 1) await watch.look();
    };
    for (const [path, harm, mended] of [
      [file, `---\n${TOKEN}: ${'['.repeat(30_000)}\n---\n`, `${TEXT}\n3. Staff must be kind.\n`],
      [file, Buffer.from([0xff, 0xfe, 0]), TEXT],
      [yaml, `${TOKEN}: ${'['.repeat(30_000)}${']'.repeat(30_000)}`, good],
      [yaml, '"'.repeat(100_000), Buffer.concat([good, Buffer.from('\n')])],
    ] as const) {
      const before = watch.schools[0];
      writeFileSync(path, harm);
      await looks();
      expect(watch.schools[0]).toBe(before);
      expect(watch.faults()).toHaveLength(1);
      writeFileSync(path, mended);
      await looks();
      expect(watch.faults()).toEqual([]);
      expect(watch.schools[0]).not.toBe(before);
    }
    expect(logged()).not.toContain(TOKEN);
  });
});
