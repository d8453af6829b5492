import { beginningOf, costOf, fitted, type Part } from './fitting.js';
import { cardMessage } from './message.js';
import { type Field, fieldRows } from './report-views.js';
import { type Card, fillCard } from './template.js';

/** Names a case and how many events it had when the card was drawn; nothing else about anything is in a card's data. */
export interface CaseRef {
  readonly reference: string;
  readonly seen: number;
}

/** What is said on a card about the press that it answers. */
export interface Notice {
  readonly line: string;
  /** `good`: it was done. `warning`: it was not, and this is why. */
  readonly style: 'good' | 'warning';
}

/** A button that the bot acts on; `data` is added to what names the case. */
export interface Button {
  readonly title: string;
  readonly verb: string;
  readonly style?: 'positive' | 'destructive';
  readonly data?: Readonly<Record<string, string>>;
}

/** What is known of a case at a glance. */
interface CaseHead extends CaseRef {
  readonly title: string;
  readonly urgent: boolean;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly notice: Notice | null;
  readonly note: string;
}

/** A case in the Headteacher's channel, with the least in it: everyone there reads it. */
export interface ChannelCard extends CaseHead {
  readonly buttons: readonly Button[];
}

export const channelCard = ({ buttons, ...head }: ChannelCard): Card =>
  fillCard('case', { ...headData(head), buttons: buttonsData(head, buttons), hasButtons: buttons.length > 0 });

/** A clause concerned, as quoted. */
export interface QuotedClause {
  readonly lines: readonly string[];
  readonly place: string;
  readonly source: string;
}

/** A piece of evidence; `url` is `null` where links cannot be made. */
export interface EvidenceView {
  readonly line: string;
  /** When and where it was seen, and who added it. */
  readonly seen: string;
  readonly sha256: string;
  readonly url: string | null;
}

/** All of a case, in the own chat of somebody who may read it. */
export interface ReadingCard extends CaseHead {
  /** Before the clauses: what comes first of all, and what was reported. `stressed` parts stand out. */
  readonly parts: readonly StressedPart[];
  readonly clauses: readonly QuotedClause[];
  /** After the clauses: what is expected, and what has been done. */
  readonly later: readonly StressedPart[];
  readonly files: readonly EvidenceView[];
  readonly same: readonly { readonly to: string; readonly line: string }[];
  /** Newest first. */
  readonly log: readonly string[];
  readonly primary: readonly Button[];
  readonly groups: readonly { readonly group: string; readonly buttons: readonly Button[] }[];
  readonly exportUrl: string | null;
}

export interface StressedPart extends Part {
  readonly stressed?: boolean;
}

/** Of a message of 28 KB, with some to spare for what goes round it. */
const MOST_MESSAGE = 27_500;
const SHORTENED = '[…] Shortened here. All of it is kept.';
const WHOLE = 'What is shortened here stands whole in the copy: More…, then Export all of it.';
const LOG = 'Case log';

/**
 * Draws all of a case into one message. What was typed, clauses and log share what the rest leaves of it: the short ones stand whole,
 * the longest are cut, and say so.
 */
export function readingCard(card: ReadingCard): Card {
  const bare = <P extends Part>(part: P): P => ({ ...part, lines: [] });
  const sections = sectionsOf(card);
  const frame = drawReading(card, sections.map(bare));
  const left = MOST_MESSAGE - Buffer.byteLength(JSON.stringify(cardMessage(frame)));
  // The log says again what stands above it, so it gives way first.
  const [log] = fitted(sections.slice(-1), left / 5, SHORTENED);
  const shown = fitted(sections.slice(0, -1), left - costOf(log?.lines ?? []), SHORTENED);
  const rest = left - shown.reduce((sum, { lines }) => sum + costOf(lines), 0);
  const all = [...shown, ...fitted(sections.slice(-1), rest, SHORTENED)];
  const isCut = card.exportUrl !== null && all.some(({ lines }) => lines.includes(SHORTENED));
  return drawReading(isCut ? { ...card, note: `${card.note} ${WHOLE}` } : card, all);
}

/** What all files together may say of when and where they were seen. */
const MOST_SEEN = 1_200;

function shortSeen(seen: string, files: number): string {
  const shown = beginningOf(seen, MOST_SEEN / Math.max(files, 4));
  return shown === seen ? seen : `${shown} […]`;
}

/** In two halves, as a phone is not wide enough for 64 characters without a space. */
const brokenHash = (sha256: string): string => sha256.replace(/^.{32}/u, '$& ');

interface Section extends StressedPart {
  readonly in: 'parts' | 'clauses' | 'later' | 'log';
  readonly place?: string;
  readonly source?: string;
}

const sectionsOf = ({ parts, clauses, later, log }: ReadingCard): readonly Section[] => [
  ...parts.map((part) => ({ ...part, in: 'parts' as const })),
  ...clauses.map((clause) => ({ ...clause, part: 'The policy on this', in: 'clauses' as const })),
  ...later.map((part) => ({ ...part, in: 'later' as const })),
  { part: LOG, lines: log, in: 'log' as const },
];

function drawReading(card: ReadingCard, sections: readonly Section[]): Card {
  const of = (where: Section['in']) => sections.filter((section) => section.in === where).map(sectionData);
  const { files, same, groups, exportUrl, log } = card;
  return fillCard('case-reading', {
    ...headData(card),
    ...{ parts: of('parts'), clauses: of('clauses'), later: of('later') },
    hasClauses: card.clauses.length > 0,
    files: files.map(({ line, seen, sha256, url }, at) => ({
      ...{ line, more: `${shortSeen(seen, files.length)}. SHA-256 ${brokenHash(sha256)}` },
      ...{ url: url ?? '', hasUrl: url !== null, open: `Open file ${at + 1}` },
    })),
    hasFiles: files.length > 0,
    hasLinks: files.some(({ url }) => url !== null),
    linkNote:
      'The links below work for 10 minutes and for you alone. Every look is noted in the case log. Please do not pass them on.',
    same,
    log: of('log').flatMap(({ lines }) => lines),
    hasLog: log.length > 0,
    logTitle: `${LOG} (${log.length === 1 ? '1 entry' : `${log.length} entries`})`,
    primary: buttonsData(card, card.primary),
    hasMore: groups.length > 0,
    groups: groups.map(({ group, buttons }) => ({ group, buttons: buttonsData(card, buttons) })),
    exportUrl: exportUrl ?? '',
    hasExport: exportUrl !== null,
  });
}

const sectionData = ({ part, lines, stressed = false, place = '', source = '' }: Section) => ({
  ...{ part, place, source, hasPlace: place !== '', style: stressed ? 'attention' : 'default' },
  lines: lines.map((line) => ({ line })),
});

const headData = ({ notice, ...head }: CaseHead) => ({
  ...{ title: head.title, urgent: head.urgent, reference: head.reference, seen: head.seen },
  ...{ facts: head.facts, note: head.note },
  notice: notice?.line ?? '',
  noticeStyle: notice?.style ?? 'default',
  hasNotice: notice !== null,
  speak: [notice?.line, `${head.title}.`, ...head.facts.slice(0, 3).map(({ name, value }) => `${name}: ${value}.`)]
    .filter(Boolean)
    .join(' '),
});

const buttonsData = ({ reference, seen }: CaseRef, buttons: readonly Button[]) =>
  buttons.map(({ title, verb, style = 'default', data = {} }) => {
    const named = { reference, seen, ...data };
    return { title, verb, style, data: named, submitted: { ...named, verb } };
  });

/** A form for what has to be typed, as a message of its own that nothing redraws. */
export interface CaseForm extends CaseRef {
  /** What it does. */
  readonly form: string;
  readonly title: string;
  readonly about: string;
  readonly hint: string;
  readonly advice: readonly string[];
  /** Why nothing was done; `null` when nothing was tried. */
  readonly error: string | null;
  readonly fields: readonly Field[];
  readonly submit: string;
}

/** Of a message, what advice may take. */
const MOST_ADVICE = 4_000;

export const caseForm = ({ fields, advice, error, hint, ...form }: CaseForm): Card =>
  fillCard('case-form', {
    ...form,
    speak: [error, `${form.title}, ${form.about}.`, hint].filter(Boolean).join(' '),
    ...{ hint, hasHint: hint !== '', error: error ?? '', hasError: error !== null },
    advice: fitted([{ part: '', lines: advice }], MOST_ADVICE, SHORTENED).flatMap(({ lines }) =>
      lines.map((line) => ({ line })),
    ),
    hasAdvice: advice.length > 0,
    rows: fieldRows(fields),
  });

/** What stands in a form's place once it was acted on. */
export interface CaseDone extends CaseRef {
  readonly line: string;
  readonly about: string;
}

export const caseDone = (done: CaseDone): Card =>
  fillCard('case-done', { ...done, speak: `${done.line} ${done.about}` });
