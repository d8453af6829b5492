import { layOut } from '../summaries/lay-out.js';
import type { LaidSummary, Row } from '../summaries/layout.js';
import { periodId } from '../summaries/period.js';
import type { Edition, Summary } from '../summaries/summary.js';

const COLUMNS = ['section', 'figure', 'label', 'value', 'unit', 'note'] as const;
type Line = Readonly<Partial<Record<(typeof COLUMNS)[number], string | number>>>;

/** What stands for a figure that is hidden: never 0, nor an empty field. */
const NOT_SHOWN = 'not shown';

/**
 * A summary for programs: a table as RFC 4180 has it, in UTF-8 with a byte order mark, without which Excel takes it for another
 * encoding. `value` is a number, a range such as `1 to 4`, or `not shown`; days are `2026-08-31`, moments in UTC.
 */
export function summaryCsv(summary: Omit<Summary, 'counted'>, edition: Edition): Uint8Array {
  const laid = layOut(summary, edition);
  const lines = [
    ...headLines(summary, edition),
    ...laid.headlines.map((row) => rowLine('headlines', row, '')),
    ...laid.sections.flatMap(({ key, unit, rows, note }) => [
      ...rows.map((row) => rowLine(key, row, unit)),
      ...(note === '' ? [] : [{ section: key, figure: 'note', label: note }]),
    ]),
    ...historyLines(laid),
    ...laid.lists.flatMap(({ key, items }) => items.map((label, at) => ({ section: key, figure: at + 1, label }))),
    ...correctionLines(summary, laid),
    ...(laid.comment ? [{ section: 'comment', figure: 'words', label: laid.comment.words }] : []),
    ...laid.rules.map((label, at) => ({ section: 'rules', figure: at + 1, label })),
  ];
  const rows = [COLUMNS, ...lines.map((line: Line) => COLUMNS.map((column) => line[column] ?? ''))];
  const text = rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
  return new TextEncoder().encode(`\uFEFF${text}`);
}

function headLines(summary: Omit<Summary, 'counted'>, edition: Edition): readonly Line[] {
  const { schoolId, schoolName, period, madeAt, rule, threshold } = summary;
  return [
    { figure: 'school', label: schoolName, value: schoolId },
    { figure: 'edition', label: 'For whom', value: edition },
    { figure: 'period', label: period.name, value: periodId(period) },
    { figure: 'from', label: 'First day', value: period.from },
    { figure: 'to', label: 'Last day', value: period.to },
    { figure: 'made', label: 'Made', value: madeAt.toISOString() },
    { figure: 'threshold', label: 'Figures below this are hidden', value: threshold },
    { figure: 'rule', label: 'Version of the rule', value: rule },
  ].map((line) => ({ section: 'summary', ...line }));
}

function rowLine(section: string, { key, label, figure, value, band }: Row, unit: string): Line {
  const range = band && (band.from === band.to ? band.to : `${band.from} to ${band.to}`);
  const told = value ?? range ?? NOT_SHOWN;
  const isSaid = figure === String(told) || told === NOT_SHOWN || told === 0;
  return { ...{ section, figure: key, label, value: told, unit }, ...(isSaid ? {} : { note: figure }) };
}

const historyLines = ({ trend, history: { periodIds, rows, more } }: LaidSummary): readonly Line[] => [
  ...trend.map((row) => rowLine('trend', row, 'Reports')),
  ...periodIds.flatMap((id, at) =>
    [...rows, ...more].flatMap(({ key, label, unit, cells }) => {
      const cell = cells[at];
      return cell ? [rowLine(id, { ...cell, key, label }, unit)] : [];
    }),
  ),
];

const correctionLines = ({ corrections }: Pick<Summary, 'corrections'>, laid: LaidSummary): readonly Line[] =>
  corrections.map(({ period, table, cell, was, now }, at) => ({
    ...{ section: 'corrections', figure: `${periodId(period)}.${table}.${cell}`, label: laid.corrections[at] ?? '' },
    ...{ value: now ?? NOT_SHOWN, note: `was ${was}` },
  }));

/** A text that spreadsheets would take for a formula begins with an apostrophe instead. */
function field(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^[\s]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
