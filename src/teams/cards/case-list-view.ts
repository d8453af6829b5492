import { MOST_READ, partsIn } from './case-views.js';
import type { Part } from './fitting.js';
import { type Card, fillCard } from './template.js';

/** One case of a list, with nothing in it that not everyone who deals with reports may read. */
export interface CaseLine {
  readonly reference: string;
  readonly about: string;
  readonly overdue: boolean;
  /** "High · New · nobody has it yet". */
  readonly line: string;
  readonly age: string;
  /** How many events it had when this was drawn. */
  readonly seen: number;
}

export interface CaseListCard {
  readonly title: string;
  readonly cases: readonly CaseLine[];
  /** How many more there are. */
  readonly more: number;
  /** Shown where there are none. */
  readonly none: string;
}

export const caseListCard = ({ title, cases, more, none }: CaseListCard): Card =>
  fillCard('case-list', {
    ...{ title, cases },
    speak: cases.length === 0 ? `${title}. ${none}` : `${title}: ${cases.length + more} listed by what comes first.`,
    empty: cases.length === 0,
    emptyLine: none,
    hasMore: more > 0,
    more: `and ${more} more. Name one by its reference to see it.`,
  });

/** What a reporter did with a report after it was sent; `parts` is empty in a channel, where others read it. */
export interface NewsCard {
  readonly reference: string;
  readonly title: string;
  readonly parts: readonly Part[];
  readonly seen: number;
}

export const newsCard = ({ parts, ...view }: NewsCard): Card =>
  fillCard('case-news', { ...view, speak: view.title, parts: partsIn(parts, MOST_READ) });
