import { dayAndTimeAt } from '../schools/calendar.js';
import { personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import { timeAt } from '../schools/time.js';
import { assignableTo } from './access.js';
import type { Case, CaseEvent, CaseState, Happening } from './case.js';
import { sameId } from './case-change.js';
import { digestOf } from './case-log.js';
import { isLikely, tooLong } from './faults.js';
import { cleaned, LONGEST_TEXT, LONGEST_WORDS } from './fields.js';
import { type Standing, standingOf } from './standing.js';
import type { TriageAction, TriageTurn, TriageVerb } from './triage-action.js';

const ALWAYS = ['note', 'record', 'mark_post', 'link', 'record_elsewhere', 'hold', 'release_hold'] as const;
const WHILE_OPEN = ['assign', 'ask', 'change_category', 'change_severity', 'close', ...ALWAYS] as const;

/** What can be done in which state. What a triager does first with a new case, but for notes, acknowledges it as well. */
export const ALLOWED: Readonly<Record<CaseState, readonly TriageVerb[]>> = {
  new: ['acknowledge', ...WHILE_OPEN],
  open: WHILE_OPEN,
  closed: ['reopen', ...ALWAYS],
  withdrawn: ['reopen', ...ALWAYS],
};

const since = ({ log }: Case, { seen }: TriageTurn): readonly CaseEvent[] => log.filter(({ number }) => number > seen);

const isBy = ({ by }: CaseEvent, personId: string): boolean => 'personId' in by && sameId(by.personId, personId);

/** Alike but for what depends on when it happened. */
function isSame(one: Happening, other: Happening): boolean {
  const bare = (what: Happening) => ({ ...what, card: null, from: null, route: null, firstDelivery: null });
  return digestOf(bare(one)) === digestOf(bare(other));
}

type Kind = Happening['kind'];

/**
 * What can be undone by doing it again differently, with what undoes it: whoever decides it has to know what another decided a
 * moment ago.
 */
const DECISIONS: Readonly<Partial<Record<Kind, readonly Kind[]>>> = {
  acknowledged: ['acknowledged'],
  assigned: ['assigned'],
  category_changed: ['category_changed'],
  severity_changed: ['severity_changed'],
  post_marked: ['post_marked'],
  recorded_elsewhere: ['recorded_elsewhere'],
  closed: ['closed', 'reopened'],
  reopened: ['closed', 'reopened'],
  hold_placed: ['hold_placed', 'hold_released'],
  hold_released: ['hold_placed', 'hold_released'],
};

/** What was acknowledged may be to acknowledge again, by the people it was passed on to. */
const isStillToDo = (what: Happening, current: Case): boolean =>
  what.kind === 'acknowledged' && standingOf(current).state === 'new';

/**
 * Whether the same person has done exactly this since the card was drawn: a button pressed twice, or a turn that Teams delivers
 * again, does once. `undone`: it was done, and has been changed since.
 */
export function before(what: Happening, current: Case, turn: TriageTurn): 'done' | 'undone' | undefined {
  if (isStillToDo(what, current)) return undefined;
  const done = since(current, turn).find((event) => isBy(event, turn.by) && isSame(event.what, what));
  if (!done) return undefined;
  const related = DECISIONS[what.kind];
  const last = related && current.log.findLast(({ what: { kind } }) => related.includes(kind));
  return last === undefined || isSame(last.what, what) ? 'done' : 'undone';
}

export function overtaken(
  current: Case,
  profile: SchoolProfile,
  what: Happening,
  turn: TriageTurn,
): string | undefined {
  const related = DECISIONS[what.kind];
  const last = since(current, turn).findLast((event) => related?.includes(event.what.kind));
  if (!last || isBy(last, turn.by) || isStillToDo(what, current)) return undefined;
  return `${whoAndWhen(last, profile)} was first and ${DONE[last.what.kind] ?? 'changed it'}. The card shows it as it is now.`;
}

const DONE: Readonly<Partial<Record<Kind, string>>> = {
  acknowledged: 'acknowledged it',
  assigned: 'assigned it',
  category_changed: 'changed what it is about',
  severity_changed: 'changed how urgent it is',
  post_marked: 'said what became of the post',
  recorded_elsewhere: 'recorded a reference of another system',
  closed: 'closed it',
  reopened: 'opened it again',
  hold_placed: 'placed it on legal hold',
  hold_released: 'took the legal hold back',
};

/** "Helen Achebe (Fri 20 Nov 2026, 15:42)". */
function whoAndWhen({ by, at }: Pick<CaseEvent, 'by' | 'at'>, profile: SchoolProfile): string {
  const who = 'personId' in by ? (personIn(profile, by.personId)?.name ?? 'Somebody') : 'Policy Desk';
  return `${who} (${timeAt(at, profile.timeZone)})`;
}

export function notInState(current: Case, profile: SchoolProfile, action: TriageAction): string | undefined {
  const { state, acknowledged, closed } = standingOf(current);
  if (ALLOWED[state].includes(action.do)) return undefined;
  if (action.do === 'reopen') return 'This case is open already.';
  if (state === 'withdrawn') return 'Whoever reported this has withdrawn it. Open it again first if it must go on.';
  if (closed) return `${whoAndWhen(closed, profile)} has closed this case. Open it again first.`;
  return acknowledged
    ? `${whoAndWhen(acknowledged, profile)} has acknowledged it already.`
    : 'This case has been opened again, so it need not be acknowledged any more.';
}

/** What is wrong with what was typed or chosen, in one sentence that says how to go on. */
export function faultIn(action: TriageAction, current: Case, profile: SchoolProfile, now: Date): string | undefined {
  const { category, severity, links, assignee, hold } = standingOf(current);
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
    case 'hold':
    case 'release_hold':
      return holdFault(action.do, hold, profile) ?? missing(action.reason, 'why', LONGEST_TEXT, 'The reason');
    case 'reopen':
      return missing(action.reason, 'why', LONGEST_TEXT, 'The reason');
    default:
      return undefined;
  }
}

function holdFault(verb: 'hold' | 'release_hold', hold: Standing['hold'], profile: SchoolProfile): string | undefined {
  if (verb === 'release_hold') return hold ? undefined : 'This case is not on legal hold.';
  return hold ? `${whoAndWhen(hold, profile)} has placed it on legal hold already.` : undefined;
}

function missing(typed: string, what: string, longest: number, name: string): string | undefined {
  const words = cleaned(typed, longest);
  return words === '' ? `Please type ${what}.` : tooLong(words, longest, name);
}

function dayFault(day: string, profile: SchoolProfile, now: Date): string | undefined {
  if (!isLikely(day)) return 'Please choose the day on which it was done.';
  return day > dayAndTimeAt(now, profile.timeZone).day ? 'That day is still to come. Please correct it.' : undefined;
}
