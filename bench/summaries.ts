import type { StorageFigures } from './summaries-in-storage.js';
import type { PaperFigures } from './summaries-on-paper.js';

export interface SummaryOptions {
  /** Schools whose cases are made up on paper. */
  readonly schools: number;
  /** Cases a year of each school in storage. */
  readonly casesPerYear: number;
}

export interface SummaryFigures {
  readonly paper: PaperFigures;
  readonly storage: StorageFigures;
}

/** What is aimed at: how much more a case may take in a large school than in a small one, and how much memory may grow, in MiB. */
const TARGETS = { perCase: 1.5, heap: 16 };

/** The figures as text, and whether what is aimed at was reached. */
export const summariesInWords = ({ paper, storage }: SummaryFigures): string =>
  [...paperInWords(paper), '', ...storageInWords(storage)].join('\n');

function paperInWords(paper: PaperFigures): string[] {
  const { schools, cases, schoolsPerSecond, first, after, summariesAfter, heap, sizes } = paper;
  return [
    `Summaries on paper: ${whole(schools)} schools with ${whole(cases)} cases in a year`,
    `  ${whole(schoolsPerSecond)} schools a second, a half-term of each; a summary ${ms(first.median)}, 95th percentile ${ms(first.p95)}`,
    `  ${whole(summariesAfter)} that come after others: ${ms(after.median)}, 95th percentile ${ms(after.p95)}`,
    `  heap after a tenth of the schools ${mib(heap.early)}, at the end ${mib(heap.late)}   ${flat(heap.late - heap.early)}`,
    ...sizes.map(
      (size) =>
        `  ${whole(size.cases).padStart(5)} cases: ${ms(size.ms)}, ${(1_000 * size.perCaseMs).toFixed(1)} µs a case`,
    ),
    `  a case in the largest beside one in the smallest: ${linear(sizes)}`,
  ];
}

function storageInWords({ schools, years, casesPerYear, written, sizes, memory, requests }: StorageFigures): string[] {
  const { summaries, heap, resident } = memory;
  return [
    `Summaries from storage (emulator, in memory): ${schools} schools × ${years} years × ${casesPerYear} cases, and smaller schools`,
    `  ${whole(written.cases)} cases in ${whole(written.rows)} rows were written in ${written.seconds.toFixed(0)} s`,
    ...sizes.map(
      ({ cases, summaries, time, perCaseMs, requests, rows }) =>
        `  ${whole(cases).padStart(5)} cases: ${ms(time.median)} (median of ${summaries}), ${perCaseMs.toFixed(2)} ms a case; ${requests.toFixed(0)} requests, ${(rows / cases).toFixed(1)} rows a case`,
    ),
    `  a case in the largest beside one in the smallest: ${linear(sizes)}`,
    `  ${whole(requests)} requests, each for partitions of the one school; no row of another came back`,
    `  before and after ${summaries} summaries: heap ${heap.map(mib).join(' and ')}, process ${resident.map(mib).join(' and ')}   ${flat(heap[1] - heap[0])}`,
  ];
}

function linear(sizes: readonly { readonly perCaseMs: number }[]): string {
  const ratio = (sizes.at(-1)?.perCaseMs ?? Number.NaN) / (sizes[0]?.perCaseMs ?? Number.NaN);
  return `ratio ${ratio.toFixed(2)}   ${verdict(ratio <= TARGETS.perCase, `at most ${TARGETS.perCase}`)}`;
}

const flat = (grown: number): string => verdict(grown <= TARGETS.heap, `at most ${TARGETS.heap} MiB more`);

/** "[reached: at most 50 ms]". */
export const verdict = (reached: boolean, target: string): string => `[${reached ? 'reached' : 'missed'}: ${target}]`;

const whole = (count: number): string => Math.round(count).toLocaleString('en-GB');
const ms = (time: number): string => `${time < 10 ? time.toFixed(2) : time.toFixed(0)} ms`;
const mib = (size: number): string => `${size.toFixed(1)} MiB`;
