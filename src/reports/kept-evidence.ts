import { createHash } from 'node:crypto';
import type { Case } from './case.js';
import { digestOf } from './case-log.js';
import type { Evidence } from './evidence.js';
import { all } from './standing.js';

/**
 * Whether a piece of evidence, and the bytes kept of it, are still what the case log says was added.
 *
 * @param what the original, or the viewing copy that was made of it.
 * @param bytes `undefined` where there are none any more.
 */
export function isAsAdded(
  { log }: Pick<Case, 'log'>,
  evidence: Evidence,
  what: 'viewing_copy' | 'original',
  bytes: Uint8Array | undefined,
): boolean {
  const added = all(log, 'evidence_added').find((event) => event.what.evidence === evidence.id)?.what;
  // The digest is over the whole row, the viewing copy's SHA-256 included.
  if (added?.digest !== digestOf(evidence) || added.sha256 !== evidence.sha256) return false;
  const expected = what === 'original' ? evidence.sha256 : evidence.viewing?.sha256;
  return bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === expected;
}
