import type { CaseStore, StoredCase } from '../src/reports/stores.js';
import type { SchoolProfile } from '../src/schools/profile.js';
import type { School } from '../src/schools/school.js';
import { makeSummary, type SummarySources } from '../src/summaries/making.js';
import type { StoredSummary } from '../src/summaries/summary.js';
import { madeUpCases } from './made-up-cases.js';
import { heapMiB } from './memory.js';
import { type Spread, spreadOf } from './spread.js';
import { halfTermsOf, madeAt, schoolLike, timeOf } from './summary-school.js';

/** Cases of a school in its year: of most, of one in a hundred, and of one in a thousand. */
const [USUAL, LARGE, LARGEST] = [20, 200, 800];
/** One school in so many goes through the whole year; the others have a summary of their first half-term. */
const WHOLE_YEAR = 100;
/** Cases of the schools whose times are compared, and how often each is measured. */
const SIZES = [50, 100, 200, 400, 800];
const ROUNDS = 15;

export interface PaperFigures {
  readonly schools: number;
  readonly cases: number;
  readonly schoolsPerSecond: number;
  /** Milliseconds for one summary: the first of a school, and those after it, which look back at one to five others. */
  readonly first: Spread;
  readonly after: Spread;
  /** How many of the latter there were. */
  readonly summariesAfter: number;
  /** After a collection, in MiB: when a tenth of the schools was done, and at the end. */
  readonly heap: { readonly early: number; readonly late: number };
  /** Milliseconds for one summary of a school with so many cases, and for one of its cases. */
  readonly sizes: readonly { readonly cases: number; readonly ms: number; readonly perCaseMs: number }[];
}

/** Makes summaries for many schools with the cases of a year, one school after the other, without storage. */
export async function measureOnPaper(
  profile: SchoolProfile,
  schools: number,
  say: (words: string) => void,
): Promise<PaperFigures> {
  const [firsts, afters]: [number[], number[]] = [[], []];
  let [cases, early] = [0, Number.NaN];
  for (let number = 0; number < schools; number += 1) {
    const school = schoolLike(profile, `school-${number}`, 2025, 1);
    const made = casesOf(school, number, sizeOf(number));
    cases += made.length;
    const isWholeYear = number % WHOLE_YEAR === 0;
    const [first = Number.NaN, ...after] = await summariesOf(school, made, isWholeYear ? 6 : 1);
    firsts.push(first);
    afters.push(...after);
    if (number + 1 === Math.ceil(schools / 10)) early = heapMiB();
    if ((number + 1) % 6_000 === 0) say(`  ${number + 1} of ${schools} schools…`);
  }
  const late = heapMiB();
  return {
    ...{ schools, cases, schoolsPerSecond: (1_000 * schools) / firsts.reduce((sum, ms) => sum + ms, 0) },
    ...{ first: spreadOf(firsts), after: spreadOf(afters), summariesAfter: afters.length },
    ...{ heap: { early, late }, sizes: await timesBySize(profile) },
  };
}

const sizeOf = (number: number): number => (number % 1_000 === 999 ? LARGEST : number % 100 === 99 ? LARGE : USUAL);

const casesOf = (school: School, seed: number, count: number): readonly StoredCase[] =>
  Array.from(madeUpCases(school.profile, { seed, count, ...timeOf(school), hashes: false }), (change) => ({
    ...{ case: change.case, version: '', deliveries: 0 },
  }));

/** @returns how long each took, in milliseconds. */
async function summariesOf(school: School, cases: readonly StoredCase[], count: number): Promise<readonly number[]> {
  const issued: StoredSummary[] = [];
  const sources = sourcesOf(cases, issued);
  const times: number[] = [];
  for (const period of halfTermsOf(school).slice(0, count)) {
    const started = performance.now();
    const summary = await makeSummary(sources, school, period, madeAt(period, school), { state: 'none' });
    times.push(performance.now() - started);
    if (!summary) throw new Error('A summary was not made.');
    issued.push({ summary, version: '', deliveries: 0 });
  }
  return times;
}

/** The first half-term, looked at when the year is over, so that all of its cases are read. */
async function timesBySize(profile: SchoolProfile): Promise<PaperFigures['sizes']> {
  const school = schoolLike(profile, 'school', 2025, 1);
  const [first] = halfTermsOf(school);
  const last = halfTermsOf(school).at(-1);
  if (!first || !last) throw new Error('The school has no half-terms.');
  const at = madeAt(last, school);
  const measured = SIZES.map((size) => ({
    size,
    sources: sourcesOf(casesOf(school, 7, size), []),
    times: [] as number[],
  }));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const { sources, times } of measured) {
      const started = performance.now();
      await makeSummary(sources, school, first, at, { state: 'none' });
      times.push(performance.now() - started);
    }
  return measured.map(({ size, times }) => {
    const ms = spreadOf(times).median;
    return { cases: size, ms, perCaseMs: ms / size };
  });
}

function sourcesOf(cases: readonly StoredCase[], issued: readonly StoredSummary[]): SummarySources {
  const all: CaseStore['all'] = async function* () {
    yield* cases;
  };
  return {
    ...{ cases: { all }, summaries: { all: async () => issued }, pause: async () => undefined },
    questions: { between: async function* () {} },
    deletions: { all: async function* () {} },
    openQuestions: { listOpen: async () => ({ questions: [], more: false }) },
  };
}
