import fitted from './bank/sureness.json' with { type: 'json' };

/** What speaks for and against a clause being the answer to a question. */
export interface Signals {
  /** How strongly question and clause have one rule in common, and all of them together. */
  readonly sharedRule: number;
  readonly sharedRules: number;
  /** How strongly the question asks for any rule, stated here or not. */
  readonly nearestRule: number;
  /** How near the question is to what is not the policy's business. */
  readonly outside: number;
  /** How high the clause ranks, and how far above the fourth best, as a share of the best. */
  readonly rank: number;
  readonly lead: number;
  /** Natural logarithm of one more than the words of the question that mean something. */
  readonly words: number;
  /** 1 when the question asks for a time or a number and the clause has none, else 0. */
  readonly unmet: number;
}

/** A logistic regression: what each signal weighs, and what weighs without any. */
export interface Sureness {
  readonly weights: Readonly<Record<keyof Signals, number>>;
  readonly bias: number;
}

/** Fitted to the labelled questions; `npm run evaluate -- --fit` writes the file anew. */
export const SURENESS: Sureness = fitted;

/** How sure it is that a clause answers the question: 0 to 1. */
export function surenessOf(signals: Signals, { weights, bias }: Sureness): number {
  const names = Object.keys(weights) as (keyof Signals)[];
  const evidence = names.reduce((sum, name) => sum + weights[name] * signals[name], bias);
  return 1 / (1 + Math.exp(-evidence));
}

const ASKS_TIME_OR_NUMBER =
  /\b(?:how (?:long|many|often|soon|quick|quickly|fast|late|old|much notice)|what (?:time|age)|by when|when (?:do|must|should|shd)|deadline)\b/iu;
const TIME_OR_NUMBER =
  /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|hours?|days?|weeks?|weekly|daily|months?|monthly|years?|terms?|termly|annual|annually|immediately|once|straight away|as soon as|eighteen|sixteen|thirteen)\b/iu;

/** Whether a question asks for a time or a number. */
export const asksForMore = (question: string): boolean => ASKS_TIME_OR_NUMBER.test(question);

/** Whether a clause has one. */
export const givesMore = (quote: string): boolean => TIME_OR_NUMBER.test(quote);
