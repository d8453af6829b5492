import type { Card } from '../../teams/cards/template.js';

/** How a line stands out, for those who see colours; it says the same without. */
export type Tone = 'plain' | 'strong' | 'quiet' | 'alarm' | 'button';

export interface TextLine {
  readonly text: string;
  readonly tone: Tone;
}

type Node = Readonly<Record<string, unknown>>;

/** A card as lines of text of at most so many characters, for a terminal and for those who cannot see it drawn. */
export function cardLines(card: Card, width: number): TextLine[] {
  const lines = [...listOf(card.body), ...actionsIn(card.actions)].flatMap((node) => drawn(node, width, 'plain'));
  return lines.filter(({ text }, at) => text !== '' || (lines[at - 1]?.text ?? '') !== '');
}

const listOf = (value: unknown): readonly Node[] => (Array.isArray(value) ? (value as Node[]) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const actionsIn = (actions: unknown): readonly Node[] =>
  listOf(actions).length === 0 ? [] : [{ type: 'ActionSet', actions }];

/** @param tone of what it stands in. */
function drawn(node: Node, width: number, tone: Tone): TextLine[] {
  if (node.isVisible === false) return [];
  switch (node.type) {
    case 'TextBlock':
      return wrapped(fromMarkdown(textOf(node.text)), width, toneOf(node, tone));
    case 'RichTextBlock':
      return wrapped(runsIn(node), width, tone);
    case 'FactSet':
      return listOf(node.facts).flatMap(({ title, value }) =>
        wrapped(`${textOf(title)}: ${fromMarkdown(textOf(value))}`, width, tone),
      );
    case 'ActionSet':
      return wrapped(listOf(node.actions).map(buttonIn).join('  '), width, 'button');
    case 'Table':
      return tableLines(node, width);
    case 'Container':
      return spaced(node, listOf(node.items), width, node.style === 'attention' ? 'alarm' : tone);
    case 'ColumnSet':
      return columns(node, width, tone);
    default:
      return String(node.type).startsWith('Input.') ? inputLines(node, width) : otherwise(node, width, tone);
  }
}

/** Charts are Teams' own: elsewhere their fallback is drawn. */
const otherwise = (node: Node, width: number, tone: Tone): TextLine[] =>
  typeof node.fallback === 'object' && node.fallback !== null ? drawn(node.fallback as Node, width, tone) : [];

const EMPTY: TextLine = { text: '', tone: 'plain' };

/** With a line before what stands apart. */
const spaced = (node: Node, items: readonly Node[], width: number, tone: Tone): TextLine[] => [
  ...(node.separator === true || node.spacing === 'Medium' || node.spacing === 'Large' ? [EMPTY] : []),
  ...items.flatMap((item) => drawn(item, width, tone)),
];

function columns(node: Node, width: number, tone: Tone): TextLine[] {
  const all = listOf(node.columns).map((column) => listOf(column.items).flatMap((item) => drawn(item, width, tone)));
  const isShort = all.every((lines) => lines.length <= 1);
  const line = all.flatMap(([first]) => (first ? [first.text] : [])).join('   ');
  return isShort && line.length <= width ? wrapped(line, width, tone) : all.flat();
}

function toneOf({ weight, isSubtle, color }: Node, tone: Tone): Tone {
  if (tone === 'alarm' || color === 'Attention') return 'alarm';
  if (weight === 'Bolder') return 'strong';
  return isSubtle === true ? 'quiet' : tone;
}

const runsIn = (node: Node): string =>
  listOf(node.inlines)
    .map((run) => textOf(run.text))
    .join('');

/** The signs of Markdown that our cards use are taken for what they mean. */
const fromMarkdown = (text: string): string =>
  text
    .replace(/(?<!\\)\*\*(.+?)(?<!\\)\*\*/gu, '$1')
    .replace(/\\([!-/:-@[-`{-~])/gu, '$1')
    .replace(/&#(\d+);/gu, (_whole, code: string) => String.fromCodePoint(Number(code)));

const buttonIn = ({ title }: Node): string => `[ ${textOf(title)} ]`;

function inputLines(node: Node, width: number): TextLine[] {
  const label = wrapped(textOf(node.label) || textOf(node.title), width, 'strong');
  const value = textOf(node.value);
  if (node.type === 'Input.Toggle')
    return [...wrapped(`${boxed(value === 'true')} ${textOf(node.title)}`, width, 'plain')];
  if (node.type !== 'Input.ChoiceSet') return [...label, ...indented(value || '…', width)];
  const chosen = value.split(',');
  const all = listOf(node.choices);
  // A list to open shows what is chosen; one that lies open shows all.
  const seen = node.style === 'expanded' ? all : all.filter((choice) => chosen.includes(textOf(choice.value)));
  const mark = (choice: Node) =>
    node.style === 'expanded' ? `${boxed(chosen.includes(textOf(choice.value)))} ` : '▾ ';
  const lines = seen.flatMap((choice) => indented(`${mark(choice)}${textOf(choice.title)}`, width));
  return [...label, ...(lines.length > 0 ? lines : indented('▾ …', width))];
}

const boxed = (isOn: boolean): string => (isOn ? '[x]' : '[ ]');

const indented = (text: string, width: number): TextLine[] =>
  wrapped(text, width - 2, 'plain').map((line) => ({ ...line, text: `  ${line.text}` }));

/** Cells of a column stand one below the other. */
function tableLines(node: Node, width: number): TextLine[] {
  const rows = listOf(node.rows).map((row) =>
    listOf(row.cells).map((cell) =>
      listOf(cell.items)
        .flatMap((item) => drawn(item, width, 'plain').map(({ text }) => text))
        .join(' '),
    ),
  );
  const sizes = rows.reduce<number[]>(
    (most, cells) => cells.map((cell, at) => Math.max(most[at] ?? 0, cell.length)),
    [],
  );
  return rows.flatMap((cells, row) => {
    const line = cells.map((cell, at) => cell.padEnd(sizes[at] ?? 0)).join('   ');
    return wrapped(
      line.trimEnd().length <= width ? line.trimEnd() : cells.join(' · '),
      width,
      row === 0 ? 'strong' : 'plain',
      true,
    );
  });
}

/** @param keeps spaces that line columns up. */
export function wrapped(text: string, width: number, tone: Tone, keeps = false): TextLine[] {
  return text.split('\n').flatMap((paragraph): TextLine[] => {
    if (keeps && paragraph.length <= width) return [{ text: paragraph, tone }];
    const lines: string[] = [''];
    for (const word of paragraph
      .split(/\s+/u)
      .filter(Boolean)
      .flatMap((one) => cut(one, width))) {
      const last = lines.at(-1) ?? '';
      if (last === '') lines[lines.length - 1] = word;
      else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
      else lines.push(word);
    }
    return lines.map((line) => ({ text: line, tone }));
  });
}

/** A word that is longer than a line, such as a hash or a link. */
const cut = (word: string, width: number): string[] => word.match(new RegExp(`.{1,${width}}`, 'gu')) ?? [];
