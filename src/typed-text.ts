/**
 * What is left out of every text that comes in. None of it is a word, and each can make a card, a page or a PDF say something else
 * than it seems to: control characters but for tabs and line ends; the signs that turn the direction of writing round (Unicode
 * Standard Annex 9, "explicit formatting"); those of no width that part or join words unseen; notes between lines. What scripts and
 * emoji need stays: joiners, and the marks of direction that end with their word.
 */
const UNSAFE = /[^\P{Cc}\t\n\r]|[\u00AD\u200B\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB]/gu;

/** Line ends that only some programs take for such. Table storage takes them for the end of a request's line. */
const LINE_ENDS = /[\u0085\u2028\u2029]/gu;

/** Halves of characters can be neither shown nor stored. */
const HALVES = /\p{Surrogate}/gu;

/** Finds anything that {@link safeText} changes. */
export const NOT_SAFE = new RegExp([UNSAFE, LINE_ENDS, HALVES].map(({ source }) => source).join('|'), 'u');

/** A text as it may be kept and shown: without {@link UNSAFE}, its lines ended alike, and with a sign in the place of half a character. */
export const safeText = (text: string): string =>
  text.replace(LINE_ENDS, '\n').replace(UNSAFE, '').replace(HALVES, '\u{FFFD}');
