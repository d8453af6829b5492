import { type Account, accountFindings, isOneName, plain } from './check-accounts.js';
import { error, type Finding, listed, repeated, warning, when } from './finding.js';
import { mayTriage, type Person, peopleWith, setsUp } from './people.js';
import type { Contact, Role, SchoolProfile } from './profile.js';

/** Ids that stand in the example; nobody has them. */
const EXAMPLE_ID = /^0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c\d\d$/iu;
const EXAMPLE_TENANT = '7e5f1c9a-3b62-4d18-9a47-0c2d8e6b1f34';
/** All one sign, such as 00000000-0000-0000-0000-000000000000, or 11111111-…: typed to fill the place. */
const FILLED_IN = /^([0-9a-f])\1{7}-\1{4}-\1{4}-\1{4}-\1{12}$/iu;
/** Ofcom keeps these for films and books, RFC 2606 these for documents. */
const MADE_UP_PHONE =
  /^\D*(?:01632\D*960|07700\D*900|0(?:11[3-8]|121|131|141|151|161|191|20|28|29)\D*\d?\D*496\D*0|08081\D*570|03069\D*990)/u;
const MADE_UP_EMAIL = /[@.]example(?:\.(?:com|org|net))?$/iu;

/**
 * Who is named, and who is not.
 *
 * @param accounts the tenant's accounts; left out, it is not looked at whether somebody exists.
 */
export const peopleFindings = (profile: SchoolProfile, accounts?: readonly Account[]): readonly Finding[] => [
  ...officeFindings(profile),
  ...numberFindings(profile),
  ...profile.people.flatMap(roleFindings),
  ...identityFindings(profile),
  ...contactFindings(profile),
  ...(accounts ? accountFindings(profile, accounts) : []),
];

/** Without the two of them a report may still reach somebody; whether it does, its routes say. */
function officeFindings(profile: SchoolProfile): readonly Finding[] {
  const holders = (role: Role) => peopleWith(profile, role);
  const nobody = (role: Role, code: string, words: string) =>
    when(holders(role).length === 0, () => warning(code, words));
  return [
    ...nobody(
      'headteacher',
      'no_headteacher',
      'Nobody has the role headteacher, to whom reports are made in the first instance.',
    ),
    ...nobody(
      'deputy_headteacher',
      'no_deputy',
      'Nobody has the role deputy_headteacher, so nobody stands in when the Headteacher cannot be reached.',
    ),
    ...nobody(
      'dsl',
      'no_dsl',
      'Nobody has the role dsl: a report on a child’s safety reaches no designated safeguarding lead.',
    ),
    ...nobody(
      'chair_of_governors',
      'no_chair',
      'Nobody has the role chair_of_governors, to whom reports about the Headteacher go.',
    ),
    ...nobody(
      'trust_or_local_authority',
      'no_trust_or_local_authority',
      'Nobody has the role trust_or_local_authority, to whom reports about both the Headteacher and the chair of governors go.',
    ),
  ];
}

/** Offices that one person too few or too many holds. */
function numberFindings(profile: SchoolProfile): readonly Finding[] {
  const triagers = profile.people.filter(({ id }) => mayTriage(profile, id));
  const heads = peopleWith(profile, 'headteacher');
  return [
    ...when(
      setsUp(profile).every(({ roles }) => !roles.includes('administrator')),
      () =>
        warning(
          'no_administrator',
          'Nobody has the role administrator, so only the Headteacher and deputies can connect the channel and see the status.',
        ),
    ),
    ...when(triagers.length === 1, () =>
      warning(
        'one_triager',
        `Only ${listed(triagers.map(({ name }) => name))} may act on reports. Give somebody else the role triager.`,
      ),
    ),
    ...when(heads.length > 1, () =>
      warning(
        'two_headteachers',
        `${listed(heads.map(({ name }) => name))} all have the role headteacher. A report about one of them goes past all of them.`,
      ),
    ),
  ];
}

/** Roles that should not be one person's, because one of them is there for reports about the other. */
const APART: readonly (readonly [Role, Role])[] = [
  ['headteacher', 'chair_of_governors'],
  ['headteacher', 'trust_or_local_authority'],
  ['chair_of_governors', 'trust_or_local_authority'],
  ['headteacher', 'deputy_headteacher'],
  ['chair_of_governors', 'deputy_headteacher'],
];

const roleFindings = ({ name, roles }: Person): readonly Finding[] => [
  ...APART.filter((pair) => pair.every((role) => roles.includes(role))).map(([one, other]) =>
    warning(
      'roles_together',
      `${name} is both ${one} and ${other}. A report about ${name} goes past both, so nobody is left where one should stand in for the other.`,
    ),
  ),
  ...when(roles.includes('governor') && roles.includes('triager'), () =>
    warning(
      'governor_triages',
      `${name} is both governor and triager, and so reads cases that governors only see figures of.`,
    ),
  ),
  ...when(new Set(roles).size < roles.length, () => warning('role_twice', `${name} has a role twice.`)),
];

function identityFindings({ people, tenantId }: SchoolProfile): readonly Finding[] {
  const madeUp = people
    .filter(({ id }) => EXAMPLE_ID.test(id) || FILLED_IN.test(id))
    .map(({ name, roles }) => `${name} (${roles.join(', ')})`);
  return [
    ...when(tenantId.toLowerCase() === EXAMPLE_TENANT || FILLED_IN.test(tenantId), () =>
      error(
        'example_tenant',
        'tenantId is the example’s, so nobody is taken for this school’s. It stands in the Entra admin centre > Overview > Tenant ID.',
      ),
    ),
    ...when(madeUp.length > 0, () =>
      error(
        'example_person',
        `There is no account with the id of ${listed(madeUp)}: the ids are made up. They stand in the Entra admin centre > Users > the person > Object ID.`,
      ),
    ),
    ...repeated(people, ({ name }) => plain(name)).map((same) =>
      warning(
        'person_twice',
        `${same[0]?.name} is named ${same.length} times with different ids. If that is one person, keep the account that they use in Teams; if not, add something that tells them apart.`,
      ),
    ),
  ];
}

/** Whoever is shown to people as the one to turn to, and the role that it should be. */
const OFFICES = [
  ['headteacher', 'headteacher', 'the Headteacher'],
  ['dsl', 'dsl', 'the designated safeguarding lead'],
  ['chairOfGovernors', 'chair_of_governors', 'the chair of governors'],
  ['trust', 'trust_or_local_authority', 'the person at the trust or local authority'],
] as const;
/** Whom somebody may have to ring at once. */
const RUNG = [
  ['dsl', 'the designated safeguarding lead'],
  ['lado', 'the LADO'],
] as const;

function contactFindings(profile: SchoolProfile): readonly Finding[] {
  const { contacts } = profile;
  const given = Object.entries(contacts).filter((entry): entry is [string, Contact] => entry[1] !== undefined);
  return [
    ...RUNG.flatMap(([key, who]) =>
      when(contacts[key].phone === undefined, () =>
        warning(
          `no_${key}_number`,
          `contacts.${key} has no phone. People who have to ring ${who} at once are shown none.`,
        ),
      ),
    ),
    ...given
      .filter(([key, { phone, email }]) => !(phone ?? email) && !RUNG.some(([rung]) => rung === key))
      .map(([key]) => warning('no_way_to_reach', `contacts.${key} has neither phone nor email.`)),
    ...madeUpFindings(given),
    ...OFFICES.flatMap(([key, role, who]) => contactIsHolder(profile, contacts[key], key, role, who)),
  ];
}

function madeUpFindings(given: readonly (readonly [string, Contact])[]): readonly Finding[] {
  const phones = given.filter(([, { phone }]) => MADE_UP_PHONE.test(phone ?? '')).map(([key]) => key);
  const emails = given.filter(([, { email }]) => MADE_UP_EMAIL.test(email ?? '')).map(([key]) => key);
  return [
    ...when(phones.length > 0, () =>
      warning(
        'example_phone',
        `Under contacts, the telephone of ${listed(phones)} is one of those kept for films and books, as in the example. Nobody answers it.`,
      ),
    ),
    ...when(emails.length > 0, () =>
      warning(
        'example_email',
        `Under contacts, the address of ${listed(emails)} is made up, as in the example. Nobody reads it.`,
      ),
    ),
  ];
}

function contactIsHolder(
  profile: SchoolProfile,
  contact: Contact | undefined,
  key: string,
  role: Role,
  who: string,
): readonly Finding[] {
  const holders = peopleWith(profile, role).map(({ name }) => name);
  if (!contact || holders.length === 0 || holders.some((name) => isOneName(name, contact.name))) return [];
  return [
    warning(
      'contact_is_another',
      `contacts.${key} names ${contact.name}, but under people ${who} is ${listed(holders)}. Whoever is right should stand in both.`,
    ),
  ];
}
