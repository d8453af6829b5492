import type { Category } from '../policies/category.js';
import { schoolDaysSince } from '../schools/calendar.js';
import { personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import { type Case, type CaseState, SEVERITIES, type Severity } from './case.js';
import { sameId } from './case-change.js';
import { isOverdue } from './due.js';
import { CATEGORY, SEVERITY, STATE } from './labels.js';
import { standingOf } from './standing.js';

/** What a list of cases is asked for by. `open`: neither closed nor withdrawn. */
export type CaseList = 'open' | 'mine' | 'overdue';

/** As little of a case as tells those who deal with it which it is: neither words nor who reported it. */
export interface ListedCase {
  readonly reference: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly state: CaseState;
  /** Entra object id. */
  readonly assignee: string | null;
  readonly submittedAt: Date;
  /** School days since, without the day it was sent. */
  readonly schoolDays: number;
  readonly overdue: boolean;
  /** How many events it had. */
  readonly seen: number;
}

export function listedCase(current: Pick<Case, 'report' | 'log'>, profile: SchoolProfile, now: Date): ListedCase {
  const { report, log } = current;
  const { reference, submittedAt } = report;
  const { category, severity, state, assignee } = standingOf(current);
  return {
    ...{ reference, category, severity, state, assignee, submittedAt, seen: log.length },
    schoolDays: schoolDaysSince(profile, submittedAt, now),
    overdue: isOverdue(current, profile, now),
  };
}

/** Whether a case belongs in a list. @param personId Entra object id of whoever asks. */
export function isInList(list: CaseList, { state, assignee, overdue }: ListedCase, personId: string): boolean {
  if (!isUnfinishedState(state)) return false;
  if (list === 'overdue') return overdue;
  return list === 'open' || (assignee !== null && sameId(assignee, personId));
}

const isUnfinishedState = (state: CaseState): boolean => state === 'new' || state === 'open';

/** What to look at first: what is overdue, then what is more urgent, then what has waited longer. */
export const inOrder = (cases: readonly ListedCase[]): readonly ListedCase[] =>
  cases.toSorted(
    (one, other) =>
      Number(other.overdue) - Number(one.overdue) ||
      SEVERITIES.indexOf(other.severity) - SEVERITIES.indexOf(one.severity) ||
      one.submittedAt.getTime() - other.submittedAt.getTime() ||
      one.reference.localeCompare(other.reference),
  );

/** A reference as somebody typed it. */
export interface TypedReference {
  readonly reference: string;
  /** It can be nothing else. Not so "snapchat", which a reference may spell. */
  readonly certain: boolean;
}

/**
 * The reference that a message is and nothing besides: in any case, with or without "PD-", and with letters that look like the
 * figures meant, as when it was read out.
 */
export function referenceTyped(message: string): TypedReference | undefined {
  const [, prefix = '', code] = /^(pd\s*[-–—]?\s*)?([0-9a-z]{8})[\s.?!]*$/iu.exec(message.trim()) ?? [];
  if (code === undefined) return undefined;
  return { reference: `PD-${asSymbols(code)}`, certain: /[-–—]/u.test(prefix) || /\d/u.test(code) };
}

const asSymbols = (code: string): string => code.toUpperCase().replaceAll('O', '0').replace(/[IL]/gu, '1');

/** What cases are searched for by: every one of these words has to fit. */
export interface CaseQuery {
  readonly words: readonly string[];
  /** Cases that are closed or withdrawn are meant, too. */
  readonly finished: boolean;
}

/** @returns `undefined` when nothing was typed to search by. */
export function caseQuery(typed: string): CaseQuery | undefined {
  const words = wordsIn(typed).filter((word) => !SAYS_NOTHING.has(word));
  if (words.length === 0) return undefined;
  return { words, finished: words.some((word) => MAY_BE_FINISHED.test(word)) };
}

/** Part of a reference, or the state itself. */
const MAY_BE_FINISHED = /\d|^pd-|^[0-9a-hjkmnp-tv-z]{8}$|^clos|^withd/u;
const SAYS_NOTHING: ReadonlySet<string> = new Set(['a', 'an', 'the', 'of', 'by', 'in', 'all', 'case', 'cases', 's']);

/** Whether a case is what was searched for: by reference, what it is about, how it stands, or who has it. @param personId who asks. */
export function fitsQuery(query: CaseQuery, one: ListedCase, profile: SchoolProfile, personId: string): boolean {
  const { reference, assignee, state } = one;
  const mine = assignee !== null && sameId(assignee, personId);
  const known = [
    ...wordsIn([CATEGORY[one.category], SEVERITY[one.severity], STATE[state]].join(' ')),
    ...(isUnfinishedState(state) ? ['open'] : []),
    ...(one.overdue ? ['overdue'] : []),
    ...(mine ? ['mine'] : []),
    ...(assignee === null ? [] : wordsIn(personIn(profile, assignee)?.name ?? '')),
  ];
  return query.words.every((word) => known.some((text) => text.startsWith(word)) || isPartOf(word, reference));
}

/** The letters that look like figures count as those here, too. */
const isPartOf = (word: string, reference: string): boolean =>
  word.length >= 3 && reference.startsWith(`PD-${asSymbols(word.replace(/^pd-?/u, ''))}`);

const wordsIn = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}-]+/u)
    .filter((word) => word !== '');
