import type { Stated } from './rules.js';

/** What speaks for a clause: each of its parts, the clause as a whole among them. */
export type Parts = readonly Stated[];

/** A rule with how much it counts. */
export interface Wanted {
  readonly rule: number;
  readonly weight: number;
}

/**
 * What many clauses state, laid out as it is read: a question reads a few rules of all clauses, then the places and all
 * rules of those that may answer.
 */
export class ClauseRules {
  readonly #count: number;
  readonly #ruleCount: number;
  /** For each clause one number for each rule: the most that any of its parts says for the rule. */
  readonly #byClause: Float32Array;
  /** The same numbers with those of a rule side by side. */
  readonly #byRule: Float32Array;
  /** The places of all parts, clause after clause. */
  readonly #places: Float32Array;
  /** Where the parts of each clause begin among all parts; one more for the end of the last. */
  readonly #firstPart: Uint32Array;

  constructor(clauses: readonly Parts[]) {
    this.#count = clauses.length;
    this.#ruleCount = clauses[0]?.[0]?.rules.length ?? 0;
    this.#byClause = new Float32Array(this.#ruleCount * this.#count);
    this.#byRule = new Float32Array(this.#ruleCount * this.#count);
    this.#firstPart = new Uint32Array(this.#count + 1);
    let parts = 0;
    for (const [clause, { length }] of clauses.entries()) {
      this.#firstPart[clause] = parts;
      parts += length;
    }
    this.#firstPart[this.#count] = parts;
    this.#places = new Float32Array(parts * (clauses[0]?.[0]?.place.length ?? 0));
    for (const [clause, stated] of clauses.entries()) this.#lay(clause, stated);
  }

  #lay(clause: number, stated: Parts): void {
    const strengths = this.rulesOf(clause);
    for (const [part, { rules, place }] of stated.entries()) {
      for (let rule = 0; rule < rules.length; rule += 1)
        if ((rules[rule] ?? 0) > (strengths[rule] ?? 0)) strengths[rule] = rules[rule] ?? 0;
      this.#places.set(place, ((this.#firstPart[clause] ?? 0) + part) * place.length);
    }
    for (let rule = 0; rule < strengths.length; rule += 1)
      this.#byRule[rule * this.#count + clause] = strengths[rule] ?? 0;
  }

  /** How much speaks for each rule that a clause states. */
  rulesOf(clause: number): Float32Array {
    return this.#byClause.subarray(clause * this.#ruleCount, (clause + 1) * this.#ruleCount);
  }

  /** How much each clause states of what is wanted. */
  shares(wanted: readonly Wanted[]): Float64Array {
    const shares = new Float64Array(this.#count);
    for (const { rule, weight } of wanted) addScaled(shares, this.#byRule, rule * this.#count, weight);
    return shares;
  }

  /** How much the nearest part of a clause speaks for it; 0 where all speak against it. */
  nearness(clause: number, place: Float32Array): number {
    let nearest = 0;
    const end = this.#firstPart[clause + 1] ?? 0;
    for (let part = this.#firstPart[clause] ?? 0; part < end; part += 1) {
      const near = product(place, this.#places, part * place.length);
      if (near > nearest) nearest = near;
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
