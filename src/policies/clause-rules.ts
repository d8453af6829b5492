import type { Stated } from './rules.js';

/** What speaks for a clause: each of its parts, the clause as a whole among them. */
export type Parts = readonly Stated[];

/**
 * What many clauses state, laid out side by side: a question reads a few rules of all clauses, and all their places.
 */
export class ClauseRules {
  readonly #count: number;
  readonly #ruleCount: number;
  readonly #dimensions: number;
  /** For each rule one number for each clause: the most that any part of it says for the rule. */
  readonly #byRule: Float32Array;
  /** The places of all parts, clause after clause. */
  readonly #places: Float32Array;
  /** Where the parts of each clause begin among all parts; one more for the end of the last. */
  readonly #firstPart: Uint32Array;

  constructor(clauses: readonly Parts[]) {
    this.#count = clauses.length;
    this.#ruleCount = clauses[0]?.[0]?.rules.length ?? 0;
    this.#dimensions = clauses[0]?.[0]?.place.length ?? 0;
    this.#byRule = new Float32Array(this.#ruleCount * this.#count);
    this.#firstPart = new Uint32Array(this.#count + 1);
    let parts = 0;
    for (const [clause, { length }] of clauses.entries()) {
      this.#firstPart[clause] = parts;
      parts += length;
    }
    this.#firstPart[this.#count] = parts;
    this.#places = new Float32Array(parts * this.#dimensions);
    for (const [clause, stated] of clauses.entries()) this.#lay(clause, stated);
  }

  #lay(clause: number, stated: Parts): void {
    for (const [part, { rules, place }] of stated.entries()) {
      this.#places.set(place, ((this.#firstPart[clause] ?? 0) + part) * this.#dimensions);
      for (let rule = 0; rule < rules.length; rule += 1) {
        const at = rule * this.#count + clause;
        if ((rules[rule] ?? 0) > (this.#byRule[at] ?? 0)) this.#byRule[at] = rules[rule] ?? 0;
      }
    }
  }

  /** How much speaks for each rule that a clause states. */
  rulesOf(clause: number): Float32Array {
    const strengths = new Float32Array(this.#ruleCount);
    for (let rule = 0; rule < strengths.length; rule += 1)
      strengths[rule] = this.#byRule[rule * this.#count + clause] ?? 0;
    return strengths;
  }

  /**
   * How much each clause states of what is wanted.
   *
   * @param wanted how much each rule counts; those at 0 cost nothing.
   */
  shares(wanted: Float64Array): Float64Array {
    const shares = new Float64Array(this.#count);
    for (let rule = 0; rule < wanted.length; rule += 1) {
      const weight = wanted[rule] ?? 0;
      if (weight > 0) addScaled(shares, this.#byRule, rule * this.#count, weight);
    }
    return shares;
  }

  /** How much the nearest part of each clause speaks for it; 0 where all speak against it. */
  nearness(place: Float32Array): Float64Array {
    const nearest = new Float64Array(this.#count);
    let part = 0;
    for (let clause = 0; clause < this.#count; clause += 1) {
      let most = 0;
      for (const end = this.#firstPart[clause + 1] ?? 0; part < end; part += 1)
        most = Math.max(most, product(place, this.#places, part * place.length));
      nearest[clause] = most;
    }
    return nearest;
  }
}

/** Adds a multiple of what stands from a position on. */
function addScaled(to: Float64Array, numbers: Float32Array, from: number, scale: number): void {
  for (let at = 0; at < to.length; at += 1) to[at] = (to[at] ?? 0) + scale * (numbers[from + at] ?? 0);
}

/** The inner product with what stands from a position on. Four sums side by side, as one would wait for each addition. */
function product(one: Float32Array, other: Float32Array, from: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let at = 0; at < one.length; at += 4) {
    first += (one[at] ?? 0) * (other[from + at] ?? 0);
    second += (one[at + 1] ?? 0) * (other[from + at + 1] ?? 0);
    third += (one[at + 2] ?? 0) * (other[from + at + 2] ?? 0);
    fourth += (one[at + 3] ?? 0) * (other[from + at + 3] ?? 0);
  }
  return first + second + third + fourth;
}
