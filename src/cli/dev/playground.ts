import { AppError } from '../../errors.js';
import { type Person, receivers } from '../../schools/people.js';
import type { SchoolProfile } from '../../schools/profile.js';

/** The Playground shows one person, to play, and exactly this many others. */
const OTHER_USERS = 5;

/** The team's Entra group is never asked for locally, but the Playground wants one. */
const GROUP_ID = '00000000-0000-4000-8000-000000000000';

/**
 * What the Microsoft 365 Agents Playground is to show: the school's team with its Headteacher channel, the governors' chat,
 * and its people. The first person in the profile is the one played; of the others, those come first whom reports may go to.
 *
 * An invalid configuration makes the Playground end without a word, so what it demands is checked here.
 * @throws {AppError} `school_unreadable` when the profile has too few people.
 */
export function playgroundConfig(profile: SchoolProfile): object {
  const { name, tenantId, people, teams } = profile;
  const users = shownOf(profile).map(({ id, name: fullName }) => {
    const [givenName = fullName, ...rest] = fullName.split(' ');
    const address = `${fullName.toLowerCase().replace(/\s+/gu, '.')}@example-primary.example.org`;
    return {
      id: `29:${id}`,
      name: fullName,
      userPrincipleName: address,
      aadObjectId: id,
      givenName,
      surname: rest.join(' ') || givenName,
      email: address,
    };
  });
  const [currentUser, ...others] = users;
  if (currentUser === undefined || others.length !== OTHER_USERS) {
    throw new AppError(
      'school_unreadable',
      `The Playground needs ${OTHER_USERS + 1} people in school.yaml; ${name} has ${people.length}.`,
    );
  }
  return {
    version: '0.1.1',
    tenantId,
    bot: { id: `28:policy-desk`, name: 'Policy Desk' },
    currentUser,
    users: others,
    personalChat: { id: 'a:policy-desk-personal' },
    groupChat: teams.governorsChat,
    team: { id: teams.teamId, name: teams.teamName, aadGroupId: GROUP_ID, channels: [teams.headteacherChannel] },
  };
}

function shownOf(profile: SchoolProfile): readonly Person[] {
  const { people } = profile;
  return [...new Set([...people.slice(0, 1), ...receivers(profile), ...people])].slice(0, OTHER_USERS + 1);
}
