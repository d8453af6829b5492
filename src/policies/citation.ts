import type { Clause, Policy } from './policy.js';

/** A clause with the policy it stands in: all that is needed to quote it. */
export interface Citation {
  readonly policy: Policy;
  readonly clause: Clause;
}

/** Where a clause stands: "Clause 5.1 › 5. Contact with pupils · page 3"; empty for a clause without number, heading and page. */
export function placeOf({ label, heading, page }: Clause): string {
  const path = [...(label === null ? [] : [`Clause ${label}`]), ...heading].join(' › ');
  if (page === null) return path;
  return path === '' ? `Page ${page}` : `${path} · page ${page}`;
}

/** Title, version and dates of a policy, as far as it states them, and whether it is the trust's. */
export const sourceOf = ({ title, ofTrust, version, approved, review }: Policy): string =>
  [
    title,
    ...(ofTrust ? ['the trust’s policy'] : []),
    version === null ? 'no version stated' : `version ${version}`,
    approved === null ? 'no date of approval stated' : `approved ${dayOf(approved)}`,
    ...(review === null ? [] : [`review due ${dayOf(review)}`]),
  ].join(' · ');

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "2026-09-21" as "21 Sep 2026"; "2021-09" as "Sep 2021". */
export function dayOf(date: string): string {
  const [year, month, day] = date.split('-').map(Number);
  return [day, MONTHS[(month ?? 0) - 1], year].filter((part) => part !== undefined).join(' ');
}
