import { answerQuestion } from './answer.js';
import type { Citation } from './citation.js';
import type { ClauseIndex } from './clause-index.js';
import { groupAlike, likeness, type Sketch, sketchOf } from './likeness.js';
import { maskNames } from './mask.js';
import type { OpenQuestions, Period } from './open-questions.js';
import type { AskedQuestion } from './question-log.js';

/** One thing that staff asked and the policy left open. Nothing in it says who asked, and no wording is one person's alone. */
export interface Gap {
  /** What it is about: the title of the rule asked for; `null` when the bank knows none. */
  readonly subject: string | null;
  /** The question that stands best for the others, names masked; `null` unless enough asked it, see {@link listGaps}. */
  readonly example: string | null;
  /** How often it was asked. */
  readonly count: number;
  /** How often the policy did not say, and how often the clauses it gave were marked unhelpful instead. */
  readonly notCovered: number;
  readonly unhelpful: number;
  /** Month it was last asked in, `YYYY-MM` at the school; never the day. */
  readonly lastMonth: string;
  /** Clauses most often shown for it, at most two. */
  readonly nearest: readonly Citation[];
}

export interface GapList {
  /** Most asked first. */
  readonly gaps: readonly Gap[];
  /** Questions in none of the gaps: asked by too few to be shown in words, on nothing that the bank has a name for. */
  readonly unnamed: number;
  /** Questions that are not the policy's business, such as pay or parking. */
  readonly outside: number;
  /** Questions that the policies, as they are now, answer. */
  readonly answeredSince: number;
  /** Older questions of the period were left out, because there are too many. */
  readonly more: boolean;
}

export interface GapSource {
  readonly openQuestions: OpenQuestions;
  readonly schoolId: string;
  readonly timeZone: string;
  readonly index: ClauseIndex;
  /** Called between questions, so that reading many of them holds nobody else up. */
  readonly pause: () => Promise<void>;
}

/** The newest of these are looked at; a school of sixty leaves fewer open in a year. */
const MOST_QUESTIONS = 500;
/** A question is shown in words when it was asked this often, on this many days: one person in one sitting is not enough. */
const IN_WORDS = { times: 3, days: 2 };
/** A subject that fewer of a group ask for does not name it. */
const NAMED_SHARE = 0.5;
/** With more of its words masked than this, a question says too little. */
const MOST_MASKED = 0.34;
const LONGEST_EXAMPLE = 160;
const MOST_NEAREST = 2;

/** An open question with what is needed to group it. */
interface Open {
  readonly asked: AskedQuestion;
  readonly sketch: Sketch;
  /** Day at the school, `YYYY-MM-DD`. */
  readonly day: string;
}

/**
 * What staff asked in a period and the policies left open: questions not covered, and those whose answer was marked unhelpful.
 * Questions that ask the same in other words are one gap. What the policies answer by now is left out.
 *
 * What people type may say who they are, so of a typed question nothing is shown unless it, in whatever words, was asked at
 * least three times on at least two days; then one wording is shown, with every word masked that might be a name
 * (see {@link maskNames}). All else is named by the rule it asks for, in the bank's words, or only counted. Of dates the month
 * is told, never the day.
 *
 * Rejects when the questions cannot be read in time.
 */
export async function listGaps(source: GapSource, period: Period): Promise<GapList> {
  const { questions, more } = await source.openQuestions.listOpen(source.schoolId, period, MOST_QUESTIONS);
  const dayOf = daysAt(source.timeZone);
  const open: Open[] = [];
  let answeredSince = 0;
  let outside = 0;
  for (const asked of questions) {
    await source.pause();
    const sketch = sketchOf(asked.question);
    if (isAnsweredNow(source.index, asked)) answeredSince += 1;
    else if (sketch.outside && asked.outcome === 'not_covered') outside += 1;
    else open.push({ asked, sketch, day: dayOf(asked.askedAt) });
  }
  const { groups, unnamed } = groupOpen(open);
  const gaps = groups.map((group) => toGap(group, source.index));
  return { gaps: gaps.toSorted(byWeight), unnamed, outside, answeredSince, more };
}

/** A rating is about the clauses that were shown, so it stands as long as one of them does. */
const isAnsweredNow = (index: ClauseIndex, { question, outcome, clauses, helpful }: AskedQuestion): boolean =>
  (outcome === 'not_covered' || (helpful === false && !clauses.some((key) => index.clauses.has(key)))) &&
  answerQuestion(index, question).kind === 'answered';

interface Group {
  readonly subject: string | null;
  readonly example: string | null;
  readonly questions: readonly Open[];
}

/** Groups asked by enough are shown in words; smaller ones of the same subject join one of those, or each other. */
function groupOpen(open: readonly Open[]): { groups: Group[]; unnamed: number } {
  const ordered = open.toSorted((one, other) => compare(one.asked.question, other.asked.question));
  const alike = groupAlike(ordered.map(({ sketch }) => sketch))
    .map((group) => toGroup(group.flatMap((at) => ordered[at] ?? [])))
    .toSorted((one, other) => Number(one.example === null) - Number(other.example === null));
  const groups: Group[] = [];
  let unnamed = 0;
  for (const group of alike) {
    const at = groups.findIndex(({ subject }) => subject !== null && subject === group.subject);
    const same = groups[at];
    if (group.example !== null || (group.subject !== null && !same)) groups.push(group);
    else if (same) groups[at] = { ...same, questions: [...same.questions, ...group.questions] };
    else unnamed += group.questions.length;
  }
  return { groups, unnamed };
}

function toGroup(questions: readonly Open[]): Group {
  const subject = mostFrequent(questions.flatMap(({ sketch }) => sketch.subject ?? []).toSorted(compare), 1)[0];
  const named = questions.filter(({ sketch }) => sketch.subject === subject).length;
  const inWords = questions.length >= IN_WORDS.times && new Set(questions.map(({ day }) => day)).size >= IN_WORDS.days;
  return {
    questions,
    subject: subject !== undefined && named >= NAMED_SHARE * questions.length ? subject : null,
    example: inWords ? exampleOf(questions) : null,
  };
}

/** The wording most like the others, of those that the mask leaves legible. */
function exampleOf(questions: readonly Open[]): string | null {
  const legible = questions
    .map(({ asked, sketch }) => ({ ...maskNames(asked.question.slice(0, LONGEST_EXAMPLE)), sketch }))
    .filter(({ share }) => share <= MOST_MASKED);
  const likeOthers = (one: Sketch) => questions.reduce((sum, { sketch }) => sum + likeness(one, sketch), 0);
  const best = legible
    .map(({ text, sketch, share }) => ({ text, fit: likeOthers(sketch) * (1 - share) }))
    .toSorted((one, other) => other.fit - one.fit || compare(one.text, other.text))[0];
  return best?.text ?? null;
}

function toGap({ subject, example, questions }: Group, index: ClauseIndex): Gap {
  const notCovered = questions.filter(({ asked }) => asked.outcome === 'not_covered').length;
  const shown = questions.flatMap(({ asked }) => asked.clauses.filter((key) => index.clauses.has(key)));
  return {
    subject,
    example,
    count: questions.length,
    notCovered,
    unhelpful: questions.length - notCovered,
    lastMonth: questions.reduce((last, { day }) => (day > last ? day : last), '').slice(0, 'YYYY-MM'.length),
    nearest: mostFrequent(shown, MOST_NEAREST).flatMap((key) => index.clauses.get(key) ?? []),
  };
}

const byWeight = (one: Gap, other: Gap): number =>
  other.count - one.count ||
  compare(other.lastMonth, one.lastMonth) ||
  compare(one.subject ?? one.example ?? '', other.subject ?? other.example ?? '');

/** By code unit, so that every machine gives the same order. */
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** The most frequent first; of equals the one that comes first. */
function mostFrequent(values: readonly string[], limit: number): string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, limit)
    .map(([value]) => value);
}

function daysAt(timeZone: string): (moment: Date) => string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (moment) => {
    const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]));
    return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
  };
}

/** "once", "twice", "3 times". */
export const timesAsked = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);

/** "2026-11" as "Nov 2026". */
export const monthName = (month: string): string =>
  new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' })
    .format(new Date(`${month}-01`))
    .replace('Sept', 'Sep');
