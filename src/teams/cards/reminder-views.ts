import { type Card, fillCard } from './template.js';

/** That nobody has acknowledged a case. In a channel and in a person's own chat alike it says nothing of what was reported. */
export interface ReminderCard {
  readonly title: string;
  readonly urgent: boolean;
  readonly reference: string;
  readonly category: string;
  readonly severity: string;
  readonly sent: string;
  /** "4 days". */
  readonly waiting: string;
  readonly lines: readonly string[];
  /** How many events the case has. */
  readonly seen: number;
}

export const reminderCard = ({ lines, ...view }: ReminderCard): Card =>
  fillCard('case-reminder', {
    ...view,
    lines: lines.map((line) => ({ line })),
    speak: `${view.title}. ${view.category}. Reference ${view.reference}. It has waited for ${view.waiting}.`,
  });

/** The cases that are open, with no more of each than a channel may read. */
export interface DigestCard {
  readonly title: string;
  readonly asOf: string;
  readonly figures: readonly { readonly label: string; readonly value: string }[];
  readonly rows: readonly {
    readonly reference: string;
    readonly category: string;
    readonly state: string;
    readonly overdue: boolean;
    readonly assigned: string;
    readonly seen: number;
  }[];
  /** What is said where there are none. */
  readonly none: string;
  readonly note: string | null;
}

/** As many as a message has room for, and people read. */
const MOST_ROWS = 15;

export function digestCard({ figures, rows, note, ...view }: DigestCard): Card {
  const left = rows.length - MOST_ROWS;
  const inWords = figures.map(({ label, value }) => `${label}: ${value}`).join('. ');
  return fillCard('case-digest', {
    ...view,
    figures,
    rows: rows.slice(0, MOST_ROWS),
    empty: rows.length === 0,
    more: left > 0,
    rest: `And ${left} more. Type “open cases” to Policy Desk in your own chat.`,
    note: note ?? '',
    hasNote: note !== null,
    speak: `${view.title}. ${rows.length === 0 ? view.none : `${inWords}.`}`,
  });
}
