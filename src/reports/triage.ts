import type { NewDelivery } from '../schools/delivery.js';
import { personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import { mayHold, mayRead } from './access.js';
import type { Case, Happening } from './case.js';
import {
  type Changeable,
  cardsOf,
  changed,
  newCards,
  type Refusal,
  redrawn,
  routeOnward,
  sameId,
  targetsBrought,
} from './case-change.js';
import { isOneOf, type Route } from './route.js';
import { standingOf } from './standing.js';
import type { CaseChange } from './stores.js';
import { happeningOf, type TriageAction, type TriageTurn, type TriageVerb } from './triage-action.js';
import { before, faultIn, notInState, overtaken } from './triage-checks.js';

export type { TriageAction, TriageTurn, TriageVerb } from './triage-action.js';
export { ALLOWED } from './triage-checks.js';

/** `done`: exactly this was done already, by the same person since the card was drawn; there is nothing to commit. */
export type TriageResult = CaseChange | Refusal | { readonly done: true };

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
  const what = happeningOf(action, current, profile);
  const earlier = before(what, current, turn);
  // Also to somebody who has passed it on by that very step and may not see it any more.
  if (earlier === 'done') return { done: true };
  if (!mayRead(current, profile, turn.by)) return { refused: NOT_ALLOWED };
  if (HOLDS.has(action.do) && !mayHold(current, profile, turn.by)) return { refused: NOT_HOLDING };
  const refused =
    overtaken(current, profile, what, turn) ??
    (earlier === 'undone' ? CHANGED_SINCE : undefined) ??
    notInState(current, profile, action) ??
    faultIn(action, current, profile, turn.now);
  return refused === undefined ? committed(stored, profile, what, turn) : { refused };
}

export const NOT_ALLOWED =
  'You cannot act on this report: the school’s profile does not let you, it is not for you to see, or it has been deleted. Nothing has been changed.';

export const NOT_HOLDING =
  'Only the Headteacher, a deputy, a designated safeguarding lead or whoever the report was sent to decides on legal hold. Please ask one of them. Nothing has been changed.';

/** What only those do who answer for keeping the case. */
export const HOLDS: ReadonlySet<TriageVerb> = new Set<TriageVerb>(['hold', 'release_hold']);

const CHANGED_SINCE = 'This case has changed since that card was drawn. The card shows it as it is now.';

/** Notes and references are no answer to the reporter yet, so the case stays to be acknowledged. */
const ACKNOWLEDGES: ReadonlySet<Happening['kind']> = new Set<Happening['kind']>([
  ...(['assigned', 'question_asked', 'category_changed', 'severity_changed', 'action_taken', 'post_marked'] as const),
  'closed',
]);

function committed(stored: Changeable, profile: SchoolProfile, bare: Happening, turn: TriageTurn): CaseChange {
  const { case: current } = stored;
  const { state } = standingOf(current);
  const [what, brought] = brings(stored, profile, bare, turn);
  const acknowledges = state === 'new' && ACKNOWLEDGES.has(what.kind) && !isPassedOn(what, turn.by);
  const whats: readonly Happening[] = acknowledges ? [{ kind: 'acknowledged' }, what] : [what];
  // Those that bring cards come first, as the events count their orders from there.
  const deliveries = [...brought, ...toReporter(current, whats), ...redrawn(current)];
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
  const route = safetyRoute(current, profile, by);
  const cards = newCards(report.reference, targetsBrought(route, cardsOf(current.log), { personId: by }));
  return [{ ...what, route, firstDelivery: deliveries + 1 }, cards];
}

/** A case that turns out to be about a child's safety never comes to stand in the channel by that, and never is left to nobody. */
function safetyRoute(current: Case, profile: SchoolProfile, by: string): Route {
  const decided = routeOnward(current, profile, 'child_safety');
  const channel = decided.channel && standingOf(current).route.channel;
  if (decided.people.length > 0) return { ...decided, channel, way: 'safeguarding' };
  return { ...decided, channel, way: 'safeguarding', people: [personIn(profile, by)?.id ?? by] };
}

/** Whether it leaves the case to people of whom its actor is none, who have yet to acknowledge it. */
const isPassedOn = (what: Happening, by: string): boolean =>
  what.kind === 'category_changed' && what.route !== undefined && !isOneOf(what.route.people, by);

/** Told is the last of what happened that is told at all: a question is an acknowledgement, too. */
function toReporter({ report, log }: Case, whats: readonly Happening[]): readonly NewDelivery[] {
  const told = whats.flatMap(({ kind }, at) => {
    const message = TOLD[kind];
    return message === undefined ? [] : [{ message, number: log.length + at + 1 }];
  });
  const last = told.at(-1);
  if (!last) return [];
  const refs = { reference: report.reference, event: String(last.number) };
  const target = { to: 'person', personId: report.reporter.personId } as const;
  return [{ kind: last.message, refs, target, placement: { at: 'new' } }];
}

/** What its reporter is told of in a message. */
const TOLD: Readonly<Partial<Record<Happening['kind'], string>>> = {
  acknowledged: 'case.acknowledged',
  question_asked: 'case.question',
  closed: 'case.closed',
  reopened: 'case.reopened',
};
