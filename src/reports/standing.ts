import type { Category } from '../policies/category.js';
import {
  type Actor,
  type Case,
  type CaseEvent,
  type CaseState,
  type Happening,
  SEVERITIES,
  type Severity,
} from './case.js';
import type { Report } from './report.js';
import { isOneOf, type Route } from './route.js';

/** Something that happened, with when and by whom. */
export type Occurred<Kind extends Happening['kind']> = Omit<CaseEvent, 'what'> & {
  readonly what: Extract<Happening, { kind: Kind }>;
};

/** A question to the reporter. */
export interface Asked {
  /** Number of the event that asked, which names it. */
  readonly number: number;
  readonly words: string;
  readonly at: Date;
  readonly by: Actor;
  readonly answers: readonly { readonly at: Date; readonly words: string }[];
}

/** What a case's events add up to. */
export interface Standing {
  readonly state: CaseState;
  readonly category: Category;
  readonly severity: Severity;
  readonly route: Route;
  /** Who acknowledged it first, and when; also when it was closed since. `null` again once it has become other people's to answer. */
  readonly acknowledged: Occurred<'acknowledged'> | null;
  /** Entra object id. */
  readonly assignee: string | null;
  readonly questions: readonly Asked[];
  readonly actions: readonly Occurred<'action_taken'>[];
  readonly post: Occurred<'post_marked'> | null;
  /** References of cases about the same. */
  readonly links: readonly string[];
  /** What the school's safeguarding system calls it. */
  readonly recordedAs: string | null;
  /** How it ended; `null` while it has not, and once it was reopened. */
  readonly closed: Occurred<'closed'> | null;
  /** Who placed it on legal hold, when and why; `null` where nobody has, or it was taken back. */
  readonly hold: Occurred<'hold_placed'> | null;
}

/** Adds up a case's events. The same events always give the same. @throws when the log has no beginning. */
export function standingOf({ report, log }: Pick<Case, 'report' | 'log'>): Standing {
  const last = <Kind extends Happening['kind']>(kind: Kind): Occurred<Kind> | null => all(log, kind).at(-1) ?? null;
  const end = log.findLast(({ what: { kind } }) => ENDS.has(kind) || kind === 'reopened');
  const ended = end?.what.kind;
  const passedOn = passedOnAt(log);
  const acknowledged = all(log, 'acknowledged').find(({ number }) => number > passedOn) ?? null;
  const taken = acknowledged !== null || (ended === 'reopened' && end !== undefined && end.number > passedOn);
  return {
    state: ended === 'closed' || ended === 'withdrawn' ? ended : taken ? 'open' : 'new',
    category: last('category_changed')?.what.to ?? report.category,
    severity: severityFrom(report, log),
    route: routeFrom(log),
    acknowledged,
    assignee: last('assigned')?.what.to ?? null,
    questions: questionsIn(log),
    actions: all(log, 'action_taken'),
    post: last('post_marked'),
    links: [...new Set(all(log, 'linked').map(({ what }) => what.to))],
    recordedAs: last('recorded_elsewhere')?.what.as ?? null,
    closed: ended === 'closed' ? last('closed') : null,
    hold: holdIn(log),
  };
}

function holdIn(log: readonly CaseEvent[]): Standing['hold'] {
  const placed = all(log, 'hold_placed').at(-1);
  const released = all(log, 'hold_released').at(-1);
  return placed && placed.number > (released?.number ?? 0) ? placed : null;
}

/** Whether somebody has yet to deal with it. */
export const isUnfinished = (current: Pick<Case, 'report' | 'log'>): boolean =>
  ['new', 'open'].includes(standingOf(current).state);

/** All events of one kind, in order. */
export function all<Kind extends Happening['kind']>(log: readonly CaseEvent[], kind: Kind): readonly Occurred<Kind>[] {
  return log.filter((event): event is CaseEvent & Occurred<Kind> => event.what.kind === kind);
}

const ENDS: ReadonlySet<Happening['kind']> = new Set(['closed', 'withdrawn']);

/**
 * Number of the event that last passed the case on to people of whom its actor is none, as when somebody finds that it is about a
 * child's safety: those people have yet to acknowledge it. 0 where nothing did.
 */
export const passedOnAt = (log: readonly CaseEvent[]): number =>
  all(log, 'category_changed').findLast(
    ({ by, what: { route } }) => route && 'personId' in by && !isOneOf(route.people, by.personId),
  )?.number ?? 0;

/** Who was once found to be involved stays so, whatever the profile says later. */
function routeFrom(log: readonly CaseEvent[]): Route {
  const routes = log.flatMap(({ what }) => ('route' in what && what.route ? [what.route] : []));
  const last = routes.at(-1);
  if (!last) throw new Error('A case log begins with where the case went.');
  return { ...last, recused: [...new Set(routes.flatMap(({ recused }) => recused))] };
}

/** Another category can make a case more urgent by itself; only a person makes it less. */
function severityFrom(report: Report, log: readonly CaseEvent[]): Severity {
  let severity = severityOf(report);
  for (const { what } of log) {
    if (what.kind === 'severity_changed') severity = what.to;
    if (what.kind === 'category_changed') severity = higher(severity, severityOf({ ...report, category: what.to }));
  }
  return severity;
}

const higher = (one: Severity, other: Severity): Severity =>
  SEVERITIES.indexOf(one) < SEVERITIES.indexOf(other) ? other : one;

function questionsIn(log: readonly CaseEvent[]): readonly Asked[] {
  const answered = all(log, 'question_answered');
  return all(log, 'question_asked').map(({ number, at, by, what: { words } }) => ({
    ...{ number, words, at, by },
    answers: answered
      .filter(({ what }) => what.question === number)
      .map((answer) => ({ at: answer.at, words: answer.what.words })),
  }));
}

/**
 * How soon a report needs a person: a child's safety at once; bullying, and breaches in which personal data or contact with pupils
 * or families is at stake, before the rest.
 */
export function severityOf({ category, answers }: Pick<Report, 'category' | 'answers'>): Severity {
  if (category === 'child_safety') return 'urgent';
  const { breachKind } = answers;
  return category === 'online_bullying' || breachKind === 'privacy' || breachKind === 'contact' ? 'high' : 'normal';
}
