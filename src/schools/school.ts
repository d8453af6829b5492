import type { ClauseIndex } from '../policies/clause-index.js';
import type { Policy } from '../policies/policy.js';
import type { SchoolProfile } from './profile.js';

/** One school, ready to answer: its profile, its policies and the index over their clauses. */
export interface School {
  readonly profile: SchoolProfile;
  readonly policies: readonly Policy[];
  readonly index: ClauseIndex;
}

/** A school whose files cannot be read, and which was not read before either: nobody is answered for it. */
export interface WaitingSchool {
  readonly id: string;
  /** `undefined` where `school.yaml` is what cannot be read. */
  readonly profile: SchoolProfile | undefined;
}

/** Where a message comes from, as Teams says it. */
export interface Origin {
  readonly tenantId: string | undefined;
  /** Entra object id of the sender. */
  readonly personId: string | undefined;
  readonly teamId: string | undefined;
  /**
   * Which of their own schools somebody who is at several means, as they or the pressed card say. It never leads anybody to a school
   * that they are not at, nor away from that of the team they write in.
   */
  readonly schoolId?: string | undefined;
}

/**
 * Finds the school a message belongs to. Schools of one trust share a tenant; the team, then the person, tells them apart. Where
 * the profile says so, it does even while the others cannot be read or are not set up yet.
 *
 * @returns `undefined` when no school fits, or more than one does: nobody is shown another school's policy.
 */
export function schoolAt(schools: readonly School[], origin: Origin): School | undefined {
  const fitting = schoolsFitting(schools, origin);
  return fitting.length > 1 ? fitting.find(({ profile }) => profile.id === origin.schoolId) : fitting[0];
}

/** The schools that a message may belong to: more than one only for somebody who is at several, where no team tells which. */
export function schoolsFitting<S extends Pick<School, 'profile'>>(
  schools: readonly S[],
  { tenantId, personId, teamId }: Origin,
): readonly S[] {
  const sameId = (one: string, other: string | undefined) => one.toLowerCase() === other?.toLowerCase();
  const inTenant = schools.filter(({ profile }) => sameId(profile.tenantId, tenantId));
  const [only] = inTenant;
  if (inTenant.length <= 1 && !only?.profile.tenantIsShared) return inTenant;
  const byTeam = inTenant.filter(({ profile }) => sameId(profile.teams.teamId, teamId));
  if (byTeam.length === 1) return byTeam;
  return inTenant.filter(({ profile }) => profile.people.some((person) => sameId(person.id, personId)));
}
