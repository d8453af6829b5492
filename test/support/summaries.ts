import { type Period, periodId } from '../../src/summaries/period.js';
import type { Figure, Population, PublishedPopulation } from '../../src/summaries/population.js';
import type { Comment, Correction, Published, Summary, TimesTold, TrendPoint } from '../../src/summaries/summary.js';

export const exact = (value: number): Figure => ({ kind: 'exact', value });
export const band = (from: number, to: number): Figure => ({ kind: 'band', from, to });
export const HIDDEN: Figure = { kind: 'hidden' };

const NEVER: TimesTold = { median: null, p90: null };
const NONE: Population = { total: 0, tables: {} };

export const AUTUMN_FIRST: Period = {
  ...{ span: 'half_term', from: '2026-08-31', to: '2026-11-01' },
  name: 'Autumn 2026, first half',
};

/** Half-terms before {@link AUTUMN_FIRST}, oldest first. */
export const EARLIER: readonly Period[] = (
  [
    ['2025-11-03', '2026-01-04', 'Autumn 2025, second half'],
    ['2026-01-05', '2026-02-22', 'Spring 2026, first half'],
    ['2026-02-23', '2026-04-12', 'Spring 2026, second half'],
    ['2026-04-13', '2026-05-31', 'Summer 2026, first half'],
    ['2026-06-01', '2026-08-30', 'Summer 2026, second half'],
  ] as const
).map(([from, to, name]) => ({ span: 'half_term', from, to, name }));

export type SummaryChange = Partial<Omit<Summary, 'published'>> & { readonly published?: Partial<Published> };

/** A summary of a half-term in which nothing happened, as changed. What was counted is not what is told, unless that is given too. */
export function aSummary({ published, ...change }: SummaryChange = {}): Summary {
  const period = change.period ?? AUTUMN_FIRST;
  return {
    ...{ schoolId: 'sample-primary', id: periodId(period), schoolName: 'Sample Primary School' },
    ...{ timeZone: 'Europe/London', period, madeAt: new Date('2026-11-02T08:00:00Z'), rule: 1, threshold: 5 },
    inputs: '5f2ac41d7b9e60318c4de6f7a01b2c3d4e5f60718293a4b5c6d7e8f901234567',
    counted: {
      offices: { headteacher: [], chair_of_governors: [] },
      ...{ reports: NONE, aboutHeadteacher: 0, times: { acknowledge: [], first_action: [], close: [] } },
      ...{ openFromBefore: 0, open: 0, overdue: 0, questions: NONE, clauses: [], gaps: [], unreadable: false },
    },
    ...{ corrections: [], trend: [], comment: null, sending: { state: 'none' } },
    ...change,
    published: {
      reports: { total: exact(0), tables: {} },
      times: { acknowledge: NEVER, first_action: NEVER, close: NEVER },
      ...{ openFromBefore: exact(0), open: exact(0), overdue: exact(0) },
      questions: { total: exact(0), tables: {} },
      ...{ clauses: [], gaps: [], unreadable: false, aboutHeadteacher: exact(0) },
      ...published,
    },
  };
}

/** One that is to go to the governors, of a school by its id. */
export const plannedSummary = (schoolId: string, change: SummaryChange = {}): Summary =>
  smallSummary({
    ...{ schoolId, madeAt: new Date('2026-11-02T08:00:07.001Z'), sending: { state: 'planned', on: '2026-11-04' } },
    ...change,
  });

/** All tables of 66 reports, with those cells hidden that are too small and others with them. */
export const MANY_REPORTS: PublishedPopulation = {
  total: exact(66),
  tables: {
    category: { online_bullying: 24, disparaging_post: 14, other_breach: 22, child_safety: 6 },
    kind: { privacy: 9, contact: null, account: null, name_or_logo: null, conduct: 6, other: null },
    severity: { urgent: 6, high: 33, normal: 27 },
    posted_by: {
      ...{ pupil: 21, parent: 17, staff: null, headteacher: null, chair_of_governors: null, governor: null },
      ...{ outside: 8, not_known: 9, not_asked: 6 },
    },
    platform: {
      ...{ facebook: 14, instagram: 7, snapchat: 11, tiktok: 8, whatsapp: 12, x: null, youtube: null },
      ...{ messages: null, school_account: null, other: null, not_asked: 6 },
    },
    outcome: {
      ...{ resolved: 28, passed_on: 8, no_breach: 9, not_enough_known: null, duplicate: null },
      ...{ withdrawn: null, still_open: 13 },
    },
    acknowledged: { in_time: 52, late: 7, overdue: null, not_yet_due: null, withdrawn_before: null },
    evidence: { yes: 51, no: 15 },
    police: { yes: 6, no: 60 },
    lado: { yes: null, no: null },
    dsl: { yes: 19, no: 47 },
    authority: { yes: null, no: null },
    removed: { yes: 23, no: 43 },
  },
};

const NO_TABLES: PublishedPopulation['tables'] = {};

const categories = (total: number, at: number) => ({
  ...{ online_bullying: 12 + at, disparaging_post: total - 22 - at, other_breach: null, child_safety: null },
});

/** Some are told, and some are in a range. */
export const A_TREND: readonly TrendPoint[] = EARLIER.map((period, at): TrendPoint => {
  const [total = 0, questions = 0] =
    [
      [31, 12],
      [3, 30],
      [0, 41],
      [38, 55],
      [44, 61],
    ][at] ?? [];
  const told = total >= 5;
  const acknowledge = told ? { median: 1, p90: total >= 11 ? 2 : null } : NEVER;
  return {
    period,
    published: {
      reports: {
        total: told || total === 0 ? exact(total) : band(1, 4),
        tables: told ? { category: categories(total, at) } : NO_TABLES,
      },
      questions: { total: exact(questions), tables: {} },
      times: { acknowledge, first_action: NEVER, close: NEVER },
      ...{ openFromBefore: exact(0), open: exact(0), overdue: exact(0), aboutHeadteacher: exact(0) },
    },
  };
});

const A_COMMENT: Comment = {
  words:
    'Most of what came in was about group chats out of school. Year 5 and 6 have had two assemblies on it, and parents had the evening on phones on 14 October. I would like governors to look at clause 5.1 again before the spring.',
  ...{ at: new Date('2026-11-02T11:20:00Z'), by: '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c02' },
};

const A_CORRECTION: Correction = {
  period: { span: 'half_term', from: '2026-06-01', to: '2026-08-30', name: 'Summer 2026, second half' },
  ...{ table: 'category', cell: 'online_bullying', was: 17, now: 16 },
};

const QUESTIONS: PublishedPopulation = {
  total: exact(74),
  tables: { answer: { answered: 61, not_covered: 13 } },
};

const CLAUSES = [
  'Social media policy: Clause 5.1 › 5. Contact with pupils and families',
  'Social media policy: Clause 3.2 › 3. Personal accounts',
  'Acceptable use policy: Clause 12(c) › Photographs and videos',
];
const GAPS = ['Whether staff may use artificial intelligence for reports', 'Class pages run by parents'];

/** A large school in a busy half-term. */
export const busySummary = (change: SummaryChange = {}): Summary =>
  aSummary({
    ...{ trend: A_TREND, corrections: [A_CORRECTION], comment: A_COMMENT },
    ...{ sending: { state: 'planned', on: '2026-11-04' } },
    ...change,
    published: {
      reports: MANY_REPORTS,
      times: {
        acknowledge: { median: 1, p90: 2 },
        first_action: { median: 2, p90: 5 },
        close: { median: 6.5, p90: 14 },
      },
      ...{ openFromBefore: band(1, 4), open: exact(17), overdue: band(1, 4), aboutHeadteacher: band(1, 4) },
      ...{ questions: QUESTIONS, clauses: CLAUSES, gaps: GAPS },
      ...change.published,
    },
  });

/** A small school, where little can be told. */
export const smallSummary = (change: SummaryChange = {}): Summary =>
  aSummary({
    trend: A_TREND.slice(1, 3),
    ...change,
    published: {
      reports: {
        total: exact(13),
        tables: { category: { online_bullying: 8, disparaging_post: null, other_breach: null, child_safety: null } },
      },
      times: { acknowledge: { median: 1, p90: null }, first_action: NEVER, close: NEVER },
      ...{ openFromBefore: HIDDEN, open: band(1, 4), questions: { total: band(5, 9), tables: {} } },
      ...change.published,
    },
  });

export const A_WEEK: Period = { span: 'week', from: '2026-11-16', to: '2026-11-22', name: 'Week of Mon 16 Nov 2026' };

/** A week, of which ranges alone are told. */
export const weekSummary = (change: SummaryChange = {}): Summary =>
  aSummary({
    ...{ period: A_WEEK, madeAt: new Date('2026-11-23T08:00:00Z') },
    ...change,
    published: {
      reports: { total: band(5, 9), tables: {} },
      ...{ open: band(10, 14), openFromBefore: band(5, 9), overdue: band(1, 4) },
      questions: { total: band(15, 19), tables: {} },
      ...change.published,
    },
  });

const A_LONG_CORRECTION: Correction = { ...A_CORRECTION, table: 'kind', cell: 'privacy', now: null };

const LONG: TimesTold = { median: 10.5, p90: 22 };

/** As much as a summary can have in it: every table told whole, every name as long as it may be. */
export function largestSummary(): Summary {
  const long = (words: string, length: number) =>
    words
      .repeat(Math.ceil(length / words.length))
      .slice(0, length)
      .trim();
  const tables = Object.fromEntries(
    Object.entries(MANY_REPORTS.tables).map(([table, cells]) => [
      table,
      Object.fromEntries(Object.keys(cells).map((cell, at) => [cell, 6 + at])),
    ]),
  );
  const period = { ...AUTUMN_FIRST, name: 'Autumn term of the school year 2026/27, first half' };
  const point = (at: number): TrendPoint => ({
    period: { ...(EARLIER[at] ?? period), name: `${EARLIER[at]?.name}, as moved by the holidays` },
    published: {
      reports: { total: exact(1_240 + at), tables },
      questions: { total: exact(1_051), tables: { answer: { answered: 1_044, not_covered: 7 } } },
      times: { acknowledge: LONG, first_action: LONG, close: LONG },
      ...{ open: exact(1_017), openFromBefore: exact(1_004), overdue: exact(1_001), aboutHeadteacher: band(1, 4) },
    },
  });
  return busySummary({
    ...{ period, schoolName: long('The Federation of Saint Bartholomew’s and Holy Trinity Primary Schools ', 180) },
    trend: EARLIER.map((_, at) => point(at)),
    corrections: Array.from({ length: 5 }, () => A_LONG_CORRECTION),
    comment: { ...A_COMMENT, words: long('It has been a long term, and governors should know of it. ', 1_000) },
    published: {
      reports: { total: exact(1_999), tables },
      clauses: CLAUSES.concat(CLAUSES).map((clause) => long(`${clause} › `, 200)),
      gaps: GAPS.concat(GAPS, GAPS).map((gap) => long(`${gap} and `, 200)),
      ...{ open: exact(1_017), openFromBefore: exact(1_004), overdue: exact(1_001), unreadable: true },
    },
  });
}
