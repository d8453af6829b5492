import { type Allowances, comeBackAt } from '../schools/allowances.js';
import type { School } from '../schools/school.js';

/** Who opens a page, as its link says. */
export interface Visitor {
  readonly schoolId: string;
  /** Entra object id. */
  readonly personId: string;
}

/** Counts the requests that people's links bring. @returns `undefined` for one that is let in. */
export type Visits = (
  visitor: Visitor,
) => { readonly sentence: string /** In seconds. */; readonly retryAfter: number } | undefined;

/** As many requests a minute as a person may send messages; who has a link to many pictures opens each in three. */
export function countVisits({
  schools,
  allowances,
  now,
}: {
  readonly schools: readonly School[];
  readonly allowances: Allowances;
  readonly now: () => Date;
}): Visits {
  return ({ schoolId, personId }) => {
    const profile = schools.find((school) => school.profile.id === schoolId)?.profile;
    const at = now().getTime();
    // A link to a school that is no more opens nothing.
    const until = profile && allowances.take(`page~${schoolId}~${personId}`, profile.limits.personPerMinute, at);
    if (!profile || !until) return undefined;
    return {
      sentence: `This link was used more often than I can keep up with, so I am pausing. Nothing is lost: please go on at ${comeBackAt(until, profile.timeZone)}.`,
      retryAfter: Math.ceil((until.getTime() - at) / 1_000),
    };
  };
}
