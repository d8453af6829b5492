import type { NewDelivery } from '../schools/delivery.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { Case, CaseState, Happening, Reported } from './case.js';
import {
  belowChannelCard,
  type Changeable,
  cardsOf,
  changed,
  newCards,
  type Refusal,
  redrawn,
  routeOnward,
  sameId,
  targetsBrought,
  unreachableIn,
} from './case-change.js';
import { digestOf } from './case-log.js';
import { type Evidence, MOST_FILES, refusalSentence } from './evidence.js';
import { tooLong } from './faults.js';
import { cleaned, LONGEST_TEXT, LONGEST_WORDS } from './fields.js';
import { CHANNEL, isOneOf, type Route } from './route.js';
import { isUnfinished, standingOf } from './standing.js';
import type { CaseChange } from './stores.js';

/** What a case's events add up to. */
export const stateOf = (current: Pick<Case, 'report' | 'log'>): CaseState => standingOf(current).state;

/** Where a case is now. @throws when its log has no beginning. */
export const routeOf = (current: Pick<Case, 'report' | 'log'>): Route => standingOf(current).route;

export const evidenceAdded = (evidence: Evidence): Reported => {
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
  { case: current, deliveries: owedSoFar }: Changeable,
  unreachable: readonly string[],
  profile: SchoolProfile,
  now: Date,
): CaseChange | undefined {
  const { report, log } = current;
  const { people, channel } = routeOf(current);
  const reached = channel ? [CHANNEL, ...people] : people;
  const news = reached.filter((id) => isOneOf(unreachable, id));
  if (news.length === 0 || !isUnfinished(current)) return undefined;
  const all = [...new Set([...unreachableIn(log), ...news])];
  const route = routeOnward(current, profile, standingOf(current).category, all);
  const what: Happening = { kind: 'rerouted', unreachable: all, route, firstDelivery: owedSoFar + 1 };
  const undeliverable: NewDelivery = {
    kind: 'case.undeliverable',
    refs: { reference: report.reference },
    target: { to: 'person', personId: report.reporter.personId },
    placement: { at: 'new' },
  };
  const deliveries = [
    ...newCards(report.reference, targetsBrought(route, cardsOf(log))),
    ...(route.way === 'nobody' ? [undeliverable] : []),
  ];
  return changed(current, { system: true }, now, [what], { deliveries });
}

/** Words that the reporter adds; who has the case sees that there are more. @param by Entra object id. */
export function addWords(current: Case, words: string, by: string, now: Date): CaseChange | Refusal {
  const typed = cleaned(words, LONGEST_WORDS);
  const refused =
    refusalOf(current, by, 'Please start a new report to say more.') ??
    (typed === '' ? 'Please type what you want to add.' : tooLong(typed, LONGEST_WORDS, 'What you add'));
  if (refused !== undefined) return { refused };
  const what = { kind: 'words_added', words: typed } as const;
  return byReporter(current, now, what);
}

/** Evidence that the reporter adds. Never any to a report on child safety. @param by Entra object id. */
export function addEvidence(current: Case, evidence: Evidence, by: string, now: Date): CaseChange | Refusal {
  const refused =
    refusalOf(current, by, 'Please start a new report to send more.') ?? evidenceRefusal(current, evidence);
  if (refused !== undefined) return { refused };
  const what = evidenceAdded(evidence);
  return byReporter(current, now, what, [evidence]);
}

function evidenceRefusal(current: Case, { sha256 }: Evidence): string | undefined {
  const { report, evidence: before } = current;
  if ([report.category, standingOf(current).category].includes('child_safety')) return refusalSentence('child_safety');
  if (before.some((one) => one.sha256 === sha256)) return 'That picture is in the report already.';
  return before.length >= MOST_FILES ? refusalSentence('too_many') : undefined;
}

/**
 * The reporter's answer to a question, as often as they like. @param question number of the event that asked.
 * @param by Entra object id.
 */
export function answerQuestion(
  current: Case,
  question: number,
  words: string,
  by: string,
  now: Date,
): CaseChange | Refusal | { readonly done: true } {
  const typed = cleaned(words, LONGEST_WORDS);
  const asked = standingOf(current).questions.find(({ number }) => number === question);
  const refused =
    refusalOf(current, by, 'Please start a new report to say more.') ??
    (asked ? undefined : 'I cannot find that question. Please add what you want to say under "my reports".') ??
    (typed === '' ? 'Please type your answer.' : tooLong(typed, LONGEST_WORDS, 'Your answer'));
  if (refused !== undefined) return { refused };
  if (asked?.answers.at(-1)?.words === typed) return { done: true };
  return byReporter(current, now, { kind: 'question_answered', question, words: typed });
}

/** Takes a report back. It stays readable, marked as withdrawn, and who has it is told. @param by Entra object id. */
export function withdraw(current: Case, reason: string, by: string, now: Date): CaseChange | Refusal {
  const typed = cleaned(reason, LONGEST_TEXT);
  const refused =
    refusalOf(current, by, 'There is nothing more to do.') ??
    (stateOf(current) === 'closed' ? 'This report has been closed, so it cannot be withdrawn any more.' : undefined) ??
    (typed === ''
      ? 'Please say why you withdraw the report; a few words are enough.'
      : tooLong(typed, LONGEST_TEXT, 'The reason'));
  if (refused !== undefined) return { refused };
  return byReporter(current, now, { kind: 'withdrawn', reason: typed });
}

/** @param instead what to do where it is withdrawn already. */
function refusalOf(current: Case, by: string, instead: string): string | undefined {
  if (!sameId(by, current.report.reporter.personId)) return 'Only the person who made a report can do that.';
  return stateOf(current) === 'withdrawn' ? `This report has been withdrawn. ${instead}` : undefined;
}

/** What the reporter did, with word of it for those who have the case. */
function byReporter(current: Case, at: Date, what: Reported, evidence: readonly Evidence[] = []): CaseChange {
  const { report, log } = current;
  const refs = { reference: report.reference, event: String(log.length + 1) };
  const below = belowChannelCard(current);
  const news: readonly NewDelivery[] = [
    ...(below ? [{ kind: 'case.news', refs, ...below }] : []),
    ...interestedIn(current, what, below !== undefined).map((personId) => ({
      ...{ kind: 'case.news', refs, placement: { at: 'new' as const } },
      target: { to: 'person' as const, personId },
    })),
  ];
  const by = { personId: report.reporter.personId };
  return changed(current, by, at, [what], { evidence, deliveries: [...redrawn(current), ...news] });
}

/**
 * Who is told of what the reporter did in their own chat: whoever asked for it and whoever has the case in hand. Those whom it was
 * sent to as well where there is nobody else or no channel, because somebody who has left is told nothing. Never the reporter.
 */
function interestedIn(current: Case, what: Reported, inChannel: boolean): readonly string[] {
  const { assignee, route } = standingOf(current);
  const asker =
    what.kind === 'question_answered' ? current.log.find(({ number }) => number === what.question)?.by : undefined;
  const inHand = [asker && 'personId' in asker ? asker.personId : null, assignee].filter((id) => id !== null);
  const ids = inChannel && inHand.length > 0 ? inHand : [...inHand, ...route.people];
  const others = ids.filter((id) => !sameId(id, current.report.reporter.personId));
  return others.filter((id, at) => others.findIndex((one) => sameId(one, id)) === at);
}
