import type { LaidSummary, Row, Section } from '../../summaries/layout.js';
import { beginningOf, brokenUp } from './fitting.js';
import { type Card, fillCard } from './template.js';

/** What a card shows of a summary. */
export interface SummaryFigures {
  readonly laid: LaidSummary;
  /** Said before all figures, such as that no report came in. */
  readonly notice: string | null;
  /** `short`: without charts. */
  readonly form: 'full' | 'short';
}

/** A summary with its buttons, for governors and for whoever asks for one. */
export interface SummaryCard extends SummaryFigures {
  readonly id: string;
  /** Others that may be asked for, and this one; empty where there is nothing to choose. */
  readonly periods: readonly { readonly id: string; readonly name: string }[];
}

/** A summary of a week: figures, and nothing to press. */
export const summaryFigures = (view: SummaryFigures): Card => fillCard('summary-figures', figuresOf(view, true));

export function summaryCard({ id, periods, ...view }: SummaryCard): Card {
  const card = fillCard('summary', {
    ...{ id, period: id, hasPeriods: periods.length > 1, speak: spoken(view) },
    periods: periods.map((period) => ({ title: period.name, value: period.id })),
  });
  return { ...card, body: [...summaryFigures(view).body, ...card.body] };
}

/** What came of a press. */
export interface PreviewNotice {
  readonly line: string;
  readonly style: 'good' | 'warning';
  /** Words of the comment that may be names; it is kept only if that is pressed once more. */
  readonly names: readonly string[];
  /** What was typed and has no box any more. */
  readonly lost?: string;
}

/** The figures as the governors get them, and what the Headteacher may do before. */
export interface PreviewCard extends Omit<SummaryFigures, 'notice'> {
  readonly none: SummaryFigures['notice'];
  readonly id: string;
  readonly state: 'planned' | 'held' | 'sent' | 'none';
  readonly title: string;
  readonly lines: readonly string[];
  /** What stands in the box for the comment. */
  readonly typed: string;
  readonly notice: PreviewNotice | null;
  /** Names the words that were checked for names, so that others are checked again. */
  readonly checked: string;
  /** Who will be told that it is not sent. */
  readonly chair: string;
}

const STYLE: Readonly<Record<PreviewCard['state'], string>> = {
  planned: 'emphasis',
  held: 'warning',
  sent: 'good',
  none: 'emphasis',
};

export function summaryPreview({ state, title, lines, typed, notice, chair, none, ...view }: PreviewCard): Card {
  const open = state === 'planned' || state === 'held';
  const card = fillCard('summary-preview', {
    ...{ id: view.id, title, typed, checked: view.checked, open, planned: state === 'planned', held: state === 'held' },
    style: STYLE[state],
    lines: lines.map((line) => ({ line })),
    ...{ hasNotice: notice !== null, notice: notice?.line ?? '', noticeStyle: notice?.style ?? 'good' },
    more: [namesOf(notice), ...brokenUp([notice?.lost ?? ''], MOST_LINES)].filter(Boolean).map((line) => ({ line })),
    hasNames: (notice?.names.length ?? 0) > 0,
    sure: `The governors get no summary of this period until you send it after all. ${chair} is told at once that you do not send it. Are you sure?`,
    speak: `${title}. ${lines.join(' ')}`,
  });
  // What may still be changed stands in its box alone.
  const figures = fillCard('summary-figures', figuresOf({ ...view, notice: none }, !open));
  const [banner, ...rest] = card.body;
  return { ...card, body: [...(banner ? [banner] : []), ...figures.body, ...rest] };
}

/** A short word about a summary. */
export interface SummaryNote {
  readonly title: string;
  readonly lines: readonly string[];
  readonly style: 'emphasis' | 'warning' | 'good';
  /** To the page with both files. */
  readonly link?: string;
  /** The period whose figures can be shown. */
  readonly period?: string;
}

export const summaryNote = ({ title, lines, style, link, period }: SummaryNote): Card =>
  fillCard('summary-note', {
    ...{ title, style, link: link ?? '', hasLink: link !== undefined },
    ...{ period: period ?? '', hasShow: period !== undefined },
    lines: lines.map((line) => ({ line })),
    speak: `${title}. ${lines.join(' ')}`,
  });

function figuresOf({ laid, notice, form }: SummaryFigures, withComment: boolean) {
  const charted = form === 'full' ? laid.sections.find(({ chart }) => chart) : undefined;
  const comment = withComment ? laid.comment : null;
  return {
    title: escaped(laid.title),
    about: `${laid.school} · ${laid.days} · ${laid.made}`,
    ...{ notice: notice ?? '', hasNotice: notice !== null },
    headlines: laid.headlines.map(({ label, figure }, at) => ({ label, figure, first: at === 0 })),
    charts: [
      ...(laid.trend.length > 0 ? [chartOf(trendOf(laid), form === 'full' ? 'upright' : 'table')] : []),
      ...(charted ? [chartOf(charted, 'lying')] : []),
    ],
    sections: folded(laid, charted),
    ...{ hasComment: comment !== null, commentTitle: comment?.title ?? '' },
    comment: brokenUp([comment?.words ?? ''], MOST_LINES).map((line) => ({ line })),
    speak: spoken({ laid, notice }),
  };
}

const spoken = ({ laid, notice }: Pick<SummaryFigures, 'laid' | 'notice'>): string =>
  [
    `${laid.title}. ${laid.school}.`,
    notice ?? `${laid.headlines.map(({ label, figure }) => `${label}: ${figure}`).join('. ')}.`,
  ].join(' ');

const MOST_NAMES = 20;

function namesOf(notice: PreviewNotice | null): string {
  const names = notice?.names ?? [];
  const left = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}

const trendOf = ({ trend }: LaidSummary): Pick<Section, 'title' | 'unit' | 'rows' | 'note'> => ({
  ...{ title: 'Reports by period', unit: 'Reports', rows: trend, note: '' },
});

/** Fewer bars than this say nothing. */
const LEAST_BARS = 2;

/** A chart draws what is told exactly; what is not is named below it, as zero would be a lie. */
function chartOf(
  { title, unit, rows, note }: Pick<Section, 'title' | 'unit' | 'rows' | 'note'>,
  drawn: 'upright' | 'lying' | 'table',
) {
  const bars = rows.flatMap(({ label, value }) => (value === null ? [] : [{ x: label, y: value }]));
  const shape = bars.length < LEAST_BARS ? 'table' : drawn;
  const untold = shape === 'table' ? [] : rows.filter(({ value }) => value === null);
  return {
    ...{
      title,
      unit,
      bars,
      shape,
      head: drawn === 'lying' ? title : 'Period',
      rows: rows.map(labelled),
      note,
      hasNote: note !== '',
    },
    hasUntold: untold.length > 0,
    untold: `Not drawn in charts: ${untold.map(({ label, figure }) => `${label} (${figure})`).join('; ')}.`,
  };
}

const labelled = ({ label, figure }: Row) => ({ label, figure });

/** Everything else, each under a line to press. @param charted is shown already. */
function folded(laid: LaidSummary, charted: Section | undefined) {
  const { sections, lists, corrections, rules } = laid;
  const all = [
    ...sections
      .filter((section) => section !== charted)
      .map(({ title, rows, note }) => ({ title, facts: rows.map(labelled), lines: note === '' ? [] : [note] })),
    ...lists.map(({ title, items, none }) => ({
      ...{ title, facts: [] },
      lines: items.length === 0 ? [none] : items.map((item, at) => `${at + 1}. ${shortened(item)}`),
    })),
    ...before(laid),
    ...(corrections.length > 0
      ? [{ title: `Corrections to earlier summaries (${corrections.length})`, facts: [], lines: some(corrections) }]
      : []),
    { title: 'How small figures are hidden', facts: [], lines: rules },
  ];
  return all.map(({ title, facts, lines }, at) => ({
    ...{ id: `part${at}`, title, facts, hasFacts: facts.length > 0 },
    lines: lines.map((line) => ({ line })),
  }));
}

/** Each line has one figure for each period, so that it can be read on a phone. */
function before({ history: { periods, rows, note } }: LaidSummary) {
  if (rows.length === 0) return [];
  const order = `Each line is, in this order: ${periods.join('; ')}.`;
  const facts = rows.map(({ label, cells }) => ({ label, figure: cells.map(({ figure }) => figure).join('; ') }));
  return [{ title: 'The periods before and this one', facts, lines: [order, ...(note === '' ? [] : [note])] }];
}

/** As many as a card has room for; the PDF has all. */
const MOST_LINES = 8;
const MOST_CORRECTIONS = 5;
const MOST_ITEM_BYTES = 120;

function shortened(item: string): string {
  const shown = beginningOf(item, MOST_ITEM_BYTES);
  return shown === item ? item : `${shown.trimEnd()} …`;
}

function some(lines: readonly string[]): readonly string[] {
  const left = lines.length - MOST_CORRECTIONS;
  return left > 0 ? [...lines.slice(0, MOST_CORRECTIONS), `And ${left} more: they are in the PDF and the CSV.`] : lines;
}

/** In a heading, which is Markdown. */
const escaped = (text: string): string => text.replace(/[\\`*_[\]<>#]/gu, '\\$&');
