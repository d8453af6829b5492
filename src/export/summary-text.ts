import type { LaidSummary, Row } from '../summaries/layout.js';

const WIDTH = 100;
const LABEL = 56;

/** A summary as text for a terminal, in lines of at most 100 characters but for words that are longer. */
export function textOf(laid: LaidSummary): string {
  const { trend, sections, lists, corrections, comment, rules } = laid;
  const blocks = [
    [laid.title, '='.repeat(laid.title.length), ...[laid.school, laid.days, laid.made].map(plain)].join('\n'),
    block('At a glance', linesOf(laid.headlines)),
    ...(trend.length > 0 ? [block('Reports by period', linesOf(trend)), ...historyBlocks(laid)] : []),
    ...sections.map(({ title, rows, note }) => block(title, [...linesOf(rows), ...wrapped(note)])),
    ...lists.map(({ title, items, none }) =>
      block(title, items.length === 0 ? wrapped(none) : items.flatMap((item, at) => wrapped(`${at + 1}. ${item}`))),
    ),
    ...(corrections.length > 0 ? [block('Corrections of earlier summaries', corrections.flatMap(wrapped))] : []),
    ...(comment ? [block(comment.title, comment.words.split(/\r\n|[\r\n]/u).flatMap(wrapped))] : []),
    block('How to read this', rules.flatMap(wrapped)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** Without what a terminal would obey. */
const plain = (text: string): string => text.replace(/\p{C}/gu, ' ');

const block = (title: string, lines: readonly string[]): string =>
  [title, '-'.repeat(title.length), ...lines].join('\n');

const linesOf = (rows: readonly Pick<Row, 'label' | 'figure'>[]): readonly string[] =>
  rows.map(({ label, figure }) => `${label.padEnd(LABEL)}  ${figure}`);

/** One for each period but this one, whose figures stand in the sections. */
const historyBlocks = ({ history: { periods, rows, more } }: LaidSummary): readonly string[] =>
  periods
    .slice(0, -1)
    .map((period, at) =>
      block(
        period,
        linesOf([...rows, ...more].map(({ label, cells }) => ({ label, figure: cells[at]?.figure ?? '' }))),
      ),
    );

function wrapped(text: string): readonly string[] {
  if (text === '') return [];
  const lines: string[] = [];
  let line = '';
  for (const word of plain(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
