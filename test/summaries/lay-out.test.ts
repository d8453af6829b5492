import { describe, expect, it } from 'vitest';
import { textOf } from '../../src/export/summary-text.js';
import { layOut } from '../../src/summaries/lay-out.js';
import type { LaidSummary, Section } from '../../src/summaries/layout.js';
import type { Correction } from '../../src/summaries/summary.js';
import {
  A_TREND,
  A_WEEK,
  AUTUMN_FIRST,
  aSummary,
  band,
  busySummary,
  EARLIER,
  exact,
  HIDDEN,
  smallSummary,
  weekSummary,
} from '../support/summaries.js';

const section = ({ sections }: LaidSummary, key: string): Section | undefined =>
  sections.find((one) => one.key === key);

const figures = (laid: LaidSummary, key: string): readonly (readonly [string, string])[] =>
  section(laid, key)?.rows.map(({ label, figure }) => [label, figure] as const) ?? [];

/** What is told of the periods before and of this one, oldest first. */
const historyOf = ({ history: { rows, more } }: LaidSummary, key: string): readonly string[] | undefined =>
  [...rows, ...more].find((row) => row.key === key)?.cells.map(({ figure }) => figure);

describe('a summary in words', () => {
  const laid = layOut(busySummary(), 'governors');

  it('says what it is of, and when it was made', () => {
    expect(laid).toMatchObject({
      title: 'Summary for governors: Autumn 2026, first half',
      school: 'Sample Primary School',
      days: 'Mon 31 Aug 2026 to Sun 1 Nov 2026',
      made: 'Made on Mon 2 Nov 2026, 08:00',
    });
    expect(layOut(weekSummary(), 'governors').title).toBe('Summary of the week of Mon 16 Nov 2026');
  });

  it('has the figures that matter most first', () => {
    expect(laid.headlines.map(({ label, figure }) => `${label}: ${figure}`)).toEqual([
      'Reports: 66',
      'Acknowledged in time: 52 of 66 (79%)',
      'Open, from all periods: 17',
      'Overdue: Fewer than 5',
      'Questions to the policy: 74',
    ]);
  });

  it('has a section for each thing that was asked for', () => {
    expect(laid.sections.map(({ title }) => title)).toEqual([
      'What was reported',
      'How urgent',
      'Other breaches of the policy, by kind',
      'Who posted it',
      'Where it was posted',
      'How it ended',
      'Acknowledged in time',
      'What was done',
      'How long it took',
      'Open and overdue',
      'Questions to the policy',
    ]);
  });

  it('has the largest first, and puts together what is hidden, with what it comes to anyway', () => {
    expect(figures(laid, 'posted_by')).toEqual([
      ['A pupil', '21'],
      ['A parent or carer', '17'],
      ['Not known', '9'],
      ['Someone outside the school', '8'],
      ['Not asked', '6'],
      ['Others, not shown one by one', '5 together'],
    ]);
    // The others of a kind of breach are of that category, not of all reports.
    expect(figures(laid, 'kind').at(-1)).toEqual(['Others, not shown one by one', '7 together']);
  });

  it('has shares of what was done, and lengths of time in school days', () => {
    expect(figures(laid, 'done')).toEqual([
      ['Evidence was given', '51 of 66 (77%)'],
      ['The police were told', '6 of 66 (9%)'],
      ['The LADO was told', 'Not shown'],
      ['The safeguarding lead was told', '19 of 66 (29%)'],
      ['The local authority or trust was told', 'Not shown'],
      ['A post was removed', '23 of 66 (35%)'],
    ]);
    expect(figures(laid, 'times')).toEqual([
      ['Half acknowledged within', '1 school day'],
      ['Nine of ten acknowledged within', '2 school days'],
      ['Half acted on within', '2 school days'],
      ['Nine of ten acted on within', '5 school days'],
      ['Half closed within', '6.5 school days'],
      ['Nine of ten closed within', '14 school days'],
    ]);
    expect(figures(laid, 'questions')).toEqual([
      ['Asked', '74'],
      ['Answered', '61 of 74 (82%)'],
    ]);
  });

  it('takes what need not be acknowledged yet out of a share only where both are told', () => {
    const acknowledged = (not_yet_due: number | null, withdrawn_before: number | null) => ({
      reports: {
        total: exact(30),
        tables: { acknowledged: { in_time: 12, late: null, overdue: null, not_yet_due, withdrawn_before } },
      },
    });
    const share = (one: number | null, other: number | null) =>
      layOut(aSummary({ published: acknowledged(one, other) }), 'governors').headlines[1]?.figure;
    expect(share(6, 5)).toBe('12 of 19 (63%)');
    expect(share(6, null)).toBe('12 of 30 (40%)');
    expect(share(null, null)).toBe('12 of 30 (40%)');
  });

  it('never rounds a share up to all, or down to none', () => {
    const done = (yes: number, total: number) => ({
      reports: { total: exact(total), tables: { evidence: { yes, no: total - yes } } },
    });
    const figure = (yes: number, total: number) =>
      figures(layOut(aSummary({ published: done(yes, total) }), 'governors'), 'done')[0]?.[1];
    expect(figure(1995, 2000)).toBe('1995 of 2000 (99%)');
    expect(figure(5, 2000)).toBe('5 of 2000 (1%)');
    expect(figure(12, 12)).toBe('12 of 12 (100%)');
  });

  it('has what the governors were told of earlier periods, and what changed since', () => {
    expect(laid.trend.map(({ key, figure }) => [key, figure])).toEqual([
      ['half_term-2025-11-03', '31'],
      ['half_term-2026-01-05', 'Fewer than 5'],
      ['half_term-2026-02-23', 'None'],
      ['half_term-2026-04-13', '38'],
      ['half_term-2026-06-01', '44'],
      ['half_term-2026-08-31', '66'],
    ]);
    expect(historyOf(laid, 'category.online_bullying')).toEqual(['12', 'Not shown', 'None', '15', '16', '24']);
    expect(laid.corrections).toEqual(['Summer 2026, second half: online bullying was given as 17, and is 16 now.']);
  });

  it('has every figure of this period for those before as well, as far as they told it', () => {
    const { published } = busySummary();
    const one = { ...aSummary().published, ...published, aboutHeadteacher: exact(6) };
    const none = aSummary({ period: EARLIER[0] ?? AUTUMN_FIRST }).published;
    const trend = [
      { period: EARLIER[0] ?? AUTUMN_FIRST, published: none },
      { period: EARLIER[1] ?? AUTUMN_FIRST, published: one },
    ];
    const both = layOut(busySummary({ trend, published: { aboutHeadteacher: exact(8) } }), 'chair');
    const keys = [...both.history.rows, ...both.history.more].map(({ key }) => key);
    const told = Object.entries(published.reports.tables).flatMap(([table, cells]) =>
      Object.keys(cells)
        .filter((cell) => cells[cell] !== null && cell !== 'no' && `${table}.${cell}` !== 'acknowledged.in_time')
        .map((cell) => `${table}.${cell}`),
    );
    const times = ['acknowledge', 'first_action', 'close'].flatMap((taken) => [`${taken}_median`, `${taken}_p90`]);
    for (const key of [...told, ...times, 'in_time', 'open', 'open_from_before', 'overdue', 'questions', 'answered'])
      expect(keys).toContain(key);
    expect(historyOf(both, 'removed.yes')).toEqual(['None', '23', '23']);
    expect(historyOf(both, 'in_time')).toEqual(['None', '52 (79%)', '52 (79%)']);
    expect(historyOf(both, 'close_p90')).toEqual(['Not shown', '14', '14']);
    expect(historyOf(both, 'answered')).toEqual(['Not shown', '61 (82%)', '61 (82%)']);
    expect(historyOf(both, 'about_headteacher')).toEqual(['None', '6', '8']);
    expect(historyOf(layOut(busySummary({ trend }), 'governors'), 'about_headteacher')).toBeUndefined();
  });

  it('has no trend without an earlier period, and no line in which no period is told', () => {
    expect(layOut(aSummary(), 'governors')).toMatchObject({ trend: [], history: { rows: [] } });
    const { history } = layOut(smallSummary(), 'governors');
    expect(history.rows.map(({ key }) => key)).toEqual([
      'reports',
      'category.online_bullying',
      'acknowledge_median',
      'open',
      'questions',
    ]);
  });

  it('puts corrections into sentences', () => {
    const correction = (table: string, cell: string, was: number, now: number | null): Correction => ({
      period: AUTUMN_FIRST,
      ...{ table, cell, was, now },
    });
    const { corrections } = layOut(
      aSummary({
        corrections: [
          correction('posted_by', 'staff', 9, 8),
          correction('platform', 'facebook', 7, null),
          correction('police', 'yes', 6, 7),
          correction('evidence', 'no', 6, 5),
          correction('acknowledged', 'in_time', 20, 21),
        ],
      }),
      'governors',
    );
    const given = 'Autumn 2026, first half:';
    expect(corrections).toEqual([
      `${given} posted by: a member of staff was given as 9, and is 8 now.`,
      `${given} posted on “Facebook” was given as 7. That has changed, and the new figure is not shown.`,
      `${given} reports where the police were told was given as 6, and is 7 now.`,
      `${given} reports where no evidence was given was given as 6, and is 5 now.`,
      `${given} acknowledged: “In time” was given as 20, and is 21 now.`,
    ]);
  });
});

describe('what is hidden', () => {
  it('has one word for all hidden cells, and none that tells how many there were', () => {
    const laid = layOut(smallSummary(), 'governors');
    expect(figures(laid, 'category')).toEqual([
      ['Online bullying', '8'],
      ['A disparaging post', 'Not shown'],
      ['Another breach of the policy', 'Not shown'],
      ['A child’s safety', 'Not shown'],
    ]);
    const cells = laid.sections
      .filter(({ key }) => !['unfinished', 'questions'].includes(key))
      .flatMap(({ rows }) => rows);
    expect(cells.filter(({ value }) => value === null).map(({ figure }) => figure)).not.toContain('Fewer than 5');
    expect(section(laid, 'not_shown')?.note).toBe(
      'How urgent; other breaches of the policy, by kind; who posted it; where it was posted; how it ended; acknowledged in time; what was done.',
    );
  });

  it('is a range where that is told, by the school’s own threshold', () => {
    const of = (from: number, to: number, threshold: number) =>
      layOut(
        aSummary({ threshold, published: { reports: { total: band(from, to), tables: {} }, open: HIDDEN } }),
        'governors',
      );
    expect(figures(of(1, 4, 5), 'reports')).toEqual([['Came in during this period', 'Fewer than 5']]);
    expect(figures(of(5, 9, 5), 'reports')).toEqual([['Came in during this period', '5 to 9']]);
    expect(figures(of(1, 9, 10), 'reports')).toEqual([['Came in during this period', 'Fewer than 10']]);
    expect(of(1, 9, 10).rules[0]).toContain('below 10');
    expect(figures(of(1, 4, 5), 'unfinished')[0]).toEqual(['Open, from all periods', 'Not shown']);
  });

  it('is not read from what was counted', () => {
    const summary = busySummary();
    const { counted: _counted, ...told } = summary;
    expect(layOut(told, 'chair')).toEqual(layOut(summary, 'chair'));
  });

  it('is said to be hidden', () => {
    expect(layOut(busySummary(), 'governors').rules).toEqual([
      'So that nobody can be recognised, figures below 5 are hidden, and so are larger ones from which a hidden one could be worked out.',
      '“Not shown” says nothing about how many there were: it can be none, a few or more.',
      'The figures are as they were on Mon 2 Nov 2026, 08:00, and stay so. What changes later is put right in the next summary.',
    ]);
    expect(layOut(busySummary({ published: { unreadable: true } }), 'governors').rules).toContain(
      'Some cases could not be read when this was made. They are not counted.',
    );
  });
});

describe('a period without reports', () => {
  it('says so', () => {
    const laid = layOut(aSummary(), 'governors');
    expect(section(laid, 'reports')?.note).toBe('No reports came in during this period.');
    expect(laid.headlines[0]).toMatchObject({ label: 'Reports', figure: 'None', value: 0 });
    expect(laid.sections.map(({ key }) => key)).toEqual(['reports', 'unfinished', 'questions']);
  });
});

describe('the chair’s version', () => {
  it('has how many reports are about the Headteacher, and the governors’ has no trace of it', () => {
    const summary = busySummary({ comment: null, published: { aboutHeadteacher: exact(4_117) } });
    expect(figures(layOut(summary, 'chair'), 'about_headteacher')).toEqual([['Came in during this period', '4117']]);
    const governors = JSON.stringify(layOut(summary, 'governors'));
    expect(governors).not.toMatch(/4117|Headteacher/u);
    const other = busySummary({ comment: null, published: { aboutHeadteacher: HIDDEN } });
    expect(JSON.stringify(layOut(other, 'governors'))).toBe(governors);
  });

  it('is else the same', () => {
    const [governors, chair] = [layOut(busySummary(), 'governors'), layOut(busySummary(), 'chair')];
    expect(chair).toEqual({
      ...governors,
      title: 'Summary for the chair of governors: Autumn 2026, first half',
      sections: [section(chair, 'about_headteacher'), ...governors.sections],
      history: {
        ...governors.history,
        more: [expect.objectContaining({ key: 'about_headteacher' }), ...governors.history.more],
      },
    });
  });
});

describe('a week', () => {
  it('is short, and has ranges alone', () => {
    const laid = layOut(weekSummary(), 'governors');
    expect(laid.sections.flatMap(({ rows }) => rows.map(({ figure }) => figure))).toEqual([
      '5 to 9',
      '10 to 14',
      '5 to 9',
      'Fewer than 5',
      '15 to 19',
    ]);
    expect(laid.sections.map(({ key }) => key)).toEqual(['reports', 'unfinished', 'questions']);
    expect(laid.rules[0]).toContain('a week has no exact figures');
    expect(A_WEEK.span).toBe('week');
  });
});

describe('a summary as text', () => {
  it('has every figure and sentence, in lines that a terminal has room for', () => {
    const laid = layOut(busySummary(), 'chair');
    const text = textOf(laid);
    for (const { label, figure } of [...laid.headlines, ...laid.trend, ...laid.sections.flatMap(({ rows }) => rows)])
      expect(text).toMatch(new RegExp(`^${escaped(label)} +${escaped(figure)}$`, 'mu'));
    const joined = text.replace(/\s+/gu, ' ');
    for (const sentence of [
      ...laid.rules,
      ...laid.corrections,
      laid.comment?.words ?? '',
      ...laid.lists.flatMap(({ items }) => items),
    ])
      expect(joined).toContain(sentence);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(A_TREND.every(({ period }) => text.includes(`${period.name}\n---`))).toBe(true);
  });

  it('has nothing that a terminal would obey', () => {
    const [comment] = [busySummary().comment];
    const words = 'Red \u001b[31malert\u0007\nand on.';
    const text = textOf(layOut(busySummary({ comment: comment && { ...comment, words } }), 'governors'));
    expect(text).toContain('Red  [31malert \nand on.');
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
