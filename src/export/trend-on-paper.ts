import type { LaidSummary, Row } from '../summaries/layout.js';
import { barOf, drawBar, inWords, largestOf } from './bar-chart.js';
import { type Block, clipped, lineHeight, putLines, type Sizes } from './paper-table.js';
import { GREY, type Letters, type Sheet } from './sheet.js';

const LABEL_WIDTH = 128;
const BAR_WIDTH = 30;
const MOST_COLUMN_WIDTH = 110;
const MOST_HEAD_LINES = 3;
/** Above the highest bar, for its figure. */
const FIGURE_ROOM = 12;

interface Columns {
  readonly width: number;
  readonly middleOf: (at: number) => number;
}

/** The periods as a chart of columns and, below it and in line with it, a table with more of their figures. */
export function trendBlock(
  sheet: Sheet,
  laid: LaidSummary,
  width: number,
  sizes: Sizes & { readonly chart: number },
): Block {
  const { trend, history } = laid;
  const columnWidth = Math.min(MOST_COLUMN_WIDTH, (width - LABEL_WIDTH) / trend.length);
  const columns: Columns = {
    width: columnWidth,
    middleOf: (at) => LABEL_WIDTH + columnWidth * (at + 0.5),
  };
  const small = { size: sizes.text - 1 };
  const heads = history.periods.map((period) =>
    clipped(sheet, period, columnWidth - 6, { ...small, most: MOST_HEAD_LINES }),
  );
  const head = Math.max(...heads.map(({ length }) => length)) * lineHeight(small.size) + 4;
  const rows = shapedRows(sheet, history.rows, sizes);
  const rowsHeight = rows.reduce((sum, { height }) => sum + height, 0);
  return {
    height: sizes.chart + head + rowsHeight,
    draw(x, y) {
      const room = { x, y, height: sizes.chart, size: small.size };
      sheet.tagged('Figure', () => drawColumns(sheet, trend, columns, room), {
        alt: inWords('Reports by period', trend),
      });
      sheet.grouped('Table', () => {
        drawHeads(sheet, heads, columns, { x, y: y + sizes.chart + 3, size: small.size });
        for (const row of rows)
          drawRow(sheet, row, columns, { x, y: y + sizes.chart + head + row.y, size: sizes.text });
      });
      sheet.artifact(() => sheet.rule(x, y + sizes.chart + head - 2, LABEL_WIDTH + columnWidth * trend.length));
    },
  };
}

interface ShapedRow {
  readonly lines: readonly string[];
  readonly figures: readonly string[];
  readonly y: number;
  readonly height: number;
}

function shapedRows(
  sheet: Sheet,
  rows: LaidSummary['history']['rows'],
  { text: size, gap }: Sizes,
): readonly ShapedRow[] {
  let y = 0;
  return rows.map(({ label, cells }) => {
    const figures = cells.map(({ figure }) => figure);
    const lines = sheet.lines(label, LABEL_WIDTH, { size });
    const height = lines.length * lineHeight(size) + gap;
    y += height;
    return { lines, figures, y: y - height, height };
  });
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

interface Room extends Place {
  readonly height: number;
}

function drawColumns(sheet: Sheet, trend: readonly Row[], columns: Columns, { x, y, height, size }: Room): void {
  const largest = largestOf(trend);
  const room = height - FIGURE_ROOM;
  const foot = y + height;
  for (const [at, row] of trend.entries()) {
    const bar = barOf(row, largest);
    const high = Math.max(2, (bar?.part ?? 0) * room);
    const middle = x + columns.middleOf(at);
    if (bar) {
      const fill = bar.fill === 'dark' && at < trend.length - 1 ? 'mid' : bar.fill;
      drawBar(sheet, { x: middle - BAR_WIDTH / 2, y: foot - high, width: BAR_WIDTH, height: high }, fill);
    }
    const letters = { font: 'bold', size } as const;
    const top = foot - (bar ? high : 0) - lineHeight(size) - 1;
    putCentred(sheet, row.figure, middle, top, letters);
  }
  sheet.rule(x + LABEL_WIDTH, foot, columns.width * trend.length, 0.8);
}

function drawHeads(sheet: Sheet, heads: readonly (readonly string[])[], columns: Columns, { x, y, size }: Place): void {
  const letters = { size, colour: GREY };
  sheet.grouped('TR', () => {
    sheet.tagged('TH', () => putLines(sheet, ['Period'], x, y, letters), { scope: 'Column' });
    for (const [at, lines] of heads.entries())
      sheet.tagged(
        'TH',
        () => {
          for (const [line, text] of lines.entries())
            putCentred(sheet, text, x + columns.middleOf(at), y + line * lineHeight(size), letters);
        },
        { scope: 'Column' },
      );
  });
}

function drawRow(sheet: Sheet, { lines, figures }: ShapedRow, columns: Columns, { x, y, size }: Place): void {
  sheet.grouped('TR', () => {
    sheet.tagged('TH', () => putLines(sheet, lines, x, y, { size }), { scope: 'Row' });
    for (const [at, figure] of figures.entries()) {
      const font = at === figures.length - 1 ? 'bold' : 'regular';
      sheet.tagged('TD', () => putCentred(sheet, figure, x + columns.middleOf(at), y, { size: size - 0.5, font }));
    }
  });
}

const putCentred = (sheet: Sheet, text: string, middle: number, y: number, letters: Letters): void =>
  sheet.put(text, middle - sheet.widthOf(text, letters) / 2, y, letters);
