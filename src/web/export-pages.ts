import type { Server } from 'restify';
import type { Case } from '../reports/case.js';
import { asKnownTo } from '../reports/known-links.js';
import { exportCase } from '../reports/looks.js';
import { personIn } from '../schools/people.js';
import type { School } from '../schools/school.js';
import { findForLook, type LookParts, noteLook } from './case-looks.js';
import { type FileLimits, LinkRoutes } from './link-routes.js';
import type { ExportLink, Links } from './links.js';
import { type PageAnswer, page } from './page-answer.js';
import type { FileAnswer } from './send-file.js';
import { exportPage, staleAnswer } from './view-page.js';
import type { Visits } from './visits.js';
import type { WorkUnderWay } from './work-under-way.js';

/** What the download of a whole case needs of the rest. */
export interface ExportPages extends LookParts {
  readonly links: Links;
  /**
   * Packs all of a case, as one person may read it, into a ZIP. Rejects, or breaks off, when something cannot be reached.
   *
   * @param personId Entra object id of who gets it.
   */
  readonly exportZip: (current: Case, school: School, personId: string) => Promise<AsyncIterable<Uint8Array>>;
  readonly limits?: Partial<FileLimits>;
  readonly visits?: Visits | undefined;
}

/** A whole case has up to ten files of 10 MB each, and pictures of them are drawn for it. */
const LIMITS: FileLimits = { atOnce: 2, mostWaiting: 16, waitMs: 20_000, deadlineMs: 900_000 };

/**
 * Serves the download of a whole case: `GET /export/:token` offers it, for the reasons given at the viewing page, and `POST` hands
 * it over.
 */
export function serveExportPages(server: Server, pages: ExportPages, work: WorkUnderWay): void {
  const { links, log, visits } = pages;
  const routes = new LinkRoutes({ links, log, work, visits, limits: { ...LIMITS, ...pages.limits } });
  const read = links.readExport;
  const offer = routes.answering({
    ...{ read, holdsFiles: false },
    handle: (link, token) => offerAll(pages, link, token),
  });
  server.get('/export/:token', offer);
  server.head('/export/:token', offer);
  server.post('/export/:token', routes.answering({ read, holdsFiles: true, handle: (link) => download(pages, link) }));
}

async function offerAll(pages: ExportPages, link: ExportLink, token: string): Promise<PageAnswer> {
  const found = await findForLook(pages, link, exportCase);
  if (!found) return staleAnswer();
  const { profile } = found.school;
  const { reference, expiresAt } = link;
  const madeFor = personIn(profile, link.personId)?.name ?? '';
  return page(200, exportPage({ token, reference, expiresAt, madeFor, timeZone: profile.timeZone }));
}

/** The ZIP has in its log that it was taken. A log that says so although the download broke off does no harm; the reverse would. */
async function download(pages: ExportPages, link: ExportLink): Promise<PageAnswer | FileAnswer> {
  const noted = await noteLook(pages, link, exportCase);
  if (!noted) return staleAnswer();
  pages.log.info({ event: 'view.handled', schoolId: link.schoolId, outcome: 'exported' });
  const { school } = noted;
  const known = await asKnownTo(noted.case, school.profile, link.personId, pages.cases);
  const file = await begun(await pages.exportZip(known, school, link.personId));
  return { file, type: 'application/zip', saveAs: `${link.reference}.zip` };
}

/**
 * The same pieces, the first of which is there already: what fails before it can still be answered with a page. Where nobody takes
 * them any more, also before they were begun, their source is told.
 */
async function begun(pieces: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const source = pieces[Symbol.asyncIterator]();
  let first: IteratorResult<Uint8Array> | undefined = await source.next();
  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      const given = first;
      first = undefined;
      return given ?? source.next();
    },
    async return() {
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
