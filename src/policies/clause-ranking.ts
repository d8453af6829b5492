import type { ClauseRules, Wanted } from './clause-rules.js';
import type { Asked } from './rules.js';

/** The rules that a question most likely asks for count far more than the next (measured on labelled questions). */
const RULE_SHARPNESS = 2;
/** Rules for which less than this share of the most speaks hardly change the order, and there are hundreds of them. */
const LEAST_WANTED = 0.2;
/** From here on the bank knows well what a question asks for; with less evidence its word counts less beside shared wording. */
const WELL_KNOWN = 0.12;
/** How much shared wording, and lying in the same direction, count beside shared rules. */
const WORDING_WEIGHT = 0.7;
const PLACE_WEIGHT = 0.7;
/** Comparing places costs most; they are compared only for clauses that have this share of the best rank without them. */
const LEAST_PLACED = 0.3;
/** A clause with nearly all the words of a question is taken for its answer even where no rule leads from one to the other. */
export const NEARLY_ALL_WORDS = 0.8;

/** How clauses rank by the rules that the question asks for and they state, and by the wording they share: 0 to 3.4. */
export function ranksOf(
  { rules, place }: Asked,
  stated: ClauseRules,
  { wording, shared }: Readonly<Record<'wording' | 'shared', Float64Array>>,
): Float64Array {
  const most = largest(rules);
  const known = Math.min(1, most / WELL_KNOWN);
  const ranks = stated.shares(wantedIn(rules, most));
  // Each counts as a share of the best; where nothing speaks for any clause, all have none.
  const byRules = known / (largest(ranks) || 1);
  const byWording = WORDING_WEIGHT / (largest(wording) || 1);
  for (let at = 0; at < ranks.length; at += 1) ranks[at] = byRules * (ranks[at] ?? 0) + byWording * (wording[at] ?? 0);
  const nearness = nearnessOf(ranks, stated, place);
  const byPlace = (known * PLACE_WEIGHT) / (largest(nearness) || 1);
  for (let at = 0; at < ranks.length; at += 1) {
    const bonus = (shared[at] ?? 0) >= NEARLY_ALL_WORDS ? 1 : 0;
    ranks[at] = (ranks[at] ?? 0) + byPlace * (nearness[at] ?? 0) + bonus;
  }
  return ranks;
}

/** How far clauses lie in the direction of a question; 0 for those that the ranks so far leave without a chance. */
function nearnessOf(ranks: Float64Array, stated: ClauseRules, place: Float32Array): Float64Array {
  const least = LEAST_PLACED * largest(ranks);
  const nearness = new Float64Array(ranks.length);
  for (let at = 0; at < ranks.length; at += 1) if ((ranks[at] ?? 0) >= least) nearness[at] = stated.nearness(at, place);
  return nearness;
}

function wantedIn(rules: Float64Array, most: number): Wanted[] {
  const wanted: Wanted[] = [];
  for (let rule = 0; rule < rules.length; rule += 1) {
    const share = (rules[rule] ?? 0) / (most || 1);
    if (share >= LEAST_WANTED) wanted.push({ rule, weight: share ** RULE_SHARPNESS });
  }
  return wanted;
}

/** The largest of some numbers from 0 up; 0 for none. */
export function largest(numbers: Float64Array): number {
  let most = 0;
  for (let at = 0; at < numbers.length; at += 1) if ((numbers[at] ?? 0) > most) most = numbers[at] ?? 0;
  return most;
}

/** The positions of the greatest numbers, one after the other: few are asked for, so the others are never put in order. */
export function* bestFirst(ranks: Float64Array): Generator<number> {
  const left = ranks.slice();
  for (let count = 0; count < left.length; count += 1) {
    let best = 0;
    for (let at = 1; at < left.length; at += 1) if ((left[at] ?? 0) > (left[best] ?? 0)) best = at;
    left[best] = Number.NEGATIVE_INFINITY;
    yield best;
  }
}

/** The greatest rank, and the fourth or else the last. */
export function bestAndFourth(ranks: Float64Array): [best: number, fourth: number] {
  const leaders: number[] = [];
  for (const at of bestFirst(ranks)) if (leaders.push(ranks[at] ?? 0) === 4) break;
  return [leaders[0] ?? 0, leaders.at(-1) ?? 0];
}
