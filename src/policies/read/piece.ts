import { type Block, endsSentence, foldSpaces, takeMarker } from './block.js';
import { joinLines, type KnownWord } from './hyphenation.js';
import { nestItems } from './list-items.js';
import { findOutline, type Outline } from './text-headings.js';

/** One paragraph of a document, before it is known whether it is a heading. */
export interface Piece {
  readonly kind: 'text' | 'item' | 'row';
  readonly marker: string;
  readonly label: string | null;
  readonly bulleted: boolean;
  readonly text: string;
  /** The source sets the whole piece in bold or underlines it. */
  readonly emphasised: boolean;
  /** Distance from the margin, in characters. */
  readonly indent: number;
  readonly line: number;
  readonly page: number | null;
  /** What the document's own styles make of it: 0 for the title, 1 and up for headings. */
  readonly headingLevel?: number;
  /** A table row that the document itself calls a header. */
  readonly tableHeader?: boolean;
}

/** Where a piece starts in its document. */
export type Place = Pick<Piece, 'line' | 'page'>;

/** Reads one line that is a paragraph, or starts one, by its marks alone. */
export function toPiece(raw: string, { line, page }: Place): Piece {
  const indent = /^\s*/u.exec(raw)?.[0].length ?? 0;
  const folded = foldSpaces(raw);
  const plain = { marker: '', label: null, bulleted: false, emphasised: false, indent, line, page };
  if (raw.includes('\t') && /\S\s*\t\s*\S/u.test(raw)) return { ...plain, kind: 'row', text: withoutEmphasis(folded) };
  const { marker, label, bulleted, rest } = takeMarker(withoutBoldMarker(folded));
  const letter = label !== null && /^[a-z]/iu.test(label);
  return {
    ...plain,
    kind: bulleted || letter ? 'item' : 'text',
    marker,
    label,
    bulleted,
    text: withoutEmphasis(rest),
    emphasised: /^(?:\*\*[^*]+\*\*|<u>.+<\/u>|__[^_]+__):?$/u.test(rest),
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

/**
 * Finds headings, list items and their depth.
 *
 * @param indentKnown whether the indents are those that the document sets, not a number of blanks.
 * @param isKnown words with which those torn between two pieces are compared.
 */
export function toBlocks(pieces: readonly Piece[], indentKnown: boolean, isKnown: KnownWord): Block[] {
  const mended = mend(pieces, isKnown);
  const hasStyles = mended.some(({ headingLevel }) => headingLevel !== undefined && headingLevel > 0);
  return nestItems(mended, hasStyles ? styledOutline(mended) : findOutline(mended), indentKnown);
}

/** Headings as the document's styles have them; a short line in bold is one more, a level below. */
function styledOutline(pieces: readonly Piece[]): Outline {
  const headings = new Map<number, number>();
  let level = 0;
  for (const [index, { headingLevel, kind, emphasised, text }] of pieces.entries()) {
    if (headingLevel !== undefined) headings.set(index, headingLevel);
    else if (kind === 'text' && emphasised && isSubheading(text) && pieces[index + 1]) headings.set(index, level + 1);
    level = headingLevel ?? level;
  }
  return { headings, unmarkedItems: new Set() };
}

/** A few words in bold that are no sentence. */
export const isSubheading = (text: string): boolean =>
  text.length <= 90 && !/[.;,:]$|\b(?:must|should|shall|may|never|do not)\b/iu.test(text);

/**
 * Mends what page breaks and converters tore apart: a sentence that goes on in lower case after a gap,
 * and a list item whose bold opening words stand on a line of their own.
 */
function mend(pieces: readonly Piece[], isKnown: KnownWord): Piece[] {
  const mended: Piece[] = [];
  for (const piece of pieces) {
    const last = mended.at(-1);
    if (
      last &&
      piece.kind === 'text' &&
      piece.marker === '' &&
      (last.headingLevel ?? piece.headingLevel) === undefined
    ) {
      const goesOn = ['text', 'item'].includes(last.kind) && !endsSentence(last.text) && /^\p{Ll}/u.test(piece.text);
      const runIn = last.kind === 'item' && last.emphasised && !piece.emphasised;
      if (goesOn || runIn) {
        const text = runIn ? `${last.text}\n${piece.text}` : joinLines(last.text, piece.text, isKnown);
        mended[mended.length - 1] = { ...last, text, emphasised: false };
        continue;
      }
    }
    mended.push(piece);
  }
  return mended;
}
