import { spreadOf } from './spread.js';
import { type Stack, startStack } from './stack.js';
import { drive, questionBodies, TakingConnector, takeQuestions } from './traffic.js';
import { checkReplies } from './turns.js';

export interface MemoryOptions {
  /** Questions to each bot in all. */
  readonly turns: number;
  /** Looks at what each holds, as many questions apart. */
  readonly looks: number;
  readonly connections: number;
}

/** What a process held, look by look. In MiB. */
export interface Held {
  /** After a collection. */
  readonly heap: readonly number[];
  /** By the whole process. */
  readonly resident: readonly number[];
}

export interface GrowthOf {
  readonly held: Held;
  /** Medians of the first and of the last quarter of the looks after the warm-up, in MiB. */
  readonly heap: readonly [first: number, last: number];
  readonly resident: readonly [first: number, last: number];
  /** By how much the heap grows, after the warm-up, in KiB for 1,000 turns: the slope of a straight line through the looks. */
  readonly heapSlope: number;
}

export interface MemoryFigures {
  readonly turns: number;
  readonly policyDesk: GrowthOf;
  readonly echo: GrowthOf;
  /** What Policy Desk holds at last, divided by what the echo bot does. */
  readonly ratio: number;
}

const MIB = 2 ** 20;
/** Code is compiled and caches fill in this share of the turns. */
const WARM_UP = 0.2;

/** Asks both bots by turns, and looks at what they hold. @param folder from `buildProject`. */
export async function measureMemory(folder: string, options: MemoryOptions): Promise<MemoryFigures> {
  const stack = await startStack(folder);
  const connector = await TakingConnector.start();
  try {
    await checkReplies(stack);
    const bodies = questionBodies('connector', connector.serviceUrl);
    const { looks, connections } = options;
    const traffic = { connections, turns: Math.ceil(options.turns / looks) };
    const held = { policyDesk: emptyHeld(), echo: emptyHeld() };
    for (let look = 0; look < looks; look += 1) {
      await drive(stack.policyDesk, bodies, traffic);
      await takeQuestions(stack.storage, traffic.turns);
      await drive(stack.echo, bodies, traffic);
      await lookAt(stack, held);
    }
    const [policyDesk, echo] = [growthOf(held.policyDesk, traffic.turns), growthOf(held.echo, traffic.turns)];
    const ratio = policyDesk.resident[1] / echo.resident[1];
    return { turns: looks * traffic.turns, policyDesk, echo, ratio };
  } finally {
    await Promise.all([stack.stop(), connector.stop()]);
  }
}

type Looks = { readonly heap: number[]; readonly resident: number[] };
const emptyHeld = (): Looks => ({ heap: [], resident: [] });

async function lookAt({ usage }: Stack, held: Readonly<Record<'policyDesk' | 'echo', Looks>>): Promise<void> {
  for (const bot of ['policyDesk', 'echo'] as const) {
    const { rss, heapUsed } = (await (await fetch(usage[bot])).json()) as { rss: number; heapUsed: number };
    held[bot].heap.push(heapUsed / MIB);
    held[bot].resident.push(rss / MIB);
  }
}

/** @param turns between two looks. */
export function growthOf(held: Held, turns: number): GrowthOf {
  const afterWarmUp = (all: readonly number[]) => all.slice(Math.floor(all.length * WARM_UP));
  const ends = (all: readonly number[]): readonly [number, number] => {
    const warm = afterWarmUp(all);
    const quarter = Math.ceil(warm.length / 4);
    return [spreadOf(warm.slice(0, quarter)).median, spreadOf(warm.slice(-quarter)).median];
  };
  return {
    held,
    heap: ends(held.heap),
    resident: ends(held.resident),
    heapSlope: (slopeOf(afterWarmUp(held.heap)) * 1_024 * 1_000) / turns,
  };
}

/** Of the straight line that lies nearest to values one apart. */
export function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [above, below] = values.reduce(
    ([sum, squares], value, at) => [sum + (at - middle) * (value - mean), squares + (at - middle) ** 2],
    [0, 0],
  );
  return below === 0 ? 0 : above / below;
}
