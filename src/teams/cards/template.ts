import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Template } from 'adaptivecards-templating';
import { INSTALLED_IN } from '../../installed.js';

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
  'case-deletion',
  'case-deleted',
  'setup-notice',
  'status',
  'summary',
  'summary-figures',
  'summary-preview',
  'summary-note',
] as const;
export type CardName = (typeof CARD_NAMES)[number];

const require = createRequire(import.meta.url);
const folder = new URL('adaptiveCards/', INSTALLED_IN);
/** Read once, when the card is first drawn: their expressions, and the library for them, would take a third of a start. */
const templates = new Map<CardName, Template>();

function templateOf(name: CardName): Template {
  const known = templates.get(name);
  if (known) return known;
  const library = require('adaptivecards-templating') as typeof import('adaptivecards-templating');
  const template = new library.Template(JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')));
  templates.set(name, template);
  return template;
}

/**
 * Fills a template of `adaptiveCards/` with a view. Every field a template names must be in the view, `null` where it is empty:
 * a missing one would stay in the card as `${name}`.
 */
export function fillCard(name: CardName, view: object): Card {
  return templateOf(name).expand({ $root: view }) as Card;
}

type View = Readonly<Record<string, boolean | string | object>>;

/** Marks where a field of the view goes in a card that was filled ahead. */
class Place {
  constructor(readonly field: string) {}
}

/** Puts the values of a view in their places. */
type Fill = (view: View) => unknown;

/** By template and by the fields of the view that are true, which say what parts a card has. */
const filledAhead = new Map<string, Fill>();

/**
 * Fills a template as {@link fillCard} does, but works out only once which parts a card has, and then merely puts in the values: for
 * cards that are drawn in most turns. A field that is no yes or no must stand in the template as `"${field}"`, by itself; not
 * within a text, nor as `$data` or in `$when` of a part that is shown.
 */
export function fillAhead(name: CardName, view: View): Card {
  const fields = Object.entries(view);
  const key = fields.reduce((shape, [field, value]) => (value === true ? `${shape} ${field}` : shape), name as string);
  let fill = filledAhead.get(key);
  if (fill === undefined) {
    const places = fields.map(([field, value]) => [field, typeof value === 'boolean' ? value : new Place(field)]);
    const card = fillCard(name, Object.fromEntries(places));
    fill = fillOf(card) ?? (() => card);
    filledAhead.set(key, fill);
  }
  return fill(view) as Card;
}

/** `undefined` for what has no places in it: all cards share it. */
function fillOf(node: unknown): Fill | undefined {
  if (node instanceof Place) return (view) => view[node.field];
  if (Array.isArray(node)) return fillOfList(node);
  if (typeof node !== 'object' || node === null) return undefined;
  const parts = Object.entries(node).flatMap(([property, value]) => {
    const fill = fillOf(value);
    return fill ? [{ property, fill }] : [];
  });
  if (parts.length === 0) return undefined;
  return (view) => {
    const filled: Record<string, unknown> = { ...node };
    for (const { property, fill } of parts) filled[property] = fill(view);
    return filled;
  };
}

/** A list in a list becomes part of it, as it does in {@link fillCard}. */
function fillOfList(list: readonly unknown[]): Fill | undefined {
  const fills = list.map(fillOf);
  if (fills.every((fill) => fill === undefined)) return undefined;
  return (view) => list.flatMap((item, at) => fills[at]?.(view) ?? item);
}
