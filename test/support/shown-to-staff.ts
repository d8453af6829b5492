/** What somebody was shown of one report, and what they had given for it. */
export interface Shown {
  readonly personId: string;
  /** Words that stand in no other report. */
  readonly words: string;
  readonly about: 'school' | 'headteacher';
  draftId: string;
  /** Files that were said to be kept. */
  readonly files: { readonly sha256: string; readonly bytes: Uint8Array }[];
  /** Each time that a receipt was shown, its reference. */
  readonly receipts: string[];
}

/** Figures over all staff. */
export interface Tally {
  answers: number;
  /** Answers that never came: nobody knows what became of what was pressed. */
  unclear: number;
  /** Answers that it was not kept just now. */
  refused: number;
  uploads: number;
  /** Under way at this moment. */
  readonly underWay: Map<string, number>;
}

export const newTally = (): Tally => ({ answers: 0, unclear: 0, refused: 0, uploads: 0, underWay: new Map() });
