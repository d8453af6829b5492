import type { AskedQuestion } from '../policies/question-log.js';
import { digestOf } from '../reports/case-log.js';
import type { Counted, Tally } from './summary.js';

/** Counts questions, one at a time, holding none of them. The same questions in any order give the same. */
export class QuestionCount {
  readonly #answers = { answered: 0, not_covered: 0 };
  readonly #shown = new Map<string, number>();
  readonly #digests: string[] = [];

  add(asked: AskedQuestion): void {
    const { question, askedAt, outcome, clauses } = asked;
    this.#answers[outcome] += 1;
    // The nearest clauses of a question that is not covered are no answer to it.
    if (outcome === 'answered')
      for (const clause of new Set(clauses)) this.#shown.set(clause, (this.#shown.get(clause) ?? 0) + 1);
    // Not what was said of the answer: that can come later.
    this.#digests.push(digestOf({ question, askedAt, outcome, clauses }));
  }

  counted(): Pick<Counted, 'questions' | 'clauses'> {
    const { answered, not_covered } = this.#answers;
    const questions = { total: answered + not_covered, tables: { answer: { answered, not_covered } } };
    return { questions, clauses: mostFirst(this.#shown) };
  }

  /** What was counted, in an order that does not depend on the order it came in. */
  inputs(): readonly string[] {
    return this.#digests.toSorted();
  }
}

/** Longer lists than this are read by nobody. */
const MOST_KEPT = 20;

/** The largest counts first; of equals the one that comes first by name. */
export const mostFirst = (counts: ReadonlyMap<string, number>): readonly Tally[] =>
  [...counts]
    .map(([of, count]) => ({ of, count }))
    .toSorted((one, other) => other.count - one.count || (one.of < other.of ? -1 : 1))
    .slice(0, MOST_KEPT);
