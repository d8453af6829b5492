import type { Case } from '../reports/case.js';
import { caseInWords } from '../reports/in-words.js';
import { standingOf } from '../reports/standing.js';
import { questionInWords, standingInWords } from '../reports/told.js';
import type { School } from '../schools/school.js';
import { myReportCard, type OwnPart } from './cards/case-views.js';
import type { Card } from './cards/template.js';
import { stateSentence } from './report-drawing.js';

/** What there is to say about what was just pressed, and what was typed that is not kept. */
export interface Said {
  readonly notice?: string;
  readonly error?: string;
  readonly words?: string;
  readonly reason?: string;
  /** The box for the reason is open. */
  readonly withdrawing?: boolean;
}

/** Whether a report takes more files: while it stands, and never any on a child's safety, also when that turned out later. */
export function takesFiles(current: Case): boolean {
  const { state, category } = standingOf(current);
  return state !== 'withdrawn' && current.report.category !== 'child_safety' && category !== 'child_safety';
}

/** A report as whoever made it reads it. A closed one still takes words, but cannot be taken back. */
export function ownReportCard(
  current: Case,
  school: School,
  uploadUrl: string | null,
  { notice, error, words = '', reason = '', withdrawing = false }: Said = {},
): Card {
  const { reference } = current.report;
  const { state } = standingOf(current);
  const stands = standingInWords(current, school.profile);
  return myReportCard({
    ...{ reference, title: `Your report ${reference}`, state: stateSentence(current, school) },
    parts: [...stands, ...questions(current, school), ...asReported(current, school)],
    ...{ notice: notice ?? null, error: error ?? null },
    adding: state === 'withdrawn' ? null : { uploadUrl, words },
    withdrawing: state === 'new' || state === 'open' ? { open: withdrawing, reason } : null,
  });
}

const MOST_QUESTIONS = 4;

/** Newest first, each with a way to answer; those before the last few are only read. */
function questions(current: Case, { profile }: School): readonly OwnPart[] {
  const { questions: asked, state } = standingOf(current);
  const newest = asked.toReversed();
  const earlier = newest.slice(MOST_QUESTIONS).flatMap((one) => questionInWords(one, profile));
  return [
    ...newest.slice(0, MOST_QUESTIONS).map((one) => ({
      part: 'A question to you',
      lines: questionInWords(one, profile),
      ...(state !== 'withdrawn' && {
        answering: { question: one.number, title: one.answers.length === 0 ? 'Answer' : 'Add to your answer' },
      }),
    })),
    ...(earlier.length > 0 ? [{ part: 'Earlier questions to you', lines: earlier }] : []),
  ];
}

const asReported = (current: Case, { profile }: School): readonly OwnPart[] =>
  caseInWords(current, profile, 'reporter').map(({ part, lines }) => ({ part: OWN_PARTS[part] ?? part, lines }));

/** What is called otherwise for others. */
const OWN_PARTS: Readonly<Record<string, string>> = {
  'In their own words': 'In your own words',
  Wishes: 'Your wishes',
};
