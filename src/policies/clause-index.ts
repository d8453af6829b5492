import type { RuleArchetype } from './bank.js';
import { ARCHETYPES } from './bank.js';
import type { Citation } from './citation.js';
import { ClauseRules, type Parts, type Wanted } from './clause-rules.js';
import { type Features, featuresOf, featuresOfStems, isMeaning, stemsOf } from './features.js';
import type { Policy } from './policy.js';
import { sentencesOf, wordsOf } from './read/block.js';
import { type Asked, isKnownWord, knownWords, rulesAskedFor, rulesStatedIn } from './rules.js';
import { mended } from './spelling.js';
import { asksForMore, givesMore, type Signals, SURENESS, type Sureness, surenessOf } from './sureness.js';
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

/** A clause on its way into the index. */
interface Entry {
  readonly citation: Citation;
  readonly features: Features;
  readonly parts: Parts;
}

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
  const entries = policies.flatMap((policy) => policy.clauses.map((clause) => toEntry({ policy, clause })));
  const citations = entries.map(({ citation }) => citation);
  const positions = new Map(citations.map((citation, at) => [keyOf(citation), at]));
  const wordings = new Wordings(
    entries.map(({ features, citation }) => ({ features, characters: citation.clause.quote.length })),
  );
  const stated = new ClauseRules(entries.map(({ parts }) => parts));
  const search = (question: string, limit: number): Found[] => {
    const features = featuresOfStems(stemsOf(question).map((stem) => spelt(stem, wordings)));
    if (features.size === 0) return [];
    const asked = { features, rules: rulesAskedFor(features) };
    const shared = wordings.coverage(features);
    const ranks = ranksOf(asked.rules, stated, { wording: wordings.scores(features), shared });
    const ofQuestion = signalsOfQuestion(asked);
    const [best, fourth] = bestAndFourth(ranks);
    const forMore = asksForMore(question);
    return distinct(citations, ranks, limit).map(({ at, citation }) => {
      const rank = ranks[at] ?? 0;
      const signals = {
        ...ofQuestion,
        ...signalsOfRules(asked.rules, stated.rulesOf(at)),
        rank,
        lead: (rank - fourth) / (best || 1),
        unmet: forMore && !givesMore(citation.clause.quote) ? 1 : 0,
      };
      return { citation, sharedWords: shared[at] ?? 0, signals };
    });
  };
  return {
    clauses: new Map(citations.map((citation) => [keyOf(citation), citation])),
    find: (question, limit = 3) =>
      search(question, limit).map(({ citation, sharedWords, signals }) => {
        const byRules = surenessOf(signals, sureness);
        const score = isNearlyAll(sharedWords, signals) ? Math.max(sharedWords, byRules) : byRules;
        return { ...citation, score, sharedWords };
      }),
    links: (key) => {
      const at = positions.get(key);
      return at === undefined ? [] : linksOf(stated.rulesOf(at));
    },
    signals: (question, limit = 3) =>
      search(question, limit).map(({ citation, signals }) => ({ ...citation, signals })),
  };
}

/** A clause that may answer, with what speaks for it. */
interface Found {
  readonly citation: Citation;
  readonly sharedWords: number;
  readonly signals: Signals;
}

function toEntry(citation: Citation): Entry {
  const { clause } = citation;
  const heading = clause.heading.at(-1) ?? '';
  const sentences = sentencesOf(clause.text).filter((sentence) => wordsOf(sentence).length > 3);
  const features = featuresOf(`${clause.quote} ${clause.heading.join(' ')}`);
  const others = sentences.length > 1 ? sentences.map((sentence) => featuresOf(`${sentence} ${heading}`)) : [];
  return { citation, features, parts: [features, ...others].map(rulesStatedIn) };
}

/** A slip of the fingers is mended to a word of the policies or the bank. */
function spelt(stem: string, wordings: Wordings): string {
  if (isKnownWord(stem) || wordings.has(`w ${stem}`)) return stem;
  return mended(stem, knownWords());
}

/** How clauses rank by the rules that the question asks for and they state, and by the wording they share: 0 to 3.4. */
function ranksOf(
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

/** A single word is not enough to be sure of an answer. */
const isNearlyAll = (sharedWords: number, { words }: Signals): boolean =>
  sharedWords >= NEARLY_ALL_WORDS && words > Math.log(2);

/** The largest of some numbers from 0 up; 0 for none. */
function largest(numbers: Float64Array): number {
  let most = 0;
  for (let at = 0; at < numbers.length; at += 1) if ((numbers[at] ?? 0) > most) most = numbers[at] ?? 0;
  return most;
}

/** A clause with its position in the index. */
interface Placed {
  readonly at: number;
  readonly citation: Citation;
}

/** The clauses that rank best, without those that an earlier quotation already shows. */
function distinct(citations: readonly Citation[], ranks: Float64Array, limit: number): Placed[] {
  const chosen: Placed[] = [];
  for (const at of bestFirst(ranks)) {
    if (chosen.length === limit) break;
    const citation = citations[at];
    if (citation && !chosen.some((earlier) => earlier.citation.clause.quote.includes(citation.clause.text)))
      chosen.push({ at, citation });
  }
  return chosen;
}

/** The positions of the greatest numbers, one after the other: few are asked for, so the others are never put in order. */
function* bestFirst(ranks: Float64Array): Generator<number> {
  const left = ranks.slice();
  for (let count = 0; count < left.length; count += 1) {
    let best = 0;
    for (let at = 1; at < left.length; at += 1) if ((left[at] ?? 0) > (left[best] ?? 0)) best = at;
    left[best] = Number.NEGATIVE_INFINITY;
    yield best;
  }
}

/** The greatest rank, and the fourth or else the last. */
function bestAndFourth(ranks: Float64Array): [best: number, fourth: number] {
  const leaders: number[] = [];
  for (const at of bestFirst(ranks)) if (leaders.push(ranks[at] ?? 0) === 4) break;
  return [leaders[0] ?? 0, leaders.at(-1) ?? 0];
}

const signalsOfQuestion = ({ features, rules }: { readonly features: Features; readonly rules: Asked }) => ({
  nearestRule: largest(rules.rules),
  outside: rules.outside,
  words: Math.log(1 + [...features.keys()].filter(isMeaning).length),
});

function signalsOfRules({ rules }: Asked, stated: Float32Array): Pick<Signals, 'sharedRule' | 'sharedRules'> {
  let most = 0;
  let sum = 0;
  for (let rule = 0; rule < stated.length; rule += 1) {
    const shared = (rules[rule] ?? 0) * (stated[rule] ?? 0);
    if (shared > most) most = shared;
    sum += shared;
  }
  return { sharedRule: Math.sqrt(most), sharedRules: Math.sqrt(sum) };
}

function linksOf(rules: Float32Array): Link[] {
  return [...rules.entries()]
    .flatMap(([at, strength]) => {
      const rule = ARCHETYPES[at];
      return rule && strength >= LEAST_LINK ? [{ rule, strength }] : [];
    })
    .sort((one, other) => other.strength - one.strength)
    .slice(0, LINKS_SHOWN);
}
