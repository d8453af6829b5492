/** A line of text with words before it that stand out, such as an office or a number. */
export interface Line {
  readonly lead?: string;
  readonly line: string;
}

/** A part of a report to be read: a fixed heading, and lines as they were typed. */
export interface Part {
  readonly part: string;
  readonly lines: readonly string[];
}

/** As many lines as a part is shown in. Each costs as much of a message as some words do, so past the most they run on. */
const MOST_LINES = 40;
/** What a line of rich text costs in a message besides its words. */
const BYTES_A_LINE = 90;

/**
 * Parts that together take no more of a message than `most`: the short ones whole, the longest cut after a word, with a last line
 * that says so. Rich text shows no line breaks, so each line of a text gets one of its own.
 *
 * @param most bytes of JSON.
 * @param note ends a part that was cut.
 */
export function fitted<P extends Part>(parts: readonly P[], most: number, note: string): P[] {
  const whole = parts.map((part) => ({ ...part, lines: brokenUp(part.lines) }));
  let left = most;
  const shares = new Map<number, number>();
  const shortestFirst = whole.map(({ lines }, at) => ({ at, cost: costOf(lines) })).toSorted((a, b) => a.cost - b.cost);
  for (const [taken, { at, cost }] of shortestFirst.entries()) {
    const share = Math.min(cost, left / (whole.length - taken));
    shares.set(at, share);
    left -= share;
  }
  return whole.map((part, at) => ({ ...part, lines: cut(part.lines, shares.get(at) ?? 0, note) }));
}

/** As much of a text as fits, to the end of a word. @param most bytes of JSON. */
export function beginningOf(text: string, most: number): string {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += bytesOf(character);
    if (used > most) break;
    end += character.length;
  }
  if (end >= text.length) return text;
  const lastSpace = text.lastIndexOf(' ', end);
  return text.slice(0, lastSpace > end / 2 ? lastSpace : end);
}

/** In a message, without the quotes round it. */
export const bytesOf = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

/** @param most lines; what is past them runs on in the last. */
export function brokenUp(lines: readonly string[], most = MOST_LINES): readonly string[] {
  const all = lines.flatMap((text) => text.split(/\r\n|\r|\n/u)).filter((line) => line.trim() !== '');
  const rest = all.slice(most - 1).join(' ');
  return rest === '' ? all : [...all.slice(0, most - 1), rest];
}

/** What lines take of a message, in bytes of JSON. */
export const costOf = (lines: readonly string[]): number =>
  lines.reduce((sum, line) => sum + bytesOf(line) + BYTES_A_LINE, 0);

function cut(lines: readonly string[], most: number, note: string): readonly string[] {
  if (costOf(lines) <= most) return lines;
  let left = most - costOf([note]);
  const kept: string[] = [];
  for (const line of lines) {
    const shown = beginningOf(line, left - BYTES_A_LINE);
    if (shown !== '') kept.push(shown);
    if (shown !== line) break;
    left -= costOf([line]);
  }
  return [...kept, note];
}
