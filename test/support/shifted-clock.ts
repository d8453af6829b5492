import { createInterface } from 'node:readline';

/**
 * Loaded into a process before anything else: its clock is off by as many milliseconds as the environment says, or as the last line
 * of its input does. Counts of time that no setting of a clock changes (`performance.now()`, timers) go on as they do.
 */
const Real = globalThis.Date;
let shiftMs = Number(process.env.CLOCK_SHIFT_MS ?? 0);

globalThis.Date = class extends Real {
  constructor(...given: readonly unknown[]) {
    super(...((given.length === 0 ? [Real.now() + shiftMs] : given) as [number]));
  }

  static override now(): number {
    return Real.now() + shiftMs;
  }
} as DateConstructor;

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  shiftMs = Number(line);
  process.stdout.write(`${JSON.stringify({ event: 'clock.set', to: line })}\n`);
});
