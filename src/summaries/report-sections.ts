import { cellRow, figureRow, NOT_SHOWN, shareInWords } from './figure-words.js';
import type { Row, Section } from './layout.js';
import type { Span } from './period.js';
import { BREAKDOWNS, type PublishedPopulation } from './population.js';
import { BREAKDOWN_TABLES, DONE, DONE_TABLES, TABLE_WORDS } from './table-words.js';

type Cells = PublishedPopulation['tables'][string];

/** What is told of the reports of a period, one section for each table of which anything is told. */
export function reportSections(reports: PublishedPopulation, span: Span): readonly Section[] {
  const { total } = reports;
  if (total.kind !== 'exact' || total.value === 0) return [totalAlone(reports, span)];
  const tables = BREAKDOWN_TABLES.flatMap((table) => tableSection(table, reports) ?? []);
  const done = doneSection(reports, total.value);
  const told = done ? [...tables, done] : tables;
  const missing = [
    ...BREAKDOWN_TABLES.filter((table) => !tables.some(({ key }) => key === table)).map((table) =>
      lowered(TABLE_WORDS[table].title),
    ),
    ...(done ? [] : ['what was done']),
  ];
  return missing.length === 0 ? told : [...told, notBrokenDown(missing)];
}

const lowered = (title: string): string => title.charAt(0).toLowerCase() + title.slice(1);

function totalAlone({ total }: PublishedPopulation, span: Span): Section {
  const isNone = total.kind === 'exact';
  const note = isNone
    ? 'No reports came in during this period.'
    : span === 'week'
      ? 'Half-terms and longer periods are broken down.'
      : 'There are too few to break them down, or the figures would give others away.';
  const rows = [figureRow('reports', 'Came in during this period', total)];
  return { ...{ key: 'reports', title: 'Reports', unit: 'Reports', chart: false }, rows, note };
}

const notBrokenDown = (missing: readonly string[]): Section => ({
  ...{ key: 'not_shown', title: 'Too small to be shown this time', unit: 'Reports', rows: [], chart: false },
  note: `${sentence(missing.join('; '))}.`,
});

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function tableSection(table: keyof typeof TABLE_WORDS, reports: PublishedPopulation): Section | undefined {
  const cells = reports.tables[table];
  const whole = wholeOf(table, reports);
  if (!cells || whole === null || Object.values(cells).every((count) => count === null)) return undefined;
  const { title, ordered } = TABLE_WORDS[table];
  const rows = ordered ? inOrder(table, cells) : largestFirst(table, cells, whole);
  return {
    ...{ key: table, title, unit: 'Reports', rows, note: '' },
    chart: rows.filter(({ value }) => value !== null).length > 1 || rows.length > 1,
  };
}

/** What the cells of a table add up to. */
function wholeOf(table: string, { total, tables }: PublishedPopulation): number | null {
  const within = BREAKDOWNS[table]?.within;
  if (within) return tables[within.table]?.[within.cell] ?? null;
  return total.kind === 'exact' ? total.value : null;
}

const allRows = (table: keyof typeof TABLE_WORDS, cells: Cells): readonly Row[] =>
  Object.entries(TABLE_WORDS[table].cells).map(([cell, label]) => cellRow(cell, label, cells[cell] ?? null));

const inOrder = allRows;

/** Hidden ones stand in one line with what they come to, which the others tell anyway. */
function largestFirst(table: keyof typeof TABLE_WORDS, cells: Cells, whole: number): readonly Row[] {
  const rows = allRows(table, cells);
  const told = rows
    .filter(({ value }) => value !== null)
    .toSorted((one, other) => (other.value ?? 0) - (one.value ?? 0));
  if (told.length === rows.length) return told;
  const rest = whole - told.reduce((sum, { value }) => sum + (value ?? 0), 0);
  return [...told, { ...cellRow('others', OTHERS, null), figure: `${rest} together`, band: { from: rest, to: rest } }];
}

const OTHERS = 'Others, not shown one by one';

/** Tables of yes and no: how many were yes. */
function doneSection({ tables }: PublishedPopulation, whole: number): Section | undefined {
  const rows = DONE_TABLES.map((table): Row => {
    const yes = tables[table]?.yes ?? null;
    const figure = yes === null ? NOT_SHOWN : shareInWords(yes, whole);
    return { ...cellRow(table, DONE[table].yes, yes), figure };
  });
  if (rows.every(({ value }) => value === null)) return undefined;
  return { ...{ key: 'done', title: 'What was done', unit: 'Reports', rows, chart: true }, note: '' };
}

/** How many were acknowledged in time, of those that had to be by now as far as that is told. */
export function shareInTime({ total, tables: { acknowledged } }: PublishedPopulation): Row | null {
  const inTime = acknowledged?.in_time ?? null;
  if (total.kind !== 'exact' || inTime === null || total.value === 0) return null;
  const { not_yet_due: early = null, withdrawn_before: withdrawn = null } = acknowledged ?? {};
  const due = early === null || withdrawn === null ? total.value : total.value - early - withdrawn;
  return { ...cellRow('in_time', 'Acknowledged in time', inTime), figure: shareInWords(inTime, due) };
}
