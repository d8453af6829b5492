import { SWEEPS, type SweepName } from './telemetry.js';

/** What this process knows of how the bot's own rounds go, for `/readyz` and for operators' tools. */
export class VitalSigns {
  readonly #now: () => Date;
  readonly #began: Date;
  readonly #swept = new Map<SweepName, Date>();
  #oldestOwed: { readonly since: Date | undefined } | undefined;

  constructor(now: () => Date) {
    this.#now = now;
    this.#began = now();
  }

  /** A sweep got through all it had to look at. */
  noteSwept(sweep: SweepName): void {
    this.#swept.set(sweep, this.#now());
  }

  /** @param since when the oldest message came to be owed; `undefined` when none is. */
  noteOldestOwed(since: Date | undefined): void {
    this.#oldestOwed = { since };
  }

  /** As `Gauges` has it. It goes on growing while the sweep that would know better cannot get through. */
  oldestOwedSeconds(): number | undefined {
    if (!this.#oldestOwed) return undefined;
    const { since } = this.#oldestOwed;
    return since === undefined ? 0 : this.#secondsSince(since);
  }

  /** As `Gauges` has it. */
  sweepAges(): readonly { readonly sweep: SweepName; readonly seconds: number }[] {
    return SWEEPS.map((sweep) => ({ sweep, seconds: this.#secondsSince(this.#swept.get(sweep) ?? this.#began) }));
  }

  #secondsSince(then: Date): number {
    return Math.max(0, Math.round((this.#now().getTime() - then.getTime()) / 1_000));
  }
}
