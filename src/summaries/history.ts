import { cellRow, figureRow, NOT_SHOWN } from './figure-words.js';
import type { History, HistoryRow, Row } from './layout.js';
import { periodId } from './period.js';
import type { PublishedPopulation } from './population.js';
import { shareInTime } from './report-sections.js';
import type { Summary, TrendPoint } from './summary.js';
import { TABLE_WORDS } from './table-words.js';

type Told = Pick<Summary, 'trend' | 'published' | 'period'>;

/** The periods before and this one: reports to be drawn, and more figures as a table. */
export function historyOf(summary: Told): { readonly trend: readonly Row[]; readonly history: History } {
  const points = pointsOf(summary);
  if (points.length < 2) return { trend: [], history: { periods: [], periodIds: [], rows: [] } };
  const rows = FIGURES.map((one) => historyRow(points, one));
  return {
    trend: points.map(({ period, reports }) => figureRow(periodId(period), period.name, reports.total)),
    history: {
      periods: points.map(({ period }) => period.name),
      periodIds: points.map(({ period }) => periodId(period)),
      // A line in which nothing is told, but of periods without reports, says nothing.
      rows: rows.filter(({ figures }, at) => at === 0 || figures.some((figure) => !SAYS_NOTHING.includes(figure))),
    },
  };
}

const SAYS_NOTHING = [NOT_SHOWN, 'None'];

const pointsOf = ({ trend, published, period }: Told): readonly TrendPoint[] => [
  ...trend,
  {
    ...{ period, reports: published.reports, questions: published.questions.total },
    acknowledge: published.times.acknowledge,
  },
];

type FigureOf = (point: TrendPoint) => Row;

const FIGURES: readonly FigureOf[] = [
  ({ reports }) => figureRow('reports', 'Reports', reports.total),
  ...(['category', 'severity'] as const).flatMap((table) =>
    Object.entries(TABLE_WORDS[table].cells).map(
      ([cell, label]): FigureOf =>
        ({ reports }) =>
          cellRow(`${table}.${cell}`, label, countOf(reports, table, cell)),
    ),
  ),
  ({ reports }) => shortened(shareInTime(reports)) ?? cellRow('in_time', 'Acknowledged in time', null),
  ({ acknowledge: { median } }) => ({
    ...cellRow('acknowledge_median', 'Half acknowledged within (school days)', median),
    ...(median === 0 ? { figure: '0' } : {}),
  }),
  ({ questions }) => figureRow('questions', 'Questions to the policy', questions),
];

/** "52 (79%)", so that it has room in a column. */
const shortened = (row: Row | null): Row | null => row && { ...row, figure: row.figure.replace(/ of \d+/u, '') };

function historyRow(points: readonly TrendPoint[], of: FigureOf): HistoryRow {
  const rows = points.map(of);
  const [{ key, label } = { key: '', label: '' }] = rows;
  return { key, label, figures: rows.map(({ figure }) => figure), values: rows.map(({ value }) => value) };
}

/** Where there were no reports, there were none of any sort. */
function countOf({ total, tables }: PublishedPopulation, table: string, cell: string): number | null {
  return total.kind === 'exact' && total.value === 0 ? 0 : (tables[table]?.[cell] ?? null);
}
