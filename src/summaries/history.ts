import { cellRow, figureRow, NOT_SHOWN, shareInWords } from './figure-words.js';
import type { History, HistoryRow, Row } from './layout.js';
import { periodId } from './period.js';
import type { PublishedPopulation, ReportTable } from './population.js';
import { shareInTime } from './report-sections.js';
import type { Edition, Summary, TimeTaken, TrendPoint } from './summary.js';
import { BREAKDOWN_TABLES, DONE, DONE_TABLES, TABLE_WORDS, TIME_WORDS } from './table-words.js';

type Told = Pick<Summary, 'trend' | 'published' | 'period'>;

/** The periods before and this one: reports to be drawn, and all other figures as a table. */
export function historyOf(
  { trend, published, period }: Told,
  edition: Edition,
): { readonly trend: readonly Row[]; readonly history: History } {
  if (trend.length === 0) return { trend: [], history: { periods: [], periodIds: [], rows: [], more: [], note: '' } };
  const points: readonly TrendPoint[] = [...trend, { period, published }];
  const rowsOf = (figures: readonly FigureOf[]) =>
    figures.map((one) => historyRow(points, one)).filter(({ cells }) => cells.some(saysSomething));
  const [reports, ...others] = MAIN;
  const more = rowsOf([...(edition === 'chair' ? [ABOUT_HEADTEACHER] : []), ...MORE]);
  return {
    trend: points.map((point) => figureRow(periodId(point.period), point.period.name, point.published.reports.total)),
    history: {
      periods: points.map((point) => point.period.name),
      periodIds: points.map((point) => periodId(point.period)),
      rows: [...(reports ? [historyRow(points, reports)] : []), ...rowsOf(others)],
      more,
      note: more.length === 0 ? '' : 'The CSV has all other figures of these periods as well.',
    },
  };
}

/** Not so where nothing is told, but of periods without reports. */
const saysSomething = ({ figure }: Pick<Row, 'figure'>): boolean => figure !== NOT_SHOWN && figure !== 'None';

interface FigureOf {
  readonly unit: string;
  readonly of: (told: TrendPoint['published']) => Row;
}

const tableFigures = (table: (typeof BREAKDOWN_TABLES)[number]): readonly FigureOf[] =>
  Object.entries(TABLE_WORDS[table].cells).map(([cell, label]) => reportFigure(table, cell, label));

const reportFigure = (table: ReportTable, cell: string, label: string): FigureOf => ({
  unit: 'Reports',
  of: ({ reports }) => cellRow(`${table}.${cell}`, label, countOf(reports, table, cell)),
});

const timeFigure = (taken: TimeTaken, which: 'median' | 'p90'): FigureOf => ({
  unit: 'School days',
  of({ times }) {
    const days = times[taken][which];
    const words = `${which === 'median' ? 'Half' : 'Nine of ten'} ${TIME_WORDS[taken]} within (school days)`;
    return { ...cellRow(`${taken}_${which}`, words, days), ...(days === 0 ? { figure: '0' } : {}) };
  },
});

const MAIN_TABLES = ['category', 'severity'] as const;

const MAIN: readonly FigureOf[] = [
  { unit: 'Reports', of: ({ reports }) => figureRow('reports', 'Reports', reports.total) },
  ...MAIN_TABLES.flatMap(tableFigures),
  { unit: 'Reports', of: ({ reports }) => inTime(reports) },
  timeFigure('acknowledge', 'median'),
  { unit: 'Reports', of: ({ open }) => figureRow('open', 'Open, from all periods', open) },
  { unit: 'Reports', of: ({ overdue }) => figureRow('overdue', 'Overdue', overdue) },
  { unit: 'Questions', of: ({ questions }) => figureRow('questions', 'Questions to the policy', questions.total) },
];

const ABOUT_HEADTEACHER: FigureOf = {
  unit: 'Reports',
  of: ({ aboutHeadteacher }) => figureRow('about_headteacher', 'Reports about the Headteacher', aboutHeadteacher),
};

const MORE: readonly FigureOf[] = [
  ...BREAKDOWN_TABLES.filter((table) => !MAIN_TABLES.some((main) => main === table)).flatMap(tableFigures),
  ...DONE_TABLES.map((table) => reportFigure(table, 'yes', DONE[table].yes)),
  timeFigure('acknowledge', 'p90'),
  ...(['first_action', 'close'] as const).flatMap((taken) => [timeFigure(taken, 'median'), timeFigure(taken, 'p90')]),
  { unit: 'Reports', of: ({ openFromBefore: open }) => figureRow('open_from_before', 'Open, from before', open) },
  { unit: 'Questions', of: ({ questions }) => answered(questions) },
];

function historyRow(points: readonly TrendPoint[], { unit, of }: FigureOf): HistoryRow {
  const cells = points.map(({ published }) => of(published));
  const [{ key, label } = { key: '', label: '' }] = cells;
  return { key, label, unit, cells };
}

function inTime(reports: PublishedPopulation): Row {
  const share = shareInTime(reports);
  return share ? shortened(share) : cellRow('in_time', 'Acknowledged in time', isNone(reports) ? 0 : null);
}

function answered({ total, tables: { answer } }: PublishedPopulation): Row {
  const row = cellRow('answered', 'Questions answered', answer?.answered ?? null);
  const { value } = row;
  if (total.kind !== 'exact' || total.value === 0 || value === null) return row;
  return shortened({ ...row, figure: shareInWords(value, total.value) });
}

/** "52 (79%)", so that it has room in a column. */
const shortened = (row: Row): Row => ({ ...row, figure: row.figure.replace(/ of \d+/u, '') });

const isNone = ({ total }: PublishedPopulation): boolean => total.kind === 'exact' && total.value === 0;

/** Where there were no reports, there were none of any sort. */
const countOf = (reports: PublishedPopulation, table: string, cell: string): number | null =>
  isNone(reports) ? 0 : (reports.tables[table]?.[cell] ?? null);
