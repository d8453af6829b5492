import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Case, Happening } from '../../src/reports/case.js';
import { appended } from '../../src/reports/case-log.js';
import {
  announcedIn,
  answerableFor,
  couldBeDue,
  keptUntil,
  questionsKeptSince,
  retentionDue,
} from '../../src/reports/retention.js';
import { daysAfter } from '../../src/schools/calendar.js';
import { draftWith, opened, ROUTES } from './cases.js';
import { aProfile, ID, type Name, rolesWith, rolesWithout } from './examples.js';

const profile = aProfile();
/** At nine in the morning at the school, in winter. */
const on = (day: string): Date => new Date(`${day}T09:00:00Z`);
const closed: Happening = { kind: 'closed', outcome: 'resolved', message: 'Thank you.' };

/** The case with what Policy Desk, or the Headteacher, has done with it. */
function went(current: Case, ...happened: readonly (readonly [day: string, what: Happening])[]): Case {
  const log = [...current.log];
  for (const [day, what] of happened)
    log.push(appended(current.report, log, { at: on(day), by: { personId: ID.head }, what }));
  return { ...current, log };
}

const aCase = (route: keyof typeof ROUTES = 'channel'): Case => ROUTES[route]().case;
const ended = (day = '2026-12-01', route: keyof typeof ROUTES = 'channel') => went(aCase(route), [day, closed]);

function due(current: Case, day: string | Date, of = profile) {
  const found = retentionDue(current, of, typeof day === 'string' ? on(day) : day);
  if (found?.kind !== 'announce') return found?.kind;
  const [event] = found.change.events;
  if (event?.what.kind !== 'deletion_announced') throw new Error('It announces nothing.');
  expect(event.by).toEqual({ system: true });
  const refs = { reference: current.report.reference, event: String(event.number) };
  expect(found.change.deliveries).toEqual(
    event.what.people.map((personId) => ({
      ...{ kind: 'case.deletion_announced', refs, placement: { at: 'new' }, target: { to: 'person', personId } },
    })),
  );
  return { on: event.what.on, people: event.what.people, after: found.change.case };
}

/** As announced on a day, which must have been due. */
function announced(current: Case, day: string): Case {
  const found = due(current, day);
  if (typeof found !== 'object') throw new Error('It was not announced.');
  return found.after;
}

describe('until when a case is kept', () => {
  it('is so many years after it ended last, by where it went', () => {
    const until = (current: Case, of = profile) => keptUntil(current, of)?.until;
    expect(until(aCase())).toBeUndefined();
    expect(until(ended())).toBe('2032-12-01');
    expect(until(ended('2026-12-01', 'about_triager'))).toBe('2032-12-01');
    expect(until(ended('2026-12-01', 'about_headteacher'))).toBe('2036-12-01');
    expect(until(ended('2026-12-01', 'safety'))).toBe('2051-12-01');
    const both = opened(draftWith({ postedBy: 'headteacher', about: 'chair_of_governors' })).case;
    expect(until(went(both, ['2026-12-01', closed]))).toBe('2036-12-01');
    expect(until(went(aCase(), ['2026-12-01', { kind: 'withdrawn', reason: '' }]))).toBe('2032-12-01');
    const reopened = went(ended(), ['2027-01-05', { kind: 'reopened', reason: 'More' }]);
    expect(until(reopened)).toBeUndefined();
    expect(until(went(reopened, ['2027-02-01', closed]))).toBe('2033-02-01');
    const retention = { years: { headteacher: 1 } };
    expect(until(ended(), aProfile(rolesWith({}), { retention }))).toBe('2027-12-01');
  });

  it('goes by the day at the school, and never shortens a year by a leap day', () => {
    const late = went(aCase(), ['2026-12-01', closed]);
    const [last] = late.log.slice(-1);
    if (!last) throw new Error('It has no log.');
    const at = (time: string) => ({ ...late, log: [...late.log.slice(0, -1), { ...last, at: new Date(time) }] });
    expect(keptUntil(at('2027-06-30T23:30:00Z'), profile)?.until).toBe('2033-07-01');
    expect(keptUntil(at('2028-02-29T12:00:00Z'), profile)?.until).toBe('2034-03-01');
    const four = aProfile(rolesWith({}), { retention: { years: { headteacher: 4 } } });
    expect(keptUntil(at('2028-02-29T12:00:00Z'), four)?.until).toBe('2032-02-29');
  });
});

describe('what is due', () => {
  it('is nothing, then word to those answerable 30 days before, then nothing, then the end', () => {
    const current = ended();
    expect(due(current, '2026-12-02')).toBeUndefined();
    expect(due(current, '2032-10-29')).toBeUndefined();
    // 30 days before is Monday 1 November.
    expect(due(current, '2032-11-01')).toMatchObject({ on: '2032-12-01', people: [ID.head] });
    const told = announced(current, '2032-11-01');
    expect(due(told, '2032-11-02')).toBeUndefined();
    expect(due(told, '2032-11-30')).toBeUndefined();
    expect(due(told, '2032-12-01')).toBe('delete');
    expect(due(told, '2040-01-02')).toBe('delete');
  });

  it('comes late where the bot was stopped, and never less than 30 days after people were told', () => {
    expect(due(ended(), '2035-01-08')).toMatchObject({ on: '2035-02-07' });
    const told = announced(ended(), '2035-01-08');
    expect(due(told, '2035-02-06')).toBeUndefined();
    expect(due(told, '2035-02-07')).toBe('delete');
  });

  it('comes when people are awake, and is announced on a school day', () => {
    const told = announced(ended(), '2032-11-01');
    for (const time of ['06:59', '21:00']) {
      expect(due(ended(), new Date(`2032-11-01T${time}:00Z`))).toBeUndefined();
      expect(due(told, new Date(`2032-12-01T${time}:00Z`))).toBeUndefined();
    }
    expect(due(ended(), '2032-11-06')).toBeUndefined();
    expect(due(ended(), '2032-11-08')).toMatchObject({ on: '2032-12-08' });
  });

  const VOIDING: readonly (readonly [string, (told: Case) => Case])[] = [
    [
      'a hold that was taken back',
      (told) =>
        went(
          told,
          ['2032-11-10', { kind: 'hold_placed', reason: 'Tribunal' }],
          ['2032-11-12', { kind: 'hold_released', reason: 'Over' }],
        ),
    ],
    ['a reopening', (told) => went(told, ['2032-11-10', { kind: 'reopened', reason: 'More' }], ['2032-11-12', closed])],
    [
      'another category',
      (told) =>
        went(told, [
          '2032-11-10',
          { kind: 'category_changed', from: 'disparaging_post', to: 'other_breach', reason: 'It is' },
        ]),
    ],
  ];
  it.each(VOIDING)('begins anew after %s', (_what, later) => {
    const told = announced(ended(), '2032-11-01');
    const after = later(told);
    expect(announcedIn(told)).toBeDefined();
    expect(announcedIn(after)).toBeUndefined();
    expect(due(after, '2032-12-01')).not.toBe('delete');
    expect(due(announced(after, '2038-12-13'), '2039-01-12')).toBe('delete');
  });

  it('is nothing on legal hold, nor of a case that goes on', () => {
    const held = went(announced(ended(), '2032-11-01'), ['2032-11-10', { kind: 'hold_placed', reason: 'Tribunal' }]);
    expect(due(held, '2060-01-06')).toBeUndefined();
    expect(due(aCase(), '2060-01-06')).toBeUndefined();
  });

  it('never follows from a clock that has jumped', () => {
    // Ten years ahead by mistake: people are told, for a day that is not near.
    const told = announced(ended(), '2042-11-03');
    expect(due(told, '2032-12-01')).toBeUndefined();
    expect(due(told, '2042-12-02')).toBeUndefined();
    // An event by a clock ahead of the day that it names.
    const odd = went(ended(), ['2032-12-20', { kind: 'deletion_announced', on: '2032-12-01', people: [ID.head] }]);
    expect(due(odd, '2032-12-21')).toBeUndefined();
    expect(due(odd, '2033-01-18')).toBeUndefined();
    expect(due(odd, '2033-01-19')).toBe('delete');
  });

  it('is nothing that the store would not look for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 12_000 }), (from, later) => {
        const day = daysAfter('2026-12-01', from);
        const now = on(daysAfter(day, later));
        const current = ended(day);
        if (retentionDue(current, profile, now) !== undefined)
          expect(on(day).getTime()).toBeLessThan(couldBeDue(profile, now).getTime());
      }),
      { numRuns: 300 },
    );
  });
});

describe('who is told', () => {
  const without = (...gone: readonly Name[]) => aProfile(rolesWithout(...gone));

  it('is the Headteacher, and whoever it was sent to', () => {
    expect(answerableFor(aCase(), profile)).toEqual([ID.head]);
    expect(answerableFor(aCase('about_triager'), profile)).toEqual([ID.head]);
    expect(answerableFor(aCase('safety'), profile)).toEqual([ID.head, ID.dsl]);
  });

  it('is never the Headteacher of a case about them', () => {
    expect(answerableFor(aCase('about_headteacher'), profile)).toEqual([ID.chair]);
    expect(answerableFor(aCase('safety_about_headteacher'), profile)).toEqual([ID.dsl, ID.chair]);
  });

  it('is a deputy or a lead where they have left, then the chair, then nobody, so that it stays', () => {
    expect(answerableFor(aCase(), without('head'))).toEqual([ID.deputy, ID.dsl]);
    expect(answerableFor(aCase(), without('head', 'deputy', 'dsl'))).toEqual([ID.chair]);
    const nobody = without('head', 'deputy', 'dsl', 'chair');
    expect(answerableFor(aCase(), nobody)).toEqual([]);
    expect(due(ended(), '2040-01-09', nobody)).toBeUndefined();
    const aboutChair = opened(draftWith({ involved: [ID.chair] })).case;
    expect(answerableFor(aboutChair, without('head', 'deputy', 'dsl'))).toEqual([]);
  });
});

describe('questions', () => {
  it('are kept for so many months, by the day', () => {
    const since = (time: string, questionMonths = 24) =>
      questionsKeptSince({ ...profile, retention: { ...profile.retention, questionMonths } }, new Date(time));
    expect(since('2028-11-20T15:00:00Z')).toEqual(new Date('2026-11-20T00:00:00Z'));
    expect(since('2028-06-20T15:00:00Z')).toEqual(new Date('2026-06-19T23:00:00Z'));
    expect(since('2028-03-31T15:00:00Z', 13)).toEqual(new Date('2027-02-28T00:00:00Z'));
    expect(since('2028-02-29T15:00:00Z', 24)).toEqual(new Date('2026-02-28T00:00:00Z'));
  });
});
