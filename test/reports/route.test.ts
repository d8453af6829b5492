import { describe, expect, it } from 'vitest';
import { POSTERS, SUBJECTS } from '../../src/reports/report.js';
import { CHANNEL, type Route, type RouteQuestion, routeFor } from '../../src/reports/route.js';
import { aProfile, ID, type Name, rolesWith, rolesWithout } from './examples.js';

const ask = (question: Partial<RouteQuestion>): RouteQuestion => ({
  ...{ category: 'disparaging_post', postedBy: 'parent', about: 'school', involved: [] },
  ...{ reporterId: ID.teacher, unreachable: [] },
  ...question,
});

const NAMES = Object.fromEntries(Object.entries(ID).map(([name, id]) => [id, name as Name]));
const short = ({ way, people, channel, recused, lado }: Route): string =>
  [
    way,
    people.map((id) => NAMES[id]).join('+'),
    channel ? 'channel' : '',
    recused.map((id) => NAMES[id]).join('+'),
    lado ? 'lado' : '',
  ].join(' | ');

describe('the route of a report, rule by rule', () => {
  const profile = aProfile();
  it.each<[string, Partial<RouteQuestion>, string]>([
    ['usually the Headteacher’s channel (marsh-green)', {}, 'headteacher_channel |  | channel |  | '],
    [
      'before anything is said',
      { category: null, postedBy: null, about: null },
      'headteacher_channel |  | channel |  | ',
    ],
    [
      'a member of staff, a colleague or a governor without a name',
      { postedBy: 'staff', about: 'colleague' },
      'headteacher_channel |  | channel |  | ',
    ],
    [
      'a governor without a name',
      { postedBy: 'governor', about: 'governor' },
      'headteacher_channel |  | channel |  | ',
    ],
    [
      'a colleague who does not triage',
      { about: 'colleague', involved: [ID.teacher] },
      'headteacher_channel |  | channel | teacher | ',
    ],
    ['about the Headteacher: the chair (KCSIE part four)', { about: 'headteacher' }, 'chair | chair |  | head | '],
    ['posted by the Headteacher', { postedBy: 'headteacher' }, 'chair | chair |  | head | '],
    ['the Headteacher named', { involved: [ID.head.toLowerCase()] }, 'chair | chair |  | head | '],
    [
      'the Headteacher reports about themselves',
      { about: 'reporter', reporterId: ID.head },
      'chair | chair |  | head | ',
    ],
    ['the Headteacher reports about the school', { reporterId: ID.head }, 'headteacher_channel |  | channel |  | '],
    [
      'about the Headteacher, the chair not reached',
      { about: 'headteacher', unreachable: [ID.chair.toLowerCase()] },
      'trust | trust |  | head | ',
    ],
    ['about the chair: as usual', { about: 'chair_of_governors' }, 'headteacher_channel |  | channel | chair | '],
    [
      'the chair reports about themselves',
      { about: 'reporter', reporterId: ID.chair },
      'headteacher_channel |  | channel | chair | ',
    ],
    [
      'about the Headteacher and the chair',
      { postedBy: 'headteacher', about: 'chair_of_governors' },
      'trust | trust |  | head+chair | lado',
    ],
    [
      'both, and the trust’s person too',
      { about: 'headteacher', involved: [ID.chair, ID.trust] },
      'nobody |  |  | head+chair+trust | lado',
    ],
    ['a triager: the Headteacher’s own chat', { involved: [ID.triager] }, 'headteacher_chat | head |  | triager | '],
    [
      'a triager reports about themselves',
      { about: 'reporter', reporterId: ID.triager },
      'headteacher_chat | head |  | triager | ',
    ],
    ['a triager reports about the school', { reporterId: ID.triager }, 'headteacher_channel |  | channel |  | '],
    [
      'a triager, the Headteacher not reached',
      { involved: [ID.triager], unreachable: [ID.head] },
      'headteacher_chat | deputy |  | triager | ',
    ],
    [
      'the deputy, the Headteacher not reached',
      { involved: [ID.deputy], unreachable: [ID.head] },
      'chair | chair |  | deputy | ',
    ],
    [
      'the deputy and the chair, the Headteacher not reached',
      { involved: [ID.deputy, ID.chair], unreachable: [ID.head] },
      'trust | trust |  | deputy+chair | ',
    ],
    [
      'the deputy, and nobody reached',
      { involved: [ID.deputy], unreachable: [ID.head, ID.chair, ID.trust] },
      'nobody |  |  | deputy | ',
    ],
    ['the channel not reached', { unreachable: [CHANNEL] }, 'headteacher_chat | head |  |  | '],
    [
      'neither the channel nor the Headteacher reached',
      { unreachable: [CHANNEL, ID.head] },
      'headteacher_chat | deputy |  |  | ',
    ],
    ['ids that the profile does not know', { involved: ['someone', ''] }, 'headteacher_channel |  | channel |  | '],
    ['a child’s safety (beechwood)', { category: 'child_safety' }, 'safeguarding | head+dsl | channel |  | '],
    [
      'a child’s safety, about the Headteacher',
      { category: 'child_safety', about: 'headteacher' },
      'safeguarding | dsl+chair |  | head | ',
    ],
    [
      'a child’s safety, by the Headteacher',
      { category: 'child_safety', postedBy: 'headteacher' },
      'safeguarding | dsl+chair |  | head | lado',
    ],
    [
      'a child’s safety, by a member of staff',
      { category: 'child_safety', postedBy: 'staff' },
      'safeguarding | head+dsl | channel |  | lado',
    ],
    [
      'a child’s safety, conduct of staff (morley-victoria)',
      { category: 'child_safety', staffConduct: 'yes' },
      'safeguarding | head+dsl | channel |  | lado',
    ],
    [
      'a child’s safety, the lead named',
      { category: 'child_safety', involved: [ID.dsl] },
      'safeguarding | head+deputy |  | dsl | lado',
    ],
    [
      'a child’s safety, Headteacher and lead',
      { category: 'child_safety', involved: [ID.dsl, ID.head] },
      'safeguarding | chair |  | head+dsl | lado',
    ],
    [
      'a child’s safety, Headteacher and chair',
      { category: 'child_safety', postedBy: 'headteacher', about: 'chair_of_governors' },
      'safeguarding | dsl+trust |  | head+chair | lado',
    ],
    [
      'a child’s safety, a triager',
      { category: 'child_safety', involved: [ID.triager] },
      'safeguarding | head+dsl |  | triager | lado',
    ],
    [
      'a child’s safety, nobody reached',
      { category: 'child_safety', unreachable: Object.values(ID) },
      'nobody |  | channel |  | ',
    ],
  ])('%s', (_rule, question, expected) => {
    expect(short(routeFor(profile, ask(question)))).toBe(expected);
  });

  it('keeps to people, whatever and however many roles they hold', () => {
    const small = aProfile({
      head: ['headteacher', 'dsl'],
      deputy: ['deputy_headteacher', 'dsl', 'staff'],
      chair: ['chair_of_governors'],
    });
    expect(short(routeFor(small, ask({ category: 'child_safety' })))).toBe(
      'safeguarding | head+deputy | channel |  | ',
    );
    expect(short(routeFor(small, ask({ category: 'child_safety', about: 'headteacher' })))).toBe(
      'safeguarding | deputy+chair |  | head | ',
    );
    const shared = aProfile(rolesWith({ deputy: ['headteacher'], governor: ['chair_of_governors'] }));
    expect(short(routeFor(shared, ask({ involved: [ID.triager] })))).toBe(
      'headteacher_chat | head+deputy |  | triager | ',
    );
    expect(short(routeFor(shared, ask({ about: 'headteacher' })))).toBe('chair | chair+governor |  | head+deputy | ');
    expect(short(routeFor(shared, ask({ involved: [ID.deputy] })))).toBe('chair | chair+governor |  | deputy | ');
    expect(short(routeFor(shared, ask({ involved: [ID.deputy, ID.chair] })))).toBe(
      'trust | trust |  | deputy+chair | lado',
    );
  });

  it('follows the office where the profile names nobody in it', () => {
    const without = aProfile(rolesWithout('head', 'chair'));
    expect(short(routeFor(without, ask({ about: 'headteacher' })))).toBe('trust | trust |  |  | ');
    expect(short(routeFor(without, ask({ about: 'headteacher', postedBy: 'chair_of_governors' })))).toBe(
      'trust | trust |  |  | lado',
    );
  });
});

/**
 * Who gets it, from who is involved: H Headteacher, C chair, T somebody else who triages. A route in people's own chats is the
 * order in which they are tried, by letter: H, D deputy, C, L person at the trust or local authority.
 */
const USUAL: Readonly<Record<string, string>> = {
  '': 'channel',
  C: 'channel',
  T: 'HDCL',
  CT: 'HDL',
  H: 'CL',
  HT: 'CL',
  HC: 'L',
  HCT: 'L',
};
/** Beside the lead: by Headteacher and chair alone. And who stands in where no lead is left. */
const SAFETY: Readonly<Record<string, readonly [string, string]>> = {
  '': ['HDCL', 'D'],
  C: ['HDL', 'D'],
  H: ['CL', ''],
  HC: ['L', ''],
};
const LETTERS: Readonly<Record<string, Name>> = {
  H: 'head',
  D: 'deputy',
  S: 'dsl',
  T: 'triager',
  C: 'chair',
  L: 'trust',
};
const PERSON = Object.keys(LETTERS);
const WAYS: Readonly<Record<string, Route['way']>> = {
  H: 'headteacher_chat',
  D: 'headteacher_chat',
  C: 'chair',
  L: 'trust',
};
const subsets = (letters: readonly string[]): readonly string[] =>
  letters.reduce<string[]>((before, letter) => before.concat(before.map((some) => some + letter)), ['']);
const inOrder = (some: readonly string[]): string => some.toSorted().join();
const ids = (letters: string): string[] => [...letters].flatMap((letter) => ID[LETTERS[letter] ?? 'teacher']);

/** Every way in which whoever is involved can be said: by role as poster or subject, as the reporter themselves, or by name. */
function sayings(involved: string): Partial<RouteQuestion>[] {
  const said: Partial<RouteQuestion>[] = [
    { involved: ids(involved) },
    { involved: ids(involved).map((id) => id.toLowerCase()) },
  ];
  const but = (...gone: string[]) => ids([...involved].filter((letter) => !gone.includes(letter)).join(''));
  const role = { H: 'headteacher', C: 'chair_of_governors' } as const;
  for (const letter of involved)
    said.push({ about: 'reporter', reporterId: ids(letter)[0] ?? '', involved: but(letter) });
  for (const letter of ['H', 'C'] as const) {
    if (!involved.includes(letter)) continue;
    said.push({ postedBy: role[letter], involved: but(letter) }, { about: role[letter], involved: but(letter) });
    for (const self of involved)
      said.push({
        postedBy: role[letter],
        about: 'reporter',
        reporterId: ids(self)[0] ?? '',
        involved: but(letter, self),
      });
  }
  if (involved.includes('H') && involved.includes('C'))
    said.push(
      { postedBy: role.H, about: role.C, involved: but('H', 'C') },
      { postedBy: role.C, about: role.H, involved: but('H', 'C') },
    );
  return said;
}

function expected(category: string, involved: string, reachable: (letter: string) => boolean) {
  const key = [...'HC'].filter((letter) => involved.includes(letter)).join('');
  const triager = /[DST]/u.test(involved);
  const channel = !involved.includes('H') && !triager;
  const first = (order: string) => [...order].find(reachable) ?? '';
  if (category === 'child_safety') {
    const [order, standIn] = SAFETY[key] ?? ['', ''];
    const people = new Set([reachable('S') ? 'S' : first(standIn), first(order)].join(''));
    return { way: people.size > 0 ? 'safeguarding' : 'nobody', people: [...people], channel };
  }
  const order = USUAL[key + (triager ? 'T' : '')] ?? '';
  if (order === 'channel') return { way: 'headteacher_channel', people: [], channel };
  return { way: WAYS[first(order)] ?? 'nobody', people: [...first(order)], channel };
}

describe('the route of a report, in every combination', () => {
  const schools = [
    { profile: aProfile(), people: PERSON },
    { profile: aProfile(rolesWithout('trust')), people: PERSON.filter((letter) => letter !== 'L') },
  ];
  it.each(['online_bullying', 'disparaging_post', 'other_breach', 'child_safety'] as const)('of %s', (category) => {
    let combinations = 0;
    const wrong: object[] = [];
    for (const { profile, people } of schools)
      for (const involved of subsets(people))
        for (const saying of sayings(involved))
          for (const away of subsets(people)) {
            const question = ask({ category, ...saying, unreachable: ids(away) });
            const route = routeFor(profile, question);
            const want = expected(
              category,
              involved,
              (one) => people.includes(one) && !(involved + away).includes(one),
            );
            const named = saying.postedBy !== undefined || (saying.involved ?? []).length > 0;
            const lado = /H.*C/u.test(involved) || (category === 'child_safety' && named);
            combinations += 1;
            if (
              route.way !== want.way ||
              route.channel !== want.channel ||
              route.lado !== lado ||
              inOrder(route.people) !== inOrder(ids(want.people.join(''))) ||
              inOrder(route.recused) !== inOrder(ids(involved))
            )
              wrong.push({ involved, away, question, route, want });
          }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(combinations).toBeGreaterThan(10_000);
  });

  it('never reaches anybody whom it is about, whoever is said to have posted it', () => {
    const profile = aProfile();
    const reached: string[] = [];
    for (const category of [null, 'disparaging_post', 'child_safety'] as const)
      for (const postedBy of [null, ...POSTERS])
        for (const about of [null, ...SUBJECTS])
          for (const involved of subsets(PERSON))
            for (const reporterId of Object.values(ID)) {
              const { people, channel, recused } = routeFor(
                profile,
                ask({ category, postedBy, about, involved: ids(involved), reporterId }),
              );
              const triages = recused.some((id) =>
                [ID.head, ID.deputy, ID.dsl, ID.triager].includes(id as typeof ID.head),
              );
              if (people.some((id) => recused.includes(id)) || (channel && triages))
                reached.push(`${postedBy} ${about} ${involved}`);
            }
    expect(reached).toEqual([]);
  });
});
