import { createHash } from 'node:crypto';
import type { Actor, CaseEvent, Happening } from './case.js';

const BEFORE_THE_FIRST = '0'.repeat(64);

/** The next entry of a case log. */
export function appended(
  place: { readonly schoolId: string; readonly reference: string },
  log: readonly CaseEvent[],
  entry: { readonly at: Date; readonly by: Actor; readonly what: Happening },
): CaseEvent {
  const { schoolId, reference } = place;
  const last = log.at(-1);
  const body = { number: (last?.number ?? 0) + 1, ...entry, previous: last?.hash ?? BEFORE_THE_FIRST };
  return { ...body, hash: digestOf({ schoolId, reference, ...body }) };
}

/** SHA-256 over canonical JSON, in lower-case hexadecimal. */
export const digestOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

/** JSON in which the same value always gives the same text: keys in order, dates as ISO 8601 in UTC, nothing undefined. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
