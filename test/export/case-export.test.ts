import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { BlobServiceClient } from '@azure/storage-blob';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { caseExport, exportZip } from '../../src/export/case-export.js';
import type { Case } from '../../src/reports/case.js';
import { digestOf } from '../../src/reports/case-log.js';
import type { EvidenceFiles } from '../../src/reports/stores.js';
import type { School } from '../../src/schools/school.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { evidenceBlobs } from '../../src/storage/evidence-blobs.js';
import { at, onePage } from '../support/pdf.js';
import { anAnimation, aPicture } from '../support/pictures.js';
import { sampleSchool } from '../support/sample-school.js';
import { ALEX, aLife, aPost, HELEN, keepWholeCase, REPORTER } from '../support/whole-case.js';
import { type PdfRead, readPdf, sha256sumCheck, unzipped } from './reading.js';

const files = evidenceBlobs(openBlobs({ connectionString: inject('storage') }));
const originals = BlobServiceClient.fromConnectionString(inject('storage')).getContainerClient('evidence');
const NOW = new Date('2026-11-24T10:00:00Z');
const POST = () => aPost(['Oak Mums', 'The Year 4 teacher cannot teach.']).png().toBuffer();

let school: School;
beforeAll(async () => {
  school = await sampleSchool();
});

const copyOf = (current: Case, personId: string | null = null): Readable =>
  caseExport({ case: current, school, files, personId, now: NOW });

interface Opened {
  readonly zip: ReadonlyMap<string, Buffer>;
  readonly json: Record<string, unknown> & { log: (Record<string, unknown> & { what: Record<string, unknown> })[] };
  readonly pdf: PdfRead;
  readonly paste: string;
}

async function opened(zip: Readable): Promise<Opened> {
  const found = await unzipped(zip);
  const file = (name: string) => found.get(name) ?? Buffer.alloc(0);
  return {
    zip: found,
    json: JSON.parse(file('case.json').toString()),
    pdf: await readPdf(file('case.pdf')),
    paste: file('paste.txt').toString(),
  };
}

const blobOf = ({ report: { schoolId, reference }, evidence }: Case, which: number, ending = '') =>
  originals.getBlockBlobClient(`${schoolId}/${reference}/${evidence[which]?.id}${ending}`);

describe('the copy of a whole case', () => {
  const pictures = async () => [
    await POST(),
    await aPost(['Wide'], 1_600, 500).webp().toBuffer(),
    await anAnimation(3).gif().toBuffer(),
    await aPost(['A long chat'], 400, 2_000).jpeg().toBuffer(),
    Buffer.from(onePage(at(50, 700, 'A page'))),
  ];
  let bytes: readonly Buffer[];
  let current: Case;
  let copy: Opened;
  beforeAll(async () => {
    bytes = await pictures();
    current = await keepWholeCase(files, school, { pictures: bytes, since: aLife, answers: { nameFor: 'recipient' } });
    copy = await opened(copyOf(current));
  });

  it('has all its files, and sums that sha256sum takes', () => {
    const names = current.evidence.map(
      ({ id }, index) => `evidence/${index + 1}-${id}.${['png', 'webp', 'gif', 'jpg', 'pdf'][index]}`,
    );
    const others = ['README.txt', 'SHA256SUMS', 'case.json', 'case.pdf', 'paste.txt'];
    expect([...copy.zip.keys()].toSorted()).toEqual([...others, ...names].toSorted());
    const { code, printed } = sha256sumCheck(copy.zip);
    expect(printed.match(/: OK$/gmu)).toHaveLength(copy.zip.size - 1);
    expect(code).toBe(0);
  });

  it('has the originals to the byte', () => {
    const kept = [...copy.zip].filter(([name]) => name.startsWith('evidence/')).map(([, content]) => content);
    expect(kept.map((one, index) => one.equals(bytes[index] ?? Buffer.alloc(0)))).toEqual(bytes.map(() => true));
  });

  it('has JSON whose chain of hashes holds, checked as README.txt says, and from which nothing is left out', () => {
    const { log, report } = copy.json as unknown as { log: Record<string, unknown>[]; report: Record<string, unknown> };
    const { reference, schoolId } = report;
    const canonical = (value: unknown): string => {
      if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
      if (typeof value !== 'object' || value === null) return JSON.stringify(value);
      const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
      return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`;
    };
    const sha256 = (value: unknown) => createHash('sha256').update(canonical(value)).digest('hex');
    let before = '0'.repeat(64);
    for (const { at: when, by, number, previous, what, hash } of log) {
      expect(previous).toBe(before);
      expect(hash).toBe(sha256({ at: when, by, number, previous, reference, schoolId, what }));
      before = String(hash);
    }
    expect(log).toHaveLength(current.log.length);
    expect((log[0] as { what: { report: string } }).what.report).toBe(sha256(report));
    expect(digestOf(current.report)).toBe(sha256(report));
    expect(copy.json).toMatchObject({
      ...{ reference: current.report.reference, made: NOW.toISOString(), withheld: null, damaged: [] },
      school: { id: 'example-primary', name: 'Example Primary School' },
      standing: { state: 'closed', recordedAs: 'CPOMS 2026/118', category: 'disparaging_post' },
      evidence: current.evidence.map(({ sha256: sum }) => ({ sha256: sum, original: 'sound' })),
    });
  });

  it('has a PDF with everything in its order, tagged and with its language, and each page numbered', () => {
    const { pdf } = copy;
    const { report, evidence, log } = current;
    const places = [
      `Case ${report.reference}`,
      'Where it stands',
      'It says that I cannot teach.',
      'What the policy says',
      'Chronology',
      'Actions taken and outcome',
      'Evidence 1 of 5',
      'Evidence 5 of 5',
      'The whole case log',
    ].map((words) => pdf.text.indexOf(words));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places).not.toContain(-1);
    for (const { sha256 } of evidence) expect(pdf.joined).toContain(sha256);
    for (const { hash } of log) expect(pdf.joined).toContain(hash);
    for (const [index, page] of pdf.pages.entries()) expect(page).toContain(`Page ${index + 1} of ${pdf.pages.length}`);
    expect([pdf.title, pdf.language]).toEqual([`Case ${report.reference}, Example Primary School`, 'en-GB']);
    expect(pdf.tags).toEqual(expect.arrayContaining(['Document', 'H1', 'H2', 'H3', 'P', 'BlockQuote', 'Figure']));
    expect(pdf.pictures).toBe(4);
    expect(pdf.text).toContain('It is not drawn here. Please open the original.');
  });

  it('quotes the clause in full with its policy, and says when a clause is gone', () => {
    const [clause] = school.index.clauses.values();
    expect(copy.pdf.joined).toContain(clause?.clause.quote.replace(/\s+/gu, ''));
    expect(copy.pdf.text).toContain('Social Media Policy, version 3.1, approved 21 Sep 2026');
    expect(copy.pdf.text).toContain('The clause noted then (gone/1) is not in the school’s policies any more.');
  });

  it('never has a heading alone at the foot of a page', async () => {
    const pictures = [await POST()];
    const alone: string[] = [];
    // A page holds some 50 lines, so every heading comes to its foot in one of these.
    for (let count = 1; count <= 52; count += 3) {
      const words = Array.from({ length: count }, (_, at) => `Line ${at + 1}.`).join('\n');
      const one = await keepWholeCase(files, school, { pictures, answers: { words } });
      const { pdf } = await opened(copyOf(one));
      for (const page of pdf.pages) {
        const drawn = page.slice(0, page.lastIndexOf(`Case ${one.report.reference} ·`)).trim();
        const heading =
          /(?:Where it stands|In their own words|Wishes|What the policy says|Chronology|Actions taken and outcome|Evidence|Evidence 1 of 1|The whole case log)$/u;
        alone.push(...(heading.exec(drawn) ?? []).map((title) => `${count} lines: ${title}`));
      }
    }
    expect(alone).toEqual([]);
  });

  it('is the same to the byte when it is made again, wherever that is', async () => {
    const first = await buffer(copyOf(current));
    const { TZ } = process.env;
    try {
      process.env.TZ = 'Pacific/Auckland';
      expect((await buffer(copyOf(current))).equals(first)).toBe(true);
    } finally {
      if (TZ === undefined) delete process.env.TZ;
      else process.env.TZ = TZ;
    }
  });

  it('says what the bot has it made for', async () => {
    const made = await opened(await exportZip({ files, now: () => NOW })(current, school, HELEN));
    expect(made.pdf.text).toContain('made by Policy Desk for Helen Achebe on Tue 24 Nov 2026, 10:00');
    expect(made.pdf.text).toContain(REPORTER.name);
  });
});

describe('a copy for somebody who may not know who reported it', () => {
  const everything = ({ zip, pdf, paste }: Opened): string =>
    [...[...zip.values()].map((content) => content.toString('latin1')), pdf.text, pdf.joined, paste]
      .join('\n')
      .toLowerCase();

  it('has neither name nor id anywhere, nor a hash that would give them away', async () => {
    const current = await keepWholeCase(files, school, { pictures: [await POST()], since: aLife });
    const copy = await opened(copyOf(current, ALEX));
    const all = everything(copy);
    for (const secret of [REPORTER.name, 'Quartermaine', REPORTER.personId])
      expect(all).not.toContain(secret.toLowerCase());
    for (const { hash } of current.log) expect(all).not.toContain(hash);
    expect(all).not.toContain(digestOf(current.report));
    for (const one of current.evidence) {
      expect(all).not.toContain(digestOf(one));
      expect(all).toContain(one.sha256);
    }
    expect(copy.json).toMatchObject({
      report: { reporter: { name: null, personId: null } },
      withheld: expect.stringMatching(/withheld/u),
    });
    expect(copy.json.log[0]).toMatchObject({
      by: { personId: null },
      hash: null,
      previous: null,
      what: { report: null },
    });
    expect(copy.pdf.text).toContain('by Name withheld');
    expect(copy.pdf.text).toMatch(/It is withheld here/u);
    expect(copy.paste).toContain('Reported by: Name withheld');
    expect(sha256sumCheck(copy.zip).code).toBe(0);
    expect(everything(await opened(copyOf(current, HELEN)))).toContain(REPORTER.personId);
  });

  it('does not name them as somebody whom it is about either', async () => {
    const reporter = { personId: '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c03', name: 'Daniel Hughes' };
    const answers = { about: 'reporter', involved: [reporter.personId.toUpperCase()] } as const;
    const current = await keepWholeCase(files, school, { reporter, answers });
    const all = everything(await opened(copyOf(current, ALEX)));
    for (const secret of [reporter.name, reporter.personId]) expect(all).not.toContain(secret.toLowerCase());
  });

  it('is not made for anybody who may not read it', async () => {
    const current = await keepWholeCase(files, school);
    expect(() => copyOf(current, '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c06')).toThrow(/may not read/u);
    await expect(exportZip({ files, now: () => NOW })(current, school, '')).rejects.toThrow(/may not read/u);
  });
});

describe('whatever people type', () => {
  /** Kept apart, as it is a placeholder in card templates. */
  const PLACEHOLDER = ['$', '{name}'].join('');
  const HOSTILE = [
    '../../etc/passwd ..\\..\\x',
    `${PLACEHOLDER} <script>alert(1)</script> \\u0041 %s`,
    'before \u202Eafter \u200B\u2066x\u2069 \u0301 \uFEFF',
    'x'.repeat(4_000),
    `https://example.com/${'path/'.repeat(300)}`,
    '😀 👨‍👩‍👧 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 中文 한국어 हिन्दी 𐀀 \uE000',
    'قال المعلم: مرحبا بالعالم 2026 (نعم) abc',
    'שלום עולם',
    `Z${'\u0335\u0321\u0489'.repeat(60)}algo`,
  ].join('\n');

  it('is in the PDF within the margins, with a number for what cannot be printed, and in the JSON as it was', async () => {
    const name = `../../${'W'.repeat(300)} \u202E😀 <b>`;
    const current = await keepWholeCase(files, school, {
      reporter: { ...REPORTER, name },
      answers: { words: HOSTILE, place: HOSTILE.replaceAll('\n', ' '), nameFor: 'triagers' },
      pictures: [await POST()],
      seenWhere: HOSTILE,
      since: (_, next) => [
        [{ personId: HELEN }, { kind: 'note_added', words: HOSTILE }],
        [{ personId: HELEN }, { kind: 'question_asked', words: HOSTILE }],
        [{ personId: REPORTER.personId }, { kind: 'question_answered', question: next + 1, words: HOSTILE }],
        [
          { personId: HELEN },
          { kind: 'action_taken', action: 'told_police', on: '2026-11-20', who: name, words: HOSTILE },
        ],
        [{ personId: HELEN }, { kind: 'recorded_elsewhere', as: HOSTILE }],
        [{ personId: HELEN }, { kind: 'closed', outcome: 'resolved', message: HOSTILE }],
      ],
    });
    const { zip, json, pdf, paste } = await opened(copyOf(current));
    expect(pdf.extent.left).toBeGreaterThanOrEqual(56);
    expect(pdf.extent.right).toBeLessThanOrEqual(595.28 - 56 + 0.5);
    expect(pdf.extent.bottom).toBeGreaterThanOrEqual(28);
    expect(pdf.extent.top).toBeLessThanOrEqual(841.89 - 36);
    for (const shown of ['[U+202E]', '[U+1F468]', '[U+4E2D]', '[U+E000]', PLACEHOLDER, 'x'.repeat(4_000)])
      expect(pdf.joined).toContain(shown);
    expect(pdf.text).toContain(
      'What stands as a number, such as [U+1F600], is a character that cannot be printed here.',
    );
    expect((json.report as { answers: { words: string } }).answers.words).toBe(HOSTILE);
    expect(paste).toContain(PLACEHOLDER);
    expect(
      [...zip.keys()].every((one) => /^(?:evidence\/1-[0-9a-f]{16}\.png|[A-Za-z0-9]+(?:\.[a-z]+)?)$/u.test(one)),
    ).toBe(true);
    expect(sha256sumCheck(zip).code).toBe(0);
  });

  it('does not matter where there is next to nothing', async () => {
    const nothing = {
      words: '',
      place: '',
      account: '',
      platform: null,
      postedBy: null,
      about: null,
      stillThere: null,
    } as const;
    const current = await keepWholeCase(files, school, {
      answers: { ...nothing },
      reporter: { ...REPORTER, name: null },
    });
    const { pdf, paste, zip } = await opened(copyOf(current));
    expect(pdf.text).toContain('There are no files.');
    expect(paste).toContain('Evidence: no files.');
    expect(paste).toContain('Reported by: A member of staff');
    expect(paste).toContain('Reference in this system: ________');
    expect(sha256sumCheck(zip).code).toBe(0);
  });
});

describe('evidence that is not as it came in', () => {
  it('is named in the PDF, in the JSON and in a file of its own, and what is left of it is there', async () => {
    const current = await keepWholeCase(files, school, {
      pictures: [
        await POST(),
        await aPicture(1).png().toBuffer(),
        await aPicture(2).jpeg().toBuffer(),
        await aPicture(4).png().toBuffer(),
      ],
    });
    await blobOf(current, 1).upload('changed', 7);
    await blobOf(current, 2).delete();
    await blobOf(current, 3, '.view').upload('changed', 7);
    const [, changed, missing] = current.evidence;
    const { zip, json, pdf } = await opened(copyOf(current));
    const words = zip.get('DAMAGED.txt')?.toString() ?? '';
    for (const text of [words, pdf.text]) {
      expect(text).toContain(`The original of evidence 2 (${changed?.id}) is not as it came in.`);
      expect(text).toContain(`The original of evidence 3 (${missing?.id}) is missing`);
    }
    expect(words.trim().split('\n')).toHaveLength(2);
    expect(json.damaged).toHaveLength(2);
    expect(json.evidence).toMatchObject([
      { original: 'sound' },
      { original: 'changed', file: `evidence/2-${changed?.id}-changed.png`, found: { bytes: 7 } },
      { original: 'missing', file: null },
      { original: 'sound' },
    ]);
    expect(zip.get(`evidence/2-${changed?.id}-changed.png`)?.toString()).toBe('changed');
    expect(pdf.text).toContain('Its viewing copy is changed, so it is not drawn here.');
    expect(sha256sumCheck(zip).code).toBe(0);
  });

  it('is named by the log when its row is gone', async () => {
    const whole = await keepWholeCase(files, school, { pictures: [await POST()] });
    const { zip, json, pdf } = await opened(copyOf({ ...whole, evidence: [] }));
    expect([...zip.keys()]).toContain(`evidence/1-${whole.evidence[0]?.id}.png`);
    expect(json.evidence).toMatchObject([{ id: whole.evidence[0]?.id, original: 'sound' }]);
    expect(pdf.joined).toContain(whole.evidence[0]?.sha256);
  });

  it('ends the copy with an error when storage cannot be reached, so that nobody takes half for the whole', async () => {
    const current = await keepWholeCase(files, school, { pictures: [await POST()] });
    const away = evidenceBlobs(
      openBlobs({
        connectionString:
          'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:9/devstoreaccount1;',
      }),
    );
    await expect(
      buffer(caseExport({ case: current, school, files: away, personId: null, now: NOW })),
    ).rejects.toThrow();
  });
});

describe('ten large pictures', () => {
  it('are read one after another, no faster than the copy is taken', async () => {
    const pictures = await Promise.all(
      Array.from({ length: 10 }, (_, seed) => aPicture(seed, 500, 400).png().toBuffer()),
    );
    const current = await keepWholeCase(files, school, { pictures });
    let taken = 0;
    let fetched = 0;
    const ahead: number[] = [];
    const counting: Pick<EvidenceFiles, 'original' | 'viewing'> = {
      async original(place) {
        ahead.push(fetched - taken);
        const bytes = await files.original(place);
        fetched += bytes?.byteLength ?? 0;
        return bytes;
      },
      viewing: (place) => files.viewing(place),
    };
    const zip = caseExport({ case: current, school, files: counting, personId: null, now: NOW });
    const chunks: Buffer[] = [];
    for await (const chunk of zip) {
      taken += chunk.length;
      chunks.push(chunk);
    }
    expect(ahead).toHaveLength(10);
    expect(fetched).toBeGreaterThan(5_900_000);
    // Less than one of them.
    expect(Math.max(...ahead)).toBeLessThan(500_000);
    const { pdf } = await opened(Readable.from(chunks));
    expect(pdf.pictures).toBe(10);
  });

  it('are not fetched any more once nobody takes the copy', async () => {
    const pictures = await Promise.all(
      Array.from({ length: 3 }, (_, seed) => aPicture(seed, 500, 400).png().toBuffer()),
    );
    const current = await keepWholeCase(files, school, { pictures });
    let fetched = 0;
    const counting: Pick<EvidenceFiles, 'original' | 'viewing'> = {
      original: (place) => {
        fetched += 1;
        return files.original(place);
      },
      viewing: (place) => files.viewing(place),
    };
    const zip = caseExport({ case: current, school, files: counting, personId: null, now: NOW });
    for await (const _ of zip) break;
    expect(zip.destroyed).toBe(true);
    expect(fetched).toBe(1);
  });
});
