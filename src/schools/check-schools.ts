import { error, type Finding, listed, warning, when } from './finding.js';
import type { SchoolProfile } from './profile.js';

/** A finding and the school it is about. */
export interface SchoolFinding extends Finding {
  readonly schoolId: string;
}

/** What schools of one deployment have in common, and must not. */
export const betweenSchools = (profiles: readonly SchoolProfile[]): readonly SchoolFinding[] =>
  profiles.flatMap((profile) => {
    const others = profiles.filter(({ id }) => id !== profile.id);
    const found = [
      ...placeFindings(profile, others),
      ...tenantFindings(profile, others),
      ...nameFindings(profile, others),
    ];
    return found.map((finding) => ({ ...finding, schoolId: profile.id }));
  });

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
const idsOf = (profiles: readonly SchoolProfile[]): string => listed(profiles.map(({ id }) => id));

function placeFindings({ tenantId, teams }: SchoolProfile, others: readonly SchoolProfile[]): readonly Finding[] {
  const withTeam = others.filter((other) => same(other.teams.teamId, teams.teamId));
  const inTenant = withTeam.filter((other) => same(other.tenantId, tenantId));
  const elsewhere = withTeam.filter((other) => !inTenant.includes(other));
  const places = ({ teams: { headteacherChannel, governorsChat } }: Pick<SchoolProfile, 'teams'>) => [
    headteacherChannel.id,
    governorsChat.id,
  ];
  const own = places({ teams });
  const sharing = others.filter((other) => places(other).some((id) => own.some((one) => same(one, id))));
  return [
    ...when(inTenant.length > 0, () =>
      error(
        'team_of_two_schools',
        `The team is that of ${idsOf(inTenant)} as well, so the bot would use neither. Each school needs a team of its own.`,
      ),
    ),
    ...when(elsewhere.length > 0, () =>
      warning(
        'team_in_two_tenants',
        `${idsOf(elsewhere)} has the same team in another tenant, which cannot be. Check tenantId and teams.teamId.`,
      ),
    ),
    ...when(sharing.length > 0, () =>
      error(
        'place_of_two_schools',
        `The Headteacher’s channel or the governors’ chat is that of ${idsOf(sharing)} as well: what is reported at one school would be posted at another, so with the same channel for reports the bot would use neither.`,
      ),
    ),
  ];
}

function tenantFindings(profile: SchoolProfile, others: readonly SchoolProfile[]): readonly Finding[] {
  const inTenant = others.filter(({ tenantId }) => same(tenantId, profile.tenantId));
  const both = profile.people.flatMap(({ id, name, roles }) => {
    const at = inTenant.filter(({ people }) => people.some((person) => same(person.id, id)));
    return at.length > 0 ? [{ name, roles, at }] : [];
  });
  return [
    ...when(inTenant.length > 0 && !profile.tenantIsShared, () =>
      warning(
        'tenant_not_shared',
        `${idsOf(inTenant)} uses the same tenant, but school.yaml does not say so. Add "tenantIsShared: true", so that nobody is taken for this school’s while the others cannot be read.`,
      ),
    ),
    ...both.map(({ name, roles, at }) =>
      warning(
        'person_of_two_schools',
        `${name} (${roles.join(', ')}) is at ${idsOf(at)} as well. In their own chat they have to say which school they mean.`,
      ),
    ),
  ];
}

const nameFindings = ({ name }: SchoolProfile, others: readonly SchoolProfile[]): readonly Finding[] => {
  const namesakes = others.filter((other) => same(other.name.trim(), name.trim()));
  return when(namesakes.length > 0, () =>
    warning(
      'schools_of_one_name',
      `${idsOf(namesakes)} has the same name. People who see both cannot tell them apart.`,
    ),
  );
};
