import { buildClauseIndex } from '../src/policies/clause-index.js';
import type { SchoolProfile } from '../src/schools/profile.js';
import type { School } from '../src/schools/school.js';
import type { Period } from '../src/summaries/period.js';
import { boundsOf, periodsOf } from '../src/summaries/periods.js';

const INDEX = buildClauseIndex([]);

/** A school like another, without policies. @param since in which school years it keeps cases: 2021 for 2021/22. */
export function schoolLike(profile: SchoolProfile, id: string, since: number, years: number): School {
  const all = Array.from({ length: years }, (_, at) => since + at);
  const terms = all.flatMap((year) => [
    { name: `Autumn ${year}`, from: `${year}-09-02`, to: `${year}-12-18` },
    { name: `Spring ${year + 1}`, from: `${year + 1}-01-05`, to: `${year + 1}-03-26` },
    { name: `Summer ${year + 1}`, from: `${year + 1}-04-14`, to: `${year + 1}-07-21` },
  ]);
  const holidays = all.flatMap((year) => [
    { name: 'Autumn half-term', from: `${year}-10-23`, to: `${year}-10-31` },
    { name: 'Spring half-term', from: `${year + 1}-02-13`, to: `${year + 1}-02-21` },
    { name: 'Summer half-term', from: `${year + 1}-05-29`, to: `${year + 1}-06-06` },
  ]);
  return { profile: { ...profile, id, terms, holidays }, policies: [], index: INDEX };
}

/** The half-terms of a school's last year, oldest first. */
export const halfTermsOf = ({ profile }: School): readonly Period[] => periodsOf(profile, 'half_term').slice(-6);

/** From the first day of a school's first year to the last day of its last. */
export function timeOf({ profile }: School): { readonly since: Date; readonly before: Date } {
  const years = periodsOf(profile, 'year');
  const [first, last] = [years[0], years.at(-1)];
  if (!first || !last) throw new Error('The school has no terms.');
  return { since: boundsOf(first, profile.timeZone).since, before: boundsOf(last, profile.timeZone).before };
}

/** When a period's summary is made: two days after it. */
export const madeAt = (period: Period, { profile }: School): Date =>
  new Date(boundsOf(period, profile.timeZone).before.getTime() + 2 * 24 * 60 * 60_000);
