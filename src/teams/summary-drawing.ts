import { createHash } from 'node:crypto';
import { dayInWords } from '../schools/calendar.js';
import { peopleWith } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { School } from '../schools/school.js';
import { timeAt } from '../schools/time.js';
import { layOut } from '../summaries/lay-out.js';
import { type Period, periodId } from '../summaries/period.js';
import { hasCome } from '../summaries/periods.js';
import type { Edition, Summary } from '../summaries/summary.js';
import {
  type PreviewNotice,
  type SummaryFigures,
  type SummaryNote,
  summaryCard,
  summaryFigures,
  summaryNote,
  summaryPreview,
} from './cards/summary-views.js';
import type { Card } from './cards/template.js';

/** As many as people look through. */
const MOST_PERIODS = 12;

function figuresFor(summary: Summary, edition: Edition, form: SummaryFigures['form']): SummaryFigures {
  const { total } = summary.published.reports;
  const isNone = total.kind === 'exact' && total.value === 0;
  return { laid: layOut(summary, edition), notice: isNone ? 'No reports came in during this period.' : null, form };
}

/** For the governors' chat, and for whoever asks. @param periods that may be asked for instead. */
export const cardFor = (summary: Summary, edition: Edition, periods: readonly Period[] = []): Card =>
  summaryCard({
    ...figuresFor(summary, edition, 'full'),
    id: summary.id,
    periods: periods.slice(0, MOST_PERIODS).map((period) => ({ id: periodId(period), name: period.name })),
  });

/** For the Headteacher and the safeguarding leads. */
export const weeklyCardFor = (summary: Summary): Card => summaryFigures(figuresFor(summary, 'governors', 'short'));

/** What the Headteacher typed, and what came of it. */
export interface Pressed {
  /** Left out: as it is kept. */
  readonly typed?: string;
  readonly notice?: PreviewNotice;
}

/** The Headteacher's, with what may be done before it is sent. */
export function previewFor(summary: Summary, { profile }: School, now: Date, { typed, notice }: Pressed = {}): Card {
  const { sending, comment } = summary;
  const { notice: none, ...figures } = figuresFor(summary, 'governors', 'full');
  const chairs = peopleWith(profile, 'chair_of_governors').map(({ name }) => name);
  return summaryPreview({
    ...{ ...figures, none },
    ...{ id: summary.id, state: sending.state, ...wordsFor(summary, profile, now) },
    ...{ typed: typed ?? comment?.words ?? '', notice: notice ?? null },
    checked: checkOf(typed ?? ''),
    chair: chairs.length === 0 ? 'The governors’ chat' : `${chairs.join(' and ')}, chair of governors,`,
  });
}

/** Names what was typed without saying it. */
export const checkOf = (words: string): string => createHash('sha256').update(words.trim()).digest('hex').slice(0, 16);

function wordsFor(
  { timeZone, sending }: Summary,
  profile: SchoolProfile,
  now: Date,
): Pick<SummaryNote, 'title' | 'lines'> {
  const { at } = profile.summaries;
  switch (sending.state) {
    case 'planned':
      if (hasCome(sending.on, profile, now))
        return {
          title: 'This goes to the governors shortly',
          lines: [`It was to go on ${dayInWords(sending.on)}, so it goes as soon as there is school, from ${at}.`],
        };
      return {
        title: `This goes to the governors on ${dayInWords(sending.on)}, ${at}`,
        lines: ['Until then you can add a comment, or decide not to send it. You cannot change the figures.'],
      };
    case 'held':
      return {
        title: 'This does not go to the governors',
        lines: [
          `You decided so on ${timeAt(sending.at, timeZone)}. It was to go on ${dayInWords(sending.on)}. The chair of governors was told.`,
        ],
      };
    case 'sent':
      return {
        title: `This went to the governors on ${timeAt(sending.at, timeZone)}`,
        lines: ['It cannot be changed any more. What changes in the cases is put right in the next summary.'],
      };
    case 'none':
      return { title: 'This goes to nobody', lines: ['It is not planned to be sent to the governors.'] };
  }
}

/** That the Headteacher does not send it, or does after all; for the chair, who may see the figures. */
export function heldNoteFor(
  summary: Summary,
  { profile }: School,
  { as, now, mayShow }: { readonly as: string; readonly now: Date; readonly mayShow: boolean },
): Card {
  const { period, sending } = summary;
  const more = mayShow ? { period: periodId(period) } : {};
  if (as === 'released') {
    const lines = [
      `The Headteacher sends the summary of ${period.name} to the governors after all.${whenSent(summary, profile, now)}`,
    ];
    return summaryNote({ title: 'The governors get their summary after all', lines, style: 'good', ...more });
  }
  const on =
    sending.state === 'planned' || sending.state === 'held' ? ` It was to go on ${dayInWords(sending.on)}.` : '';
  return summaryNote({
    title: 'The governors’ summary is not sent',
    lines: [
      `The Headteacher has decided not to send the summary of ${period.name} to the governors.${on}`,
      'You are told whenever a summary is not sent, and again if it is sent after all. Policy Desk does not ask the Headteacher why.',
    ],
    style: 'warning',
    ...more,
  });
}

function whenSent({ sending, timeZone }: Summary, profile: SchoolProfile, now: Date): string {
  if (sending.state === 'sent') return ` It went on ${timeAt(sending.at, timeZone)}.`;
  if (sending.state !== 'planned') return '';
  return hasCome(sending.on, profile, now)
    ? ' It goes as soon as there is school.'
    : ` It goes on ${dayInWords(sending.on)}, ${profile.summaries.at}.`;
}

/** Where both files can be fetched. */
export const filesNoteFor = ({ period }: Summary, link: string): Card =>
  summaryNote({
    title: `PDF and CSV: ${period.name}`,
    lines: [
      'The link works for 10 minutes, and each download is noted. For a new link, press the button on the summary again.',
    ],
    style: 'emphasis',
    link,
  });
