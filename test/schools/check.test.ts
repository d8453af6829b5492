import { describe, expect, it } from 'vitest';
import type { Policy } from '../../src/policies/policy.js';
import { routeFindings } from '../../src/reports/check-routes.js';
import { dateFindings } from '../../src/schools/check-dates.js';
import { peopleFindings } from '../../src/schools/check-people.js';
import { policyFindings } from '../../src/schools/check-policies.js';
import { betweenSchools } from '../../src/schools/check-schools.js';
import { settingFindings } from '../../src/schools/check-settings.js';
import type { Finding } from '../../src/schools/finding.js';
import type { Role, SchoolProfile } from '../../src/schools/profile.js';
import { sampleSchool } from '../support/sample-school.js';

const { profile: sample, policies } = await sampleSchool();
const TODAY = '2026-11-20';
const other = (text: string) => JSON.parse(text.replaceAll('0d3c6a51', '1d3c6a51').replaceAll('19:example', '19:oak'));
/** As the sample, but with ids that could be somebody's. */
const school: SchoolProfile = {
  ...other(JSON.stringify(sample)),
  tenantId: '8e5f1c9a-3b62-4d18-9a47-0c2d8e6b1f34',
  contacts: JSON.parse(
    JSON.stringify(sample.contacts).replaceAll('01632 960', '01752 123').replaceAll('.example.org', '.sch.uk'),
  ),
};
const codes = (findings: readonly Finding[]) => findings.map(({ severity, code }) => `${severity} ${code}`);
const without = (role: Role) =>
  school.people.flatMap((one) => {
    const roles = one.roles.filter((had) => had !== role);
    return roles.length > 0 ? [{ ...one, roles }] : [];
  });
const [policy] = policies;

describe('the check of a school', () => {
  it('finds nothing in one that is set up', () => {
    expect([
      ...peopleFindings(school),
      ...routeFindings(school),
      ...dateFindings(school, TODAY),
      ...settingFindings(school),
    ]).toEqual([]);
  });

  it('finds every id, number, address and place of the example, so that none is left in a copy', () => {
    expect(codes([...peopleFindings(sample), ...settingFindings(sample)])).toEqual([
      'error example_tenant',
      'error example_person',
      'warning example_phone',
      'warning example_email',
      'warning example_place',
    ]);
  });

  it.each([
    ['headteacher', ['warning no_headteacher'], ['error reaches_nobody']],
    ['deputy_headteacher', ['warning no_deputy'], []],
    ['dsl', ['warning no_dsl'], []],
    ['chair_of_governors', ['warning no_chair'], []],
    ['trust_or_local_authority', ['warning no_trust_or_local_authority'], ['warning both_reach_nobody']],
    ['administrator', ['warning no_administrator'], []],
  ] as const)('misses who is %s', (role, people, routes) => {
    const profile = { ...school, people: without(role) };
    expect(codes(peopleFindings(profile)).filter((code) => !code.includes('contact'))).toEqual(people);
    if (role !== 'headteacher') expect(codes(routeFindings(profile))).toEqual(routes);
  });

  it('finds about whom a report would reach nobody', () => {
    const only = school.people.filter(({ roles }) => roles.includes('headteacher'));
    const words = routeFindings({ ...school, people: only }).map((one) => one.words);
    expect(words).toEqual([expect.stringMatching(/^A report about the Headteacher would reach nobody/u)]);
    const everything = only.map((one) => ({ ...one, roles: ['headteacher', 'chair_of_governors', 'dsl'] as Role[] }));
    expect(codes(routeFindings({ ...school, people: everything }))).toEqual([
      'error reaches_nobody',
      'error reaches_nobody',
    ]);
    expect(codes(peopleFindings({ ...school, people: everything }))).toContain('warning roles_together');
  });

  it('finds people who do not exist, are blocked, or are named twice', () => {
    const accounts = school.people.map(({ id, name }) => ({ id: id.toUpperCase(), name, enabled: true }));
    expect(peopleFindings(school, accounts)).toEqual([]);
    const changed = accounts
      .slice(1)
      .map((one, at) => (at === 0 ? { ...one, enabled: false } : at === 1 ? { ...one, name: 'Somebody Else' } : one));
    expect(codes(peopleFindings(school, changed))).toEqual([
      'error no_such_person',
      'error account_blocked',
      'warning other_name',
    ]);
    const blocked = accounts.map((one) => ({ ...one, enabled: false }));
    const advice = peopleFindings(school, blocked).map(({ words }) => words);
    expect(advice).toHaveLength(school.people.length);
    // Case logs take names from the list.
    for (const words of advice)
      expect(words).toMatch(/whoever has dealt with reports keeps the line|role staff alone/u);
    const twin = { id: '2d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c09', name: ' hélen  ACHEBE', roles: ['staff' as const] };
    expect(codes(peopleFindings({ ...school, people: [...school.people, twin] }))).toEqual(['warning person_twice']);
  });

  it('finds that no channel can be chosen where a tenant is shared and the team is not filled in', () => {
    const teams = { ...school.teams, teamId: '19:choose-in-teams-oak-team@thread.tacv2' };
    const wordsOf = (tenantIsShared: boolean) =>
      settingFindings({ ...school, teams, tenantIsShared }).find(({ code }) => code === 'no_team')?.words;
    expect(wordsOf(true)).toContain('no channel of the team can be chosen for reports');
    expect(wordsOf(false)).toContain('teams.teamId is not filled in');
    expect(codes(settingFindings(school))).not.toContain('warning no_team');
  });

  it('finds whoever cannot be rung', () => {
    const contacts = {
      ...school.contacts,
      dsl: { name: 'Daniel Hughes' },
      lado: { name: 'LADO' },
      headteacher: { name: 'Bo Else' },
    };
    expect(codes(peopleFindings({ ...school, contacts }))).toEqual([
      'warning no_dsl_number',
      'warning no_lado_number',
      'warning no_way_to_reach',
      'warning contact_is_another',
    ]);
  });

  it.each([
    ['2027-05-21', []],
    ['2027-05-22', ['warning terms_run_out_soon']],
    ['2027-07-21', ['warning terms_run_out_soon']],
    ['2027-07-22', ['warning terms_run_out']],
    ['2026-09-01', ['warning terms_not_begun']],
  ])('on %s finds of its terms %j', (day, found) => {
    expect(codes(dateFindings(school, day))).toEqual(found);
  });

  it('finds dates that contradict each other', () => {
    const [autumn, ...rest] = school.terms;
    const terms = [{ name: 'Spring 2027', from: autumn?.from ?? '', to: '2027-01-08' }, ...rest];
    const holidays = [
      { name: 'Easter', from: '2027-03-29', to: '2027-04-05' },
      { name: 'All of it', from: '2027-04-12', to: '2027-07-21' },
    ];
    expect(codes(dateFindings({ ...school, terms, holidays }, TODAY))).toEqual([
      'warning terms_overlap',
      'warning holiday_between_terms',
      'warning term_without_school',
      'warning terms_of_one_name',
    ]);
  });

  it.each([
    [{ review: '2026-11-19' }, ['warning review_overdue']],
    [{ review: '2026-10' }, ['warning review_overdue']],
    [{ review: '2026-11' }, ['warning review_soon']],
    [{ review: null }, ['warning no_review_date']],
    [{ review: '2028-01-01', approved: null }, ['warning not_approved']],
    [{ review: '2028-01-01', approved: '2027-01-01' }, ['warning approved_later']],
    [{ review: '2028-01-01', approved: '2028-06-01' }, ['warning approved_later', 'warning review_before_approval']],
    [{ review: '2028-01-01', version: null }, ['note no_version']],
  ])('finds of a policy with %j', (change, found) => {
    const one = { ...policy, approved: '2026-01-01', ...change } as Policy;
    expect(codes(policyFindings([one], TODAY))).toEqual(found);
  });

  it('finds two editions of one policy', () => {
    const one = { ...policy, approved: '2026-01-01', review: '2028-01-01' } as Policy;
    expect(codes(policyFindings([one, { ...one, source: 'b.md' }], TODAY))).toEqual(['warning policies_of_one_title']);
  });

  it('finds settings that are allowed, but odd', () => {
    const profile: SchoolProfile = {
      ...school,
      retention: { years: { headteacher: 30, chair: 2, trust: 3, safeguarding: 7 }, questionMonths: 24 },
      limits: { personPerMinute: 1_000, schoolPerMinute: 900 },
      reminders: { ...school.reminders, childSafety: 'school_days' },
      targets: { acknowledgeSchoolDays: 9 },
      summaries: { ...school.summaries, threshold: 3 },
      teams: {
        ...school.teams,
        teamId: school.teams.headteacherChannel.id,
        governorsChat: school.teams.headteacherChannel,
      },
    };
    expect(codes(settingFindings(profile))).toEqual([
      'error channel_is_chat',
      'warning channel_is_general',
      'warning kept_shortly',
      'warning kept_shortly',
      'warning safeguarding_kept_shortly',
      'warning kept_oddly',
      'warning limits_turned_round',
      'warning no_limit',
      'warning safety_on_school_days',
      'warning slow_target',
      'warning low_threshold',
    ]);
  });

  it('finds what two schools have in common', () => {
    const between = (change: Partial<SchoolProfile>) =>
      betweenSchools([school, { ...school, id: 'ash', name: 'Ash', ...change }])
        .filter(({ schoolId }) => schoolId === 'ash')
        .map(({ severity, code }) => `${severity} ${code}`);
    const teams = {
      ...school.teams,
      teamId: 't',
      headteacherChannel: { id: 'c', name: 'C' },
      governorsChat: { id: 'g', name: 'G' },
    };
    const nobody = { people: [{ id: '3d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c09', name: 'N', roles: ['staff' as const] }] };
    expect(between({ teams, ...nobody, tenantIsShared: true })).toEqual([]);
    expect(between({ teams, ...nobody })).toEqual(['warning tenant_not_shared']);
    expect(between({ ...nobody, tenantIsShared: true })).toEqual([
      'error team_of_two_schools',
      'error place_of_two_schools',
    ]);
    expect(between({ ...nobody, tenantId: sample.tenantId })).toEqual([
      'warning team_in_two_tenants',
      'error place_of_two_schools',
    ]);
    expect(between({ teams, tenantIsShared: true, name: school.name })).toEqual([
      ...school.people.map(() => 'warning person_of_two_schools'),
      'warning schools_of_one_name',
    ]);
  });
});
