import { beforeAll, describe, expect, it } from 'vitest';
import { summaryCsv } from '../../src/export/summary-csv.js';
import { drawDocument } from '../../src/export/summary-documents.js';
import { summaryPdf } from '../../src/export/summary-pdf.js';
import { textOf } from '../../src/export/summary-text.js';
import { layOut } from '../../src/summaries/lay-out.js';
import type { PublishedPopulation } from '../../src/summaries/population.js';
import { EDITIONS, type Summary } from '../../src/summaries/summary.js';
import { type GreyPage, greyPages, hasPoppler } from '../support/poppler.js';
import {
  aSummary,
  band,
  busySummary,
  exact,
  largestSummary,
  MANY_REPORTS,
  smallSummary,
  weekSummary,
} from '../support/summaries.js';
import { type PdfRead, readPdf } from './reading.js';

const read = async (summary: Summary, edition: (typeof EDITIONS)[number] = 'governors'): Promise<PdfRead> =>
  readPdf(await summaryPdf(summary, edition));

const withWords = (words: string): Summary => {
  const { comment } = busySummary();
  return busySummary({ comment: comment && { ...comment, words } });
};

describe('the PDF of a summary', () => {
  let pdf: PdfRead;
  beforeAll(async () => {
    pdf = await read(busySummary());
  });

  it('has a title, a language, headings, tables and charts with words for whoever cannot see them', () => {
    expect(pdf.title).toBe('Summary for governors: Autumn 2026, first half, Sample Primary School');
    expect(pdf.language).toBe('en-GB');
    const count = (tag: string) => pdf.tags.filter((one) => one === tag).length;
    expect(count('H1')).toBe(1);
    // Trend, eleven sections, two lists, corrections, comment, and how to read it.
    expect(count('H2')).toBe(17);
    // One for the trend and one for each section; those that divide the reports have a chart.
    expect([count('Table'), count('Figure')]).toEqual([12, 9]);
    expect(count('TR')).toBeGreaterThan(count('Table'));
    expect(pdf.tags).toContain('BlockQuote');
    expect(pdf.alts).toHaveLength(9);
    expect(pdf.alts).toContain(
      'Bar chart. What was reported: Online bullying 24; A disparaging post 14; Another breach of the policy 22; A child’s safety 6.',
    );
    expect(pdf.alts.find((alt) => alt.includes('What was done'))).toContain('The LADO was told not shown;');
  });

  it('has each chart with its table right after it, and heads that say what they are of', async () => {
    const { tags } = pdf;
    for (const [at, tag] of tags.entries()) if (tag === 'Figure') expect(tags[at + 1]).toBe('Table');
    const raw = Buffer.from(await summaryPdf(busySummary(), 'governors')).toString('latin1');
    expect(raw.match(/\/Scope \/Column/gu)?.length).toBe(11 + 7);
    const { sections, history } = layOut(busySummary(), 'governors');
    const rows = sections.flatMap((section) => section.rows).length + history.rows.length;
    expect(raw.match(/\/Scope \/Row/gu)?.length).toBe(rows);
  });

  it('has every figure and sentence of the summary', () => {
    const laid = layOut(busySummary(), 'governors');
    const said = [
      ...[...laid.headlines, ...laid.trend, ...laid.sections.flatMap(({ rows }) => rows)].flatMap((row) => [
        row.label,
        row.figure,
      ]),
      ...laid.history.rows.flatMap(({ label, cells }) => [label, ...cells.map(({ figure }) => figure)]),
      laid.history.note,
      ...[laid.title, laid.school, laid.days, laid.made, laid.comment?.words ?? '', ...laid.rules, ...laid.corrections],
      ...[...laid.lists.flatMap(({ title, items }) => [title, ...items]), ...laid.sections.map(({ note }) => note)],
    ];
    for (const one of said) expect(pdf.joined).toContain(one.replace(/\s+/gu, ''));
  });

  it('names on every page the school, the page and the rule', () => {
    expect(pdf.pages).toHaveLength(2);
    for (const [at, page] of pdf.pages.entries()) {
      const text = page.replace(/\s+/gu, ' ');
      expect(text).toContain('Sample Primary School · Autumn 2026, first half');
      expect(text).toContain(`Page ${at + 1} of 2`);
      expect(text).toContain('Figures below 5 are hidden so that nobody can be recognised. Rule 1.');
    }
  });

  it('is the same to the byte', async () => {
    for (const edition of EDITIONS) {
      const [one, other] = [drawDocument, drawDocument].map((draw) => draw(busySummary(), edition, 'pdf'));
      expect(Buffer.compare((await one) ?? Buffer.of(), (await other) ?? Buffer.of(1))).toBe(0);
    }
  });
});

describe('its pages', () => {
  it('are one where there is little to tell', async () => {
    for (const summary of [aSummary(), smallSummary(), weekSummary()])
      expect((await read(summary)).pages).toHaveLength(1);
  });

  it('are two for as much as there can be, with nothing beyond the margins', async () => {
    const { pages, extent, text } = await read(largestSummary(), 'chair');
    expect(pages).toHaveLength(2);
    expect(extent.left).toBeGreaterThanOrEqual(55.9);
    expect(extent.right).toBeLessThanOrEqual(539.4);
    expect(extent.bottom).toBeGreaterThan(20);
    expect(text).toContain('and 1 more, which the CSV has');
  });

  it('are never three, whatever names and comments are like', async () => {
    const many = Array.from({ length: 60 }, () => busySummary().corrections).flat();
    const odd = [
      withWords('A line\n'.repeat(500)),
      withWords('中'.repeat(1_000)),
      withWords('W'.repeat(1_000)),
      { ...largestSummary(), schoolName: 'W'.repeat(400), corrections: many },
      { ...largestSummary(), period: { ...largestSummary().period, name: 'Michaelmas '.repeat(30) } },
    ];
    for (const summary of odd) {
      const { pages, extent } = await read(summary, 'chair');
      expect(pages).toHaveLength(2);
      expect(extent.right).toBeLessThanOrEqual(539.4);
      expect(extent.bottom).toBeGreaterThan(20);
    }
  });

  it('say of a character that cannot be printed that the CSV has it', async () => {
    const summary = withWords('Thank you 中');
    expect((await read(summary)).text).toContain('The CSV has it.');
    expect((await read(busySummary())).text).not.toContain('The CSV has it.');
    expect(new TextDecoder().decode(summaryCsv(summary, 'governors'))).toContain('Thank you 中');
  });
});

/** Every count is a number of its own, and some are told. */
function aTellTale(): {
  readonly summary: Summary;
  readonly told: readonly number[];
  readonly hidden: readonly number[];
} {
  let next = 4_111;
  const [told, hidden]: [number[], number[]] = [[], []];
  const tables: Record<string, Record<string, number>> = {};
  const published: Record<string, Record<string, number | null>> = {};
  for (const [table, cells] of Object.entries(MANY_REPORTS.tables)) {
    [tables[table], published[table]] = [{}, {}];
    for (const cell of Object.keys(cells)) {
      // Kinds of breach are part of this one.
      const count = cell === 'other_breach' ? 90_002 : next;
      next += 7;
      // Of yes and no, no is never shown.
      const isTold = cell === 'yes' || (cell !== 'no' && count % 2 === 0);
      (isTold ? told : hidden).push(count);
      Object.assign(tables[table], { [cell]: count });
      Object.assign(published[table], { [cell]: isTold ? count : null });
    }
  }
  const reports: PublishedPopulation = { total: exact(99_999), tables: published };
  const counted = {
    ...aSummary().counted,
    ...{
      reports: { total: 99_999, tables },
      aboutHeadteacher: 7_001,
      open: 7_002,
      overdue: 7_003,
      openFromBefore: 7_004,
    },
    times: { acknowledge: [8_001, 8_002], first_action: [8_003], close: [8_004] },
    questions: { total: 7_005, tables: { answer: { answered: 7_006, not_covered: 7_007 } } },
    clauses: [{ of: 'secret/clause', count: 7_008 }],
    gaps: [{ of: 'A secret gap', count: 7_009 }],
  };
  const summary = aSummary({
    counted,
    published: { reports, ...{ open: band(7_100, 7_104), aboutHeadteacher: exact(7_001) } },
  });
  return {
    summary,
    told,
    hidden: [...hidden, 7_002, 7_003, 7_004, 7_005, 7_006, 7_007, 7_008, 7_009, 8_001, 8_002, 8_003, 8_004],
  };
}

describe('what is counted and not told', () => {
  const { summary, told, hidden } = aTellTale();
  const csv = (edition: 'governors' | 'chair') => new TextDecoder().decode(summaryCsv(summary, edition));

  it('is in no document, in no version; and what is told is in all', async () => {
    for (const edition of EDITIONS) {
      const pdf = await read(summary, edition);
      const documents = [[pdf.text, pdf.alts.join(' ')].join(' '), csv(edition), textOf(layOut(summary, edition))];
      for (const document of documents) {
        const numbers = new Set(document.match(/\d+/gu)?.map(Number));
        expect(told.filter((one) => !numbers.has(one))).toEqual([]);
        expect(hidden.filter((one) => numbers.has(one))).toEqual([]);
        expect(document).not.toContain('secret');
        expect(numbers.has(7_001)).toBe(edition === 'chair');
      }
    }
  });
});

/** Solid dark bars: rectangles of one darkness, at least that wide and high, by how long they are. */
function barsOf({ width, height, pixels }: GreyPage, dark: (grey: number) => boolean): readonly number[] {
  const [leastWidth, leastHeight] = [10, 10];
  const runs = new Map<string, { rows: number; last: number }>();
  const bars: number[] = [];
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; ) {
      const from = x;
      while (x < width && dark(pixels[y * width + x] ?? 255)) x += 1;
      if (x - from >= leastWidth) {
        const key = `${from}-${x}`;
        const run = runs.get(key);
        const rows = run && run.last === y - 1 ? run.rows + 1 : 1;
        runs.set(key, { rows, last: y });
        if (rows === leastHeight) bars.push(x - from);
      }
      x += 1;
    }
  return bars;
}

const isBlack = (grey: number): boolean => grey < 60;
const isMid = (grey: number): boolean => grey > 100 && grey < 150;
const isPale = (grey: number): boolean => grey > 190 && grey < 230;

describe.runIf(hasPoppler)('its pictures in black and white', () => {
  const grey = async (summary: Summary, dpi = 150) => greyPages(await summaryPdf(summary, 'governors'), dpi);

  it('have a dark bar as long as each figure, and none for what is hidden', async () => {
    const category = { online_bullying: 24, disparaging_post: 12, other_breach: null, child_safety: null };
    const [page] = await grey(aSummary({ published: { reports: { total: exact(60), tables: { category } } } }));
    const bars = page ? barsOf(page, isBlack) : [];
    expect(bars).toHaveLength(2);
    const [longer = 0, shorter = 1] = bars;
    expect(longer).toBeGreaterThan(50);
    expect(longer / shorter).toBeCloseTo(2, 1);
  });

  it('tell this period from those before, and one figure from several together, without colours', async () => {
    const [first, second] = await grey(busySummary());
    expect(first && barsOf(first, isMid)).toHaveLength(3);
    const pale = [first, second].flatMap((page) => (page ? barsOf(page, isPale) : []));
    expect(pale).toHaveLength(5);
  });

  it('are neither blank nor black', async () => {
    for (const summary of [busySummary(), smallSummary(), aSummary(), weekSummary(), largestSummary()])
      for (const { pixels } of await grey(summary, 60)) {
        const ink = pixels.filter((one) => one < 128).length / pixels.length;
        expect(ink).toBeGreaterThan(0.005);
        expect(ink).toBeLessThan(0.2);
      }
  });
});
