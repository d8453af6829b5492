import type { Category } from '../policies/category.js';
import { personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { ActionTaken, Case, CaseOutcome, Happening, PostMark, Severity } from './case.js';
import { cleaned, LONGEST_TEXT, LONGEST_WORDS } from './fields.js';
import { standingOf } from './standing.js';

/** What a triager wants to do with a case. Texts are as typed. */
export type TriageAction =
  | { readonly do: 'acknowledge' }
  /** `to`: Entra object id of oneself or another. */
  | { readonly do: 'assign'; readonly to: string }
  | { readonly do: 'ask'; readonly words: string }
  | { readonly do: 'note'; readonly words: string }
  | { readonly do: 'change_category'; readonly to: Category; readonly reason: string }
  | { readonly do: 'change_severity'; readonly to: Severity; readonly reason: string }
  | {
      readonly do: 'record';
      readonly action: ActionTaken;
      readonly on: string;
      readonly who: string;
      readonly words: string;
    }
  | { readonly do: 'mark_post'; readonly as: PostMark; readonly on: string }
  /** `to`: reference of another case of the same school, which the caller has found and its actor may read. */
  | { readonly do: 'link'; readonly to: string }
  | { readonly do: 'record_elsewhere'; readonly as: string }
  | { readonly do: 'close'; readonly outcome: CaseOutcome; readonly message: string }
  | { readonly do: 'reopen'; readonly reason: string }
  | { readonly do: 'hold'; readonly reason: string }
  | { readonly do: 'release_hold'; readonly reason: string };

export type TriageVerb = TriageAction['do'];

/** Who wants it, when, and what they had before their eyes. */
export interface TriageTurn {
  /** Entra object id, from the turn. */
  readonly by: string;
  readonly now: Date;
  /** How many events the case had when the card was drawn that was pressed. It comes from a card: nothing but politeness rests on it. */
  readonly seen: number;
}

/** What an action makes happen, before it is known whom it brings the case to. */
export function happeningOf(action: TriageAction, current: Case, profile: SchoolProfile): Happening {
  const { category, severity } = standingOf(current);
  switch (action.do) {
    case 'acknowledge':
      return { kind: 'acknowledged' };
    case 'assign':
      return { kind: 'assigned', to: personIn(profile, action.to)?.id ?? action.to, card: null };
    case 'ask':
      return { kind: 'question_asked', words: cleaned(action.words, LONGEST_WORDS) };
    case 'note':
      return { kind: 'note_added', words: cleaned(action.words, LONGEST_WORDS) };
    case 'change_category':
      return { kind: 'category_changed', from: category, to: action.to, reason: cleaned(action.reason, LONGEST_TEXT) };
    case 'change_severity':
      return { kind: 'severity_changed', from: severity, to: action.to, reason: cleaned(action.reason, LONGEST_TEXT) };
    case 'record': {
      const [who, words] = [cleaned(action.who, LONGEST_TEXT), cleaned(action.words, LONGEST_WORDS)];
      return { kind: 'action_taken', action: action.action, on: action.on, who, words };
    }
    case 'mark_post':
      return { kind: 'post_marked', as: action.as, on: action.on };
    case 'link':
      return { kind: 'linked', to: action.to };
    case 'record_elsewhere':
      return { kind: 'recorded_elsewhere', as: cleaned(action.as, LONGEST_TEXT) };
    case 'close':
      return { kind: 'closed', outcome: action.outcome, message: cleaned(action.message, LONGEST_WORDS) };
    case 'reopen':
      return { kind: 'reopened', reason: cleaned(action.reason, LONGEST_TEXT) };
    case 'hold':
      return { kind: 'hold_placed', reason: cleaned(action.reason, LONGEST_TEXT) };
    case 'release_hold':
      return { kind: 'hold_released', reason: cleaned(action.reason, LONGEST_TEXT) };
  }
}
