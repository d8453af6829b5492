import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Case, Happening } from '../../src/reports/case.js';
import { acknowledgeBy } from '../../src/reports/due.js';
import { openCase, reroute, withdraw } from '../../src/reports/opening.js';
import { reminderDue } from '../../src/reports/reminders.js';
import { all } from '../../src/reports/standing.js';
import { triage } from '../../src/reports/triage.js';
import { dayAndTimeAt, isSchoolDay, schoolDayAfter } from '../../src/schools/calendar.js';
import type { SchoolProfile } from '../../src/schools/profile.js';
import { aNewDraft, aProfile, filled, ID, type Name, rolesWith, rolesWithout, TYPED } from './examples.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DATES = {
  terms: [
    { name: 'Spring 2026', from: '2026-01-05', to: '2026-04-24' },
    { name: 'Autumn 2026', from: '2026-09-02', to: '2026-12-18' },
    { name: 'Spring 2027', from: '2027-01-04', to: '2027-03-25' },
  ],
  holidays: [{ name: 'Autumn half-term', from: '2026-10-26', to: '2026-10-30' }],
};
/** A school whose Headteacher is no triager by name, with some roles changed. */
const school = (more: object = {}, roles: Parameters<typeof aProfile>[0] = rolesWith({})): SchoolProfile =>
  aProfile(roles, { ...DATES, ...more });

const bare = (typed: Partial<typeof TYPED>) => ({ ...TYPED, ...typed });

function aCase(at: string, profile: SchoolProfile, what: object = {}): Case {
  const draft = filled(aNewDraft(), profile, bare({ what: { ...TYPED.what, ...what } as (typeof TYPED)['what'] }));
  return openCase({ draft, evidence: [], profile, clauses: [], now: new Date(at) }).case;
}

function onSafety(at: string, profile: SchoolProfile, change: object = {}): Case {
  const draft = aNewDraft();
  const answers = { ...draft.answers, words: 'A pupil is being threatened.', ...change };
  return openCase({
    draft: { ...draft, dangers: ['threat'], answers },
    evidence: [],
    profile,
    clauses: [],
    now: new Date(at),
  }).case;
}

const nameOf = (id: string) =>
  (Object.keys(ID) as Name[]).find((name) => ID[name].toLowerCase() === id.toLowerCase()) ?? id;

interface Sent {
  /** By the school's clocks. */
  readonly at: string;
  readonly step: string;
  readonly to: readonly string[];
}

/** Looks at these moments, one after the other, as the sweep does. */
function lookedAt(start: Case, profile: SchoolProfile, moments: readonly Date[]): { sent: Sent[]; after: Case } {
  let after = start;
  let deliveries = 1;
  const sent: Sent[] = [];
  for (const now of moments) {
    const due = reminderDue({ case: after, deliveries }, profile, now);
    if (!due) continue;
    const what = due.events[0]?.what;
    if (what?.kind !== 'reminded' || due.events.length !== 1) throw new Error('That is no reminder.');
    const to = due.deliveries.map(({ target }) => (target.to === 'person' ? nameOf(target.personId) : 'channel'));
    expect(to.filter((one) => one !== 'channel')).toEqual(what.people.map(nameOf));
    expect(due.deliveries.every(({ kind }) => kind === 'case.reminder')).toBe(true);
    const { day, time } = dayAndTimeAt(now, profile.timeZone);
    sent.push({ at: `${day} ${time}`, step: what.step, to });
    after = due.case;
    deliveries += due.deliveries.length;
    expect(reminderDue({ case: after, deliveries }, profile, now), 'Two at once.').toBeUndefined();
  }
  return { sent, after };
}

const every = (ms: number, from: string, days: number): Date[] =>
  Array.from({ length: Math.floor((days * DAY) / ms) }, (_, at) => new Date(Date.parse(from) + at * ms));
const told = ({ sent }: { sent: readonly Sent[] }) => sent.map(({ at, step, to }) => `${at} ${step}: ${to.join(', ')}`);

describe('a usual report that nobody acknowledges', () => {
  // Without unreasonable delay (marsh-green).
  it('is brought to its card and the Headteacher, then to the deputy, then to all of them every five school days (marsh-green)', () => {
    const profile = school();
    const current = aCase('2026-11-20T15:42:00Z', profile);
    expect(acknowledgeBy(current.report, profile)).toBe('2026-11-24');
    expect(told(lookedAt(current, profile, every(30 * MINUTE, '2026-11-20T16:00:00Z', 27)))).toEqual([
      '2026-11-25 08:30 recipients: channel, head',
      '2026-11-26 08:30 stand_in: deputy',
      '2026-12-03 08:30 stand_in: channel, head, deputy',
      '2026-12-10 08:30 stand_in: channel, head, deputy',
      '2026-12-17 08:30 stand_in: channel, head, deputy',
    ]);
  });

  it('is left alone through half-term, over the night on which the clocks go back', () => {
    const profile = school();
    const current = aCase('2026-10-22T12:00:00Z', profile);
    const moments = every(HOUR / 2, '2026-10-22T12:00:00Z', 15);
    expect(told(lookedAt(current, profile, moments))).toEqual([
      '2026-11-03 08:30 recipients: channel, head',
      '2026-11-04 08:30 stand_in: deputy',
    ]);
    const { after } = lookedAt(current, profile, moments);
    // In winter the school's clocks show UTC; in summer they are an hour ahead.
    expect(all(after.log, 'reminded')[0]?.at).toEqual(new Date('2026-11-03T08:30:00Z'));
    const summer = lookedAt(
      aCase('2026-10-14T12:00:00Z', profile),
      profile,
      every(HOUR / 2, '2026-10-14T12:00:00Z', 7),
    );
    expect(all(summer.after.log, 'reminded')[0]?.at).toEqual(new Date('2026-10-19T07:30:00Z'));
  });

  it('is brought up at the same time by the school’s clocks after they have gone forward', () => {
    const profile = school();
    const { sent, after } = lookedAt(
      aCase('2026-03-25T12:00:00Z', profile),
      profile,
      every(HOUR / 2, '2026-03-25T12:00:00Z', 10),
    );
    expect(told({ sent })).toEqual(['2026-03-30 08:30 recipients: channel, head', '2026-03-31 08:30 stand_in: deputy']);
    expect(all(after.log, 'reminded')[0]?.at).toEqual(new Date('2026-03-30T07:30:00Z'));
  });

  it('waits over the end of term', () => {
    const profile = school();
    const { sent } = lookedAt(
      aCase('2026-12-16T12:00:00Z', profile),
      profile,
      every(HOUR / 2, '2026-12-16T12:00:00Z', 24),
    );
    expect(told({ sent })).toEqual(['2027-01-04 08:30 recipients: channel, head', '2027-01-05 08:30 stand_in: deputy']);
  });

  it.each([
    ['08:29', 0],
    ['08:30', 1],
    ['20:59', 1],
    ['21:00', 0],
  ])(
    'is brought up on that day from the time the profile says to the end of the waking hours: at %s',
    (time, count) => {
      const profile = school();
      const { sent } = lookedAt(aCase('2026-11-20T15:42:00Z', profile), profile, [new Date(`2026-11-25T${time}:00Z`)]);
      expect(sent).toHaveLength(count);
    },
  );

  it('is brought up once after a stop of three days, and from there on in the same order', () => {
    const profile = school();
    const current = aCase('2026-11-20T15:42:00Z', profile);
    const moments = every(HOUR, '2026-11-27T11:10:00Z', 5);
    expect(told(lookedAt(current, profile, moments))).toEqual([
      '2026-11-27 11:10 recipients: channel, head',
      '2026-11-30 09:10 stand_in: deputy',
    ]);
  });

  it('is never brought up on a weekend or at night, also where it came due while Policy Desk was stopped', () => {
    const profile = school();
    const current = aCase('2026-11-20T15:42:00Z', profile);
    const weekend = every(HOUR, '2026-11-28T00:00:00Z', 2);
    expect(lookedAt(current, profile, weekend).sent).toEqual([]);
  });

  it.each([
    [
      'acknowledged',
      (one: Case, profile: SchoolProfile) =>
        triage(
          { case: one, deliveries: 1 },
          profile,
          { do: 'acknowledge' },
          { by: ID.head, now: new Date('2026-11-25T08:29:00Z'), seen: 1 },
        ),
    ],
    ['withdrawn', (one: Case) => withdraw(one, 'It is settled.', ID.teacher, new Date('2026-11-25T08:29:00Z'))],
  ])('is not brought up once it is %s', (_name, change) => {
    const profile = school();
    const current = aCase('2026-11-20T15:42:00Z', profile);
    const made = change(current, profile);
    if (!('case' in made)) throw new Error('Nothing was changed.');
    expect(lookedAt(made.case, profile, every(HOUR, '2026-11-25T08:30:00Z', 20)).sent).toEqual([]);
  });

  it('is brought up by the times and dates that the profile says', () => {
    const profile = school({ reminders: { at: '12:15' }, targets: { acknowledgeSchoolDays: 1 } });
    const { sent } = lookedAt(
      aCase('2026-11-20T15:42:00Z', profile),
      profile,
      every(15 * MINUTE, '2026-11-20T16:00:00Z', 5),
    );
    expect(sent.map(({ at }) => at)).toEqual(['2026-11-24 12:15', '2026-11-25 12:15']);
  });
});

describe('who is reminded', () => {
  const moments = ['2026-11-25', '2026-11-26', '2026-11-27', '2026-12-03'].map((day) => new Date(`${day}T09:00:00Z`));
  const steps = (what: object, profile = school(), later = profile) =>
    told(lookedAt(aCase('2026-11-20T15:42:00Z', profile, what), later, moments)).map((one) => one.slice(17));

  it('of a report about the Headteacher: the chair, then the trust, and never the Headteacher or the channel', () => {
    expect(steps({ about: 'headteacher' })).toEqual(['recipients: chair', 'stand_in: trust', 'stand_in: chair, trust']);
  });

  it('of one about the Headteacher and the chair: the trust, and again the trust where nobody is left to stand in', () => {
    const both = { postedBy: 'headteacher', about: 'chair_of_governors' };
    expect(steps(both)).toEqual(['recipients: trust', 'stand_in: trust', 'stand_in: trust']);
  });

  it('of one about somebody who triages: the Headteacher in their own chat, then the deputy', () => {
    const profile = school();
    const current = aCase('2026-11-20T15:42:00Z', profile);
    const apart = reroute(
      { case: current, deliveries: 1 },
      ['headteacher_channel'],
      profile,
      new Date('2026-11-20T16:00:00Z'),
    );
    if (!apart) throw new Error('It stays where it is.');
    expect(told(lookedAt(apart.case, profile, moments)).map((one) => one.slice(17))).toEqual([
      'recipients: head',
      'stand_in: deputy',
      'stand_in: head, deputy',
    ]);
  });

  it('of one in the channel: the Headteacher alone where there is no deputy', () => {
    expect(steps({}, school({}, rolesWithout('deputy')))).toEqual([
      'recipients: channel, head',
      'stand_in: channel, head',
      'stand_in: channel, head',
    ]);
  });

  it('is nobody who has left, and whoever has come in their place', () => {
    const before = school();
    expect(steps({ about: 'headteacher' }, before, school({}, rolesWithout('chair')))).toEqual([
      'recipients: trust',
      'stand_in: trust',
      'stand_in: trust',
    ]);
    const governor = school({}, { ...rolesWithout('chair', 'trust'), governor: ['chair_of_governors'] });
    expect(steps({ about: 'headteacher' }, before, governor)).toEqual([
      'recipients: governor',
      'stand_in: governor',
      'stand_in: governor',
    ]);
  });

  it('is nobody the report names, though they have become deputy or chair since', () => {
    const before = school();
    const current = aCase('2026-11-20T15:42:00Z', before, { about: 'headteacher' });
    const risen = school({}, { ...rolesWithout('chair', 'head'), head: ['chair_of_governors', 'deputy_headteacher'] });
    for (const { to } of lookedAt(current, risen, moments).sent) expect(to).toEqual(['trust']);
  });

  it('is nobody twice in a step: a deputy who is Headteacher as well gets one', () => {
    const profile = school(
      {},
      rolesWith({ head: ['headteacher', 'deputy_headteacher'], deputy: ['deputy_headteacher'] }),
    );
    expect(steps({}, profile).slice(0, 2)).toEqual(['recipients: channel, head', 'stand_in: deputy']);
  });
});

describe('a report on a child’s safety that nobody acknowledges', () => {
  it('is brought up an hour after it came in, then at every full hour by day to lead and deputy, until it is acknowledged', () => {
    const profile = school();
    const { sent } = lookedAt(
      onSafety('2026-11-20T15:42:00Z', profile),
      profile,
      every(MINUTE, '2026-11-20T15:42:00Z', 1),
    );
    const hours = ['17', '18', '19', '20'].map((hour) => `2026-11-20 ${hour}:00 hourly: head, dsl, deputy`);
    const next = ['07', '08', '09', '10', '11', '12', '13', '14', '15'];
    expect(told({ sent })).toEqual([
      '2026-11-20 16:42 recipients: channel, head, dsl',
      ...hours,
      ...next.map((hour) => `2026-11-21 ${hour}:00 hourly: head, dsl, deputy`),
    ]);
  });

  it('is left alone at weekends and in holidays where the profile says so', () => {
    const profile = school({ reminders: { childSafety: 'school_days' } });
    const current = onSafety('2026-10-23T15:42:00Z', profile);
    const { sent } = lookedAt(current, profile, every(10 * MINUTE, '2026-10-23T15:42:00Z', 11));
    const days = [...new Set(sent.map(({ at }) => at.slice(0, 10)))];
    expect(days).toEqual(['2026-10-23', '2026-11-02', '2026-11-03']);
    expect(sent.filter(({ at }) => at.startsWith('2026-11-02'))).toHaveLength(14);
  });

  it('came in at night: it is brought up in the morning, once', () => {
    const profile = school();
    const { sent } = lookedAt(
      onSafety('2026-11-20T22:10:00Z', profile),
      profile,
      every(MINUTE, '2026-11-20T22:10:00Z', 0.5),
    );
    expect(sent.map(({ at, step }) => `${at} ${step}`)).toEqual([
      '2026-11-21 07:00 recipients',
      '2026-11-21 08:00 hourly',
      '2026-11-21 09:00 hourly',
      '2026-11-21 10:00 hourly',
    ]);
  });

  it.each([
    ['go back', '2026-10-24T23:00:00Z', 25],
    ['go forward', '2026-03-29T00:00:00Z', 23],
  ])(
    'is brought up every hour of the day on which the clocks %s, where all of it is waking',
    (_name, midnight, hours) => {
      const profile = school({ reminders: { wakingHours: { from: '00:00', to: '23:59' } } });
      const start = Date.parse(midnight);
      const current = onSafety(new Date(start - 5 * HOUR).toISOString(), profile);
      const moments = every(MINUTE, new Date(start - 5 * HOUR).toISOString(), 3);
      const { after } = lookedAt(current, profile, moments);
      const slots = all(after.log, 'reminded').filter(
        ({ at }) => at.getTime() >= start && at.getTime() < start + hours * HOUR,
      );
      expect(slots).toHaveLength(hours);
      expect(new Set(slots.map(({ what }) => what.slot)).size).toBe(hours);
    },
  );

  it('keeps to the full hours of a place that is half an hour apart', () => {
    const profile = school({ timeZone: 'Asia/Kolkata' });
    const { sent } = lookedAt(
      onSafety('2026-11-20T06:00:00Z', profile),
      profile,
      every(MINUTE, '2026-11-20T06:00:00Z', 0.2),
    );
    expect(sent.map(({ at }) => at.slice(11))).toEqual(['12:30', '13:00', '14:00', '15:00', '16:00']);
  });

  it('was taken for something else by somebody who then passed it on: the hour is counted from then', () => {
    const profile = school();
    const reminded = lookedAt(aCase('2026-11-20T15:42:00Z', profile), profile, [new Date('2026-11-25T08:30:00Z')]);
    const now = new Date('2026-11-25T12:20:00Z');
    const action = { do: 'change_category', to: 'child_safety', reason: 'A pupil is threatened.' } as const;
    const passedOn = triage({ case: reminded.after, deliveries: 3 }, profile, action, { by: ID.triager, now, seen: 2 });
    if (!('case' in passedOn)) throw new Error('It was not passed on.');
    expect(told(lookedAt(passedOn.case, profile, every(MINUTE, '2026-11-25T12:20:00Z', 0.1)))).toEqual([
      '2026-11-25 13:20 recipients: channel, head, dsl',
      '2026-11-25 14:00 hourly: head, dsl, deputy',
    ]);
  });

  it('is brought up once after a stop of three days', () => {
    const profile = school();
    const moments = every(MINUTE, '2026-11-23T15:10:00Z', 0.05);
    expect(told(lookedAt(onSafety('2026-11-20T15:42:00Z', profile), profile, moments))).toEqual([
      '2026-11-23 15:10 recipients: channel, head, dsl',
      '2026-11-23 16:00 hourly: head, dsl, deputy',
    ]);
  });

  it('and is about the Headteacher goes to the lead and the chair every hour, and to no deputy', () => {
    const profile = school();
    const current = onSafety('2026-11-20T15:42:00Z', profile, { about: 'headteacher' });
    const { sent } = lookedAt(current, profile, every(MINUTE, '2026-11-20T15:42:00Z', 0.1));
    expect(sent[0]).toEqual({ at: '2026-11-20 16:42', step: 'recipients', to: ['dsl', 'chair'] });
    expect(sent[1]).toEqual({ at: '2026-11-20 17:00', step: 'hourly', to: ['dsl', 'chair'] });
  });

  it('and names the deputy goes to everyone but the deputy', () => {
    const profile = school();
    const current = onSafety('2026-11-20T15:42:00Z', profile, { involved: [ID.deputy] });
    const { sent } = lookedAt(current, profile, every(MINUTE, '2026-11-20T15:42:00Z', 1));
    expect(sent.length).toBeGreaterThan(10);
    for (const { to } of sent) expect(to).toEqual(['head', 'dsl']);
  });
});

/** Jumps from one look to the next: mostly short, now and then a stop of days. */
const jumps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 180 }) },
    { weight: 2, arbitrary: fc.integer({ min: 180, max: 1_440 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1_440, max: 14_400 }) },
  ),
  { minLength: 1, maxLength: 120 },
);
/** From autumn term over half-term, both ways over a clock change, to the end of a term. */
const starts = fc
  .constantFrom('2026-03-20T00:00:00Z', '2026-10-12T00:00:00Z', '2026-12-07T00:00:00Z')
  .chain((from) =>
    fc.integer({ min: 0, max: 14 * 24 * 60 }).map((minutes) => new Date(Date.parse(from) + minutes * MINUTE)),
  );
const momentsAfter = (start: Date, minutes: readonly number[]): Date[] => {
  let at = start.getTime();
  return minutes.map((one) => {
    at += one * MINUTE;
    return new Date(at);
  });
};

describe('however often and late is looked', () => {
  it('a usual report is brought up on school days only, once for each, and never forgotten', () => {
    const profile = school();
    fc.assert(
      fc.property(starts, jumps, (start, minutes) => {
        let current = aCase(start.toISOString(), profile);
        const promised = acknowledgeBy(current.report, profile);
        for (const now of momentsAfter(start, minutes)) {
          const { day, time } = dayAndTimeAt(now, profile.timeZone);
          const { sent, after } = lookedAt(current, profile, [now]);
          const mayCome = isSchoolDay(profile, day) && time >= '08:30' && time < '21:00' && day > promised;
          if (sent.length > 0) expect(mayCome).toBe(true);
          current = after;
          const slots = all(current.log, 'reminded').map(({ what }) => what.slot);
          expect(new Set(slots).size).toBe(slots.length);
          if (mayCome) expect(schoolDayAfter(profile, slots.at(-1) ?? '2000-01-01', 5) > day).toBe(true);
          if (mayCome && slots.length === 1) expect(slots[0]).toBe(day);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('a child’s safety is brought up by day only, once for each hour, and no hour in which is looked is forgotten', () => {
    const profile = school();
    fc.assert(
      fc.property(starts, jumps, (start, minutes) => {
        let current = onSafety(start.toISOString(), profile);
        for (const now of momentsAfter(start, minutes)) {
          const { time } = dayAndTimeAt(now, profile.timeZone);
          const { sent, after } = lookedAt(current, profile, [now]);
          const mayCome = time >= '07:00' && time < '21:00' && now.getTime() - start.getTime() >= HOUR;
          if (sent.length > 0) expect(mayCome).toBe(true);
          current = after;
          const reminded = all(current.log, 'reminded');
          expect(new Set(reminded.map(({ what }) => what.slot)).size).toBe(reminded.length);
          expect(reminded.filter(({ what }) => what.step === 'recipients').length).toBeLessThanOrEqual(1);
          const hour = now.getTime() - (now.getTime() % HOUR);
          if (mayCome) expect(reminded.at(-1)?.at.getTime()).toBeGreaterThanOrEqual(hour);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('reaches nobody who is named or has left, whoever holds which office', () => {
    const names = Object.keys(ID) as Name[];
    fc.assert(
      fc.property(
        fc.subarray(names),
        fc.subarray(names),
        fc.constantFrom('pupil', 'headteacher', 'chair_of_governors', 'staff'),
        fc.boolean(),
        (involved, gone, about, safety) => {
          const profile = school();
          const draft = filled(aNewDraft(), profile);
          const answers = {
            ...draft.answers,
            about,
            involved: involved.map((name) => ID[name]),
          } as typeof draft.answers;
          const now = new Date('2026-11-20T15:42:00Z');
          const whole = { ...draft, answers, dangers: safety ? (['threat'] as const) : [] };
          const current = openCase({ draft: whole, evidence: [], profile, clauses: [], now }).case;
          const left = school({}, rolesWithout(...gone.filter((name) => name !== 'teacher')));
          const { sent } = lookedAt(current, left, every(3 * HOUR, '2026-11-20T16:00:00Z', 14));
          const reached = new Set(sent.flatMap(({ to }) => to));
          for (const name of [...involved, ...gone.filter((one) => one !== 'teacher')])
            expect([...reached]).not.toContain(name);
          if (about === 'headteacher') expect([...reached]).not.toContain('head');
          if (about === 'chair_of_governors') expect([...reached]).not.toContain('chair');
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('whoever was reminded', () => {
  it('is in the log, which says so of Policy Desk itself', () => {
    const profile = school();
    const { after } = lookedAt(aCase('2026-11-20T15:42:00Z', profile), profile, [new Date('2026-11-25T08:30:00Z')]);
    const what: Happening = { kind: 'reminded', step: 'recipients', slot: '2026-11-25', people: [ID.head] };
    expect(after.log.at(-1)).toMatchObject({ by: { system: true }, what });
  });
});
