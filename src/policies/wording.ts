import { type Features, featuresOf, isMeaning, isPair } from './features.js';

/** Okapi BM25's usual settings, with clauses of some 300 characters as the norm. */
const BM25 = { saturation: 1.2, length: 0.5, usualCharacters: 300 };

/** Words that ask; a text answers them without repeating them. */
const ASKING = new Set([...featuresOf('what how when where why who which whose should shd please pls ok okay').keys()]);

interface Text {
  readonly features: Features;
  readonly characters: number;
}

/** The texts that have a feature, and how much it counts in each. */
interface Postings {
  readonly texts: number[];
  readonly shares: number[];
}

/** How well the wording of some texts fits a question's, by Okapi BM25 over words and their meanings. */
export class Wordings {
  readonly #postings = new Map<string, Postings>();
  readonly #count: number;

  constructor(texts: readonly Text[]) {
    this.#count = texts.length;
    for (const [text, { features, characters }] of texts.entries()) {
      const length = 1 - BM25.length + (BM25.length * characters) / BM25.usualCharacters;
      for (const [feature, count] of features) {
        if (isPair(feature)) continue;
        let postings = this.#postings.get(feature);
        if (postings === undefined) {
          postings = { texts: [], shares: [] };
          this.#postings.set(feature, postings);
        }
        postings.texts.push(text);
        postings.shares.push((count * (BM25.saturation + 1)) / (count + BM25.saturation * length));
      }
    }
  }

  /** Whether any of the texts has a feature. */
  has(feature: string): boolean {
    return this.#postings.has(feature);
  }

  /** How much a feature tells: the fewer texts have it, the more. */
  rarity(feature: string): number {
    return Math.log(1 + this.#count / ((this.#postings.get(feature)?.texts.length ?? 0) + 0.5));
  }

  /** One score for each text, 0 and up. */
  scores(asked: Features): Float64Array {
    const scores = new Float64Array(this.#count);
    for (const [feature, weight] of asked) {
      const postings = this.#postings.get(feature);
      if (postings === undefined) continue;
      const { texts, shares } = postings;
      const rarity = weight * this.rarity(feature);
      for (let at = 0; at < texts.length; at += 1) {
        const text = texts[at] ?? 0;
        scores[text] = (scores[text] ?? 0) + rarity * (shares[at] ?? 0);
      }
    }
    return scores;
  }

  /** How much of what a question speaks of stands in each text: 0 to 1, by how rare the words are. */
  coverage(asked: Features): Float64Array {
    const words = [...asked.keys()].filter((feature) => isMeaning(feature) && !ASKING.has(feature));
    const all = words.reduce((sum, word) => sum + this.rarity(word), 0) || 1;
    const shares = new Float64Array(this.#count);
    for (const word of words) {
      const share = this.rarity(word) / all;
      for (const text of this.#postings.get(word)?.texts ?? []) shares[text] = (shares[text] ?? 0) + share;
    }
    return shares;
  }
}
