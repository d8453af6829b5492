import { CUT, MOST_READ, MOST_WORDS, partsIn } from './case-views.js';
import { beginningOf, bytesOf, type Line, type Part } from './fitting.js';
import { type Card, fillCard } from './template.js';

/** What a reporter is told has become of their report. */
export interface ToldCard {
  readonly reference: string;
  readonly title: string;
  readonly lines: readonly Line[];
  readonly parts: readonly Part[];
  readonly button: string;
}

export const toldCard = ({ reference, title, lines, parts, button }: ToldCard): Card =>
  fillCard('case-told', {
    ...{ reference, title, button },
    speak: `${title}. ${lines[0]?.line ?? ''}`,
    lines: lines.map(({ lead = '', line }) => ({ lead, line, hasLead: lead !== '' })),
    parts: partsIn(parts, MOST_READ),
  });

/** A question to a reporter, with what they have answered. */
export interface QuestionCard {
  readonly reference: string;
  readonly question: number;
  readonly title: string;
  readonly parts: readonly Part[];
  readonly notice: string | null;
  readonly error: string | null;
  /** `null`: it cannot be answered any more. What was typed goes back into its box. */
  readonly answering: { readonly readers: string; readonly label: string; readonly words: string } | null;
}

export function questionCard({ parts, notice, error, answering, ...view }: QuestionCard): Card {
  const words = beginningOf(answering?.words ?? '', MOST_WORDS);
  const isWhole = answering === null || words === answering.words;
  return fillCard('case-question', {
    ...view,
    speak: `${view.title}.${notice === null ? '' : ` ${notice}`}`,
    error: error === null || isWhole ? (error ?? '') : `${error} ${CUT}`,
    hasError: error !== null,
    notice: notice ?? '',
    hasNotice: notice !== null,
    parts: partsIn(parts, MOST_READ - bytesOf(words)),
    canAnswer: answering !== null,
    readers: answering?.readers ?? '',
    label: answering?.label ?? '',
    words,
  });
}
