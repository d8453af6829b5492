import { describe, expect, it } from 'vitest';
import {
  assignableTo,
  isForChannel,
  isRecused,
  mayHold,
  mayKnowReporter,
  mayRead,
  readersOf,
} from '../../src/reports/access.js';
import { digestDeliveries, shownIn } from '../../src/reports/digest.js';
import { reroute } from '../../src/reports/opening.js';
import { did, draftWith, kept, minutesIn, opened, profile, ROUTES, withEvent } from './cases.js';
import { aProfile, ID, type Name, rolesWith, rolesWithout } from './examples.js';

const names = (people: readonly { id: string }[]) =>
  people.map(({ id }) => Object.entries(ID).find(([, one]) => one === id)?.[0]);

describe('who may read a case', () => {
  it('is decided by its route', () => {
    expect(names(readersOf(ROUTES.channel().case, profile))).toEqual(['head', 'deputy', 'dsl', 'triager']);
    expect(names(readersOf(ROUTES.about_headteacher().case, profile))).toEqual(['chair']);
    expect(names(readersOf(ROUTES.about_triager().case, profile))).toEqual(['head']);
    // beechwood: the appropriate authorities.
    expect(names(readersOf(ROUTES.safety().case, profile))).toEqual(['head', 'deputy', 'dsl']);
    expect(names(readersOf(ROUTES.safety_about_headteacher().case, profile))).toEqual(['dsl', 'chair']);
  });

  it('is nobody without a place in the profile, and whoever has one by whatever letters', () => {
    const { case: current } = ROUTES.channel();
    for (const nobody of [undefined, '', 'constructor', 'BBBBBBBB-0000-4000-8000-000000000009'])
      expect(mayRead(current, profile, nobody)).toBe(false);
    expect(mayRead(current, profile, ID.head.toLowerCase())).toBe(true);
    expect(mayRead(current, aProfile(rolesWithout('head')), ID.head)).toBe(false);
    expect(mayRead(current, aProfile(rolesWith({ triager: ['staff'] })), ID.triager)).toBe(false);
  });

  it('is also who was given it, or reminded of it, and has not left', () => {
    const start = ROUTES.about_headteacher();
    const given = did(start, 'chair', { do: 'assign', to: ID.deputy });
    const next = did(given, 'chair', { do: 'assign', to: ID.dsl });
    expect(names(readersOf(next.case, profile))).toEqual(['deputy', 'dsl', 'chair']);
    const reminded = withEvent(start, 'chair', {
      ...{ kind: 'reminded', step: 'stand_in', slot: '2026-11-25' },
      people: [ID.trust, ID.head],
    });
    expect(names(readersOf(reminded.case, profile))).toEqual(['chair', 'trust']);
    expect(names(readersOf(next.case, aProfile(rolesWithout('deputy'))))).toEqual(['dsl', 'chair']);
  });

  it('passes to the next where everyone it was sent to has left the school, but never to whom it names', () => {
    const { case: current } = ROUTES.about_headteacher();
    expect(names(readersOf(current, aProfile(rolesWithout('chair'))))).toEqual(['trust']);
    const successor = aProfile({ ...rolesWithout('chair'), governor: ['chair_of_governors'] });
    expect(names(readersOf(current, successor))).toEqual(['governor']);
    const promoted = aProfile({ ...rolesWithout('chair', 'trust'), head: ['trust_or_local_authority'] });
    expect(readersOf(current, promoted)).toEqual([]);
  });
});

describe('who decides on legal hold', () => {
  const holders = (current: Parameters<typeof mayHold>[0], school = profile) =>
    names(school.people.filter(({ id }) => mayHold(current, school, id)));

  it('is answerable for the case, and not whoever only deals with reports', () => {
    expect(holders(ROUTES.channel().case)).toEqual(['head', 'deputy', 'dsl']);
    expect(holders(ROUTES.about_headteacher().case)).toEqual(['chair']);
    expect(holders(ROUTES.about_triager().case)).toEqual(['head']);
    expect(holders(ROUTES.safety_about_headteacher().case)).toEqual(['dsl', 'chair']);
  });

  it('is also a deputy or lead to whom it was given, and whoever comes after all whom it was sent to', () => {
    const given = did(ROUTES.about_headteacher(), 'chair', { do: 'assign', to: ID.deputy });
    expect(holders(given.case)).toEqual(['deputy', 'chair']);
    expect(holders(ROUTES.about_headteacher().case, aProfile(rolesWithout('chair')))).toEqual(['trust']);
    const noted = did(ROUTES.channel(), 'head', { do: 'assign', to: ID.triager });
    expect(holders(noted.case)).not.toContain('triager');
    expect(mayHold(noted.case, profile, '')).toBe(false);
  });
});

describe('whoever a case names', () => {
  it('sees nothing of it, whatever they are or become', () => {
    const { case: current } = ROUTES.about_headteacher();
    for (const roles of [['headteacher'], ['dsl'], ['chair_of_governors'], ['triager']] as const)
      expect(mayRead(current, aProfile(rolesWith({ head: roles })), ID.head)).toBe(false);
    expect(isRecused(current, ID.head.toLowerCase())).toBe(true);
    expect(isRecused(current, ID.chair)).toBe(false);
  });

  it('stays so when it goes on and the profile has changed', () => {
    const start = ROUTES.about_headteacher();
    const later = aProfile(rolesWith({ head: ['trust_or_local_authority'], trust: ['headteacher'] }));
    const change = reroute(start, [ID.chair], later, minutesIn(9));
    const next = change && kept(start, change);
    expect(next && isRecused(next.case, ID.head)).toBe(true);
    expect(change?.deliveries.map(({ target }) => target)).not.toContainEqual({ to: 'person', personId: ID.head });
  });

  it('stays so when they leave, it goes on, and they come back', () => {
    const start = ROUTES.about_headteacher();
    const change = reroute(start, [ID.chair], aProfile(rolesWithout('head')), minutesIn(9));
    expect(change && isRecused(change.case, ID.head)).toBe(true);
  });

  it('may be the reporter, also one who becomes a triager later', () => {
    const { case: current } = opened(draftWith({ about: 'reporter' }), [], aProfile(rolesWithout('teacher')));
    const later = aProfile(rolesWith({ teacher: ['triager'] }));
    expect(mayRead(current, later, ID.teacher)).toBe(false);
  });
});

describe('the channel', () => {
  it('shows a case only where nobody is named who reads there', () => {
    const shown = Object.entries(ROUTES).map(([name, made]) => [name, isForChannel(made().case, profile)]);
    expect(Object.fromEntries(shown)).toEqual({
      ...{ channel: true, about_headteacher: false, about_triager: false },
      ...{ safety: true, safety_about_headteacher: false },
    });
  });
});

describe('a case in the channel', () => {
  it('stands there no longer once somebody whom it names deals with reports', () => {
    const { case: current } = opened(draftWith({ involved: [ID.teacher] }));
    expect(isForChannel(current, profile)).toBe(true);
    const later = aProfile(rolesWith({ teacher: ['triager'] }));
    expect(isForChannel(current, later)).toBe(false);
    expect(names(readersOf(current, later))).toEqual(['head', 'deputy', 'dsl', 'triager']);
    const owed = digestDeliveries([current], later, '2026-11-23').map(({ target }) => target);
    expect(shownIn([current], later, { to: 'headteacher_channel' })).toEqual([]);
    expect(owed).toHaveLength(5);
    expect(owed).not.toContainEqual({ to: 'person', personId: ID.teacher });
  });
});

describe('whom a case may be given to', () => {
  it.each<[keyof typeof ROUTES, Name[]]>([
    ['channel', ['head', 'deputy', 'dsl', 'triager']],
    ['about_headteacher', ['deputy', 'dsl', 'triager', 'chair', 'trust']],
    ['about_triager', ['head', 'deputy', 'dsl', 'chair', 'trust']],
    ['safety', ['head', 'deputy', 'dsl']],
    ['safety_about_headteacher', ['deputy', 'dsl', 'chair', 'trust']],
  ])('%s: %j', (route, expected) => {
    expect(names(assignableTo(ROUTES[route]().case, profile))).toEqual(expected);
  });
});

describe('the reporter’s name', () => {
  const withName = (nameFor: 'recipient' | 'triagers', about: 'school' | 'headteacher') =>
    opened(draftWith({ nameFor, about }));
  const know = ({ case: current }: ReturnType<typeof opened>) =>
    names(profile.people.filter(({ id }) => mayKnowReporter(current, profile, id)));

  it('is for whom the reporter has chosen', () => {
    expect(know(withName('triagers', 'school'))).toEqual(['head', 'deputy', 'dsl', 'triager']);
    expect(know(withName('recipient', 'school'))).toEqual(['head']);
    expect(know(withName('recipient', 'headteacher'))).toEqual(['chair']);
    expect(know(did(withName('recipient', 'headteacher'), 'chair', { do: 'assign', to: ID.dsl }))).toEqual(['chair']);
    expect(know(did(withName('triagers', 'headteacher'), 'chair', { do: 'assign', to: ID.dsl }))).toEqual([
      'dsl',
      'chair',
    ]);
    expect(know(ROUTES.safety())).toEqual(['head', 'deputy', 'dsl']);
  });
});
