import type { Request, Response } from 'restify';
import { newErrorReference } from '../errors.js';
import { type Log, traceOf } from '../log.js';
import type { Links } from './links.js';
import { messagePage } from './page.js';
import { type PageAnswer, page, sendAnswer } from './page-answer.js';
import { Places } from './places.js';
import { readAway } from './read-body.js';
import { isFromOurPage } from './security-headers.js';
import { type FileAnswer, sendFile } from './send-file.js';
import { staleAnswer } from './view-page.js';
import type { Visitor, Visits } from './visits.js';
import type { WorkUnderWay } from './work-under-way.js';

/** What may be done at once, and how long it may take. */
export interface FileLimits {
  /** Files held in memory at once by this process, until the browser has them. */
  readonly atOnce: number;
  /** Requests that may wait for a place, and how long. */
  readonly mostWaiting: number;
  readonly waitMs: number;
  /** How long a browser may take to fetch a file. */
  readonly deadlineMs: number;
}

export interface LinkRouteParts {
  readonly links: Links;
  readonly log: Log;
  readonly work: WorkUnderWay;
  readonly limits: FileLimits;
  readonly visits?: Visits | undefined;
}

/** One kind of request: how its token is read, and what is done. */
export interface LinkRoute<Link extends Visitor> {
  readonly read: (token: string) => Promise<Link | undefined>;
  readonly handle: (link: Link, token: string) => Promise<PageAnswer | FileAnswer>;
  /** Whether it holds files in memory, so that it has to find a place. */
  readonly holdsFiles: boolean;
}

const RETRY_S = 5;
/** The forms of these pages send nothing; this much is read away, so that a browser gets to see the answer. */
const AWAY_BYTES = 64 * 1024;
const AWAY_MS = 5_000;

const FOREIGN = 'This came from another page, so nothing is shown. Open the link from Teams again.';
const BUSY = 'Many files are being opened just now. Please go back and try again in a few seconds.';
const TROUBLE =
  'Something went wrong on our side, so nothing is shown. Please open the link from Teams again in a minute.';
const STOPPING = 'Policy Desk is being restarted. Please open the link from Teams again in a minute.';

/** Routes of pages that a link opens; they share the places for files. Neither token nor anything shown is logged. */
export class LinkRoutes {
  readonly #parts: LinkRouteParts;
  readonly #places: Places;

  constructor(parts: LinkRouteParts) {
    const { atOnce, mostWaiting, waitMs } = parts.limits;
    this.#parts = parts;
    this.#places = new Places(atOnce, mostWaiting, waitMs);
  }

  /** What restify calls for a route. */
  answering<Link extends Visitor>(route: LinkRoute<Link>) {
    const { work, limits } = this.#parts;
    return async (request: Request, response: Response): Promise<void> => {
      if (work.stopping) return sendAnswer(response, page(503, messagePage(STOPPING)), true);
      await work.run(() =>
        this.#inPlace(route, request, async (given) => {
          const isRead = await readAway(request, AWAY_BYTES, AWAY_MS);
          if ('file' in given) await sendFile(response, given, limits.deadlineMs);
          else sendAnswer(response, given, !isRead || work.stopping);
        }),
      );
    };
  }

  /** Holds one of the places from when something is fetched until it is sent. */
  async #inPlace<Link extends Visitor>(
    { read, handle, holdsFiles }: LinkRoute<Link>,
    request: Request,
    send: (given: PageAnswer | FileAnswer) => Promise<void>,
  ): Promise<void> {
    const { links, log, visits } = this.#parts;
    const { token } = request.params;
    const link = await read(token);
    if (link === undefined) return send(staleAnswer());
    const tooMany = visits?.(link);
    if (tooMany) return send({ ...page(429, messagePage(tooMany.sentence)), retryAfter: tooMany.retryAfter });
    if (request.method === 'POST' && !isFromOurPage(request.headers, links.origin))
      return send(page(403, messagePage(FOREIGN)));
    const giveBack = holdsFiles ? await this.#places.take() : () => undefined;
    if (giveBack === undefined) {
      log.warn({ event: 'view.busy' });
      return send({ ...page(503, messagePage(BUSY)), retryAfter: RETRY_S });
    }
    try {
      await send(await handle(link, token).catch((error) => failed(error, log)));
    } finally {
      giveBack();
    }
  }
}

function failed(error: unknown, log: Log): PageAnswer {
  const reference = newErrorReference();
  log.error({ event: 'view.failed', reference, ...traceOf(error) });
  return page(503, messagePage(`${TROUBLE} If it goes on, quote ${reference}.`));
}
