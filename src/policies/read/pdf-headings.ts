import { wordsOf } from './block.js';
import type { PdfParagraph } from './pdf-paragraphs.js';
import type { Piece } from './piece.js';

/** Type this much larger than that of the text is a heading's. */
const LARGER = 1.08;
const MOST_WORDS = 16;

/**
 * Gives each piece the heading level that its size of type shows. Where headings are no larger than the text, only bold, all
 * stays as it is, and they are found by their look as in plain text.
 */
export function withHeadings(paragraphs: readonly PdfParagraph[]): Piece[] {
  const body = usualSize(paragraphs);
  const large = paragraphs.map((paragraph) => isLarge(paragraph, body));
  const title = titleEnd(paragraphs, large);
  const sizes = paragraphs.filter((_, index) => large[index] && index >= title).map(sizeOf);
  const ranks = [...new Set(sizes)].toSorted((one, other) => other - one);
  const hasSections = sizes.length > 0;
  return paragraphs.map((paragraph, index): Piece => {
    const { piece } = paragraph;
    if (!large[index] || !hasSections) return piece;
    const headingLevel = index < title ? 0 : ranks.indexOf(sizeOf(paragraph)) + 1;
    return { ...piece, kind: 'text', bulleted: false, headingLevel };
  });
}

/** Half points are as fine as anyone sets type. */
const sizeOf = ({ size }: PdfParagraph): number => Math.round(size * 2) / 2;

function usualSize(paragraphs: readonly PdfParagraph[]): number {
  const characters = new Map<number, number>();
  for (const paragraph of paragraphs)
    characters.set(sizeOf(paragraph), (characters.get(sizeOf(paragraph)) ?? 0) + paragraph.piece.text.length);
  return [...characters].toSorted(([, one], [, other]) => other - one)[0]?.[0] ?? 0;
}

const isLarge = (paragraph: PdfParagraph, body: number): boolean =>
  sizeOf(paragraph) > body * LARGER &&
  paragraph.piece.kind !== 'row' &&
  !/[.;,]$/u.test(paragraph.piece.text) &&
  wordsOf(paragraph.piece.text).length <= MOST_WORDS &&
  /\p{L}/u.test(paragraph.piece.text);

/** A document opens with its title, in one line or several, the last of which calls it a policy; or it has one large line. */
function titleEnd(paragraphs: readonly PdfParagraph[], large: readonly boolean[]): number {
  const end = large.indexOf(false);
  const opening = paragraphs.slice(0, end < 0 ? large.length : end);
  const policy = opening.findLastIndex(({ piece }) => /\bpolic(?:y|ies)\b/iu.test(piece.text) && piece.label === null);
  if (policy >= 0) return policy + 1;
  const [first, ...others] = paragraphs.filter((_, index) => large[index]);
  return first &&
    first === opening[0] &&
    first.piece.label === null &&
    others.every((one) => sizeOf(one) < sizeOf(first))
    ? 1
    : 0;
}
