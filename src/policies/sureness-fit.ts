import type { Signals, Sureness } from './sureness.js';

/** The signals of one question's best clause, and whether the policy answers the question. */
export interface Example {
  readonly signals: Signals;
  readonly answerable: boolean;
}

const STEPS = 4_000;
const RATE = 0.5;
const PENALTY = 0.01;
/** A question that the policy does not answer weighs as much as this many that it does, both kinds being made even first. */
const UNANSWERABLE_WEIGHT = 0.5;

/**
 * Fits how much each signal says, by logistic regression over signals of mean 0 and deviation 1, with plain gradient descent:
 * the same examples give the same weights.
 *
 * @throws {RangeError} without examples of both kinds.
 */
export function fitSureness(examples: readonly Example[]): Sureness {
  const answerable = examples.filter((example) => example.answerable).length;
  if (answerable === 0 || answerable === examples.length) throw new RangeError('Both kinds of questions are needed.');
  const names = Object.keys(examples[0]?.signals ?? {}) as (keyof Signals)[];
  const spread = names.map((name) => spreadOf(examples.map(({ signals }) => signals[name])));
  const rows = examples.map(({ signals, answerable: right }) => ({
    values: names.map((name, at) => (signals[name] - (spread[at]?.mean ?? 0)) / (spread[at]?.deviation ?? 1)),
    right: right ? 1 : 0,
    share: right ? 1 / answerable : UNANSWERABLE_WEIGHT / (examples.length - answerable),
  }));
  const { weights, bias } = descend(rows, names.length);
  const plain = weights.map((weight, at) => weight / (spread[at]?.deviation ?? 1));
  const shift = plain.reduce((sum, weight, at) => sum + weight * (spread[at]?.mean ?? 0), 0);
  return {
    weights: Object.fromEntries(names.map((name, at) => [name, rounded(plain[at] ?? 0)])) as Sureness['weights'],
    bias: rounded(bias - shift),
  };
}

interface Row {
  readonly values: readonly number[];
  readonly right: number;
  readonly share: number;
}

function descend(rows: readonly Row[], count: number): { weights: number[]; bias: number } {
  let weights = new Array<number>(count).fill(0);
  let bias = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const slopes = weights.map((weight) => 2 * PENALTY * weight);
    let biasSlope = 0;
    for (const { values, right, share } of rows) {
      const evidence = values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), bias);
      const error = share * (1 / (1 + Math.exp(-evidence)) - right);
      for (const [at, value] of values.entries()) slopes[at] = (slopes[at] ?? 0) + error * value;
      biasSlope += error;
    }
    weights = weights.map((weight, at) => weight - RATE * (slopes[at] ?? 0));
    bias -= RATE * biasSlope;
  }
  return { weights, bias };
}

function spreadOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(square) || 1 };
}

const rounded = (value: number): number => Number(value.toPrecision(4));
