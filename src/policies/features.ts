import { stemmer } from 'stemmer';
import { VOCABULARY } from './bank.js';
import { tokensOf } from './words.js';

/** What a text is compared by: its words, the meanings of its words, pairs of them and their letters, each with a weight. */
export type Features = ReadonlyMap<string, number>;

/** How much each kind of feature counts beside a meaning (measured on labelled questions over six policies). */
const WEIGHTS = { word: 0.8, pair: 0.5, letters: 0.25 };
/** Letters in a row; words shorter than this are compared whole only. */
const LETTERS = 4;

/** Words that say little about what a question is about; pairs keep them, as "not my" differs from "on my". */
const STOP_WORDS = new Set(
  (
    'a an the to of in on at for is it be and or i my me we our you your that this with as are was were will would can could do ' +
    'does did so if but by from not no have has had they their them he she his her its about any just there'
  )
    .split(' ')
    .map(stemmer),
);

/** Stems of a phrase to the name of the meaning it shares with others. */
const MEANINGS = new Map(
  VOCABULARY.flatMap(({ policy, everyday }, group) =>
    [...policy, ...everyday].map((phrase) => [stemsOf(phrase).join(' '), `v${group}`] as const),
  ).reverse(),
);
const LONGEST_PHRASE = Math.max(...[...MEANINGS.keys()].map((phrase) => phrase.split(' ').length));

/** Takes a text apart for comparison; spelling mistakes keep most letters, and "insta" and "Instagram" mean the same. */
export function featuresOf(text: string): Features {
  const features = new Map<string, number>();
  const add = (name: string, weight: number) => features.set(name, (features.get(name) ?? 0) + weight);
  const stems = stemsOf(text);
  const meanings = meaningsOf(stems);
  for (const meaning of meanings) if (!STOP_WORDS.has(meaning)) add(`m ${meaning}`, 1);
  for (const [at, meaning] of meanings.slice(1).entries()) add(`p ${meanings[at]} ${meaning}`, WEIGHTS.pair);
  for (const stem of stems) {
    if (!STOP_WORDS.has(stem)) add(`w ${stem}`, WEIGHTS.word);
    for (const letters of stem.length < LETTERS ? [] : lettersOf(stem)) add(`l ${letters}`, WEIGHTS.letters);
  }
  return features;
}

/** Whether a feature is a word or phrase by its meaning, rather than a pair or letters. */
export const isMeaning = (feature: string): boolean => feature.startsWith('m ');

function stemsOf(text: string): string[] {
  return tokensOf(text).map(stemmer);
}

/** The longest phrases with a meaning of their own are replaced by it; other words stand for themselves. */
function meaningsOf(stems: readonly string[]): string[] {
  const meanings: string[] = [];
  for (let at = 0; at < stems.length; ) {
    let length = Math.min(LONGEST_PHRASE, stems.length - at);
    while (length > 1 && !MEANINGS.has(stems.slice(at, at + length).join(' '))) length -= 1;
    const phrase = stems.slice(at, at + length).join(' ');
    meanings.push(MEANINGS.get(phrase) ?? phrase);
    at += length;
  }
  return meanings;
}

const lettersOf = (stem: string): string[] =>
  Array.from({ length: stem.length + 3 - LETTERS }, (_, at) => `^${stem}$`.slice(at, at + LETTERS));

/** How rare each feature is among some texts, and what a text weighs by that. */
export class Rarity {
  readonly #counts = new Map<string, number>();
  readonly #texts: number;

  constructor(texts: readonly Features[]) {
    this.#texts = texts.length;
    for (const text of texts)
      for (const feature of text.keys()) this.#counts.set(feature, (this.#counts.get(feature) ?? 0) + 1);
  }

  of(feature: string): number {
    return Math.log(1 + this.#texts / ((this.#counts.get(feature) ?? 0) + 1));
  }

  /** The features weighted by rarity, with length 1. */
  weigh(features: Features): Features {
    const weighed = [...features].map(([feature, weight]) => [feature, weight * this.of(feature)] as const);
    const length = Math.sqrt(weighed.reduce((sum, [, weight]) => sum + weight * weight, 0)) || 1;
    return new Map(weighed.map(([feature, weight]) => [feature, weight / length]));
  }
}

/** Texts that others are compared with, each standing for something numbered. */
export class Comparison {
  readonly #postings = new Map<string, { text: number; weight: number }[]>();
  readonly #standsFor: readonly number[];
  readonly #count: number;

  /**
   * @param texts weighed by {@link Rarity.weigh}.
   * @param standsFor what each text stands for, from 0.
   */
  constructor(texts: readonly Features[], standsFor: readonly number[]) {
    this.#standsFor = standsFor;
    this.#count = Math.max(-1, ...standsFor) + 1;
    for (const [text, features] of texts.entries()) {
      for (const [feature, weight] of features) {
        const postings = this.#postings.get(feature);
        if (postings) postings.push({ text, weight });
        else this.#postings.set(feature, [{ text, weight }]);
      }
    }
  }

  /**
   * How near a text is to each thing the others stand for, 0 to 1: mostly its nearest text, and a little the two next.
   *
   * @param features weighed as the texts were.
   */
  nearness(features: Features): Float64Array {
    const cosines = new Float64Array(this.#standsFor.length);
    for (const [feature, weight] of features) {
      for (const { text, weight: other } of this.#postings.get(feature) ?? [])
        cosines[text] = (cosines[text] ?? 0) + weight * other;
    }
    const best = Array.from({ length: this.#count }, () => [0, 0, 0] as [number, number, number]);
    for (const [text, cosine] of cosines.entries()) {
      const three = best[this.#standsFor[text] ?? 0];
      if (three && cosine > three[2]) insert(three, cosine);
    }
    return Float64Array.from(best, ([first, second, third]) => 0.6 * first + 0.25 * second + 0.15 * third);
  }
}

function insert(three: [number, number, number], value: number): void {
  if (value > three[0]) [three[0], three[1], three[2]] = [value, three[0], three[1]];
  else if (value > three[1]) [three[1], three[2]] = [value, three[1]];
  else three[2] = value;
}
