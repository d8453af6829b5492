import { describe, expect, it } from 'vitest';
import { summaryCsv } from '../../src/export/summary-csv.js';
import { summaryPdf } from '../../src/export/summary-pdf.js';
import { textOf } from '../../src/export/summary-text.js';
import { layOut } from '../../src/summaries/lay-out.js';
import type { LaidSummary, Row } from '../../src/summaries/layout.js';
import { EDITIONS, type Edition, type Summary } from '../../src/summaries/summary.js';
import { cardFor, weeklyCardFor } from '../../src/teams/summary-drawing.js';
import { aSummary, busySummary, smallSummary, weekSummary } from '../support/summaries.js';
import { readPdf } from './reading.js';

type Element = Readonly<Record<string, unknown>>;

const isElement = (value: unknown): value is Element => typeof value === 'object' && value !== null;

/** A card's elements of a type, with those that stand in for them where they cannot be drawn. */
function elements(card: unknown, isOne: (type: string) => boolean): readonly Element[] {
  if (!isElement(card)) return [];
  const inside = Object.values(card).flatMap((value) => elements(value, isOne));
  return isOne(String(card.type)) ? [card, ...inside] : inside;
}

const wordsIn = (element: unknown): readonly string[] =>
  elements(element, (type) => type === 'TextRun' || type === 'TextBlock').map(({ text }) => String(text));

/** "Online bullying: 24", for every line of a table, fact, and column beside another. */
function saidOn(card: unknown): ReadonlySet<string> {
  const lines = elements(card, (type) => type === 'TableRow' || type === 'ColumnSet').map(wordsIn);
  const facts = elements(card, (type) => type === 'FactSet').flatMap(({ facts: all }) => all as Element[]);
  return new Set([...lines.map((line) => line.join(': ')), ...facts.map(({ title, value }) => `${title}: ${value}`)]);
}

const inOneLine = ({ label, figure }: Pick<Row, 'label' | 'figure'>): string => `${label}: ${figure}`;

/** Every figure of this period, and how many reports those before had. */
const rowsOf = (laid: LaidSummary): readonly Row[] => [
  ...laid.headlines,
  ...laid.sections.flatMap(({ rows }) => rows),
  ...laid.trend,
];

const cardOf = (summary: Summary, edition: Edition) =>
  summary.period.span === 'week' ? weeklyCardFor(summary) : cardFor(summary, edition);

describe.each([
  ['a busy half-term', busySummary(), 2],
  ['a small school', smallSummary(), 1],
  ['a period without reports', aSummary(), 0],
  ['a week', weekSummary(), 0],
] as const)('%s', (_, summary, charts) => {
  it.each(summary.period.span === 'week' ? (['governors'] as const) : EDITIONS)(
    'has the same figures on the card, on paper, in the CSV and as text, for %s',
    async (edition) => {
      const laid = layOut(summary, edition);
      const rows = rowsOf(laid);
      expect(rows.length).toBeGreaterThan(5);
      const card = saidOn(cardOf(summary, edition));
      expect(rows.map(inOneLine).filter((line) => !card.has(line))).toEqual([]);
      const { joined } = await readPdf(await summaryPdf(summary, edition));
      const onPaper = [...rows, ...laid.history.rows.flatMap(({ cells }) => cells)];
      for (const { figure } of onPaper) expect(joined).toContain(figure.replace(/\s+/gu, ''));
      const text = textOf(laid).replace(/ {2,}/gu, ': ').split('\n');
      expect(rows.map(inOneLine).filter((line) => !text.includes(line))).toEqual([]);
      const csv = new TextDecoder().decode(summaryCsv(summary, edition)).replaceAll('"', '').split('\r\n');
      for (const { key, label, value, band } of rows) {
        const told = value ?? (band ? [...new Set([band.from, band.to])].join(' to ') : 'not shown');
        expect(csv.some((line) => line.includes(`,${key},${label},${told},`))).toBe(true);
      }
    },
  );

  it('draws in its charts what their tables tell exactly, and names the rest', () => {
    const card = cardOf(summary, 'governors');
    const laid = layOut(summary, 'governors');
    for (const chart of elements(card, (type) => type.startsWith('Chart.'))) {
      const rows = [laid.trend, ...laid.sections.map((section) => section.rows)].find(
        ([first]) => first && saidOn(chart.fallback).has(inOneLine(first)),
      );
      expect(
        elements(chart.fallback, (type) => type === 'TableRow')
          .map((row) => wordsIn(row).join(': '))
          .slice(1),
      ).toEqual(rows?.map(inOneLine));
      expect(chart.fallback).toMatchObject({ type: 'Table', firstRowAsHeader: true });
      expect(chart.data).toEqual(
        rows?.filter(({ value }) => value !== null).map(({ label, value }) => ({ x: label, y: value })),
      );
      const untold = wordsIn(card).find((words) => words.startsWith('Not drawn')) ?? '';
      for (const { label, figure } of rows?.filter(({ value }) => value === null) ?? [])
        expect(untold).toContain(`${label} (${figure})`);
    }
    expect(elements(card, (type) => type.startsWith('Chart.')).length).toBe(charts);
  });
});

it('a period without reports says so everywhere', async () => {
  const none = aSummary();
  const says = 'No reports came in during this period.';
  expect(wordsIn(cardFor(none, 'governors'))).toContain(says);
  expect((await readPdf(await summaryPdf(none, 'governors'))).text).toContain(says);
  expect(new TextDecoder().decode(summaryCsv(none, 'governors'))).toContain(says);
  expect(textOf(layOut(none, 'governors'))).toContain(says);
  expect(wordsIn(weeklyCardFor(weekSummary({ published: none.published })))).toContain(says);
});
