import type { Features, Rarity } from './features.js';

/** Ridge regression's penalty: 1 is as much as one text's worth of evidence (0.5 to 3 differ by less than 0.02). */
const PENALTY = 1;
/** Conjugate gradients settle in far fewer steps than this gives them. */
const STEPS = 25;

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

export function matrixOf(texts: readonly Labelled[], columns: ReadonlyMap<string, number>, rarity: Rarity): Matrix {
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
export function labelsOf(texts: readonly Labelled[], rules: number): Float64Array {
  const labels = new Float64Array(texts.length * rules);
  for (const [row, { rule }] of texts.entries()) labels[row * rules + rule] = 1;
  return labels;
}

/**
 * Solves (X Xᵗ + penalty) A = Y by conjugate gradients, all rules side by side, and returns Xᵗ A.
 *
 * @returns one row for each feature, one column for each rule.
 */
export function ridge(matrix: Matrix, labels: Float64Array, rules: number): Float64Array {
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
