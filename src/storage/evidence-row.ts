import type { Evidence } from '../reports/evidence.js';
import { dateFrom, packed, unpacked } from './packed.js';

/** A piece of evidence as properties of a row; its id stands in the row key. What people typed is kept as JSON, which holds any text. */
export const evidenceProperties = ({ id: _, ...evidence }: Evidence): Record<string, string> =>
  packed('evidence', evidence);

/** @throws where the row does not hold what {@link evidenceProperties} made. */
export function toEvidence(id: string, row: object): Evidence {
  const kept = unpacked<Omit<Evidence, 'id' | 'receivedAt'> & { receivedAt: string }>('evidence', row);
  return { ...kept, id, receivedAt: dateFrom(kept.receivedAt) };
}
