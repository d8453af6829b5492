import { EVIDENCE_TYPES, MOST_FILE_BYTES, MOST_FILES, refusalSentence } from '../reports/evidence.js';
import { escaped, layOut, messageBox } from './page.js';
import { LONGEST_WHERE, NOTHING_SEEN, type Seen } from './seen.js';

/** Told to whoever holds a link that opens nothing, whatever the reason. */
export const STALE = 'This link has run out. Go back to Teams and press “Add screenshots” for a new one.';

/** What has come of a form. */
export interface PageResult {
  readonly result?: { readonly kind: 'added' | 'same' | 'refused'; readonly words: string };
  /** What was typed with a file that was not taken. */
  readonly typed?: Seen;
  /** A file that was taken, while what was typed with it does not stand up. */
  readonly again?: { readonly evidenceId: string; readonly typed: Seen; readonly fault: string };
}

export interface UploadPageView extends PageResult {
  readonly token: string;
  readonly expiresAt: Date;
  /** Why nothing can be added now, in a sentence. */
  readonly closed?: string;
}

const TITLE = 'Add screenshots to your report';
const ACCEPT = EVIDENCE_TYPES.join(',');

/**
 * The upload page. It says nothing of the report but that it is the reader's. Without script its form sends one file at a time;
 * the script puts the other part in its place. Every word the script shows stands here, in templates and `data-` attributes.
 */
export function uploadPage(view: UploadPageView): string {
  const { closed, result, again, typed = NOTHING_SEEN } = view;
  const said =
    result && result.words !== closed ? messageBox(result.kind === 'refused' ? 'bad' : 'good', result.words) : '';
  const form = closed === undefined ? `${dropArea(view)}${plainForm(view.token, typed)}` : messageBox('note', closed);
  const body = `<h1>${TITLE}</h1>
${said}${again ? againForm(view.token, again) : ''}
<div class="columns">
${ADVICE}
<div class="work">
${form}
</div>
</div>`;
  return layOut(TITLE, body, { style: 'upload.css', ...(closed === undefined && { script: 'upload.js' }) });
}

const ADVICE = `<div class="advice">
<ul>
<li>Take the screenshot so that the <strong>account</strong>, the <strong>date</strong> and the <strong>address</strong> show.</li>
<li><strong>Delete nothing.</strong> Do not reply to it, and do not forward it.</li>
</ul>
<div class="box stop">
<h2>Never add an indecent image of a child</h2>
<p>Stop. Do not copy, share, save or delete it. Tell your designated safeguarding lead in person, and call the police: 999 if a child is in danger now, otherwise 101.</p>
</div>
</div>`;

const seenFields = ({ seenOn, seenTime, seenWhere }: Seen): string => `<div class="fields">
<label>Date <input type="date" name="seenOn" value="${escaped(seenOn)}"></label>
<label>Time <input type="time" name="seenTime" value="${escaped(seenTime)}"></label>
<label class="wide">Place or account <input type="text" name="seenWhere" maxlength="${LONGEST_WHERE}" autocomplete="off" value="${escaped(seenWhere)}"></label>
</div>`;

const HINT = '<p class="hint">As far as it can be seen. Leave empty what you do not know.</p>';

const LIMITS_TEXT = `PNG, JPEG, WebP, GIF or PDF, up to ${MOST_FILE_BYTES / 1024 / 1024} MB each. A report takes ${MOST_FILES} files.`;

function plainForm(token: string, typed: Seen): string {
  return `<form class="plain card" method="post" enctype="multipart/form-data" action="/evidence/${escaped(token)}">
<label for="plain-file">Screenshot</label>
<input id="plain-file" type="file" name="file" accept="${ACCEPT}" required aria-describedby="plain-limits">
<p class="hint" id="plain-limits">${LIMITS_TEXT} One at a time. This page works for 30 minutes.</p>
<fieldset>
<legend>When and where does it show this?</legend>
${HINT}
${seenFields(typed)}
</fieldset>
<button class="main" type="submit">Add this file</button>
</form>
`;
}

function againForm(token: string, { evidenceId, typed, fault }: NonNullable<PageResult['again']>): string {
  return `<form class="card again" method="post" enctype="multipart/form-data" action="/evidence/${escaped(token)}">
<input type="hidden" name="evidence" value="${escaped(evidenceId)}">
<fieldset>
<legend>When and where does the file just added show this?</legend>
<p class="fault" role="alert">${escaped(fault)}</p>
${seenFields(typed)}
</fieldset>
<button class="main" type="submit">Save</button>
</form>
`;
}

function dropArea({ expiresAt }: UploadPageView): string {
  return `<section class="drop card" aria-labelledby="drop-title"
 data-most-bytes="${MOST_FILE_BYTES}" data-too-large="${escaped(refusalSentence('too_large'))}" data-empty="${escaped(refusalSentence('empty'))}"
 data-stale="${escaped(STALE)}" data-expires="${expiresAt.toISOString()}">
<h2 id="drop-title" class="for-mouse">Drop screenshots here</h2>
<p class="for-mouse">or paste one with <kbd>Ctrl</kbd> <kbd>V</kbd>, or</p>
<div class="choose">
<input class="unseen" id="choose" type="file" multiple accept="${ACCEPT}" aria-describedby="limits">
<label class="main" for="choose">Choose files</label>
<input class="unseen for-touch" id="camera" type="file" accept="image/*" capture="environment" aria-describedby="limits">
<label class="second for-touch" for="camera">Take a photo</label>
</div>
<p class="hint" id="limits">${LIMITS_TEXT}<span data-until hidden> This page works until <time></time>.</span></p>
</section>
<p class="box bad" data-problem role="alert" hidden></p>
<ul class="files" aria-label="Files"></ul>
<p class="box good" data-done hidden><strong></strong> When you have finished, go back to Teams and carry on with your report.</p>
<p class="unseen" data-live role="status"></p>
${FILE_TEMPLATE}
`;
}

const FILE_TEMPLATE = `<template data-file>
<li class="file card">
<div class="head">
<span class="thumb"><img alt="" hidden><span class="kind">File</span></span>
<div class="what"><p class="name"></p><p class="state"></p></div>
<button class="second again" type="button" hidden>Try again</button>
</div>
<progress max="100" value="0"></progress>
<fieldset class="seen" hidden>
<legend>When and where does it show this?<span class="unseen"></span></legend>
${HINT}
${seenFields(NOTHING_SEEN)}
<p class="saved" role="status"></p>
</fieldset>
</li>
</template>`;
