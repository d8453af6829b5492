import { describe, expect, it } from 'vitest';
import { summaryCsv } from '../../src/export/summary-csv.js';
import { AUTUMN_FIRST, busySummary, smallSummary, weekSummary } from '../support/summaries.js';

const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** As RFC 4180 has it, and nothing else: whatever does not follow it throws. */
function parsed(csv: string): string[][] {
  const rows: string[][] = [[]];
  const token = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|$)/uy;
  while (token.lastIndex < csv.length) {
    const at = token.lastIndex;
    const match = token.exec(csv);
    if (!match || match[0] === '') throw new Error(`Not a field: ${csv.slice(at, at + 40)}`);
    const [, field = '', end] = match;
    rows.at(-1)?.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end === '\r\n') rows.push([]);
  }
  if (rows.pop()?.length !== 0) throw new Error('The last line has no end.');
  return rows;
}

const rowsOf = (...given: Parameters<typeof summaryCsv>): string[][] => parsed(text(summaryCsv(...given)).slice(1));

const lineOf = (rows: readonly string[][], section: string, figure: string) =>
  rows.find(([one, other]) => one === section && other === figure)?.slice(2);

describe('a summary as CSV', () => {
  const rows = rowsOf(busySummary(), 'chair');

  it('is UTF-8 that Excel takes for it, in lines that end as RFC 4180 has it, all of the same columns', () => {
    const bytes = summaryCsv(busySummary(), 'chair');
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(text(bytes).replaceAll('\r\n', '')).not.toMatch(/[\r\n]/u);
    expect(rows[0]).toEqual(['section', 'figure', 'label', 'value', 'unit', 'note']);
    expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([6]));
  });

  it('says what it is of, for programs', () => {
    const summary = Object.fromEntries(
      rows.filter(([section]) => section === 'summary').map(([, figure, , value]) => [figure, value]),
    );
    expect(summary).toEqual({
      ...{ school: 'sample-primary', edition: 'chair', period: 'half_term-2026-08-31' },
      ...{ from: '2026-08-31', to: '2026-11-01', made: '2026-11-02T08:00:00.000Z', threshold: '5', rule: '1' },
    });
  });

  it('does not have the hash of what was counted, which whoever knows all cases but one could try', () => {
    const { inputs } = busySummary();
    expect(text(summaryCsv(busySummary(), 'chair'))).not.toContain(inputs.slice(0, 8));
  });

  it('has numbers, ranges, and a word for what is not shown', () => {
    expect(lineOf(rows, 'category', 'online_bullying')).toEqual(['Online bullying', '24', 'Reports', '']);
    expect(lineOf(rows, 'done', 'evidence')).toEqual(['Evidence was given', '51', 'Reports', '51 of 66 (77%)']);
    expect(lineOf(rows, 'done', 'lado')).toEqual(['The LADO was told', 'not shown', 'Reports', '']);
    expect(lineOf(rows, 'posted_by', 'others')).toEqual(['Others, not shown one by one', '5', 'Reports', '5 together']);
    expect(lineOf(rows, 'unfinished', 'overdue')).toEqual(['Of these, overdue', '1 to 4', 'Reports', 'Fewer than 5']);
    expect(lineOf(rows, 'times', 'close_median')?.slice(0, 2)).toEqual(['Half closed within', '6.5']);
    expect(lineOf(rows, 'about_headteacher', 'about_headteacher')?.[1]).toBe('1 to 4');
    expect(lineOf(rows, 'trend', 'half_term-2026-01-05')?.[1]).toBe('1 to 4');
    expect(lineOf(rows, 'half_term-2026-04-13', 'category.online_bullying')?.[1]).toBe('15');
    expect(lineOf(rows, 'half_term-2026-01-05', 'reports')?.slice(1)).toEqual(['1 to 4', 'Reports', 'Fewer than 5']);
    expect(lineOf(rows, 'half_term-2026-08-31', 'close_p90')?.slice(1, 3)).toEqual(['14', 'School days']);
    expect(lineOf(rows, 'corrections', 'half_term-2026-06-01.category.online_bullying')?.slice(1)).toEqual([
      '16',
      '',
      'was 17',
    ]);
  });

  it('has nothing about the Headteacher for governors', () => {
    expect(rowsOf(busySummary(), 'governors').filter(([section]) => section === 'about_headteacher')).toEqual([]);
  });

  it('never has a nought, nor an empty value, for what is not shown', () => {
    const values = [smallSummary(), weekSummary()].flatMap((summary) =>
      rowsOf(summary, 'governors')
        .filter(([, , , value]) => value === '0')
        .map(([section, figure]) => `${section} ${figure}`),
    );
    // Told to be none.
    expect(values).toEqual([
      'headlines overdue',
      'unfinished overdue',
      'trend half_term-2026-02-23',
      'half_term-2026-01-05 open',
      'half_term-2026-02-23 reports',
      'half_term-2026-02-23 category.online_bullying',
      'half_term-2026-02-23 open',
    ]);
    for (const [section, figure, , value] of rowsOf(smallSummary(), 'governors').slice(1))
      if (!['rules'].includes(section ?? '') && figure !== 'note') expect(value, `${section} ${figure}`).not.toBe('');
  });

  it('cannot be taken for a formula, whatever school, period, clause or comment are called', () => {
    const bad = ['=HYPERLINK("http://x","y")', '+1+1', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '＝1+1', ' =1'];
    const comment = busySummary().comment;
    for (const name of bad) {
      const summary = busySummary({
        ...{ schoolName: name, period: { ...AUTUMN_FIRST, name }, comment: comment && { ...comment, words: name } },
        published: { clauses: [name], gaps: [name] },
      });
      const cells = rowsOf(summary, 'chair').flat();
      expect(cells.filter((cell) => cell === `'${name}`)).toHaveLength(6);
      expect(cells.filter((cell) => /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(cell))).toEqual([]);
    }
  });

  it('keeps commas, quotes and lines of a comment', () => {
    const comment = busySummary().comment;
    const words = 'First, "this".\r\nThen\nthat.';
    expect(
      lineOf(rowsOf(busySummary({ comment: comment && { ...comment, words } }), 'governors'), 'comment', 'words')?.[0],
    ).toBe(words);
  });

  it('is the same to the byte', () => {
    expect(text(summaryCsv(busySummary(), 'chair'))).toBe(text(summaryCsv(busySummary(), 'chair')));
  });
});
