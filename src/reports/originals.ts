import { createHash } from 'node:crypto';
import type { Case } from './case.js';
import { EVIDENCE_TYPES, type Evidence } from './evidence.js';
import { all } from './standing.js';

/** A piece of evidence as the case log says it came in. */
export interface Piece {
  /** From 1, in the order added. */
  readonly number: number;
  readonly id: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly type: string;
  /** `undefined`: what was said of it is not kept any more. */
  readonly evidence: Evidence | undefined;
}

/** What became of an original: as it came in, or what is there instead. */
export type Found =
  | { readonly state: 'sound' }
  | { readonly state: 'missing' }
  | { readonly state: 'changed'; readonly sha256: string; readonly bytes: number };

/** All that came in, by the log, which cannot be changed unnoticed; then what is there although no event says so. */
export function piecesOf({ evidence, log }: Case): readonly Piece[] {
  const byId = new Map(evidence.map((one) => [one.id, one]));
  const added = all(log, 'evidence_added').map(({ what }) => what);
  const known = new Set(added.map(({ evidence: id }) => id));
  return [
    ...added.map(({ evidence: id, sha256, bytes, type }) => ({ id, sha256, bytes, type, evidence: byId.get(id) })),
    ...evidence
      .filter(({ id }) => !known.has(id))
      .map((one) => ({ id: one.id, sha256: one.sha256, bytes: one.bytes, type: one.type, evidence: one })),
  ].map((piece, at) => ({ number: at + 1, ...piece }));
}

/** Compares an original with what the log says of it. */
export function foundAs({ sha256, bytes }: Piece, original: Uint8Array | undefined): Found {
  if (!original) return { state: 'missing' };
  const actual = createHash('sha256').update(original).digest('hex');
  return actual === sha256 && original.byteLength === bytes
    ? { state: 'sound' }
    : { state: 'changed', sha256: actual, bytes: original.byteLength };
}

const ENDING: Readonly<Record<(typeof EVIDENCE_TYPES)[number], string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'application/pdf': 'pdf',
};

/** The name a piece has in a copy of its case; `null` where there is nothing to give. Nothing in it was typed by anyone. */
export function nameOfPiece({ number, id, type }: Piece, found: Found): string | null {
  if (found.state === 'missing') return null;
  const known = EVIDENCE_TYPES.find((one) => one === type);
  const name = `evidence/${number}-${id.replace(/[^0-9a-z]/giu, '')}`;
  return `${name}${found.state === 'changed' ? '-changed' : ''}.${known ? ENDING[known] : 'bin'}`;
}

/** What is wrong with an original, in a sentence; `undefined` where nothing is. */
export function faultOf({ number, id, sha256, bytes }: Piece, found: Found): string | undefined {
  if (found.state === 'sound') return undefined;
  const expected = `It came in with ${bytes} bytes and the SHA-256 ${sha256}`;
  return found.state === 'missing'
    ? `The original of evidence ${number} (${id}) is missing from Policy Desk's storage. ${expected}.`
    : `The original of evidence ${number} (${id}) is not as it came in. ${expected}; it now has ${found.bytes} bytes and ${found.sha256}.`;
}
