import { createHash } from 'node:crypto';
import { type Bank, MESSAGE_KINDS } from './bank.js';
import { featuresOf, Rarity } from './features.js';
import { DIMENSIONS, learnPoints } from './point-training.js';
import { type Labelled, labelsOf, matrixOf, ridge } from './ridge.js';

/**
 * What one of the two models learnt: for feature `f`, the entries `starts[f]` up to `starts[f + 1]` name a rule each and how
 * much the feature speaks for or against it, in parts of `scale`.
 */
export interface SparseWeights {
  readonly scale: number;
  readonly starts: Uint32Array;
  readonly rules: Uint16Array;
  readonly weights: Int8Array;
}

export interface Lessons {
  /** Which bank this was learnt from; see {@link fingerprintOf}. */
  readonly bank: string;
  /** How many texts the bank has, and in how many of them each feature stands: {@link Rarity} is made from these. */
  readonly texts: number;
  /** How many topics outside follow the rules in `asked`. */
  readonly topics: number;
  readonly features: readonly string[];
  readonly counts: readonly number[];
  /** Which rules a question asks for; the topics outside follow the rules. */
  readonly asked: SparseWeights;
  /** Which rules a passage states. */
  readonly stated: SparseWeights;
  /** What kind of message a text is, in the order of {@link MESSAGE_KINDS}. */
  readonly kinds: SparseWeights;
  /** Where questions and passages lie; see {@link learnPoints}. */
  readonly askedPoints: QuantisedPoints;
  readonly statedPoints: QuantisedPoints;
}

/** One row of {@link DIMENSIONS} numbers for each feature, in parts of that feature's scale. */
export interface QuantisedPoints {
  readonly scales: Float32Array;
  readonly parts: Int8Array;
}

/** Features that stand in one text only teach nothing about others. */
const LEAST_TEXTS = 2;
/** Most weights are next to nothing; dropping them costs no hit (100,000 would cost 0.02). */
const WEIGHTS_KEPT = 250_000;
const QUESTIONS_PER_SAMPLE = 8;

/** SHA-256 over a bank, in hexadecimal: what was learnt from another bank must be learnt again. */
export const fingerprintOf = (bank: Bank): string => createHash('sha256').update(JSON.stringify(bank)).digest('hex');

/**
 * Learns from the bank which rules a question asks for and which rules a passage states: for each rule a linear function of the
 * weighted features, fitted by ridge regression to 1 for the texts of the rule and 0 for all others. The kinds of messages alike.
 * Pure: the same bank gives the same lessons. Takes some minutes.
 */
export function learnRules(bank: Bank): Lessons {
  const { questions, wordings, others, messages } = textsIn(bank);
  const all = [...questions, ...wordings, ...others];
  const counts = countsIn(all);
  const known = often(counts);
  const rarity = new Rarity(new Map(known.map((feature) => [feature, counts.get(feature) ?? 0])), all.length);
  const columns = columnsOf(known);
  const learn = (texts: readonly Labelled[], rules: number, width = columns) =>
    sparse(ridge(matrixOf(texts, width, rarity), labelsOf(texts, rules), rules), rules, width.size);
  const [rules, topics] = [bank.archetypes.length, bank.outside.length];
  const points = learnPoints(
    { ...matrixOf(questions, columns, rarity), texts: questions },
    { ...matrixOf(wordings, columns, rarity), texts: wordings },
    rules,
  );
  // What only reports speak of is unknown to the search, and its columns come last.
  const ofMessages = often(countsIn(messages)).filter((feature) => !columns.has(feature));
  const ordinary = sampled(questions).map(({ features }) => ({ rule: MESSAGE_KINDS.indexOf('question'), features }));
  return {
    ...{ bank: fingerprintOf(bank), texts: all.length, topics },
    features: [...known, ...ofMessages],
    counts: [...known.map((feature) => counts.get(feature) ?? 0), ...ofMessages.map(() => 0)],
    asked: learn([...questions, ...others], rules + topics),
    stated: learn(wordings, rules),
    kinds: learn([...messages, ...ordinary], MESSAGE_KINDS.length, columnsOf([...known, ...ofMessages])),
    askedPoints: quantised(points.asked),
    statedPoints: quantised(points.stated),
  };
}

/** In how many texts each feature stands. */
function countsIn(texts: readonly Labelled[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { features } of texts)
    for (const feature of features.keys()) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  return counts;
}

/** The features that stand in enough texts to learn from, in a fixed order. */
const often = (counts: ReadonlyMap<string, number>): string[] =>
  [...counts].flatMap(([feature, count]) => (count >= LEAST_TEXTS ? [feature] : [])).sort();

const columnsOf = (features: readonly string[]): Map<string, number> =>
  new Map(features.map((feature, column) => [feature, column]));

/** All texts of a bank, each with what it belongs to. */
function textsIn({ archetypes, outside, messages }: Bank) {
  const textsOf = (some: readonly (readonly string[])[], first = 0): Labelled[] =>
    some.flatMap((texts, index) => texts.map((text) => ({ rule: first + index, features: featuresOf(text) })));
  return {
    questions: textsOf(archetypes.map((rule) => rule.questions)),
    wordings: textsOf(archetypes.map((rule) => [rule.title, ...rule.wordings])),
    others: textsOf(
      outside.map((topic) => topic.questions),
      archetypes.length,
    ),
    messages: messages.flatMap(({ kind, messages: texts }) => textsOf([texts], MESSAGE_KINDS.indexOf(kind))),
  };
}

/** Enough of the questions that they do not drown the messages of other kinds. */
const sampled = (questions: readonly Labelled[]): Labelled[] =>
  questions.filter((_, at) => at % QUESTIONS_PER_SAMPLE === 0);

/** Keeps the largest weights, as whole parts of the largest. */
function sparse(weights: Float64Array, rules: number, features: number): SparseWeights {
  const sizes = weights.map(Math.abs).sort();
  const least = sizes[Math.max(0, sizes.length - WEIGHTS_KEPT)] ?? 0;
  const scale = (sizes.at(-1) ?? 0) / 127 || 1;
  const starts = new Uint32Array(features + 1);
  const kept: { rule: number; weight: number }[] = [];
  for (let feature = 0; feature < features; feature += 1) {
    for (let rule = 0; rule < rules; rule += 1) {
      const weight = weights[feature * rules + rule] ?? 0;
      const parts = Math.round(weight / scale);
      if (Math.abs(weight) >= least && parts !== 0) kept.push({ rule, weight: parts });
    }
    starts[feature + 1] = kept.length;
  }
  return {
    scale,
    starts,
    rules: Uint16Array.from(kept, ({ rule }) => rule),
    weights: Int8Array.from(kept, ({ weight }) => weight),
  };
}

/** Numbers in 127 parts of the largest of their row. */
function quantised(points: Float32Array): QuantisedPoints {
  const scales = new Float32Array(points.length / DIMENSIONS);
  const parts = new Int8Array(points.length);
  for (let row = 0; row < scales.length; row += 1) {
    const numbers = points.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    const scale = Math.max(...numbers.map(Math.abs)) / 127 || 1;
    scales[row] = scale;
    parts.set(
      numbers.map((number) => Math.round(number / scale)),
      row * DIMENSIONS,
    );
  }
  return { scales, parts };
}
