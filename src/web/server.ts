import type { AddressInfo } from 'node:net';
import restify, { type Request, type Response, type Server } from 'restify';
import { newErrorReference } from '../errors.js';
import { type Log, traceOf } from '../log.js';
import { type EvidencePages, serveEvidencePages } from './evidence-pages.js';
import { type ExportPages, serveExportPages } from './export-pages.js';
import { LONGEST_TOKEN } from './links.js';
import { servePageAssets } from './page-assets.js';
import { BodyRefused, readJsonObject } from './read-body.js';
import { type PartState, readinessOf } from './readiness.js';
import { type SummaryPages, serveSummaryPages } from './summary-pages.js';
import { serveViewingPages, type ViewingPages } from './viewing-pages.js';
import { WorkUnderWay } from './work-under-way.js';

/** An activity with a card's inputs is a few kilobytes; Teams itself sends at most about 100 KB. */
const MAX_BODY_BYTES = 256 * 1024;
/** A turn that has not ended by then will not end in time for Teams either, which waits 10 to 15 s. */
const DRAIN_MS = 10_000;

/** What to answer over HTTP. */
export interface HttpReply {
  readonly status: number;
  readonly body?: unknown;
}

export interface ServerParts {
  /** Handles one activity; called with the `Authorization` header, empty when there is none. */
  readonly receive: (authorization: string, activity: Record<string, unknown>) => Promise<HttpReply>;
  /** How each part of the bot is, for `/readyz`. Never rejects. */
  readonly condition: () => Promise<readonly PartState[]>;
  readonly log: Log;
  /** The upload page; without it there is none. */
  readonly evidence?: EvidencePages;
  /** The viewing page; without it there is none. */
  readonly viewing?: ViewingPages;
  /** The download of a whole case; without it there is none. */
  readonly exports?: ExportPages;
  /** The download of a summary's documents; without it there is none. */
  readonly summaries?: SummaryPages;
}

export interface RunningServer {
  /** Where it listens, for example `http://127.0.0.1:3978`. */
  readonly address: string;
  /** Takes no new work, lets what is under way finish (10 s at most), then closes. */
  stop(): Promise<void>;
}

/**
 * Serves the bot's HTTP interface: `POST /api/messages`, `GET /healthz`, `GET /readyz`, and the pages that cards
 * lead to.
 *
 * @param port 0 for any free port.
 * @throws when the port is taken or the host is not this machine's.
 */
export async function startServer(parts: ServerParts, host: string, port: number): Promise<RunningServer> {
  // An empty name keeps restify from sending a Server header.
  const server = restify.createServer({ name: '', maxParamLength: LONGEST_TOKEN });
  const work = new WorkUnderWay();
  server.pre((_request, response, next) => {
    response.header('X-Content-Type-Options', 'nosniff');
    response.header('Cache-Control', 'no-store');
    next();
  });
  server.get('/healthz', async (_request: Request, response: Response) =>
    send(response, { status: 200, body: { status: 'alive' } }),
  );
  server.get('/readyz', async (_request: Request, response: Response) => send(response, await readiness(parts, work)));
  server.post('/api/messages', async (request: Request, response: Response) => {
    const reply = work.stopping
      ? { status: 503, body: { error: 'The server is stopping.' } }
      : await work.run(() => takeMessage(parts, request));
    // What is left of a refused body is not read: the connection ends instead.
    if (work.stopping || reply.status === 413) response.header('Connection', 'close');
    send(response, reply);
  });
  servePages(server, parts, work);
  withoutStackTraces(server, parts.log);
  await listen(server, host, port);
  const { port: actual } = server.address() as AddressInfo;
  return {
    address: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    stop: () => stop(server, work),
  };
}

function servePages(server: Server, { evidence, viewing, exports, summaries }: ServerParts, work: WorkUnderWay): void {
  servePageAssets(server);
  if (evidence) serveEvidencePages(server, evidence, work);
  if (viewing) serveViewingPages(server, viewing, work);
  if (exports) serveExportPages(server, exports, work);
  if (summaries) serveSummaryPages(server, summaries, work);
}

async function takeMessage({ receive, log }: ServerParts, request: Request): Promise<HttpReply> {
  try {
    return await receive(request.headers.authorization ?? '', await readJsonObject(request, MAX_BODY_BYTES));
  } catch (error) {
    if (error instanceof BodyRefused) return { status: error.status, body: { error: error.message } };
    const reference = newErrorReference();
    log.error({ event: 'request.failed', reference, ...traceOf(error) });
    return { status: 500, body: { error: 'Something went wrong on our side.', reference } };
  }
}

async function readiness({ condition }: ServerParts, work: WorkUnderWay): Promise<HttpReply> {
  const stopping: PartState = { part: 'server', state: 'broken', says: 'The server is stopping.' };
  const body = readinessOf(work.stopping ? [stopping] : await condition());
  return { status: body.status === 'ready' ? 200 : 503, body };
}

/** As bytes: restify's own way writes what it made of a body as text, and counts its length besides. */
function send(response: Response, { status, body }: HttpReply): void {
  if (body === undefined) {
    response.send(status);
    return;
  }
  const bytes = Buffer.from(JSON.stringify(body));
  response.header('Content-Type', 'application/json');
  response.header('Content-Length', bytes.length);
  response.sendRaw(status, bytes);
}

/** restify answers its own errors (no such route, method not allowed) itself; ours say no more than the status does. */
function withoutStackTraces(server: Server, log: Log): void {
  server.on(
    'restifyError',
    (_request: Request, response: Response, error: { statusCode?: number }, done: () => void) => {
      const status = error.statusCode ?? 500;
      if (status >= 500) log.error({ event: 'request.failed', status, ...traceOf(error) });
      response.removeHeader('Server');
      response.send(status, {
        error:
          status === 404
            ? 'There is nothing here.'
            : status === 405
              ? 'This method is not allowed here.'
              : 'The request cannot be served.',
      });
      done();
    },
  );
}

/** restify hands on its server's errors, so it is restify's that must be heard for a port that is taken. */
function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function stop(server: Server, work: WorkUnderWay): Promise<void> {
  work.stopping = true;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DRAIN_MS);
  });
  await Promise.race([work.done(), deadline]);
  clearTimeout(timer);
  // Answers just given are flushed before the connections that carried them go.
  server.server.closeIdleConnections();
  setTimeout(() => server.server.closeAllConnections(), 100).unref();
  await closed;
}
