/** A fixed number of places, for work that takes much memory. Who finds none waits in line for a while. */
export class Places {
  #free: number;
  readonly #mostWaiting: number;
  readonly #waitMs: number;
  readonly #waiting = new Set<() => void>();

  constructor(places: number, mostWaiting: number, waitMs: number) {
    this.#free = places;
    this.#mostWaiting = mostWaiting;
    this.#waitMs = waitMs;
  }

  /** @returns what gives the place back; `undefined` when none became free in time, or too many wait already. */
  async take(): Promise<(() => void) | undefined> {
    if (this.#free > 0) this.#free -= 1;
    else if (this.#waiting.size >= this.#mostWaiting || !(await this.#becomesFree())) return undefined;
    let taken = true;
    return () => {
      if (taken) this.#giveBack();
      taken = false;
    };
  }

  #becomesFree(): Promise<boolean> {
    return new Promise((resolve) => {
      const next = () => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(next);
        resolve(false);
      }, this.#waitMs);
      this.#waiting.add(next);
    });
  }

  /** Straight to whoever has waited longest. */
  #giveBack(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free += 1;
    else {
      this.#waiting.delete(next);
      next();
    }
  }
}
