import type { AtOnce, Compared, LoadFigures } from './load.js';
import type { GrowthOf, MemoryFigures } from './memory-of-turns.js';
import type { StartFigures } from './starts.js';
import { verdict } from './summaries.js';

/** What is aimed at, as ratios to the floor. Growth: the last quarter of the looks against the first after the warm-up. */
const AIMS = { question: 0.7, report: 2, memory: 1.4, growth: 1.05, start: 1.5 };

export function loadInWords({ questions, reports, askedAgain }: LoadFigures): string {
  return [
    'Under load: median of the rounds, and the ratio to the floor, median (least to most)',
    ...tableOf('questions, beside a bot that only echoes', questions),
    aim(
      questions,
      ({ perSecond }) => perSecond.ratio.median >= AIMS.question,
      `at least ${AIMS.question} of its turns`,
    ),
    ...tableOf('whole reports with two screenshots, beside the same bytes written straight to storage', reports),
    aim(reports, ({ median }) => median.ratio.median <= AIMS.report, `at most ${AIMS.report} times the median time`),
    `  ${askedAgain} requests were asked to come again, and did`,
  ].join('\n');
}

function tableOf(name: string, rows: readonly AtOnce[]): string[] {
  return [
    `  ${name}`,
    ...rows.map(({ atOnce, perSecond, median, p99 }) =>
      [
        `    ${String(atOnce).padStart(3)} at once`,
        `a second ${inWords(perSecond)}`,
        `median ms ${inWords(median)}`,
        `p99 ms ${inWords(p99)}`,
      ].join('   '),
    ),
  ];
}

function inWords({ policyDesk, floor, ratio }: Compared): string {
  const spread = `${ratio.median.toFixed(2)} (${ratio.least.toFixed(2)} to ${ratio.most.toFixed(2)})`;
  return `${rounded(policyDesk)} to ${rounded(floor)}, ${spread}`;
}

const rounded = (value: number): string => value.toFixed(value < 20 ? 1 : 0);

function aim(rows: readonly AtOnce[], isReached: (row: AtOnce) => boolean, words: string): string {
  const missed = rows.filter((row) => !isReached(row)).map(({ atOnce }) => atOnce);
  return `    ${verdict(missed.length === 0, words)}${missed.length > 0 ? ` at ${missed.join(', ')} at once` : ''}`;
}

export function memoryInWords({ turns, policyDesk, echo, ratio }: MemoryFigures): string {
  const grown = policyDesk.heap[1] / policyDesk.heap[0];
  return [
    `Memory over ${turns} questions: MiB in the first quarter after the warm-up and in the last`,
    grownInWords('Policy Desk', policyDesk),
    grownInWords('echo bot', echo),
    `  whole process at last, ratio ${ratio.toFixed(2)}   ${verdict(ratio <= AIMS.memory, `at most ${AIMS.memory}`)}`,
    `  heap grown to ${grown.toFixed(3)} of itself   ${verdict(grown <= AIMS.growth, `at most ${AIMS.growth}`)}`,
  ].join('\n');
}

function grownInWords(name: string, { heap, resident, heapSlope }: GrowthOf): string {
  const ends = (values: readonly [number, number]) => values.map((value) => value.toFixed(1)).join(' to ');
  return `  ${name.padEnd(12)} heap ${ends(heap)}, ${heapSlope.toFixed(2)} KiB in 1,000 turns; whole process ${ends(resident)}`;
}

export function startsInWords({ policyDesk, echo, ratio }: StartFigures): string {
  const line = (name: string, figure: 'alive' | 'reply') =>
    `  ${name.padEnd(22)} Policy Desk ${policyDesk[figure].median.toFixed(0)}, echo bot ${echo[figure].median.toFixed(0)}, ` +
    `ratio ${ratio[figure].median.toFixed(2)} (${ratio[figure].least.toFixed(2)} to ${ratio[figure].most.toFixed(2)})`;
  return [
    'Start: ms from starting the process, median',
    `${line('until /healthz answers', 'alive')}   ${verdict(ratio.alive.median <= AIMS.start, `at most ${AIMS.start}`)}`,
    line('until the first reply', 'reply'),
  ].join('\n');
}
