import type { EvidenceOutcome, EvidenceWay } from './evidence.js';
import type { DraftOwner } from './stores.js';

/** What a file is added to: a draft being written, or a report already made. */
export type EvidenceTarget =
  | { readonly kind: 'draft'; readonly draftId: string }
  | { readonly kind: 'case'; readonly reference: string };

/** A file that has been read whole, within the limit of size. */
export interface IncomingFile {
  readonly owner: DraftOwner;
  readonly target: EvidenceTarget;
  readonly bytes: Uint8Array;
  readonly way: EvidenceWay;
  /** What it shows, where said with it. */
  readonly seen?: { readonly seenOn: string; readonly seenTime: string; readonly seenWhere: string };
}

/** The one way in for evidence: a picture in the chat, a file in the chat and the upload page all end here. */
export interface EvidenceIntake {
  /**
   * Checks a file by its content, stores it byte for byte, makes the viewing copy, and notes it in the draft or the case.
   * A draft that has been submitted meanwhile takes it as its case.
   * Rejects only when storage cannot be reached in time; what was acknowledged is kept.
   */
  take(file: IncomingFile): Promise<EvidenceOutcome>;
  /** Why nothing can be added there now, found without any file; `undefined` when it can. */
  refusalFor(
    owner: DraftOwner,
    target: EvidenceTarget,
  ): Promise<Extract<EvidenceOutcome, { kind: 'refused' }>['reason'] | undefined>;
}
