import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AskedQuestion } from '../../src/policies/question-log.js';
import type { Case, CaseOutcome } from '../../src/reports/case.js';
import { certificateOf } from '../../src/reports/deleting.js';
import { certificateHash } from '../../src/reports/deletion.js';
import { UnreadableCases } from '../../src/reports/stores.js';
import type { School } from '../../src/schools/school.js';
import { makeSummary, recount, type SummarySources } from '../../src/summaries/making.js';
import type { Period, Span } from '../../src/summaries/period.js';
import { boundsOf, periodsOf } from '../../src/summaries/periods.js';
import type { Summary } from '../../src/summaries/summary.js';
import { ID } from '../reports/examples.js';
import { smallSchool } from '../support/small-school.js';
import * as lives from './lives.js';
import { at, closed, foundToBeAbout, nowOf, profile, reported, went } from './lives.js';

let school: School;
beforeAll(async () => {
  school = { ...(await smallSchool('oak')), profile };
});

const NONE = { state: 'none' } as const;
const periodAt = (span: Span, number: number): Period => {
  const period = periodsOf(profile, span)[number];
  if (!period) throw new Error(`There is no such ${span}.`);
  return period;
};
/** At eight on the Monday after a period. */
const morningAfter = ({ to }: Period): Date => new Date(Date.parse(`${to}T08:00:00Z`) + 24 * 60 * 60_000);

interface Kept {
  readonly cases?: readonly Case[];
  readonly questions?: readonly AskedQuestion[];
  readonly summaries?: readonly Summary[];
  readonly unreadable?: boolean;
  /** Cases that were there once. */
  readonly deleted?: readonly Case[];
}

function sources({
  cases = [],
  questions = [],
  summaries = [],
  unreadable = false,
  deleted = [],
}: Kept): SummarySources {
  return {
    cases: {
      async *all() {
        yield* lives.stored(cases);
        if (unreadable) throw new UnreadableCases(1);
      },
    },
    questions: {
      async *between(_school, { since, before }) {
        yield* questions.filter(({ askedAt }) => askedAt >= since && askedAt < before);
      },
    },
    openQuestions: {
      listOpen: async (_school, { since, before }) => ({
        questions: questions.filter(
          ({ askedAt, outcome, helpful }) =>
            askedAt >= since && askedAt < before && (outcome === 'not_covered' || helpful === false),
        ),
        more: false,
      }),
    },
    summaries: { all: async () => summaries.map((summary) => ({ summary, version: '1', deliveries: 0 })) },
    deletions: {
      async *all() {
        for (const one of deleted) {
          const certificate = certificateOf(one, 'early', new Date());
          yield { certificate, hash: certificateHash(certificate), complete: true };
        }
      },
    },
    pause: async () => undefined,
  };
}
/** When summaries are counted again. */
const LATER = at('2026-12-01');

async function made(kept: Kept, period: Period, made = morningAfter(period), of = school): Promise<Summary> {
  const summary = await makeSummary(sources(kept), of, period, made, NONE);
  if (!summary) throw new Error('It was not made.');
  return summary;
}

const times = <T>(count: number, of: (number: number) => T): T[] =>
  Array.from({ length: count }, (_, number) => of(number));
/** So many reports on the first Monday after the summer that is a school day, each acknowledged and closed the week after. */
const reports = (count: number, outcome: CaseOutcome = 'resolved', more: Partial<lives.Told> = {}) =>
  times(count, () =>
    went(
      reported({ submittedAt: at('2026-09-07'), ...more }),
      ['2026-09-08', lives.acknowledged],
      ['2026-09-14', closed(outcome)],
    ),
  );
const asked = (question: string, askedAt: Date, change: Partial<AskedQuestion> = {}): AskedQuestion => ({
  ...{ question, askedAt, outcome: 'answered', clauses: ['small/1'] },
  ...change,
});

describe('a summary', () => {
  it('tells what was counted, with where it comes from', async () => {
    const period = periodAt('half_term', 0);
    const [clause = ''] = school.index.clauses.keys();
    const questions = [
      ...times(6, (day) => asked('Whose phone may I use?', at(`2026-09-1${day}`), { clauses: [clause, 'gone/1'] })),
      ...times(5, (day) =>
        asked(`what age can ${day === 0 ? 'kayleigh' : 'pupils'} have whatsapp`, at(`2026-10-0${day + 1}`), {
          outcome: 'not_covered',
          clauses: [clause],
        }),
      ),
    ];
    const cases = [...reports(7), ...reports(6, 'no_breach', { category: 'online_bullying' })];
    const summary = await made({ cases, questions }, period);
    expect(summary).toMatchObject({
      ...{ schoolId: 'oak', id: 'half_term-2026-08-31', schoolName: 'Oak School', timeZone: 'Europe/London', period },
      ...{ madeAt: morningAfter(period), threshold: 5, comment: null, sending: NONE, corrections: [], trend: [] },
      inputs: expect.stringMatching(/^[0-9a-f]{64}$/u),
    });
    const { published, counted } = summary;
    expect(published.reports.total).toEqual({ kind: 'exact', value: 13 });
    expect(counted.questions).toEqual({ total: 11, tables: { answer: { answered: 6, not_covered: 5 } } });
    expect(counted.clauses).toEqual([
      { of: 'gone/1', count: 6 },
      { of: clause, count: 6 },
    ]);
    expect(published.clauses).toEqual([expect.stringMatching(/^Social media policy: Clause 1/u)]);
    expect(published.gaps).toEqual(['Minimum age for social media']);
    expect(published.questions.total).toEqual({ kind: 'exact', value: 11 });
    expect(published.times).toMatchObject({ acknowledge: { median: 1, p90: 1 }, first_action: { median: 5, p90: 5 } });
    expect(published).toMatchObject({ open: { value: 0 }, overdue: { value: 0 }, unreadable: false });
    expect(JSON.stringify({ ...summary, counted: { ...counted, offices: null } })).not.toMatch(
      /kayleigh|PD-|AAAAAAAA/iu,
    );
  });

  it('of a period without reports says that there are none', async () => {
    const { published } = await made({}, periodAt('half_term', 0));
    const none = { kind: 'exact', value: 0 };
    expect(published.reports).toEqual({ total: none, tables: {} });
    expect(published.questions).toEqual({ total: none, tables: {} });
    expect(published).toMatchObject({ aboutHeadteacher: none, open: none, overdue: none, clauses: [], gaps: [] });
  });

  it('of a week tells no figure exactly but none, and no times', async () => {
    const week = periodsOf(profile, 'week').find(({ from }) => from === '2026-09-07');
    const { published } = await made({ cases: reports(13) }, week ?? periodAt('week', 0));
    expect(published.reports).toEqual({ total: { kind: 'band', from: 10, to: 14 }, tables: {} });
    expect(published.open).toEqual({ kind: 'band', from: 10, to: 14 });
    expect(Object.values(published.times)).toEqual(times(3, () => ({ median: null, p90: null })));
  });

  it('tells how many cases wait only where it is the governors’ latest: others of that minute could be subtracted', async () => {
    const waiting = (count: number, day: string) => times(count, () => reported({ submittedAt: at(day) }));
    // Two of the first half of the autumn, which would be what is left of 9 when 7 are taken away.
    const cases = [...waiting(7, '2026-08-10'), ...waiting(2, '2026-09-14'), ...waiting(11, '2026-11-09')];
    const [first, second, term] = [periodAt('half_term', 0), periodAt('half_term', 1), periodAt('term', 0)];
    const summaries: Summary[] = [];
    for (const period of [first, second, term])
      summaries.push(await made({ cases, summaries }, period, morningAfter(second)));
    const stock = summaries.map(({ published: { open, overdue, openFromBefore } }) => [open, overdue, openFromBefore]);
    const hidden = times(3, () => ({ kind: 'hidden' }));
    expect(stock).toEqual([hidden, [20, 20, 9].map((value) => ({ kind: 'exact', value })), hidden]);
  });

  it('is made though some cases cannot be read, and says so', async () => {
    const summary = await made({ cases: reports(6), unreadable: true }, periodAt('half_term', 0));
    expect(summary.counted.unreadable).toBe(true);
    expect(summary.published).toMatchObject({ unreadable: true, reports: { total: { value: 6 } } });
  });

  it('is not made of a period that is not over', async () => {
    const period = periodAt('half_term', 0);
    const { before } = boundsOf(period, 'Europe/London');
    await expect(made({}, period, new Date(before.getTime() - 1))).rejects.toThrow('not over');
    expect(await made({}, period, before)).toMatchObject({ madeAt: before });
  });

  it('is cut where one that was told would overlap it in part, and not made where too little is left', async () => {
    const told = await made({}, periodAt('half_term', 0));
    const longer = { ...periodAt('half_term', 1), from: '2026-10-26' };
    expect((await made({ summaries: [told] }, longer)).period).toMatchObject({ from: '2026-11-02', to: longer.to });
    const half = { ...periodAt('half_term', 0), to: '2026-09-20' };
    expect(await makeSummary(sources({ summaries: [told] }), school, half, morningAfter(half), NONE)).toBeUndefined();
  });

  it('looks back on the last five of its span, as they were told', async () => {
    const summaries: Summary[] = [];
    const terms = periodsOf(profile, 'half_term');
    for (const period of terms) summaries.push(await made({ cases: reports(6), summaries }, period));
    const term = await made({ cases: reports(6), summaries }, periodAt('term', 0), morningAfter(periodAt('year', 0)));
    expect(terms).toHaveLength(6);
    expect(summaries.map(({ trend }) => trend.map(({ period }) => period))).toEqual(
      terms.map((_, at) => terms.slice(Math.max(0, at - 5), at)),
    );
    const { clauses, gaps, unreadable, ...told } = summaries[0]?.published ?? {};
    expect(summaries.at(-1)?.trend[0]?.published).toEqual(told);
    expect(term.trend).toEqual([]);
  });
});

describe('corrections', () => {
  const [first, second, third] = times(3, (number) => periodAt('half_term', number)) as [Period, Period, Period];
  const cases = [
    ...reports(7),
    ...reports(8, 'resolved', { category: 'online_bullying' }),
    ...reports(6, 'resolved', { category: 'other_breach' }),
  ];
  const change = (from: number, to: number, ...what: Parameters<typeof went>[1][]) =>
    cases.map((one, number) => (number >= from && number < to ? went(one, ...what) : one));

  it('tell what has changed since of what was told, once', async () => {
    const one = await made({ cases }, first);
    expect(one.published.reports.tables.category).toMatchObject({ disparaging_post: 7, online_bullying: 8 });
    const moved = change(0, 2, ['2026-11-10', nowOf('online_bullying')]);
    const two = await made({ cases: moved, summaries: [one] }, second);
    expect(two.corrections.filter(({ table }) => table === 'category')).toEqual([
      { period: first, table: 'category', cell: 'online_bullying', was: 8, now: 10 },
      { period: first, table: 'category', cell: 'disparaging_post', was: 7, now: 5 },
    ]);
    const three = await made({ cases: moved, summaries: [one, two] }, third);
    expect(three.corrections).toEqual([]);
    const back = moved.map((old, number) =>
      number === 0 ? went(old, ['2027-01-11', nowOf('disparaging_post')]) : old,
    );
    const four = await made({ cases: back, summaries: [one, two] }, third);
    expect(four.corrections.filter(({ table }) => table === 'category')).toEqual([
      { period: first, table: 'category', cell: 'online_bullying', was: 10, now: 9 },
      { period: first, table: 'category', cell: 'disparaging_post', was: 5, now: 6 },
    ]);
    expect(one).toEqual(await made({ cases }, first));
  });

  it('do not tell what has become too small, and never of what was hidden', async () => {
    const one = await made({ cases }, first);
    const two = await made({ cases: change(0, 4, ['2026-11-10', nowOf('online_bullying')]), summaries: [one] }, second);
    const found = two.corrections.filter(({ table }) => table === 'category');
    expect(found).toContainEqual({ period: first, table: 'category', cell: 'disparaging_post', was: 7, now: null });
    expect(two.corrections.every(({ now }) => now === null || now >= 5)).toBe(true);
    const told = (table: string, cell: string) => one.published.reports.tables[table]?.[cell] ?? null;
    for (const { table, cell, was } of two.corrections) expect(was).toBe(told(table, cell));
  });

  const CATEGORIES = ['online_bullying', 'disparaging_post', 'other_breach', 'child_safety'] as const;
  const forty = (day: string) =>
    times(40, (number) => reported({ submittedAt: at(day), category: CATEGORIES[number % 4] ?? 'other_breach' }));
  const [early, late] = [forty('2026-09-07'), forty('2026-11-09')];
  // Of the second half 2 are left.
  const left = [
    ...early.map((one, number) => (number === 1 ? went(one, ['2027-01-11', nowOf('online_bullying')]) : one)),
    ...late.map((one, number) =>
      number % 4 === 0 && number < 32 ? went(one, ['2027-01-11', nowOf('disparaging_post')]) : one,
    ),
  ];
  const bullyingIn = ({ published }: Summary) => published.reports.tables.category?.online_bullying ?? null;
  const term = periodAt('term', 0);

  it('do not tell of one period what is too small now of another within it', async () => {
    const summaries: Summary[] = [];
    for (const period of [first, second, term])
      summaries.push(await made({ cases: [...early, ...late], summaries }, period, morningAfter(second)));
    expect(summaries.map(bullyingIn)).toEqual([10, 10, 20]);
    for (const period of [third, periodAt('term', 1)])
      summaries.push(await made({ cases: left, summaries }, period, morningAfter(periodAt('term', 1))));
    const corrected = summaries
      .flatMap(({ corrections }) => corrections)
      .filter(({ cell }) => cell === 'online_bullying')
      .map(({ period, now }) => [period.name, now]);
    // With the 13 of the term, the 11 of the first half would leave them.
    expect(corrected).toEqual([
      [first.name, 11],
      [second.name, null],
      [term.name, null],
    ]);
  });

  it('are heeded in what is told of longer periods later', async () => {
    const summaries: Summary[] = [];
    for (const period of [first, second])
      summaries.push(await made({ cases: [...early, ...late], summaries }, period, morningAfter(second)));
    const later = await made({ cases: left, summaries }, term, morningAfter(third));
    expect(later.published.reports.total).toEqual({ kind: 'exact', value: 80 });
    expect(bullyingIn(later)).toBeNull();
  });

  it('never tell of a report that turned out to be about the Headteacher, whatever happens to it then', async () => {
    const one = await made({ cases }, first);
    const left = change(0, 2, ['2026-11-10', foundToBeAbout(ID.head)], ['2026-11-11', nowOf('online_bullying')]);
    const two = await made({ cases: left, summaries: [one] }, second);
    expect(two.corrections).toEqual([]);
    const before = change(0, 2, ['2026-11-10', nowOf('online_bullying')]);
    const both = await made({ cases: before, summaries: [one] }, second);
    const later = before.map((old, number) => (number < 2 ? went(old, ['2027-01-11', foundToBeAbout(ID.head)]) : old));
    expect(both.corrections).not.toEqual([]);
    expect((await made({ cases: later, summaries: [one, both] }, third)).corrections).toEqual([]);
  });

  it('are only for what happened to cases, not for targets that the school has changed', async () => {
    const late = times(12, (number) =>
      went(reported({ submittedAt: at('2026-09-07') }), [number < 6 ? '2026-09-08' : '2026-09-14', lives.acknowledged]),
    );
    const one = await made({ cases: late }, first);
    expect(one.published.reports.tables.acknowledged).toMatchObject({ late: 6 });
    const slower = { ...school, profile: { ...profile, targets: { acknowledgeSchoolDays: 10 } } };
    expect((await made({ cases: late, summaries: [one] }, second, morningAfter(second), slower)).corrections).toEqual(
      [],
    );
  });
});

describe('a recount', () => {
  it('of random cases gives the same, whatever has happened since', async () => {
    const period = periodAt('half_term', 0);
    const madeAt = morningAfter(period);
    await fc.assert(
      fc.asyncProperty(fc.array(lives.aLife, { maxLength: 10, size: 'max' }), async (cases) => {
        const then = cases
          .filter(({ report }) => report.submittedAt <= madeAt)
          .map((one) => ({ ...one, log: one.log.filter((event) => event.at <= madeAt) }));
        const summary = await made({ cases: then }, period);
        const again = await recount(
          sources({ cases: cases.toReversed(), summaries: [summary] }),
          school,
          summary,
          LATER,
        );
        expect(again).toEqual({ sameInputs: true, sameFigures: true });
      }),
      { numRuns: 40 },
    );
  });

  it('does not depend on what is said of answers later, nor on the order of questions', async () => {
    const questions = times(6, (number) => asked(`question ${number}`, at(`2026-09-1${number}`)));
    const summary = await made({ questions }, periodAt('half_term', 0));
    const rated = questions.map((one) => ({ ...one, helpful: false })).toReversed();
    expect(await recount(sources({ questions: rated }), school, summary, LATER)).toEqual({
      sameInputs: true,
      sameFigures: true,
    });
  });

  it('finds that a case, an event or a question is gone or is another', async () => {
    const cases = reports(6);
    const questions = [asked('question', at('2026-09-10'))];
    const summary = await made({ cases, questions }, periodAt('half_term', 0));
    const again = (kept: Kept) => recount(sources({ cases, questions, ...kept }), school, summary, LATER);
    expect(await again({})).toEqual({ sameInputs: true, sameFigures: true });
    expect(await again({ cases: cases.slice(1) })).toEqual({ sameInputs: false, sameFigures: false });
    const [one, ...rest] = cases;
    const shorter = one ? [{ ...one, log: one.log.slice(0, -1) }, ...rest] : [];
    expect(await again({ cases: shorter })).toEqual({ sameInputs: false, sameFigures: false });
    const noted = one
      ? [
          went({ ...one, log: one.log.slice(0, -1) }, [
            '2026-09-14',
            { kind: 'closed', outcome: 'resolved', message: 'Other' },
          ]),
          ...rest,
        ]
      : [];
    expect(await again({ cases: noted })).toEqual({ sameInputs: false, sameFigures: true });
    expect(await again({ questions: [] })).toEqual({ sameInputs: false, sameFigures: false });
  });

  it('says where the same cases give other figures by now', async () => {
    const holidays = [{ name: 'Closed', from: '2026-09-08', to: '2026-09-09' }];
    const closedSchool = { ...school, profile: { ...profile, holidays } };
    const cases = reports(6);
    const own = await made({ cases }, periodAt('half_term', 0));
    expect(await recount(sources({ cases }), closedSchool, own, LATER)).toEqual({
      sameInputs: true,
      sameFigures: false,
    });
  });
});

describe('what is kept no longer', () => {
  const [first, second, third] = [0, 1, 2].map((number) => periodAt('half_term', number)) as [Period, Period, Period];
  const [term, year] = [periodAt('term', 0), periodAt('year', 0)];
  const of = (day: string) => [
    ...times(20, () => reported({ submittedAt: at(day) })),
    ...times(10, () => reported({ submittedAt: at(day), category: 'online_bullying' })),
  ];
  const ended = (cases: readonly Case[]) => cases.map((one) => went(one, ['2027-01-12', closed('resolved')]));
  const moved = (cases: readonly Case[], on: string) =>
    cases.map((one, number) => (number > 2 && number < 6 ? went(one, [on, nowOf('online_bullying')]) : one));

  it('lets no summary be made of a period of which cases were deleted, of a longer one, or of a part of one that was told', async () => {
    const cases = reports(13);
    const deleted = cases.slice(0, 1);
    const told = await made({ cases }, first);
    const make = (period: Period, summaries: readonly Summary[] = []) =>
      makeSummary(
        sources({ cases: cases.slice(1), deleted, summaries }),
        school,
        period,
        morningAfter(periodAt('year', 0)),
        NONE,
      );
    for (const period of [first, term, year]) expect(await make(period)).toBeUndefined();
    // In which nothing was deleted; but what is left of the half-term, one would know.
    const week = periodsOf(profile, 'week').find(({ from }) => from === '2026-09-14') ?? first;
    expect(await make(week)).toMatchObject({ period: week });
    expect(await make(week, [told])).toBeUndefined();
    expect(await make(second, [told])).toMatchObject({ period: second });
  });

  it('leaves what was told of it, and of all that has days in common with it, as it was told last', async () => {
    const [early, late] = [of('2026-09-07'), of('2026-11-09')];
    const summaries: Summary[] = [];
    for (const period of [first, second, term])
      summaries.push(await made({ cases: [...early, ...late], summaries }, period, morningAfter(second)));
    const left = { cases: [...early.slice(1), ...moved(late, '2027-01-11')], summaries };
    expect((await made({ ...left, deleted: ended(early.slice(0, 1)) }, third)).corrections).toEqual([]);
    // As it would be if it were only gone.
    expect((await made(left, third)).corrections).toContainEqual(
      expect.objectContaining({ period: second, cell: 'disparaging_post', was: 20 }),
    );
  });

  it('leaves what was corrected before corrected, and says it once', async () => {
    const cases = of('2026-09-07');
    const told = await made({ cases }, first);
    const changed = moved(cases, '2026-11-10');
    const corrected = await made({ cases: changed, summaries: [told] }, second);
    expect(corrected.corrections).toContainEqual(
      expect.objectContaining({ period: first, cell: 'disparaging_post', was: 20, now: 17 }),
    );
    const summaries = [told, corrected];
    const deleted = ended(changed.slice(0, 2));
    const after = await made({ cases: changed.slice(2), deleted, summaries }, third);
    expect(after.corrections).toEqual([]);
    expect(after.trend.map(({ published }) => published.reports)).toEqual(
      summaries.map(({ published }) => published.reports),
    );
  });

  it('is not counted again, nor is what it may have been waiting in', async () => {
    const cases = [...reports(13), ...reports(1, 'resolved', { submittedAt: at('2026-11-04') })];
    const told = await made({ cases }, first);
    const after = await made({ cases, summaries: [told] }, second);
    const again = (summary: Summary, deleted: readonly Case[], now = LATER) =>
      recount(
        sources({ cases: cases.filter((one) => !deleted.includes(one)), deleted, summaries: [told] }),
        school,
        summary,
        now,
      );
    expect(await again(told, [])).toEqual({ sameInputs: true, sameFigures: true });
    expect(await again(told, cases.slice(0, 1))).toBeUndefined();
    // It came in and ended when that summary had been made.
    expect(await again(told, cases.slice(-1))).toEqual({ sameInputs: true, sameFigures: true });
    expect(await again(after, cases.slice(0, 1))).toEqual({ sameInputs: true, sameFigures: true });
    const waiting = [went(reported({ submittedAt: at('2026-09-07') }), ['2027-02-01', closed('resolved')])];
    expect(await again(after, waiting)).toBeUndefined();
    // Of questions: after two years.
    expect(await again(told, [], at('2028-10-01'))).toBeUndefined();
    expect(await makeSummary(sources({}), school, first, at('2028-10-01'), NONE)).toBeUndefined();
  });
});
