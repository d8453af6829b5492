import { createHash } from 'node:crypto';
import type { Actor, CaseEvent, Happening } from './case.js';

/** Which case a log belongs to; part of every hash, so that no event can be moved to another case. */
export interface LogPlace {
  readonly schoolId: string;
  readonly reference: string;
}

/** What the first event has for the hash of the one before. */
export const BEFORE_THE_FIRST = '0'.repeat(64);

/** The entry that comes next in a case log, with its number and its place in the chain of hashes. Nothing is changed. */
export function appended(
  { schoolId, reference }: LogPlace,
  log: readonly CaseEvent[],
  { at, by, what }: { readonly at: Date; readonly by: Actor; readonly what: Happening },
): CaseEvent {
  const event = { number: log.length + 1, at, by, what, previous: log.at(-1)?.hash ?? BEFORE_THE_FIRST };
  return { ...event, hash: hashOf({ schoolId, reference }, event) };
}

/** What an event's `hash` must be. */
export const hashOf = (
  { schoolId, reference }: LogPlace,
  { number, at, by, what, previous }: Omit<CaseEvent, 'hash'>,
): string => digestOf({ schoolId, reference, number, at, by, what, previous });

/**
 * SHA-256, in lower-case hexadecimal, over a value as canonical JSON: keys in the order of their code units, no spaces, dates in
 * ISO 8601, what is `undefined` left out. Values that say the same have the same digest, whatever order they were built in.
 */
export const digestOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

function canonicalJson(value: unknown): string {
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const parts = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, part]) => `${JSON.stringify(key)}:${canonicalJson(part)}`);
  return `{${parts.join(',')}}`;
}
