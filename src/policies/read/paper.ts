import type { DroppedLine } from '../policy.js';
import { FINITE_VERB, startsWithDuty } from './text-headings.js';

/** A page number that stands alone: "7", "- 7 -", "Page 7", "Page 7 of 12", "7/12". */
export const PAGE_NUMBER = /^(?:[-–—|]\s*)?(?:page\s*)?\d{1,3}(?:\s*(?:of|\/)\s*\d{1,3})?(?:\s*[-–—|])?$/iu;

/** An entry of a table of contents: words, a row of dots, a page. */
export const CONTENTS_ENTRY = /\S.*?(?:\.{4,}|…{2,}|(?:\s\.){4,})\s*\d{1,3}$/u;

/** The line with its figures masked, so that "Page 1" and "Page 2" are one. */
export const maskDigits = (line: string): string => line.trim().replace(/\d+/gu, '#');

/** Why a line that belongs to the paper is left out. */
export const reasonOf = (line: string): DroppedLine['reason'] =>
  PAGE_NUMBER.test(line.trim()) ? 'page number' : 'header or footer';

/**
 * Lines that every page repeats: page numbers, and whatever stands three times with only its figures changed.
 * A rule may be repeated too, for each group of people, and stays one.
 *
 * @returns the lines with their figures masked.
 */
export function repeatedLines(lines: readonly string[]): Set<string> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(maskDigits(line), (counts.get(maskDigits(line)) ?? 0) + 1);
  const repeated = [...counts].filter(
    ([line, count]) =>
      /^page #/iu.test(line) ||
      (count >= 3 &&
        /#|\s.*\s/u.test(line) &&
        !/[.;:]$/u.test(line) &&
        !FINITE_VERB.test(line) &&
        !startsWithDuty(line)),
  );
  return new Set(repeated.map(([line]) => line).filter((line) => line !== '' && !/^[-–—•·▪●○‣◦*+(#]/u.test(line)));
}
