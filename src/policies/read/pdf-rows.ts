import { joinLines, type KnownWord } from './hyphenation.js';
import type { PdfLine } from './pdf-page.js';

/** A line of text, or a table row that is made of several. */
export interface PdfStrip extends PdfLine {
  readonly kind: 'line' | 'row';
  /** Rows: where the second column starts. */
  readonly second: number;
}

/** A cell this much of a page high is no cell but a column of the page. */
const HIGHEST_CELL = 0.35;

/**
 * Finds table rows: a PDF draws one cell after the other, so a line that starts at the height of an earlier one, further
 * right, begins the next cell of that one's row.
 *
 * @param heights of the pages, in points.
 */
export function withRows(lines: readonly PdfLine[], heights: readonly number[], isKnown: KnownWord): PdfStrip[] {
  const strips: PdfStrip[] = [];
  const rows = new Set<string>();
  let from = 0;
  for (let first = lines[from]; first; first = lines[from]) {
    const { cells, end } = rowAt(lines, from, (heights[first.page - 1] ?? 0) * HIGHEST_CELL);
    const above = strips.at(-1);
    if (cells.length > 1) {
      const top = cells.flatMap(([line]) => line ?? []);
      const isRepeated =
        above?.page !== first.page &&
        rows.has(
          textOfRow(
            top.map((line) => [line]),
            isKnown,
          ),
        );
      const row = toRow(isRepeated ? top.map((line) => [line]) : cells, isKnown);
      rows.add(row.text);
      strips.push(row);
      if (isRepeated) strips.push(...cells.flatMap(([, ...rest]) => rest).map(toStrip));
    } else if (above && isFirstCell(above, first)) addFirstCell(strips, above, first, isKnown);
    else strips.push(toStrip(first));
    from = cells.length > 1 ? end : from + 1;
  }
  return strips;
}

const toStrip = (line: PdfLine): PdfStrip => ({ ...line, kind: 'line', second: line.right });

/** The cells of the row that starts with the line at `from`, and the index after it; one cell where it starts none. */
function rowAt(lines: readonly PdfLine[], from: number, highest: number): { cells: PdfLine[][]; end: number } {
  const first = lines[from];
  const cells: PdfLine[][] = [];
  if (!first) return { cells, end: from };
  let cell: PdfLine[] = [first];
  let firstRight = first.right;
  let at = from + 1;
  for (let line = lines[at]; line && line.page === first.page; at += 1, line = lines[at]) {
    const above = lines[at - 1] ?? first;
    const level = Math.abs(line.y - first.y) < first.size * 0.6;
    if (level && line.left > Math.max(...cell.map(({ left }) => left)) && line.left >= above.left) {
      cells.push(cell);
      cell = [line];
    } else if (line.y >= above.y - 1 || first.y - line.y > highest) break;
    else if (cells.length > 0 && line.left < firstRight) break;
    else if (cells.length === 0) {
      firstRight = Math.max(firstRight, line.right);
      cell.push(line);
    } else if (above.y - line.y > line.size * 2) break;
    else cell.push(line);
  }
  return { cells: [...cells, cell], end: at };
}

/** Whether a line below a row stands in its first column: a row whose other cells are empty, to be filled in by hand. */
const isFirstCell = (above: PdfStrip, line: PdfLine): boolean =>
  above.kind === 'row' &&
  above.page === line.page &&
  Math.abs(line.left - above.left) < 3 &&
  line.right < above.second &&
  above.size === line.size &&
  above.bold === line.bold &&
  above.y - line.y < line.size * 1.9;

/** Nothing but a small letter tells the second line of a cell from the next row. */
function addFirstCell(strips: PdfStrip[], above: PdfStrip, line: PdfLine, isKnown: KnownWord): void {
  const { second } = above;
  if (!/^\p{Ll}/u.test(line.text)) strips.push({ ...line, kind: 'row', second });
  else strips[strips.length - 1] = { ...above, text: joinLines(above.text, line.text, isKnown), y: line.y };
}

const textOfRow = (cells: readonly (readonly PdfLine[])[], isKnown: KnownWord): string =>
  cells
    .map((cell) => cell.map(({ text }) => text).reduce((upper, lower) => joinLines(upper, lower, isKnown)))
    .join('\t');

function toRow(cells: readonly (readonly PdfLine[])[], isKnown: KnownWord): PdfStrip {
  const all = cells.flat();
  const [first] = all;
  if (!first) throw new RangeError('a row without cells');
  return {
    ...first,
    kind: 'row',
    second: cells[1]?.[0]?.left ?? first.right,
    text: textOfRow(cells, isKnown),
    right: Math.max(...all.map(({ right }) => right)),
    y: Math.min(...all.map(({ y }) => y)),
  };
}
