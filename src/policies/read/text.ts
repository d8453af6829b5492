import type { DroppedLine } from '../policy.js';
import { endsSentence, foldSpaces, type Reading } from './block.js';
import { joinLines, type KnownWord, knownWords } from './hyphenation.js';
import { maskDigits, reasonOf, repeatedLines } from './paper.js';
import { type Piece, toBlocks, toPiece } from './piece.js';

/** Lines are broken by hand, or by a converter, at some width in this range; elsewhere a line is a whole paragraph. */
const WRAPPED_AT = { least: 50, most: 110 };

/**
 * Reads plain text, as word processors and PDF converters leave it, into blocks.
 * Sentences broken by a page are mended; bullets of every kind, lost and restarted numbers, tables with tabs and
 * headings known only by their look are recognised. Every word of the source is in exactly one block, in order, or in a
 * line that every page repeats, which is dropped.
 */
export function readText(source: string): Reading {
  const lines = source.replace(/^\uFEFF/u, '').split(/\r\n|[\r\n\f\v\u2028\u2029]/u);
  const isKnown = knownWords(lines);
  const { pieces, dropped } = joinWrapped(lines, isKnown);
  return { blocks: toBlocks(pieces, false, isKnown), dropped };
}

/** The length that only one line in twenty exceeds: a single long address must not hide that a text is wrapped. */
function usualLongest(lines: readonly string[]): number {
  const lengths = lines.map((line) => line.trim().length).filter((length) => length > 0);
  return lengths.toSorted((one, other) => one - other)[Math.floor((lengths.length - 1) * 0.95)] ?? 0;
}

/** Joins the lines of a document that was wrapped by hand; elsewhere a line is a paragraph already. */
function joinWrapped(lines: readonly string[], isKnown: KnownWord): { pieces: Piece[]; dropped: DroppedLine[] } {
  const longest = usualLongest(lines);
  const wrapped = longest >= WRAPPED_AT.least && longest <= WRAPPED_AT.most;
  const paper = repeatedLines(lines);
  const pieces: Piece[] = [];
  const dropped: DroppedLine[] = [];
  let above: { readonly raw: string; readonly next: 'line' | 'paragraph' | 'page' } | undefined;
  for (const [index, raw] of lines.entries()) {
    const line = index + 1;
    if (raw.trim() === '') {
      if (above?.next === 'line') above = { ...above, next: 'paragraph' };
      continue;
    }
    if (paper.has(maskDigits(raw))) {
      dropped.push({ text: foldSpaces(raw), reason: reasonOf(raw), line, page: null });
      if (above) above = { ...above, next: 'page' };
      continue;
    }
    const piece = toPiece(raw, { line, page: null });
    const last = pieces.at(-1);
    const isFull = wrapped && (above?.raw.trim().length ?? 0) > longest * 0.6;
    const goesOn = above?.next === 'line' || (above?.next === 'page' && !endsSentence(above.raw));
    if (last && isFull && goesOn && piece.kind === 'text' && piece.marker === '' && last.kind !== 'row') {
      const text = joinLines(last.text, piece.text, isKnown);
      pieces[pieces.length - 1] = { ...last, text, emphasised: last.emphasised && piece.emphasised };
    } else pieces.push(piece);
    above = { raw, next: 'line' };
  }
  return { pieces, dropped };
}
