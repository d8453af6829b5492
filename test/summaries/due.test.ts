import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayAndTimeAt, isSchoolDay, schoolDayAfter } from '../../src/schools/calendar.js';
import type { SchoolProfile } from '../../src/schools/profile.js';
import { periodId, type Span } from '../../src/summaries/period.js';
import {
  isSendTime,
  lastComplete,
  periodsOf,
  scheduledSpans,
  sendDay,
  summaryDue,
} from '../../src/summaries/periods.js';
import { aProfile, rolesWith } from '../reports/examples.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** As the sample school has them. */
const DATES = {
  terms: [
    { name: 'Autumn 2026', from: '2026-09-02', to: '2026-12-18' },
    { name: 'Spring 2027', from: '2027-01-04', to: '2027-03-25' },
    { name: 'Summer 2027', from: '2027-04-12', to: '2027-07-21' },
  ],
  holidays: [
    { name: 'Autumn half-term', from: '2026-10-26', to: '2026-10-30' },
    { name: 'Spring half-term', from: '2027-02-15', to: '2027-02-19' },
    { name: 'Early May bank holiday', from: '2027-05-03', to: '2027-05-03' },
    { name: 'Summer half-term', from: '2027-05-31', to: '2027-06-04' },
  ],
};
const NEXT_YEAR = { name: 'Autumn 2027', from: '2027-09-02', to: '2027-12-17' };
const school = (more: object = {}): SchoolProfile => aProfile(rolesWith({}), { ...DATES, ...more });

interface Made {
  readonly at: string;
  readonly id: string;
}

/** Looks at these moments, one after the other, and notes what is due. @returns what was made and when, by the school's clocks. */
function madeAt(profile: SchoolProfile, span: Span, moments: readonly Date[], done: string | null = ''): Made[] {
  let last = done;
  return moments.flatMap((now) => {
    const due = summaryDue({ done: last }, profile, span, now);
    if (!due) return [];
    expect(last === null || last < due.slot, 'A slot that does not sort as time does.').toBe(true);
    last = due.slot;
    expect(summaryDue({ done: last }, profile, span, now), 'Two at once.').toBeUndefined();
    const { day, time } = dayAndTimeAt(now, profile.timeZone);
    return due.send ? [{ at: `${day} ${time}`, id: periodId(due.period) }] : [];
  });
}
const every = (ms: number, from: string, days: number): Date[] =>
  Array.from({ length: Math.floor((days * 24 * HOUR) / ms) }, (_, at) => new Date(Date.parse(from) + at * ms));
const inWords = (made: readonly Made[]): string[] => made.map(({ at, id }) => `${at} ${id}`);
/** What is noted once a period was told. */
const doneWith = (profile: SchoolProfile, span: Span, now: string): string => {
  const due = summaryDue({ done: '' }, profile, span, new Date(now));
  if (!due?.send) throw new Error('Nothing was due.');
  return due.slot;
};

describe('a whole school year, hour by hour', () => {
  const hours = every(HOUR, '2026-08-15T00:00:00Z', 410);

  it('has each half-term once, on the first school day after it at the time of the profile', () => {
    const terms = [...DATES.terms, NEXT_YEAR];
    expect(inWords(madeAt(school({ terms }), 'half_term', hours, null))).toEqual([
      '2026-11-02 08:00 half_term-2026-08-31',
      '2027-01-04 08:00 half_term-2026-11-02',
      '2027-02-22 08:00 half_term-2027-01-04',
      '2027-04-12 08:00 half_term-2027-02-22',
      '2027-06-07 08:00 half_term-2027-04-12',
      '2027-09-02 08:00 half_term-2027-06-07',
    ]);
  });

  it('has each term once, and where the dates run out the last of it when the year is over', () => {
    const termly = { summaries: { governors: 'term', at: '15:00' } };
    expect(inWords(madeAt(school(termly), 'term', hours, null))).toEqual([
      '2027-01-04 15:00 term-2026-08-31',
      '2027-04-12 15:00 term-2027-01-04',
      '2027-08-30 15:00 term-2027-04-12',
    ]);
  });

  it('has each week once, before, within and after the terms', () => {
    const profile = school();
    const made = madeAt(profile, 'week', hours, null);
    const known = periodsOf(profile, 'week');
    for (const week of known) {
      const first = schoolDayAfter(profile, week.to);
      expect(made.filter(({ id }) => id === periodId(week))).toEqual([{ at: `${first} 08:00`, id: periodId(week) }]);
    }
    expect(new Set(made.map(({ id }) => id)).size).toBe(made.length);
    expect(made.every(({ at }) => at.endsWith(' 08:00'))).toBe(true);
    expect(inWords(made)[0]).toBe('2026-08-17 08:00 week-2026-08-10');
    expect(inWords(made)).toContain('2027-01-04 08:00 week-2026-12-14');
    expect(inWords(made)).toContain('2027-05-04 08:00 week-2027-04-26');
    expect(inWords(made)).toContain('2027-08-02 08:00 week-2027-07-26');
    // Of 59 calendar weeks that end in that time seven are holidays.
    expect(made).toHaveLength(59 - 7);
  });

  it.each([
    ['Europe/London', '2026-11-02T08:00:00Z', '2027-04-12T07:00:00Z'],
    ['America/New_York', '2026-11-02T13:00:00Z', '2027-04-12T12:00:00Z'],
    ['Pacific/Auckland', '2026-11-01T19:00:00Z', '2027-04-11T20:00:00Z'],
    ['Asia/Kathmandu', '2026-11-02T02:15:00Z', '2027-04-12T02:15:00Z'],
    ['Australia/Lord_Howe', '2026-11-01T21:00:00Z', '2027-04-11T21:30:00Z'],
  ])('follows the clocks of %s', (timeZone, autumn, spring) => {
    const profile = school({ timeZone });
    const dueAt = (moment: string, more: number) =>
      summaryDue({ done: '' }, profile, 'half_term', new Date(Date.parse(moment) + more));
    for (const moment of [autumn, spring]) {
      expect(dueAt(moment, -1)).toBeUndefined();
      expect(dueAt(moment, 0)?.send).toBe(true);
    }
  });
});

describe('a summary that is due', () => {
  it('is the one that the profile asks for', () => {
    const at = new Date('2027-01-04T09:00:00Z');
    const spansOf = (summaries: object) => {
      const profile = school({ summaries });
      const due = (['week', 'half_term', 'term', 'year'] as const).filter(
        (span) => summaryDue({ done: '' }, profile, span, at) !== undefined,
      );
      expect(due).toEqual(scheduledSpans(profile));
      return due;
    };
    expect(spansOf({})).toEqual(['week', 'half_term']);
    expect(spansOf({ weekly: false })).toEqual(['half_term']);
    expect(spansOf({ weekly: false, governors: 'term' })).toEqual(['term']);
  });

  it('comes neither at night nor on a day without school', () => {
    const late = school({ summaries: { at: '20:30' } });
    const from = '2026-11-02T20:40:00Z';
    expect(inWords(madeAt(late, 'half_term', every(HOUR, from, 2)))).toEqual(['2026-11-02 20:40 half_term-2026-08-31']);
    expect(inWords(madeAt(late, 'half_term', every(HOUR, '2026-11-02T21:00:00Z', 2)))).toEqual([
      '2026-11-03 07:00 half_term-2026-08-31',
    ]);
    expect(madeAt(late, 'half_term', every(HOUR, '2026-11-06T21:00:00Z', 2))).toEqual([]);
  });

  it('is made up once after a stop of three weeks, the latest alone', () => {
    const profile = school();
    const stopped = [...every(HOUR, '2026-10-20T00:10:00Z', 10), ...every(HOUR, '2026-11-20T22:10:00Z', 14)];
    expect(inWords(madeAt(profile, 'half_term', stopped, null))).toEqual(['2026-11-23 07:10 half_term-2026-08-31']);
    expect(inWords(madeAt(profile, 'week', stopped, null))).toEqual([
      // The week before is told no more once another is over; that one is told on the day on which it is due.
      '2026-11-23 08:10 week-2026-11-16',
      '2026-11-30 08:10 week-2026-11-23',
    ]);
  });

  it('is only the later of two that were missed', () => {
    const stopped = [...every(HOUR, '2026-10-20T00:00:00Z', 2), ...every(HOUR, '2027-01-14T00:00:00Z', 60)];
    expect(inWords(madeAt(school(), 'half_term', stopped, null))).toEqual([
      '2027-01-14 07:00 half_term-2026-11-02',
      '2027-02-22 08:00 half_term-2027-01-04',
    ]);
  });

  it('is not made at once for a school that is new, but when the next is due', () => {
    const first = (from: string) => inWords(madeAt(school(), 'half_term', every(HOUR, from, 80), null))[0];
    expect(first('2026-11-20T10:00:00Z')).toBe('2027-01-04 08:00 half_term-2026-11-02');
    expect(first('2026-11-02T08:00:00Z')).toBe('2027-01-04 08:00 half_term-2026-11-02');
    expect(first('2026-11-02T07:00:00Z')).toBe('2026-11-02 08:00 half_term-2026-08-31');
    expect(first('2026-11-01T12:00:00Z')).toBe('2026-11-02 08:00 half_term-2026-08-31');
    const noted = summaryDue({ done: null }, school(), 'half_term', new Date('2026-11-20T10:00:00Z'));
    expect(noted).toEqual({ slot: 'half_term-2026-08-31..2026-11-01', send: false, period: undefined });
  });

  it('is noted for a school that is new even at night, and where there is none yet', () => {
    const at = (now: string) => summaryDue({ done: null }, school(), 'half_term', new Date(now));
    expect(at('2026-11-21T02:00:00Z')?.slot).toMatch(/^half_term-2026-08-31/u);
    expect(at('2026-09-21T02:00:00Z')).toEqual({ slot: '', send: false, period: undefined });
  });
});

describe('a summary that was made', () => {
  const done = doneWith(school(), 'half_term', '2026-11-02T08:00:00Z');
  const half = (from: string, to: string) => ({ holidays: [{ name: 'Half-term', from, to }] });
  const onwards = (more: object) =>
    inWords(madeAt(school(more), 'half_term', every(HOUR, '2026-11-02T09:00:00Z', 70), done));

  it('is not made again when its dates are mended, and the next comes when it is due', () => {
    const next = '2027-01-04 08:00 half_term-2026-11-02';
    expect(onwards({})).toEqual([next]);
    // Half-term was a week later.
    expect(onwards(half('2026-11-02', '2026-11-06'))).toEqual([next.replace(/02$/u, '09')]);
    // It was a week earlier: what was told already is cut off.
    expect(onwards(half('2026-10-19', '2026-10-23'))).toEqual([next]);
    // The term began a week later.
    const later = { terms: DATES.terms.map((term, at) => (at === 0 ? { ...term, from: '2026-09-09' } : term)) };
    expect(onwards(later)).toEqual([next]);
    // There was no half-term at all: most of that time was not told.
    expect(onwards({ holidays: [] })).toEqual(['2027-01-04 08:00 half_term-2026-11-02']);
  });

  it('is not made again when its term is lost from the profile and comes back', () => {
    const lost = school({ terms: DATES.terms.slice(1) });
    expect(madeAt(lost, 'half_term', every(HOUR, '2026-11-02T09:00:00Z', 30), done)).toEqual([]);
    expect(onwards({})).toHaveLength(1);
  });

  it('goes to the governors two school days later', () => {
    expect(sendDay(school(), '2026-11-02')).toBe('2026-11-04');
    expect(sendDay(school(), '2026-10-22')).toBe('2026-11-02');
    expect(sendDay(school(), '2027-04-30')).toBe('2027-05-05');
    expect(sendDay(school(), '2026-12-18')).toBe('2027-01-05');
  });

  it('goes to them on that day, at the time of the profile, or on a later school day where it was missed', () => {
    const profile = school();
    const at = (now: string, on = '2026-11-06') => isSendTime(on, profile, new Date(now));
    expect(at('2026-11-05T12:00:00Z')).toBe(false);
    expect(at('2026-11-06T07:59:59Z')).toBe(false);
    expect(at('2026-11-06T08:00:00Z')).toBe(true);
    expect(at('2026-11-06T20:59:00Z')).toBe(true);
    expect(at('2026-11-06T21:00:00Z')).toBe(false);
    expect(at('2026-11-07T12:00:00Z')).toBe(false);
    expect(at('2026-11-09T06:59:00Z')).toBe(false);
    expect(at('2026-11-09T07:00:00Z')).toBe(true);
    // It was planned for a day that became a holiday.
    expect(at('2026-10-27T12:00:00Z', '2026-10-27')).toBe(false);
    expect(at('2026-11-02T07:00:00Z', '2026-10-27')).toBe(true);
  });
});

describe('however often and late is looked', () => {
  const jumps = fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 60 });
  const starts = fc.integer({ min: 0, max: 200 * 24 * 60 });

  it.each(['week', 'half_term'] as const)('each %s is made at most once, in order, while there is school', (span) => {
    const profile = school();
    fc.assert(
      fc.property(starts, jumps, (start, minutes) => {
        let at = Date.parse('2026-08-20T00:00:00Z') + start * MINUTE;
        const moments = minutes.map((one) => {
          at += one * MINUTE;
          return new Date(at);
        });
        const made = madeAt(profile, span, moments);
        expect(made.map(({ id }) => id)).toEqual([...new Set(made.map(({ id }) => id))].toSorted());
        const wrong = made.filter(({ at: when }) => {
          const [day = '', time = ''] = when.split(' ');
          return !isSchoolDay(profile, day) || time < '07:00' || time >= '21:00';
        });
        expect(wrong).toEqual([]);
        // Whatever is over when somebody looks at a time at which it may be made, is made then or was before.
        const looked = moments.flatMap((now) => {
          const { day, time } = dayAndTimeAt(now, profile.timeZone);
          const last = lastComplete(profile, span, now);
          const isTime = isSchoolDay(profile, day) && time >= '08:00' && time < '21:00';
          return isTime && last ? [periodId(last)] : [];
        });
        expect(looked.filter((id) => !made.some((one) => one.id === id))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
