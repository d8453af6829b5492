import type { Server } from 'restify';
import type { Log } from '../log.js';
import { personIn } from '../schools/people.js';
import type { School } from '../schools/school.js';
import { mayReadInOwnChat } from '../summaries/access.js';
import {
  DOCUMENT_FORMATS,
  type DocumentFormat,
  type Edition,
  type Summary,
  type SummaryDocuments,
  type SummaryStore,
} from '../summaries/summary.js';
import { type FileLimits, LinkRoutes } from './link-routes.js';
import type { Links, SummaryLink } from './links.js';
import { type PageAnswer, page } from './page-answer.js';
import type { FileAnswer } from './send-file.js';
import { summaryPage } from './summary-page.js';
import { staleAnswer } from './view-page.js';
import type { Visits } from './visits.js';
import type { WorkUnderWay } from './work-under-way.js';

/** What the download of a summary's documents needs of the rest. */
export interface SummaryPages {
  readonly links: Links;
  readonly schools: readonly School[];
  readonly summaries: Pick<SummaryStore, 'find' | 'noteDownload'>;
  /** Those that were kept when a summary was sent. */
  readonly documents: Pick<SummaryDocuments, 'read'>;
  /** Draws a document of a summary that was not sent. */
  readonly drawDocument: (summary: Summary, edition: Edition, format: DocumentFormat) => Promise<Uint8Array>;
  /** The id of the conversation that is the school's governors' chat now. Rejects only when storage cannot be reached. */
  readonly governorsChatOf: (school: School) => Promise<string>;
  readonly log: Log;
  readonly now: () => Date;
  readonly limits?: Partial<FileLimits>;
  readonly visits?: Visits | undefined;
}

/** A summary that a link leads to, and the school it is of. */
interface Found {
  readonly summary: Summary;
  readonly school: School;
}

/** A document has one to two pages, and takes a moment to draw. */
const LIMITS: FileLimits = { atOnce: 2, mostWaiting: 32, waitMs: 20_000, deadlineMs: 120_000 };

const TYPES: Readonly<Record<DocumentFormat, string>> = { pdf: 'application/pdf', csv: 'text/csv; charset=utf-8' };

/**
 * Serves the documents of summaries: `GET /summary/:token` offers them, so that what looks at links before people do takes nothing,
 * and `POST /summary/:token/pdf` and `/csv` hand one over. Who may have it is decided at every request, as things stand then.
 */
export function serveSummaryPages(server: Server, pages: SummaryPages, work: WorkUnderWay): void {
  const { links, log, visits } = pages;
  const routes = new LinkRoutes({ links, log, work, visits, limits: { ...LIMITS, ...pages.limits } });
  const read = links.readSummary;
  const offer = routes.answering({
    ...{ read, holdsFiles: false },
    handle: (link, token) => offerDocuments(pages, link, token),
  });
  server.get('/summary/:token', offer);
  server.head('/summary/:token', offer);
  for (const format of DOCUMENT_FORMATS)
    server.post(
      `/summary/:token/${format}`,
      routes.answering({ read, holdsFiles: true, handle: (link) => download(pages, link, format) }),
    );
}

async function offerDocuments(pages: SummaryPages, link: SummaryLink, token: string): Promise<PageAnswer> {
  const found = await findFor(pages, link);
  if (!found) return staleAnswer();
  const { summary, school } = found;
  const { edition, expiresAt } = link;
  const madeFor = link.through === 'own_chat' ? (personIn(school.profile, link.personId)?.name ?? '') : null;
  return page(200, summaryPage({ token, summary, edition, expiresAt, madeFor, timeZone: school.profile.timeZone }));
}

/** A note of a download that broke off does no harm; a download without a note would. */
async function download(
  pages: SummaryPages,
  link: SummaryLink,
  format: DocumentFormat,
): Promise<PageAnswer | FileAnswer> {
  const found = await findFor(pages, link);
  if (!found) return staleAnswer();
  const { schoolId, summaryId, personId, edition } = link;
  const file = await documentOf(pages, found.summary, edition, format);
  await pages.summaries.noteDownload(schoolId, summaryId, { at: pages.now(), personId, edition, format });
  pages.log.info({ event: 'summary.downloaded', schoolId, outcome: format });
  return { file, type: TYPES[format], saveAs: nameOf(found.summary, edition, format) };
}

/** What was sent is handed over as it was sent. Where nothing was kept of it, it is drawn from the same frozen figures. */
async function documentOf(
  { documents, drawDocument }: SummaryPages,
  summary: Summary,
  edition: Edition,
  format: DocumentFormat,
): Promise<Uint8Array> {
  const { schoolId, id } = summary;
  const kept = summary.sending.state === 'sent' && (await documents.read({ schoolId, id, edition, format }));
  return kept || drawDocument(summary, edition, format);
}

/** @returns `undefined` alike for no such school, no such summary and nobody who may. */
async function findFor(pages: SummaryPages, link: SummaryLink): Promise<Found | undefined> {
  const school = pages.schools.find(({ profile }) => profile.id === link.schoolId);
  const stored = school && (await pages.summaries.find(link.schoolId, link.summaryId));
  if (!stored) return undefined;
  const { summary } = stored;
  if (await mayStillRead(pages, school, summary, link)) return { summary, school };
  pages.log.warn({ event: 'summary.refused', schoolId: link.schoolId });
  return undefined;
}

/** Governors see nothing before it is sent, and never how many reports are about the Headteacher. */
async function mayStillRead(
  { governorsChatOf }: SummaryPages,
  school: School,
  { sending }: Summary,
  { through, personId, edition }: SummaryLink,
): Promise<boolean> {
  if (through === 'own_chat') return mayReadInOwnChat(school.profile, personId, edition);
  return sending.state === 'sent' && edition === 'governors' && through.chat === (await governorsChatOf(school));
}

/** `example-primary-half-term-2026-08-31.pdf`. */
function nameOf({ schoolId, id }: Summary, edition: Edition, format: DocumentFormat): string {
  return `${schoolId}-${id.replaceAll('_', '-')}${edition === 'chair' ? '-chair' : ''}.${format}`;
}
