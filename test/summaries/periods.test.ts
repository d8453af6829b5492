import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysAfter, isSchoolDay, mondayOf, weekOf } from '../../src/schools/calendar.js';
import { isWithin, overlap, type Period, periodId, SPANS, type Span } from '../../src/summaries/period.js';
import { boundsOf, fitted, lastComplete, periodAt, periodsOf } from '../../src/summaries/periods.js';
import type { Dates } from '../../src/summaries/school-years.js';
import { aProfile } from '../reports/examples.js';
import { sampleSchool } from '../support/sample-school.js';

const HOUR = 60 * 60_000;

/** `from to name` of each, which is how they are easiest to compare. */
const listed = (dates: Dates, span: Span): string[] =>
  periodsOf(dates, span).map(({ from, to, name }) => `${from} ${to} ${name}`);
const dates = (terms: readonly string[], holidays: readonly string[] = []): Dates => {
  const asStretch = (line: string) => {
    const [from = '', to = '', ...name] = line.split(' ');
    return { from, to, name: name.join(' ') };
  };
  return { terms: terms.map(asStretch), holidays: holidays.map((line) => asStretch(`${line} Holiday`)) };
};

describe('the periods of the sample school', async () => {
  const { profile } = await sampleSchool();

  it('are its school year, terms and half-terms, with the holidays after them', () => {
    expect(listed(profile, 'year')).toEqual(['2026-08-31 2027-08-29 School year 2026/27']);
    expect(listed(profile, 'term')).toEqual([
      '2026-08-31 2027-01-03 Autumn 2026',
      '2027-01-04 2027-04-11 Spring 2027',
      '2027-04-12 2027-08-29 Summer 2027',
    ]);
    expect(listed(profile, 'half_term')).toEqual([
      '2026-08-31 2026-11-01 Autumn 2026, first half',
      '2026-11-02 2027-01-03 Autumn 2026, second half',
      '2027-01-04 2027-02-21 Spring 2027, first half',
      '2027-02-22 2027-04-11 Spring 2027, second half',
      '2027-04-12 2027-06-06 Summer 2027, first half',
      '2027-06-07 2027-08-29 Summer 2027, second half',
    ]);
  });

  it('are its weeks, of which those before holidays are longer', () => {
    const weeks = listed(profile, 'week');
    const long = [
      '2026-10-19 2026-11-01 Mon 19 Oct 2026 to Sun 1 Nov 2026',
      '2026-12-14 2027-01-03 Mon 14 Dec 2026 to Sun 3 Jan 2027',
      '2027-02-08 2027-02-21 Mon 8 Feb 2027 to Sun 21 Feb 2027',
      '2027-03-22 2027-04-11 Mon 22 Mar 2027 to Sun 11 Apr 2027',
      '2027-05-24 2027-06-06 Mon 24 May 2027 to Sun 6 Jun 2027',
    ];
    expect(weeks.filter((week) => !week.includes('Week of'))).toEqual(long);
    // 47 calendar weeks from that of 2 September to that of 21 July, less 2 × 1 at half-terms, 2 at Christmas, 2 at Easter, 1 in May.
    expect(weeks).toHaveLength(47 - 7);
    expect(weeks[0]).toBe('2026-08-31 2026-09-06 Week of Mon 31 Aug 2026');
    expect(weeks).toContain('2026-11-16 2026-11-22 Week of Mon 16 Nov 2026');
    expect(weeks).toContain('2027-05-03 2027-05-09 Week of Mon 3 May 2027');
    expect(weeks.at(-1)).toBe('2027-07-19 2027-07-25 Week of Mon 19 Jul 2027');
  });

  it.each<[Span, string, string | undefined]>([
    ['half_term', '2026-10-25', 'Autumn 2026, first half'],
    ['half_term', '2026-10-30', 'Autumn 2026, first half'],
    ['half_term', '2026-11-01', 'Autumn 2026, first half'],
    ['half_term', '2026-11-02', 'Autumn 2026, second half'],
    ['term', '2027-01-03', 'Autumn 2026'],
    ['term', '2027-01-04', 'Spring 2027'],
    ['term', '2026-08-30', undefined],
    ['year', '2027-08-29', 'School year 2026/27'],
    ['year', '2027-08-30', undefined],
    ['week', '2026-12-25', 'Mon 14 Dec 2026 to Sun 3 Jan 2027'],
    ['week', '2026-08-30', 'Week of Mon 24 Aug 2026'],
    ['week', '2027-08-30', 'Week of Mon 30 Aug 2027'],
    ['week', '2031-01-01', 'Week of Mon 30 Dec 2030'],
  ])('the %s of %s is “%s”', (span, day, name) => {
    expect(periodAt(profile, span, day)?.name).toBe(name);
  });

  it.each<[Span, string, string | undefined]>([
    ['half_term', '2026-11-01T23:59:59Z', undefined],
    ['half_term', '2026-11-02T00:00:00Z', 'half_term-2026-08-31'],
    ['half_term', '2027-01-04T00:00:00Z', 'half_term-2026-11-02'],
    // Midnight at the school is an hour before that of UTC.
    ['half_term', '2027-04-11T22:59:59Z', 'half_term-2027-01-04'],
    ['half_term', '2027-04-11T23:00:00Z', 'half_term-2027-02-22'],
    ['term', '2027-04-11T23:00:00Z', 'term-2027-01-04'],
    ['year', '2027-08-29T22:00:00Z', undefined],
    ['year', '2027-08-29T23:00:00Z', 'year-2026-08-31'],
    ['year', '2029-01-01T00:00:00Z', 'year-2026-08-31'],
    ['week', '2026-12-31T12:00:00Z', 'week-2026-12-07'],
    ['week', '2027-01-04T00:00:00Z', 'week-2026-12-14'],
    ['week', '2027-08-25T12:00:00Z', 'week-2027-08-16'],
    ['week', '2026-08-31T12:00:00Z', 'week-2026-08-24'],
  ])('the last %s that is over at %s is %s', (span, now, id) => {
    const period = lastComplete(profile, span, new Date(now));
    expect(period && periodId(period)).toBe(id);
  });

  it('have an hour more or less where the clocks change', () => {
    const hours = (period: Pick<Period, 'from' | 'to'> | undefined) => {
      if (!period) throw new Error('There is no such period.');
      const { since, before } = boundsOf(period, 'Europe/London');
      return (before.getTime() - since.getTime()) / HOUR;
    };
    expect(hours({ from: '2026-10-19', to: '2026-10-25' })).toBe(169);
    expect(hours({ from: '2027-03-22', to: '2027-03-28' })).toBe(167);
    expect(hours(periodAt(profile, 'week', '2026-11-16'))).toBe(168);
    expect(hours(periodAt(profile, 'week', '2026-10-20'))).toBe(2 * 168 + 1);
    expect(hours(periodAt(profile, 'week', '2027-03-25'))).toBe(3 * 168 - 1);
    expect(hours(periodAt(profile, 'half_term', '2026-10-20'))).toBe(9 * 168 + 1);
    expect(hours(periodAt(profile, 'year', '2026-10-20'))).toBe(52 * 168);
    expect(boundsOf({ from: '2026-10-19', to: '2026-11-01' }, 'Europe/London')).toEqual({
      since: new Date('2026-10-18T23:00:00Z'),
      before: new Date('2026-11-02T00:00:00Z'),
    });
    // The clocks go forward on 27 Sep 2026 and back on 4 Apr 2027 there.
    expect(boundsOf({ from: '2026-09-21', to: '2026-09-27' }, 'Pacific/Auckland')).toEqual({
      since: new Date('2026-09-20T12:00:00Z'),
      before: new Date('2026-09-27T11:00:00Z'),
    });
  });
});

describe('the calendar of a school', () => {
  it('may be Scottish: from the middle of August to the end of June', () => {
    const scottish = dates(
      [
        '2026-08-12 2026-10-09 Term 1',
        '2026-10-19 2026-12-22 Term 2',
        '2027-01-06 2027-03-25 Term 3',
        '2027-04-12 2027-06-25 Term 4',
        '2027-08-17 2027-10-08 Term 1',
      ],
      // A long weekend in September, one with an in-service day in February, and the May holiday.
      ['2026-09-18 2026-09-21', '2027-02-12 2027-02-16', '2027-05-03 2027-05-04'],
    );
    expect(listed(scottish, 'year')).toEqual([
      '2026-08-10 2027-08-15 School year 2026/27',
      '2027-08-16 2028-08-27 School year 2027/28',
    ]);
    expect(listed(scottish, 'half_term')).toEqual([
      '2026-08-10 2026-10-18 Term 1 2026/27',
      '2026-10-19 2027-01-03 Term 2',
      '2027-01-04 2027-02-14 Term 3, first half',
      '2027-02-15 2027-04-11 Term 3, second half',
      '2027-04-12 2027-08-15 Term 4',
      '2027-08-16 2027-10-10 Term 1 2027/28',
    ]);
  });

  it('divides a term once by two weeks, or by a week with a bank holiday next to it, and not by one or two days', () => {
    const autumn = '2026-09-02 2026-12-18 Michaelmas';
    const halves = ['2026-08-31 2026-11-08 Michaelmas, first half', '2026-11-09 2026-12-20 Michaelmas, second half'];
    expect(listed(dates([autumn], ['2026-10-26 2026-11-06']), 'half_term')).toEqual(halves);
    const twoWeeks = ['2026-10-26 2026-10-30', '2026-11-02 2026-11-06'];
    expect(listed(dates([autumn], twoWeeks), 'half_term')).toEqual(halves);
    const shortOnes = ['2026-10-26 2026-10-26', '2026-11-12 2026-11-13', '2026-11-27 2026-11-30'];
    expect(listed(dates([autumn], shortOnes), 'half_term')).toEqual(['2026-08-31 2026-12-20 Michaelmas']);
    const overlapping = ['2026-10-24 2026-10-28', '2026-10-26 2026-11-01', '2026-10-30 2026-11-06'];
    expect(listed(dates([autumn], overlapping), 'half_term')).toEqual(halves);
  });

  it('numbers the parts of a term that is divided more than once', () => {
    const names = periodsOf(
      dates(['2026-08-12 2026-12-22 Autumn'], ['2026-09-16 2026-09-18', '2026-10-12 2026-10-16']),
      'half_term',
    ).map(({ from, name }) => `${from} ${name}`);
    expect(names).toEqual([
      '2026-08-10 Autumn, part 1 of 3',
      '2026-09-21 Autumn, part 2 of 3',
      '2026-10-19 Autumn, part 3 of 3',
    ]);
  });

  it('takes a half-term that ends in the middle of a week to end with the week before', () => {
    const spring = dates(['2027-01-05 2027-03-25 Spring'], ['2027-02-11 2027-02-17']);
    expect(listed(spring, 'half_term')[1]).toMatch(/^2027-02-15 /u);
    expect(listed(spring, 'week')).toContain('2027-02-15 2027-02-21 Week of Mon 15 Feb 2027');
  });

  it('begins on the first day with school, not on an earlier one on paper', () => {
    const late = dates(['2026-08-31 2026-12-18 Autumn'], ['2026-08-31 2026-09-08']);
    expect(listed(late, 'term')).toEqual(['2026-09-07 2026-12-20 Autumn']);
  });

  it('that runs out within a school year ends with the last week it tells of, and the year lasts', () => {
    const known = dates(['2026-09-02 2026-12-18 Autumn 2026', '2027-01-04 2027-03-25 Spring 2027']);
    expect(listed(known, 'term')[1]).toBe('2027-01-04 2027-03-28 Spring 2027');
    expect(listed(known, 'half_term').at(-1)).toBe('2027-01-04 2027-03-28 Spring 2027');
    expect(listed(known, 'year')).toEqual(['2026-08-31 2027-08-29 School year 2026/27']);
    // Holidays may be known for longer than terms are.
    const easter = { ...known, holidays: dates([], ['2027-03-26 2027-04-09']).holidays };
    expect(listed(easter, 'term')[1]).toBe('2027-01-04 2027-04-11 Spring 2027');
    expect(listed(easter, 'week').at(-1)).toBe('2027-03-22 2027-04-11 Mon 22 Mar 2027 to Sun 11 Apr 2027');
  });

  it('that tells of the next school year ends this one where that begins', () => {
    const summer = '2027-04-12 2027-07-21 Summer 2027';
    const end = (...more: string[]) => periodsOf(dates([summer, ...more]), 'year')[0]?.to;
    expect(end()).toBe('2027-08-29');
    expect(end('2027-08-17 2027-12-17 Autumn 2027')).toBe('2027-08-15');
    expect(end('2027-09-06 2027-12-17 Autumn 2027')).toBe('2027-09-05');
    // Where 1 September is a Monday, and a Sunday.
    expect(periodsOf(dates(['2025-04-12 2025-07-21 Summer']), 'year')[0]?.to).toBe('2025-08-31');
    expect(periodsOf(dates(['2024-04-12 2024-07-21 Summer']), 'year')[0]?.to).toBe('2024-08-25');
    const holiday = { ...dates([summer]), holidays: dates([], ['2027-07-22 2027-09-06']).holidays };
    expect(listed(holiday, 'year')).toEqual(['2027-04-12 2027-09-05 School year 2026/27']);
    expect(listed(holiday, 'week').at(-1)).toMatch(/^2027-07-19 2027-09-05 /u);
  });

  it('may be nonsense, and yields what there is', () => {
    expect(listed(dates(['2026-12-18 2026-09-02 Backwards']), 'term')).toEqual([]);
    expect(listed(dates(['2026-09-05 2026-09-06 Weekend']), 'week')).toEqual([]);
    const within = dates([
      '2026-11-02 2026-11-13 Inner',
      '2026-09-02 2026-12-18 Outer',
      '2026-09-04 2026-09-30 Same week',
    ]);
    expect(listed(within, 'term')).toEqual(['2026-08-31 2026-11-01 Outer', '2026-11-02 2026-12-20 Inner']);
  });
});

const day = (max: number) => fc.integer({ min: 0, max }).map((at) => daysAfter('2026-06-01', at));
const stretch = (length: fc.Arbitrary<number>) =>
  fc
    .record({ from: day(900), length, name: fc.constantFrom('Autumn', 'Spring 2027', 'Summer') })
    .map(({ from, length: days, name }) => ({ from, to: daysAfter(from, days), name }));
/** Terms and holidays of any kind, in any order, over each other, backwards and of no length. */
const anyDates: fc.Arbitrary<Dates> = fc.record({
  terms: fc.array(stretch(fc.integer({ min: -10, max: 150 })), { minLength: 1, maxLength: 8 }),
  holidays: fc.array(stretch(fc.integer({ min: -3, max: 60 })), { maxLength: 14 }),
});
const isMonday = (one: string) => mondayOf(one) === one;
const schoolDaysOf = (one: Dates): string[] => {
  const span = Array.from({ length: 1_100 }, (_, at) => daysAfter('2026-05-01', at));
  return span.filter((at) => isSchoolDay(one, at) && one.terms.some(({ from, to }) => from <= at && at <= to));
};
const INNER: readonly (readonly [Span, Span])[] = [
  ['week', 'half_term'],
  ['half_term', 'term'],
  ['term', 'year'],
];

describe('the periods of any calendar', () => {
  it('are whole weeks, without gap or overlap, each within exactly one of the next span', () => {
    fc.assert(
      fc.property(anyDates, (one) => {
        for (const span of SPANS) {
          const periods = periodsOf(one, span);
          const wrong = periods.filter(({ from, to, name }, at) => {
            const isWhole = isMonday(from) && isMonday(daysAfter(to, 1)) && from < to && name !== '';
            const hasSchool = weekOf(from).some((on) => isSchoolDay(one, on));
            return !isWhole || !hasSchool || (periods[at + 1]?.from ?? daysAfter(to, 1)) !== daysAfter(to, 1);
          });
          expect(wrong).toEqual([]);
        }
        for (const [inner, outer] of INNER) {
          const around = periodsOf(one, outer);
          const wrong = periodsOf(one, inner).filter((period) => {
            const touched = around.filter((other) => overlap(period, other));
            return touched.length !== 1 || !touched.every((other) => isWithin(period, other));
          });
          expect(wrong).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('hold every school day of the terms exactly once, and begin with the first', () => {
    fc.assert(
      fc.property(anyDates, (one) => {
        const days = schoolDaysOf(one);
        for (const span of SPANS) {
          const periods = periodsOf(one, span);
          const wrong = days.filter((at) => {
            const holding = periods.filter(({ from, to }) => from <= at && at <= to);
            return holding.length !== 1 || holding[0]?.from !== periodAt(one, span, at)?.from;
          });
          expect(wrong).toEqual([]);
          expect(periods[0]?.from).toBe(days[0] && mondayOf(days[0]));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('never overlap a week in part, wherever that lies', () => {
    fc.assert(
      fc.property(anyDates, day(1_500), (one, at) => {
        const week = periodAt(one, 'week', at);
        if (!week) throw new Error('A day without a week.');
        expect(week.from <= at && at <= week.to).toBe(true);
        expect(periodAt(one, 'week', week.from)).toEqual(week);
        expect(periodAt(one, 'week', week.to)).toEqual(week);
        expect(periodAt(one, 'week', daysAfter(week.to, 1))?.from).toBe(daysAfter(week.to, 1));
        for (const span of SPANS)
          expect(periodsOf(one, span).filter((other) => overlap(week, other) && !isWithin(week, other))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('follow each other to the millisecond in any time zone', () => {
    const zones = [
      'Europe/London',
      'America/Havana',
      'Pacific/Auckland',
      'Australia/Lord_Howe',
      'Africa/Cairo',
      'Asia/Gaza',
    ];
    fc.assert(
      fc.property(anyDates, fc.constantFrom(...zones), (one, timeZone) => {
        for (const span of ['half_term', 'term', 'year'] as const) {
          const bounds = periodsOf(one, span).map((period) => boundsOf(period, timeZone));
          for (const [at, { since, before }] of bounds.entries()) {
            expect(since < before).toBe(true);
            const next = bounds[at + 1];
            if (next) expect(next.since).toEqual(before);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('that are over are the latest ones', () => {
    fc.assert(
      fc.property(anyDates, day(1_200), fc.constantFrom(...SPANS), (one, today, span) => {
        const profile = { ...aProfile(), ...one };
        const last = lastComplete(profile, span, new Date(`${today}T12:00:00Z`));
        if (last) expect(last.to < today).toBe(true);
        const inBetween = periodsOf(one, span).filter(({ to }) => to < today && (!last || last.to < to));
        expect(inBetween).toEqual([]);
        expect(span !== 'week' || last !== undefined).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a period after dates were mended', () => {
  const half = (from: string, to: string, span: Span = 'half_term'): Period => ({
    span,
    from,
    to,
    name: 'Autumn, first half',
  });
  const issued = half('2026-08-31', '2026-11-01');

  it.each<[string, Period, Period[], string | undefined]>([
    ['is as it is where nothing was issued', half('2026-08-31', '2026-11-01'), [], '2026-08-31 2026-11-01'],
    ['is the one that was issued', half('2026-08-31', '2026-11-01'), [issued], '2026-08-31 2026-11-01'],
    ['is as it is after it', half('2026-11-02', '2027-01-03'), [issued], '2026-11-02 2027-01-03'],
    ['begins after it', half('2026-10-26', '2027-01-03'), [issued], '2026-11-02 2027-01-03'],
    ['ends before it', half('2026-05-25', '2026-09-06'), [issued], '2026-05-25 2026-08-30'],
    ['is not told again when it became longer', half('2026-08-31', '2026-11-08'), [issued], undefined],
    ['is not told again when it became shorter', half('2026-08-31', '2026-10-25'), [issued], undefined],
    ['is not told again when it begins later', half('2026-09-07', '2026-11-08'), [issued], undefined],
    ['is not told around it', half('2026-08-24', '2026-11-08'), [issued], undefined],
    ['may lie within one that is longer', half('2026-09-07', '2026-09-13', 'week'), [issued], '2026-09-07 2026-09-13'],
    ['may hold one that is shorter', half('2026-08-31', '2027-01-03', 'term'), [issued], '2026-08-31 2027-01-03'],
    ['may have the days of a shorter one', half('2026-08-31', '2026-11-01', 'term'), [issued], '2026-08-31 2026-11-01'],
    [
      'is cut where a shorter one crosses its end',
      half('2026-10-26', '2027-01-03', 'term'),
      [issued],
      '2026-11-02 2027-01-03',
    ],
    [
      'does not hold a longer one',
      half('2026-08-31', '2026-12-20'),
      [half('2026-09-07', '2026-12-20', 'term')],
      undefined,
    ],
    [
      'is cut at both ends',
      half('2026-10-26', '2027-01-03'),
      [issued, half('2026-12-28', '2027-02-21')],
      '2026-11-02 2026-12-27',
    ],
  ])('%s', (_name, period, others, expected) => {
    const fit = fitted(period, others);
    expect(fit && `${fit.from} ${fit.to}`).toBe(expected);
  });

  it('says in its name what was cut', () => {
    expect(fitted(half('2026-10-26', '2027-01-03'), [issued])?.name).toBe('Autumn, first half (from Mon 2 Nov 2026)');
    expect(fitted(half('2026-05-25', '2026-09-06'), [issued])?.name).toBe('Autumn, first half (to Sun 30 Aug 2026)');
    expect(fitted(half('2026-10-26', '2026-11-08', 'week'), [issued])?.name).toBe('Week of Mon 2 Nov 2026');
  });

  it('never makes two overlap in part, however often dates are mended', () => {
    const proposals = fc.array(fc.record({ one: anyDates, span: fc.constantFrom(...SPANS), at: fc.nat(50) }), {
      minLength: 2,
      maxLength: 25,
    });
    fc.assert(
      fc.property(proposals, (all) => {
        const told: Period[] = [];
        for (const { one, span, at } of all) {
          const periods = periodsOf(one, span);
          const proposed = periods[at % Math.max(1, periods.length)];
          const fit = proposed && fitted(proposed, told);
          if (!fit) continue;
          expect([isWithin(fit, proposed), isMonday(fit.from), isMonday(daysAfter(fit.to, 1))]).toEqual([
            true,
            true,
            true,
          ]);
          for (const other of told.filter((each) => overlap(each, fit) && periodId(each) !== periodId(fit))) {
            const [inner, outer] = SPANS.indexOf(other.span) < SPANS.indexOf(fit.span) ? [other, fit] : [fit, other];
            expect(inner.span).not.toBe(outer.span);
            expect(isWithin(inner, outer)).toBe(true);
          }
          const again = told.find((each) => periodId(each) === periodId(fit));
          if (again) expect(again.to).toBe(fit.to);
          else told.push(fit);
        }
      }),
      { numRuns: 100 },
    );
  });
});
