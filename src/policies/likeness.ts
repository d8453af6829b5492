import { ARCHETYPES } from './bank.js';
import { type Features, featuresOf } from './features.js';
import { rulesAskedFor, usualRarity } from './rules.js';

/** What a question is about, in a form that can be compared. */
export interface Sketch {
  /** Its words and the rules it is nearest to, weighted so that the product of two sketches is their likeness, 0 to 1. */
  readonly traits: Features;
  /** Title of the rule it asks for; `null` when the bank knows none that is near enough. */
  readonly subject: string | null;
  /** It is far nearer to what is not the policy's business than to any rule. */
  readonly outside: boolean;
}

/** How much common rules count beside common words; both measured on groups of questions that ask alike. */
const RULES_SHARE = 0.7;

const RULES_KEPT = 24;
/** Groups whose questions are on average less alike than this ask different things. */
const ALIKE = 0.2;
/** A rule nearer than this names a question. */
const NAMES_SUBJECT = 0.19;
/** A matter outside must be this near, and this much nearer than any rule, for a question to be none of the policy's business. */
const NAMES_OUTSIDE = 0.24;
const NEARER_OUTSIDE = 1.4;

/** Takes a question apart for comparison; less than a millisecond. */
export function sketchOf(question: string): Sketch {
  const features = featuresOf(question);
  const { rules: asked, outside } = rulesAskedFor(features);
  const nearest = [...asked.entries()]
    .toSorted(([one, near], [other, nearer]) => nearer - near || one - other)
    .slice(0, RULES_KEPT);
  const [rule, most] = nearest[0] ?? [0, 0];
  const words = [...usualRarity().weigh(features)].map(
    ([name, weight]) => [name, weight * Math.sqrt(1 - RULES_SHARE)] as const,
  );
  const rules = toLengthOne(nearest).map(([at, weight]) => [`rule ${at}`, weight * Math.sqrt(RULES_SHARE)] as const);
  return {
    traits: new Map([...words, ...rules]),
    subject: most >= Math.max(NAMES_SUBJECT, outside) ? (ARCHETYPES[rule]?.title ?? null) : null,
    outside: outside >= NAMES_OUTSIDE && outside > NEARER_OUTSIDE * most,
  };
}

function toLengthOne(
  nearest: readonly (readonly [rule: number, nearness: number])[],
): [rule: number, weight: number][] {
  const length = Math.hypot(...nearest.map(([, near]) => near)) || 1;
  return nearest.map(([at, near]) => [at, near / length]);
}

/** How far two questions ask the same, 0 to 1. */
export const likeness = (one: Sketch, other: Sketch): number =>
  [...one.traits].reduce((sum, [trait, weight]) => sum + weight * (other.traits.get(trait) ?? 0), 0);

/** The likeness of each sketch to each before it. */
function likenesses(sketches: readonly Sketch[]): Float64Array[] {
  const postings = new Map<string, { readonly at: number; readonly weight: number }[]>();
  return sketches.map(({ traits }, at) => {
    const row = new Float64Array(sketches.length);
    for (const [trait, weight] of traits) {
      const earlier = postings.get(trait) ?? [];
      for (const other of earlier) row[other.at] = (row[other.at] ?? 0) + weight * other.weight;
      earlier.push({ at, weight });
      postings.set(trait, earlier);
    }
    return row;
  });
}

/**
 * Puts questions that ask alike together: the two most alike groups are joined, by the average over their questions, until none
 * are alike enough. The same questions in the same order give the same groups. Time grows with the square of their number.
 *
 * @returns positions in `sketches`, each in one group.
 */
export function groupAlike(sketches: readonly Sketch[]): number[][] {
  const groups = new Groups(sketches);
  while (groups.joinMostAlike());
  return groups.members();
}

interface Partner {
  readonly group: number;
  /** Average likeness of the questions of both groups. */
  readonly average: number;
}

class Groups {
  readonly #members: Map<number, number[]>;
  /** The sum of likenesses between the questions of two groups; when groups are joined, their sums add up. */
  readonly #sums: readonly Float64Array[];
  /** The group most alike to each; joining two others cannot bring them nearer than the nearer of them was. */
  readonly #partners = new Map<number, Partner | undefined>();

  constructor(sketches: readonly Sketch[]) {
    this.#members = new Map(sketches.map((_, at) => [at, [at]]));
    this.#sums = likenesses(sketches);
    for (const [one, row] of this.#sums.entries())
      for (const [other, sum] of row.subarray(0, one).entries()) this.#set(one, other, sum);
    for (const group of this.#members.keys()) this.#partners.set(group, this.#findPartner(group));
  }

  members(): number[][] {
    return [...this.#members.values()];
  }

  /** @returns false when no two groups are alike enough. */
  joinMostAlike(): boolean {
    let best: { into: number; from: number; average: number } | undefined;
    for (const [into, partner] of this.#partners)
      if (partner && partner.average > (best?.average ?? ALIKE))
        best = { into, from: partner.group, average: partner.average };
    if (!best) return false;
    this.#join(best.into, best.from);
    return true;
  }

  #join(into: number, from: number): void {
    this.#members.set(into, [...(this.#members.get(into) ?? []), ...(this.#members.get(from) ?? [])]);
    this.#members.delete(from);
    this.#partners.delete(from);
    for (const other of this.#members.keys())
      this.#set(into, other, (this.#sums[into]?.[other] ?? 0) + (this.#sums[from]?.[other] ?? 0));
    for (const [group, partner] of this.#partners)
      if (group === into || partner?.group === into || partner?.group === from)
        this.#partners.set(group, this.#findPartner(group));
  }

  #findPartner(group: number): Partner | undefined {
    const size = this.#members.get(group)?.length ?? 1;
    let best: Partner | undefined;
    for (const [other, { length }] of this.#members) {
      const average = (this.#sums[group]?.[other] ?? 0) / (size * length);
      if (other !== group && average > (best?.average ?? ALIKE)) best = { group: other, average };
    }
    return best;
  }

  #set(one: number, other: number, sum: number): void {
    this.#sums[one]?.fill(sum, other, other + 1);
    this.#sums[other]?.fill(sum, one, one + 1);
  }
}
