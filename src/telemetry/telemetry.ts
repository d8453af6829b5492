import type { Log, LogLine } from '../log.js';

/** What is looked at again and again; the names under which operators see it. */
export const SWEEPS = ['cases', 'drafts', 'retention', 'summaries', 'deliveries'] as const;
export type SweepName = (typeof SWEEPS)[number];

/** What is timed: a turn of somebody in Teams, a message sent, a round of a sweep, a file taken in. */
export type Work = 'turn' | 'delivery' | 'sweep' | 'upload';

/** All that may be told of a piece of work: what a log line may carry, and which sweep it is. */
export type Fields = Partial<Omit<LogLine, 'event'>> & { readonly sweep?: SweepName };

/** What is measured again and again rather than when something happens. */
export interface Gauges {
  /** Seconds for which the oldest message that is owed has waited; 0 when none is, `undefined` before that is known. */
  oldestOwedSeconds(): number | undefined;
  /** Seconds since each sweep last got through; before it has, since the process began. */
  sweepAges(): readonly { readonly sweep: SweepName; readonly seconds: number }[];
  /** Whether the process can serve. Never rejects. */
  isReady(): Promise<boolean>;
}

/** Tells operators' tools how the bot is. What people typed, names and ids of people have nowhere to go. */
export interface Telemetry {
  /** Writes each line where it was written before, and tells it on. */
  readonly log: Log;
  /** Times a piece of work; lines logged meanwhile belong to it. Gives and throws what the task does. */
  during<T>(work: Work, fields: Fields, task: () => Promise<T>): Promise<T>;
  /** Has these measured each minute. */
  measure(gauges: Gauges): void;
  /** Sends what is left, for a few seconds at most. Never rejects. */
  stop(): Promise<void>;
}

/** Where nothing is told on. */
export const withoutTelemetry = (log: Log): Telemetry => ({
  log,
  during: (_work, _fields, task) => task(),
  measure: () => undefined,
  stop: async () => undefined,
});
