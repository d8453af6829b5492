import MarkdownIt from 'markdown-it';

/** A text of a message as clients show it. */
export interface ShownText {
  /** Where it stands in the message, for example `attachments.0.content.body.2.text`. */
  readonly at: string;
  /** What is to be seen of it, with the signs of Markdown and HTML taken for what they mean. */
  readonly seen: string;
  readonly raw: string;
}

/** As Teams reads texts of cards: Markdown, in which tags of HTML are tags. */
const markdown = new MarkdownIt({ html: true, linkify: false, breaks: true });

/** By element, what of it clients read as Markdown, some of them at least. All else is shown as it stands. */
const MARKDOWN: Readonly<Record<string, readonly string[]>> = {
  TextBlock: ['text'],
  Fact: ['title', 'value'],
  Choice: ['title'],
  'Input.Toggle': ['title', 'label'],
  'Input.Text': ['label'],
  'Input.ChoiceSet': ['label'],
  AdaptiveCard: ['fallbackText'],
  'Action.ShowCard': ['title'],
  message: ['text'],
  thumbnail: ['title', 'subtitle', 'text'],
};

/** Kinds of things that have no `type` of their own, by the list they stand in. */
const LISTED: Readonly<Record<string, string>> = { facts: 'Fact', choices: 'Choice' };
const HIDDEN = ['data', 'id', 'verb', 'contentType', '$schema', 'activity', 'conversation', 'from', 'recipient'];

/** All texts of a message, an invoke's answer or a search's, as they are seen. */
export function textsShown(value: unknown, at = '', kind = 'message'): ShownText[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => textsShown(one, `${at}.${index}`, kind));
  if (typeof value !== 'object' || value === null) return [];
  const { type, contentType } = value as { type?: unknown; contentType?: unknown };
  const own =
    typeof type === 'string' && MARKDOWN[type] ? type : typeof type === 'string' && type !== '' ? 'other' : kind;
  return Object.entries(value).flatMap(([key, inner]): ShownText[] => {
    if (HIDDEN.includes(key)) return [];
    const place = at === '' ? key : `${at}.${key}`;
    if (typeof inner === 'string')
      return [{ at: place, raw: inner, seen: (MARKDOWN[own] ?? []).includes(key) ? seenOf(inner) : inner }];
    const thumbnail = String(contentType).endsWith('card.thumbnail') && key === 'content';
    return textsShown(inner, place, LISTED[key] ?? (thumbnail ? 'thumbnail' : own === 'message' ? 'message' : 'other'));
  });
}

function seenOf(text: string): string {
  return markdown
    .parse(text, {})
    .map(({ type, content, children }) =>
      type === 'inline'
        ? (children ?? [])
            .map((child) =>
              child.type === 'softbreak' || child.type === 'hardbreak'
                ? '\n'
                : child.type === 'html_inline' || child.type === 'image'
                  ? ''
                  : child.content,
            )
            .join('')
        : type === 'fence' || type === 'code_block'
          ? content
          : '',
    )
    .filter((part) => part !== '')
    .join('\n');
}
