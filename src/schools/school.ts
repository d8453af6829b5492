import type { ClauseIndex } from '../policies/clause-index.js';
import type { Policy } from '../policies/policy.js';
import type { SchoolProfile } from './profile.js';

/** One school, ready to answer: its profile, its policies and the index over their clauses. */
export interface School {
  readonly profile: SchoolProfile;
  readonly policies: readonly Policy[];
  readonly index: ClauseIndex;
}

/** Where a message comes from, as Teams says it; nothing of it comes from a card. */
export interface Origin {
  readonly tenantId: string | undefined;
  /** Entra object id of the sender. */
  readonly personId: string | undefined;
  readonly teamId: string | undefined;
}

/**
 * Finds the school a message belongs to. Schools of one trust share a tenant; the team, then the person, tells them apart. Where
 * the profile says so, it does even while the others cannot be read or are not set up yet.
 *
 * @returns `undefined` when no school fits, or more than one does: nobody is shown another school's policy.
 */
export function schoolAt(schools: readonly School[], { tenantId, personId, teamId }: Origin): School | undefined {
  const sameId = (one: string, other: string | undefined) => one.toLowerCase() === other?.toLowerCase();
  const inTenant = schools.filter(({ profile }) => sameId(profile.tenantId, tenantId));
  const [only] = inTenant;
  if (inTenant.length <= 1 && !only?.profile.tenantIsShared) return only;
  const byTeam = inTenant.filter(({ profile }) => sameId(profile.teams.teamId, teamId));
  if (byTeam.length === 1) return byTeam[0];
  const byPerson = inTenant.filter(({ profile }) => profile.people.some((person) => sameId(person.id, personId)));
  return byPerson.length === 1 ? byPerson[0] : undefined;
}
