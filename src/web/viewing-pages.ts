import type { Server } from 'restify';
import type { EvidenceFiles } from '../reports/stores.js';
import type { LookParts } from './case-looks.js';
import { type FileLimits, LinkRoutes } from './link-routes.js';
import type { Links } from './links.js';
import { Viewing } from './viewing.js';
import type { Visits } from './visits.js';
import type { WorkUnderWay } from './work-under-way.js';

/** What the viewing page needs of the rest. */
export interface ViewingPages extends LookParts {
  readonly links: Links;
  readonly files: Pick<EvidenceFiles, 'original' | 'viewing'>;
  readonly limits?: Partial<FileLimits>;
  readonly visits?: Visits | undefined;
}

/** A file has up to 10 MB, and the slowest phone takes it at 35 KB a second. */
const LIMITS: FileLimits = { atOnce: 8, mostWaiting: 64, waitMs: 20_000, deadlineMs: 300_000 };

/**
 * Serves the viewing page: `GET` and `POST /view/:token`, its picture, and the original.
 *
 * What a link opens by itself (GET, HEAD) says only what it is about and offers a button: Teams, Outlook and virus scanners fetch
 * the links of messages to preview and to check them, and none of that is a look. Evidence is shown, and the look noted, when
 * somebody presses the button (POST), which robots do not. The page that comes of it holds the address of the picture, sealed
 * for a purpose of its own, so that the picture can be had only by way of a look that was noted, and is not noted twice. The
 * original, a look of its own, is behind a button as well.
 */
export function serveViewingPages(server: Server, pages: ViewingPages, work: WorkUnderWay): void {
  const { links, log, visits } = pages;
  const routes = new LinkRoutes({ links, log, work, visits, limits: { ...LIMITS, ...pages.limits } });
  const viewing = new Viewing(pages);
  const read = links.readEvidence;
  const offer = routes.answering({ read, holdsFiles: false, handle: (link, token) => viewing.offer(link, token) });
  server.get('/view/:token', offer);
  server.head('/view/:token', offer);
  server.post(
    '/view/:token',
    routes.answering({ read, holdsFiles: true, handle: (link, token) => viewing.show(link, token) }),
  );
  server.get(
    '/view/:token/picture',
    routes.answering({ read: links.readPicture, holdsFiles: true, handle: (link) => viewing.picture(link) }),
  );
  server.post(
    '/view/:token/original',
    routes.answering({ read, holdsFiles: true, handle: (link) => viewing.original(link) }),
  );
}
