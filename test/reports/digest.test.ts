import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Case, Happening } from '../../src/reports/case.js';
import { changed } from '../../src/reports/case-change.js';
import { answerQuestion } from '../../src/reports/case-steps.js';
import { digestDeliveries, digestDue, digestOf, shownIn } from '../../src/reports/digest.js';
import { openCase } from '../../src/reports/opening.js';
import { dayAndTimeAt, isSchoolDay, weekOf } from '../../src/schools/calendar.js';
import type { SchoolProfile } from '../../src/schools/profile.js';
import { aNewDraft, aProfile, filled, ID, type Name, rolesWithout, TYPED } from './examples.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DATES = {
  terms: [
    { name: 'Spring 2026', from: '2026-01-05', to: '2026-04-24' },
    { name: 'Autumn 2026', from: '2026-09-02', to: '2026-12-17' },
    { name: 'Spring 2027', from: '2027-01-05', to: '2027-03-25' },
  ],
  holidays: [
    { name: 'Autumn half-term', from: '2026-10-26', to: '2026-10-30' },
    { name: 'A Monday off', from: '2026-11-16', to: '2026-11-16' },
  ],
};
const school = (more: object = {}, roles?: Parameters<typeof aProfile>[0]): SchoolProfile =>
  aProfile(roles, { ...DATES, ...more });

/** Looks at these moments, one after the other, and notes what is sent. @returns when, by the school's clocks. */
function sentAt(profile: SchoolProfile, moments: readonly Date[], done: string | null = ''): string[] {
  let last = done;
  return moments.flatMap((now) => {
    const due = digestDue({ done: last }, profile, now);
    if (!due) return [];
    last = due.slot;
    expect(digestDue({ done: last }, profile, now), 'Two at once.').toBeUndefined();
    const { day, time } = dayAndTimeAt(now, profile.timeZone);
    return due.send ? [`${day} ${time}`] : [];
  });
}
const every = (ms: number, from: string, days: number): Date[] =>
  Array.from({ length: Math.floor((days * 24 * HOUR) / ms) }, (_, at) => new Date(Date.parse(from) + at * ms));

describe('the weekly list of open cases', () => {
  it('comes once a week, not in half-term, and at the same time by the school’s clocks whatever they do', () => {
    expect(sentAt(school(), every(10 * MINUTE, '2026-10-12T00:00:00Z', 42))).toEqual([
      '2026-10-12 08:00',
      '2026-10-19 08:00',
      '2026-11-02 08:00',
      '2026-11-09 08:00',
      '2026-11-17 08:00',
    ]);
    expect(sentAt(school(), every(10 * MINUTE, '2026-03-23T00:00:00Z', 14))).toEqual([
      '2026-03-23 08:00',
      '2026-03-30 08:00',
    ]);
    expect(digestDue({ done: '' }, school(), new Date('2026-03-30T06:59:00Z'))).toBeUndefined();
    expect(digestDue({ done: '' }, school(), new Date('2026-03-30T07:00:00Z'))?.send).toBe(true);
  });

  it('comes on the last school day of a week that ends before its day', () => {
    const friday = school({ reminders: { digest: { day: 'friday', at: '15:00' } } });
    expect(sentAt(friday, every(30 * MINUTE, '2026-12-07T00:00:00Z', 35))).toEqual([
      '2026-12-11 15:00',
      '2026-12-17 15:00',
      '2027-01-08 15:00',
    ]);
  });

  it('is made up once in the same week after a stop, on a school day and not at night', () => {
    expect(sentAt(school(), every(HOUR, '2026-11-25T22:10:00Z', 3))).toEqual(['2026-11-26 07:10']);
    expect(sentAt(school(), every(HOUR, '2026-11-28T10:10:00Z', 1.5))).toEqual([]);
    expect(sentAt(school(), every(HOUR, '2026-11-28T10:10:00Z', 3), '2026-11-16')).toEqual(['2026-11-30 08:10']);
  });

  it('is not sent at once to a school that is new, but the next time it is due', () => {
    expect(sentAt(school(), every(HOUR, '2026-11-25T10:00:00Z', 7), null)).toEqual(['2026-11-30 08:00']);
    expect(sentAt(school(), every(HOUR, '2026-11-23T06:00:00Z', 7), null)).toEqual(['2026-11-23 08:00']);
  });

  it('is not sent again in a week in which the profile names another day for it', () => {
    expect(sentAt(school(), every(HOUR, '2026-11-23T00:00:00Z', 2))).toHaveLength(1);
    const wednesday = school({ reminders: { digest: { day: 'wednesday' } } });
    expect(sentAt(wednesday, every(HOUR, '2026-11-25T00:00:00Z', 3), '2026-11-23')).toEqual([]);
  });

  it('comes once in each week in which is looked on a school day after its time, however often and late', () => {
    const profile = school();
    const jumps = fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 1, maxLength: 60 });
    const starts = fc.integer({ min: 0, max: 60 * 24 * 60 });
    fc.assert(
      fc.property(starts, jumps, (start, minutes) => {
        let at = Date.parse('2026-10-05T00:00:00Z') + start * MINUTE;
        const moments = minutes.map((one) => {
          at += one * MINUTE;
          return new Date(at);
        });
        const weeks = sentAt(profile, moments).map((time) => weekOf(time.slice(0, 10))[0]);
        expect(new Set(weeks).size).toBe(weeks.length);
        const looked = moments
          .map((moment) => dayAndTimeAt(moment, profile.timeZone))
          .filter(({ day, time }) => {
            const isFirst = weekOf(day).find((one) => isSchoolDay(profile, one)) === day;
            return isSchoolDay(profile, day) && time >= (isFirst ? '08:00' : '07:00') && time < '21:00';
          })
          .map(({ day }) => weekOf(day)[0]);
        expect(new Set(weeks)).toEqual(new Set(looked));
      }),
      { numRuns: 300 },
    );
  });
});

describe('what the list shows', () => {
  const NOW = new Date('2026-11-30T08:00:00Z');
  const profile = school();
  const sent = (
    reference: string,
    at: string,
    what: object = {},
    dangers: readonly ['threat'] | readonly [] = [],
  ): Case => {
    const typed = { ...TYPED, what: { ...TYPED.what, ...what } } as typeof TYPED;
    const draft = { ...filled(aNewDraft({ reference }), profile, typed), dangers };
    return openCase({ draft, evidence: [], profile, clauses: [], now: new Date(at) }).case;
  };
  const then = (current: Case, ...whats: Happening[]): Case =>
    changed(current, { personId: ID.head }, new Date('2026-11-26T09:00:00Z'), whats, { deliveries: [] }).case;
  const acknowledged = { kind: 'acknowledged' } as const;

  const overdue = sent('PD-00000001', '2026-11-19T10:00:00Z');
  const fresh = sent('PD-00000002', '2026-11-27T10:00:00Z');
  const open = then(sent('PD-00000003', '2026-11-18T10:00:00Z'), acknowledged, {
    ...{ kind: 'assigned', to: ID.triager, card: null },
  });
  const asked = then(sent('PD-00000004', '2026-11-17T10:00:00Z'), acknowledged, {
    kind: 'question_asked',
    words: 'Where?',
  });
  const urgent = sent('PD-00000005', '2026-11-29T10:00:00Z', {}, ['threat']);
  const aboutHead = sent('PD-00000006', '2026-11-19T10:00:00Z', { about: 'headteacher' });

  it('is how many are new, overdue, open and waiting, and each with what a channel may read', () => {
    const { figures, rows } = digestOf([asked, open, fresh, overdue, urgent], profile, NOW);
    expect(figures).toEqual({ new: 3, overdue: 1, open: 2, waiting: 1 });
    expect(rows.map(({ reference, as }) => `${reference.slice(-1)} ${as}`)).toEqual([
      '5 new',
      '1 overdue',
      '2 new',
      '3 open',
      '4 waiting',
    ]);
    expect(rows.map(({ assignee }) => assignee)).toEqual([null, null, null, ID.triager, null]);
    expect(rows[3]?.seen).toBe(open.log.length);
    expect(JSON.stringify(rows)).not.toMatch(/useless|Oak Mums|Tess/u);
  });

  it('is a question no more once it is answered', () => {
    const number = asked.log.length;
    const answered = answerQuestion(asked, number, 'On Facebook', ID.teacher, NOW);
    if (!('case' in answered)) throw new Error('It was not answered.');
    expect(digestOf([answered.case], profile, NOW).figures).toEqual({ new: 0, overdue: 0, open: 1, waiting: 0 });
  });

  it('is in the channel what stands there, and in one’s own chat what only its readers have', () => {
    const all = [overdue, urgent, aboutHead];
    const shownTo = (name: Name) =>
      shownIn(all, profile, { to: 'person', personId: ID[name] }).map(({ report }) => report.reference);
    expect(shownIn(all, profile, { to: 'headteacher_channel' })).toEqual([overdue, urgent]);
    expect(shownIn(all, profile, { to: 'governors_chat' })).toEqual([]);
    expect(shownTo('chair')).toEqual(['PD-00000006']);
    for (const name of ['head', 'deputy', 'dsl', 'triager', 'trust', 'teacher'] as const)
      expect(shownTo(name)).toEqual([]);
  });

  it('goes to the channel always, and to those who have a case that is not shown there', () => {
    const targets = (cases: readonly Case[], now = profile) =>
      digestDeliveries(cases, now, '2026-11-30').map(({ target }) =>
        target.to === 'person' ? target.personId : target.to,
      );
    expect(targets([])).toEqual(['headteacher_channel']);
    expect(targets([overdue, urgent])).toEqual(['headteacher_channel']);
    expect(targets([overdue, aboutHead])).toEqual(['headteacher_channel', ID.chair]);
    expect(targets([aboutHead], school({}, rolesWithout('chair')))).toEqual(['headteacher_channel']);
    const given = then(aboutHead, acknowledged, { kind: 'assigned', to: ID.trust, card: 3 });
    expect(targets([given, aboutHead])).toEqual(['headteacher_channel', ID.chair, ID.trust]);
  });
});
