import { readFileSync } from 'node:fs';
import { Template } from 'adaptivecards-templating';

/** An Adaptive Card, ready to send. */
export interface Card {
  readonly type: 'AdaptiveCard';
  readonly version: '1.5';
  /** Shown where cards cannot be, and announced in notifications. */
  readonly fallbackText: string;
  readonly body: readonly object[];
  readonly [property: string]: unknown;
}

export const CARD_NAMES = [
  'welcome',
  'answer',
  'clause',
  'not-covered',
  'ask-headteacher',
  'enquiry-sent',
  'enquiry',
  'headteacher-answer',
  'help',
  'report',
  'safety',
  'error',
  'gaps',
  'report-step',
  'report-saved',
  'receipt',
  'my-reports',
  'my-report',
  'case',
  'case-reading',
  'case-form',
  'case-done',
  'case-told',
  'case-question',
  'case-news',
  'case-list',
  'case-reminder',
  'case-digest',
  'setup-notice',
  'status',
  'summary',
  'summary-figures',
  'summary-preview',
  'summary-note',
] as const;
export type CardName = (typeof CARD_NAMES)[number];

const folder = new URL('../../../adaptiveCards/', import.meta.url);
const templates = new Map(
  CARD_NAMES.map((name) => [name, new Template(JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')))]),
);

/**
 * Fills a template of `adaptiveCards/` with a view. Every field a template names must be in the view, `null` where it is empty:
 * a missing one would stay in the card as `${name}`.
 */
export function fillCard(name: CardName, view: object): Card {
  return templates.get(name)?.expand({ $root: view }) as Card;
}
