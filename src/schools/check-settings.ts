import { error, type Finding, listed, warning, when } from './finding.js';
import type { SchoolProfile } from './profile.js';

/** Places that were left to be chosen in Teams, as `school new` writes them. */
export const CHOSEN_IN_TEAMS = 'choose-in-teams';

/** Retention, limits and reminders that are allowed, but odd; and the places in Teams. */
export const settingFindings = (profile: SchoolProfile): readonly Finding[] => [
  ...teamsFindings(profile.teams),
  ...laterFindings(profile),
  ...keepingFindings(profile.retention),
  ...limitFindings(profile),
  ...when(profile.reminders.childSafety === 'school_days', () =>
    warning(
      'safety_on_school_days',
      'reminders.childSafety is school_days: nobody is reminded of a child’s safety in the holidays.',
    ),
  ),
  ...when(profile.targets.acknowledgeSchoolDays > 5, () =>
    warning(
      'slow_target',
      `targets.acknowledgeSchoolDays is ${profile.targets.acknowledgeSchoolDays}: nobody is reminded of a report for more than a week.`,
    ),
  ),
  ...when(profile.summaries.threshold < 5, () =>
    warning(
      'low_threshold',
      `summaries.threshold is ${profile.summaries.threshold}. Counts so small give people away more easily; 5 is usual.`,
    ),
  ),
];

/** Of channels and chats. */
const TEAMS_ID = /^19:[^%\s]+@(?:thread\.(?:tacv2|v2|skype)|unq\.gbl\.spaces)$/u;

/** Whether a place was left to be filled in later. */
export const laterOn = (id: string): boolean => id.includes(CHOSEN_IN_TEAMS);

function teamsFindings({ teamId, headteacherChannel, governorsChat }: SchoolProfile['teams']): readonly Finding[] {
  const places = {
    'teams.teamId': teamId,
    'teams.headteacherChannel': headteacherChannel.id,
    'teams.governorsChat': governorsChat.id,
  };
  const strange = Object.entries(places)
    .filter(([, id]) => !laterOn(id) && (id.startsWith('19:example-') || !TEAMS_ID.test(id)))
    .map(([key]) => key);
  return [
    ...when(strange.length > 0, () =>
      warning(
        'example_place',
        `${listed(strange)} cannot be what Teams gives. Copy the link of the channel or chat; the id stands in it, after "%3A" has been made ":" and "%40" an "@".`,
      ),
    ),
    ...when(headteacherChannel.id === governorsChat.id, () =>
      error(
        'channel_is_chat',
        'teams.headteacherChannel and teams.governorsChat are the same: governors would see that there are reports, and the Headteacher’s cards.',
      ),
    ),
    ...when(headteacherChannel.id === teamId && !laterOn(teamId), () =>
      warning(
        'channel_is_general',
        'teams.headteacherChannel is the team’s General channel, which all of the team can open. The team should have no members but those who deal with reports.',
      ),
    ),
  ];
}

function laterFindings({ teams, tenantIsShared }: SchoolProfile): readonly Finding[] {
  const { teamId, headteacherChannel, governorsChat } = teams;
  return [
    ...when(laterOn(headteacherChannel.id), () =>
      chosenInTeams(
        'teams.headteacherChannel',
        'Write “@Policy Desk use this channel for reports” in the Headteacher’s channel.',
      ),
    ),
    ...when(laterOn(governorsChat.id), () =>
      chosenInTeams(
        'teams.governorsChat',
        'Write “@Policy Desk use this chat for governors’ summaries” in the governors’ chat.',
      ),
    ),
    ...when(laterOn(teamId), () =>
      warning(
        'no_team',
        `teams.teamId is not filled in. Where schools share a tenant, it says which school a message in a channel belongs to${tenantIsShared ? ', and without it no channel of the team can be chosen for reports' : ''}.`,
      ),
    ),
  ];
}

const chosenInTeams = (place: string, words: string): Finding => ({
  severity: 'note',
  code: 'chosen_in_teams',
  words: `${place} is left to be chosen in Teams. ${words}`,
});

/** What the guidance asks for, where the profile has less. */
function keepingFindings({ years }: SchoolProfile['retention']): readonly Finding[] {
  const short = (['chair', 'trust'] as const).filter((way) => years[way] < 10);
  return [
    ...short.map((way) =>
      warning(
        'kept_shortly',
        `retention.years.${way} is ${years[way]}. Allegations against staff are kept for at least ten years (Keeping Children Safe in Education, part four).`,
      ),
    ),
    ...when(years.safeguarding < 25, () =>
      warning(
        'safeguarding_kept_shortly',
        `retention.years.safeguarding is ${years.safeguarding}. What is kept on a child is kept until they are 25; counted from the end of the case, 25 years is never less.`,
      ),
    ),
    ...when(years.headteacher > Math.max(years.chair, years.trust), () =>
      warning(
        'kept_oddly',
        `retention.years.headteacher is ${years.headteacher}, longer than reports about the Headteacher are kept. Check that none were mixed up.`,
      ),
    ),
  ];
}

function limitFindings({ limits: { personPerMinute, schoolPerMinute } }: SchoolProfile): readonly Finding[] {
  return [
    ...when(personPerMinute >= schoolPerMinute, () =>
      warning(
        'limits_turned_round',
        `limits.personPerMinute (${personPerMinute}) is not below limits.schoolPerMinute (${schoolPerMinute}), so one person could use up what all of the school share.`,
      ),
    ),
    ...when(personPerMinute > 600, () =>
      warning(
        'no_limit',
        `limits.personPerMinute is ${personPerMinute}, more than anybody can type: it limits nobody.`,
      ),
    ),
  ];
}
