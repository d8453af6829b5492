/** One question as kept for the gap list: nothing in it says who asked. */
export interface AskedQuestion {
  readonly question: string;
  readonly askedAt: Date;
  readonly outcome: 'answered' | 'not_covered';
  /** Keys of the clauses shown (`<policy id>/<clause id>`), best first. */
  readonly clauses: readonly string[];
  /** What the asker said of the answer; `undefined` when they said nothing. */
  readonly helpful?: boolean;
}

/** Where questions are kept. {@link QuestionLog.find} and {@link QuestionLog.rate} reject only when the store cannot be reached in time. */
export interface QuestionLog {
  /**
   * Keeps a question, perhaps after a moment and together with others.
   *
   * @returns an id, ordered by time, that names the question in {@link find} and {@link rate} at once.
   * Rejects while the store is known not to answer.
   */
  record(schoolId: string, asked: AskedQuestion): Promise<string>;
  /** `undefined` when there is no such question. */
  find(schoolId: string, id: string): Promise<AskedQuestion | undefined>;
  /** Notes whether the answer helped; the latest word counts. Does nothing when there is no such question. */
  rate(schoolId: string, id: string, helpful: boolean): Promise<void>;
}

/** Where all questions of a period are read. Rejects when the store cannot be reached in time. */
export interface QuestionHistory {
  /** Those asked from `since` up to, not including, `before`, in no particular order, without holding all of them. */
  between(schoolId: string, period: { readonly since: Date; readonly before: Date }): AsyncIterable<AskedQuestion>;
}

/** Where questions are removed once they are old. Rejects when the store cannot be reached in time. */
export interface QuestionRemoval {
  /** @returns how many packs of questions went; one in which some are younger stays whole. */
  removeBefore(schoolId: string, time: Date): Promise<number>;
}
