import type { Evidence } from './evidence.js';
import type { Report } from './report.js';
import type { Route } from './route.js';

/** Who did something: a person by Entra object id, or Policy Desk itself. */
export type Actor = { readonly personId: string } | { readonly system: true };

/** What can happen to a case so far. Words and names stand in the event; none of it goes to a log file. */
export type Happening =
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
    };

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

export type CaseState = 'new' | 'withdrawn';

export type Severity = 'normal' | 'high' | 'urgent';

/** Report, evidence, state and case log together. */
export interface Case {
  readonly report: Report;
  readonly evidence: readonly Evidence[];
  readonly log: readonly CaseEvent[];
}
