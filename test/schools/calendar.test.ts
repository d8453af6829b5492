import { describe, expect, it } from 'vitest';
import {
  dayAndTimeAt,
  dayInWords,
  isDay,
  isSchoolDay,
  schoolDaysAfter,
  schoolDaysSince,
  startOf,
} from '../../src/schools/calendar.js';
import { sampleSchool } from '../support/sample-school.js';

describe('school days of the sample school', async () => {
  const { profile } = await sampleSchool();

  it.each([
    ['2026-11-20', true, 'a Friday in term'],
    ['2026-11-21', false, 'a Saturday'],
    ['2026-11-22', false, 'a Sunday'],
    ['2026-10-23', true, 'the day before half-term'],
    ['2026-10-26', false, 'the first day of half-term'],
    ['2026-10-30', false, 'the last day of half-term'],
    ['2026-11-02', true, 'the day after half-term'],
    ['2026-12-18', true, 'the last day of a term'],
    ['2026-12-21', false, 'between terms'],
    ['2027-01-04', true, 'the first day of a term'],
    ['2027-05-03', false, 'a bank holiday'],
    ['2027-07-21', true, 'the last day known'],
    ['2027-07-22', true, 'a weekday after the dates run out'],
    ['2027-07-24', false, 'a Saturday after the dates run out'],
    ['2026-09-01', true, 'a weekday before the dates begin'],
  ])('%s: %s, %s', (day, expected) => {
    expect(isSchoolDay(profile, day)).toBe(expected);
  });

  it.each([
    ['the same day', '2026-11-20T08:00:00Z', '2026-11-20T23:59:00Z', 0],
    ['a weekend', '2026-11-20T15:42:00Z', '2026-11-22T12:00:00Z', 0],
    ['until Monday', '2026-11-20T15:42:00Z', '2026-11-23T00:01:00Z', 1],
    ['two weeks', '2026-11-06T15:42:00Z', '2026-11-20T15:42:00Z', 10],
    ['over half-term', '2026-10-22T12:00:00Z', '2026-11-02T12:00:00Z', 2],
    ['a moment still to come', '2026-11-24T12:00:00Z', '2026-11-20T12:00:00Z', 0],
  ])('school days since, %s', (_name, from, now, count) => {
    expect(schoolDaysSince(profile, new Date(from), new Date(now))).toBe(count);
  });

  it.each([
    ['a Monday', '2026-11-16T10:00:00Z', 2, '2026-11-18'],
    ['a Friday afternoon: the weekend does not count', '2026-11-20T15:42:00Z', 2, '2026-11-24'],
    ['a Saturday', '2026-11-21T09:00:00Z', 1, '2026-11-23'],
    ['the day before half-term', '2026-10-22T12:00:00Z', 2, '2026-11-02'],
    ['within half-term', '2026-10-28T12:00:00Z', 2, '2026-11-03'],
    ['the end of the year', '2026-12-17T12:00:00Z', 2, '2027-01-04'],
    ['New Year’s Eve', '2026-12-31T23:30:00Z', 1, '2027-01-04'],
    ['where the dates run out', '2027-07-20T12:00:00Z', 3, '2027-07-23'],
    ['over the weekend on which the clocks go back', '2026-10-23T23:30:00+01:00', 1, '2026-11-02'],
    ['the night the clocks go forward', '2027-03-24T23:30:00Z', 1, '2027-03-25'],
    ['half past midnight in summer, still yesterday in UTC', '2027-06-16T23:30:00Z', 1, '2027-06-18'],
    ['half past eleven in summer', '2027-06-16T22:30:00Z', 1, '2027-06-17'],
  ])('are counted from %s', (_name, moment, count, day) => {
    expect(schoolDaysAfter(profile, new Date(moment), count)).toBe(day);
  });

  it('are counted over a night of 23 or 25 hours where there is school on both sides', () => {
    const open = { ...profile, terms: [{ name: 'All year', from: '2026-01-01', to: '2027-12-31' }], holidays: [] };
    expect(schoolDaysAfter(open, new Date('2026-10-23T12:00:00Z'), 1)).toBe('2026-10-26');
    expect(schoolDaysAfter(open, new Date('2027-03-26T12:00:00Z'), 1)).toBe('2027-03-29');
    expect(schoolDaysAfter(open, new Date('2026-10-25T00:30:00Z'), 1)).toBe('2026-10-26');
    expect(schoolDaysAfter({ ...open, timeZone: 'Pacific/Auckland' }, new Date('2026-11-15T12:00:00Z'), 1)).toBe(
      '2026-11-17',
    );
  });
});

describe('a day', () => {
  it('is one the calendar has', () => {
    expect(['2026-11-20', '2028-02-29', '1999-12-31'].filter(isDay)).toHaveLength(3);
    expect(['2026-02-29', '2026-13-01', '2026-00-10', '2026-11-31', '20/11/2026', '', 'today'].filter(isDay)).toEqual(
      [],
    );
  });

  it('is read as people at the school read it', () => {
    expect(dayInWords('2026-11-24')).toBe('Tue 24 Nov 2026');
    expect(dayInWords('2027-01-04')).toBe('Mon 4 Jan 2027');
    expect(dayAndTimeAt(new Date('2026-06-30T23:05:00Z'), 'Europe/London')).toEqual({
      day: '2026-07-01',
      time: '00:05',
    });
    expect(dayAndTimeAt(new Date('2026-11-20T15:42:00Z'), 'Europe/London')).toEqual({
      day: '2026-11-20',
      time: '15:42',
    });
  });

  it.each([
    ['in winter', '2026-11-20', 'Europe/London', '2026-11-20T00:00:00Z'],
    ['in summer', '2026-06-15', 'Europe/London', '2026-06-14T23:00:00Z'],
    ['on which the clocks go back', '2026-10-25', 'Europe/London', '2026-10-24T23:00:00Z'],
    ['after it', '2026-10-26', 'Europe/London', '2026-10-26T00:00:00Z'],
    ['on which the clocks go forward', '2027-03-28', 'Europe/London', '2027-03-28T00:00:00Z'],
    ['after it', '2027-03-29', 'Europe/London', '2027-03-28T23:00:00Z'],
    ['that has no midnight', '2027-03-14', 'America/Havana', '2027-03-14T05:00:00Z'],
    ['that has midnight twice', '2026-11-01', 'America/Havana', '2026-11-01T04:00:00Z'],
    ['far in the east', '2026-11-20', 'Pacific/Kiritimati', '2026-11-19T10:00:00Z'],
    ['far in the west', '2026-11-20', 'Pacific/Pago_Pago', '2026-11-20T11:00:00Z'],
    ['at three quarters of an hour', '2026-11-20', 'Asia/Kathmandu', '2026-11-19T18:15:00Z'],
    ['that was left out', '2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00Z'],
  ])('%s, %s in %s, begins at a moment', (_name, day, timeZone, moment) => {
    expect(startOf(day, timeZone).toISOString()).toBe(moment.replace('Z', '.000Z'));
  });
});
