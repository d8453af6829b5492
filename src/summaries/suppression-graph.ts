/**
 * A count of something, as flow through a network in which the counts at every vertex balance: what flows in flows out. Counts that
 * add up to others along two trees (periods in longer periods, cells in totals) can always be drawn so.
 */
export interface Arc {
  readonly from: number;
  readonly to: number;
  /** What the count truly is. */
  readonly value: number;
  /** What a reader knows of it by itself. Both are `value` where it is told. */
  readonly low: number;
  readonly high: number;
  /**
   * `guarded`: nobody may work it out. `stale`: it was told, and has become too small to tell since; others may be worked out with it
   * for all we know, but it may not be worked out from them.
   */
  readonly care: 'none' | 'guarded' | 'stale';
}

/** How much more can go along each arc, and how much can go back. */
interface Room {
  readonly up: Float64Array;
  readonly down: Float64Array;
}

/** Arcs, by their places. */
type Arcs = readonly number[];

/**
 * What can be worked out from a network. In a network whose bounds are whole numbers, a count has one possible value exactly when no
 * cycle runs through it along which every count can give or take one; so looking for such a cycle is as good as trying every
 * possibility.
 */
export class SuppressionGraph {
  readonly #arcs: readonly Arc[];
  readonly #threshold: number;
  readonly #ends: Ends;
  /** For a change, within what a reader knows. */
  readonly #room: Room;
  /** For flows that are as large as what is not told. */
  readonly #open: Room;
  /** Cycles by the arcs that they show to be able to change. */
  readonly #cycles: Map<number, Arcs>;
  /** The arcs that show, as long as they are open, that one is not told; `undefined` where it is. */
  readonly #proofs: Map<number, Arcs | undefined>;

  /** @param like a graph of the same arcs with other bounds, from which is taken over what holds here as well. */
  constructor(arcs: readonly Arc[], threshold: number, like?: SuppressionGraph) {
    this.#arcs = arcs;
    this.#threshold = threshold;
    this.#ends = like ? like.#ends : endsOf(arcs);
    this.#room = { up: new Float64Array(arcs.length), down: new Float64Array(arcs.length) };
    this.#open = { up: new Float64Array(arcs.length), down: new Float64Array(arcs.length) };
    for (const [index, { value, low, high }] of arcs.entries()) {
      this.#room.up[index] = high - value;
      this.#room.down[index] = value - low;
      if (low === high) continue;
      this.#open.up[index] = value;
      this.#open.down[index] = Number.POSITIVE_INFINITY;
    }
    this.#cycles = new Map(like ? this.#stillHolding(like, like.#cycles) : []);
    this.#proofs = new Map(like ? this.#stillHolding(like, like.#proofs) : []);
  }

  #stillHolding(like: SuppressionGraph, found: ReadonlyMap<number, Arcs | undefined>): readonly [number, Arcs][] {
    const hasLess = (one: Float64Array, other: Float64Array, arc: number) =>
      (one[arc] ?? 0) <= 0 && (other[arc] ?? 0) > 0;
    const isNarrower = (arc: number) =>
      hasLess(this.#room.up, like.#room.up, arc) ||
      hasLess(this.#room.down, like.#room.down, arc) ||
      hasLess(this.#open.down, like.#open.down, arc);
    const narrower = new Set(this.#arcs.flatMap((_, arc) => (isNarrower(arc) ? [arc] : [])));
    return [...found].flatMap(([arc, by]) => (by?.every((other) => !narrower.has(other)) ? [[arc, by]] : []));
  }

  /**
   * Finds a count that is to be kept and is told, where another graph does not tell it.
   *
   * @param suspect which is looked at first.
   */
  leak(before?: SuppressionGraph, suspect = -1): number | undefined {
    const leaks = (index: number) =>
      (this.#arcs[index]?.care ?? 'none') !== 'none' && this.tells(index) && before?.tells(index) !== true;
    if (leaks(suspect)) return suspect;
    const found = this.#arcs.findIndex((_, index) => leaks(index));
    return found < 0 ? undefined : found;
  }

  /**
   * Whether a reader can work out a count, or a sum of counts below the threshold that it is part of ("the two that are not shown
   * make 2 between them").
   */
  tells(index: number): boolean {
    if (!this.#proofs.has(index)) {
      const arc = this.#arcs[index];
      const cycle = arc && this.#cycleThrough(arc, index);
      const paths = cycle && this.#pathsBeside(arc, index);
      this.#proofs.set(index, paths && [...cycle, ...paths]);
    }
    return this.#proofs.get(index) === undefined;
  }

  #cycleThrough({ from, to, value, care }: Arc, index: number): Arcs | undefined {
    const known = this.#cycles.get(index);
    if (known) return known;
    const isStale = care === 'stale';
    const more = isStale || (this.#room.up[index] ?? 0) > 0;
    const less = isStale ? value > 0 : (this.#room.down[index] ?? 0) > 0;
    const path =
      (more ? this.#path(to, from, index, this.#room) : undefined) ??
      (less ? this.#path(from, to, index, this.#room) : undefined);
    const cycle = path && [index, ...path.map(({ arc }) => arc)];
    // All along the cycle change with it.
    for (const arc of isStale ? [] : (cycle ?? [])) this.#cycles.set(arc, cycle ?? []);
    return cycle;
  }

  /**
   * Sums that follow from what is told, without any bounds, are those across a cut of the network that is crossed one way only by
   * what is not told. The smallest that a count is part of is found as a largest flow.
   *
   * @returns what flows beside it; `undefined` where that is too little.
   */
  #pathsBeside({ from, to, value }: Arc, index: number): Arcs | undefined {
    const beside: number[] = [];
    let room = this.#open;
    for (let sum = value; sum < this.#threshold; ) {
      const path = this.#path(from, to, index, room);
      if (!path) return undefined;
      let flow = this.#threshold - sum;
      for (const { arc, up } of path) if (up) flow = Math.min(flow, room.up[arc] ?? 0);
      sum += flow;
      if (room === this.#open) room = { up: room.up.slice(), down: room.down };
      for (const { arc, up } of path) room.up[arc] = (room.up[arc] ?? 0) + (up ? -flow : flow);
      for (const { arc } of path) beside.push(arc);
    }
    return beside;
  }

  /** The shortest way from one vertex to another, along arcs where more can go and against those where some can go back. */
  #path(start: number, goal: number, without: number, room: Room): readonly Step[] | undefined {
    if (start === goal) return [];
    // By vertex: the arc it was reached by, counted from 1; 0 where it was not. This is where the time goes, so no objects here.
    const { at, from, to } = this.#ends;
    const by = new Int32Array(at.length);
    by[start] = -1;
    const queue = [start];
    for (const vertex of queue)
      for (const index of at[vertex] ?? []) {
        const isUp = from[index] === vertex;
        const next = (isUp ? to[index] : from[index]) ?? 0;
        if (by[next] !== 0 || index === without || ((isUp ? room.up : room.down)[index] ?? 0) <= 0) continue;
        by[next] = index + 1;
        if (next === goal) return this.#stepsTo(goal, by);
        queue.push(next);
      }
    return undefined;
  }

  #stepsTo(goal: number, by: Int32Array): readonly Step[] {
    const steps: Step[] = [];
    for (let vertex = goal; ; ) {
      const index = (by[vertex] ?? 0) - 1;
      const arc = this.#arcs[index];
      if (!arc) return steps;
      const up = arc.to === vertex;
      steps.push({ arc: index, up });
      vertex = up ? arc.from : arc.to;
    }
  }
}

interface Step {
  readonly arc: number;
  readonly up: boolean;
}

/** Where each arc begins and ends, and the arcs that begin or end at each vertex. */
interface Ends {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly at: readonly Arcs[];
}

function endsOf(arcs: readonly Arc[]): Ends {
  const from = Int32Array.from(arcs, (arc) => arc.from);
  const to = Int32Array.from(arcs, (arc) => arc.to);
  const at: number[][] = Array.from({ length: Math.max(0, ...from, ...to) + 1 }, () => []);
  for (const index of arcs.keys())
    for (const vertex of new Set([from[index] ?? 0, to[index] ?? 0])) at[vertex]?.push(index);
  return { from, to, at };
}
