import { stemmer } from 'stemmer';
import type { Citation } from './citation.js';
import { type Features, featuresOf, isMeaning } from './features.js';
import type { Clause, Policy } from './policy.js';
import { sentencesOf, wordsOf } from './read/block.js';
import { nearnessToOutside, rulesAskedFor, rulesStatedIn } from './rules.js';

/** A clause with how well it fits a question. */
export interface Match extends Citation {
  /** 0 to 1: how sure it is that the clause answers the question; see {@link ClauseIndex.find}. */
  readonly score: number;
}

export interface ClauseIndex {
  /** Every clause the index holds, by `<policy id>/<clause id>`. */
  readonly clauses: ReadonlyMap<string, Citation>;
  /**
   * Clauses that may answer a question, best first. A clause that an earlier quotation already shows is left out.
   *
   * @param limit how many at most; default 3.
   * @returns empty for a question without words.
   */
  find(question: string, limit?: number): readonly Match[];
}

interface Entry extends Citation {
  readonly key: string;
  readonly features: Features;
  /** How near the clause is to each rule. */
  readonly rules: Float64Array;
}

/** Only the rules nearest to a question count, and the nearest far more than the next (measured on labelled questions). */
const RULE_SHARPNESS = 6;
const RULES_CONSIDERED = 30;
/** How much shared wording counts beside shared rules. */
const WORDING_WEIGHT = 0.6;
/** Okapi BM25's usual settings, with clauses of some 300 characters as the norm. */
const BM25 = { saturation: 1.2, length: 0.5, usualCharacters: 300 };

/** Builds the index over all quotable clauses of a school's policies. Pure: the same policies give the same index. */
export function buildClauseIndex(policies: readonly Policy[]): ClauseIndex {
  const entries = policies.flatMap((policy) => policy.clauses.map((clause) => toEntry(policy, clause)));
  const counts = new Map<string, number>();
  for (const { features } of entries)
    for (const feature of features.keys()) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  const rarity = (feature: string) => Math.log(1 + entries.length / ((counts.get(feature) ?? 0) + 0.5));

  return {
    clauses: new Map(entries.map(({ key, policy, clause }) => [key, { policy, clause }])),
    find(question, limit = 3) {
      const asked = featuresOf(question);
      if (asked.size === 0) return [];
      const rules = rulesAskedFor(asked);
      const byRule = relative(entries.map(ruleScorer(rules)));
      const byWording = relative(entries.map((entry) => wordingScore(asked, entry, rarity)));
      const sharedWords = sharedWordsOf(asked, rarity);
      const order = entries.map((entry, at) => ({
        entry,
        rank:
          (byRule[at] ?? 0) + WORDING_WEIGHT * (byWording[at] ?? 0) + (sharedWords(entry) >= NEARLY_ALL_WORDS ? 1 : 0),
      }));
      const best = distinct(
        order.toSorted((one, other) => other.rank - one.rank).map(({ entry }) => entry),
        limit,
      );
      const sureness = surenessOf(rules, nearnessToOutside(asked), sharedWords);
      return best.map((entry) => ({ policy: entry.policy, clause: entry.clause, score: sureness(entry) }));
    },
  };
}

function toEntry(policy: Policy, clause: Clause): Entry {
  const heading = clause.heading.at(-1) ?? '';
  const sentences = sentencesOf(clause.text).filter((sentence) => wordsOf(sentence).length > 3);
  const parts = [clause.quote, ...(sentences.length > 1 ? sentences : [])];
  const rules = parts.map((part) => rulesStatedIn(featuresOf(`${part} ${heading}`)));
  return {
    key: `${policy.id}/${clause.id}`,
    policy,
    clause,
    features: featuresOf(`${clause.quote} ${clause.heading.join(' ')}`),
    rules: (rules[0] ?? new Float64Array()).map((_, rule) => Math.max(...rules.map((part) => part[rule] ?? 0))),
  };
}

/** Scores clauses by the rules that the question asks for and the clause states. */
function ruleScorer(asked: Float64Array): (entry: Entry) => number {
  const nearest = [...asked.entries()]
    .map(([rule, nearness]) => ({ rule, weight: nearness ** RULE_SHARPNESS }))
    .toSorted((one, other) => other.weight - one.weight)
    .slice(0, RULES_CONSIDERED);
  return ({ rules }) => nearest.reduce((sum, { rule, weight }) => sum + weight * (rules[rule] ?? 0) ** 2, 0);
}

function wordingScore(asked: Features, { features, clause }: Entry, rarity: (feature: string) => number): number {
  const length = 1 - BM25.length + (BM25.length * clause.quote.length) / BM25.usualCharacters;
  let score = 0;
  for (const [feature, weight] of asked) {
    const count = features.get(feature) ?? 0;
    if (count > 0)
      score += (weight * rarity(feature) * count * (BM25.saturation + 1)) / (count + BM25.saturation * length);
  }
  return score;
}

/** Scores as shares of the best. */
function relative(scores: readonly number[]): number[] {
  const best = Math.max(...scores, Number.MIN_VALUE);
  return scores.map((score) => score / best);
}

function distinct(entries: readonly Entry[], limit: number): Entry[] {
  const chosen: Entry[] = [];
  for (const entry of entries) {
    if (chosen.length === limit) break;
    if (!chosen.some(({ clause }) => clause.quote.includes(entry.clause.text))) chosen.push(entry);
  }
  return chosen;
}

/**
 * What speaks for and against a clause being the answer, by logistic regression over all labelled
 * questions on six policies: the rule that question and clause share, the words they share; against it how near the
 * question is to rules that the clause does not state, and to what is not the policy's business.
 */
const SURENESS = { sharedRule: 39.5, sharedWords: 1.57, nearestRule: -5.94, outside: -13.66, bias: 1.03 };

/** Words that ask; a clause answers them without repeating them. */
const ASKING = new Set('what how when where why who which whose should shd please pls ok okay'.split(' ').map(stemmer));
/** A question farther than this from every rule is of a kind that the bank knows nothing of; then only shared words count. */
const LEAST_KNOWN = 0.12;
/** A clause with nearly all the words of a question is taken for its answer even where no rule leads from one to the other. */
const NEARLY_ALL_WORDS = 0.8;

/** How much of what a question asks about a clause speaks of: 0 to 1, by how rare the words are. */
function sharedWordsOf(asked: Features, rarity: (feature: string) => number): (entry: Entry) => number {
  const words = [...asked.keys()].filter((feature) => isMeaning(feature) && !ASKING.has(feature.slice(2)));
  const weight = (some: readonly string[]) => some.reduce((sum, word) => sum + rarity(word), 0);
  const all = weight(words);
  return ({ features }) => (words.length > 1 ? weight(words.filter((word) => features.has(word))) / all : 0);
}

/**
 * How sure it is that a clause answers the question: 0 to 1.
 *
 * @param rules how near the question is to each rule.
 * @param outside how near it is to what is not the policy's business.
 */
function surenessOf(
  rules: Float64Array,
  outside: number,
  sharedWords: (entry: Entry) => number,
): (entry: Entry) => number {
  const nearestRule = Math.max(...rules);
  const against = SURENESS.nearestRule * nearestRule + SURENESS.outside * outside;
  return (entry) => {
    const sharedRule = Math.max(...rules.map((nearness, rule) => nearness * (entry.rules[rule] ?? 0)));
    const words = sharedWords(entry);
    const evidence = SURENESS.sharedRule * sharedRule + SURENESS.sharedWords * words + against + SURENESS.bias;
    const byRule = nearestRule < LEAST_KNOWN ? 0 : 1 / (1 + Math.exp(-evidence));
    return words >= NEARLY_ALL_WORDS ? Math.max(words, byRule) : byRule;
  };
}
