import { setMaxListeners } from 'node:events';
import { traceOf } from '../log.js';
import {
  type DeliveryNotice,
  type DeliveryQueue,
  type OutboxPlace,
  type QueuedPlace,
  schoolIdOf,
} from '../schools/delivery.js';
import { DeliveryRun, type RunParts } from './delivery-run.js';
import type { AroundLook } from './each-minute.js';
import { LimitedTasks } from './limited-tasks.js';
import { pause } from './waiting.js';

export interface WorkerParts extends RunParts {
  readonly queue: DeliveryQueue;
  readonly around?: AroundLook;
  /** Told by each sweep since when the oldest message is owed; `undefined` when none is. */
  readonly oldestOwed?: (since: Date | undefined) => void;
}

/** How often to look; tests look more often. */
export interface WorkerTimes {
  /** Between looks at a queue that was empty. A commit in this process is seen at once. */
  readonly pollMs: number;
  /** Between sweeps for what the queue missed. */
  readonly sweepMs: number;
}

const USUAL_TIMES: WorkerTimes = { pollMs: 1_000, sweepMs: 120_000 };
/** Partitions worked on at a time: enough that some that hang do not hold up the others. */
const MOST_AT_ONCE = 16;
/** What has been due for less long is the queue's to bring: working on it twice would double its messages again and again. */
const GRACE_MS = 60_000;
/** How long to leave storage alone that does not answer. */
const AGAIN_MS = 5_000;

/** Sends what is owed: what the queue names, at once; what the queue missed, by sweeping. Any number of them may run side by side. */
export class DeliveryWorker implements DeliveryNotice {
  readonly #parts: WorkerParts;
  readonly #times: WorkerTimes;
  readonly #run: DeliveryRun;
  readonly #tasks = new LimitedTasks(MOST_AT_ONCE);
  readonly #stopping = new AbortController();
  #loops: Promise<unknown> | undefined;
  /** Ends the rest between two looks at the queue. */
  #wake: (() => void) | undefined;
  /** A commit since the last look. */
  #committed = false;
  #queueDown = false;

  constructor(parts: WorkerParts, times: Partial<WorkerTimes> = {}) {
    this.#parts = parts;
    this.#times = { ...USUAL_TIMES, ...times };
    // Everything that waits listens to it.
    setMaxListeners(0, this.#stopping.signal);
    this.#run = new DeliveryRun(parts, this.#stopping.signal);
  }

  start(): void {
    this.#loops ??= Promise.all([this.#watchQueue(), this.#sweepAgainAndAgain()]);
  }

  async committed(place: OutboxPlace): Promise<void> {
    const queued = await this.#enqueue(place, 0);
    this.#committed = true;
    this.#wake?.();
    // Without the queue this process still knows.
    if (!queued && this.#loops && !this.#stopping.signal.aborted) void this.#tasks.run(() => this.#work(place));
  }

  /** Takes nothing more, lets what is being sent finish, and gives back the rest. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake?.();
    await this.#loops;
    await this.#tasks.allDone();
  }

  async #watchQueue(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#tasks.room();
      this.#committed = false;
      const taken = await this.#take();
      for (const queued of taken) void this.#tasks.run(() => this.#workOff(queued));
      if (taken.length === 0) await this.#rest(this.#queueDown ? AGAIN_MS : this.#times.pollMs);
    }
  }

  async #take(): Promise<readonly QueuedPlace[]> {
    if (this.#stopping.signal.aborted) return [];
    try {
      const taken = await this.#parts.queue.take(this.#tasks.free);
      this.#queueDown = false;
      return taken;
    } catch (error) {
      this.#noteQueueDown(error);
      return [];
    }
  }

  async #workOff(queued: QueuedPlace): Promise<void> {
    try {
      if (this.#stopping.signal.aborted) return await queued.release();
      const next = await this.#run.through(queued.place);
      // The new message is there before the old one goes, so that at no time there is none.
      if (next === undefined || (await this.#enqueue(queued.place, next.getTime() - this.#parts.now().getTime())))
        await queued.done();
    } catch (error) {
      // Left as it is, the message comes back when its lease is over.
      this.#failed(queued.place, error);
    }
  }

  /** For what no message stands for. */
  async #work(place: OutboxPlace): Promise<void> {
    try {
      const next = await this.#run.through(place);
      if (next) await this.#enqueue(place, next.getTime() - this.#parts.now().getTime());
    } catch (error) {
      this.#failed(place, error);
    }
  }

  async #sweepAgainAndAgain(): Promise<void> {
    const { around = (look) => look() } = this.#parts;
    for (let grace = 0; !this.#stopping.signal.aborted; ) {
      const swept = await around(() => this.#sweep(grace));
      if (swept) grace = Math.min(GRACE_MS, this.#times.sweepMs);
      await pause(swept ? this.#times.sweepMs : Math.min(AGAIN_MS, this.#times.sweepMs), this.#stopping.signal);
    }
  }

  /** @returns whether it got to the end. */
  async #sweep(graceMs: number): Promise<boolean> {
    const { outbox, courier, log, now } = this.#parts;
    let unknown = 0;
    let oldest: Date | undefined;
    const seen = (place: OutboxPlace, since: Date) => {
      if (courier.knows(schoolIdOf(place)) && (!oldest || since < oldest)) oldest = since;
    };
    try {
      for await (const place of outbox.overdue(new Date(now().getTime() - graceMs), seen)) {
        if (this.#stopping.signal.aborted) return false;
        if (!courier.knows(schoolIdOf(place))) unknown += 1;
        else {
          await this.#tasks.room();
          void this.#tasks.run(() => this.#work(place));
        }
      }
    } catch (error) {
      log.warn({ event: 'delivery.sweep_failed', ...traceOf(error) });
      return false;
    }
    this.#parts.oldestOwed?.(oldest);
    if (unknown > 0) log.warn({ event: 'delivery.no_school', count: unknown });
    return true;
  }

  async #enqueue(place: OutboxPlace, delayMs: number): Promise<boolean> {
    try {
      await this.#parts.queue.add(place, Math.max(0, delayMs));
      return true;
    } catch (error) {
      this.#noteQueueDown(error);
      return false;
    }
  }

  /** Once for each outage: the sweep does the work meanwhile. */
  #noteQueueDown(error: unknown): void {
    if (!this.#queueDown) this.#parts.log.warn({ event: 'delivery.queue_down', ...traceOf(error) });
    this.#queueDown = true;
  }

  #failed(place: OutboxPlace, error: unknown): void {
    this.#parts.log.warn({ event: 'delivery.failed', schoolId: schoolIdOf(place), ...traceOf(error) });
  }

  async #rest(ms: number): Promise<void> {
    if (this.#committed) return;
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await pause(ms, AbortSignal.any([woken.signal, this.#stopping.signal]));
    this.#wake = undefined;
  }
}
