import { endsSentence, takeMarker } from './block.js';
import { joinLines, type KnownWord } from './hyphenation.js';
import type { PdfStrip } from './pdf-rows.js';
import { type Piece, toPiece } from './piece.js';

/** A paragraph of a PDF, put together from its lines. */
export interface PdfParagraph {
  readonly piece: Piece;
  readonly size: number;
  readonly bold: boolean;
}

/** What a page's type area is like; lengths in points. */
interface Measure {
  /** Distance between lines of one paragraph, in sizes of type. */
  readonly leading: number;
  /** Where full lines end that start about where this one does: a page may have columns. */
  readonly rightOf: (line: PdfStrip) => number;
  /** Where lines start. */
  readonly left: number;
}

interface Open {
  text: string;
  readonly first: PdfStrip;
  last: PdfStrip;
  /** Where its second and further lines start; unknown while there is but one. */
  continues: number | undefined;
}

/** Points within which two lines start at the same place. */
const SAME_PLACE = 3;
/** Double spacing, in sizes of type; what is further apart belongs to two paragraphs. */
const WIDEST_LEADING = 2.4;
/** Points by which lines of one column may be indented. */
const COLUMN_STEP = 60;
/** Points that stand for one character of indent. */
const POINTS_A_CHARACTER = 5;

/** Joins lines into paragraphs by what a reader sees: gaps, indents, numbers, and lines that end before they are full. */
export function toParagraphs(strips: readonly PdfStrip[], isKnown: KnownWord): PdfParagraph[] {
  const measure = measureOf(strips);
  const paragraphs: Open[] = [];
  for (const strip of strips) {
    const open = paragraphs.at(-1);
    if (open && continues(open, strip, measure)) {
      open.text = joinLines(open.text, strip.text, isKnown);
      open.last = strip;
      open.continues ??= strip.left;
    } else paragraphs.push({ text: strip.text, first: strip, last: strip, continues: undefined });
  }
  return paragraphs.map((paragraph) => finish(paragraph, measure.left));
}

function measureOf(strips: readonly PdfStrip[]): Measure {
  const lines = strips.filter(({ kind }) => kind === 'line');
  const gaps = strips.flatMap((strip, index) => {
    const next = strips[index + 1];
    const isBelow = strip.kind === 'line' && next?.kind === 'line' && next.page === strip.page && next.y < strip.y;
    return isBelow ? [(strip.y - next.y) / strip.size] : [];
  });
  const columns = new Map<number, number[]>();
  for (const line of lines)
    for (const near of [-1, 0, 1]) {
      const column = columnOf(line) + near;
      columns.set(column, [...(columns.get(column) ?? []), line.right]);
    }
  const ends = new Map([...columns].map(([column, rights]) => [column, quantile(rights, 0.9) ?? 0]));
  return {
    leading: Math.min(WIDEST_LEADING, quantile(gaps, 0.3) ?? 1.2),
    rightOf: (line) => ends.get(columnOf(line)) ?? line.right,
    left:
      quantile(
        strips.map(({ left }) => left),
        0.02,
      ) ?? 0,
  };
}

const columnOf = ({ left }: PdfStrip): number => Math.round(left / COLUMN_STEP);

function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) * share)];
}

function continues(open: Open, strip: PdfStrip, measure: Measure): boolean {
  const { first, last, text } = open;
  if (first.kind === 'row') return strip.kind === 'line' && restOfRow(open, strip);
  if (strip.kind === 'row') return false;
  if (Math.abs(strip.size - last.size) > last.size * 0.06 || strip.bold !== last.bold) {
    if (!isRunIn(open, strip, measure)) return false;
  }
  const full = isFull(last, strip, measure);
  const aligned = open.continues === undefined || Math.abs(strip.left - open.continues) <= SAME_PLACE;
  const hasMarker = takeMarker(strip.text).marker !== '';
  const endsHere = endsSentence(text);
  if (strip.page !== last.page) return continuesOverleaf(open, strip, { full, aligned, hasMarker, endsHere });
  const gap = (last.y - strip.y) / Math.max(last.size, strip.size);
  if (gap <= 0 || gap > measure.leading * 1.25 + 0.05) return false;
  if (hasMarker && (!full || endsHere || !hangs(open, strip) || isNextItem(open, strip))) return false;
  if (!full && (endsHere || !/^\p{Ll}/u.test(strip.text))) return false;
  return aligned || !endsHere;
}

/** A row that the end of the page tears apart goes on overleaf, in one of its further columns. */
const restOfRow = ({ first, last, text }: Open, strip: PdfStrip): boolean =>
  strip.page === last.page + 1 && !endsSentence(text) && strip.left > first.left + strip.size * 2;

interface Signs {
  readonly full: boolean;
  readonly aligned: boolean;
  readonly hasMarker: boolean;
  readonly endsHere: boolean;
}

/** At the end of a page the gap says nothing; a numbered passage goes on if its last line is full. */
function continuesOverleaf(open: Open, strip: PdfStrip, { full, aligned, hasMarker, endsHere }: Signs): boolean {
  if (!endsHere) return !hasMarker ? full || /^\p{Ll}/u.test(strip.text) : full && hangs(open, strip);
  const isNumbered = takeMarker(open.first.text).marker !== '';
  return full && aligned && !hasMarker && isNumbered && open.continues !== undefined;
}

/** Words in bold within a sentence make a whole line bold at times. */
const isRunIn = ({ last, text }: Open, strip: PdfStrip, measure: Measure): boolean =>
  strip.size === last.size && isFull(last, strip, measure) && !endsSentence(text) && /^\p{Ll}/u.test(strip.text);

/** Whether a line starts a list item although the one above does not end as one: with a bullet, or the next number or letter. */
function isNextItem({ first, text }: Open, strip: PdfStrip): boolean {
  const { label, bulleted, rest } = takeMarker(strip.text);
  if (bulleted) return /^[•·▪●○‣◦]|^\S+\s+["'“‘(]?\p{Lu}/u.test(strip.text);
  const above = takeMarker(text).label;
  if (label === null || above === null || Math.abs(strip.left - first.left) > SAME_PLACE) return false;
  const isLetter = /^[a-z]$/iu.test(label);
  return isLetter ? label.charCodeAt(0) === above.charCodeAt(0) + 1 : /^\p{Lu}/u.test(rest);
}

/** Whether a line with something like a number at its start stands where the paragraph's further lines stand. */
function hangs({ first, continues: at }: Open, strip: PdfStrip): boolean {
  const start = takeMarker(first.text).marker === '' ? first.left : first.hanging;
  return Math.abs(strip.left - (at ?? start)) <= SAME_PLACE || Math.abs(strip.left - first.left) <= SAME_PLACE;
}

/** A line is full when the first word of the next one would not have fitted. */
function isFull(last: PdfStrip, next: PdfStrip, { rightOf }: Measure): boolean {
  if (/[-‐\u00AD]$/u.test(last.text)) return true;
  const character = (last.right - last.left) / Math.max(1, last.text.length);
  const word = /^\S+/u.exec(next.text)?.[0] ?? '';
  return last.right + character * (word.length + 1) > rightOf(last) - last.size * 0.6;
}

function finish({ text, first }: Open, left: number): PdfParagraph {
  const { line, page } = first;
  const piece: Piece =
    first.kind === 'row'
      ? {
          ...toPiece(text, { line, page }),
          kind: 'row',
          marker: '',
          label: null,
          bulleted: false,
          text: text.replaceAll('\t', ' '),
        }
      : toPiece(text, { line, page });
  const indent = Math.max(0, (first.left - left) / POINTS_A_CHARACTER);
  return {
    piece: { ...piece, emphasised: piece.emphasised || first.bold, indent },
    size: first.size,
    bold: first.bold,
  };
}
