import type { Category } from '../policies/category.js';
import type { Evidence } from './evidence.js';
import type { Report } from './report.js';
import type { Route } from './route.js';

/** Who did something: a person by Entra object id, or Policy Desk itself. */
export type Actor = { readonly personId: string } | { readonly system: true };

/** What can happen to a case. Words and names stand in the event; none of it goes to a log file. */
export type Happening = Reported | Triaged | Noticed;

/** What its reporter does, and where it goes. */
export type Reported =
  | { readonly kind: 'submitted'; readonly report: string; readonly route: Route; readonly clauses: readonly string[] }
  | {
      readonly kind: 'evidence_added';
      readonly evidence: string;
      readonly sha256: string;
      readonly bytes: number;
      readonly type: string;
      /** `digestOf` the evidence as it is kept, so that when and where it was seen cannot be changed unnoticed either. */
      readonly digest: string;
    }
  | { readonly kind: 'words_added'; readonly words: string }
  | { readonly kind: 'withdrawn'; readonly reason: string }
  /** A recipient could not be reached; the case went elsewhere, or nowhere. */
  | {
      readonly kind: 'rerouted';
      readonly unreachable: readonly string[];
      readonly route: Route;
      /** The order of the first delivery this caused. Those of `submitted` begin at 1. */
      readonly firstDelivery: number;
    }
  /** `question`: number of the event that asked. */
  | { readonly kind: 'question_answered'; readonly question: number; readonly words: string };

/** What triagers do. */
export type Triaged =
  | { readonly kind: 'acknowledged' }
  /** `to`: Entra object id. `card`: order of the delivery that brought that person the case; `null` where they had it already. */
  | { readonly kind: 'assigned'; readonly to: string; readonly card: number | null }
  | { readonly kind: 'question_asked'; readonly words: string }
  /** For triagers alone. */
  | { readonly kind: 'note_added'; readonly words: string }
  /** What brings it to other people as well says to whom, as `rerouted` does. */
  | {
      readonly kind: 'category_changed';
      readonly from: Category;
      readonly to: Category;
      readonly reason: string;
      readonly route?: Route;
      readonly firstDelivery?: number;
    }
  | { readonly kind: 'severity_changed'; readonly from: Severity; readonly to: Severity; readonly reason: string }
  /** `on`: the day, as `2026-11-20`. `who`: whom it was with, as typed; may be empty, as may `words`. */
  | {
      readonly kind: 'action_taken';
      readonly action: ActionTaken;
      readonly on: string;
      readonly who: string;
      readonly words: string;
    }
  | { readonly kind: 'post_marked'; readonly as: PostMark; readonly on: string }
  /** Another case of the same school, by reference. */
  | { readonly kind: 'linked'; readonly to: string }
  /** The reference that the school's safeguarding system (CPOMS, MyConcern) gives it. */
  | { readonly kind: 'recorded_elsewhere'; readonly as: string }
  | { readonly kind: 'closed'; readonly outcome: CaseOutcome; readonly message: string }
  | { readonly kind: 'reopened'; readonly reason: string }
  /** Legal hold: it is not deleted, however old, until that is taken back. */
  | { readonly kind: 'hold_placed'; readonly reason: string }
  | { readonly kind: 'hold_released'; readonly reason: string };

/** What is only noted: who looked, and whom Policy Desk reminded. None of it changes the state. */
export type Noticed =
  /** All of it was sent to the person's own chat. `card`: order of that delivery. */
  | { readonly kind: 'opened'; readonly card: number }
  | { readonly kind: 'evidence_viewed'; readonly evidence: string; readonly what: 'viewing_copy' | 'original' }
  | { readonly kind: 'exported' }
  /** Found and copied for a subject access request, by whoever runs Policy Desk. */
  | { readonly kind: 'subject_copied' }
  /** Its time is nearly over. `on`: the first day on which it may be deleted. `people`: Entra object ids of who was told; they may read the case from then on. */
  | { readonly kind: 'deletion_announced'; readonly on: string; readonly people: readonly string[] }
  /** Nobody had acknowledged it. `slot` names the one time this reminder is for, so that it is sent once. */
  | {
      readonly kind: 'reminded';
      readonly step: ReminderStep;
      readonly slot: string;
      /** Entra object ids; they may read the case from then on. */
      readonly people: readonly string[];
    };

export const ACTIONS_TAKEN = [
  'contacted_platform',
  'asked_for_removal',
  'spoke_to_parent',
  'complaints_procedure',
  'told_police',
  'told_lado',
  'told_dsl',
  'told_authority_or_trust',
  'disciplinary_procedure',
  'support_offered',
] as const;
/** What was done about a case, outside Policy Desk. */
export type ActionTaken = (typeof ACTIONS_TAKEN)[number];

/** What became of the post. */
export const POST_MARKS = ['removed', 'refused'] as const;
export type PostMark = (typeof POST_MARKS)[number];

export const OUTCOMES = ['resolved', 'passed_on', 'no_breach', 'not_enough_known', 'duplicate'] as const;
/** How a case ended. */
export type CaseOutcome = (typeof OUTCOMES)[number];

/** `recipients`: those it was sent to; `stand_in`: the deputy, or whoever is next; `hourly`: a child's safety. */
export type ReminderStep = 'recipients' | 'stand_in' | 'hourly';

/** One entry of the append-only case log. */
export interface CaseEvent {
  /** From 1. */
  readonly number: number;
  readonly at: Date;
  readonly by: Actor;
  readonly what: Happening;
  /** Hash of the event before; 64 zeros for the first. */
  readonly previous: string;
  /** SHA-256, in lower-case hexadecimal, over all of the above and the case's school and reference. */
  readonly hash: string;
}

/** `new`: nobody has acknowledged it. `open`: somebody has. `withdrawn`: its reporter took it back. */
export const CASE_STATES = ['new', 'open', 'closed', 'withdrawn'] as const;
export type CaseState = (typeof CASE_STATES)[number];

export const SEVERITIES = ['normal', 'high', 'urgent'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Report, evidence, state and case log together. */
export interface Case {
  readonly report: Report;
  readonly evidence: readonly Evidence[];
  readonly log: readonly CaseEvent[];
}
