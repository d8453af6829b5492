import { foldSpaces } from './block.js';

/** One run of characters as a PDF places it; lengths in points, the origin at the bottom left. */
export interface PdfText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly size: number;
  readonly font: string;
}

/** One printed line, or the line of one table cell. */
export interface PdfLine {
  readonly text: string;
  readonly page: number;
  /** Number of the line in the document, counted from 1. */
  readonly line: number;
  readonly left: number;
  readonly right: number;
  readonly y: number;
  /** Size of type of most of its characters, in points. */
  readonly size: number;
  /** All of it is set in a bold font. */
  readonly bold: boolean;
  /** Where the text after a number or bullet begins, for hanging indents. */
  readonly hanging: number;
}

/** As much of the size of type as two characters of one line may differ in height: raised letters, signs of other fonts. */
const SAME_LINE = 0.45;
/** A gap of this many sizes of type parts two columns; a wide space in a justified line stays below. */
const COLUMN_GAP = 1.6;

/**
 * Puts the runs of a page together into lines, in the order in which the page draws them: that is the order of reading, and
 * it goes down one column, or one table cell, before the next.
 *
 * @param isBold tells of each font by its name in `PdfText`.
 */
export function linesOfPage(
  texts: readonly PdfText[],
  page: number,
  firstLine: number,
  isBold: (font: string) => boolean,
): PdfLine[] {
  const lines: PdfText[][] = [];
  for (const text of texts) {
    if (text.text.trim() === '') continue;
    const line = lines.at(-1);
    const last = line?.at(-1);
    if (line && last && goesOn(last, text)) line.push(text);
    else lines.push([text]);
  }
  return lines.map((line, index) => toLine(withBullet(line), page, firstLine + index, isBold));
}

function goesOn(last: PdfText, next: PdfText): boolean {
  const size = Math.max(last.size, next.size);
  const gap = next.x - (last.x + last.width);
  const isMarker = /^\s*(?:[^\s\p{L}\d]|[(]?[\p{L}\d.]{1,8}[).]?)\s*$/u.test(last.text);
  const level = Math.abs(next.y - last.y) <= size * SAME_LINE;
  return level && gap > -size && gap < size * (isMarker ? 4 : COLUMN_GAP);
}

/** Bullets of symbol fonts come out as whatever letter stands in their place: "o" in Word's second level. */
function withBullet([first, second, ...others]: readonly PdfText[]): PdfText[] {
  if (!first) return [];
  const isSign = second !== undefined && /^\s*(?:[o§]|\p{Co})\s*$/u.test(first.text) && first.font !== second.font;
  return [isSign ? { ...first, text: '•' } : first, ...(second ? [second] : []), ...others];
}

function toLine(runs: readonly PdfText[], page: number, line: number, isBold: (font: string) => boolean): PdfLine {
  const [first, second] = runs;
  const widest = runs.toSorted((one, other) => other.text.length - one.text.length)[0];
  return {
    text: foldSpaces(joined(runs)),
    page,
    line,
    left: first?.x ?? 0,
    right: Math.max(...runs.map(({ x, width }) => x + width)),
    y: widest?.y ?? 0,
    size: widest?.size ?? 0,
    bold: runs.every(({ font }) => isBold(font)),
    hanging: second?.x ?? first?.x ?? 0,
  };
}

/** Some programs place every word, or every letter, by itself and leave out the blanks. */
function joined(runs: readonly PdfText[]): string {
  let text = '';
  let end = Number.NaN;
  for (const run of runs) {
    const parted = run.x - end > run.size * 0.15 && !/\s$/u.test(text) && !/^\s/u.test(run.text);
    text += parted ? ` ${run.text}` : run.text;
    end = run.x + run.width;
  }
  return text;
}
