import { rm } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { type LoadFigures, measureLoad } from './load.js';
import { loadInWords, memoryInWords, startsInWords } from './load-in-words.js';
import { type MemoryFigures, measureMemory } from './memory-of-turns.js';
import { type Options, type PartName, readOptions, USAGE } from './options.js';
import { measureReportSteps, type ReportSteps, reportStepsInWords } from './report-steps.js';
import type { SearchFigures } from './search.js';
import type { Spread } from './spread.js';
import { buildProject, measureSearchIn, measureSummariesIn, startStack } from './stack.js';
import { measureStarts, type StartFigures } from './starts.js';
import { type SummaryFigures, summariesInWords, verdict } from './summaries.js';
import type { Delivery } from './traffic.js';
import { measureTurns, type TurnFigures, type TurnOptions } from './turns.js';

/** What is aimed at; the times are medians in milliseconds. */
const TARGETS = { index: 50, question: 2, ratio: 0.7 };
const DELIVERIES: readonly Delivery[] = ['expectReplies', 'connector'];

interface Measured {
  readonly search: SearchFigures;
  readonly turns: Turns;
  readonly summaries: SummaryFigures;
  readonly load: LoadFigures;
  readonly steps: ReportSteps;
  readonly memory: MemoryFigures;
  readonly start: StartFigures;
}

interface Figures extends Partial<Measured> {
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryGiB: number; readonly node: string };
}

type Turns = Readonly<Record<Delivery, TurnFigures>>;

/** How each part is measured, with what is said when it begins. */
const MEASURES: {
  readonly [Part in PartName]: {
    readonly says: string;
    readonly measure: (folder: string, options: Options) => Promise<Measured[Part]>;
  };
} = {
  search: { says: 'search in process (about 20 s)', measure: measureSearchIn },
  turns: { says: 'turns over HTTP (about two minutes)', measure: (folder, { turns }) => turnsIn(folder, turns) },
  summaries: {
    says: 'summaries (about ten minutes)',
    measure: (folder, { summaries }) => measureSummariesIn(folder, summaries),
  },
  load: { says: 'load (about half an hour)', measure: (folder, { load }) => measureLoad(folder, load, say) },
  steps: {
    says: 'the steps of a report (about a minute)',
    measure: (folder, { steps }) => measureReportSteps(folder, steps),
  },
  memory: { says: 'memory (about twenty minutes)', measure: (folder, { memory }) => measureMemory(folder, memory) },
  start: { says: 'starts (about two minutes)', measure: (folder, { starts }) => measureStarts(folder, starts) },
};

await main();

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n\n${USAGE}\n`);
    process.exitCode = 1;
  } else if (options.help) process.stdout.write(`${USAGE}\n`);
  else {
    const figures = await measure(options);
    process.stdout.write(`${options.json ? JSON.stringify(figures) : inWords(figures)}\n`);
  }
}

function say(words: string): void {
  process.stderr.write(`${words}\n`);
}

async function measure(options: Options): Promise<Figures> {
  const [first] = cpus();
  const machine = {
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  say('Building…');
  const folder = await buildProject();
  try {
    const figures: Record<string, unknown> = {};
    for (const part of options.parts) {
      say(`Measuring ${MEASURES[part].says}…`);
      figures[part] = await MEASURES[part].measure(folder, options);
    }
    return { machine, ...figures };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function turnsIn(folder: string, options: TurnOptions): Promise<Turns> {
  const stack = await startStack(folder);
  try {
    const turns: Partial<Record<Delivery, TurnFigures>> = {};
    for (const delivery of DELIVERIES) turns[delivery] = await measureTurns(stack, delivery, options);
    return turns as Turns;
  } finally {
    await stack.stop();
  }
}

function inWords({ machine, search, turns, summaries, load, steps, memory, start }: Figures): string {
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB; Node ${machine.node}`,
    ...(search ? [searchInWords(search)] : []),
    ...(turns ? [turnsInWords(turns)] : []),
    ...(summaries ? [summariesInWords(summaries)] : []),
    ...(load ? [loadInWords(load)] : []),
    ...(steps ? [reportStepsInWords(steps)] : []),
    ...(memory ? [memoryInWords(memory)] : []),
    ...(start ? [startsInWords(start)] : []),
  ].join('\n\n');
}
function searchInWords(search: SearchFigures): string {
  return [
    `In process: one policy of ${search.clauses} clauses, ${search.questions} questions. Median and 95th percentile in ms`,
    `  ${'read the policy'.padEnd(18)}${times(search.readPolicy)}`,
    comparison('build its index', search.index, search.minisearch.index, TARGETS.index),
    comparison('answer a question', search.question, search.minisearch.question, TARGETS.question),
    `  The first index of a process, which also prepares the question bank: ${search.firstIndex.toFixed(0)} ms`,
  ].join('\n');
}

function turnsInWords(turns: Turns): string {
  return [
    'Over HTTP: turns a second, median of the rounds; the storage emulator keeps its rows in memory',
    ...DELIVERIES.map((delivery) => throughput(delivery, turns[delivery])),
  ].join('\n');
}

function times({ median, p95 }: Spread): string {
  return `${median.toFixed(3).padStart(9)}${p95.toFixed(3).padStart(9)}`;
}

function comparison(name: string, ours: Spread, theirs: Spread, target: number): string {
  const ratio = (ours.median / theirs.median).toFixed(1);
  const reached = verdict(ours.median <= target, `at most ${target} ms`);
  return `  ${name.padEnd(18)}${times(ours)}   minisearch${times(theirs)}   ratio ${ratio}   ${reached}`;
}

function throughput(delivery: Delivery, { policyDesk, echo, ratio, answered, recorded }: TurnFigures): string {
  const spread = `ratio ${ratio.median.toFixed(2)} (${ratio.least.toFixed(2)} to ${ratio.most.toFixed(2)})`;
  const reached = verdict(ratio.median >= TARGETS.ratio, `at least ${TARGETS.ratio}`);
  return [
    `  ${delivery.padEnd(14)} Policy Desk ${policyDesk.median.toFixed(0)}, echo bot ${echo.median.toFixed(0)}, ${spread}   ${reached}`,
    `  ${''.padEnd(14)} ${recorded} of ${answered} questions were found in storage`,
  ].join('\n');
}
