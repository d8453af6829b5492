import { dayAndTimeAt } from './calendar.js';

/** How long it is closed to whoever has used an allowance up. In that time as much comes back as a minute allows. */
export const PAUSE_MS = 60_000;
/** Who comes back after a while finds as much as this many minutes allow. */
const MINUTES_SAVED = 2;

/** What is left of an allowance, and until when it is closed. Times in milliseconds. */
interface Left {
  readonly left: number;
  readonly at: number;
  readonly closedUntil: number;
}

/**
 * Counts what people do, and says when it is too much: generous for a person, closing for a flood. Twice of what a minute allows may
 * be used at once; whoever has used it up waits for a minute. Each process keeps its own count, so several allow as many times more.
 */
export class Allowances {
  readonly #known = new Map<string, Left>();
  #tidiedAt = 0;

  /**
   * Takes one of an allowance.
   *
   * @param key whose allowance it is.
   * @param now in milliseconds.
   * @returns when to come back; `undefined` when it is allowed.
   */
  take(key: string, perMinute: number, now: number): Date | undefined {
    this.#tidy(now);
    const before = this.#known.get(key);
    // A clock that was set back closes nothing for longer than a pause.
    if (before && now < before.closedUntil && before.closedUntil - now <= PAUSE_MS) return new Date(before.closedUntil);
    const most = perMinute * MINUTES_SAVED;
    const passed = Math.max(0, now - (before?.at ?? now)) / 60_000;
    const left = Math.min(most, (before?.left ?? most) + passed * perMinute) - 1;
    const closedUntil = left < 0 ? now + PAUSE_MS : 0;
    this.#known.set(key, { left: Math.max(0, left), at: now, closedUntil });
    return left < 0 ? new Date(closedUntil) : undefined;
  }

  /** Forgets those who have all of their allowance again. */
  #tidy(now: number): void {
    const sinceFull = MINUTES_SAVED * 60_000 + PAUSE_MS;
    if (Math.abs(now - this.#tidiedAt) < sinceFull) return;
    this.#tidiedAt = now;
    for (const [key, { at }] of this.#known) if (Math.abs(now - at) > sinceFull) this.#known.delete(key);
  }
}

/** When to come back, as a time of day at the school: "15:43". The minute after, as it has no seconds. */
export const comeBackAt = (until: Date, timeZone: string): string =>
  dayAndTimeAt(new Date(until.getTime() + 59_999), timeZone).time;
