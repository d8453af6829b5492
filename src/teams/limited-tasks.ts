/** Tasks under way, of which there should not be more than so many at a time. */
export class LimitedTasks {
  readonly #limit: number;
  readonly #tasks = new Set<Promise<void>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many more may be started now. */
  get free(): number {
    return Math.max(0, this.#limit - this.#tasks.size);
  }

  /** Starts a task. @param task must not reject. */
  run(task: () => Promise<void>): Promise<void> {
    const running = task().finally(() => this.#tasks.delete(running));
    this.#tasks.add(running);
    return running;
  }

  /** Waits until another may be started. */
  async room(): Promise<void> {
    while (this.free === 0) await Promise.race(this.#tasks);
  }

  async allDone(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }
}
