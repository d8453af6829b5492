import { ARCHETYPES, OUTSIDE } from './bank.js';
import { Comparison, type Features, featuresOf, Rarity } from './features.js';

/** How much a question's likeness to how policies word a rule counts beside its likeness to how staff ask for it. */
const WORDING_SHARE = 0.2;

interface Knowledge {
  readonly rarity: Rarity;
  /** How staff ask for each rule, how policies state it, and what they ask that is not the policy's business. */
  readonly asked: Comparison;
  readonly stated: Comparison;
  readonly outside: Comparison;
}

/** Taking the bank apart costs some hundred milliseconds, so it is done when first asked for, and once. */
let prepared: Knowledge | undefined;
const knowledge = (): Knowledge => {
  prepared ??= prepare();
  return prepared;
};

function prepare(): Knowledge {
  const known = (texts: readonly (readonly string[])[]) =>
    texts.flatMap((some, index) => some.map((text) => ({ index, features: featuresOf(text) })));
  const questions = known(ARCHETYPES.map((rule) => rule.questions));
  const wordings = known(ARCHETYPES.map((rule) => [rule.title, ...rule.wordings]));
  const others = known(OUTSIDE.map((topic) => topic.questions));
  const rarity = new Rarity([...questions, ...wordings, ...others].map(({ features }) => features));
  const compare = (texts: readonly { index: number; features: Features }[]) =>
    new Comparison(
      texts.map(({ features }) => rarity.weigh(features)),
      texts.map(({ index }) => index),
    );
  return { rarity, asked: compare(questions), stated: compare(wordings), outside: compare(others) };
}

/** How near a question is to each rule, by how staff ask and how policies word: 0 to 1, in the order of the archetypes. */
export function rulesAskedFor(question: Features): Float64Array {
  const { rarity, asked, stated } = knowledge();
  const weighed = rarity.weigh(question);
  const byWording = stated.nearness(weighed);
  return asked
    .nearness(weighed)
    .map((nearness, rule) => (1 - WORDING_SHARE) * nearness + WORDING_SHARE * (byWording[rule] ?? 0));
}

/** How near a passage is to each rule, by how policies word it: 0 to 1, in the order of the archetypes. */
export function rulesStatedIn(passage: Features): Float64Array {
  const { rarity, stated } = knowledge();
  return stated.nearness(rarity.weigh(passage));
}

/** How near a question is to what is not the policy's business: 0 to 1. */
export function nearnessToOutside(question: Features): number {
  const { rarity, outside } = knowledge();
  return Math.max(...outside.nearness(rarity.weigh(question)));
}
