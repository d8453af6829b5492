import { beginningOf, bytesOf, fitted, type Part } from './fitting.js';
import { type Card, fillCard } from './template.js';

/** Of a message of 28 KB, what words may take beside everything else, in bytes of JSON. */
export const MOST_READ = 20_000;
/** As much of something too long as goes back into its box. */
export const MOST_WORDS = 14_000;
const MOST_REASON = 1_800;
export const CUT = 'Only the beginning of what you typed can be shown here.';
export const SHORTENED = '[…] Shortened here. All of it is kept.';

/** A part of one's own report; a question to its reporter with a button to answer. */
export interface OwnPart extends Part {
  readonly answering?: { readonly question: number; readonly title: string };
}

/** What a button to answer takes of a message, in bytes. */
const BYTES_A_BUTTON = 700;

export interface MyReportCard {
  readonly reference: string;
  readonly title: string;
  readonly state: string;
  readonly parts: readonly OwnPart[];
  readonly notice: string | null;
  readonly error: string | null;
  /** `null`: nothing can be added any more. What was typed goes back into its box. */
  readonly adding: { readonly uploadUrl: string | null; readonly words: string } | null;
  /** `null`: it cannot be withdrawn any more. */
  readonly withdrawing: { readonly open: boolean; readonly reason: string } | null;
}

/** A report as whoever made it reads it, with the ways to add to it or take it back. */
export function myReportCard({ parts, notice, error, adding, withdrawing, ...view }: MyReportCard): Card {
  const words = beginningOf(adding?.words ?? '', MOST_WORDS);
  const reason = beginningOf(withdrawing?.reason ?? '', MOST_REASON);
  const buttons = parts.filter(({ answering }) => answering !== undefined).length * BYTES_A_BUTTON;
  return fillCard('my-report', {
    ...view,
    parts: fitted(parts, MOST_READ - bytesOf(words) - bytesOf(reason) - buttons, SHORTENED).map(
      ({ part, lines, answering }) => ({
        ...{ part, lines: lines.map((line) => ({ line })) },
        ...{ canAnswer: answering !== undefined, question: answering?.question ?? 0, answer: answering?.title ?? '' },
      }),
    ),
    speak: `${view.title}. ${view.state}`,
    error: error === null || words === adding?.words ? (error ?? '') : `${error} ${CUT}`,
    hasError: error !== null,
    notice: notice ?? '',
    hasNotice: notice !== null,
    canAdd: adding !== null,
    words,
    uploadUrl: adding?.uploadUrl ?? '',
    hasUpload: Boolean(adding?.uploadUrl),
    canWithdraw: withdrawing !== null,
    withdrawing: withdrawing?.open ?? false,
    notWithdrawing: !withdrawing?.open,
    reason,
  });
}

/** Parts as a template takes them, cut to what fits. */
export const partsIn = (parts: readonly Part[], most: number) =>
  fitted(parts, most, SHORTENED).map(({ part, lines }) => ({ part, lines: lines.map((line) => ({ line })) }));
