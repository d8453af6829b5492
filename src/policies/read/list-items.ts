import type { Block } from './block.js';
import type { Piece } from './piece.js';
import { announcesList, type Outline } from './text-headings.js';

/**
 * Turns pieces into blocks. Depth of list items comes from the kind of marker and from indentation of more than one space.
 *
 * @param indentKnown whether the document sets its indents: then an item that stands further left is out of the deeper list.
 */
export function nestItems(pieces: readonly Piece[], outline: Outline, indentKnown: boolean): Block[] {
  const numbered = numberedItems(pieces, outline);
  let open: { style: string; indent: number }[] = [];
  let previousLabel: string | null = null;
  return pieces.map((piece, index): Block => {
    const { marker, label, text, line, page } = piece;
    const headingLevel = outline.headings.get(index);
    if (outline.unmarkedItems.has(index)) return { kind: 'item', marker, label, text, level: 1, line, page };
    if (headingLevel !== undefined || (piece.kind !== 'item' && !numbered.has(index))) {
      open = [];
      previousLabel = null;
      const kind = headingLevel !== undefined ? 'heading' : blockKind(pieces, index);
      return { kind, marker, label, text, level: headingLevel ?? 0, line, page };
    }
    const style = markerStyle(label, previousLabel);
    if (indentKnown) open = open.filter((one) => one.indent < piece.indent + 2);
    const at = open.findIndex((one) => one.style === style && piece.indent < one.indent + 2);
    if (at >= 0) open = open.slice(0, at + 1);
    else {
      open = open.filter((one) => style === 'bullet' || one.style !== 'bullet' || piece.indent >= one.indent + 2);
      open.push({ style, indent: piece.indent });
    }
    previousLabel = label;
    return { kind: 'item', marker, label, text, level: open.length, line, page };
  });
}

function blockKind(pieces: readonly Piece[], index: number): Block['kind'] {
  if (pieces[index]?.kind !== 'row') return 'paragraph';
  return isTableHeader(pieces, index) ? 'tableHeader' : 'row';
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

/** Names of columns: as the document says, or the first row of a table, when it holds no figure and rows follow. */
const isTableHeader = (pieces: readonly Piece[], index: number): boolean =>
  pieces[index]?.tableHeader === true ||
  (pieces[index - 1]?.kind !== 'row' && pieces[index + 1]?.kind === 'row' && !/\d/u.test(pieces[index]?.text ?? ''));

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
