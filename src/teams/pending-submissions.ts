import { type Log, traceOf } from '../log.js';

const AGAIN_MS = 5_000;

/** A report whose writer has pressed Submit while storage was away. */
export interface PendingSubmission {
  /** Names the draft: the same one is not held twice. */
  readonly key: string;
  readonly schoolId: string;
  /** Saves and submits it. Rejects while storage does not answer. */
  send(): Promise<void>;
}

/**
 * Sends by itself, once storage is back, what could not be sent. It is held in memory alone, as there is nowhere else to keep
 * it: the draft stands in storage as it was last saved, and its writer has been told that it is not sent yet.
 */
export class PendingSubmissions {
  readonly #log: Log;
  readonly #againMs: number;
  readonly #held = new Map<string, PendingSubmission>();
  #timer: NodeJS.Timeout | undefined;
  #trying: Promise<void> = Promise.resolve();

  constructor(log: Log, againMs = AGAIN_MS) {
    this.#log = log;
    this.#againMs = againMs;
  }

  /** What is pressed again takes the place of what was pressed before. */
  hold(pending: PendingSubmission): void {
    this.#held.set(pending.key, pending);
    this.#later();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#trying;
    await this.#sendAll();
    clearTimeout(this.#timer);
    if (this.#held.size > 0) this.#log.error({ event: 'report.not_sent', count: this.#held.size });
  }

  #later(): void {
    if (this.#held.size === 0 || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#trying = this.#sendAll().finally(() => {
        this.#timer = undefined;
        this.#later();
      });
    }, this.#againMs);
    this.#timer.unref();
  }

  async #sendAll(): Promise<void> {
    for (const pending of this.#held.values()) {
      try {
        await pending.send();
        if (this.#held.get(pending.key) === pending) this.#held.delete(pending.key);
      } catch (error) {
        this.#log.warn({ event: 'report.not_sent', schoolId: pending.schoolId, ...traceOf(error) });
      }
    }
  }
}
