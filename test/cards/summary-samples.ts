import type { SchoolProfile } from '../../src/schools/profile.js';
import type { School } from '../../src/schools/school.js';
import { layOut } from '../../src/summaries/lay-out.js';
import type { Period } from '../../src/summaries/period.js';
import type { PublishedPopulation } from '../../src/summaries/population.js';
import type { Summary } from '../../src/summaries/summary.js';
import { summaryFigures } from '../../src/teams/cards/summary-views.js';
import type { Card } from '../../src/teams/cards/template.js';
import { cardFor, filesNoteFor, heldNoteFor, previewFor, weeklyCardFor } from '../../src/teams/summary-drawing.js';
import {
  AUTUMN_FIRST,
  aSummary,
  busySummary,
  EARLIER,
  MANY_REPORTS,
  smallSummary,
  weekSummary,
} from '../support/summaries.js';

const MONDAY = new Date('2026-11-02T11:00:00Z');
const THURSDAY = new Date('2026-11-05T11:00:00Z');
const ON = '2026-11-04';

/** Words that would break a card that is careless with Markdown, templates or markup. */
const AWKWARD = `Staff *must* not _post_ [this](https://x.example) # <b>bold</b> & "quotes" \\ $\{name}`;

/** Every cell of every table is told. */
const ALL_TOLD: PublishedPopulation = {
  ...MANY_REPORTS,
  tables: Object.fromEntries(
    Object.entries(MANY_REPORTS.tables).map(([table, cells]) => [
      table,
      Object.fromEntries(Object.entries(cells).map(([cell, count]) => [cell, count ?? 1234])),
    ]),
  ),
};

const correction = {
  period: { ...AUTUMN_FIRST, name: 'Autumn term 2026/27, the first half of it' },
  ...{ table: 'outcome', cell: 'not_enough_known', was: 1234, now: 1233 },
};

/** As much as a summary can say. */
export const longestSummary = (): Summary =>
  busySummary({
    corrections: Array(40).fill(correction),
    comment: { words: '”\n'.repeat(500), at: MONDAY, by: '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c02' },
    published: {
      reports: ALL_TOLD,
      clauses: Array(5).fill(`Social media policy: Clause 5.1 › ${'Contact with pupils and families '.repeat(4)}`),
      gaps: Array(5).fill('Whether staff may use artificial intelligence to write reports to parents and carers'),
    },
  });

/** Every card of a summary. */
export function summaryCards(school: School): Record<string, Card> {
  const periods: readonly Period[] = [AUTUMN_FIRST, ...EARLIER.toReversed()];
  const planned = busySummary({ comment: null });
  const head = people(school.profile, 'headteacher');
  const held = busySummary({ sending: { state: 'held', on: ON, at: MONDAY, by: head } });
  const sent = busySummary({ sending: { state: 'sent', at: new Date('2026-11-04T08:00:20Z') } });
  const longest = longestSummary();
  const note = { as: 'held', now: MONDAY, mayShow: true };
  const long = `“${'é”\n'.repeat(490)}`;
  return {
    summary: cardFor(sent, 'governors'),
    'summary-chair': cardFor(sent, 'chair', periods),
    'summary-small': cardFor(smallSummary(), 'governors', periods),
    'summary-none': cardFor(aSummary(), 'governors', periods),
    'summary-awkward': cardFor({ ...smallSummary(), comment: { words: AWKWARD, at: MONDAY, by: head } }, 'governors'),
    'summary-longest': cardFor(longest, 'chair', Array(12).fill(AUTUMN_FIRST)),
    'summary-figures': weeklyCardFor(weekSummary()),
    'summary-figures-none': weeklyCardFor(weekSummary({ published: aSummary().published })),
    'summary-figures-longest': summaryFigures({ laid: layOut(longest, 'chair'), notice: null, form: 'full' }),
    'summary-preview': previewFor(planned, school, MONDAY),
    'summary-preview-kept': previewFor(busySummary(), school, MONDAY, {
      notice: { line: 'Your comment is kept.', style: 'good', names: [] },
    }),
    'summary-preview-names': previewFor(planned, school, MONDAY, {
      typed: 'I thank Beth Larkin, who dealt with it.',
      notice: {
        line: 'Not kept yet: these words may name people in the cases.',
        style: 'warning',
        names: ['Beth', 'Larkin'],
      },
    }),
    'summary-preview-held': previewFor(held, school, MONDAY),
    'summary-preview-late': previewFor(planned, school, THURSDAY),
    'summary-preview-sent': previewFor(sent, school, THURSDAY),
    'summary-preview-longest': previewFor(longest, school, MONDAY, {
      typed: long,
      notice: { line: 'Not kept: it is too long.', style: 'warning', names: Array(60).fill('Featherstonehaugh') },
    }),
    'summary-note-held': heldNoteFor(held, school, note),
    'summary-note-released': heldNoteFor(planned, school, { ...note, as: 'released' }),
    'summary-note-held-in-chat': heldNoteFor(held, school, { ...note, mayShow: false }),
    'summary-note-files': filesNoteFor(sent, 'https://policydesk.example.org/summary/eyJhbGciOiJkaXIi'),
  };
}

const people = (profile: SchoolProfile, role: SchoolProfile['people'][number]['roles'][number]): string =>
  profile.people.find(({ roles }) => roles.includes(role))?.id ?? '';
