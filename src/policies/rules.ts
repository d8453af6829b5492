import { ARCHETYPES } from './bank.js';
import { type Features, Rarity } from './features.js';
import { LESSONS } from './lessons.js';
import { DIMENSIONS } from './point-training.js';
import type { QuantisedPoints, SparseWeights } from './rule-training.js';

/** What a question asks for: how much it speaks for each rule, and for what is not the policy's business. */
export interface Asked {
  /** 0 and up, rarely over 1, in the order of the archetypes. */
  readonly rules: Float64Array;
  /** How much speaks for the likeliest three topics outside together, on the same scale. */
  readonly outside: number;
}

const OUTSIDE_TOPICS = 3;

interface Knowledge {
  readonly rarity: Rarity;
  readonly columns: ReadonlyMap<string, number>;
  readonly words: readonly string[];
}

/** Laying out what was learnt costs some ten milliseconds, so it is done when first asked for, and once. */
let prepared: Knowledge | undefined;
const knowledge = (): Knowledge => {
  prepared ??= prepare();
  return prepared;
};

function prepare(): Knowledge {
  const { features, counts, texts } = LESSONS;
  return {
    rarity: new Rarity(new Map(features.map((feature, column) => [feature, counts[column] ?? 0])), texts),
    columns: new Map(features.map((feature, column) => [feature, column])),
    words: features.filter((feature) => feature.startsWith('w ')).map((feature) => feature.slice(2)),
  };
}

/** Which rules a question asks for. */
export function rulesAskedFor(question: Features): Asked {
  const evidence = evidenceIn(question, LESSONS.asked, ARCHETYPES.length + LESSONS.topics);
  return {
    rules: evidence.subarray(0, ARCHETYPES.length),
    outside: [...evidence.subarray(ARCHETYPES.length).sort()].slice(-OUTSIDE_TOPICS).reduce((sum, one) => sum + one, 0),
  };
}

/** Which rules a passage states: 0 and up, rarely over 1, in the order of the archetypes. */
export const rulesStatedIn = (passage: Features): Float64Array =>
  evidenceIn(passage, LESSONS.stated, ARCHETYPES.length);

/** Sums what each feature says for and against each rule; what speaks against a rule on balance counts as nothing. */
function evidenceIn(features: Features, { scale, starts, rules, weights }: SparseWeights, count: number): Float64Array {
  const { rarity, columns } = knowledge();
  const evidence = new Float64Array(count);
  for (const [feature, value] of rarity.weigh(features)) {
    const column = columns.get(feature);
    if (column === undefined) continue;
    for (let at = starts[column] ?? 0; at < (starts[column + 1] ?? 0); at += 1) {
      const rule = rules[at] ?? 0;
      evidence[rule] = (evidence[rule] ?? 0) + value * scale * (weights[at] ?? 0);
    }
  }
  return evidence.map((sum) => Math.max(0, sum));
}

/** Whether the bank knows a word in this spelling. */
export const isKnownWord = (stem: string): boolean => knowledge().columns.has(`w ${stem}`);

/** The words that the bank knows, without their endings. */
export const knownWords = (): readonly string[] => knowledge().words;

/** Where a question lies. Its inner product with {@link placeOfPassage} is the greater the likelier the passage answers it. */
export const placeOfQuestion = (question: Features): Float32Array => placeOf(question, LESSONS.askedPoints);

/** Where a passage lies; see {@link placeOfQuestion}. */
export const placeOfPassage = (passage: Features): Float32Array => placeOf(passage, LESSONS.statedPoints);

function placeOf(features: Features, { scales, parts }: QuantisedPoints): Float32Array {
  const { rarity, columns } = knowledge();
  const place = new Float32Array(DIMENSIONS);
  for (const [feature, value] of rarity.weigh(features)) {
    const column = columns.get(feature);
    if (column === undefined) continue;
    const scale = value * (scales[column] ?? 0);
    for (let at = 0; at < DIMENSIONS; at += 1)
      place[at] = (place[at] ?? 0) + scale * (parts[column * DIMENSIONS + at] ?? 0);
  }
  return place;
}
