import { type NewDelivery, type Target, targetKey } from '../schools/delivery.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { Actor, Case, CaseEvent, CaseState, Happening } from './case.js';
import { appended, digestOf } from './case-log.js';
import { type Evidence, MOST_FILES, refusalSentence } from './evidence.js';
import { tooLong } from './faults.js';
import { cleaned, LONGEST_TEXT, LONGEST_WORDS } from './fields.js';
import type { Report } from './report.js';
import { CHANNEL, type Route, type RouteQuestion, routeFor } from './route.js';
import type { CaseChange, StoredCase } from './stores.js';

/** Why nothing was changed, in one sentence for the person who asked for it. */
export interface Refusal {
  readonly refused: string;
}

/** What a case's events add up to. */
export const stateOf = ({ log }: Pick<Case, 'log'>): CaseState =>
  log.some(({ what }) => what.kind === 'withdrawn') ? 'withdrawn' : 'new';

/** Where a case is now. @throws when its log has no beginning. */
export function routeOf({ log }: Pick<Case, 'log'>): Route {
  const routes = log.flatMap(({ what }) => ('route' in what ? [what.route] : []));
  const last = routes.at(-1);
  if (!last) throw new Error('A case log begins with where the case went.');
  return last;
}

/** What a submitted report's route is decided from. */
export const questionOf = (report: Report, unreachable: readonly string[] = []): RouteQuestion => ({
  ...report.answers,
  category: report.category,
  reporterId: report.reporter.personId,
  unreachable,
});

/** The conversations a route names, in the order in which a new case's deliveries are numbered. */
export const targetsOf = ({ channel, people }: Pick<Route, 'channel' | 'people'>): readonly Target[] => [
  ...(channel ? [{ to: 'headteacher_channel' as const }] : []),
  ...people.map((personId) => ({ to: 'person' as const, personId })),
];

/** A new case's card for each conversation. */
export const newCards = (reference: string, targets: readonly Target[]): readonly NewDelivery[] =>
  targets.map((target) => ({ kind: 'case.new', refs: { reference }, target, placement: { at: 'new' } }));

export const evidenceAdded = (evidence: Evidence): Happening => {
  const { id, sha256, bytes, type } = evidence;
  return { kind: 'evidence_added', evidence: id, sha256, bytes, type, digest: digestOf(evidence) };
};

/**
 * Sends a case on after somebody on its route could not be reached: to whoever is next, or, where nobody is left, word to the
 * reporter. @returns `undefined` when that changes nothing.
 *
 * @param unreachable Entra object ids, and {@link CHANNEL}; those found unreachable before stay so.
 */
export function reroute(
  { case: current, deliveries: owedSoFar }: Pick<StoredCase, 'case' | 'deliveries'>,
  unreachable: readonly string[],
  profile: SchoolProfile,
  now: Date,
): CaseChange | undefined {
  const { report, log } = current;
  const { people, channel } = routeOf(current);
  const reached = channel ? [CHANNEL, ...people] : people;
  const news = reached.filter((id) => unreachable.some((one) => sameId(one, id)));
  if (news.length === 0 || stateOf(current) === 'withdrawn') return undefined;
  const before = log.flatMap(({ what }) => (what.kind === 'rerouted' ? what.unreachable : []));
  const all = [...new Set([...before, ...news])];
  const route = routeFor(profile, questionOf(report, all));
  const what: Happening = { kind: 'rerouted', unreachable: all, route, firstDelivery: owedSoFar + 1 };
  const undeliverable: NewDelivery = {
    kind: 'case.undeliverable',
    refs: { reference: report.reference },
    target: { to: 'person', personId: report.reporter.personId },
    placement: { at: 'new' },
  };
  const deliveries = [
    ...newCards(report.reference, targetsMissing(route, cardsOf(log))),
    ...(route.way === 'nobody' ? [undeliverable] : []),
  ];
  return changed(current, { at: now, by: { system: true }, what }, { deliveries });
}

/** Words that the reporter adds; who has the case sees that there are more. @param by Entra object id. */
export function addWords(current: Case, words: string, by: string, now: Date): CaseChange | Refusal {
  const typed = cleaned(words, LONGEST_WORDS);
  const refused =
    refusalOf(current, by, 'Please start a new report to say more.') ??
    (typed === '' ? 'Please type what you want to add.' : tooLong(typed, LONGEST_WORDS, 'What you add'));
  if (refused !== undefined) return { refused };
  const what = { kind: 'words_added', words: typed } as const;
  return changed(current, { at: now, by: { personId: by }, what });
}

/** Evidence that the reporter adds. Never any to a report on child safety. @param by Entra object id. */
export function addEvidence(current: Case, evidence: Evidence, by: string, now: Date): CaseChange | Refusal {
  const refused =
    refusalOf(current, by, 'Please start a new report to send more.') ?? evidenceRefusal(current, evidence);
  if (refused !== undefined) return { refused };
  const what = evidenceAdded(evidence);
  return changed(current, { at: now, by: { personId: by }, what }, { evidence: [evidence] });
}

function evidenceRefusal({ report, evidence: before }: Case, { sha256 }: Evidence): string | undefined {
  if (report.category === 'child_safety') return refusalSentence('child_safety');
  if (before.some((one) => one.sha256 === sha256)) return 'That picture is in the report already.';
  return before.length >= MOST_FILES ? refusalSentence('too_many') : undefined;
}

/** Takes a report back. It stays readable, marked as withdrawn, and who has it is told. @param by Entra object id. */
export function withdraw(current: Case, reason: string, by: string, now: Date): CaseChange | Refusal {
  const typed = cleaned(reason, LONGEST_TEXT);
  const refused =
    refusalOf(current, by, 'There is nothing more to do.') ??
    (typed === ''
      ? 'Please say why you withdraw the report; a few words are enough.'
      : tooLong(typed, LONGEST_TEXT, 'The reason'));
  if (refused !== undefined) return { refused };
  return changed(current, { at: now, by: { personId: by }, what: { kind: 'withdrawn', reason: typed } });
}

/** @param instead what to do where it is withdrawn already. */
function refusalOf(current: Case, by: string, instead: string): string | undefined {
  if (!sameId(by, current.report.reporter.personId)) return 'Only the person who made a report can do that.';
  return stateOf(current) === 'withdrawn' ? `This report has been withdrawn. ${instead}` : undefined;
}

interface Consequences {
  readonly evidence?: readonly Evidence[];
  /** Left out: every card of the case that its route still names is drawn again in its place. */
  readonly deliveries?: readonly NewDelivery[];
}

function changed(
  current: Case,
  entry: { readonly at: Date; readonly by: Actor; readonly what: Happening },
  { evidence = [], deliveries = redrawn(current) }: Consequences = {},
): CaseChange {
  const { report, log } = current;
  const event = appended(report, log, entry);
  const after: Case = { report, evidence: [...current.evidence, ...evidence], log: [...log, event] };
  return { case: after, events: [event], evidence, deliveries, at: entry.at };
}

function redrawn(current: Case): readonly NewDelivery[] {
  const refs = { reference: current.report.reference };
  const named = targetsOf(routeOf(current)).map(targetKey);
  return cardsOf(current.log)
    .filter(({ target }) => named.includes(targetKey(target)))
    .map(({ order, target }) => ({ kind: 'case.changed', refs, target, placement: { at: 'in_place_of', order } }));
}

interface CaseCard {
  readonly order: number;
  readonly target: Target;
}

/**
 * The cards of a case and the orders of the deliveries that brought them. Deliveries are numbered in the order committed, and every
 * event that brings cards says with which number they begin, so that this holds whatever else was delivered in between.
 */
function cardsOf(log: readonly CaseEvent[]): readonly CaseCard[] {
  const cards: CaseCard[] = [];
  for (const { what } of log) {
    if (what.kind !== 'submitted' && what.kind !== 'rerouted') continue;
    const first = what.kind === 'submitted' ? 1 : what.firstDelivery;
    cards.push(...targetsMissing(what.route, cards).map((target, at) => ({ order: first + at, target })));
  }
  return cards;
}

/** The conversations of a route that have no card of the case yet. */
function targetsMissing(route: Route, cards: readonly CaseCard[]): readonly Target[] {
  const known = cards.map(({ target }) => targetKey(target));
  return targetsOf(route).filter((target) => !known.includes(targetKey(target)));
}

const sameId = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
