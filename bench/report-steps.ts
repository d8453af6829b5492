import { WatchedStorage } from '../test/support/watched-storage.js';
import { RawReports } from './raw-report.js';
import { type AroundStep, Reporter } from './reporter.js';
import { twoScreenshots } from './screenshots.js';
import { spreadOf } from './spread.js';
import { startStack } from './stack.js';
import { TakingConnector } from './traffic.js';

/** Medians of the reports. */
export interface StepFigures {
  /** Milliseconds that the person waits. */
  readonly ms: number;
  /** … during which storage was asked something, by whatever the bot was doing. */
  readonly storageMs: number;
  readonly requests: number;
}

export interface ReportSteps {
  readonly reports: number;
  readonly steps: Readonly<Record<string, StepFigures>>;
  readonly whole: StepFigures;
  /** The same rows and files written straight to storage, milliseconds. */
  readonly raw: number;
  /** Both pictures inspected at once, with their viewing copies, in a process that does nothing else; milliseconds. */
  readonly pictures: number;
}

const WARM_UP = 6;

/** Makes reports one after the other and looks where the time goes. @param folder from `buildProject`. */
export async function measureReportSteps(folder: string, reports: number): Promise<ReportSteps> {
  const pictures = await twoScreenshots();
  const looking = new Looking();
  let watched: WatchedStorage | undefined;
  const stack = await startStack(folder, async (connection) => {
    watched = await WatchedStorage.start(connection);
    watched.onCall = async (call, moment) => looking.see(call, moment);
    return watched.connection;
  });
  const connector = await TakingConnector.start();
  try {
    const to = { bot: stack.policyDesk, serviceUrl: connector.serviceUrl };
    const raw = await RawReports.like(new Reporter(to, pictures), stack.storage, pictures);
    const reporter = new Reporter(to, pictures, looking.around);
    const rawMs: number[] = [];
    for (let at = -WARM_UP; at < reports; at += 1) {
      if (at === 0) looking.forget();
      await looking.around('whole', () => reporter.report());
      const from = performance.now();
      await raw.write();
      if (at >= 0) rawMs.push(performance.now() - from);
    }
    const { whole, ...steps } = looking.figures();
    if (!whole) throw new Error('Nothing was measured.');
    return { reports, steps, whole, raw: spreadOf(rawMs).median, pictures: await picturesAlone(pictures, reports) };
  } finally {
    await Promise.all([stack.stop(), connector.stop()]);
    await watched?.stop();
  }
}

async function picturesAlone(pictures: readonly Uint8Array[], times: number): Promise<number> {
  // Loaded late: where it is loaded, pictures are read by one thread each, also those that are made for the measurement.
  const { inspect } = await import('../src/evidence/inspect.js');
  const taken: number[] = [];
  for (let at = -WARM_UP; at < times; at += 1) {
    const from = performance.now();
    await Promise.all(pictures.map((bytes) => inspect(bytes)));
    if (at >= 0) taken.push(performance.now() - from);
  }
  return spreadOf(taken).median;
}

interface Asked {
  readonly from: number;
  /** Infinite while it is not answered. */
  until: number;
}

/** Looks at steps and at what is asked of storage meanwhile. */
class Looking {
  #asked = new Map<object, Asked>();
  readonly #seen = new Map<string, StepFigures[]>();

  see(call: object, moment: 'come' | 'done'): undefined {
    const now = performance.now();
    const asked = this.#asked.get(call);
    if (moment === 'come') this.#asked.set(call, { from: now, until: Number.POSITIVE_INFINITY });
    else if (asked) asked.until = now;
  }

  forget(): void {
    this.#asked = new Map();
    this.#seen.clear();
  }

  readonly around: AroundStepOrWhole = async (step, task) => {
    const from = performance.now();
    const result = await task();
    const until = performance.now();
    const meanwhile = [...this.#asked.values()].filter((one) => one.from < until && one.until > from);
    const requests = meanwhile.filter((one) => one.from >= from).length;
    const seen = { ms: until - from, storageMs: covered(meanwhile, from, until), requests };
    this.#seen.set(step, [...(this.#seen.get(step) ?? []), seen]);
    return result;
  };

  figures(): { readonly whole?: StepFigures } & Readonly<Record<string, StepFigures>> {
    const median = (all: readonly StepFigures[], figure: keyof StepFigures) =>
      spreadOf(all.map((one) => one[figure])).median;
    return Object.fromEntries(
      [...this.#seen].map(([step, all]) => [
        step,
        { ms: median(all, 'ms'), storageMs: median(all, 'storageMs'), requests: median(all, 'requests') },
      ]),
    );
  }
}

type AroundStepOrWhole = <T>(step: Parameters<AroundStep>[0] | 'whole', task: () => Promise<T>) => Promise<T>;

/** How much of the time from one moment to another lies within at least one of the spans. */
export function covered(spans: readonly Asked[], from: number, until: number): number {
  let sum = 0;
  let last = from;
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const end = Math.min(span.until, until);
    sum += Math.max(0, end - Math.max(span.from, last));
    last = Math.max(last, end);
  }
  return sum;
}

const NAMES: Readonly<Record<string, string>> = {
  start: '"report", until the first card',
  what: 'first card, until the second',
  where: 'second card, until the third',
  words: 'third card, until the fourth',
  page: 'the upload page',
  files: 'both files, until both are kept',
  evidence: 'fourth card, until the last',
  wishes: 'last card, until the receipt',
};

export function reportStepsInWords({ reports, steps, whole, raw, pictures }: ReportSteps): string {
  const line = (name: string, { ms, storageMs, requests }: StepFigures) =>
    `  ${name.padEnd(33)}${ms.toFixed(0).padStart(5)}${storageMs.toFixed(0).padStart(6)}${requests.toFixed(0).padStart(6)}`;
  return [
    `One whole report after the other, ${reports} of them: median ms; of these with storage at work; requests to storage`,
    ...Object.entries(steps).map(([step, figures]) => line(NAMES[step] ?? step, figures)),
    line('whole', whole),
    `  its bare writes ${raw.toFixed(0)} ms; ratio ${(whole.ms / raw).toFixed(2)}`,
    `  both pictures inspected and written anew, alone: ${pictures.toFixed(0)} ms`,
  ].join('\n');
}
