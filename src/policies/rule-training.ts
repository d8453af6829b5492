import { createHash } from 'node:crypto';
import type { Bank } from './bank.js';
import { type Features, featuresOf, Rarity } from './features.js';
import { DIMENSIONS, learnPoints } from './point-training.js';

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
/** Ridge regression's penalty: 1 is as much as one text's worth of evidence (0.5 to 3 differ by less than 0.02). */
const PENALTY = 1;
/** Most weights are next to nothing; dropping them costs no hit (100,000 would cost 0.02). */
const WEIGHTS_KEPT = 250_000;
/** Conjugate gradients settle in far fewer steps than this gives them. */
const STEPS = 25;

/** SHA-256 over a bank, in hexadecimal: what was learnt from another bank must be learnt again. */
export const fingerprintOf = (bank: Bank): string => createHash('sha256').update(JSON.stringify(bank)).digest('hex');

/**
 * Learns from the bank which rules a question asks for and which rules a passage states: for each rule a linear function of the
 * weighted features, fitted by ridge regression to 1 for the texts of the rule and 0 for all others.
 * Pure: the same bank gives the same lessons. Takes about a minute.
 */
export function learnRules(bank: Bank): Lessons {
  const { archetypes, outside } = bank;
  const textsOf = (some: readonly (readonly string[])[], first = 0) =>
    some.flatMap((texts, index) => texts.map((text) => ({ rule: first + index, features: featuresOf(text) })));
  const questions = textsOf(archetypes.map((rule) => rule.questions));
  const wordings = textsOf(archetypes.map((rule) => [rule.title, ...rule.wordings]));
  const others = textsOf(
    outside.map((topic) => topic.questions),
    archetypes.length,
  );
  const all = [...questions, ...wordings, ...others];
  const counts = new Map<string, number>();
  for (const { features } of all)
    for (const feature of features.keys()) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  const known = [...counts]
    .filter(([, count]) => count >= LEAST_TEXTS)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const columns = new Map(known.map(([feature], column) => [feature, column]));
  const rarity = new Rarity(new Map(known), all.length);
  const learn = (texts: readonly Labelled[], rules: number) =>
    sparse(ridge(matrixOf(texts, columns, rarity), labelsOf(texts, rules), rules), rules, columns.size);
  const points = learnPoints(
    { ...matrixOf(questions, columns, rarity), texts: questions },
    { ...matrixOf(wordings, columns, rarity), texts: wordings },
    archetypes.length,
  );
  return {
    bank: fingerprintOf(bank),
    texts: all.length,
    topics: outside.length,
    features: known.map(([feature]) => feature),
    counts: known.map(([, count]) => count),
    asked: learn([...questions, ...others], archetypes.length + outside.length),
    stated: learn(wordings, archetypes.length),
    askedPoints: quantised(points.asked),
    statedPoints: quantised(points.stated),
  };
}

/** A text's features and the rule it belongs to. */
export interface Labelled {
  readonly rule: number;
  readonly features: Features;
}

/** Rows of a sparse matrix, one for each text. */
export interface Matrix {
  readonly rows: readonly { readonly columns: Uint32Array; readonly values: Float64Array }[];
  readonly columns: number;
}

function matrixOf(texts: readonly Labelled[], columns: ReadonlyMap<string, number>, rarity: Rarity): Matrix {
  const rows = texts.map(({ features }) => {
    const known = [...rarity.weigh(features)].flatMap(([feature, value]) => {
      const column = columns.get(feature);
      return column === undefined ? [] : [{ column, value }];
    });
    return {
      columns: Uint32Array.from(known, ({ column }) => column),
      values: Float64Array.from(known, ({ value }) => value),
    };
  });
  return { rows, columns: columns.size };
}

/** One row for each text, 1 in the column of its rule. */
function labelsOf(texts: readonly Labelled[], rules: number): Float64Array {
  const labels = new Float64Array(texts.length * rules);
  for (const [row, { rule }] of texts.entries()) labels[row * rules + rule] = 1;
  return labels;
}

/**
 * Solves (X Xᵗ + penalty) A = Y by conjugate gradients, all rules side by side, and returns Xᵗ A.
 *
 * @returns one row for each feature, one column for each rule.
 */
function ridge(matrix: Matrix, labels: Float64Array, rules: number): Float64Array {
  const solution = new Float64Array(labels.length);
  const rest = labels.slice();
  const direction = labels.slice();
  let lengths = columnProducts(rest, rest, rules);
  for (let step = 0; step < STEPS; step += 1) {
    const image = times(matrix, timesTransposed(matrix, direction, rules), rules);
    addScaled(image, direction, new Float64Array(rules).fill(PENALTY));
    const steps = ratios(lengths, columnProducts(direction, image, rules));
    addScaled(solution, direction, steps);
    addScaled(
      rest,
      image,
      steps.map((size) => -size),
    );
    const left = columnProducts(rest, rest, rules);
    scaleColumns(direction, ratios(left, lengths));
    addScaled(direction, rest, new Float64Array(rules).fill(1));
    lengths = left;
  }
  return timesTransposed(matrix, solution, rules);
}

const ratios = (over: Float64Array, under: Float64Array): Float64Array =>
  over.map((value, at) => value / Math.max(under[at] ?? 0, Number.EPSILON));

function columnProducts(one: Float64Array, other: Float64Array, rules: number): Float64Array {
  const products = new Float64Array(rules);
  for (let row = 0; row < one.length; row += rules)
    for (let rule = 0; rule < rules; rule += 1)
      products[rule] = (products[rule] ?? 0) + (one[row + rule] ?? 0) * (other[row + rule] ?? 0);
  return products;
}

function addScaled(to: Float64Array, what: Float64Array, scales: Float64Array): void {
  for (let row = 0; row < to.length; row += scales.length)
    for (let rule = 0; rule < scales.length; rule += 1)
      to[row + rule] = (to[row + rule] ?? 0) + (scales[rule] ?? 0) * (what[row + rule] ?? 0);
}

function scaleColumns(of: Float64Array, scales: Float64Array): void {
  for (let row = 0; row < of.length; row += scales.length)
    for (let rule = 0; rule < scales.length; rule += 1) of[row + rule] = (of[row + rule] ?? 0) * (scales[rule] ?? 0);
}

/** X times a matrix with one row for each feature. */
function times({ rows }: Matrix, features: Float64Array, rules: number): Float64Array {
  const out = new Float64Array(rows.length * rules);
  for (const [row, { columns, values }] of rows.entries())
    for (let at = 0; at < columns.length; at += 1)
      addRow(out, row * rules, features, (columns[at] ?? 0) * rules, values[at] ?? 0, rules);
  return out;
}

/** Xᵗ times a matrix with one row for each text. */
function timesTransposed({ rows, columns: width }: Matrix, texts: Float64Array, rules: number): Float64Array {
  const out = new Float64Array(width * rules);
  for (const [row, { columns, values }] of rows.entries())
    for (let at = 0; at < columns.length; at += 1)
      addRow(out, (columns[at] ?? 0) * rules, texts, row * rules, values[at] ?? 0, rules);
  return out;
}

function addRow(
  to: Float64Array,
  toAt: number,
  from: Float64Array,
  fromAt: number,
  scale: number,
  length: number,
): void {
  for (let at = 0; at < length; at += 1) to[toAt + at] = (to[toAt + at] ?? 0) + scale * (from[fromAt + at] ?? 0);
}

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
