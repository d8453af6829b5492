/** Lets work on one thing be done one piece after the other, in the order it came; work on other things goes on beside it. */
export class KeyedTurns {
  readonly #last = new Map<string, Promise<void>>();

  /** @returns what the work comes to. What went wrong before it is of no matter to it. */
  take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.#last.get(key) ?? Promise.resolve()).then(work);
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(key, settled);
    void settled.then(() => {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    });
    return mine;
  }
}
