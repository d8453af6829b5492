import { dayInWords } from '../schools/calendar.js';
import { timeAt } from '../schools/time.js';
import { figureRow, shareInWords, timeRow } from './figure-words.js';
import { historyOf } from './history.js';
import type { LaidSummary, LayOut, Row, Section } from './layout.js';
import type { PublishedPopulation } from './population.js';
import { reportSections, shareInTime } from './report-sections.js';
import { type Correction, type Edition, type Summary, TIMES_TAKEN } from './summary.js';
import { phraseOf, TIME_WORDS } from './table-words.js';

type Told = Omit<Summary, 'counted'>;

/** {@link LayOut}, in plain English for governors. */
export const layOut: LayOut = (summary, edition) => {
  const { period, published, timeZone, comment } = summary;
  const { trend, history } = historyOf(summary, edition);
  return {
    title: titleOf(summary, edition),
    school: summary.schoolName,
    days: `${dayInWords(period.from)} to ${dayInWords(period.to)}`,
    made: `Made on ${timeAt(summary.madeAt, timeZone)}`,
    rules: rulesOf(summary),
    headlines: headlinesOf(summary),
    sections: [...(edition === 'chair' ? [aboutHeadteacher(summary)] : []), ...sectionsOf(summary)],
    ...{ trend, history },
    lists: [
      list('clauses', 'Clauses shown most', published.clauses, 'No clause was shown often enough to be named here.'),
      list('gaps', 'What the policy leaves open', published.gaps, 'Nothing was asked often enough to be named here.'),
    ],
    corrections: summary.corrections.map(correctionInWords),
    comment: comment && { title: 'Comment by the Headteacher', words: comment.words },
  };
};

const list = (key: string, title: string, items: readonly string[], none: string): LaidSummary['lists'][number] => ({
  ...{ key, title, items, none },
});

function titleOf({ period }: Told, edition: Edition): string {
  if (period.span === 'week') return `Summary of the ${period.name.charAt(0).toLowerCase()}${period.name.slice(1)}`;
  return `Summary for ${edition === 'chair' ? 'the chair of governors' : 'governors'}: ${period.name}`;
}

function rulesOf({ threshold, period, published, madeAt, timeZone }: Told): readonly string[] {
  const hidden =
    period.span === 'week'
      ? `So that nobody can be recognised, a week has no exact figures, only ranges such as “Fewer than ${threshold}”, and is not broken down.`
      : `So that nobody can be recognised, figures below ${threshold} are hidden, and so are larger ones from which a hidden one could be worked out.`;
  return [
    hidden,
    ...(period.span === 'week'
      ? ['Only reports that everyone who gets this may read are counted.']
      : ['“Not shown” says nothing about how many there were: it can be none, a few or more.']),
    ...(published.unreadable ? ['Some cases could not be read when this was made. They are not counted.'] : []),
    `The figures are as they were on ${timeAt(madeAt, timeZone)}, and stay so. What changes later is put right in the next summary.`,
  ];
}

function headlinesOf({ published: { reports, times, open, overdue, questions } }: Told): readonly Row[] {
  const { median } = times.acknowledge;
  const time = median === null ? null : timeRow('acknowledge_median', 'Half acknowledged within', median);
  const speed = shareInTime(reports) ?? time;
  return [
    figureRow('reports', 'Reports', reports.total),
    ...(speed ? [speed] : []),
    figureRow('open', 'Open, from all periods', open),
    figureRow('overdue', 'Overdue', overdue),
    figureRow('questions', 'Questions to the policy', questions.total),
  ];
}

const aboutHeadteacher = ({ published }: Told): Section => ({
  ...{ key: 'about_headteacher', title: 'Reports about the Headteacher', unit: 'Reports', chart: false },
  rows: [figureRow('about_headteacher', 'Came in during this period', published.aboutHeadteacher)],
  note: 'They are in no other figure, and in the chair’s version alone.',
});

function sectionsOf(summary: Told): readonly Section[] {
  const { published, period } = summary;
  const isWeek = period.span === 'week';
  return [
    ...reportSections(published.reports, period.span),
    ...(isWeek || !isCounted(published.reports) ? [] : [timesTaken(summary)]),
    unfinished(summary),
    askedSection(published.questions),
  ];
}

const isCounted = ({ total }: PublishedPopulation): boolean => total.kind === 'exact' && total.value > 0;

function timesTaken({ published: { times } }: Told): Section {
  const rows = TIMES_TAKEN.flatMap((taken) => [
    timeRow(`${taken}_median`, `Half ${TIME_WORDS[taken]} within`, times[taken].median),
    timeRow(`${taken}_p90`, `Nine of ten ${TIME_WORDS[taken]} within`, times[taken].p90),
  ]).filter(({ value }) => value !== null);
  const note = rows.length === 0 ? 'Not shown this time.' : 'Counted from the day after the report, in school days.';
  return { ...{ key: 'times', title: 'How long it took', unit: 'School days', chart: false }, rows, note };
}

const unfinished = ({ published: { open, openFromBefore, overdue }, madeAt, timeZone }: Told): Section => ({
  ...{ key: 'unfinished', title: 'Open and overdue', unit: 'Reports', chart: false },
  rows: [
    figureRow('open', 'Open, from all periods', open),
    figureRow('open_from_before', 'Of these, from earlier periods', openFromBefore),
    figureRow('overdue', 'Of these, overdue', overdue),
  ],
  note:
    open.kind === 'hidden'
      ? 'What is open now is shown only in the governors’ latest regular summary.'
      : `On ${timeAt(madeAt, timeZone)}. Overdue: nobody has acknowledged it in time.`,
});

function askedSection({ total, tables: { answer } }: PublishedPopulation): Section {
  const answered = answer?.answered ?? null;
  const share = total.kind === 'exact' && total.value > 0 && answered !== null ? [total.value, answered] : null;
  const [whole = 0, part = 0] = share ?? [];
  return {
    ...{ key: 'questions', title: 'Questions to the policy', unit: 'Questions', chart: false },
    rows: [
      figureRow('asked', 'Asked', total),
      ...(share
        ? [{ key: 'answered', label: 'Answered', figure: shareInWords(part, whole), value: part, band: null }]
        : []),
    ],
    note: '',
  };
}

/** "Autumn 2026, first half: online bullying was given as 7, and is 6 now." */
function correctionInWords({ period, table, cell, was, now }: Correction): string {
  const before = `${period.name}: ${phraseOf(table, cell)} was given as ${was}`;
  return now === null
    ? `${before}. That has changed, and the new figure is not shown.`
    : `${before}, and is ${now === 0 ? 'none' : now} now.`;
}
