import { figureInWords, figureRow, NOT_SHOWN, schoolDaysInWords } from './figure-words.js';
import type { History, Row } from './layout.js';
import type { PublishedPopulation } from './population.js';
import { shareInTime } from './report-sections.js';
import type { Summary, TrendPoint } from './summary.js';
import { TABLE_WORDS } from './table-words.js';

type Told = Pick<Summary, 'trend' | 'published' | 'period'>;

/** The periods before and this one: reports to be drawn, and more figures as a table. */
export function historyOf(summary: Told): { readonly trend: readonly Row[]; readonly history: History } {
  const points = pointsOf(summary);
  if (points.length < 2) return { trend: [], history: { periods: [], rows: [] } };
  const rows = [
    line(points, 'Reports', ({ reports }) => figureInWords(reports.total)),
    ...CELLS.map(([table, cell, label]) => line(points, label, ({ reports }) => cellInWords(reports, table, cell))),
    line(points, 'Acknowledged in time', ({ reports }) => shareInTime(reports)?.figure ?? NOT_SHOWN),
    line(points, 'Half were acknowledged within', ({ acknowledge: { median } }) =>
      median === null ? NOT_SHOWN : schoolDaysInWords(median),
    ),
    line(points, 'Questions to the policy', ({ questions }) => figureInWords(questions)),
  ];
  return {
    trend: points.map(({ period, reports }) => figureRow(period.from, period.name, reports.total)),
    history: {
      periods: points.map(({ period }) => period.name),
      // A line in which nothing is told says nothing, but for the reports themselves.
      rows: rows.filter(({ figures }, at) => at === 0 || figures.some((figure) => figure !== NOT_SHOWN)),
    },
  };
}

const pointsOf = ({ trend, published, period }: Told): readonly TrendPoint[] => [
  ...trend,
  {
    ...{ period, reports: published.reports, questions: published.questions.total },
    acknowledge: published.times.acknowledge,
  },
];

const line = (
  points: readonly TrendPoint[],
  label: string,
  of: (point: TrendPoint) => string,
): History['rows'][number] => ({ label, figures: points.map(of) });

const CELLS = (['category', 'severity'] as const).flatMap((table) =>
  Object.entries(TABLE_WORDS[table].cells).map(([cell, label]) => [table, cell, label] as const),
);

/** Where there were no reports, there were none of any sort. */
function cellInWords({ total, tables }: PublishedPopulation, table: string, cell: string): string {
  if (total.kind === 'exact' && total.value === 0) return 'None';
  const count = tables[table]?.[cell] ?? null;
  return count === null ? NOT_SHOWN : String(count);
}
