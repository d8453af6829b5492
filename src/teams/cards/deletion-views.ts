import type { Line } from './fitting.js';
import { type Card, fillCard } from './template.js';

/** That a case's time is nearly over, with a way to keep it; for the own chat of somebody who is answerable for it. */
export interface DeletionAnnouncedCard {
  readonly reference: string;
  /** How many events the case has. */
  readonly seen: number;
  readonly title: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly lines: readonly string[];
  /** What may be typed as the reason. */
  readonly hint: string;
}

export const deletionAnnouncedCard = ({ lines, ...view }: DeletionAnnouncedCard): Card =>
  fillCard('case-deletion', {
    ...view,
    lines: lines.map((line) => ({ line })),
    speak: `${view.title}. Reference ${view.reference}. ${lines[0] ?? ''}`,
  });

/** What is said of a case that is there no more. Nothing can be done with it. */
export const deletedCard = ({ title, lines }: { readonly title: string; readonly lines: readonly Line[] }): Card =>
  fillCard('case-deleted', {
    title,
    lines: lines.map(({ lead = '', line }) => ({ lead, line, hasLead: lead !== '' })),
    speak: `${title}. ${lines[0]?.line ?? ''}`,
  });
