/** What is being handled, so that stopping can wait for it. */
export class WorkUnderWay {
  stopping = false;
  readonly #tasks = new Set<Promise<unknown>>();

  async run<T>(task: () => Promise<T>): Promise<T> {
    const running = task();
    this.#tasks.add(running);
    try {
      return await running;
    } finally {
      this.#tasks.delete(running);
    }
  }

  async done(): Promise<void> {
    await Promise.allSettled(this.#tasks);
  }
}
