import { beginningOf, bytesOf, fitted, type Part } from './fitting.js';
import { type Card, fillCard } from './template.js';

/** Of a message of 28 KB, what words may take beside everything else, in bytes of JSON. */
const MOST_READ = 20_000;
/** As much of something too long as goes back into its box. */
const MOST_WORDS = 14_000;
const MOST_REASON = 1_800;
const CUT = 'Only the beginning of what you typed can be shown here.';
const SHORTENED = '[…] Shortened here. All of it is kept.';

export interface MyReportCard {
  readonly reference: string;
  readonly title: string;
  readonly state: string;
  readonly parts: readonly Part[];
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
  return fillCard('my-report', {
    ...view,
    parts: partsIn(parts, MOST_READ - bytesOf(words) - bytesOf(reason)),
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

const partsIn = (parts: readonly Part[], most: number) =>
  fitted(parts, most, SHORTENED).map(({ part, lines }) => ({ part, lines: lines.map((line) => ({ line })) }));
