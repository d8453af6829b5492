import type { SchoolProfile } from '../src/schools/profile.js';
import type { School } from '../src/schools/school.js';
import { caseTable } from '../src/storage/case-table.js';
import { deletionTable } from '../src/storage/deletion-table.js';
import { openQuestionTable } from '../src/storage/open-question-table.js';
import { questionHistory } from '../src/storage/question-history.js';
import { summaryTable } from '../src/storage/summary-table.js';
import { openTables, type Tables } from '../src/storage/tables.js';
import { makeSummary } from '../src/summaries/making.js';
import type { SummaryStore } from '../src/summaries/summary.js';
import { madeUpCases } from './made-up-cases.js';
import { heapMiB, residentMiB } from './memory.js';
import { RecordingProxy } from './recording-proxy.js';
import { type Spread, spreadOf } from './spread.js';
import { halfTermsOf, madeAt, schoolLike, timeOf } from './summary-school.js';

const [SCHOOLS, YEARS, FIRST_YEAR] = [50, 5, 2021];
/** Cases written at once. */
const WRITERS = 8;
/** Schools of each of the smaller sizes, beside the fifty. */
const OF_A_SIZE = 3;

export interface StorageFigures {
  readonly schools: number;
  readonly years: number;
  readonly casesPerYear: number;
  readonly written: { readonly cases: number; readonly rows: number; readonly seconds: number };
  /** By size of school: what one summary took, and what it read. */
  readonly sizes: readonly SizeFigures[];
  /** In MiB: held after a collection, and taken by the whole process, before and after a summary of each of the fifty. */
  readonly memory: {
    readonly summaries: number;
    readonly heap: readonly [before: number, after: number];
    readonly resident: readonly [before: number, after: number];
  };
  /** Requests that read something, all of them for the partitions of one school. */
  readonly requests: number;
}

export interface SizeFigures {
  readonly cases: number;
  readonly summaries: number;
  /** Milliseconds for one summary. */
  readonly time: Spread;
  readonly perCaseMs: number;
  readonly requests: number;
  readonly rows: number;
}

interface Sized {
  readonly school: School;
  readonly cases: number;
  readonly seed: number;
}

interface Reading {
  readonly cases: number;
  readonly ms: number;
  readonly requests: number;
  readonly rows: number;
}

/**
 * Fills a storage emulator with years of cases of fifty schools, and makes a summary of each through the real stores.
 *
 * @throws when a summary reads what is not of its own school.
 */
export async function measureInStorage(
  profile: SchoolProfile,
  connection: string,
  casesPerYear: number,
  say: (words: string) => void,
): Promise<StorageFigures> {
  const fifty = schoolsOf(profile, 'fifty', SCHOOLS, YEARS * casesPerYear);
  const smaller = [1, 2.5].flatMap((years) =>
    schoolsOf(profile, `years-${String(years).replace('.', '-')}`, OF_A_SIZE, years * casesPerYear),
  );
  const written = await write([...smaller, ...fifty], openTables({ connectionString: connection }), say);
  const proxy = await RecordingProxy.start(connection);
  try {
    const tables = openTables({ connectionString: proxy.through(connection) });
    const readings: Reading[] = [];
    for (const sized of smaller) readings.push(await read(sized, tables, proxy));
    // What is made once for a process is there before memory is compared.
    for (const sized of fifty.slice(0, 2)) await read(sized, tables, proxy);
    const before = { heap: heapMiB(), resident: residentMiB() };
    for (const [at, sized] of fifty.entries()) {
      readings.push(await read(sized, tables, proxy));
      if ((at + 1) % 10 === 0) say(`  ${at + 1} of ${SCHOOLS} summaries…`);
    }
    const after = { heap: heapMiB(), resident: residentMiB() };
    return {
      ...{ schools: SCHOOLS, years: YEARS, casesPerYear, written, sizes: bySize(readings) },
      memory: {
        ...{ summaries: SCHOOLS, heap: [before.heap, after.heap], resident: [before.resident, after.resident] },
      },
      requests: readings.reduce((sum, { requests }) => sum + requests, 0),
    };
  } finally {
    await proxy.stop();
  }
}

/** Ids that are the beginning of others are among them: `fifty-1`, `fifty-10`. */
const schoolsOf = (profile: SchoolProfile, name: string, count: number, cases: number): readonly Sized[] =>
  Array.from({ length: count }, (_, at) => ({
    school: schoolLike(profile, `${name}-${at}`, FIRST_YEAR, YEARS),
    ...{ cases: Math.round(cases), seed: at + 1 },
  }));

/** Every case in one transaction, as it is kept when it has come to its end; several of a school at once. */
async function write(
  schools: readonly Sized[],
  tables: Tables,
  say: (words: string) => void,
): Promise<StorageFigures['written']> {
  const store = caseTable(tables);
  const started = performance.now();
  let [written, rows] = [0, 0];
  for (const [at, { school, cases, seed }] of schools.entries()) {
    const changes = madeUpCases(school.profile, { seed, count: cases, ...timeOf(school), hashes: true });
    const left = changes[Symbol.iterator]();
    const writer = async () => {
      for (let next = left.next(); !next.done; next = left.next()) {
        const { value } = next;
        if (!(await store.create(value))) throw new Error('There is a case of that reference already.');
        written += 1;
        rows += 1 + value.events.length + value.evidence.length;
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
    if ((at + 1) % 10 === 0) say(`  ${written} cases…`);
  }
  return { cases: written, rows, seconds: (performance.now() - started) / 1_000 };
}

/** Makes and keeps the summary of the last half-term. */
async function read({ school, cases }: Sized, tables: Tables, proxy: RecordingProxy): Promise<Reading> {
  const period = halfTermsOf(school).at(-1);
  if (!period) throw new Error('The school has no half-terms.');
  const summaries: SummaryStore = summaryTable(tables);
  const sources = {
    ...{ cases: caseTable(tables), questions: questionHistory(tables), openQuestions: openQuestionTable(tables) },
    ...{ summaries, deletions: deletionTable(tables), pause: async () => undefined },
  };
  proxy.watch(school.profile.id);
  const started = performance.now();
  const summary = await makeSummary(sources, school, period, madeAt(period, school), { state: 'none' });
  const ms = performance.now() - started;
  const { reads: requests, rows, unbounded, foreign } = proxy.asked;
  if (!summary || summary.counted.unreadable || rows < cases)
    throw new Error(`A summary of ${school.profile.id} did not read all of its cases.`);
  if (unbounded > 0) throw new Error(`${unbounded} requests for ${school.profile.id} did not say which partitions.`);
  if (foreign.size > 0)
    throw new Error(`A summary of ${school.profile.id} read ${[...foreign].slice(0, 5).join(', ')}.`);
  const { kind } = await summaries.issue(school.profile.id, async () => ({ summary, deliveries: [] }));
  if (kind !== 'issued') throw new Error(`The summary of ${school.profile.id} was not kept.`);
  return { cases, ms, requests, rows };
}

function bySize(readings: readonly Reading[]): readonly SizeFigures[] {
  const sizes = [...new Set(readings.map(({ cases }) => cases))];
  return sizes.map((cases) => {
    const of = readings.filter((reading) => reading.cases === cases);
    const time = spreadOf(of.map(({ ms }) => ms));
    const mean = (value: (reading: Reading) => number) => of.reduce((sum, one) => sum + value(one), 0) / of.length;
    return {
      ...{ cases, summaries: of.length, time, perCaseMs: time.median / cases },
      ...{ requests: mean(({ requests }) => requests), rows: mean(({ rows }) => rows) },
    };
  });
}
