import type { Category } from '../policies/category.js';
import { type NewDelivery, type Target, targetKey } from '../schools/delivery.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { Actor, Case, CaseEvent, Happening } from './case.js';
import { appended } from './case-log.js';
import type { Evidence } from './evidence.js';
import type { Report } from './report.js';
import { isOneOf, type Route, type RouteQuestion, routeFor } from './route.js';
import { standingOf } from './standing.js';
import type { CaseChange, StoredCase } from './stores.js';

/** Why nothing was changed, in one sentence for the person who asked for it. */
export interface Refusal {
  readonly refused: string;
}

/** A case as it is to be changed: how many deliveries it has caused decides the orders of those to come. */
export type Changeable = Pick<StoredCase, 'case' | 'deliveries'>;

/** The card of a case in one conversation, and the order of the delivery that brought it. */
interface CaseCard {
  readonly order: number;
  readonly target: Target;
}

/** What is committed when these things happen, one after the other, to a case. */
export function changed(
  current: Case,
  by: Actor,
  at: Date,
  whats: readonly Happening[],
  {
    evidence = [],
    deliveries,
  }: { readonly evidence?: readonly Evidence[]; readonly deliveries: readonly NewDelivery[] },
): CaseChange {
  const events: CaseEvent[] = [];
  for (const what of whats) events.push(appended(current.report, [...current.log, ...events], { at, by, what }));
  const after: Case = {
    report: current.report,
    evidence: [...current.evidence, ...evidence],
    log: [...current.log, ...events],
  };
  return { case: after, events, evidence, deliveries, at };
}

/** The conversations a route names, in the order in which a new case's deliveries are numbered. */
export const targetsOf = ({ channel, people }: Pick<Route, 'channel' | 'people'>): readonly Target[] => [
  ...(channel ? [{ to: 'headteacher_channel' as const }] : []),
  ...people.map((personId) => ({ to: 'person' as const, personId })),
];

/** What a submitted report's route is decided from. */
export const questionOf = (report: Report, unreachable: readonly string[] = []): RouteQuestion => ({
  ...report.answers,
  category: report.category,
  reporterId: report.reporter.personId,
  unreachable,
});

/** Who could not be reached so far: Entra object ids, and the channel. */
export const unreachableIn = (log: readonly CaseEvent[]): readonly string[] => [
  ...new Set(log.flatMap(({ what }) => (what.kind === 'rerouted' ? what.unreachable : []))),
];

/**
 * Where a case goes from where it is: to whom the profile, as it is now, would send a report of this category, and whoever has it
 * already keeps it. Nobody who was once found to be involved gets it.
 */
export function routeOnward(
  { report, log }: Pick<Case, 'report' | 'log'>,
  profile: SchoolProfile,
  category: Category,
  unreachable = unreachableIn(log),
): Route {
  const { route: before } = standingOf({ report, log });
  const decided = routeFor(profile, { ...questionOf(report, unreachable), category, recused: before.recused });
  const lost = [...decided.people, ...decided.recused, ...unreachable];
  const kept = before.people.filter((id) => !isOneOf(lost, id));
  const way = decided.way === 'nobody' && kept.length > 0 ? before.way : decided.way;
  return { ...decided, way, people: [...decided.people, ...kept] };
}

/** A new case's card for each conversation. */
export const newCards = (reference: string, targets: readonly Target[]): readonly NewDelivery[] =>
  targets.map((target) => ({ kind: 'case.new', refs: { reference }, target, placement: { at: 'new' } }));

/** Every card of a case drawn again in its place, but where the case has been taken away. */
export function redrawn(current: Case): readonly NewDelivery[] {
  const refs = { reference: current.report.reference };
  return cardsOf(current.log)
    .filter(({ target }) => isStillThere(current, target))
    .map(({ order, target }) => ({ kind: 'case.changed', refs, target, placement: { at: 'in_place_of', order } }));
}

/** Whether a person who opened it may still read it is decided when it is drawn, by the profile as it is then. */
function isStillThere({ report, log }: Case, target: Target): boolean {
  const named = targetsOf(standingOf({ report, log }).route).map(targetKey);
  const given = log.flatMap(({ by, what }) => {
    if (what.kind === 'assigned') return [what.to];
    return what.kind === 'opened' && 'personId' in by ? [by.personId] : [];
  });
  const key = targetKey(target);
  return named.includes(key) || given.some((personId) => targetKey({ to: 'person', personId }) === key);
}

/** Below the case's card in the channel, where it has one. */
export const belowChannelCard = (current: Case): Pick<NewDelivery, 'target' | 'placement'> | undefined => {
  const card = cardsOf(current.log).find(({ target }) => target.to === 'headteacher_channel');
  return card && isStillThere(current, card.target)
    ? { target: card.target, placement: { at: 'below', order: card.order } }
    : undefined;
};

/**
 * The cards of a case and the orders of the deliveries that brought them, one for each conversation: the latest. Deliveries are
 * numbered in the order committed, and every event that brings cards says with which number they begin, so that this holds
 * whatever else was delivered in between.
 */
export function cardsOf(log: readonly CaseEvent[]): readonly CaseCard[] {
  const cards = new Map<string, CaseCard>();
  const put = (target: Target, order: number) => cards.set(targetKey(target), { target, order });
  for (const { by, what } of log) {
    if (what.kind === 'opened' && 'personId' in by) put({ to: 'person', personId: by.personId }, what.card);
    else if (what.kind === 'assigned' && what.card !== null) put({ to: 'person', personId: what.to }, what.card);
    else if ('route' in what && what.route) {
      const first = what.kind === 'submitted' ? 1 : (what.firstDelivery ?? 1);
      const alerted = what.kind === 'category_changed' ? by : undefined;
      const targets = targetsBrought(what.route, [...cards.values()], alerted);
      for (const [at, target] of targets.entries()) put(target, first + at);
    }
  }
  return [...cards.values()];
}

/**
 * The conversations of a route that have no card of the case yet.
 *
 * @param alertedBy where the case has become another: who has found that. Everybody else on the route gets a new card in their own
 *   chat, because an old one that changes in its place calls nobody.
 */
export function targetsBrought(route: Route, cards: readonly CaseCard[], alertedBy?: Actor): readonly Target[] {
  const known = cards.map(({ target }) => targetKey(target));
  const isAlerted = (target: Target): boolean =>
    alertedBy !== undefined &&
    target.to === 'person' &&
    !('personId' in alertedBy && sameId(alertedBy.personId, target.personId));
  return targetsOf(route).filter((target) => isAlerted(target) || !known.includes(targetKey(target)));
}

export const sameId = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
