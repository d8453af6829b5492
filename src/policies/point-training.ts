import type { Labelled, Matrix } from './ridge.js';

/** Numbers that a text is placed by. 48 place it as well as 192 (measured), in a quarter of the room. */
export const DIMENSIONS = 48;
const EPOCHS = 9;
const QUESTIONS_AT_ONCE = 512;
/** Wordings drawn for each rule and step. */
const WORDINGS_EACH = 3;
/** Features left out of a text at random, so that none is relied on: staff rarely use the words of the bank. */
const LEFT_OUT = 0.5;
const ADAM = { rate: 0.01, first: 0.9, second: 0.999, least: 1e-8 };

/** One row of {@link DIMENSIONS} numbers for each feature. */
export interface Points {
  readonly asked: Float32Array;
  readonly stated: Float32Array;
}

/** What is learnt, with what Adam remembers of its slopes. */
interface Side {
  readonly points: Float32Array;
  readonly slope: Float32Array;
  readonly mean: Float32Array;
  readonly square: Float32Array;
}

/**
 * Learns to place questions and wordings, so that a question lies towards the wordings of its rule rather than those of others:
 * the inner product of a question's place and a wording's is the logit that they belong together. Adam on batches, from fixed
 * random numbers: the same texts give the same places.
 */
export function learnPoints(
  questions: Matrix & { readonly texts: readonly Labelled[] },
  wordings: Matrix & { readonly texts: readonly Labelled[] },
  rules: number,
): Points {
  const random = generator(20261121);
  const start = Float32Array.from({ length: questions.columns * DIMENSIONS }, () => 0.1 * normal(random));
  const asked = side(start);
  const stated = side(start);
  const byRule = Array.from({ length: rules }, (_, rule) =>
    [...wordings.texts.keys()].filter((text) => wordings.texts[text]?.rule === rule),
  );
  let step = 0;
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    const order = shuffled([...questions.rows.keys()], random);
    for (let from = 0; from < order.length; from += QUESTIONS_AT_ONCE) {
      const some = batch(questions, order.slice(from, from + QUESTIONS_AT_ONCE), random);
      const drawn = byRule.flatMap((texts) => shuffled(texts, random).slice(0, WORDINGS_EACH));
      learnFrom(some, batch(wordings, drawn, random), asked, stated);
      step += 1;
      descend(asked, step);
      descend(stated, step);
    }
  }
  return { asked: asked.points, stated: stated.points };
}

interface Batch {
  readonly rows: Matrix['rows'];
  readonly rules: readonly number[];
}

const side = (start: Float32Array): Side => ({
  points: start.slice(),
  slope: new Float32Array(start.length),
  mean: new Float32Array(start.length),
  square: new Float32Array(start.length),
});

/** Some texts, each without features left out at random, brought back to length 1. */
function batch(
  { rows, texts }: Matrix & { readonly texts: readonly Labelled[] },
  chosen: readonly number[],
  random: () => number,
): Batch {
  return {
    rules: chosen.map((text) => texts[text]?.rule ?? 0),
    rows: chosen.map((text) => {
      const { columns, values } = rows[text] ?? { columns: new Uint32Array(), values: new Float64Array() };
      const kept = [...columns.keys()].filter(() => random() > LEFT_OUT);
      const length = Math.sqrt(kept.reduce((sum, at) => sum + (values[at] ?? 0) ** 2, 0)) || 1;
      return {
        columns: Uint32Array.from(kept, (at) => columns[at] ?? 0),
        values: Float64Array.from(kept, (at) => (values[at] ?? 0) / length),
      };
    }),
  };
}

/** Adds to the slopes of both sides what makes the wordings of its own rule likelier for each question (softmax). */
function learnFrom(questions: Batch, wordings: Batch, asked: Side, stated: Side): void {
  const from = questions.rows.map((row) => place(row, asked.points));
  const to = wordings.rows.map((row) => place(row, stated.points));
  const toSlopes = to.map(() => new Float32Array(DIMENSIONS));
  for (const [at, here] of from.entries()) {
    const logits = to.map((there) => product(here, there));
    const right = wordings.rules.map((rule) => rule === questions.rules[at]);
    const slope = new Float32Array(DIMENSIONS);
    for (const [wording, error] of errors(logits, right).entries()) {
      const share = error / from.length;
      addTo(slope, to[wording] ?? slope, share);
      addTo(toSlopes[wording] ?? slope, here, share);
    }
    spread(questions.rows[at], slope, asked.slope);
  }
  for (const [wording, slope] of toSlopes.entries()) spread(wordings.rows[wording], slope, stated.slope);
}

/** The slope of -log of the chance given to the right ones, for each logit. */
function errors(logits: readonly number[], right: readonly boolean[]): number[] {
  const most = Math.max(...logits);
  const chances = logits.map((logit) => Math.exp(logit - most));
  const all = chances.reduce((sum, chance) => sum + chance, 0);
  const ofRight = chances.reduce((sum, chance, at) => sum + (right[at] ? chance : 0), 0) || Number.MIN_VALUE;
  return chances.map((chance, at) => chance / all - (right[at] ? chance / ofRight : 0));
}

type Row = Matrix['rows'][number];

/** Where a text lies: its features' points, by their weights. */
function place({ columns, values }: Row, points: Float32Array): Float32Array {
  const sum = new Float32Array(DIMENSIONS);
  for (let at = 0; at < columns.length; at += 1) {
    const start = (columns[at] ?? 0) * DIMENSIONS;
    addTo(sum, points.subarray(start, start + DIMENSIONS), values[at] ?? 0);
  }
  return sum;
}

/** Gives a text's slope to its features, by their weights. */
function spread(row: Row | undefined, slope: Float32Array, slopes: Float32Array): void {
  if (row === undefined) return;
  for (let at = 0; at < row.columns.length; at += 1) {
    const start = (row.columns[at] ?? 0) * DIMENSIONS;
    addTo(slopes.subarray(start, start + DIMENSIONS), slope, row.values[at] ?? 0);
  }
}

function addTo(sum: Float32Array, what: Float32Array, scale: number): void {
  for (let at = 0; at < DIMENSIONS; at += 1) sum[at] = (sum[at] ?? 0) + scale * (what[at] ?? 0);
}

/** Inner product of two places. */
export function product(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < DIMENSIONS; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

/** One step of Adam (Kingma and Ba, 2015); the slopes start again from nothing. */
function descend({ points, slope, mean, square }: Side, step: number): void {
  const firstSeen = 1 - ADAM.first ** step;
  const secondSeen = 1 - ADAM.second ** step;
  for (let at = 0; at < points.length; at += 1) {
    const here = slope[at] ?? 0;
    const average = ADAM.first * (mean[at] ?? 0) + (1 - ADAM.first) * here;
    const size = ADAM.second * (square[at] ?? 0) + (1 - ADAM.second) * here * here;
    mean[at] = average;
    square[at] = size;
    points[at] = (points[at] ?? 0) - (ADAM.rate * average) / firstSeen / (Math.sqrt(size / secondSeen) + ADAM.least);
  }
  slope.fill(0);
}

/** Even random numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normally distributed, by Box and Muller. */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function shuffled(items: readonly number[], random: () => number): number[] {
  const out = [...items];
  for (let at = out.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [out[at], out[other]] = [out[other] ?? 0, out[at] ?? 0];
  }
  return out;
}
