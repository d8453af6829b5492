import { rm } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { SearchFigures } from './search.js';
import type { Spread } from './spread.js';
import { buildProject, measureSearchIn, startStack } from './stack.js';
import { type Delivery, measureTurns, type TurnFigures, type TurnOptions } from './turns.js';

const USAGE = `Measures how fast Policy Desk is on this machine.

  npm run bench                      search in process, and turns over HTTP beside a bot that only echoes;
                                     the storage emulator keeps its rows in memory
  npm run --silent bench -- --json   the figures as one JSON object
  --rounds N --turns N               pairs of measurements over HTTP (9), and messages in each (1000)`;

/** What is aimed at; the times are medians in milliseconds. */
const TARGETS = { index: 50, question: 2, ratio: 0.7 };
const DELIVERIES: readonly Delivery[] = ['expectReplies', 'connector'];

interface Figures {
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryGiB: number; readonly node: string };
  readonly search: SearchFigures;
  readonly turns: Readonly<Record<Delivery, TurnFigures>>;
}

await main();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean' },
      rounds: { type: 'string', default: '9' },
      turns: { type: 'string', default: '1000' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const [rounds, turns] = [Number(values.rounds), Number(values.turns)];
  if (![rounds, turns].every((count) => Number.isInteger(count) && count > 0)) {
    process.stderr.write(`--rounds and --turns are whole numbers from 1.\n`);
    process.exitCode = 1;
    return;
  }
  const figures = await measure({ rounds, turns, connections: 10 });
  process.stdout.write(`${values.json ? JSON.stringify(figures) : inWords(figures)}\n`);
}

async function measure(options: TurnOptions): Promise<Figures> {
  const [first] = cpus();
  const machine = {
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  process.stderr.write('Building…\n');
  const folder = await buildProject();
  try {
    process.stderr.write('Measuring search in process (about 20 s)…\n');
    const search = await measureSearchIn(folder);
    process.stderr.write('Starting, and measuring turns over HTTP (about two minutes)…\n');
    return { machine, search, turns: await turnsIn(folder, options) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function turnsIn(folder: string, options: TurnOptions): Promise<Figures['turns']> {
  const stack = await startStack(folder);
  try {
    const turns: Partial<Record<Delivery, TurnFigures>> = {};
    for (const delivery of DELIVERIES) turns[delivery] = await measureTurns(stack, delivery, options);
    return turns as Figures['turns'];
  } finally {
    await stack.stop();
  }
}

function inWords({ machine, search, turns }: Figures): string {
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB; Node ${machine.node}`,
    '',
    `In process: one policy of ${search.clauses} clauses, ${search.questions} questions. Median and 95th percentile in ms`,
    `  ${'read the policy'.padEnd(18)}${times(search.readPolicy)}`,
    comparison('build its index', search.index, search.minisearch.index, TARGETS.index),
    comparison('answer a question', search.question, search.minisearch.question, TARGETS.question),
    `  The first index of a process, which also prepares the question bank: ${search.firstIndex.toFixed(0)} ms`,
    '',
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

function verdict(reached: boolean, target: string): string {
  return `[${reached ? 'reached' : 'missed'}: ${target}]`;
}
