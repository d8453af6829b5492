import type { Category } from '../policies/category.js';
import { dayAndTimeAt, isDay } from '../schools/calendar.js';
import type { NewDelivery } from '../schools/delivery.js';
import { personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import { timeAt } from '../schools/time.js';
import { assignableTo, mayRead } from './access.js';
import type { ActionTaken, Case, CaseEvent, CaseOutcome, CaseState, Happening, PostMark, Severity } from './case.js';
import {
  type Changeable,
  cardsOf,
  changed,
  newCards,
  questionOf,
  type Refusal,
  redrawn,
  sameId,
  targetsMissing,
} from './case-change.js';
import { digestOf } from './case-log.js';
import { tooLong } from './faults.js';
import { cleaned, LONGEST_TEXT, LONGEST_WORDS } from './fields.js';
import { routeFor } from './route.js';
import { standingOf } from './standing.js';
import type { CaseChange } from './stores.js';

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
  | { readonly do: 'reopen'; readonly reason: string };

export type TriageVerb = TriageAction['do'];

/** Who wants it, when, and what they had before their eyes. */
export interface TriageTurn {
  /** Entra object id, from the turn. */
  readonly by: string;
  readonly now: Date;
  /** How many events the case had when the card was drawn that was pressed. It comes from a card: nothing but politeness rests on it. */
  readonly seen: number;
}

/** `done`: exactly this was done already, by the same person since the card was drawn; there is nothing to commit. */
export type TriageResult = CaseChange | Refusal | { readonly done: true };

const ALWAYS = ['note', 'record', 'mark_post', 'link', 'record_elsewhere'] as const;
const WHILE_OPEN = ['assign', 'ask', 'change_category', 'change_severity', 'close', ...ALWAYS] as const;

/** What can be done in which state. What a triager does first with a new case, but for notes, acknowledges it as well. */
export const ALLOWED: Readonly<Record<CaseState, readonly TriageVerb[]>> = {
  new: ['acknowledge', ...WHILE_OPEN],
  open: WHILE_OPEN,
  closed: ['reopen', ...ALWAYS],
  withdrawn: ['reopen', ...ALWAYS],
};

/**
 * One step of triage: what is committed, or why not. Pure: who may is decided from the profile, what is possible from the case's
 * own log.
 */
export function triage(
  stored: Changeable,
  profile: SchoolProfile,
  action: TriageAction,
  turn: TriageTurn,
): TriageResult {
  const { case: current } = stored;
  if (!mayRead(current, profile, turn.by)) return { refused: NOT_ALLOWED };
  const what = happeningOf(action, current);
  if (isDone(current, what, turn)) return { done: true };
  const refused =
    overtaken(current, profile, what, turn) ??
    notInState(current, profile, action) ??
    faultIn(action, current, profile, turn.now);
  return refused === undefined ? committed(stored, profile, what, turn) : { refused };
}

export const NOT_ALLOWED =
  'You cannot act on this report: the school’s profile does not let you, or it is not for you to see. Nothing has been changed.';

/** What an action makes happen, before it is known whom it brings the case to. */
function happeningOf(action: TriageAction, current: Case): Happening {
  const { category, severity } = standingOf(current);
  switch (action.do) {
    case 'acknowledge':
      return { kind: 'acknowledged' };
    case 'assign':
      return { kind: 'assigned', to: action.to, card: null };
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
  }
}

const since = ({ log }: Case, { seen }: TriageTurn): readonly CaseEvent[] => log.filter(({ number }) => number > seen);

const isBy = ({ by }: CaseEvent, personId: string): boolean => 'personId' in by && sameId(by.personId, personId);

/** A button pressed twice, or a turn that Teams delivers again, does once. */
const isDone = (current: Case, what: Happening, turn: TriageTurn): boolean =>
  since(current, turn).some((event) => isBy(event, turn.by) && isSame(event.what, what));

/** Alike but for what depends on when it happened. */
function isSame(one: Happening, other: Happening): boolean {
  const bare = (what: Happening) => ({ ...what, card: null, from: null, route: null, firstDelivery: null });
  return digestOf(bare(one)) === digestOf(bare(other));
}

/** What can be undone by doing it again differently: whoever decides it has to know what another decided a moment ago. */
const DECISIONS: ReadonlySet<Happening['kind']> = new Set([
  ...([
    'acknowledged',
    'assigned',
    'category_changed',
    'severity_changed',
    'post_marked',
    'closed',
    'reopened',
  ] as const),
]);

function overtaken(current: Case, profile: SchoolProfile, what: Happening, turn: TriageTurn): string | undefined {
  if (!DECISIONS.has(what.kind)) return undefined;
  const first = since(current, turn).find((event) => event.what.kind === what.kind && !isBy(event, turn.by));
  return (
    first &&
    `${whoAndWhen(first, profile)} was first and ${DONE[first.what.kind] ?? 'changed it'}. The card shows it as it is now.`
  );
}

const DONE: Readonly<Partial<Record<Happening['kind'], string>>> = {
  acknowledged: 'acknowledged it',
  assigned: 'assigned it',
  category_changed: 'changed what it is about',
  severity_changed: 'changed how urgent it is',
  post_marked: 'said what became of the post',
  closed: 'closed it',
  reopened: 'opened it again',
  withdrawn: 'withdrew it',
};

/** "Helen Achebe (Fri 20 Nov 2026, 15:42)". */
function whoAndWhen({ by, at }: Pick<CaseEvent, 'by' | 'at'>, profile: SchoolProfile): string {
  const who = 'personId' in by ? (personIn(profile, by.personId)?.name ?? 'Somebody') : 'Policy Desk';
  return `${who} (${timeAt(at, profile.timeZone)})`;
}

function notInState(current: Case, profile: SchoolProfile, action: TriageAction): string | undefined {
  const { state, acknowledged, closed } = standingOf(current);
  if (ALLOWED[state].includes(action.do)) return undefined;
  if (action.do === 'reopen') return 'This case is open already.';
  if (state === 'withdrawn') return 'Whoever reported this has withdrawn it. Open it again first if it must go on.';
  if (closed) return `${whoAndWhen(closed, profile)} has closed this case. Open it again first.`;
  return acknowledged
    ? `${whoAndWhen(acknowledged, profile)} has acknowledged it already.`
    : 'That cannot be done now.';
}

/** What is wrong with what was typed or chosen, in one sentence that says how to go on. */
function faultIn(action: TriageAction, current: Case, profile: SchoolProfile, now: Date): string | undefined {
  const { category, severity, links, assignee } = standingOf(current);
  switch (action.do) {
    case 'assign':
      if (!assignableTo(current, profile).some(({ id }) => sameId(id, action.to)))
        return 'That person cannot be given this case. Please choose another.';
      return assignee !== null && sameId(assignee, action.to) ? 'That person has it already.' : undefined;
    case 'ask':
      return missing(action.words, 'what you want to ask', LONGEST_WORDS, 'Your question');
    case 'note':
      return missing(action.words, 'your note', LONGEST_WORDS, 'Your note');
    case 'change_category':
      if (action.to === category) return 'It is about that already. Please choose something else.';
      return missing(action.reason, 'why', LONGEST_TEXT, 'The reason');
    case 'change_severity':
      if (action.to === severity) return 'It is that urgent already. Please choose something else.';
      return missing(action.reason, 'why', LONGEST_TEXT, 'The reason');
    case 'record':
      return (
        dayFault(action.on, profile, now) ??
        tooLong(cleaned(action.who, LONGEST_TEXT), LONGEST_TEXT, 'Who it was with') ??
        tooLong(cleaned(action.words, LONGEST_WORDS), LONGEST_WORDS, 'Your note')
      );
    case 'mark_post':
      return dayFault(action.on, profile, now);
    case 'link':
      if (action.to === current.report.reference) return 'That is this case itself. Please give another reference.';
      return links.includes(action.to) ? 'These two are linked already.' : undefined;
    case 'record_elsewhere':
      return missing(action.as, 'the reference that the other system gave it', LONGEST_TEXT, 'The reference');
    case 'close':
      return missing(action.message, 'what the reporter is to be told', LONGEST_WORDS, 'The message');
    case 'reopen':
      return missing(action.reason, 'why', LONGEST_TEXT, 'The reason');
    default:
      return undefined;
  }
}

function missing(typed: string, what: string, longest: number, name: string): string | undefined {
  const words = cleaned(typed, longest);
  return words === '' ? `Please type ${what}.` : tooLong(words, longest, name);
}

function dayFault(day: string, profile: SchoolProfile, now: Date): string | undefined {
  if (!isDay(day)) return 'Please choose the day on which it was done.';
  return day > dayAndTimeAt(now, profile.timeZone).day ? 'That day is still to come. Please correct it.' : undefined;
}

/** Notes and references are no answer to the reporter yet, so the case stays to be acknowledged. */
const ACKNOWLEDGES: ReadonlySet<Happening['kind']> = new Set<Happening['kind']>([
  ...(['assigned', 'question_asked', 'category_changed', 'severity_changed', 'action_taken', 'post_marked'] as const),
  'closed',
]);

function committed(stored: Changeable, profile: SchoolProfile, bare: Happening, turn: TriageTurn): CaseChange {
  const { case: current } = stored;
  const { state } = standingOf(current);
  const [what, brought] = brings(stored, profile, bare, turn);
  const acknowledges = state === 'new' && ACKNOWLEDGES.has(what.kind);
  const whats: readonly Happening[] = acknowledges ? [{ kind: 'acknowledged' }, what] : [what];
  // Those that bring cards come first, as the events count their orders from there.
  const deliveries = [
    ...brought,
    ...toReporter(current, what, current.log.length + whats.length, acknowledges),
    ...redrawn(current),
  ];
  return changed(current, { personId: turn.by }, turn.now, whats, { deliveries });
}

/** The event with the orders of the cards that it brings to people who have none, or are to look now. */
function brings(
  { case: current, deliveries }: Changeable,
  profile: SchoolProfile,
  what: Happening,
  { by }: TriageTurn,
): readonly [Happening, readonly NewDelivery[]] {
  const { report } = current;
  const refs = { reference: report.reference };
  if (what.kind === 'assigned' && !sameId(what.to, by)) {
    const target = { to: 'person', personId: what.to } as const;
    return [{ ...what, card: deliveries + 1 }, [{ kind: 'case.assigned', refs, target, placement: { at: 'new' } }]];
  }
  if (what.kind !== 'category_changed' || what.to !== 'child_safety') return [what, []];
  const unreachable = current.log.flatMap(({ what: past }) => (past.kind === 'rerouted' ? past.unreachable : []));
  const decided = routeFor(profile, { ...questionOf(report, unreachable), category: 'child_safety' });
  const { route: now } = standingOf(current);
  // Whoever has it keeps it: it has become more serious, not other people's business.
  const people = [...new Set([...decided.people, ...now.people])].filter((id) => !decided.recused.includes(id));
  const route = { ...decided, people, channel: now.channel && decided.channel };
  const cards = newCards(report.reference, targetsMissing(route, cardsOf(current.log)));
  return [{ ...what, route, firstDelivery: deliveries + 1 }, cards];
}

/** @param number of the event in question. */
function toReporter({ report }: Case, what: Happening, number: number, acknowledges: boolean): readonly NewDelivery[] {
  const target = { to: 'person', personId: report.reporter.personId } as const;
  const kind = TOLD[what.kind] ?? (acknowledges ? TOLD.acknowledged : undefined);
  if (kind === undefined) return [];
  const refs = { reference: report.reference, event: String(number) };
  return [{ kind, refs, target, placement: { at: 'new' } }];
}

/** What its reporter is told of in a message. */
const TOLD: Readonly<Partial<Record<Happening['kind'], string>>> = {
  acknowledged: 'case.acknowledged',
  question_asked: 'case.question',
  closed: 'case.closed',
  reopened: 'case.reopened',
};
