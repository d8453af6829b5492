import type { Request, Response, Server } from 'restify';
import { newErrorReference } from '../errors.js';
import { type Log, traceOf } from '../log.js';
import type { EvidenceIntake, EvidenceTarget } from '../reports/evidence-intake.js';
import type { DraftOwner } from '../reports/stores.js';
import { EvidenceUploads, type UploadLimits } from './evidence-uploads.js';
import type { Links } from './links.js';
import { messagePage } from './page.js';
import { type PageAnswer, page, sendAnswer } from './page-answer.js';
import { readAway } from './read-body.js';
import type { Seen } from './seen.js';
import type { Visits } from './visits.js';
import type { WorkUnderWay } from './work-under-way.js';

/** What the upload page needs of the rest. */
export interface EvidencePages {
  readonly links: Links;
  readonly intake: EvidenceIntake;
  /**
   * Notes what a piece of evidence shows.
   *
   * @returns `false` when that is no longer possible, for instance because the report was sent meanwhile. Rejects when storage
   *   cannot be reached.
   */
  readonly describe: (owner: DraftOwner, target: EvidenceTarget, evidenceId: string, seen: Seen) => Promise<boolean>;
  /** Called after a file was added, to redraw the card that shows them. The person does not wait for it. */
  readonly onAdded?: (owner: DraftOwner, target: EvidenceTarget) => Promise<void>;
  readonly log: Log;
  readonly now: () => Date;
  readonly limits?: Partial<UploadLimits>;
  readonly visits?: Visits | undefined;
}

/** A browser that is refused still sends the rest of its file; this much of it is read, so that it gets to see why. */
const AWAY_BYTES = 64 * 1024 * 1024;
const AWAY_MS = 20_000;

const TROUBLE = 'Something went wrong on our side, and this was not kept. Please try again in a minute.';
const STOPPING = 'Policy Desk is being restarted, so this was not kept. Please try again in a minute.';

/**
 * Serves the upload page: `GET` and `POST /evidence/:token` and
 * `POST /evidence/:token/files[/:id]` for its script. Neither the token nor anything sent is logged.
 */
export function serveEvidencePages(server: Server, pages: EvidencePages, work: WorkUnderWay): void {
  const uploads = new EvidenceUploads(pages, work);
  const answering =
    (kind: 'page' | 'json', handle: (request: Request, token: string) => Promise<PageAnswer>) =>
    async (request: Request, response: Response): Promise<void> => {
      const answer = work.stopping
        ? inKind(kind, 503, STOPPING)
        : await work.run(() => handle(request, request.params.token).catch((error) => failed(kind, error, pages.log)));
      // Who was too slow has had the time there is.
      const isRead = await readAway(request, work.stopping || answer.status === 408 ? 0 : AWAY_BYTES, AWAY_MS);
      sendAnswer(response, answer, !isRead || work.stopping);
    };
  server.get(
    '/evidence/:token',
    answering('page', (_request, token) => uploads.show(token)),
  );
  server.post(
    '/evidence/:token',
    answering('page', (request, token) => uploads.takeForm(request, token)),
  );
  server.post(
    '/evidence/:token/files',
    answering('json', (request, token) => uploads.takeFile(request, token)),
  );
  server.post(
    '/evidence/:token/files/:id',
    answering('json', (request, token) => uploads.describe(request, token, request.params.id)),
  );
}

function failed(kind: 'page' | 'json', error: unknown, log: Log): PageAnswer {
  const reference = newErrorReference();
  log.error({ event: 'upload.failed', reference, ...traceOf(error) });
  return inKind(kind, 503, `${TROUBLE} If it goes on, quote ${reference}.`);
}

function inKind(kind: 'page' | 'json', status: number, sentence: string): PageAnswer {
  return kind === 'page'
    ? page(status, messagePage(sentence))
    : { status, type: 'application/json', body: JSON.stringify({ sentence }) };
}
