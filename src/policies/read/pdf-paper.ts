import type { DroppedLine } from '../policy.js';
import { CONTENTS_ENTRY, maskDigits, PAGE_NUMBER, reasonOf } from './paper.js';
import type { PdfLine } from './pdf-page.js';
import type { PdfStrip } from './pdf-rows.js';

/** Headers and footers stand within this share of the page's height from its edges. */
const EDGE = 0.17;
/** Points by which a repeated line may stand higher or lower. */
const SAME_HEIGHT = 4;
/** A header that only left-hand pages have is on two pages of five at least; one that names the chapter may be on fewer. */
const SHARE_OF_PAGES = 0.4;

/**
 * Parts the lines that every page repeats, at the same height near its edge, page numbers and the table of contents from
 * the wording.
 *
 * @param heights of the pages, in points.
 */
export function withoutPaper(
  lines: readonly PdfLine[],
  heights: readonly number[],
): { kept: PdfLine[]; dropped: DroppedLine[] } {
  const atEdge = lines.filter(({ y, page }) => isAtEdge(y, heights[page - 1] ?? 0));
  const byText = new Map<string, PdfLine[]>();
  for (const line of atEdge) byText.set(maskDigits(line.text), [...(byText.get(maskDigits(line.text)) ?? []), line]);
  const extremes = new Set(heights.flatMap((_, at) => outermost(lines.filter(({ page }) => page === at + 1))));
  const isRepeated = (line: PdfLine): boolean => {
    const fellows = (byText.get(maskDigits(line.text)) ?? []).filter(({ y }) => Math.abs(y - line.y) <= SAME_HEIGHT);
    const pages = new Set(fellows.map(({ page }) => page)).size;
    const isOutermost = extremes.has(line);
    return fellows.includes(line) && pages >= (isOutermost ? 2 : Math.max(2, heights.length * SHARE_OF_PAGES));
  };
  const kept: PdfLine[] = [];
  const dropped: DroppedLine[] = [];
  for (const line of lines) {
    const isPaper = isRepeated(line) || (extremes.has(line) && atEdge.includes(line) && PAGE_NUMBER.test(line.text));
    const isContents = CONTENTS_ENTRY.test(line.text);
    if (!isPaper && !isContents) kept.push(line);
    else {
      const reason = isContents ? 'table of contents' : reasonOf(line.text);
      dropped.push({ text: line.text, reason, line: line.line, page: line.page });
    }
  }
  return { kept, dropped };
}

/** Parts off the header row that a long table repeats at the top of each page. */
export function withoutRepeatedRows(strips: readonly PdfStrip[]): { kept: PdfStrip[]; dropped: DroppedLine[] } {
  const rows = new Set<string>();
  const repeated = new Set<PdfStrip>();
  for (const [index, strip] of strips.entries()) {
    if (strip.kind !== 'row') continue;
    if (rows.has(strip.text) && strips[index - 1]?.page !== strip.page) repeated.add(strip);
    rows.add(strip.text);
  }
  return {
    kept: strips.filter((strip) => !repeated.has(strip)),
    dropped: [...repeated].map(({ text, line, page }) => ({
      text: text.replaceAll('\t', ' '),
      reason: 'header or footer',
      line,
      page,
    })),
  };
}

const isAtEdge = (y: number, height: number): boolean => y < height * EDGE || y > height * (1 - EDGE);

/** The highest and the lowest line of a page. */
function outermost(lines: readonly PdfLine[]): PdfLine[] {
  const sorted = lines.toSorted((one, other) => one.y - other.y);
  return [sorted[0], sorted.at(-1)].filter((line) => line !== undefined);
}
