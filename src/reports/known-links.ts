import type { SchoolProfile } from '../schools/profile.js';
import { mayRead } from './access.js';
import type { Case } from './case.js';
import { all } from './standing.js';
import type { CaseStore } from './stores.js';
import { withoutLinks } from './withheld.js';

/**
 * A case as one person may read it, who may read this one: with the links to those cases alone that they may read, too.
 *
 * @param personId Entra object id.
 */
export async function asKnownTo(
  current: Case,
  profile: SchoolProfile,
  personId: string,
  cases: Pick<CaseStore, 'find'>,
): Promise<Case> {
  const references = [...new Set(all(current.log, 'linked').map(({ what }) => what.to))];
  const linked = await Promise.all(references.map((reference) => cases.find(profile.id, reference)));
  const known = linked.flatMap((other) =>
    other && mayRead(other.case, profile, personId) ? [other.case.report.reference] : [],
  );
  return withoutLinks(current, new Set(known));
}
