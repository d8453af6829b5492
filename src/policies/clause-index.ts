import type { RuleArchetype } from './bank.js';
import { ARCHETYPES } from './bank.js';
import type { Citation } from './citation.js';
import { type Features, featuresOf, featuresOfStems, isMeaning, stemsOf } from './features.js';
import { product } from './point-training.js';
import type { Clause, Policy } from './policy.js';
import { sentencesOf, wordsOf } from './read/block.js';
import { type Asked, isKnownWord, knownWords, rulesAskedFor, rulesStatedIn } from './rules.js';
import { mended } from './spelling.js';
import { asksForMore, type Signals, SURENESS, type Sureness, surenessOf } from './sureness.js';
import { Wordings } from './wording.js';

/** A clause with how well it fits a question. */
export interface Match extends Citation {
  /** 0 to 1: how sure it is that the clause answers the question. */
  readonly score: number;
  /** 0 to 1: how much of what the question speaks of stands in the clause. */
  readonly sharedWords: number;
}

/** A rule that a clause states, as far as the bank knows it. */
export interface Link {
  readonly rule: RuleArchetype;
  /** 0 and up, rarely over 1. */
  readonly strength: number;
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
  /** The rules that a clause is taken to state, strongest first; empty for a key that is not there. */
  links(key: string): readonly Link[];
  /** What {@link Match.score} is made from, for the best clauses; the fit of its weights learns from it. */
  signals(question: string, limit?: number): readonly (Citation & { readonly signals: Signals })[];
}

interface Entry extends Citation {
  readonly key: string;
  readonly features: Features;
  /** How much speaks for it that the clause states each rule. */
  readonly rules: Float64Array;
  /** Where the clause as a whole and each of its sentences lie. */
  readonly places: readonly Float32Array[];
}

/** The rules that a question most likely asks for count far more than the next (measured on labelled questions). */
const RULE_SHARPNESS = 2;
/** Rules that count less than this beside the likeliest change no order, and there are hundreds of them. */
const LEAST_WANTED = 0.01;
/** From here on the bank knows well what a question asks for; with less evidence its word counts less beside shared wording. */
const WELL_KNOWN = 0.12;
/** How much shared wording, and lying in the same direction, count beside shared rules. */
const WORDING_WEIGHT = 0.7;
const PLACE_WEIGHT = 0.7;
/** A clause with nearly all the words of a question is taken for its answer even where no rule leads from one to the other. */
const NEARLY_ALL_WORDS = 0.8;
/** Weaker links are noise to a reader. */
const LEAST_LINK = 0.12;
const LINKS_SHOWN = 3;

/** Names a clause among all of a school's: `<policy id>/<clause id>`. */
export const keyOf = ({ policy, clause }: Citation): string => `${policy.id}/${clause.id}`;

/**
 * Builds the index over all quotable clauses of a school's policies. Pure: the same policies give the same index.
 *
 * @param sureness how sure it is of an answer; left out, as fitted to all labelled questions.
 */
export function buildClauseIndex(policies: readonly Policy[], sureness: Sureness = SURENESS): ClauseIndex {
  const entries = policies.flatMap((policy) => policy.clauses.map((clause) => toEntry(policy, clause)));
  const wordings = new Wordings(entries.map(({ features, clause }) => ({ features, characters: clause.quote.length })));
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  const search = (question: string, limit: number) => {
    const asked = featuresOfStems(stemsOf(question).map((stem) => spelt(stem, wordings)));
    if (asked.size === 0) return [];
    const rules = rulesAskedFor(asked);
    const byPlace = Float64Array.from(entries, ({ places }) => nearest(rules.place, places));
    const ranking = rank(entries, rules, {
      byPlace,
      wording: wordings.scores(asked),
      shared: wordings.coverage(asked),
    });
    const best = distinct(ranking, limit);
    return best.map((ranked) => ({ ...ranked, signals: signalsOf(ranked, question, asked, rules) }));
  };
  return {
    clauses: new Map(entries.map(({ key, policy, clause }) => [key, { policy, clause }])),
    find: (question, limit = 3) =>
      search(question, limit).map(({ entry: { policy, clause }, sharedWords, signals }) => {
        const byRules = surenessOf(signals, sureness);
        const score = isNearlyAll(sharedWords, signals) ? Math.max(sharedWords, byRules) : byRules;
        return { policy, clause, score, sharedWords };
      }),
    links: (key) => linksOf(byKey.get(key)?.rules ?? new Float64Array()),
    signals: (question, limit = 3) =>
      search(question, limit).map(({ entry: { policy, clause }, signals }) => ({ policy, clause, signals })),
  };
}

function toEntry(policy: Policy, clause: Clause): Entry {
  const heading = clause.heading.at(-1) ?? '';
  const sentences = sentencesOf(clause.text).filter((sentence) => wordsOf(sentence).length > 3);
  const features = featuresOf(`${clause.quote} ${clause.heading.join(' ')}`);
  const parts = sentences.length > 1 ? sentences.map((sentence) => featuresOf(`${sentence} ${heading}`)) : [];
  const stated = [features, ...parts].map(rulesStatedIn);
  return {
    key: keyOf({ policy, clause }),
    policy,
    clause,
    features,
    rules: strongest(stated.map(({ rules }) => rules)),
    places: stated.map(({ place }) => place),
  };
}

/** For each rule the most that any part says for it. */
function strongest([first = new Float64Array(), ...others]: readonly Float64Array[]): Float64Array {
  const most = first.slice();
  for (const other of others)
    for (let rule = 0; rule < most.length; rule += 1) most[rule] = Math.max(most[rule] ?? 0, other[rule] ?? 0);
  return most;
}

/** A slip of the fingers is mended to a word of the policies or the bank. */
function spelt(stem: string, wordings: Wordings): string {
  if (isKnownWord(stem) || wordings.has(`w ${stem}`)) return stem;
  return mended(stem, knownWords());
}

interface Ranked {
  readonly entry: Entry;
  /** 0 to 3.4, best first. */
  readonly rank: number;
  /** How much the rank is above that of the fourth best, as a share of the best. */
  readonly lead: number;
  readonly sharedWords: number;
}

/** One number for each clause. */
interface Scores {
  readonly wording: Float64Array;
  readonly byPlace: Float64Array;
  /** How much of what the question speaks of stands there. */
  readonly shared: Float64Array;
}

/** Orders clauses by the rules that the question asks for and they state, and by the wording they share. */
function rank(entries: readonly Entry[], { rules }: Asked, { wording, byPlace, shared }: Scores): Ranked[] {
  const most = largest(rules);
  const wanted = rules.map((evidence) => (evidence / most) ** RULE_SHARPNESS);
  const worthAsking = wanted.reduce<number[]>((some, weight, rule) => {
    if (weight >= LEAST_WANTED) some.push(rule);
    return some;
  }, []);
  const byRule = relative(Float64Array.from(entries, (entry) => sumOver(worthAsking, wanted, entry.rules)));
  const known = Math.min(1, most / WELL_KNOWN);
  const worded = relative(wording);
  const placed = relative(byPlace);
  const ranks = byRule.map(
    (share, at) =>
      known * (share + PLACE_WEIGHT * (placed[at] ?? 0)) +
      WORDING_WEIGHT * (worded[at] ?? 0) +
      ((shared[at] ?? 0) >= NEARLY_ALL_WORDS ? 1 : 0),
  );
  const sorted = ranks.toSorted((one, other) => other - one);
  const best = sorted[0] || Number.MIN_VALUE;
  const fourth = sorted[Math.min(3, sorted.length - 1)] ?? 0;
  return entries
    .map((entry, at) => {
      const rank = ranks[at] ?? 0;
      return { entry, rank, lead: (rank - fourth) / best, sharedWords: shared[at] ?? 0 };
    })
    .sort((one, other) => other.rank - one.rank);
}

/** A single word is not enough to be sure of an answer. */
const isNearlyAll = (sharedWords: number, { words }: Signals): boolean =>
  sharedWords >= NEARLY_ALL_WORDS && words > Math.log(2);

/** Scores as shares of the best. */
function relative(scores: Float64Array): Float64Array {
  const best = largest(scores);
  return scores.map((score) => score / best);
}

/** At least next to nothing, so that it can be divided by. */
function largest(numbers: Float64Array): number {
  let most = Number.MIN_VALUE;
  for (let at = 0; at < numbers.length; at += 1) most = Math.max(most, numbers[at] ?? 0);
  return most;
}

/** How much the nearest place speaks for it; 0 when all speak against it. */
function nearest(asked: Float32Array, places: readonly Float32Array[]): number {
  let most = 0;
  for (const place of places) most = Math.max(most, product(asked, place));
  return most;
}

/** The inner product over some positions. */
function sumOver(positions: readonly number[], one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (const at of positions) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

function distinct(ranked: readonly Ranked[], limit: number): Ranked[] {
  const chosen: Ranked[] = [];
  for (const candidate of ranked) {
    if (chosen.length === limit) break;
    if (!chosen.some(({ entry }) => entry.clause.quote.includes(candidate.entry.clause.text))) chosen.push(candidate);
  }
  return chosen;
}

function signalsOf({ entry, rank, lead }: Ranked, question: string, asked: Features, rules: Asked): Signals {
  const shared = rules.rules.map((evidence, rule) => evidence * (entry.rules[rule] ?? 0));
  return {
    sharedRule: Math.sqrt(largest(shared)),
    sharedRules: Math.sqrt(shared.reduce((sum, one) => sum + one, 0)),
    nearestRule: largest(rules.rules),
    outside: rules.outside,
    rank,
    lead,
    words: Math.log(1 + [...asked.keys()].filter(isMeaning).length),
    unmet: asksForMore(question, entry.clause.quote) ? 1 : 0,
  };
}

function linksOf(rules: Float64Array): Link[] {
  return [...rules.entries()]
    .flatMap(([at, strength]) => {
      const rule = ARCHETYPES[at];
      return rule && strength >= LEAST_LINK ? [{ rule, strength }] : [];
    })
    .sort((one, other) => other.strength - one.strength)
    .slice(0, LINKS_SHOWN);
}
