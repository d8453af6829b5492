/** Looks at something again and again, each time so long after the last look has ended; keeps no process alive. */
export class RecurringLook {
  readonly #look: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  /** @param look never rejects. */
  constructor(look: () => Promise<void>) {
    this.#look = look;
  }

  start(everyMs: number): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.#look().then(() => {
        if (this.#timer) this.start(everyMs);
      });
    }, everyMs);
    this.#timer.unref();
  }

  /** Resolves when a look under way is over. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#looking;
  }
}
