import { stemmer } from 'stemmer';
import { VOCABULARY } from './bank.js';
import { tokensOf } from './words.js';

/** What a text is compared by: its words, the meanings of its words and pairs of them, each with a weight. */
export type Features = ReadonlyMap<string, number>;

/** Stems come again and again in a policy, and finding one costs more than remembering it. */
const STEMS = new Map<string, string>();
const STEMS_REMEMBERED = 20_000;

/** How much each kind of feature counts beside a meaning (measured on labelled questions). */
const WEIGHTS = { word: 0.8, pair: 1 };

/** Words that say little about what a question is about; pairs keep them, as "not my" differs from "on my". */
const STOP_WORDS = new Set(
  (
    'a an the to of in on at for is it be and or i my me we our you your that this with as are was were will would can could do ' +
    'does did so if but by from not no have has had they their them he she his her its about any just there'
  )
    .split(' ')
    .map(stemmer),
);

/** Where the stems read so far lead: to a meaning, if they are a phrase that has one, and to longer phrases. */
interface PhraseNode {
  meaning?: string;
  readonly next: Map<string, PhraseNode>;
}

/** Phrases that share their meaning with others, stem by stem. A phrase that stands in two groups has the first one's meaning. */
const PHRASES: PhraseNode = { next: new Map() };
for (const [group, { policy, everyday }] of VOCABULARY.entries()) {
  for (const phrase of [...policy, ...everyday]) {
    let node = PHRASES;
    for (const stem of stemsOf(phrase)) {
      const next = node.next.get(stem) ?? { next: new Map() };
      node.next.set(stem, next);
      node = next;
    }
    node.meaning ??= `v${group}`;
  }
}

/** A text in the forms it is compared by. */
export interface Reading {
  readonly text: string;
  /** See {@link stemsOf}. */
  readonly stems: readonly string[];
  readonly features: Features;
}

/** A message is read for what kind it is of and then for what answers it, so the reading of the last one is kept. */
let lastReading: Reading = { text: '', stems: [], features: new Map() };

/** Reads a message; the same message again costs nothing. */
export function readingOf(text: string): Reading {
  if (lastReading.text !== text) {
    const stems = stemsOf(text);
    lastReading = { text, stems, features: featuresOfStems(stems) };
  }
  return lastReading;
}

/** Takes a text apart for comparison; "insta" and "Instagram" mean the same. */
export function featuresOf(text: string): Features {
  return featuresOfStems(stemsOf(text));
}

/** The same for a text that is already in stems (see {@link stemsOf}). */
export function featuresOfStems(stems: readonly string[]): Features {
  const features = new Map<string, number>();
  const add = (name: string, weight: number) => features.set(name, (features.get(name) ?? 0) + weight);
  let before: string | undefined;
  for (const meaning of meaningsOf(stems)) {
    if (!STOP_WORDS.has(meaning)) add(`m ${meaning}`, 1);
    if (before !== undefined) add(`p ${before} ${meaning}`, WEIGHTS.pair);
    before = meaning;
  }
  for (const stem of stems) if (!STOP_WORDS.has(stem)) add(`w ${stem}`, WEIGHTS.word);
  return features;
}

/** Whether a feature is a word or phrase by its meaning, rather than by its spelling or a pair. */
export const isMeaning = (feature: string): boolean => feature.startsWith('m ');
/** Whether a feature is two meanings in a row. */
export const isPair = (feature: string): boolean => feature.startsWith('p ');

/** The words of a text without their endings, in order. */
export function stemsOf(text: string): string[] {
  return tokensOf(text).map((token) => {
    const known = STEMS.get(token);
    if (known !== undefined) return known;
    const stem = stemmer(token);
    if (STEMS.size < STEMS_REMEMBERED) STEMS.set(token, stem);
    return stem;
  });
}

/** The longest phrases with a meaning of their own are replaced by it; other words stand for themselves. */
function meaningsOf(stems: readonly string[]): string[] {
  const meanings: string[] = [];
  for (let at = 0; at < stems.length; ) {
    let meaning = stems[at] ?? '';
    let length = 1;
    let node = PHRASES.next.get(meaning);
    for (let read = 1; node !== undefined; read += 1) {
      if (node.meaning !== undefined) [meaning, length] = [node.meaning, read];
      node = node.next.get(stems[at + read] ?? '');
    }
    meanings.push(meaning);
    at += length;
  }
  return meanings;
}

/** How rare each feature is among some texts, and what a text weighs by that. */
export class Rarity {
  readonly #counts: ReadonlyMap<string, number>;
  readonly #texts: number;

  /**
   * @param counts in how many of the texts each feature stands.
   * @param texts how many there are.
   */
  constructor(counts: ReadonlyMap<string, number>, texts: number) {
    this.#counts = counts;
    this.#texts = texts;
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
