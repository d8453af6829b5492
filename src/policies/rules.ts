import { ARCHETYPES, MESSAGE_KINDS, type MessageKind } from './bank.js';
import { type Features, Rarity } from './features.js';
import { LESSONS } from './lessons.js';
import { DIMENSIONS } from './point-training.js';
import type { QuantisedPoints, SparseWeights } from './rule-training.js';

/** What a question asks for. */
export interface Asked {
  /** How much speaks for each rule: 0 and up, rarely over 1, in the order of the archetypes. */
  readonly rules: Float64Array;
  /** How much speaks for the likeliest three topics outside together, on the same scale. */
  readonly outside: number;
  /** Where the question lies; its inner product with {@link Stated.place} is the greater the likelier the passage answers it. */
  readonly place: Float32Array;
}

/** What a passage states. */
export interface Stated {
  /** How much speaks for each rule: 0 and up, rarely over 1, in the order of the archetypes. */
  readonly rules: Float64Array;
  readonly place: Float32Array;
}

/** Whoever repeats a word over and over does not ask for more of it. */
const MOST_OF_A_FEATURE = 2;

interface Knowledge {
  readonly rarity: Rarity;
  readonly columns: ReadonlyMap<string, number>;
  readonly rarities: Float64Array;
  /** Of a feature that the bank does not know. */
  readonly greatestRarity: number;
  readonly words: ReadonlySet<string>;
}

/** Laying out what was learnt costs some ten milliseconds, so it is done when first asked for, and once. */
let prepared: Knowledge | undefined;
const knowledge = (): Knowledge => {
  prepared ??= prepare();
  return prepared;
};

function prepare(): Knowledge {
  const { features, counts, texts } = LESSONS;
  const rarity = new Rarity(new Map(features.map((feature, column) => [feature, counts[column] ?? 0])), texts);
  return {
    rarity,
    columns: new Map(features.map((feature, column) => [feature, column])),
    rarities: Float64Array.from(features, (feature) => rarity.of(feature)),
    greatestRarity: new Rarity(new Map(), texts).of(''),
    words: new Set(features.filter((feature) => feature.startsWith('w ')).map((feature) => feature.slice(2))),
  };
}

/** Which rules a question asks for. */
export function rulesAskedFor(question: Features): Asked {
  const text = weighed(withoutRepeats(question));
  const evidence = onlyFor(evidenceIn(text, LESSONS.asked, ARCHETYPES.length + LESSONS.topics));
  return {
    rules: evidence.subarray(0, ARCHETYPES.length),
    outside: sumOfLargestThree(evidence.subarray(ARCHETYPES.length)),
    place: placeOf(text, LESSONS.askedPoints),
  };
}

function sumOfLargestThree(numbers: Float64Array): number {
  let [first, second, third] = [0, 0, 0];
  for (const one of numbers) {
    if (one > first) [first, second, third] = [one, first, second];
    else if (one > second) [second, third] = [one, second];
    else if (one > third) third = one;
  }
  return first + second + third;
}

/** Which rules a passage states. */
export function rulesStatedIn(passage: Features): Stated {
  const text = weighed(passage);
  return {
    rules: onlyFor(evidenceIn(text, LESSONS.stated, ARCHETYPES.length)),
    place: placeOf(text, LESSONS.statedPoints),
  };
}

/** How much speaks for each kind of message: about 1 for what is surely of the kind, about 0 or less for what is surely not. */
export function kindsOf(message: Features): Readonly<Record<MessageKind, number>> {
  const evidence = evidenceIn(weighed(message), LESSONS.kinds, MESSAGE_KINDS.length);
  return Object.fromEntries(MESSAGE_KINDS.map((kind, at) => [kind, evidence[at] ?? 0])) as Record<MessageKind, number>;
}

/** How rare words and their pairs are among what staff ask and policies state. */
export const usualRarity = (): Rarity => knowledge().rarity;

/** Whether the bank knows a word in this spelling. */
export const isKnownWord = (stem: string): boolean => knowledge().words.has(stem);

/** The words that the bank knows, without their endings. */
export const knownWords = (): Iterable<string> => knowledge().words;

/** The features of a text that the bank knows, weighted by rarity so that the text as a whole has length 1. */
interface Weighed {
  readonly columns: readonly number[];
  readonly values: readonly number[];
}

/** A message is weighed for its kind and then for the rules it asks for. */
const weighedBefore = new WeakMap<Features, Weighed>();

function weighed(features: Features): Weighed {
  const before = weighedBefore.get(features);
  if (before) return before;
  const { columns, rarities, greatestRarity } = knowledge();
  const known: number[] = [];
  const values: number[] = [];
  let square = 0;
  for (const [feature, weight] of features) {
    const column = columns.get(feature);
    const value = weight * (column === undefined ? greatestRarity : (rarities[column] ?? 0));
    square += value * value;
    if (column === undefined) continue;
    known.push(column);
    values.push(value);
  }
  const length = Math.sqrt(square) || 1;
  const text = { columns: known, values: values.map((value) => value / length) };
  weighedBefore.set(features, text);
  return text;
}

/** The features themselves where none stands there more often than counts. */
function withoutRepeats(features: Features): Features {
  for (const weight of features.values())
    if (weight > MOST_OF_A_FEATURE)
      return new Map([...features].map(([feature, each]) => [feature, Math.min(each, MOST_OF_A_FEATURE)]));
  return features;
}

/** Sums what each feature says for and against each rule. */
function evidenceIn(text: Weighed, { scale, starts, rules, weights }: SparseWeights, count: number): Float64Array {
  const evidence = new Float64Array(count);
  for (let feature = 0; feature < text.columns.length; feature += 1) {
    const column = text.columns[feature] ?? 0;
    const value = (text.values[feature] ?? 0) * scale;
    const end = starts[column + 1] ?? 0;
    for (let at = starts[column] ?? 0; at < end; at += 1) {
      const rule = rules[at] ?? 0;
      evidence[rule] = (evidence[rule] ?? 0) + value * (weights[at] ?? 0);
    }
  }
  return evidence;
}

/** What speaks against a rule on balance counts as nothing. */
function onlyFor(evidence: Float64Array): Float64Array {
  for (let rule = 0; rule < evidence.length; rule += 1) if ((evidence[rule] ?? 0) < 0) evidence[rule] = 0;
  return evidence;
}

function placeOf(text: Weighed, { scales, parts }: QuantisedPoints): Float32Array {
  const place = new Float32Array(DIMENSIONS);
  for (let feature = 0; feature < text.columns.length; feature += 1) {
    const column = text.columns[feature] ?? 0;
    const value = (text.values[feature] ?? 0) * (scales[column] ?? 0);
    const start = column * DIMENSIONS;
    for (let at = 0; at < DIMENSIONS; at += 1) place[at] = (place[at] ?? 0) + value * (parts[start + at] ?? 0);
  }
  return place;
}
