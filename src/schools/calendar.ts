import type { SchoolProfile } from './profile.js';

type Dates = Pick<SchoolProfile, 'terms' | 'holidays'>;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A moment as the school's clocks and calendars show it: `2026-11-20`, `15:42`. */
export function dayAndTimeAt(moment: Date, timeZone: string): { readonly day: string; readonly time: string } {
  const parts = new Map(
    formatIn(timeZone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  );
  const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  const day = [get('year').padStart(4, '0'), get('month'), get('day')].join('-');
  return { day, time: `${get('hour')}:${get('minute')}` };
}

/** Making one takes longer than using it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { ...PARTS, hourCycle: 'h23', timeZone });
  formats.set(timeZone, format);
  return format;
}

const PARTS = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;

/**
 * Whether there is school on a day: a weekday within a term and not within a holiday. Before the first term named and after the
 * last, where the profile says nothing, every weekday outside its holidays counts.
 *
 * @param day `2026-11-20`.
 */
export function isSchoolDay({ terms, holidays }: Dates, day: string): boolean {
  if (isWeekend(day) || holidays.some(holds(day))) return false;
  const known = terms.some(({ from }) => from <= day) && terms.some(({ to }) => day <= to);
  return !known || terms.some(holds(day));
}

/**
 * The day by which something is due that is to be done within so many school days. The day of the moment itself is not counted,
 * so that two school days from Friday afternoon is Tuesday.
 *
 * @param count 1 or more.
 */
export function schoolDaysAfter(profile: Dates & Pick<SchoolProfile, 'timeZone'>, moment: Date, count: number): string {
  return schoolDayAfter(profile, dayAndTimeAt(moment, profile.timeZone).day, count);
}

/** The school day that comes so many school days after a day. @param count 1 or more. */
export function schoolDayAfter(dates: Dates, from: string, count = 1): string {
  let day = from;
  for (let left = count; left > 0; ) {
    day = dayAfter(day);
    if (isSchoolDay(dates, day)) left -= 1;
  }
  return day;
}

/** The seven days of the week, from Monday, in which a day lies. */
export function weekOf(day: string): readonly string[] {
  const monday = mondayOf(day);
  return Array.from({ length: 7 }, (_, at) => daysAfter(monday, at));
}

/** The Monday of the week in which a day lies. */
export const mondayOf = (day: string): string => daysAfter(day, -((midnightOf(day).getUTCDay() + 6) % 7));

/** The day that comes so many days after a day, or before it. @param count may be negative. */
export const daysAfter = (day: string, count: number): string =>
  new Date(midnightOf(day).getTime() + count * DAY_MS).toISOString().slice(0, 10);

/**
 * The moment at which a day begins by the school's clocks: at midnight but where clocks go forward just then. No zone's midnight is
 * further from that of UTC than a day, and none has had an offset with seconds since 1972.
 */
export function startOf(day: string, timeZone: string): Date {
  const midnight = midnightOf(day).getTime();
  let [before, after] = [(midnight - DAY_MS) / MINUTE_MS, (midnight + DAY_MS) / MINUTE_MS];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayAndTimeAt(new Date(middle * MINUTE_MS), timeZone).day < day) before = middle;
    else after = middle;
  }
  return new Date(after * MINUTE_MS);
}

/** How many school days there were after the day of a moment, today among them where it is one. */
export function schoolDaysSince(profile: Dates & Pick<SchoolProfile, 'timeZone'>, moment: Date, now: Date): number {
  const { day: today } = dayAndTimeAt(now, profile.timeZone);
  let count = 0;
  for (let day = dayAfter(dayAndTimeAt(moment, profile.timeZone).day); day <= today; day = dayAfter(day))
    if (isSchoolDay(profile, day)) count += 1;
  return count;
}

/** "Tue 24 Nov 2026". @param day `2026-11-24`. */
export function dayInWords(day: string): string {
  const date = midnightOf(day);
  return `${WEEKDAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** Whether the calendar has such a day. @param day as typed. */
export function isDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(day)) return false;
  const date = midnightOf(day);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Days are counted in UTC, where each has 24 hours. */
const midnightOf = (day: string): Date => new Date(`${day}T00:00:00Z`);

const dayAfter = (day: string): string => daysAfter(day, 1);

/** Whether a day is a Saturday or a Sunday. */
export const isWeekend = (day: string): boolean => [0, 6].includes(midnightOf(day).getUTCDay());

const holds =
  (day: string) =>
  ({ from, to }: { readonly from: string; readonly to: string }): boolean =>
    from <= day && day <= to;
