import { type Block, endsSentence, foldSpaces, takeMarker } from './block.js';
import { announcesList, FINITE_VERB, findOutline, type Outline } from './text-headings.js';

/** One paragraph of a plain text, before it is known whether it is a heading. */
export interface Piece {
  /** `paper` is what belongs to the page, not to the text. */
  readonly kind: 'text' | 'item' | 'row' | 'paper';
  readonly marker: string;
  readonly label: string | null;
  readonly bulleted: boolean;
  readonly text: string;
  /** The source sets the whole piece in bold or underlines it. */
  readonly emphasised: boolean;
  readonly indent: number;
  readonly line: number;
}

/** Lines are broken by hand, or by a converter, at some width in this range; elsewhere a line is a whole paragraph. */
const WRAPPED_AT = { least: 50, most: 110 };

/**
 * Reads plain text, as word processors and PDF converters leave it, into blocks.
 * Sentences broken by a page are mended; bullets of every kind, lost and restarted numbers, tables with tabs and
 * headings known only by their look are recognised. Every word of the source is in exactly one block, in order.
 */
export function readText(source: string): Block[] {
  const lines = source.replace(/^\uFEFF/u, '').split(/\r\n|[\r\n\f\v\u2028\u2029]/u);
  const pieces = mend(joinWrapped(lines));
  return nestItems(pieces, findOutline(pieces));
}

function toPiece(raw: string, line: number): Piece {
  const indent = /^\s*/u.exec(raw)?.[0].length ?? 0;
  const folded = foldSpaces(raw);
  if (/\S\s*\t\s*\S/u.test(raw))
    return {
      kind: 'row',
      marker: '',
      label: null,
      bulleted: false,
      text: withoutEmphasis(folded),
      emphasised: false,
      indent,
      line,
    };
  const { marker, label, bulleted, rest } = takeMarker(withoutBoldMarker(folded));
  const letter = label !== null && /^[a-z]/iu.test(label);
  return {
    kind: bulleted || letter ? 'item' : 'text',
    marker,
    label,
    bulleted,
    text: withoutEmphasis(rest),
    emphasised: /^(?:\*\*[^*]+\*\*|<u>.+<\/u>|__[^_]+__):?$/u.test(rest),
    indent,
    line,
  };
}

/** "**4. Heading**" has its number inside the bold; the number comes first all the same. */
const withoutBoldMarker = (line: string): string => line.replace(/^\*\*(\d[\d.]*\)?)\s+/u, '$1 **');

/** Leaves out the marks that stand for bold, italics and underlining; they are type, not wording. */
function withoutEmphasis(text: string): string {
  return text
    .replace(/<\/?(?:u|b|i|em|strong)>/giu, '')
    .replace(/\*\*(?=\S)([^*]+)\*\*/gu, '$1')
    .replace(/(^|[\s("'“‘])\*(?=[^\s*])([^*]+)\*(?=$|[\s).,;:!?"'”’])/gu, '$1$2')
    .trim();
}

/** The length that only one line in twenty exceeds: a single long address must not hide that a text is wrapped. */
function usualLongest(lines: readonly string[]): number {
  const lengths = lines.map((line) => line.trim().length).filter((length) => length > 0);
  return lengths.toSorted((one, other) => one - other)[Math.floor((lengths.length - 1) * 0.95)] ?? 0;
}

const maskDigits = (line: string): string => line.trim().replace(/\d+/gu, '#');

/**
 * Lines that every page repeats: page numbers, and whatever stands three times with only its figures changed.
 * A rule may be repeated too, for each group of people, and stays one.
 */
function repeatedLines(lines: readonly string[]): Set<string> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(maskDigits(line), (counts.get(maskDigits(line)) ?? 0) + 1);
  const repeated = [...counts].filter(
    ([line, count]) =>
      /^page #/iu.test(line) ||
      (count >= 3 && /#|\s.*\s/u.test(line) && !/[.;:]$/u.test(line) && !FINITE_VERB.test(line)),
  );
  return new Set(repeated.map(([line]) => line).filter((line) => line !== '' && !/^[-–—•·▪●○‣◦*+(#]/u.test(line)));
}

/** Joins the lines of a document that was wrapped by hand; elsewhere a line is a paragraph already. */
function joinWrapped(lines: readonly string[]): Piece[] {
  const longest = usualLongest(lines);
  const wrapped = longest >= WRAPPED_AT.least && longest <= WRAPPED_AT.most;
  const paper = repeatedLines(lines);
  const pieces: Piece[] = [];
  let last: Piece | undefined;
  for (const [index, raw] of lines.entries()) {
    if (raw.trim() === '') {
      last = undefined;
      continue;
    }
    if (paper.has(maskDigits(raw))) {
      pieces.push({ ...toPiece(raw, index + 1), kind: 'paper' });
      last = undefined;
      continue;
    }
    const piece = toPiece(raw, index + 1);
    const previousLength = lines[index - 1]?.trim().length ?? 0;
    if (
      last &&
      wrapped &&
      piece.kind === 'text' &&
      piece.marker === '' &&
      last.kind !== 'row' &&
      previousLength > longest * 0.6
    ) {
      last = { ...last, text: `${last.text} ${piece.text}`, emphasised: last.emphasised && piece.emphasised };
      pieces[pieces.length - 1] = last;
    } else {
      pieces.push(piece);
      last = piece;
    }
  }
  return pieces;
}

/**
 * Mends what page breaks and converters tore apart: a sentence that goes on in lower case after a gap,
 * and a list item whose bold opening words stand on a line of their own.
 */
function mend(pieces: readonly Piece[]): Piece[] {
  const mended: Piece[] = [];
  for (const piece of pieces) {
    const last = mended.at(-1);
    if (last && piece.kind === 'text' && piece.marker === '') {
      const goesOn = ['text', 'item'].includes(last.kind) && !endsSentence(last.text) && /^\p{Ll}/u.test(piece.text);
      const runIn = last.kind === 'item' && last.emphasised && !piece.emphasised;
      if (goesOn || runIn) {
        mended[mended.length - 1] = {
          ...last,
          text: `${last.text}${runIn ? '\n' : ' '}${piece.text}`,
          emphasised: false,
        };
        continue;
      }
    }
    mended.push(piece);
  }
  return mended;
}

/** Depth of list items comes from the kind of marker and from indentation of more than one space. */
function nestItems(pieces: readonly Piece[], outline: Outline): Block[] {
  const numbered = numberedItems(pieces, outline);
  let open: { style: string; indent: number }[] = [];
  let previousLabel: string | null = null;
  return pieces.map((piece, index): Block => {
    const { marker, label, text, line } = piece;
    const headingLevel = outline.headings.get(index);
    if (outline.unmarkedItems.has(index)) return { kind: 'item', marker, label, text, level: 1, line };
    if (headingLevel !== undefined || (piece.kind !== 'item' && !numbered.has(index))) {
      open = [];
      previousLabel = null;
      const kind = headingLevel !== undefined ? 'heading' : blockKind(pieces, index);
      return { kind, marker, label, text, level: headingLevel ?? 0, line };
    }
    const style = markerStyle(label, previousLabel);
    const at = open.findIndex((one) => one.style === style && piece.indent < one.indent + 2);
    if (at >= 0) open = open.slice(0, at + 1);
    else {
      open = open.filter((one) => style === 'bullet' || one.style !== 'bullet' || piece.indent >= one.indent + 2);
      open.push({ style, indent: piece.indent });
    }
    previousLabel = label;
    return { kind: 'item', marker, label, text, level: open.length, line };
  });
}

function blockKind(pieces: readonly Piece[], index: number): Block['kind'] {
  const kind = pieces[index]?.kind;
  if (kind === 'row') return isTableHeader(pieces, index) ? 'tableHeader' : 'row';
  return kind === 'paper' ? 'paper' : 'paragraph';
}

/** Numbers without bullets are clauses, unless they start again at 1 below a sentence that announces them. */
function numberedItems(pieces: readonly Piece[], outline: Outline): Set<number> {
  const found = new Set<number>();
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind !== 'text' || outline.headings.has(index) || !announcesList(piece.text)) continue;
    const next = Number(piece.label ?? Number.NaN) + 1;
    for (
      let at = index + 1, number = 1;
      pieces[at]?.kind === 'text' && pieces[at]?.label === String(number);
      at += 1, number += 1
    ) {
      if (outline.headings.has(at) || (number === next && /^\p{Lu}/u.test(pieces[at]?.text ?? ''))) break;
      found.add(at);
    }
  }
  return found;
}

/** The first row of a table names its columns when it holds no figure and rows follow. */
const isTableHeader = (pieces: readonly Piece[], index: number): boolean =>
  pieces[index - 1]?.kind !== 'row' && pieces[index + 1]?.kind === 'row' && !/\d/u.test(pieces[index]?.text ?? '');

/** "i" after "h" is a letter, elsewhere a Roman numeral. A bare bullet among numbered items is one whose number was lost. */
function markerStyle(label: string | null, previous: string | null): string {
  if (label === null) return 'bullet';
  if (/^\d/u.test(label)) return 'number';
  const follows =
    previous !== null &&
    previous.length === 1 &&
    label.length === 1 &&
    label.charCodeAt(0) === previous.charCodeAt(0) + 1;
  return /^[ivx]+$/iu.test(label) && !follows ? 'roman' : 'letter';
}
