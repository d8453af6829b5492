import type { AskedQuestion } from './question-log.js';

/** From `since` up to, not including, `before`. */
export interface Period {
  readonly since: Date;
  readonly before: Date;
}

/** The twelve months before a moment. */
export function twelveMonthsBefore(before: Date): Period {
  const since = new Date(before);
  since.setUTCFullYear(since.getUTCFullYear() - 1);
  return { since, before };
}

/** Whether a policy left a question open: it did not cover it, or the asker marked the answer unhelpful. */
export const isOpen = ({ outcome, helpful }: AskedQuestion): boolean => outcome === 'not_covered' || helpful === false;

export interface OpenQuestionList {
  /** Newest first. */
  readonly questions: readonly AskedQuestion[];
  /** There were more than were asked for; the oldest are left out. */
  readonly more: boolean;
}

/** Where the questions are read that a policy left open; see {@link isOpen}. */
export interface OpenQuestions {
  /**
   * The newest open questions of a period.
   *
   * @param limit how many at most, from 1.
   * Rejects when the store cannot be reached in time.
   */
  listOpen(schoolId: string, period: Period, limit: number): Promise<OpenQuestionList>;
}
