import { RawReports } from './raw-report.js';
import { Reporter } from './reporter.js';
import { twoScreenshots } from './screenshots.js';
import { type Spread, spreadOf } from './spread.js';
import { startStack } from './stack.js';
import { type Driven, drive, questionBodies, TakingConnector, takeQuestions } from './traffic.js';
import { byTurns, checkReplies } from './turns.js';

export interface LoadOptions {
  /** How many at once, one after the other. */
  readonly atOnce: readonly number[];
  /** Pairs of measurements, of the bot and of the floor, at each of them. */
  readonly rounds: number;
  /** Questions in each measurement, unless more are asked at once than a tenth of that. */
  readonly questions: number;
  /** Reports in each measurement, unless more are made at once. */
  readonly reports: number;
}

/** The bot and the floor under the same load. */
export interface AtOnce {
  readonly atOnce: number;
  readonly perSecond: Compared;
  /** Milliseconds. */
  readonly median: Compared;
  readonly p99: Compared;
}

/** Medians of the rounds, and the bot's figure divided by the floor's, round by round. */
export interface Compared {
  readonly policyDesk: number;
  readonly floor: number;
  readonly ratio: Spread;
}

export interface LoadFigures {
  /** Beside a bot that only echoes. */
  readonly questions: readonly AtOnce[];
  /** Beside the same bytes written straight to storage. */
  readonly reports: readonly AtOnce[];
  /** Times that a report was asked to come again later, and did. */
  readonly askedAgain: number;
}

/** A process is slow at first. */
const WARM_UP = { questions: 1_000, reports: 4 };

/** @param folder from `buildProject`. @param say how far it is. */
export async function measureLoad(
  folder: string,
  options: LoadOptions,
  say: (words: string) => void,
): Promise<LoadFigures> {
  const questions = await measureQuestions(folder, options, say);
  return { questions, ...(await measureReports(folder, options, say)) };
}

async function measureQuestions(folder: string, options: LoadOptions, say: (words: string) => void) {
  const stack = await startStack(folder);
  const connector = await TakingConnector.start();
  try {
    await checkReplies(stack);
    const bodies = questionBodies('connector', connector.serviceUrl);
    const ask = async (connections: number, turns: number) => {
      const driven = await drive(stack.policyDesk, bodies, { connections, turns });
      await takeQuestions(stack.storage, turns);
      return driven;
    };
    const echo = (connections: number, turns: number) => drive(stack.echo, bodies, { connections, turns });
    const warmUp = Math.min(WARM_UP.questions, options.questions);
    await ask(Math.min(10, warmUp), warmUp);
    await echo(Math.min(10, warmUp), warmUp);
    const figures: AtOnce[] = [];
    for (const atOnce of options.atOnce) {
      say(`  questions, ${atOnce} at once…`);
      const turns = Math.max(options.questions, 10 * atOnce);
      const pairs = await byTurns(
        options.rounds,
        () => ask(atOnce, turns),
        () => echo(atOnce, turns),
      );
      figures.push(comparedAt(atOnce, pairs));
    }
    return figures;
  } finally {
    await Promise.all([stack.stop(), connector.stop()]);
  }
}

/** Storage and bot start afresh for each number at once: the emulator keeps all files in memory, and never gives it back. */
async function measureReports(folder: string, options: LoadOptions, say: (words: string) => void) {
  const pictures = await twoScreenshots();
  const reports: AtOnce[] = [];
  let askedAgain = 0;
  for (const atOnce of options.atOnce) {
    say(`  reports, ${atOnce} at once…`);
    const stack = await startStack(folder);
    const connector = await TakingConnector.start();
    try {
      const reporter = new Reporter({ bot: stack.policyDesk, serviceUrl: connector.serviceUrl }, pictures);
      const raw = await RawReports.like(reporter, stack.storage, pictures);
      const warmUp = Math.min(WARM_UP.reports, options.reports);
      await several(warmUp, 2, () => reporter.report());
      await several(warmUp, 2, () => raw.write());
      const count = Math.max(options.reports, atOnce);
      const pairs = await byTurns(
        options.rounds,
        () => several(count, atOnce, () => reporter.report()),
        () => several(count, atOnce, () => raw.write()),
      );
      reports.push(comparedAt(atOnce, pairs));
      askedAgain += reporter.askedAgain;
    } finally {
      await Promise.all([stack.stop(), connector.stop()]);
    }
  }
  return { reports, askedAgain };
}

/** Does something so many times, so many of it at once. */
async function several(count: number, atOnce: number, task: () => Promise<unknown>): Promise<Driven> {
  const latencies: number[] = [];
  let begun = 0;
  const started = performance.now();
  const worker = async () => {
    while (begun < count) {
      begun += 1;
      const from = performance.now();
      await task();
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
  return { perSecond: (1_000 * count) / (performance.now() - started), latency: spreadOf(latencies) };
}

export function comparedAt(atOnce: number, pairs: readonly (readonly [Driven, Driven])[]): AtOnce {
  const compared = (figure: (driven: Driven) => number): Compared => ({
    policyDesk: spreadOf(pairs.map(([ours]) => figure(ours))).median,
    floor: spreadOf(pairs.map(([, floor]) => figure(floor))).median,
    ratio: spreadOf(pairs.map(([ours, floor]) => figure(ours) / figure(floor))),
  });
  return {
    atOnce,
    perSecond: compared(({ perSecond }) => perSecond),
    median: compared(({ latency }) => latency.median),
    p99: compared(({ latency }) => latency.p99),
  };
}
