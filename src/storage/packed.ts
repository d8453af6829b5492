/** A string property takes 64 KiB, 32 K characters; a value with more is kept in parts. */
const LONGEST_PART = 32_000;
/** Line ends that JSON need not escape; within a transaction not every service takes them as part of a line. */
const LINE_ENDS = /[\u2028\u2029]/gu;

/** The properties that keep a value as JSON: `name`, and `name1`, `name2`… where it needs more than one. */
export function packed(name: string, value: unknown): Record<string, string> {
  const parts: Record<string, string> = {};
  let rest = JSON.stringify(value).replace(LINE_ENDS, escaped);
  for (let at = 0; rest !== '' || at === 0; at += 1) {
    const part = rest.slice(0, lengthOfPart(rest));
    parts[partName(name, at)] = part;
    rest = rest.slice(part.length);
  }
  return parts;
}

/**
 * Reads back what {@link packed} made. Dates come as they stand in JSON, as text.
 *
 * @throws where the properties are not there or not as they were made.
 */
export function unpacked<T>(name: string, row: object): T {
  const properties = row as Record<string, unknown>;
  const parts: string[] = [];
  for (let at = 0; ; at += 1) {
    const part = properties[partName(name, at)];
    if (typeof part !== 'string') break;
    parts.push(part);
  }
  return JSON.parse(parts.join('')) as T;
}

/** @throws for what is no date. */
export function dateFrom(value: Date | string): Date {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) throw new RangeError('That is no date.');
  return date;
}

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16)}`;

const partName = (name: string, at: number): string => (at === 0 ? name : `${name}${at}`);

/** A character of two code units is not cut in half: each part is sent as UTF-8 of its own. */
function lengthOfPart(text: string): number {
  const last = text.charCodeAt(LONGEST_PART - 1);
  return last >= 0xd800 && last <= 0xdbff ? LONGEST_PART - 1 : LONGEST_PART;
}
