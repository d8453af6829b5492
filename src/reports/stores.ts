import type { NewDelivery, OutboxPlace } from '../schools/delivery.js';
import type { Case, CaseEvent } from './case.js';
import type { Draft, FinishedDraft, StoredDraft } from './draft.js';
import type { Evidence } from './evidence.js';

/** Names a draft; never read from a card alone. */
export interface DraftOwner {
  readonly schoolId: string;
  readonly personId: string;
}

/** Where drafts are kept: one open at a time for each person. Every method rejects only when the store cannot be reached in time. */
export interface DraftStore {
  /** The person's open draft. */
  open(owner: DraftOwner): Promise<StoredDraft | undefined>;
  /** @returns `undefined` when the person has an open one already. */
  create(draft: Draft): Promise<StoredDraft | undefined>;
  /** @param deliveries owed because of the change, committed with it. @returns `undefined` when another has changed it since it was read. */
  save(stored: StoredDraft, draft: Draft, deliveries?: readonly NewDelivery[]): Promise<StoredDraft | undefined>;
  /** `gone`: that draft is no longer open. `full`: it has as many files as a report takes. */
  addEvidence(
    owner: DraftOwner,
    draftId: string,
    evidence: Evidence,
  ): Promise<
    | { readonly kind: 'added' | 'same'; readonly evidence: Evidence; readonly count: number }
    | { readonly kind: 'gone' | 'full' }
  >;
  /** Says what a piece of evidence shows. @returns `undefined` when it is not there. */
  describeEvidence(
    owner: DraftOwner,
    draftId: string,
    evidenceId: string,
    seen: Pick<Evidence, 'seenOn' | 'seenTime' | 'seenWhere'>,
  ): Promise<Evidence | undefined>;
  removeEvidence(owner: DraftOwner, draftId: string, evidenceId: string): Promise<void>;
  /**
   * Closes a draft: its words and evidence rows go, and what became of it stays.
   *
   * @param reference `null` when it was discarded or has expired.
   * @returns `false` when it or its evidence has changed since it was read.
   */
  finish(stored: StoredDraft, reference: string | null, at: Date): Promise<boolean>;
  finished(owner: DraftOwner, draftId: string): Promise<FinishedDraft | undefined>;
  /** References of what a person has submitted, newest first. */
  submittedBy(owner: DraftOwner): Promise<readonly FinishedDraft[]>;
  /** Removes that a person has submitted a case, with the messages that led to it; a person of whom nothing else is kept goes too. */
  forget(owner: DraftOwner, reference: string): Promise<void>;
  /** Open drafts of every school that nobody has changed since a time, oldest first as far as cheap. */
  untouchedSince(time: Date): AsyncIterable<StoredDraft>;
  /** Where the deliveries lie that a draft has caused. */
  placeOf(owner: DraftOwner): OutboxPlace;
}

/** A case as read, with the version (ETag) that a change must name. */
export interface StoredCase {
  readonly case: Case;
  readonly version: string;
  /** How many deliveries it has caused so far. */
  readonly deliveries: number;
}

/** What is committed together with a change of a case. */
export interface CaseChange {
  readonly case: Case;
  /** The events that are new. */
  readonly events: readonly CaseEvent[];
  /** Evidence that is new. */
  readonly evidence: readonly Evidence[];
  readonly deliveries: readonly NewDelivery[];
  readonly at: Date;
}

/** Some cases cannot be read as they were kept; `npm run verify` names them. */
export class UnreadableCases extends Error {
  constructor(readonly count: number) {
    super(`Cases that cannot be read as they were kept: ${count}. npm run verify names them.`);
  }
}

/** The cases, or what is left of them, that can be read. @param onUnreadable told at the end how many there are besides, where there are any. */
export async function* readable<T = StoredCase>(
  cases: AsyncIterable<T>,
  onUnreadable: (count: number) => void = () => undefined,
): AsyncIterable<T> {
  try {
    yield* cases;
  } catch (error) {
    if (!(error instanceof UnreadableCases)) throw error;
    onUnreadable(error.count);
  }
}

/** Where cases are kept, each in one partition; one that was deleted is not there. Every method rejects only when the store cannot be reached in time. */
export interface CaseStore {
  /** Where the deliveries of a case lie. */
  placeOf(schoolId: string, reference: string): OutboxPlace;
  /** Commits a new case, all of it or nothing. @returns where it lies; `undefined` when there is one of that reference already. */
  create(change: CaseChange): Promise<OutboxPlace | undefined>;
  find(schoolId: string, reference: string): Promise<StoredCase | undefined>;
  /** Appends to a case. @returns `undefined` when another has changed it since it was read. */
  change(stored: StoredCase, change: CaseChange): Promise<OutboxPlace | undefined>;
  /** Whether a case has ever owed anybody a delivery of this kind. What a turn has sent by itself was not owed. */
  hasOwed(schoolId: string, reference: string, kind: string): Promise<boolean>;
  /** Cases that are neither closed nor withdrawn, of a school or of all schools, whole. Ends with {@link UnreadableCases} when some cannot be read. */
  unfinished(schoolId?: string): AsyncIterable<StoredCase>;
  /** Every case of a school, or of all schools, whole. Ends as {@link unfinished} does. */
  all(schoolId?: string): AsyncIterable<StoredCase>;
  /** Cases of a school that were closed or withdrawn last before a time, whole. Ends as {@link unfinished} does. */
  endedBefore(schoolId: string, time: Date): AsyncIterable<StoredCase>;
}

/** Where the bytes of evidence are: originals and, beside them, viewing copies. Every method rejects only when the store cannot be reached in time. */
export interface EvidenceFiles {
  /** Keeps the original, to the byte. Never overwrites one. */
  keepOriginal(place: EvidencePlace, bytes: Uint8Array, type: string): Promise<void>;
  keepViewing(place: EvidencePlace, bytes: Uint8Array, type: string): Promise<void>;
  original(place: EvidencePlace): Promise<Uint8Array | undefined>;
  viewing(place: EvidencePlace): Promise<Uint8Array | undefined>;
  remove(place: EvidencePlace): Promise<void>;
  /** Everything below one reference, as for a draft that was discarded. */
  removeAll(schoolId: string, reference: string): Promise<void>;
}

export interface EvidencePlace {
  readonly schoolId: string;
  readonly reference: string;
  readonly evidenceId: string;
}
