import type { LaidSummary, Row } from '../summaries/layout.js';
import { COLUMN, Flow, type Plan } from './flow.js';
import { type Block, headingBlock, type Sizes, stacked, tableBlock, textBlock } from './paper-table.js';
import { GREY, type Sheet, WIDTH } from './sheet.js';
import { trendBlock } from './trend-on-paper.js';

/** How much is shown, and how large, so that it fits. */
export interface Fit extends Sizes {
  readonly chart: number;
  readonly between: number;
  /** Most items of a list, lines of an item, corrections, and lines of the comment. */
  readonly items: number;
  readonly itemLines: number;
  readonly corrections: number;
  readonly commentLines: number;
}

const ALL = Number.POSITIVE_INFINITY;
const WHOLE = { items: ALL, itemLines: ALL, corrections: ALL, commentLines: ALL };
const SHORTER = { items: 5, itemLines: 2, corrections: 5, commentLines: 24 };

/** The first that fits is taken; the last one always does. */
export const FITS: readonly Fit[] = [
  { ...{ text: 8.5, heading: 10.5, gap: 3.5, chart: 120, between: 14 }, ...WHOLE },
  { ...{ text: 8, heading: 10, gap: 2.5, chart: 100, between: 11 }, ...WHOLE },
  { ...{ text: 7.5, heading: 9.5, gap: 1.5, chart: 84, between: 9 }, ...SHORTER },
  { ...{ text: 7, heading: 9, gap: 1, chart: 70, between: 7 }, ...SHORTER },
  {
    ...{ text: 7, heading: 9, gap: 0.6, chart: 56, between: 6 },
    ...{ items: 3, itemLines: 1, corrections: 3, commentLines: 12 },
  },
];

/** In the first of them nothing is left out. */
export const WHOLE_FITS = 2;

const TITLE = 16;

/** Lays a summary out on pages, from its title to how it is to be read. */
export function planned(sheet: Sheet, laid: LaidSummary, fit: Fit): Plan {
  const flow = new Flow(sheet, fit.between);
  flow.put(titleBlock(sheet, laid, fit));
  flow.put(glanceBlock(sheet, laid.headlines, fit));
  if (laid.trend.length > 0)
    flow.put(
      stacked([
        headingBlock(sheet, 'Reports by period', WIDTH, fit),
        trendBlock(sheet, laid, WIDTH, fit),
        ...(laid.history.note === '' ? [] : [noteBlock(sheet, laid.history.note, WIDTH, fit)]),
      ]),
    );
  flow.putInColumns([
    ...laid.sections.map((section) => sectionBlock(sheet, section, fit)),
    ...listBlocks(sheet, laid, fit),
  ]);
  for (const block of lastBlocks(sheet, laid, fit)) flow.put(block);
  return flow;
}

function titleBlock(sheet: Sheet, laid: LaidSummary, { text }: Fit): Block {
  return stacked(
    [
      textBlock(sheet, laid.title, WIDTH, { font: 'bold', size: TITLE, most: 2, tag: 'H1' }),
      textBlock(sheet, laid.school, WIDTH, { font: 'bold', size: text + 1.5, most: 2 }),
      textBlock(sheet, `${laid.days} · ${laid.made}`, WIDTH, { size: text, colour: GREY }),
    ],
    3,
  );
}

const TILE = { gap: 8, pad: 6 } as const;

/** The figures that matter most, in boxes beside each other. */
function glanceBlock(sheet: Sheet, headlines: readonly Row[], { text }: Fit): Block {
  const width = (WIDTH - TILE.gap * (headlines.length - 1)) / headlines.length;
  const room = width - 2 * TILE.pad;
  const tiles = headlines.map(({ figure, label }) => {
    const size = [text + 7, text + 5, text + 3, text + 1].find(
      (one) => sheet.widthOf(figure, { font: 'bold', size: one }) <= room,
    );
    return {
      figure: textBlock(sheet, figure, room, { font: 'bold', size: size ?? text - 0.5 }),
      label: textBlock(sheet, label, room, { size: text - 0.5 }),
    };
  });
  const figures = Math.max(...tiles.map(({ figure }) => figure.height));
  const height = figures + Math.max(...tiles.map(({ label }) => label.height)) + 2 * TILE.pad + 3;
  return {
    height,
    draw(x, y) {
      for (const [at, { figure, label }] of tiles.entries()) {
        const left = x + at * (width + TILE.gap);
        sheet.artifact(() => sheet.pen.rect(left, y, width, height).lineWidth(0.8).stroke(GREY));
        figure.draw(left + TILE.pad, y + TILE.pad + figures - figure.height);
        label.draw(left + TILE.pad, y + TILE.pad + figures + 3);
      }
    },
  };
}

function sectionBlock(sheet: Sheet, section: LaidSummary['sections'][number], fit: Fit): Block {
  return stacked([
    headingBlock(sheet, section.title, COLUMN, fit),
    ...(section.rows.length > 0 ? [tableBlock(sheet, section, COLUMN, fit)] : []),
    ...(section.note === '' ? [] : [noteBlock(sheet, section.note, COLUMN, fit)]),
  ]);
}

const noteBlock = (sheet: Sheet, note: string, width: number, { text }: Fit): Block =>
  textBlock(sheet, note, width, { size: text - 0.5, colour: GREY });

const listBlocks = (sheet: Sheet, { lists }: LaidSummary, fit: Fit): readonly Block[] =>
  lists.map(({ title, items, none }) =>
    stacked(
      [
        headingBlock(sheet, title, COLUMN, fit),
        ...(items.length === 0
          ? [noteBlock(sheet, none, COLUMN, fit)]
          : some(
              items,
              fit.items,
              (item, at) => textBlock(sheet, `${at + 1}. ${item}`, COLUMN, { size: fit.text, most: fit.itemLines }),
              (more) => noteBlock(sheet, more, COLUMN, fit),
            )),
      ],
      1.5,
    ),
  );

/** So many of them, and how many more there are. */
const some = (
  items: readonly string[],
  most: number,
  of: (item: string, at: number) => Block,
  last: (more: string) => Block,
): readonly Block[] => [
  ...items.slice(0, most).map(of),
  ...(items.length > most ? [last(`and ${items.length - most} more, which the CSV has`)] : []),
];

function lastBlocks(
  sheet: Sheet,
  { corrections, comment, rules, sections, trend }: LaidSummary,
  fit: Fit,
): readonly Block[] {
  const hasChart = trend.length > 0 || sections.some(({ chart }) => chart);
  const letters = { size: fit.text };
  const headed = (title: string, blocks: readonly Block[]) =>
    stacked([headingBlock(sheet, title, WIDTH, fit), ...blocks], 1);
  return [
    ...(corrections.length === 0
      ? []
      : [
          headed(
            'Corrections of earlier summaries',
            some(
              corrections,
              fit.corrections,
              (one) => textBlock(sheet, one, WIDTH, { ...letters, most: fit.itemLines }),
              (more) => noteBlock(sheet, more, WIDTH, fit),
            ),
          ),
        ]),
    ...(comment ? [headed(comment.title, [commentBlock(sheet, comment.words, fit)])] : []),
    headed(
      'How to read this',
      [...rules, ...(hasChart ? [LEGEND] : []), ...(sheet.substituted ? [SUBSTITUTED] : [])].map((rule) =>
        noteBlock(sheet, rule, WIDTH, fit),
      ),
    ),
  ];
}

const LEGEND =
  'In the charts a solid bar is one figure, and a pale one several together. A dashed box stands for a figure that is told only as a range, or not at all.';

const SUBSTITUTED =
  'What stands as a number, such as [U+4E2D], is a character that cannot be printed here. The CSV has it.';

function commentBlock(sheet: Sheet, words: string, { text, commentLines }: Fit): Block {
  const kept = commentLines === ALL ? words.trim() : words.trim().replace(/\s+/gu, ' ');
  const block = textBlock(sheet, kept, WIDTH - 14, { size: text, most: commentLines, tag: 'BlockQuote' });
  return {
    height: block.height + 2,
    draw(x, y) {
      sheet.artifact(() =>
        sheet.pen
          .moveTo(x + 4, y)
          .lineTo(x + 4, y + block.height)
          .lineWidth(1.5)
          .stroke(GREY),
      );
      block.draw(x + 14, y);
    },
  };
}
