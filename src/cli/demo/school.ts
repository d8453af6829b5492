import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { daysAfter } from '../../schools/calendar.js';
import type { SchoolProfile } from '../../schools/profile.js';
import type { School } from '../../schools/school.js';
import { readSchool } from '../../storage/school-folder.js';

export const SAMPLE_SCHOOL = 'example-primary';

type Dates = Pick<SchoolProfile, 'terms' | 'holidays'>;

/**
 * Copies the sample school, with its term dates moved to where today is, so that there is always a half-term that is over.
 *
 * @param from the folder of schools. @param to another one. @param today such as `2026-11-21`.
 */
export async function copySchool(from: string, to: string, today: string): Promise<School> {
  await cp(join(from, SAMPLE_SCHOOL), join(to, SAMPLE_SCHOOL), { recursive: true });
  const file = join(to, SAMPLE_SCHOOL, 'school.yaml');
  const profile = parse(await readFile(file, 'utf8')) as Dates;
  await writeFile(file, stringify({ ...profile, ...datesAround(today, profile) }));
  return readSchool(to, SAMPLE_SCHOOL);
}

/** The dates of one school year, moved to that in which a day lies and to those before and after it; weekdays stay what they are. */
export function datesAround(today: string, { terms, holidays }: Dates): Dates {
  const first = yearOf(terms[0]?.from ?? today);
  const years = [-1, 0, 1].map((more) => yearOf(today) - first + more);
  return {
    terms: years.flatMap((by) => terms.map((term) => moved(term, by))),
    holidays: years.flatMap((by) => holidays.map((holiday) => moved(holiday, by))),
  };
}

/** School years begin in September. */
function yearOf(day: string): number {
  const [year = 0, month = 0] = day.split('-').map(Number);
  return month >= 9 ? year : year - 1;
}

const WEEKS_IN_YEAR = 365.25 / 7;

function moved<Span extends Dates['terms'][number]>(span: Span, years: number): Span {
  const days = 7 * Math.round(years * WEEKS_IN_YEAR);
  const name = span.name.replace(/\b20\d\d\b/u, (year) => String(Number(year) + years));
  return { ...span, name, from: daysAfter(span.from, days), to: daysAfter(span.to, days) };
}
