import type { Request } from 'restify';
import { traceOf } from '../log.js';
import { type EvidenceOutcome, MOST_FILE_BYTES, refusalSentence } from '../reports/evidence.js';
import type { EvidencePages } from './evidence-pages.js';
import type { UploadLink } from './links.js';
import { messagePage } from './page.js';
import { type PageAnswer, page } from './page-answer.js';
import { Places } from './places.js';
import { BodyRefused, readBytes, readJsonObject } from './read-body.js';
import { isFromOurPage } from './security-headers.js';
import { NOTHING_SEEN, readSeen, type Seen } from './seen.js';
import { MOST_FORM_BYTES, readUploadForm } from './upload-form.js';
import { type PageResult, STALE, uploadPage } from './upload-page.js';
import type { WorkUnderWay } from './work-under-way.js';

export interface UploadLimits {
  /** Files held in memory at once, by this process. */
  readonly atOnce: number;
  /** Uploads that may wait for a place, and how long. */
  readonly mostWaiting: number;
  readonly waitMs: number;
  /** How long one file may take to arrive: 10 MB at some 55 KB a second. */
  readonly deadlineMs: number;
}

const LIMITS: UploadLimits = { atOnce: 8, mostWaiting: 64, waitMs: 20_000, deadlineMs: 180_000 };
const DESCRIPTION_BYTES = 8 * 1024;
const RETRY_S = 5;

const GONE =
  'This cannot be noted any more: the report was sent or discarded meanwhile. You can still add it in words, in Teams.';
const BUSY = 'Many files are being sent just now. Please try again in a few seconds.';
const FOREIGN = 'This came from another page, so it was not taken. Open the link from Teams again.';
const NO_FILE = 'Please choose a file first.';
const LATE = 'That file took too long to arrive. Please try again where the connection is better.';
const BROKEN = 'That did not arrive as it was sent. Please try again.';

/** The requests of the upload page, each with its token. */
export class EvidenceUploads {
  readonly #pages: EvidencePages;
  readonly #work: WorkUnderWay;
  readonly #limits: UploadLimits;
  readonly #places: Places;

  constructor(pages: EvidencePages, work: WorkUnderWay) {
    this.#pages = pages;
    this.#work = work;
    this.#limits = { ...LIMITS, ...pages.limits };
    this.#places = new Places(this.#limits.atOnce, this.#limits.mostWaiting, this.#limits.waitMs);
  }

  async show(token: string): Promise<PageAnswer> {
    const link = await this.#pages.links.readUpload(token);
    if (link === undefined) return page(410, messagePage(STALE));
    return this.#page(200, token, link, {});
  }

  /** One file as the whole body. */
  async takeFile(request: Request, token: string): Promise<PageAnswer> {
    const link = await this.#pages.links.readUpload(token);
    if (link === undefined) return sentence(410, STALE);
    if (!isFromOurPage(request.headers, this.#pages.links.origin)) return sentence(403, FOREIGN);
    if (request.headers['content-type'] !== 'application/octet-stream') return sentence(415, BROKEN);
    return this.#inPlace(link, sentence, async () => {
      const bytes = await readBytes(request, MOST_FILE_BYTES, this.#limits.deadlineMs);
      const outcome = await this.#take(link, bytes, NOTHING_SEEN);
      return json(200, forScript(outcome));
    });
  }

  /** One file and what it shows, from a form; without a file, what one that was added before shows. */
  async takeForm(request: Request, token: string): Promise<PageAnswer> {
    const link = await this.#pages.links.readUpload(token);
    if (link === undefined) return page(410, messagePage(STALE));
    if (!isFromOurPage(request.headers, this.#pages.links.origin)) return page(403, messagePage(FOREIGN));
    const refused = (status: number, words: string) =>
      this.#page(status, token, link, { result: { kind: 'refused', words } });
    return this.#inPlace(link, refused, async () => {
      const body = await readBytes(request, MOST_FORM_BYTES, this.#limits.deadlineMs);
      const { file, fields } = await readUploadForm(body, request.headers['content-type'] ?? '');
      const read = readSeen(fields, this.#pages.now());
      if (fields.evidence !== undefined) return this.#describeByForm(token, link, fields.evidence, read);
      if (file === undefined)
        return this.#page(200, token, link, { result: { kind: 'refused', words: NO_FILE }, typed: read.typed });
      const outcome = await this.#take(link, file, read.seen);
      if (outcome.kind === 'refused') {
        const result = { kind: 'refused', words: refusalSentence(outcome.reason) } as const;
        return this.#page(200, token, link, { result, typed: read.typed });
      }
      const again = read.fault && { evidenceId: outcome.evidence.id, typed: read.typed, fault: read.fault };
      return this.#page(200, token, link, { result: resultOf(outcome), ...(again && { again }) });
    });
  }

  /** What a file that was added shows. */
  async describe(request: Request, token: string, evidenceId: string): Promise<PageAnswer> {
    const link = await this.#pages.links.readUpload(token);
    if (link === undefined) return sentence(410, STALE);
    if (!isFromOurPage(request.headers, this.#pages.links.origin)) return sentence(403, FOREIGN);
    const fields = await readJsonObject(request, DESCRIPTION_BYTES).catch(asRefused);
    if (fields instanceof BodyRefused) return sentence(fields.status, BROKEN);
    const { seen, fault } = readSeen(fields, this.#pages.now());
    if (fault !== undefined) return json(200, { saved: false, sentence: fault });
    const saved = await this.#describe(link, evidenceId, seen);
    return json(200, saved ? { saved } : { saved, sentence: GONE });
  }

  async #describeByForm(
    token: string,
    link: UploadLink,
    evidenceId: string,
    { typed, seen, fault }: ReturnType<typeof readSeen>,
  ): Promise<PageAnswer> {
    if (fault !== undefined) return this.#page(200, token, link, { again: { evidenceId, typed, fault } });
    const saved = await this.#describe(link, evidenceId, seen);
    const result = saved ? ({ kind: 'added', words: 'Saved.' } as const) : ({ kind: 'refused', words: GONE } as const);
    return this.#page(200, token, link, { result });
  }

  async #describe(link: UploadLink, evidenceId: string, seen: Seen): Promise<boolean> {
    return /^[0-9a-f]{16}$/u.test(evidenceId) && this.#pages.describe(ownerOf(link), link.target, evidenceId, seen);
  }

  async #take(link: UploadLink, bytes: Uint8Array, seen: Seen): Promise<EvidenceOutcome> {
    const { intake, onAdded, log } = this.#pages;
    const owner = ownerOf(link);
    const outcome = await intake.take({ owner, target: link.target, bytes, way: 'upload_page', seen });
    const said = outcome.kind === 'refused' ? outcome.reason : outcome.kind;
    log.info({ event: 'upload.handled', schoolId: link.schoolId, outcome: said });
    if (outcome.kind === 'added' && onAdded)
      void this.#work
        .run(() => onAdded(owner, link.target))
        .catch((error) => log.warn({ event: 'upload.not_shown', schoolId: link.schoolId, ...traceOf(error) }));
    return outcome;
  }

  /** Holds one of the places while a file is in memory, and turns a body that was refused into an answer. */
  async #inPlace(
    link: UploadLink,
    refused: (status: number, words: string) => PageAnswer | Promise<PageAnswer>,
    task: () => Promise<PageAnswer>,
  ): Promise<PageAnswer> {
    const tooMany = this.#pages.visits?.(link);
    if (tooMany) return { ...(await refused(429, tooMany.sentence)), retryAfter: tooMany.retryAfter };
    const giveBack = await this.#places.take();
    if (giveBack === undefined) {
      this.#pages.log.warn({ event: 'upload.busy' });
      return { ...(await refused(503, BUSY)), retryAfter: RETRY_S };
    }
    const answer = await task()
      .catch(asRefused)
      .finally(() => giveBack());
    if (!(answer instanceof BodyRefused)) return answer;
    const words = { 413: refusalSentence('too_large'), 408: LATE, 400: BROKEN, 415: BROKEN }[answer.status];
    return refused(answer.status, words);
  }

  async #page(status: number, token: string, link: UploadLink, result: PageResult): Promise<PageAnswer> {
    const reason = await this.#pages.intake.refusalFor(ownerOf(link), link.target);
    // The draft is gone: whoever holds the link is told no more than by one that has run out.
    if (reason === 'no_draft') return page(410, messagePage(STALE));
    const closed = reason && refusalSentence(reason);
    return page(status, uploadPage({ token, expiresAt: link.expiresAt, ...result, ...(closed && { closed }) }));
  }
}

const ownerOf = ({ schoolId, personId }: UploadLink) => ({ schoolId, personId });
const json = (status: number, value: object): PageAnswer => ({
  ...{ status, type: 'application/json' },
  body: JSON.stringify(value),
});
const sentence = (status: number, words: string): PageAnswer => json(status, { sentence: words });

function asRefused(error: unknown): BodyRefused {
  if (error instanceof BodyRefused) return error;
  throw error;
}

function resultOf({ kind, count }: Exclude<EvidenceOutcome, { kind: 'refused' }>): PageResult['result'] {
  return kind === 'added'
    ? { kind, words: `Added. Your report has ${count === 1 ? '1 file' : `${count} files`} now.` }
    : { kind, words: 'That one is there already, so it was not added twice.' };
}

/** What the script needs to know of an outcome. */
function forScript(outcome: EvidenceOutcome): object {
  if (outcome.kind === 'refused') return { outcome: 'refused', sentence: refusalSentence(outcome.reason) };
  const { evidence, count, kind } = outcome;
  const { id, seenOn, seenTime, seenWhere } = evidence;
  return { outcome: kind, id, count, seen: { seenOn, seenTime, seenWhere } };
}
