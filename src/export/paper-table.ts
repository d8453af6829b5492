import type { Row, Section } from '../summaries/layout.js';
import { barOf, drawBar, inWords, largestOf } from './bar-chart.js';
import { GREY, type Letters, type Sheet } from './sheet.js';

/** Something to be put on a page: how high it is when it is as wide as it was made for, and how it is drawn. */
export interface Block {
  readonly height: number;
  draw(x: number, y: number): void;
}

/** How large things are, in points. */
export interface Sizes {
  readonly text: number;
  readonly heading: number;
  /** Between lines of a table. */
  readonly gap: number;
}

const LEADING = 1.28;
const GUTTER = 8;
const BAR_HEIGHT = 7;
/** Of what is left beside the figures, where there are bars. */
const LABEL_PART = 0.62;
const RULE_GAP = 4;

export const lineHeight = (size: number): number => size * LEADING;

/** A heading of the second level with a rule below it, and at its right end what the figures below count. */
export function headingBlock(sheet: Sheet, title: string, width: number, { heading }: Sizes): Block {
  const letters: Letters = { font: 'bold', size: heading };
  const lines = sheet.lines(title, width, letters);
  const height = lines.length * lineHeight(heading) + RULE_GAP + 1;
  return {
    height,
    draw(x, y) {
      sheet.tagged('H2', () => putLines(sheet, lines, x, y, letters));
      sheet.artifact(() => sheet.rule(x, y + height - RULE_GAP, width, 0.7));
    },
  };
}

export function putLines(sheet: Sheet, lines: readonly string[], x: number, y: number, letters: Letters): void {
  for (const [at, line] of lines.entries()) sheet.put(line, x, y + at * lineHeight(letters.size), letters);
}

interface Shape {
  readonly rows: readonly {
    readonly row: Row;
    readonly lines: readonly string[];
    readonly y: number;
    readonly height: number;
  }[];
  readonly height: number;
  readonly label: number;
  readonly bars: number;
  readonly gap: number;
}

/** A section as a table, with its chart between the names and the figures: a bar on each line. */
export function tableBlock(sheet: Sheet, section: Section, width: number, sizes: Sizes): Block {
  const shape = shapeOf(sheet, section, width, sizes);
  return {
    height: shape.height,
    draw(x, y) {
      if (section.chart)
        sheet.tagged('Figure', () => drawBars(sheet, shape, x + shape.label + GUTTER, y), {
          alt: inWords(section.title, section.rows),
        });
      sheet.grouped('Table', () => drawTable(sheet, section, shape, { x, y, width, size: sizes.text }));
    },
  };
}

function shapeOf(sheet: Sheet, { rows, chart }: Section, width: number, { text: size, gap }: Sizes): Shape {
  const figures = Math.max(...rows.map(({ figure }) => sheet.widthOf(figure, { font: 'bold', size })));
  const room = width - figures - GUTTER;
  const label = chart ? room * LABEL_PART : room;
  const bars = chart ? room - label - GUTTER : 0;
  let y = lineHeight(size - 1) + 1;
  const shaped = rows.map((row) => {
    const lines = sheet.lines(row.label, label, { size });
    const height = lines.length * lineHeight(size) + gap;
    const one = { row, lines, y, height };
    y += height;
    return one;
  });
  return { rows: shaped, height: y, label, bars, gap };
}

function drawBars(sheet: Sheet, { rows, bars, gap }: Shape, x: number, y: number): void {
  const largest = largestOf(rows.map(({ row }) => row));
  for (const { row, y: top, height } of rows) {
    const bar = barOf(row, largest);
    if (!bar) continue;
    const box = { x, y: y + top + (height - gap - BAR_HEIGHT) / 2, width: bar.part * bars, height: BAR_HEIGHT };
    drawBar(sheet, box, bar.fill);
  }
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly size: number;
}

function drawTable(sheet: Sheet, section: Section, shape: Shape, { x, y, width, size }: Place): void {
  const right = (text: string, top: number, letters: Letters) =>
    sheet.put(text, x + width - sheet.widthOf(text, letters), top, letters);
  const small = { size: size - 1, colour: GREY };
  sheet.grouped('TR', () => {
    sheet.tagged('TD', () => undefined);
    sheet.tagged('TH', () => right(section.unit, y, small), { scope: 'Column' });
  });
  for (const { row, lines, y: top, height } of shape.rows) {
    sheet.grouped('TR', () => {
      sheet.tagged('TH', () => putLines(sheet, lines, x, y + top, { size }), { scope: 'Row' });
      const middle = y + top + (height - shape.gap - lineHeight(size)) / 2;
      sheet.tagged('TD', () => right(row.figure, middle, { font: 'bold', size }));
    });
  }
}

/** Text as wide as that. @param tag around it. */
export function textBlock(
  sheet: Sheet,
  text: string,
  width: number,
  {
    most = Number.POSITIVE_INFINITY,
    tag = 'P',
    ...letters
  }: Letters & { readonly most?: number; readonly tag?: string },
): Block {
  const lines = clipped(sheet.lines(text, width, letters), most);
  return {
    height: lines.length * lineHeight(letters.size),
    draw: (x, y) => sheet.tagged(tag, () => putLines(sheet, lines, x, y, letters)),
  };
}

/** The first of these lines, of which the last one says that there were more. */
export const clipped = (lines: readonly string[], most: number): readonly string[] =>
  lines.length <= most
    ? lines
    : lines.slice(0, most).map((line, at) => (at === most - 1 ? `${line.slice(0, -1).trimEnd()}…` : line));

/** Blocks below each other. */
export function stacked(blocks: readonly Block[], gap = 0): Block {
  const height = blocks.reduce((sum, block) => sum + block.height, 0) + gap * Math.max(0, blocks.length - 1);
  return {
    height,
    draw(x, y) {
      let top = y;
      for (const block of blocks) {
        block.draw(x, top);
        top += block.height + gap;
      }
    },
  };
}
