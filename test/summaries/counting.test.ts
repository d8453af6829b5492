import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Case, CaseEvent } from '../../src/reports/case.js';
import { UnreadableCases } from '../../src/reports/stores.js';
import { CaseCount, type CountedCases, readCases } from '../../src/summaries/counting.js';
import { boundsOf, periodsOf } from '../../src/summaries/periods.js';
import { aProfile, ID, rolesWithout } from '../reports/examples.js';
import * as lives from './lives.js';
import {
  acknowledged,
  at,
  closed,
  did,
  foundToBeAbout,
  marked,
  nowOf,
  profile,
  reopened,
  reported,
  went,
  withdrawn,
} from './lives.js';

const pause = async () => undefined;
const halfTerms = periodsOf(profile, 'half_term');
const [autumn] = halfTerms;
if (!autumn) throw new Error('The autumn has a first half.');
const bounds = boundsOf(autumn, 'Europe/London');
const MADE = at('2026-11-02T08:00:00Z');

/** Figures of the first half of the autumn. */
function figuresOf(cases: readonly Case[], made = MADE, period = bounds, school = profile): CountedCases {
  const count = new CaseCount(school, period, made);
  for (const one of cases) count.add(one);
  return count.counted();
}

/** Only what is not zero. */
const table = (cases: readonly Case[], name: string, made = MADE) =>
  Object.fromEntries(
    Object.entries(figuresOf(cases, made).reports.tables[name] ?? {}).filter(([, count]) => count > 0),
  );
const some = (...cases: readonly Case[]) => cases;
const on = (day: string, more: Partial<lives.Told> = {}) => reported({ submittedAt: at(day), ...more });
/** A Monday with school all week. */
const MONDAY = '2026-09-14';

describe('the figures, table by table', () => {
  it('count the reports that came in during the period, to the minute by the school’s clocks', () => {
    const { since, before } = bounds;
    expect([since, before]).toEqual([at('2026-08-30T23:00:00Z'), at('2026-11-02T00:00:00Z')]);
    const times = [since.getTime() - 1, since.getTime(), before.getTime() - 1, before.getTime()];
    const cases = times.map((time) => reported({ submittedAt: new Date(time) }));
    expect(cases.map((one) => figuresOf([one]).reports.total)).toEqual([0, 1, 1, 0]);
  });

  it('category and kind: as somebody has judged since; a kind that nobody gave is another', () => {
    const cases = some(
      on(MONDAY),
      went(on(MONDAY), ['2026-09-15', nowOf('online_bullying')]),
      went(on(MONDAY), ['2026-09-15', nowOf('other_breach')]),
      on(MONDAY, { category: 'other_breach', answers: { breachKind: 'privacy' } }),
      went(on(MONDAY, { category: 'other_breach', answers: { breachKind: 'privacy' } }), [
        '2026-09-16',
        nowOf('child_safety', ID.dsl),
      ]),
      on(MONDAY, { category: 'child_safety' }),
    );
    expect(table(cases, 'category')).toEqual({
      disparaging_post: 1,
      online_bullying: 1,
      other_breach: 2,
      child_safety: 2,
    });
    expect(table(cases, 'kind')).toEqual({ privacy: 1, other: 1 });
    expect(table(cases, 'severity')).toEqual({ normal: 2, high: 2, urgent: 2 });
  });

  it('severity: what a person says is the last word', () => {
    const higher = went(on(MONDAY), [
      '2026-09-15',
      { kind: 'severity_changed', from: 'normal', to: 'high', reason: '' },
    ]);
    expect(table([higher], 'severity')).toEqual({ high: 1 });
  });

  it('who posted it and where, or that it was not asked', () => {
    const cases = some(
      on(MONDAY, { answers: { postedBy: 'pupil', platform: 'snapchat' } }),
      on(MONDAY, { category: 'child_safety', answers: { postedBy: null, platform: null } }),
    );
    expect(table(cases, 'posted_by')).toEqual({ pupil: 1, not_asked: 1 });
    expect(table(cases, 'platform')).toEqual({ snapchat: 1, not_asked: 1 });
  });

  it('outcome: the last one, while it stands', () => {
    const cases = some(
      went(on(MONDAY), ['2026-09-15', closed('no_breach')]),
      went(on(MONDAY), ['2026-09-15', closed('no_breach')], ['2026-09-16', reopened]),
      went(
        on(MONDAY),
        ['2026-09-15', closed('no_breach')],
        ['2026-09-16', reopened],
        ['2026-09-17', closed('duplicate')],
      ),
      went(on(MONDAY), ['2026-09-15', withdrawn]),
      on(MONDAY),
    );
    expect(table(cases, 'outcome')).toEqual({ no_breach: 1, duplicate: 1, withdrawn: 1, still_open: 2 });
  });

  it('acknowledged: by the day promised, whatever happened then; those passed on wait for the others', () => {
    const taken = (day: string) => went(on(MONDAY), [day, acknowledged]);
    const cases = some(
      taken('2026-09-16T22:59:00Z'),
      taken('2026-09-16T23:01:00Z'),
      went(on(MONDAY), ['2026-09-15', withdrawn]),
      went(taken('2026-09-15'), ['2026-09-16', withdrawn]),
      on(MONDAY),
      went(taken('2026-09-15'), ['2026-09-15T13:00:00Z', nowOf('child_safety', ID.dsl)]),
    );
    expect(table(cases, 'acknowledged')).toEqual({ in_time: 2, late: 1, withdrawn_before: 1, overdue: 2 });
    expect(table([on(MONDAY)], 'acknowledged', at('2026-09-16T22:59:00Z'))).toEqual({ not_yet_due: 1 });
    expect(table([on(MONDAY)], 'acknowledged', at('2026-09-16T23:01:00Z'))).toEqual({ overdue: 1 });
  });

  it('acknowledged: whoever closes or reopens what was passed on has taken it up', () => {
    const passedOn = went(
      on(MONDAY),
      ['2026-09-14T13:00:00Z', acknowledged],
      ['2026-09-14T14:00:00Z', nowOf('child_safety', ID.dsl)],
    );
    const cases = some(
      went(passedOn, ['2026-09-15', closed()]),
      went(passedOn, ['2026-09-21', closed()], ['2026-09-22', reopened]),
    );
    expect(table(cases, 'acknowledged')).toEqual({ in_time: 1, late: 1 });
    expect(figuresOf(cases).times.acknowledge).toEqual([1, 5]);
  });

  it('evidence, who was told, and posts removed', () => {
    const cases = some(
      on(MONDAY, { evidence: 2 }),
      went(
        on(MONDAY),
        ['2026-09-15', did('told_police')],
        ['2026-09-15', did('told_lado')],
        ['2026-09-16', did('told_police')],
      ),
      went(
        on(MONDAY),
        ['2026-09-15', did('told_dsl')],
        ['2026-09-15', did('told_authority_or_trust')],
        ['2026-09-15', did('spoke_to_parent')],
      ),
      went(on(MONDAY), ['2026-09-15', marked('removed')]),
      went(on(MONDAY), ['2026-09-15', marked('removed')], ['2026-09-16', marked('refused')]),
    );
    const yes = ['evidence', 'police', 'lado', 'dsl', 'authority', 'removed'].map((name) => table(cases, name));
    expect(yes).toEqual(Array.from({ length: 6 }, () => ({ yes: 1, no: 4 })));
  });

  it('times: school days after the day it came in, over weekends and holidays', () => {
    const friday = on('2026-10-23');
    const cases = some(
      went(friday, ['2026-10-23T15:00:00Z', { kind: 'opened', card: 2 }], ['2026-10-24', acknowledged]),
      went(on('2026-10-23'), ['2026-11-02T07:00:00Z', acknowledged], ['2026-11-02T07:01:00Z', did('support_offered')]),
      went(
        on(MONDAY),
        ['2026-09-15', acknowledged],
        ['2026-09-16', { kind: 'question_asked', words: '' }],
        ['2026-09-18', closed()],
      ),
      went(on(MONDAY), ['2026-09-18', closed()], ['2026-09-21', reopened], ['2026-09-23', closed()]),
      went(on(MONDAY), ['2026-09-18', closed()], ['2026-09-21', reopened]),
    );
    expect(figuresOf(cases).times).toEqual({ acknowledge: [0, 1, 1, 4, 4], first_action: [1, 2, 4, 4], close: [4, 7] });
  });

  it('open and overdue: of all periods, and apart those of earlier ones', () => {
    const cases = some(
      on('2026-08-28'),
      went(on('2026-08-28'), ['2026-09-02', closed()]),
      on(MONDAY),
      went(on(MONDAY), ['2026-09-15', acknowledged]),
      on('2026-11-02T06:00:00Z'),
      on('2026-11-02T09:00:00Z'),
      went(on(MONDAY), ['2026-09-15', withdrawn]),
    );
    expect(figuresOf(cases)).toMatchObject({ open: 4, openFromBefore: 1, overdue: 2, reports: { total: 3 } });
  });
});

describe('reports about the Headteacher', () => {
  const about: readonly Case[] = [
    on(MONDAY, { answers: { about: 'headteacher' } }),
    on(MONDAY, { answers: { postedBy: 'headteacher' } }),
    on(MONDAY, { answers: { involved: [ID.head.toLowerCase()] } }),
    on(MONDAY, { category: 'child_safety', answers: { involved: [ID.head] } }),
    went(on(MONDAY), ['2026-09-15', foundToBeAbout(ID.head)]),
  ];
  const aboutBoth: readonly Case[] = [
    on(MONDAY, { answers: { about: 'headteacher', postedBy: 'chair_of_governors' } }),
    on(MONDAY, { answers: { involved: [ID.head, ID.chair] } }),
    went(on(MONDAY), ['2026-09-15', foundToBeAbout(ID.head)], ['2026-09-16', foundToBeAbout(ID.chair)]),
  ];
  const none = figuresOf([]);

  it('are in one figure alone, open or overdue or not', () => {
    for (const one of about) expect(figuresOf([one])).toEqual({ ...none, aboutHeadteacher: 1 });
    expect(figuresOf(about).aboutHeadteacher).toBe(about.length);
  });

  it('are in none when they are about the chair as well', () => {
    for (const one of aboutBoth) expect(figuresOf([one])).toEqual(none);
  });

  it('stay so when another becomes Headteacher; about the chair alone they are like any other', () => {
    const without = aProfile(rolesWithout('head'));
    const named = on(MONDAY, { answers: { about: 'headteacher' } });
    expect(figuresOf([named], MADE, bounds, without)).toEqual({ ...none, aboutHeadteacher: 1 });
    expect(figuresOf([on(MONDAY, { answers: { about: 'chair_of_governors' } })]).reports.total).toBe(1);
  });
});

/** The first events of a log that were there at a moment. */
const until = (log: readonly CaseEvent[], moment: Date): CaseEvent[] => log.filter((event) => event.at <= moment);

/** All figures once more, each by itself and with nothing of the code that is tested: slowly, and one rule after the other. */
function slowly(all: readonly Case[], made: Date): CountedCases {
  const cases = all
    .map(({ report, log }) => ({ report, log: until(log, made) }))
    .filter(({ report }) => report.submittedAt <= made);
  const has = (ids: readonly string[], id: string) => ids.some((one) => one.toUpperCase() === id);
  const names = ({ report, log }: (typeof cases)[number], id: string) =>
    has(report.answers.involved, id) ||
    log.some(({ what }) => 'route' in what && what.route && has(what.route.recused, id));
  const apart = cases.filter((one) => names(one, ID.head));
  const counted = cases.filter((one) => !names(one, ID.head));
  const inPeriod = ({ report }: (typeof cases)[number]) => {
    const day = london(report.submittedAt);
    return day >= '2026-08-31' && day <= '2026-11-01';
  };
  const mine = counted.filter(inPeriod).map((one) => alone(one, made));
  const open = counted.filter((one) => alone(one, made).outcome === 'still_open');
  const tables: Record<string, Record<string, number>> = {};
  for (const [name, cells] of Object.entries(CELLS))
    tables[name] = Object.fromEntries(
      cells.map((cell) => [
        cell,
        mine.filter((row) => (row as unknown as Record<string, string>)[name] === cell).length,
      ]),
    );
  const days = (which: 'ackDays' | 'actDays' | 'closeDays') =>
    mine
      .map((row) => row[which])
      .filter((count): count is number => count !== undefined)
      .sort((one, other) => one - other);
  return {
    reports: { total: mine.length, tables },
    aboutHeadteacher: apart.filter((one) => inPeriod(one) && !names(one, ID.chair)).length,
    times: { acknowledge: days('ackDays'), first_action: days('actDays'), close: days('closeDays') },
    open: open.length,
    openFromBefore: open.filter(({ report }) => london(report.submittedAt) < '2026-08-31').length,
    overdue: counted.filter((one) => alone(one, made).acknowledged === 'overdue').length,
  };
}

const CELLS = {
  category: ['online_bullying', 'disparaging_post', 'other_breach', 'child_safety'],
  kind: ['privacy', 'contact', 'account', 'name_or_logo', 'conduct', 'other'],
  severity: ['normal', 'high', 'urgent'],
  posted_by: [
    'pupil',
    'parent',
    'staff',
    'headteacher',
    'chair_of_governors',
    'governor',
    'outside',
    'not_known',
    'not_asked',
  ],
  platform: [
    ...[
      'facebook',
      'instagram',
      'snapchat',
      'tiktok',
      'whatsapp',
      'x',
      'youtube',
      'messages',
      'school_account',
      'other',
    ],
    'not_asked',
  ],
  outcome: ['resolved', 'passed_on', 'no_breach', 'not_enough_known', 'duplicate', 'withdrawn', 'still_open'],
  acknowledged: ['in_time', 'late', 'overdue', 'not_yet_due', 'withdrawn_before'],
  evidence: ['yes', 'no'],
  police: ['yes', 'no'],
  lado: ['yes', 'no'],
  dsl: ['yes', 'no'],
  authority: ['yes', 'no'],
  removed: ['yes', 'no'],
};

const london = (moment: Date): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London', dateStyle: 'short' }).format(moment);

/** School days after one day, up to another. Before and after the terms every weekday is one. */
function schoolDays(from: string, to: string): number {
  let count = 0;
  const day = new Date(`${from}T12:00:00Z`);
  while (day.toISOString().slice(0, 10) < to) {
    day.setUTCDate(day.getUTCDate() + 1);
    const name = day.toISOString().slice(0, 10);
    const isHoliday = (name >= '2026-10-26' && name <= '2026-10-30') || (name > '2026-12-18' && name < '2027-01-04');
    if (day.getUTCDay() > 0 && day.getUTCDay() < 6 && !isHoliday) count += 1;
  }
  return count;
}

/** One case, by going through its log from the beginning. */
function alone({ report, log }: Pick<Case, 'report' | 'log'>, made: Date) {
  let category = report.category;
  const { breachKind, postedBy, platform } = report.answers;
  const usual = () =>
    category === 'child_safety'
      ? 2
      : category === 'online_bullying' || ['privacy', 'contact'].includes(breachKind ?? '')
        ? 1
        : 0;
  let severity = usual();
  let state: 'new' | 'open' | 'closed' | 'withdrawn' = 'new';
  let [outcome, removed, evidence] = ['still_open', 'no', 'no'];
  const referred = { police: 'no', lado: 'no', dsl: 'no', authority: 'no' };
  const TELLS: Record<string, keyof typeof referred> = {
    told_police: 'police',
    told_lado: 'lado',
    told_dsl: 'dsl',
    told_authority_or_trust: 'authority',
  };
  let [ack, act, close, ended, endedLast]: (Date | undefined)[] = [];
  for (const { at: moment, by, what } of log) {
    if (what.kind === 'acknowledged') {
      ack ??= moment;
      if (state === 'new') state = 'open';
    }
    if (what.kind === 'category_changed') {
      category = what.to;
      severity = Math.max(severity, usual());
      if (what.route && 'personId' in by && !what.route.people.includes(by.personId)) {
        ack = undefined;
        ended = undefined;
        if (state === 'open') state = 'new';
      }
    }
    if (what.kind === 'severity_changed') severity = ['normal', 'high', 'urgent'].indexOf(what.to);
    if (what.kind === 'closed') [state, outcome, close] = ['closed', what.outcome, moment];
    if (what.kind === 'withdrawn') [state, outcome, close] = ['withdrawn', 'withdrawn', undefined];
    if (what.kind === 'reopened') [state, outcome, close] = ['open', 'still_open', undefined];
    if (what.kind === 'closed' || what.kind === 'reopened') {
      ended ??= moment;
      endedLast = moment;
    }
    if (what.kind === 'post_marked') removed = what.as === 'removed' ? 'yes' : 'no';
    if (what.kind === 'evidence_added') evidence = 'yes';
    if (what.kind === 'action_taken' && TELLS[what.action]) referred[TELLS[what.action] ?? 'police'] = 'yes';
    if (['question_asked', 'action_taken', 'post_marked', 'closed'].includes(what.kind)) act ??= moment;
  }
  const came = london(report.submittedAt);
  const since = (moment: Date | undefined) => moment && schoolDays(came, london(moment));
  const taken = ack ?? (state === 'open' || state === 'closed' ? (ended ?? endedLast) : undefined);
  const isLate = (day: string) =>
    schoolDays(came, day) > 2 || (schoolDays(came, day) === 2 && schoolDays(came, dayBefore(day)) === 2);
  return {
    ...{ category, severity: ['normal', 'high', 'urgent'][severity] },
    kind: category === 'other_breach' ? (breachKind ?? 'other') : undefined,
    ...{ posted_by: postedBy ?? 'not_asked', platform: platform ?? 'not_asked' },
    ...{ outcome, removed, evidence, ...referred },
    acknowledged: taken
      ? isLate(london(taken))
        ? 'late'
        : 'in_time'
      : state === 'withdrawn'
        ? 'withdrawn_before'
        : isLate(london(made))
          ? 'overdue'
          : 'not_yet_due',
    ...{ ackDays: since(taken), actDays: since(act), closeDays: since(close) },
  };
}

const dayBefore = (day: string): string => new Date(Date.parse(day) - 24 * 60 * 60_000).toISOString().slice(0, 10);

const someLives = fc.array(lives.aLife, { maxLength: 12, size: 'max' });
const RUNS = { numRuns: 60 };

describe('the figures of random cases', () => {
  it('are those of a slow recount, case by case and rule by rule', () => {
    let reports = 0;
    fc.assert(
      fc.property(someLives, (cases) => {
        const figures = figuresOf(cases);
        reports += figures.reports.total;
        expect(figures).toEqual(slowly(cases, MADE));
      }),
      RUNS,
    );
    expect(reports).toBeGreaterThan(50);
  });

  it('fall into one cell of each table', () => {
    fc.assert(
      fc.property(someLives, (cases) => {
        const { total, tables } = figuresOf(cases).reports;
        for (const [name, cells] of Object.entries(tables)) {
          const sum = Object.values(cells).reduce((all, count) => all + count, 0);
          expect([name, sum]).toEqual([name, name === 'kind' ? tables.category?.other_breach : total]);
        }
        const { acknowledged, outcome } = tables;
        const { times } = figuresOf(cases);
        expect(times.acknowledge).toHaveLength((acknowledged?.in_time ?? 0) + (acknowledged?.late ?? 0));
        expect(times.close).toHaveLength(total - (outcome?.withdrawn ?? 0) - (outcome?.still_open ?? 0));
      }),
      RUNS,
    );
  });

  it('are the same whatever happens afterwards, and in whatever order the cases are read', () => {
    let later = 0;
    fc.assert(
      fc.property(someLives, fc.constantFrom(...['2026-11-02', '2026-11-16'].map(at)), (cases, made) => {
        const asThen = cases
          .filter(({ report }) => report.submittedAt <= made)
          .map((one) => ({ ...one, log: until(one.log, made) }));
        later += cases.length - asThen.length;
        const [now, before] = [cases.toReversed(), asThen].map((read) => {
          const count = new CaseCount(profile, bounds, made);
          for (const one of read) count.add(one);
          return { figures: count.counted(), inputs: count.inputs() };
        });
        expect(now).toEqual(before);
      }),
      RUNS,
    );
    expect(later).toBeGreaterThan(50);
  });
});

describe('reading the cases', () => {
  it('goes on to those that can be read, and says so', async () => {
    async function* broken() {
      yield* lives.stored([on(MONDAY), on(MONDAY)]);
      throw new UnreadableCases(1);
    }
    const count = new CaseCount(profile, bounds, MADE);
    expect(await readCases(broken(), [count], pause)).toEqual({ unreadable: true });
    expect(count.counted().reports.total).toBe(2);
    expect(await readCases(lives.stored([]), [count], pause)).toEqual({ unreadable: false });
  });

  it('does not hide that the store is away', async () => {
    async function* away() {
      yield* lives.stored([on(MONDAY)]);
      throw new Error('It does not answer.');
    }
    await expect(readCases(away(), [], pause)).rejects.toThrow('does not answer');
  });

  it('holds none of the cases', async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const count = new CaseCount(profile, bounds, MADE);
    const read: WeakRef<Case>[] = [];
    async function* many() {
      for (let number = 0; number < 300; number += 1) {
        const one = on(MONDAY);
        read.push(new WeakRef(one));
        yield { case: one, version: '1', deliveries: 1 };
      }
    }
    await readCases(many(), [count], setImmediate);
    collect();
    expect(read.filter((one) => one.deref() !== undefined).length).toBeLessThan(5);
    expect(count.counted().reports.total).toBe(300);
  });
});
