import { z } from 'zod/v4';
import type { Evidence } from '../reports/evidence.js';

/** When and where a file was seen, as a form gives it. */
export type Seen = Pick<Evidence, 'seenOn' | 'seenTime' | 'seenWhere'>;

export const NOTHING_SEEN: Seen = { seenOn: '', seenTime: '', seenWhere: '' };
/** Longer than any account or place; the address of a post may be this long. */
export const LONGEST_WHERE = 300;
const DAY_MS = 24 * 60 * 60_000;

const typed = z.string().max(1000).trim().catch('').default('');
const form = z.object({
  seenOn: typed,
  seenTime: typed,
  seenWhere: typed.transform((text) =>
    text
      .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
      .trim()
      .slice(0, LONGEST_WHERE),
  ),
});

export interface SeenRead {
  /** What was typed, to be shown again. */
  readonly typed: Seen;
  /** What of it stands up. */
  readonly seen: Seen;
  /** One sentence on what does not. */
  readonly fault: string | undefined;
}

/** Reads the fields of a form or a JSON object; what is no text counts as empty. */
export function readSeen(fields: unknown, now: Date): SeenRead {
  const { data = NOTHING_SEEN } = form.safeParse(fields);
  const fault = faultOf(data, now);
  return { typed: data, seen: fault === undefined ? data : { ...data, seenOn: '', seenTime: '' }, fault };
}

function faultOf({ seenOn, seenTime }: Seen, now: Date): string | undefined {
  if (seenOn !== '' && !isDay(seenOn)) return 'That is not a date. Please pick one, or leave it empty.';
  if (seenTime !== '' && !/^(?:[01]\d|2[0-3]):[0-5]\d$/u.test(seenTime))
    return 'That is not a time of day. Please write it like 15:42, or leave it empty.';
  // Somewhere on Earth it is tomorrow already; a day more is a slip of the pen.
  if (seenOn > new Date(now.getTime() + DAY_MS).toISOString().slice(0, 10))
    return 'That date is in the future. Please correct it.';
  if (seenTime !== '' && seenOn === '') return 'Please add the date to the time, or leave both empty.';
  return undefined;
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) && day.getUTCFullYear() >= 2000;
}
