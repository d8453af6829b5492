import { ARCHETYPES, OUTSIDE } from './bank.js';
import { Comparison, type Features, featuresOf, Rarity } from './features.js';

/** How much a question's likeness to how policies word a rule counts beside its likeness to how staff ask for it. */
const WORDING_SHARE = 0.2;

const questions = ARCHETYPES.flatMap((rule, index) =>
  rule.questions.map((text) => ({ index, features: featuresOf(text) })),
);
const wordings = ARCHETYPES.flatMap((rule, index) =>
  [rule.title, ...rule.wordings].map((text) => ({ index, features: featuresOf(text) })),
);
const outside = OUTSIDE.flatMap(({ questions: texts }, index) =>
  texts.map((text) => ({ index, features: featuresOf(text) })),
);
const rarity = new Rarity([...questions, ...wordings, ...outside].map(({ features }) => features));

const compare = (texts: readonly { index: number; features: Features }[]): Comparison =>
  new Comparison(
    texts.map(({ features }) => rarity.weigh(features)),
    texts.map(({ index }) => index),
  );
const asked = compare(questions);
const stated = compare(wordings);
const notOurs = compare(outside);

/** How near a question is to each rule, by how staff ask and how policies word: 0 to 1, in the order of the archetypes. */
export function rulesAskedFor(question: Features): Float64Array {
  const weighed = rarity.weigh(question);
  const byWording = stated.nearness(weighed);
  return asked
    .nearness(weighed)
    .map((nearness, rule) => (1 - WORDING_SHARE) * nearness + WORDING_SHARE * (byWording[rule] ?? 0));
}

/** How near a passage is to each rule, by how policies word it: 0 to 1, in the order of the archetypes. */
export const rulesStatedIn = (passage: Features): Float64Array => stated.nearness(rarity.weigh(passage));

/** How near a question is to what is not the policy's business: 0 to 1. */
export const nearnessToOutside = (question: Features): number => Math.max(...notOurs.nearness(rarity.weigh(question)));
