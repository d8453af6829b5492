import { beginningOf, brokenUp, bytesOf, fitted, type Line, type Part } from './fitting.js';
import { type Card, fillCard } from './template.js';

export type { Line, Part } from './fitting.js';

/** One input of a card, with what was typed before and what is wrong with it. */
export type Field = {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** One sentence; `null` when nothing is wrong. */
  readonly fault: string | null;
  /** Must not be missed. */
  readonly stressed: boolean;
} & (
  | {
      readonly kind: 'choice';
      readonly choices: readonly { readonly title: string; readonly value: string }[];
      /** Several may be chosen. */
      readonly many: boolean;
      /** All choices are seen at once. */
      readonly open: boolean;
    }
  | { readonly kind: 'text'; readonly long: boolean; readonly hint: string }
  | { readonly kind: 'day' | 'time' }
);

/** A file that was taken. */
export interface FileView {
  readonly evidenceId: string;
  readonly line: string;
  /** When and where it was seen; empty where not said. */
  readonly seen: string;
}

/** A part of a report as it stands, to be checked. */
export interface ReviewPart extends Part {
  /** The step to go to for a change. */
  readonly to: string;
}

export interface StepCard {
  readonly draftId: string;
  readonly step: string;
  readonly title: string;
  /** "Card 2 of 5"; empty where there is one alone. */
  readonly progress: string;
  /** What to do before anything else; empty for none. */
  readonly warning: readonly Line[];
  readonly advice: readonly Line[];
  /** What is wrong with the card as a whole; `null` when nothing is. */
  readonly error: string | null;
  readonly fields: readonly Field[];
  /** `null` for a card that takes no files. `uploadUrl` is `null` where links cannot be made. */
  readonly evidence: { readonly uploadUrl: string | null; readonly files: readonly FileView[] } | null;
  /** Where it will go and who sees the name. */
  readonly goesTo: readonly Line[];
  readonly review: readonly ReviewPart[];
  readonly next: string;
  readonly back: boolean;
}

/** Of a message of 28 KB, what typed text may take beside everything else, in bytes of JSON. */
const MOST_TYPED = 17_500;
const MOST_REVIEWED = 7_000;
const MOST_SEEN = 240;
const SHORTENED = '[…] Shortened here. All of it is kept.';
const LONGEST_SPOKEN = 700;

/** One card of a report that is being written. */
export function stepCard(card: StepCard): Card {
  const { draftId, step, title, progress, evidence, error, goesTo, warning, advice } = card;
  const review = fitted(card.review, MOST_REVIEWED, SHORTENED);
  const warned = warning.map(({ lead = '', line }) => lead + line);
  const spoken = [title, progress, ...(error === null ? [] : [error]), ...warned].filter((part) => part !== '');
  return fillCard('report-step', {
    ...{ draftId, step, title, nextTitle: card.next, hasBack: card.back, progress },
    speak: spoken
      .map((part) => (part.endsWith('.') ? part : `${part}.`))
      .join(' ')
      .slice(0, LONGEST_SPOKEN),
    hasProgress: progress !== '',
    warning: ledLines(warning),
    hasWarning: warning.length > 0,
    advice: ledLines(advice),
    hasAdvice: advice.length > 0,
    error: error ?? '',
    hasError: error !== null,
    rows: fieldRows(card.fields),
    hasEvidence: evidence !== null,
    uploadUrl: evidence?.uploadUrl ?? '',
    hasUpload: Boolean(evidence?.uploadUrl),
    otherWays: evidence?.uploadUrl
      ? 'Or paste a picture, or attach a file, here in the chat. The page works on a phone too, for 30 minutes; Refresh gives a new link.'
      : 'Paste a picture, or attach a file, here in the chat.',
    filesTitle: evidence?.files.length ? `Received: ${evidence.files.length}` : 'No files yet.',
    files: (evidence?.files ?? []).map(fileData),
    hasRoute: goesTo.length > 0,
    goesTo: ledLines(goesTo),
    hasReview: review.length > 0,
    review: review.map(({ lines, ...part }) => ({ ...part, lines: linesIn(lines) })),
  });
}

function fileData({ seen, ...file }: FileView) {
  const shown = beginningOf(seen, MOST_SEEN);
  return { ...file, seen: shown === seen ? seen : `${shown} […]`, hasSeen: seen !== '' };
}

/** Inputs as `report-step.json` and `case-form.json` draw them, what is typed in them fitted into a message. */
export const fieldRows = (fields: readonly Field[]) => rowsOf(withinMost(fields));

/** Only what is far longer than is taken does not fit, so the one text that is the longest gives way, and says so. */
function withinMost(fields: readonly Field[]): readonly Field[] {
  const sizes = fields.map(({ value }) => bytesOf(value));
  const over = sizes.reduce((sum, size) => sum + size, 0) - MOST_TYPED;
  if (over <= 0) return fields;
  const longest = sizes.indexOf(Math.max(...sizes));
  return fields.map((field, at) => {
    if (at !== longest) return field;
    const value = beginningOf(field.value, bytesOf(field.value) - over);
    return { ...field, value, fault: `${field.fault ?? ''} Only its beginning can be shown here.`.trim() };
  });
}

/** A day and its time stand side by side. */
function rowsOf(fields: readonly Field[]) {
  const rows: Field[][] = [];
  for (const field of fields) {
    const above = rows.at(-1);
    if (field.kind === 'time' && above?.length === 1 && above[0]?.kind === 'day') above.push(field);
    else rows.push([field]);
  }
  return rows.map((row) => ({
    style: row.some(({ stressed }) => stressed) ? 'warning' : 'default',
    fields: row.map(fieldData),
  }));
}

/** Every key that the template names, whatever the kind of input. */
function fieldData(field: Field) {
  const { id, label, value, kind, fault } = field;
  return {
    ...{ id, label, value, kind, fault: fault ?? '', hasFault: fault !== null },
    choices: kind === 'choice' ? field.choices : [],
    many: kind === 'choice' && field.many,
    style: kind === 'choice' && field.open ? 'expanded' : 'compact',
    long: kind === 'text' && field.long,
    hint: kind === 'text' ? field.hint : '',
  };
}

/** What a draft that is not being written just now may be done with. */
export interface SavedCard {
  readonly draftId: string;
  readonly title: string;
  /** Comes first and stands out; `null` for none. */
  readonly warning: string | null;
  readonly lines: readonly string[];
  readonly offers: 'resume_or_discard' | 'confirm_discard' | 'begin' | 'nothing';
}

export const savedCard = ({ draftId, title, warning, lines, offers }: SavedCard): Card =>
  fillCard('report-saved', {
    ...{ draftId, title, lines: linesIn(lines), warning: warning ?? '', hasWarning: warning !== null },
    speak: [`${title}.`, ...(warning === null ? [] : [warning]), ...lines].join(' '),
    canResume: offers === 'resume_or_discard',
    canDiscard: offers === 'resume_or_discard',
    confirming: offers === 'confirm_discard',
    canBegin: offers === 'begin',
  });

export interface ReceiptCard {
  readonly reference: string;
  readonly title: string;
  readonly warning: readonly Line[];
  readonly lines: readonly Line[];
  /** The clause it concerns, as quoted. */
  readonly clause: { readonly lines: readonly string[]; readonly source: string } | null;
}

export const receiptCard = ({ reference, title, warning, lines, clause }: ReceiptCard): Card =>
  fillCard('receipt', {
    ...{ reference, title, lines: ledLines(lines), warning: ledLines(warning), hasWarning: warning.length > 0 },
    speak: `${title}. Reference ${reference}. ${warning[0]?.line ?? lines[0]?.line ?? ''}`,
    hasClause: clause !== null,
    clauseLines: linesIn(brokenUp(clause?.lines ?? [])),
    source: clause?.source ?? '',
  });

export interface MyReportsCard {
  readonly reports: readonly { readonly reference: string; readonly line: string }[];
  /** Older ones are not listed. */
  readonly more: boolean;
  readonly draft: { readonly id: string; readonly line: string } | null;
}

export const myReportsCard = ({ reports, more, draft }: MyReportsCard): Card =>
  fillCard('my-reports', {
    ...{ reports, more },
    empty: reports.length === 0,
    speak: `My reports: ${reports.length} sent${draft ? ', one not sent yet' : ''}. Type “report” to begin another.`,
    hasDraft: draft !== null,
    draftLine: draft?.line ?? '',
    draftId: draft?.id ?? '',
  });

const linesIn = (lines: readonly string[]) => lines.map((line) => ({ line }));

const ledLines = (lines: readonly Line[]) => lines.map(({ lead = '', line }) => ({ lead, line, hasLead: lead !== '' }));
