const MINUTE_MS = 60_000;

/** What is done around each look: `look` resolves to whether it got through all there was. */
export type AroundLook = (look: () => Promise<boolean>) => Promise<boolean>;

export interface LookOptions {
  readonly everyMs?: number;
  readonly around?: AroundLook | undefined;
}

/** Looks at something at once and then each minute, or as often as is said. A look that takes longer than that is not followed by others that have waited for it. */
export class EachMinute {
  readonly #look: () => Promise<void>;
  readonly #everyMs: number;
  readonly #around: AroundLook;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #looking = false;
  #stopping = false;
  #failed = false;

  /** @param look never rejects. */
  constructor(look: () => Promise<void>, { everyMs = MINUTE_MS, around = (one) => one() }: LookOptions = {}) {
    this.#look = look;
    this.#everyMs = everyMs;
    this.#around = around;
  }

  /** Something of the look that is under way has failed. */
  noteFailure(): void {
    this.#failed = true;
  }

  /** For a look that goes on for long to leave the rest. */
  get isStopping(): boolean {
    return this.#stopping;
  }

  start(): void {
    this.#begin();
    this.#timer = setInterval(() => this.#begin(), this.#everyMs).unref();
  }

  /** Resolves when the look that is under way has ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  #begin(): void {
    if (this.#looking) return;
    this.#looking = true;
    this.#running = this.#around(() => this.#lookOnce())
      .then(() => undefined)
      .finally(() => {
        this.#looking = false;
      });
  }

  async #lookOnce(): Promise<boolean> {
    this.#failed = false;
    await this.#look();
    return !this.#failed && !this.#stopping;
  }
}
