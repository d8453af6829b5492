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

/**
 * What can be worked out from a network. In a network whose bounds are whole numbers, a count has one possible value exactly when no
 * cycle runs through it along which every count can give or take one; so looking for such a cycle is as good as trying every
 * possibility.
 */
export class SuppressionGraph {
  readonly #arcs: readonly Arc[];
  readonly #at = new Map<number, number[]>();
  readonly #threshold: number;
  readonly #known = new Map<number, boolean>();

  constructor(arcs: readonly Arc[], threshold: number) {
    this.#arcs = arcs;
    this.#threshold = threshold;
    for (const [index, { from, to }] of arcs.entries())
      for (const vertex of from === to ? [from] : [from, to]) {
        const there = this.#at.get(vertex);
        if (there) there.push(index);
        else this.#at.set(vertex, [index]);
      }
  }

  /**
   * Whether a reader can work out a count, or a sum of counts below the threshold that it is part of ("the two that are not shown
   * make 2 between them").
   */
  tells(index: number): boolean {
    const known = this.#known.get(index);
    if (known !== undefined) return known;
    const arc = this.#arcs[index];
    const tells = arc !== undefined && (!this.#canChange(arc, index) || !this.#isInLargeSums(arc, index));
    this.#known.set(index, tells);
    return tells;
  }

  /** Whether it tells nothing that is to be kept, but for what another, that came before, told already. */
  isSafe(before?: SuppressionGraph): boolean {
    return this.#arcs.every(
      ({ care }, index) => care === 'none' || !this.tells(index) || before?.tells(index) === true,
    );
  }

  #canChange({ from, to, value, low, high, care }: Arc, index: number): boolean {
    const more = care === 'stale' || value < high;
    const less = care === 'stale' ? value > 0 : value > low;
    const mayChange = (by: number) => {
      const arc = this.#arcs[by];
      return { up: arc !== undefined && arc.value < arc.high, down: arc !== undefined && arc.value > arc.low };
    };
    return (
      (more && this.#path(to, from, index, mayChange) !== undefined) ||
      (less && this.#path(from, to, index, mayChange) !== undefined)
    );
  }

  /**
   * Sums that follow from what is told, without any bounds, are those across a cut of the network that is crossed one way only by
   * what is not told. The smallest that a count is part of is found as a largest flow.
   */
  #isInLargeSums({ from, to, value }: Arc, index: number): boolean {
    const flow = new Map<number, number>();
    const mayChange = (by: number) => {
      const arc = this.#arcs[by];
      const open = arc !== undefined && arc.low < arc.high;
      return { up: open && (flow.get(by) ?? 0) < arc.value, down: open };
    };
    for (let sum = value; sum < this.#threshold; sum += 1) {
      const path = this.#path(from, to, index, mayChange);
      if (!path) return false;
      for (const { arc, up } of path) flow.set(arc, (flow.get(arc) ?? 0) + (up ? 1 : -1));
    }
    return true;
  }

  /** The shortest way from one vertex to another, along arcs that may go up and against those that may go down. */
  #path(start: number, goal: number, without: number, mayChange: (arc: number) => Steps): readonly Step[] | undefined {
    const came = new Map<number, Step | undefined>([[start, undefined]]);
    for (const vertex of came.keys()) {
      if (vertex === goal) return stepsTo(goal, came);
      for (const arc of this.#at.get(vertex) ?? []) {
        const ends = this.#arcs[arc];
        if (!ends || arc === without) continue;
        const { up, down } = mayChange(arc);
        if (up && ends.from === vertex && !came.has(ends.to)) came.set(ends.to, { arc, up: true, vertex });
        if (down && ends.to === vertex && !came.has(ends.from)) came.set(ends.from, { arc, up: false, vertex });
      }
    }
    return undefined;
  }
}

interface Steps {
  readonly up: boolean;
  readonly down: boolean;
}

interface Step {
  readonly arc: number;
  readonly up: boolean;
  /** Where it was taken from. */
  readonly vertex: number;
}

function stepsTo(goal: number, came: ReadonlyMap<number, Step | undefined>): readonly Step[] {
  const steps: Step[] = [];
  for (let step = came.get(goal); step; step = came.get(step.vertex)) steps.push(step);
  return steps;
}
