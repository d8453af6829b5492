import { rm } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { SearchFigures } from './search.js';
import type { Spread } from './spread.js';
import { buildProject, measureSearchIn, measureSummariesIn, startStack } from './stack.js';
import { type SummaryFigures, type SummaryOptions, summariesInWords, verdict } from './summaries.js';
import { type Delivery, measureTurns, type TurnFigures, type TurnOptions } from './turns.js';

const USAGE = `Measures how fast Policy Desk is on this machine.

  npm run bench                      all parts; the storage emulator keeps its rows in memory
  npm run bench -- PART…             only some: search (in process), turns (over HTTP, beside a bot that only echoes),
                                     summaries (of 24,000 schools on paper, and of 50 schools from storage)
  npm run --silent bench -- --json   the figures as one JSON object
  --rounds N --turns N               pairs of measurements over HTTP (9), and messages in each (1000)
  --schools N --cases N              schools on paper (24000), and cases a year of each school in storage (100)`;

const PARTS = ['search', 'turns', 'summaries'] as const;
type PartName = (typeof PARTS)[number];

/** What is aimed at; the times are medians in milliseconds. */
const TARGETS = { index: 50, question: 2, ratio: 0.7 };
const DELIVERIES: readonly Delivery[] = ['expectReplies', 'connector'];

interface Figures {
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryGiB: number; readonly node: string };
  readonly search?: SearchFigures;
  readonly turns?: Turns;
  readonly summaries?: SummaryFigures;
}

type Turns = Readonly<Record<Delivery, TurnFigures>>;

await main();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      rounds: { type: 'string', default: '9' },
      turns: { type: 'string', default: '1000' },
      schools: { type: 'string', default: '24000' },
      cases: { type: 'string', default: '100' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const counts = { rounds: values.rounds, turns: values.turns, schools: values.schools, cases: values.cases };
  const wrong = Object.entries(counts).find(([, typed]) => !/^[1-9]\d*$/u.test(typed));
  const unknown = positionals.find((name) => !isPart(name));
  if (wrong || unknown !== undefined) {
    const fault = wrong ? `--${wrong[0]} is a whole number from 1.` : `There is no part "${unknown}".`;
    process.stderr.write(`${fault}\n\n${USAGE}\n`);
    process.exitCode = 1;
    return;
  }
  const parts = positionals.length > 0 ? positionals.filter(isPart) : PARTS;
  const figures = await measure(parts, {
    turns: { rounds: Number(counts.rounds), turns: Number(counts.turns), connections: 10 },
    summaries: { schools: Number(counts.schools), casesPerYear: Number(counts.cases) },
  });
  process.stdout.write(`${values.json ? JSON.stringify(figures) : inWords(figures)}\n`);
}

function isPart(name: string): name is PartName {
  return PARTS.some((part) => part === name);
}

interface Options {
  readonly turns: TurnOptions;
  readonly summaries: SummaryOptions;
}

async function measure(parts: readonly PartName[], options: Options): Promise<Figures> {
  const [first] = cpus();
  const machine = {
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  const say = (words: string) => process.stderr.write(`${words}\n`);
  say('Building…');
  const folder = await buildProject();
  try {
    const figures: { -readonly [Part in keyof Figures]: Figures[Part] } = { machine };
    if (parts.includes('search')) {
      say('Measuring search in process (about 20 s)…');
      figures.search = await measureSearchIn(folder);
    }
    if (parts.includes('turns')) {
      say('Starting, and measuring turns over HTTP (about two minutes)…');
      figures.turns = await turnsIn(folder, options.turns);
    }
    if (parts.includes('summaries')) {
      say('Measuring summaries (about ten minutes)…');
      figures.summaries = await measureSummariesIn(folder, options.summaries);
    }
    return figures;
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

function inWords({ machine, search, turns, summaries }: Figures): string {
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB; Node ${machine.node}`,
    ...(search ? [searchInWords(search)] : []),
    ...(turns ? [turnsInWords(turns)] : []),
    ...(summaries ? [summariesInWords(summaries)] : []),
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
