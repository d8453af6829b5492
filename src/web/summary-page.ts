import { dayAndTimeAt } from '../schools/calendar.js';
import type { Edition, Summary } from '../summaries/summary.js';
import { escaped, layOut } from './page.js';

export interface SummaryView {
  readonly token: string;
  readonly summary: Pick<Summary, 'schoolName' | 'period'>;
  readonly edition: Edition;
  /** Name of the one person it was made for; `null` for those in the governors' chat. */
  readonly madeFor: string | null;
  readonly expiresAt: Date;
  readonly timeZone: string;
}

/** Offers the documents of a summary; nothing of its figures is on it. */
export function summaryPage(view: SummaryView): string {
  const { token, summary, edition, madeFor, expiresAt, timeZone } = view;
  const { time } = dayAndTimeAt(expiresAt, timeZone);
  const forWhom = madeFor === null ? 'in the governors’ chat' : `for <strong>${escaped(madeFor)}</strong>`;
  const body = `<h1>Summary for ${edition === 'chair' ? 'the chair of governors' : 'governors'}: ${escaped(summary.period.name)}</h1>
<div class="card offer">
<p>${escaped(summary.schoolName)}. This link was made ${forWhom} and works until ${time}. Please do not copy or forward it.</p>
<form method="post" action="/summary/${escaped(token)}/pdf">
<button class="main" type="submit">Download the PDF</button>
</form>
<form method="post" action="/summary/${escaped(token)}/csv">
<button class="second" type="submit">Download the CSV</button>
</form>
<p class="hint">The PDF is for reading and printing. The CSV has the same figures for a spreadsheet. That one of them is downloaded, and when, is noted. ${NOT_YOU}</p>
</div>`;
  return layOut('Policy Desk', body, { style: 'view.css' });
}

const NOT_YOU = 'If the link was not made for you, please close this page.';
