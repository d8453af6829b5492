import { describe, expect, it } from 'vitest';
import { datesAround } from '../../../src/cli/demo/school.js';
import { daysAfter } from '../../../src/schools/calendar.js';
import { lastComplete } from '../../../src/summaries/periods.js';
import { sampleSchool } from '../../support/sample-school.js';

describe('the dates of the demo’s school', () => {
  it('have a half-term that is over on every day of any year, less than five months ago', async () => {
    const { profile } = await sampleSchool();
    // The ends of half-terms and terms, and days here and there of eight years.
    const turns = ['2026-08-30', '2026-08-31', '2026-09-01', '2026-11-01', '2026-11-02', '2027-01-03', '2028-02-29'];
    const others = Array.from({ length: 60 }, (_, at) => daysAfter('2024-12-28', 49 * at));
    for (const today of [...turns, ...others]) {
      const moved = { ...profile, ...datesAround(today, profile) };
      const period = lastComplete(moved, 'half_term', new Date(`${today}T12:00:00Z`));
      expect(period?.to && period.to < today, today).toBe(true);
      expect(period?.to && period.to > daysAfter(today, -150), `${today} ${period?.to}`).toBe(true);
    }
  });

  it('keep weekdays, and names say the year they are of', async () => {
    const { profile } = await sampleSchool();
    const { terms } = datesAround('2029-10-01', profile);
    expect(terms.map(({ name }) => name)).toContain('Autumn 2029');
    const days = (all: readonly { readonly from: string }[]) =>
      all.slice(0, 3).map(({ from }) => new Date(from).getUTCDay());
    expect(days(terms)).toEqual(days(profile.terms));
  });
});
