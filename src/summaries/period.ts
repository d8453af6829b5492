/** Lengths of time that summaries are made for. Each lies wholly within one of the next longer. */
export const SPANS = ['week', 'half_term', 'term', 'year'] as const;
export type Span = (typeof SPANS)[number];

/**
 * A time that a summary is for: whole weeks, from a Monday to a Sunday, so that one of another span never overlaps it in part. Days
 * are the school's own, as `2026-11-20`. Those of one span follow each other without a gap: holidays belong to the period before.
 */
export interface Period {
  readonly span: Span;
  readonly from: string;
  /** The last day of it. */
  readonly to: string;
  /** "Autumn 2026, first half", "Autumn 2026", "School year 2026/27", "Week of Mon 16 Nov 2026". */
  readonly name: string;
}

/** Names a period of a school: `half_term-2026-08-31`. */
export const periodId = ({ span, from }: Pick<Period, 'span' | 'from'>): string => `${span}-${from}`;

/** Whether some text may name a period: it comes from cards, links and command lines, too. */
export const isPeriodId = (text: string): boolean => ID.test(text);

const ID = new RegExp(`^(?:${SPANS.join('|')})-\\d{4}-\\d{2}-\\d{2}$`, 'u');

/** Whether one period lies within another, or is the same. */
export const isWithin = (inner: Pick<Period, 'from' | 'to'>, outer: Pick<Period, 'from' | 'to'>): boolean =>
  outer.from <= inner.from && inner.to <= outer.to;

/** Whether two periods have a day in common. */
export const overlap = (one: Pick<Period, 'from' | 'to'>, other: Pick<Period, 'from' | 'to'>): boolean =>
  one.from <= other.to && other.from <= one.to;
