/** What is taken as evidence, and what it is called. Anything else is refused by the name of the problem. */
export const EVIDENCE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'application/pdf'] as const;
export type EvidenceType = (typeof EVIDENCE_TYPES)[number];

export const MOST_FILE_BYTES = 10 * 1024 * 1024;
export const MOST_FILES = 10;
/** An A4 page scanned at 600 dpi has 35 million; a phone's largest pictures have 50 to 200 million and are no screenshots. */
export const MOST_PIXELS = 60_000_000;

/** How a file came in. */
export type EvidenceWay = 'chat_picture' | 'chat_file' | 'upload_page';

/** One file with the time, date and place it shows; its original bytes are never touched. */
export interface Evidence {
  /** 16 lower-case hexadecimal digits, random. */
  readonly id: string;
  /** Of the original, in lower-case hexadecimal, taken when it was received. */
  readonly sha256: string;
  readonly bytes: number;
  readonly type: EvidenceType;
  /** A viewing copy without metadata stands beside it; `null` for what has none (PDF). Its own SHA-256. */
  readonly viewing: { readonly type: 'image/png' | 'image/jpeg' | 'image/webp'; readonly sha256: string } | null;
  readonly way: EvidenceWay;
  /** Entra object id of whoever added it. */
  readonly addedBy: string;
  readonly receivedAt: Date;
  /** What it shows, as the reporter says: when and where it was seen. Empty where not said. */
  readonly seenOn: string;
  readonly seenTime: string;
  readonly seenWhere: string;
}

/** Why a file is not taken. */
export type EvidenceRefusal =
  | 'empty'
  | 'too_large'
  | 'too_many'
  | 'too_many_pixels'
  | 'not_readable'
  | 'svg'
  | 'html'
  | 'office'
  | 'archive'
  | 'video'
  | 'other_type'
  | 'no_draft'
  | 'safety_first'
  | 'child_safety';

/** What came of a file. */
export type EvidenceOutcome =
  | { readonly kind: 'added'; readonly evidence: Evidence; readonly count: number }
  /** The same bytes are there already: one piece of evidence. */
  | { readonly kind: 'same'; readonly evidence: Evidence; readonly count: number }
  | { readonly kind: 'refused'; readonly reason: EvidenceRefusal };

/** One plain sentence that says how to go on. */
export const refusalSentence = (reason: EvidenceRefusal): string => REFUSALS[reason];

const TAKEN = 'Please send a picture (PNG, JPEG, WebP or GIF) or a PDF.';
const REFUSALS: Readonly<Record<EvidenceRefusal, string>> = {
  empty: 'That file arrived empty. Please send it again, or use the upload page.',
  too_large: 'That file is larger than 10 MB. Please take a screenshot of the part that matters and send that.',
  too_many: 'A report takes 10 files, and this one has them. Please remove one first, or describe the rest in words.',
  too_many_pixels: 'That picture is far larger than any screenshot. Please take a screenshot of it and send that.',
  not_readable: 'That file is damaged or not what its name says. Please take the screenshot again and send that.',
  svg: `That is an SVG drawing, which can hold hidden content. ${TAKEN}`,
  html: `That is a web page, which can change after it is saved. Take a screenshot of it instead. ${TAKEN}`,
  office: `That is an Office document. Take a screenshot of what it shows, or save it as a PDF. ${TAKEN}`,
  archive: `That is an archive of other files. Please send the files in it one by one. ${TAKEN}`,
  video: `That is a film or a sound. Take screenshots of what it shows, and keep the original. ${TAKEN}`,
  other_type: `That kind of file cannot be taken. ${TAKEN}`,
  no_draft: 'There is no report under way to add this to. Type "report" to begin one.',
  safety_first:
    'Please answer the questions about a child’s safety first, then send this again. It has not been fetched or kept.',
  child_safety:
    'A report on a child’s safety takes words only, so this has not been fetched or kept. Please do not send it to anyone else.',
};
