import type { RuleArchetype } from './bank.js';
import { ARCHETYPES } from './bank.js';
import type { Citation } from './citation.js';
import { bestAndFourth, bestFirst, largest, NEARLY_ALL_WORDS, ranksOf } from './clause-ranking.js';
import { ClauseRules, type Parts } from './clause-rules.js';
import { type Features, featuresOf, featuresOfStems, isMeaning, readingOf } from './features.js';
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
    const features = featuresAsMeant(question, wordings);
    if (features.size === 0) return [];
    const asked = { features, rules: rulesAskedFor(features) };
    const shared = wordings.coverage(features);
    const ranks = ranksOf(asked.rules, stated, { wording: wordings.scores(features), shared });
    const ofQuestion = signalsOfQuestion(asked);
    const [best, fourth] = bestAndFourth(ranks);
    const forMore = asksForMore(question);
    return distinct(citations, ranks, limit).map(({ at, citation }) => {
      const rank = ranks[at] ?? 0;
      const signals = signalsTogether(ofQuestion, signalsOfRules(asked.rules, stated.rulesOf(at)), {
        rank,
        lead: (rank - fourth) / (best || 1),
        unmet: forMore && !givesMore(citation.clause.quote) ? 1 : 0,
      });
      return { citation, sharedWords: shared[at] ?? 0, signals };
    });
  };
  return {
    clauses: new Map(citations.map((citation) => [keyOf(citation), citation])),
    find: (question, limit = 3) =>
      search(question, limit).map(({ citation, sharedWords, signals }) => {
        const byRules = surenessOf(signals, sureness);
        const score = isNearlyAll(sharedWords, signals) ? Math.max(sharedWords, byRules) : byRules;
        return { policy: citation.policy, clause: citation.clause, score, sharedWords };
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

/** The features of a question once slips of the fingers are mended. */
function featuresAsMeant(question: string, wordings: Wordings): Features {
  const { stems, features } = readingOf(question);
  const meant = stems.map((stem) => spelt(stem, wordings));
  return meant.every((stem, at) => stem === stems[at]) ? features : featuresOfStems(meant);
}

/** A slip of the fingers is mended to a word of the policies or the bank. */
function spelt(stem: string, wordings: Wordings): string {
  if (isKnownWord(stem) || wordings.has(`w ${stem}`)) return stem;
  return mended(stem, knownWords());
}

/** A single word is not enough to be sure of an answer. */
const isNearlyAll = (sharedWords: number, { words }: Signals): boolean =>
  sharedWords >= NEARLY_ALL_WORDS && words > Math.log(2);

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

/** Field by field: spreading objects into each other takes longer than working out what is in them. */
const signalsTogether = (
  { nearestRule, outside, words }: Pick<Signals, 'nearestRule' | 'outside' | 'words'>,
  { sharedRule, sharedRules }: Pick<Signals, 'sharedRule' | 'sharedRules'>,
  { rank, lead, unmet }: Pick<Signals, 'rank' | 'lead' | 'unmet'>,
): Signals => ({ sharedRule, sharedRules, nearestRule, outside, words, rank, lead, unmet });

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
