import type { Delivery, NewDelivery, OutboxPlace } from '../schools/delivery.js';
import { digestOf } from './case-log.js';
import type { Route } from './route.js';
import type { StoredCase } from './stores.js';

/** `retention`: its time was over. `early`: whoever runs Policy Desk deleted it before that, as the school had decided. */
export type DeletionReason = 'retention' | 'early';

/** What is left of a case that was deleted: that there was one, when, and hashes by which copies handed over can be told. No words, no names. */
export interface Certificate {
  readonly schoolId: string;
  readonly reference: string;
  readonly way: Route['way'];
  readonly submittedAt: Date;
  /** When it was closed or withdrawn last. */
  readonly endedAt: Date;
  readonly deletedAt: Date;
  readonly reason: DeletionReason;
  /** How many events its log had, and the hash of the last. */
  readonly events: number;
  readonly lastHash: string;
  /** SHA-256 of each original, with its size, in the order received. */
  readonly evidence: readonly { readonly sha256: string; readonly bytes: number }[];
}

/** SHA-256 over a certificate, in lower-case hexadecimal; kept beside it. */
export const certificateHash = (certificate: Certificate): string => digestOf(certificate);

/** A deletion that was committed. From then on the case is gone for everyone; `complete` once nothing of it is left but this. */
export interface StoredDeletion {
  readonly certificate: Certificate;
  readonly hash: string;
  readonly complete: boolean;
}

/**
 * Where cases are deleted, and what is left of them. A deletion that was begun is carried on by whoever finds it, after whatever
 * crash: every step may be done again. Every method rejects only when the store cannot be reached in time.
 */
export interface DeletionStore {
  /**
   * Commits that a case is deleted, together with what its conversations are told: from then on no store finds it, and there is
   * never another of its reference.
   *
   * @returns where the deliveries lie; `undefined` when another has changed the case since it was read.
   */
  begin(
    stored: StoredCase,
    certificate: Certificate,
    deliveries: readonly NewDelivery[],
  ): Promise<OutboxPlace | undefined>;
  find(schoolId: string, reference: string): Promise<StoredDeletion | undefined>;
  /** Every certificate of a school, or of all schools. Ends with `UnreadableCases` when some cannot be read. */
  all(schoolId?: string): AsyncIterable<StoredDeletion>;
  /** The deletions of a school that are not complete. Ends as {@link all} does. */
  begun(schoolId: string): AsyncIterable<StoredDeletion>;
  /** All that a case has caused to be sent, deleted or not, in order. */
  deliveries(schoolId: string, reference: string): Promise<readonly Delivery[]>;
  /**
   * Commits what else its conversations are told.
   *
   * @param known how many deliveries there were. @returns `undefined` when another has told them something since.
   */
  owe(
    certificate: Certificate,
    known: number,
    deliveries: readonly NewDelivery[],
    at: Date,
  ): Promise<OutboxPlace | undefined>;
  /** Removes what is left of its rows but the certificate and the deliveries. */
  removeRows(certificate: Certificate): Promise<void>;
  /** Removes the deliveries as well, which name people, and notes that nothing else is left. */
  complete(certificate: Certificate): Promise<void>;
}
