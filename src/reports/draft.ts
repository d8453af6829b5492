import type { Evidence } from './evidence.js';
import type { Answers, Danger } from './report.js';

export const STEPS = ['what', 'where', 'words', 'evidence', 'wishes'] as const;
/** One card of a report. A report on child safety has the step `told` alone. */
export type Step = (typeof STEPS)[number] | 'told';

/** `writing`: open. `submitting`: the person has pressed Submit, and the case may or may not have been committed yet. */
export type DraftState = 'writing' | 'submitting';

/** A report being written; belongs to one person, survives restarts, expires after 14 days. */
export interface Draft {
  /** 24 lower-case hexadecimal digits, random. */
  readonly id: string;
  readonly schoolId: string;
  /** Entra object id of the person it belongs to. */
  readonly personId: string;
  readonly personName: string | null;
  /** The reference it will have once submitted, so that submitting twice gives the same. */
  readonly reference: string;
  readonly state: DraftState;
  readonly step: Step;
  /** Steps that were filled in without a fault. */
  readonly done: readonly Step[];
  /** `null` until the safety questions are answered; empty: none of them. Any of them makes it a report on child safety. */
  readonly dangers: readonly Danger[] | null;
  readonly answers: Answers;
  readonly startedAt: Date;
  readonly changedAt: Date;
  /** When the person was warned that it will be deleted. */
  readonly warnedAt: Date | null;
  /** The card that shows it in the person's chat, to be redrawn as files arrive. */
  readonly card: { readonly conversationId: string; readonly activityId: string } | null;
}

/** A draft as read, with its evidence in the order received and the version (ETag) that a change must name. */
export interface StoredDraft {
  readonly draft: Draft;
  readonly evidence: readonly Evidence[];
  readonly version: string;
  /** How many deliveries the person's drafts have caused so far. */
  readonly deliveries: number;
}

/** What became of a draft that is no longer open. */
export interface FinishedDraft {
  readonly id: string;
  /** `null` for one that was discarded or has expired. */
  readonly reference: string | null;
  readonly at: Date;
}
