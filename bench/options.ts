import { parseArgs } from 'node:util';
import type { LoadOptions } from './load.js';
import type { MemoryOptions } from './memory-of-turns.js';
import type { SummaryOptions } from './summaries.js';
import type { TurnOptions } from './turns.js';

export const USAGE = `Measures how fast Policy Desk is on this machine.

  npm run bench                      all parts; the storage emulator keeps its rows in memory
  npm run bench -- PART…             only some: search (in process), turns (over HTTP, beside a bot that only echoes),
                                     summaries (of 24,000 schools on paper, and of 50 schools from storage),
                                     load (questions and whole reports, many at once), steps (of a whole report, one by one),
                                     memory (over many questions), start (from nothing to the first reply)
  npm run --silent bench -- --json   the figures as one JSON object
  --rounds N --turns N               turns: pairs of measurements (9), and messages in each (1000)
  --schools N --cases N              summaries: schools on paper (24000), and cases a year of each in storage (100)
  --at-once N,N… --pairs N           load: how many at once (1,16,64,256), and pairs of measurements of each (5)
  --questions N --reports N          load: in each measurement, more where more are at once (1000, 8)
  --steps N                          steps: whole reports, one after the other (30)
  --memory-turns N --starts N        memory: questions to each bot (100000); start: starts of each (9)`;

export const PARTS = ['search', 'turns', 'summaries', 'load', 'steps', 'memory', 'start'] as const;
export type PartName = (typeof PARTS)[number];

export interface Options {
  readonly json: boolean;
  readonly help: boolean;
  readonly parts: readonly PartName[];
  readonly turns: TurnOptions;
  readonly summaries: SummaryOptions;
  readonly load: LoadOptions;
  readonly memory: MemoryOptions;
  readonly starts: number;
  /** Whole reports that are looked at step by step. */
  readonly steps: number;
}

const COUNTS = {
  rounds: { type: 'string', default: '9' },
  turns: { type: 'string', default: '1000' },
  schools: { type: 'string', default: '24000' },
  cases: { type: 'string', default: '100' },
  pairs: { type: 'string', default: '5' },
  questions: { type: 'string', default: '1000' },
  reports: { type: 'string', default: '8' },
  'memory-turns': { type: 'string', default: '100000' },
  starts: { type: 'string', default: '9' },
  steps: { type: 'string', default: '30' },
} as const;
/** As many as a busy staffroom has phones. */
const CONNECTIONS = 10;
const LOOKS_AT_MEMORY = 25;

/** @returns what is wrong with the command, as a sentence. */
export function readOptions(args: readonly string[]): Options | string {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...COUNTS,
      'at-once': { type: 'string', default: '1,16,64,256' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { json, help, 'at-once': atOnce, ...counts } = values;
  const wrong = Object.entries(counts).find(([, typed]) => !/^[1-9]\d*$/u.test(typed));
  if (wrong) return `--${wrong[0]} is a whole number from 1.`;
  if (!/^[1-9]\d*(?:,[1-9]\d*)*$/u.test(atOnce)) return '--at-once is whole numbers from 1, with commas between them.';
  const unknown = positionals.find((name) => !isPart(name));
  if (unknown !== undefined) return `There is no part "${unknown}".`;
  const {
    rounds,
    turns,
    schools,
    cases,
    pairs,
    questions,
    reports,
    starts,
    steps,
    'memory-turns': memoryTurns,
  } = counts;
  return {
    ...{ json, help, parts: positionals.length > 0 ? positionals.filter(isPart) : PARTS },
    turns: { rounds: Number(rounds), turns: Number(turns), connections: CONNECTIONS },
    summaries: { schools: Number(schools), casesPerYear: Number(cases) },
    load: {
      ...{ rounds: Number(pairs), questions: Number(questions), reports: Number(reports) },
      atOnce: atOnce.split(',').map(Number),
    },
    memory: { turns: Number(memoryTurns), looks: LOOKS_AT_MEMORY, connections: CONNECTIONS },
    starts: Number(starts),
    steps: Number(steps),
  };
}

function isPart(name: string): name is PartName {
  return PARTS.some((part) => part === name);
}
