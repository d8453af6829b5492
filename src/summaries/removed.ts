import type { DeletionStore } from '../reports/deletion.js';
import { questionsKeptSince } from '../reports/retention.js';
import type { SchoolProfile } from '../schools/profile.js';
import { isWithin } from './membership.js';
import type { Period } from './period.js';
import { boundsOf } from './periods.js';

/** What was counted once, or could have been, and is kept no longer. */
export interface Removed {
  /** When each case that was deleted came in, and when it ended. */
  readonly cases: readonly { readonly submittedAt: Date; readonly endedAt: Date }[];
  /** Questions asked before this are gone. */
  readonly questionsBefore: Date;
}

/** Rejects when the store cannot be reached in time. */
export async function removedOf(
  deletions: Pick<DeletionStore, 'all'>,
  profile: SchoolProfile,
  now: Date,
): Promise<Removed> {
  const cases: Removed['cases'][number][] = [];
  for await (const { certificate } of deletions.all(profile.id)) cases.push(certificate);
  return { cases, questionsBefore: questionsKeptSince(profile, now) };
}

/** Whether cases of a period were deleted. */
export const hasLostCases = (period: Period, timeZone: string, { cases }: Removed): boolean =>
  cases.some(({ submittedAt }) => isWithin(submittedAt, boundsOf(period, timeZone)));

/** Whether questions of a period were removed. */
export const hasLostQuestions = (period: Period, timeZone: string, { questionsBefore }: Removed): boolean =>
  boundsOf(period, timeZone).since < questionsBefore;

/** Whether periods have a day in common. */
export const overlap = (one: Period, other: Period): boolean => one.from <= other.to && other.from <= one.to;
