import { daysAfter, isSchoolDay, isWeekend, mondayOf, weekOf } from '../schools/calendar.js';
import type { SchoolProfile } from '../schools/profile.js';

export type Dates = Pick<SchoolProfile, 'terms' | 'holidays'>;

/** Days one after the other, from a Monday to a Sunday. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
  readonly name: string;
}

/** What the terms of a profile come to, oldest first. */
export interface SchoolYears {
  readonly years: readonly Stretch[];
  readonly terms: readonly Stretch[];
  readonly halfTerms: readonly Stretch[];
  readonly weeks: readonly Stretch[];
}

/** So many weekdays without school, one after the other, are a holiday that divides a term. A bank holiday is not. */
const DIVIDES_FROM = 3;
/** Scottish schools begin in the middle of August, others at the end of it or in September. */
const FIRST_MONTH = '08';
/** A term that ends in this month or later is the last one of its school year. */
const LAST_MONTH = '06';

/** A profile never changes, another takes its place; and this is asked for at every look. */
const divided = new WeakMap<Dates, SchoolYears>();

/**
 * Divides the time of which a profile tells into school years, these into terms, these into half-terms and these into weeks, so that
 * nothing is left over. Terms may come in any order, overlap, or have no school day at all.
 *
 * - A term begins on the Monday of the week with its first school day and lasts until the next begins; of those that begin in the
 *   same week the first is taken. So the holidays belong to what was before them.
 * - What comes after the last term is not known. That term lasts until its last week is over or, where it is the last one of its
 *   school year, as long as the year: until the week with 1 September.
 */
export function schoolYears(dates: Dates): SchoolYears {
  const found = divided.get(dates) ?? divide(dates);
  divided.set(dates, found);
  return found;
}

/** The week in which a day lies: it lasts until the next one that has a school day. */
export function schoolWeekAt(dates: Dates, day: string): Stretch {
  let from = mondayOf(day);
  while (!hasSchool(dates, from)) from = daysAfter(from, -7);
  let next = daysAfter(mondayOf(day), 7);
  while (!hasSchool(dates, next)) next = daysAfter(next, 7);
  return { from, to: daysAfter(next, -1), name: '' };
}

/** A term by the Monday on which it begins, and the year in which its school year began. */
interface Begun {
  readonly name: string;
  readonly from: string;
  readonly year: number;
}

function divide(dates: Dates): SchoolYears {
  const days = schoolDaysOf(dates);
  const begun = begunTerms(dates, days);
  const [last, latest] = [days.at(-1), begun.at(-1)];
  if (last === undefined || !latest) return { years: [], terms: [], halfTerms: [], weeks: [] };
  const known = schoolWeekAt(dates, last).to;
  const year = schoolWeekAt(dates, later(last, beforeSeptember(latest.year + 1))).to;
  const isOver = last >= `${latest.year + 1}-${LAST_MONTH}-01`;
  const terms = inARow(begun, isOver ? year : known);
  const years = inARow(begun.filter((term, at) => term.year !== begun[at - 1]?.year).map(asYear), year);
  const weeks = inARow([...new Set(days.map(mondayOf))].map(asWeek), known);
  return { years, terms, halfTerms: terms.flatMap((term) => halfTermsOf(term, days)), weeks };
}

/** Every school day of the terms. */
function schoolDaysOf(dates: Dates): readonly string[] {
  const days: string[] = [];
  const end = dates.terms.map(({ to }) => to).reduce(later, '');
  const start = dates.terms.map(({ from }) => from).reduce(earlier, end);
  for (let day = start; day <= end; day = daysAfter(day, 1)) if (isSchoolDay(dates, day)) days.push(day);
  return days;
}

function begunTerms({ terms }: Dates, days: readonly string[]): readonly Begun[] {
  const begun = terms
    .flatMap(({ name, from, to }) => {
      const first = days.find((day) => from <= day && day <= to);
      return first === undefined ? [] : [{ name, first }];
    })
    .toSorted((one, other) => one.first.localeCompare(other.first))
    .map(({ name, first }) => ({ name, from: mondayOf(first), year: yearOf(first) }));
  return begun
    .filter(({ from }, at) => from !== begun[at - 1]?.from)
    .map((term) => (isOnlyOne(term.name, terms) ? term : { ...term, name: `${term.name} ${yearInWords(term.year)}` }));
}

/** A term is divided by the holidays that lie between two of its school days. */
function halfTermsOf(term: Stretch, days: readonly string[]): readonly Stretch[] {
  const own = days.filter((day) => term.from <= day && day <= term.to);
  const after = own.filter((day, at) => at > 0 && weekdaysBetween(own[at - 1] ?? day, day) >= DIVIDES_FROM);
  const begins = [...new Set([term.from, ...after.map(mondayOf)])];
  return inARow(
    begins.map((from, at) => ({ from, name: `${term.name}${partInWords(at, begins.length)}` })),
    term.to,
  );
}

/** Each lasts until the next begins, and the last until an end. */
const inARow = (begins: readonly Pick<Stretch, 'from' | 'name'>[], end: string): readonly Stretch[] =>
  begins.map(({ from, name }, at) => {
    const next = begins[at + 1];
    return { from, to: next ? daysAfter(next.from, -1) : end, name };
  });

function weekdaysBetween(one: string, other: string): number {
  let count = 0;
  for (let day = daysAfter(one, 1); day < other; day = daysAfter(day, 1)) if (!isWeekend(day)) count += 1;
  return count;
}

function partInWords(at: number, of: number): string {
  if (of === 1) return '';
  if (of === 2) return at === 0 ? ', first half' : ', second half';
  return `, part ${at + 1} of ${of}`;
}

const hasSchool = (dates: Dates, monday: string): boolean => weekOf(monday).some((day) => isSchoolDay(dates, day));

const asYear = ({ from, year }: Begun): Pick<Stretch, 'from' | 'name'> => ({
  from,
  name: `School year ${yearInWords(year)}`,
});

const asWeek = (from: string): Pick<Stretch, 'from' | 'name'> => ({ from, name: '' });

const isOnlyOne = (name: string, terms: Dates['terms']): boolean =>
  terms.filter((term) => term.name === name).length === 1;

const yearOf = (day: string): number => Number(day.slice(0, 4)) - (day.slice(5, 7) < FIRST_MONTH ? 1 : 0);

/** "2026/27". */
const yearInWords = (year: number): string => `${year}/${String(year + 1).slice(-2)}`;

/** The last day before the week that 1 September lies in. */
const beforeSeptember = (year: number): string => daysAfter(mondayOf(`${year}-09-01`), -1);

const later = (one: string, other: string): string => (one > other ? one : other);

const earlier = (one: string, other: string): string => (one < other ? one : other);
