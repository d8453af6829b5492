import type { Evidence } from '../reports/evidence.js';
import { momentInWords, sizeInWords, TYPE } from '../reports/in-words.js';
import { dayAndTimeAt } from '../schools/calendar.js';
import { timeAt } from '../schools/time.js';
import { escaped, layOut, messagePage } from './page.js';
import { type PageAnswer, page } from './page-answer.js';

/** What a page says of the link that opened it. */
export interface LinkView {
  readonly token: string;
  readonly reference: string;
  /** Name of the one person it was made for. */
  readonly madeFor: string;
  readonly expiresAt: Date;
  readonly timeZone: string;
}

export interface LookView extends LinkView {
  readonly evidence: Evidence;
  /** From 1, as the case's list has it. */
  readonly number: number;
  readonly isOnChildSafety: boolean;
}

export interface EvidenceView extends LookView {
  /** The reporter's name; `null` for whoever may not know it. */
  readonly addedBy: string | null;
  /** Where the picture is; `null` where there is none, as of a PDF. */
  readonly picture: string | null;
  /** Then the link has run out. */
  readonly secondsLeft: number;
}

const STALE = 'This link has run out, or opens nothing. Go back to Teams and open it from the report again.';

/** Told to whoever holds a link that opens nothing, whatever the reason: not even whether there is such a case. */
export const staleAnswer = (): PageAnswer => page(410, messagePage(STALE));

/** Page titles stay in histories and in previews, so they say nothing of the case. */
const TITLE = 'Policy Desk';

/** What a link is about, before anything is shown. */
export function offerPage(view: LookView): string {
  const isPicture = view.evidence.viewing !== null;
  const body = `<h1>Evidence ${view.number} of ${escaped(view.reference)}</h1>
${view.isOnChildSafety ? CHILD_SAFETY : ''}<div class="card offer">
${madeForWords(view)}
<form method="post" action="/view/${escaped(view.token)}">
<button class="main" type="submit">${isPicture ? 'Show the picture' : 'Show what is known of it'}</button>
</form>
<p class="hint">${isPicture ? 'When it was looked at, and by whom, is noted in the case log.' : 'It is a PDF.'}</p>
</div>`;
  return layOut(TITLE, body, { style: 'view.css' });
}

/** The evidence itself. It gives way to word that the link has run out when it has, so that no picture is left on a screen. */
export function evidencePage(view: EvidenceView): string {
  const { token, number, reference, picture, secondsLeft } = view;
  const body = `<h1>Evidence ${number} of ${escaped(reference)}</h1>
<div class="box note">
${madeForWords(view)}
</div>
${picture === null ? NO_PICTURE : pictureOf(view, picture)}<div class="card about">
<h2>About this file</h2>
${factsOf(view)}
</div>
<div class="card about">
<h2>The original</h2>
<p>It is as it was received, byte for byte. ${picture === null ? '' : 'The picture above is a copy of it without what a device hides in a file, such as where it was. '}Downloading it is noted in the case log.</p>
<form method="post" action="/view/${escaped(token)}/original">
<button class="second" type="submit">Download the original</button>
</form>
</div>`;
  return layOut(TITLE, body, {
    style: 'view.css',
    ...(picture !== null && { script: 'view.js' }),
    next: { address: `/view/${token}`, seconds: secondsLeft + 1 },
  });
}

/** What a link to all of a case is about, before anything is handed over. */
export function exportPage(view: LinkView): string {
  const body = `<h1>Everything of ${escaped(view.reference)}</h1>
<div class="card offer">
${madeForWords(view)}
<p>A ZIP file with the report, the case log and the original evidence, all of it confidential. Keep it where your school keeps such records, and delete the copy on this device afterwards.</p>
<form method="post" action="/export/${escaped(view.token)}">
<button class="main" type="submit">Download everything</button>
</form>
<p class="hint">When it was downloaded, and by whom, is noted in the case log.</p>
</div>`;
  return layOut(TITLE, body, { style: 'view.css' });
}

const madeForWords = ({ madeFor, expiresAt, timeZone }: LinkView): string =>
  `<p>This link was made for <strong>${escaped(madeFor)}</strong> and works until ${dayAndTimeAt(expiresAt, timeZone).time}. Please do not copy or forward what it shows, or the link.</p>`;

const CHILD_SAFETY = `<div class="box stop" role="note">
<h2>This report is on a child’s safety</h2>
<p>If this may be an indecent image of a child, do not open it. Do not copy, share or save it. Call the police: 999 if a child is in danger now, otherwise 101.</p>
</div>
`;

const NO_PICTURE = `<p class="box note">This is a PDF, and of a PDF there is no picture to look at here. Download the original to read it, and open it only on a school device.</p>
`;

/** Shown in full and, without script, at its natural size on a page of its own. */
const pictureOf = (
  { number, reference }: EvidenceView,
  picture: string,
): string => `<section class="view" aria-label="The picture">
<div class="zoom" data-zoom hidden role="group" aria-label="Zoom">
<button class="second" type="button" data-zoom-by="out" aria-keyshortcuts="-">Zoom out</button>
<button class="second" type="button" data-zoom-by="in" aria-keyshortcuts="+">Zoom in</button>
<button class="second" type="button" data-zoom-by="whole" aria-keyshortcuts="0">Whole picture</button>
<button class="second" type="button" data-zoom-by="natural" aria-keyshortcuts="1">Natural size</button>
<output data-zoom-now></output>
</div>
<div class="stage" data-stage tabindex="0" role="region" aria-label="The picture. The arrow keys move it once it is larger than this area.">
<img src="${escaped(picture)}" alt="Evidence ${number} of ${escaped(reference)}. What the picture shows is not described.">
</div>
<p class="box bad" data-problem role="alert" hidden>The picture did not arrive. Please open the link from Teams again.</p>
<p class="hint"><span data-zoom-hint hidden>Keys: <kbd>+</kbd> and <kbd>−</kbd> zoom, <kbd>0</kbd> shows the whole picture, <kbd>1</kbd> its natural size. </span><a href="${escaped(picture)}" target="_blank" rel="noopener noreferrer">Open at its natural size in a new tab</a></p>
</section>
`;

function factsOf({ evidence, addedBy, timeZone }: EvidenceView): string {
  const { type, bytes, receivedAt, seenOn, seenTime, seenWhere, sha256 } = evidence;
  const facts = [
    ['Seen', momentInWords({ day: seenOn, time: seenTime }) || 'Not said'],
    ['Where', seenWhere || 'Not said'],
    ['Added by', addedBy === null ? 'The reporter' : `${addedBy}, the reporter`],
    ['Received', timeAt(receivedAt, timeZone)],
    ['File', `${TYPE[type]}, ${sizeInWords(bytes)} (${bytes.toLocaleString('en-GB')} bytes)`],
  ] as const;
  const lines = facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${escaped(value)}</dd></div>`);
  return `<dl>
${lines.join('\n')}
<div><dt>SHA-256 of the original</dt><dd><code>${escaped(sha256)}</code></dd></div>
</dl>`;
}
