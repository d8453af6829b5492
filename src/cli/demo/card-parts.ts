import type { Card } from '../../teams/cards/template.js';
import type { Posted } from './channel-messages.js';

/** An element of a card, or an action. */
export type Element = Readonly<Record<string, unknown>> & { readonly type: string };

/** The card that a message holds. */
export function cardOf({ activity }: Pick<Posted, 'activity'>): Card | undefined {
  const [first] = (activity.attachments ?? []) as { readonly content?: Card }[];
  return first?.content;
}

/** Everything of a card that has a type, however deep, in the order in which it stands. */
export function elementsIn(value: unknown): Element[] {
  if (Array.isArray(value)) return value.flatMap(elementsIn);
  if (typeof value !== 'object' || value === null) return [];
  const own = 'type' in value && typeof value.type === 'string' ? [value as Element] : [];
  return [...own, ...Object.entries(value).flatMap(([name, inner]) => (name === 'fallback' ? [] : elementsIn(inner)))];
}

/** A button that the bot acts on. */
export interface Button {
  readonly verb: string;
  /** What it sends: what stands in its card, and what stands in the inputs of that. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** @throws when the card has no such button. */
export function buttonOf(card: Card, title: string): Button {
  const found = elementsIn(card).find((one) => one.type === 'Action.Execute' && one.title === title);
  if (!found) throw new Error(`The card has no button "${title}".`);
  const inputs =
    found.associatedInputs === 'none' ? [] : elementsIn(card).filter(({ type }) => type.startsWith('Input.'));
  const entered = inputs.map(({ id, value }) => [String(id), value ?? '']);
  return { verb: String(found.verb), data: { ...Object.fromEntries(entered), ...(found.data as object | undefined) } };
}

/** Where a button of a card leads. @throws when the card has no such button. */
export function linkOf(card: Card, title: string): string {
  const found = elementsIn(card).find((one) => one.type === 'Action.OpenUrl' && one.title === title);
  if (!found) throw new Error(`The card has no link "${title}".`);
  return String(found.url);
}

/** The value of a choice of a card by its title, such as a person's name. @throws when there is none. */
export function choiceOf(card: Card, title: string): string {
  for (const { choices } of elementsIn(card))
    for (const choice of (choices ?? []) as { readonly title: string; readonly value: string }[])
      if (choice.title === title) return choice.value;
  throw new Error(`The card has no choice "${title}".`);
}

/** The card with what a person typed and chose in its inputs. */
export function filledIn(card: Card, typed: Readonly<Record<string, string>>): Card {
  return JSON.parse(JSON.stringify(card), (_name, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('id' in value)) return value;
    const { id, type } = value as { readonly id: unknown; readonly type?: unknown };
    const entered = typed[String(id)];
    return String(type).startsWith('Input.') && entered !== undefined ? { ...value, value: entered } : value;
  }) as Card;
}

/** The card after buttons were pressed that show more of it. */
export function unfolded(card: Card, ...titles: readonly string[]): Card {
  const shown = new Set(
    elementsIn(card)
      .filter(
        ({ type, title }) => type === 'Action.ToggleVisibility' && titles.some((one) => String(title).startsWith(one)),
      )
      .flatMap(({ targetElements }) => targetElements as readonly string[]),
  );
  return JSON.parse(JSON.stringify(card), (_name, value: unknown) => {
    const { id } = (typeof value === 'object' && value !== null ? value : {}) as { readonly id?: unknown };
    return typeof id === 'string' && shown.has(id) ? { ...(value as object), isVisible: true } : value;
  }) as Card;
}

/** All that a card holds, in one string. */
export const wholeOf = (card: Card | undefined): string => JSON.stringify(card ?? '');
