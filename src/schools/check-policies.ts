import { dayOf } from '../policies/citation.js';
import type { Policy } from '../policies/policy.js';
import type { Superseded } from '../policies/trust-policies.js';
import { daysAfter } from './calendar.js';
import { type Finding, note, repeated, warning, when } from './finding.js';

/** Governors meet each half-term or so, and a policy must be on an agenda before that. */
const SOON_DAYS = 60;

/**
 * Policies past their review, without dates, or in each other's place.
 *
 * @param own those of one folder: a school's or the trust's.
 * @param today `2026-11-20`.
 */
export function policyFindings(own: readonly Policy[], today: string): readonly Finding[] {
  return [
    ...own.flatMap((policy) => datesOf(policy, today)),
    ...repeated(own, ({ title }) => title.toLowerCase().replace(/\s+/gu, ' ').trim()).map((same) =>
      warning(
        'policies_of_one_title',
        `${same.map(({ source }) => `"${source}"`).join(' and ')} have the same title, ${same[0]?.title}. Keep the edition that is in force.`,
      ),
    ),
  ];
}

/** What of the trust's is not in force at a school. */
export const supersededFindings = (superseded: readonly Superseded[]): readonly Finding[] =>
  superseded.map(({ policy, by }) =>
    note(
      'trust_policy_superseded',
      `The trust’s policy ${policy.title} ("${policy.source}") is not used here: the school’s own "${by.source}" takes its place.`,
    ),
  );

function datesOf({ source, version, approved, review }: Policy, today: string): readonly Finding[] {
  const file = `"${source}"`;
  return [
    ...when(review === null, () =>
      warning(
        'no_review_date',
        `The policy ${file} says nowhere when it is to be reviewed. Write "Review date: 1 September 2027" into it.`,
      ),
    ),
    ...when(review !== null && lastDay(review) < today, () =>
      warning(
        'review_overdue',
        `The policy ${file} was to be reviewed by ${dayOf(review ?? '')}. Its clauses are still quoted as in force.`,
      ),
    ),
    ...when(review !== null && lastDay(review) >= today && lastDay(review) <= daysAfter(today, SOON_DAYS), () =>
      warning(
        'review_soon',
        `The policy ${file} is to be reviewed by ${dayOf(review ?? '')}. Where it changes, staff are told a month before.`,
      ),
    ),
    ...when(approved === null, () =>
      warning('not_approved', `The policy ${file} says nowhere when it was approved. Every quotation says so as well.`),
    ),
    ...when(approved !== null && approved > today, () =>
      warning(
        'approved_later',
        `The policy ${file} is approved from ${dayOf(approved ?? '')} on, but is quoted as in force now.`,
      ),
    ),
    ...when(approved !== null && review !== null && lastDay(review) <= approved, () =>
      warning(
        'review_before_approval',
        `The policy ${file} is to be reviewed before it was approved. Check its dates.`,
      ),
    ),
    ...when(version === null, () => note('no_version', `The policy ${file} states no version.`)),
  ];
}

/** A month that is named without a day is over with its last one. */
const lastDay = (date: string): string => (date.length === 7 ? `${date}-31` : date);
