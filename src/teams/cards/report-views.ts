import { type Card, fillCard } from './template.js';

/** One input of a card, with what was typed before and what is wrong with it. */
export type Field = {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** One sentence; `null` when nothing is wrong. */
  readonly fault: string | null;
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
export interface ReviewPart {
  /** The step to go to for a change. */
  readonly to: string;
  readonly part: string;
  readonly lines: readonly string[];
}

export interface StepCard {
  readonly draftId: string;
  readonly step: string;
  readonly title: string;
  /** "Card 2 of 5"; empty where there is one alone. */
  readonly progress: string;
  /** What to do before anything else; empty for none. */
  readonly warning: readonly string[];
  readonly advice: readonly string[];
  /** What is wrong with the card as a whole; `null` when nothing is. */
  readonly error: string | null;
  readonly fields: readonly Field[];
  /** `null` for a card that takes no files. `uploadUrl` is `null` where links cannot be made. */
  readonly evidence: { readonly uploadUrl: string | null; readonly files: readonly FileView[] } | null;
  /** Where it will go and who sees the name. */
  readonly goesTo: readonly string[];
  readonly review: readonly ReviewPart[];
  readonly next: string;
  readonly back: boolean;
}

/** One card of a report that is being written. */
export function stepCard(card: StepCard): Card {
  const { evidence, error, goesTo, review, warning, advice, progress } = card;
  return fillCard('report-step', {
    ...{
      draftId: card.draftId,
      step: card.step,
      title: card.title,
      nextTitle: card.next,
      hasBack: card.back,
      progress,
    },
    speak: [card.title, ...warning, ...(error === null ? [] : [error])].join('. ').slice(0, LONGEST_SPOKEN),
    hasProgress: progress !== '',
    ...linesOf('warning', warning),
    ...linesOf('advice', advice),
    error: error ?? '',
    hasError: error !== null,
    fields: card.fields.map(fieldData),
    hasEvidence: evidence !== null,
    uploadUrl: evidence?.uploadUrl ?? '',
    hasUpload: Boolean(evidence?.uploadUrl),
    filesTitle: evidence?.files.length ? `Received: ${evidence.files.length}` : 'No files yet.',
    files: (evidence?.files ?? []).map((file) => ({ ...file, hasSeen: file.seen !== '' })),
    hasRoute: goesTo.length > 0,
    goesTo: linesIn(goesTo),
    hasReview: review.length > 0,
    review: review.map(({ lines, ...part }) => ({ ...part, lines: linesIn(lines) })),
  });
}

const LONGEST_SPOKEN = 700;

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
  readonly lines: readonly string[];
  readonly offers: 'resume_or_discard' | 'confirm_discard' | 'begin' | 'nothing';
}

export const savedCard = ({ draftId, title, lines, offers }: SavedCard): Card =>
  fillCard('report-saved', {
    ...{ draftId, title, lines: linesIn(lines) },
    speak: [title, ...lines].join(' '),
    canResume: offers === 'resume_or_discard',
    canDiscard: offers === 'resume_or_discard',
    confirming: offers === 'confirm_discard',
    canBegin: offers === 'begin',
  });

export interface ReceiptCard {
  readonly reference: string;
  readonly title: string;
  readonly warning: readonly string[];
  readonly lines: readonly string[];
  /** The clause it concerns, as quoted. */
  readonly clause: { readonly lines: readonly string[]; readonly source: string } | null;
}

export const receiptCard = ({ reference, title, warning, lines, clause }: ReceiptCard): Card =>
  fillCard('receipt', {
    ...{ reference, title, lines: linesIn(lines) },
    ...linesOf('warning', warning),
    speak: `${title}. Reference ${reference}. ${lines[0] ?? ''}`,
    hasClause: clause !== null,
    clauseLines: linesIn(clause?.lines ?? []),
    source: clause?.source ?? '',
  });

export interface MyReportsCard {
  readonly reports: readonly { readonly reference: string; readonly line: string }[];
  readonly draft: { readonly id: string; readonly line: string } | null;
}

export const myReportsCard = ({ reports, draft }: MyReportsCard): Card =>
  fillCard('my-reports', {
    reports,
    empty: reports.length === 0 && draft === null,
    speak: `My reports. ${reports.length} sent${draft ? ', one being written' : ''}.`,
    hasDraft: draft !== null,
    draftLine: draft?.line ?? '',
    draftId: draft?.id ?? '',
  });

/** A part of a report to be read. */
export interface ReportPart {
  readonly part: string;
  readonly lines: readonly string[];
}

export interface MyReportCard {
  readonly reference: string;
  readonly title: string;
  readonly state: string;
  readonly parts: readonly ReportPart[];
  readonly notice: string | null;
  readonly error: string | null;
  /** `null`: nothing can be added any more. What was typed goes back into its box. */
  readonly adding: { readonly uploadUrl: string | null; readonly words: string } | null;
  /** `null`: it cannot be withdrawn any more. */
  readonly withdrawing: { readonly open: boolean; readonly reason: string } | null;
}

export const myReportCard = ({
  reference,
  title,
  state,
  parts,
  notice,
  error,
  adding,
  withdrawing,
}: MyReportCard): Card =>
  fillCard('my-report', {
    ...{ reference, title, state, parts: partsIn(parts) },
    speak: `${title}. ${state}`,
    error: error ?? '',
    hasError: error !== null,
    notice: notice ?? '',
    hasNotice: notice !== null,
    canAdd: adding !== null,
    words: adding?.words ?? '',
    uploadUrl: adding?.uploadUrl ?? '',
    hasUpload: Boolean(adding?.uploadUrl),
    canWithdraw: withdrawing !== null,
    withdrawing: withdrawing?.open ?? false,
    reason: withdrawing?.reason ?? '',
  });

/** A case as its recipients see it; `parts` is empty in a channel, where others read it. */
export interface CaseCard {
  readonly title: string;
  readonly reference: string;
  readonly category: string;
  readonly severity: string;
  readonly sent: string;
  readonly state: string;
  readonly route: string;
  readonly evidence: string;
  readonly parts: readonly ReportPart[];
  readonly note: string;
}

export const caseCard = ({ parts, ...view }: CaseCard): Card =>
  fillCard('case', {
    ...view,
    parts: partsIn(parts),
    hasWords: parts.length > 0,
    speak: `${view.title}. ${view.category}. Reference ${view.reference}. ${view.state}.`,
  });

const linesIn = (lines: readonly string[]) => lines.map((line) => ({ line }));

const partsIn = (parts: readonly ReportPart[]) => parts.map(({ part, lines }) => ({ part, lines: linesIn(lines) }));

/** Lines of a section that is left out when there are none. */
function linesOf(name: 'warning' | 'advice', lines: readonly string[]) {
  const has = name === 'warning' ? 'hasWarning' : 'hasAdvice';
  return { [name]: linesIn(lines), [has]: lines.length > 0 };
}
