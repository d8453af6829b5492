import { describe, expect, it } from 'vitest';
import { mayTriage, peopleWith, receivers } from '../../src/schools/people.js';
import { parseProfile } from '../../src/schools/profile.js';
import { sampleSchool } from '../support/sample-school.js';

describe('the people of the sample school', async () => {
  const { profile } = await sampleSchool();
  const names = (people: readonly { readonly name: string }[]) => people.map(({ name }) => name);
  const idOf = (name: string) => profile.people.find((person) => person.name === name)?.id ?? '';

  it('hold roles, several of them or shared', () => {
    expect(names(peopleWith(profile, 'triager'))).toEqual(['Alex Morgan', 'Helen Achebe', 'Daniel Hughes']);
    expect(names(peopleWith(profile, 'trust_or_local_authority'))).toEqual(['Grace Oyelaran']);
  });

  it('receive reports when some route leads to them', () => {
    expect(names(receivers(profile))).toEqual([
      'Alex Morgan',
      'Helen Achebe',
      'Daniel Hughes',
      'Ruth Castellan',
      'Grace Oyelaran',
    ]);
  });

  it('may act on reports when the school lets them, whatever the case of their id', () => {
    expect(names(profile.people.filter(({ id }) => mayTriage(profile, id.toUpperCase())))).toEqual([
      'Alex Morgan',
      'Helen Achebe',
      'Daniel Hughes',
    ]);
    expect(mayTriage(profile, idOf('Ruth Castellan'))).toBe(false);
    expect(mayTriage(profile, undefined)).toBe(false);
    const lead = { ...profile, people: [{ id: 'lead', name: 'Lead', roles: ['dsl' as const] }] };
    expect(mayTriage(lead, 'lead')).toBe(true);
  });
});

describe('what a school may leave out', async () => {
  const { id, ...data } = (await sampleSchool()).profile;

  it('is the trust’s contact and the targets', () => {
    const { targets: _, contacts, ...older } = data;
    const { trust: __, ...four } = contacts;
    const profile = parseProfile(id, { ...older, contacts: four });
    expect(profile.targets.acknowledgeSchoolDays).toBe(2);
    expect(profile.contacts.trust).toBeUndefined();
    expect(parseProfile(id, { ...data, targets: {} }).targets.acknowledgeSchoolDays).toBe(2);
    expect(parseProfile(id, { ...data, targets: { acknowledgeSchoolDays: 5 } }).targets.acknowledgeSchoolDays).toBe(5);
  });

  it.each([0, 1.5, 21, '2'])('is not a target of %s school days', (days) => {
    expect(() => parseProfile(id, { ...data, targets: { acknowledgeSchoolDays: days } })).toThrow(
      /acknowledgeSchoolDays/,
    );
  });
});
