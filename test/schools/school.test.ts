import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseProfile } from '../../src/schools/profile.js';
import { type School, schoolAt } from '../../src/schools/school.js';
import { readSchool, readSchools } from '../../src/storage/school-folder.js';
import { sampleSchool } from '../support/sample-school.js';

describe('parseProfile', () => {
  it('takes the sample school, and gives it its folder’s name as id', async () => {
    const { profile } = await sampleSchool();
    expect(profile).toMatchObject({ id: 'example-primary', name: 'Example Primary School', timeZone: 'Europe/London' });
    expect(profile.people.filter(({ roles }) => roles.includes('headteacher'))).toHaveLength(1);
    expect(profile.people[0]?.roles).toContain('triager');
  });

  it('names every fault at once', async () => {
    const { profile } = await sampleSchool();
    const { id: _, ...data } = profile;
    const broken = {
      ...data,
      tenantId: 'school',
      timeZone: 'Mars/Olympus',
      people: [],
      colour: 'blue',
      terms: [{ name: 'Autumn', from: '1.9.2026', to: '2026-12-18' }],
    };
    expect(() => parseProfile('oak', broken)).toThrow(
      /tenantId[\s\S]*timeZone[\s\S]*people[\s\S]*terms\.0\.from[\s\S]*colour/,
    );
  });

  describe('what it says of reminders', async () => {
    const { id: _, reminders: __, ...data } = (await sampleSchool()).profile;
    const usual = {
      ...{ at: '08:30', wakingHours: { from: '07:00', to: '21:00' }, childSafety: 'every_day' },
      digest: { day: 'monday', at: '08:00' },
    };

    it('may be left out, in whole or in part, and is what the sample school says', async () => {
      expect((await sampleSchool()).profile.reminders).toEqual(usual);
      expect(parseProfile('oak', data).reminders).toEqual(usual);
      const some = { at: '12:05', wakingHours: { to: '18:00' }, digest: { day: 'friday' } };
      expect(parseProfile('oak', { ...data, reminders: some }).reminders).toEqual({
        ...usual,
        at: '12:05',
        wakingHours: { from: '07:00', to: '18:00' },
        digest: { day: 'friday', at: '08:00' },
      });
    });

    it.each([
      [{ at: '8:30' }, /reminders\.at: must be a time of day such as 08:30/],
      [{ at: 510 }, /reminders\.at: must be a time of day such as 08:30/],
      [{ at: '24:00' }, /reminders\.at: must be a time of day/],
      [{ at: '21:00' }, /reminders\.at: must lie within the waking hours, from 07:00 to 21:00/],
      [{ digest: { at: '06:00' } }, /reminders\.digest\.at: must lie within the waking hours/],
      [{ digest: { day: 'sunday' } }, /reminders\.digest\.day: must be a weekday from monday to friday/],
      [{ childSafety: 'never' }, /reminders\.childSafety: must be every_day or school_days/],
      [
        { wakingHours: { from: '21:00', to: '07:00' } },
        /reminders\.wakingHours: must begin before they end, on the same day/,
      ],
      [{ often: true }, /reminders.*often/],
    ])('is refused in plain words: %j', (reminders, words) => {
      expect(() => parseProfile('oak', { ...data, reminders })).toThrow(words);
    });

    it('is not compared with what is no time', () => {
      const reminders = { at: '23:00', wakingHours: { from: 'dawn' } };
      expect(() => parseProfile('oak', { ...data, reminders })).toThrow(
        /not right:\n {2}reminders\.wakingHours\.from: must be a time of day such as 08:30$/u,
      );
    });
  });

  describe('what it says of summaries', async () => {
    const { id: _, summaries: __, ...data } = (await sampleSchool()).profile;
    const usual = { threshold: 5, weekly: true, governors: 'half_term', at: '08:00' };

    it('may be left out, in whole or in part, and is what the sample school says', async () => {
      expect((await sampleSchool()).profile.summaries).toEqual(usual);
      expect(parseProfile('oak', data).summaries).toEqual(usual);
      const some = { governors: 'term', weekly: false };
      expect(parseProfile('oak', { ...data, summaries: some }).summaries).toEqual({ ...usual, ...some });
      const early = { reminders: { wakingHours: { from: '06:00' } }, summaries: { at: '06:00' } };
      expect(parseProfile('oak', { ...data, ...early }).summaries.at).toBe('06:00');
    });

    it.each([
      [{ at: '8:00' }, /summaries\.at: must be a time of day such as 08:30/],
      [{ at: '06:59' }, /summaries\.at: must lie within the waking hours, from 07:00 to 21:00/],
      [{ at: '21:00' }, /summaries\.at: must lie within the waking hours, from 07:00 to 21:00/],
      [{ threshold: 2 }, /summaries\.threshold: must be 3 or more/],
      [{ threshold: 21 }, /summaries\.threshold: must be 20 or less/],
      [{ weekly: 'no' }, /summaries\.weekly: must be true or false/],
      [{ governors: 'month' }, /summaries\.governors: must be half_term or term/],
      [{ monthly: true }, /summaries.*monthly/],
    ])('is refused in plain words: %j', (summaries, words) => {
      expect(() => parseProfile('oak', { ...data, summaries })).toThrow(words);
    });
  });

  it.each([
    [{ from: '2026-02-30', to: '2026-03-31' }, /terms\.0\.from: must be a date such as 2026-09-01/],
    [{ from: '2026-09-02', to: '9999-12-18' }, /terms\.0\.to: must be a date such as 2026-09-01/],
    [{ from: '2026-12-18', to: '2026-09-02' }, /terms\.0: must not end before it begins/],
  ])('refuses a term %j', async (days, words) => {
    const { id: _, ...data } = (await sampleSchool()).profile;
    expect(() => parseProfile('oak', { ...data, terms: [{ name: 'Autumn', ...days }] })).toThrow(words);
    expect(() => parseProfile('oak', { ...data, holidays: [{ name: 'Snow', ...days }] })).toThrow(/holidays\.0/);
  });

  it.each(['', 'Oak School', '../oak', 'oak/ash', 'a'.repeat(64)])('refuses the folder name "%s"', (id) => {
    expect(() => parseProfile(id, {})).toThrow(/folder name/);
  });
});

describe('schoolAt', async () => {
  const sample = await sampleSchool();
  const school = (id: string, tenantId: string, teamId: string, person?: string): School => {
    const people = person ? [{ id: person, name: 'Someone', roles: ['staff' as const] }] : [];
    return {
      ...sample,
      profile: { ...sample.profile, id, tenantId, people, teams: { ...sample.profile.teams, teamId } },
    };
  };
  const [trust, other] = ['7e5f1c9a-0000-4000-8000-000000000001', '7e5f1c9a-0000-4000-8000-000000000002'];
  const schools = [
    school('oak', trust, 'team-oak', 'ann'),
    school('ash', trust, 'team-ash', 'ben'),
    school('elm', other, 'team-elm'),
  ];

  it.each([
    ['by tenant', { tenantId: other, personId: 'anyone', teamId: undefined }, 'elm'],
    ['by tenant, whatever its case', { tenantId: other.toUpperCase(), personId: undefined, teamId: undefined }, 'elm'],
    ['by team in a trust', { tenantId: trust, personId: 'ann', teamId: 'team-ash' }, 'ash'],
    ['by person in a trust', { tenantId: trust, personId: 'ann', teamId: undefined }, 'oak'],
    ['not at all for a stranger in a trust', { tenantId: trust, personId: 'cat', teamId: undefined }, undefined],
    ['not at all in another tenant', { tenantId: 'elsewhere', personId: 'ann', teamId: 'team-oak' }, undefined],
    ['not at all without a tenant', { tenantId: undefined, personId: 'ann', teamId: 'team-oak' }, undefined],
  ])('finds a school %s', (_name, origin, id) => {
    expect(schoolAt(schools, origin)?.profile.id).toBe(id);
  });
});

describe('a folder of schools', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'policy-desk-schools-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('that is not there, or empty, is named', async () => {
    await expect(readSchools(join(folder, 'nowhere'))).rejects.toThrow(/nowhere", cannot be read/);
    await expect(readSchools(folder)).rejects.toThrow(/no school in/);
  });

  it('that has a school twice is refused, as neither would be answered', async () => {
    for (const id of ['oak', 'oak-copy']) await cp('schools/example-primary', join(folder, id), { recursive: true });
    await expect(readSchools(folder)).rejects.toThrow(/schools\/oak has the same team in school\.yaml as another/);
  });

  it('names the file that cannot be read', async () => {
    await mkdir(join(folder, 'oak', 'policies'), { recursive: true });
    await expect(readSchool(folder, 'oak')).rejects.toThrow(/school\.yaml" cannot be read/);
    await writeFile(join(folder, 'oak', 'school.yaml'), 'name: [');
    await expect(readSchool(folder, 'oak')).rejects.toThrow(/school\.yaml" cannot be read/);
    await writeFile(join(folder, 'oak', 'school.yaml'), 'name: Oak');
    await expect(readSchool(folder, 'oak')).rejects.toThrow(/schools\/oak\/school\.yaml is not right/);
  });
});
