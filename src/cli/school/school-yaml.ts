import type { Account } from '../../schools/check-accounts.js';
import { CHOSEN_IN_TEAMS } from '../../schools/check-settings.js';
import type { Role } from '../../schools/profile.js';
import { type Answers, periodIn, personIn } from './answers.js';
import { teamsPlace } from './teams-link.js';

/** Which role the people of a question get. */
const OFFICES: readonly (readonly [string, readonly Role[]])[] = [
  ['headteacher', ['headteacher']],
  ['deputy', ['deputy_headteacher']],
  ['dsl', ['dsl']],
  ['chair', ['chair_of_governors', 'governor']],
  ['trust', ['trust_or_local_authority']],
  ['administrator', ['administrator']],
];

const one = (answers: Answers, key: string): string => answers[key]?.[0] ?? '';

/** As it stands in a flow of YAML; in quotes unless it is plainly a name. */
const text = (value: string): string =>
  /^\p{L}[\p{L}\d .’'&()/-]*$/u.test(value) &&
  !/^(?:y|n|yes|no|on|off|true|false|null)$/iu.test(value) &&
  !/\s$|\s#/u.test(value)
    ? value
    : JSON.stringify(value);

/**
 * A `school.yaml` for people to read and change, from what was answered.
 *
 * @param staff others who are at the school.
 */
export const schoolYaml = (
  answers: Answers,
  staff: readonly Account[],
): string => `# What ${oneLine(one(answers, 'name'))} tells Policy Desk about itself. docs/schools.md explains every line.

name: ${text(one(answers, 'name'))}

# The school's Microsoft Entra tenant: Entra admin centre > Overview > Tenant ID.
tenantId: ${one(answers, 'tenant')}

# Whether other schools use the same tenant. Then only the people named below are taken for this school's, and whoever writes in its
# team; so everybody who is to use Policy Desk has to be named below, at least as staff.
tenantIsShared: ${/^y/iu.test(one(answers, 'shared-tenant'))}

timeZone: ${one(answers, 'time-zone')}

# Who is who. The id is the person's object id in Entra: Users > the person > Object ID.
# Roles: headteacher, deputy_headteacher, dsl, chair_of_governors, governor, triager, staff, trust_or_local_authority,
# administrator.
people:
${peopleIn(answers, staff)}

# Shown to people who need to reach someone.
contacts:
${contactsIn(answers)}

# First and last school day of each term, and the holidays within them. Where these dates run out, every weekday counts as a
# school day, and governors get no summaries; so put in the dates of the next school year before this one is over.
terms:
${periods(answers.term ?? [])}
${(answers.holiday ?? []).length > 0 ? `holidays:\n${periods(answers.holiday ?? [])}` : '# The half-terms and other days without school within them.\nholidays: []'}

# Where the bot is at home in Teams. What is chosen in Teams ("@Policy Desk use this channel for reports", "@Policy Desk use this chat
# for governors' summaries") goes before what stands here; an id with "${CHOSEN_IN_TEAMS}" in it waits for that.
teams:
${placesIn(answers)}

# Reminders, summaries, limits and how long things are kept have defaults. To change one, copy it from the example school.
# How long reports are kept must suit your own retention schedule; your data protection officer should have seen these.
retention:
  years: { headteacher: 6, chair: 10, trust: 10, safeguarding: 25 }
  questionMonths: 24
`;

const oneLine = (words: string): string => words.replace(/\s+/gu, ' ');

/** Whoever has several offices is one person with several roles. */
function peopleIn(answers: Answers, staff: readonly Account[]): string {
  const people = new Map<string, { readonly name: string; readonly roles: Set<Role> }>();
  const add = (name: string, id: string, roles: readonly Role[]) => {
    const before = people.get(id.toLowerCase()) ?? { name, roles: new Set() };
    for (const role of roles) before.roles.add(role);
    people.set(id.toLowerCase(), before);
  };
  for (const [key, roles] of OFFICES)
    if (one(answers, `${key}-name`)) add(one(answers, `${key}-name`), one(answers, `${key}-id`), roles);
  for (const role of ['triager', 'governor'] as const)
    for (const typed of answers[role] ?? []) {
      const person = personIn(typed);
      if (person) add(person.name, person.id, [role]);
    }
  for (const { name, id, enabled } of staff)
    if (enabled && !people.has(id.toLowerCase())) add(name || id, id, ['staff']);
  return [...people]
    .map(
      ([id, { name, roles }]) =>
        `  - { id: ${JSON.stringify(id)}, name: ${text(name)}, roles: [${[...roles].join(', ')}] }`,
    )
    .join('\n');
}

function contactsIn(answers: Answers): string {
  const line = (name: string, key: string) => {
    const [phone, email] = [one(answers, `${key}-phone`), one(answers, `${key}-email`)];
    const parts = [
      `name: ${text(one(answers, `${key}-name`))}`,
      ...(phone ? [`phone: ${JSON.stringify(phone)}`] : []),
      ...(email ? [`email: ${JSON.stringify(email)}`] : []),
    ];
    return `  ${name}: { ${parts.join(', ')} }`;
  };
  return [
    line('headteacher', 'headteacher'),
    line('dsl', 'dsl'),
    line('chairOfGovernors', 'chair'),
    line('lado', 'lado'),
    ...(one(answers, 'trust-name') ? [line('trust', 'trust')] : []),
  ].join('\n');
}

const periods = (typed: readonly string[]): string =>
  typed
    .flatMap((line) => periodIn(line) ?? [])
    .map(({ name, from, to }) => `  - { name: ${text(name)}, from: ${from}, to: ${to} }`)
    .join('\n');

function placesIn(answers: Answers): string {
  const id = one(answers, 'id');
  const place = (key: string, end: string) =>
    teamsPlace(one(answers, key)) ?? { id: `19:${CHOSEN_IN_TEAMS}-${id}-${key}@thread.${end}`, name: null };
  const [team, channel, chat] = [place('team', 'tacv2'), place('channel', 'tacv2'), place('governors-chat', 'v2')];
  return [
    `  teamId: ${JSON.stringify(team.id)}`,
    `  teamName: ${text(one(answers, 'team-name'))}`,
    `  headteacherChannel: { id: ${JSON.stringify(channel.id)}, name: ${text(channel.name ?? 'Headteacher')} }`,
    `  governorsChat: { id: ${JSON.stringify(chat.id)}, name: Governors }`,
  ].join('\n');
}
