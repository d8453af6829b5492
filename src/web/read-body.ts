import type { IncomingMessage } from 'node:http';
import { NOT_SAFE, safeText } from '../typed-text.js';

type RefusedStatus = 400 | 408 | 413 | 415;

/** Why a body was not taken, as the HTTP status to answer with. */
export class BodyRefused extends Error {
  readonly status: RefusedStatus;

  constructor(status: RefusedStatus, message: string) {
    super(message);
    this.name = 'BodyRefused';
    this.status = status;
  }
}

/** Cards nest some twenty levels deep; what reads a body further on may do so by calling itself for each level. */
const DEEPEST = 64;
/** Teams waits no longer for an answer. */
const JSON_DEADLINE_MS = 10_000;

/**
 * Reads a JSON object from a request. restify's own reader counts compressed bytes, so a small gzip body could fill the memory;
 * this one takes plain JSON only, stops at the limit and never quotes the body in an error. Texts in it are {@link safeText}s.
 *
 * @param limitBytes most that is read.
 * @throws {BodyRefused} 415 for another or a compressed type, 413 past the limit, 408 past a deadline of 10 s, 400 for anything
 *   but a JSON object, and for one nested deeper than 64 levels.
 */
export async function readJsonObject(request: IncomingMessage, limitBytes: number): Promise<Record<string, unknown>> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
  if (!/^application\/json\s*(?:;|$)/iu.test(type) || encoding !== 'identity')
    throw new BodyRefused(415, 'Send plain application/json.');
  return parseObject((await readBytes(request, limitBytes, JSON_DEADLINE_MS)).toString('utf8'));
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      refuseDeep(value);
      return (NEEDS_CARE.test(text) ? safe(value) : value) as Record<string, unknown>;
    }
  } catch (error) {
    if (error instanceof BodyRefused) throw error;
    // Answered below, together with JSON that is no object.
  }
  throw new BodyRefused(400, 'The body is not a JSON object.');
}

/** What can bring in something unsafe, as it stands in JSON. Almost every body has none of it, and then need not be copied. */
const NEEDS_CARE = new RegExp(String.raw`\\[bfu]|__proto__|${NOT_SAFE.source}`, 'u');

function refuseDeep(value: object, depth = 1): void {
  if (depth > DEEPEST) throw new BodyRefused(400, 'The body is nested too deeply.');
  for (const inner of Object.values(value))
    if (typeof inner === 'object' && inner !== null) refuseDeep(inner, depth + 1);
}

/** The same with safe texts, and without properties that would become a prototype where they are copied. */
function safe(value: unknown): unknown {
  if (typeof value === 'string') return safeText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(safe);
  const entries = Object.entries(value).filter(([key]) => key !== '__proto__');
  return Object.fromEntries(entries.map(([key, inner]) => [key, safe(inner)]));
}

/**
 * Reads a body as it comes, uncompressed.
 *
 * @throws {BodyRefused} 415 for a compressed one, 413 past the limit, 408 past the deadline, 400 when it breaks off. What is left
 *   of it then is still to be read: see {@link readAway}.
 */
export async function readBytes(
  request: IncomingMessage,
  limitBytes: number,
  deadlineMs: number,
): Promise<Buffer<ArrayBuffer>> {
  const { 'content-encoding': encoding = 'identity', 'content-length': length = '0' } = request.headers;
  if (encoding !== 'identity') throw new BodyRefused(415, 'Send it uncompressed.');
  if (Number(length) > limitBytes) throw new BodyRefused(413, 'The body is too large.');
  const chunks: Buffer[] = [];
  let received = 0;
  const how = await flow(request, deadlineMs, (chunk) => {
    received += chunk.length;
    if (received <= limitBytes) chunks.push(chunk);
    return received <= limitBytes;
  });
  if (how === 'enough') throw new BodyRefused(413, 'The body is too large.');
  if (how === 'late') throw new BodyRefused(408, 'The body took too long.');
  if (how === 'broken') throw new BodyRefused(400, 'The body broke off.');
  return Buffer.concat(chunks, received);
}

/**
 * Reads what is left of a body without keeping it. A browser shows our answer only once it has sent all; a connection that ends
 * before would look like a fault of the network.
 *
 * @param limitBytes 0 to read nothing more.
 * @returns whether that was all of it.
 */
export async function readAway(request: IncomingMessage, limitBytes: number, deadlineMs: number): Promise<boolean> {
  if (limitBytes === 0) return request.complete;
  let received = 0;
  const how = await flow(request, deadlineMs, (chunk) => {
    received += chunk.length;
    return received <= limitBytes;
  });
  return how === 'ended';
}

type Flow = 'ended' | 'enough' | 'late' | 'broken';

/** Hands on each piece until `take` has had enough, the body ends or breaks off, or it is late; the stream then stands still. */
function flow(request: IncomingMessage, deadlineMs: number, take: (chunk: Buffer) => boolean): Promise<Flow> {
  return new Promise((resolve) => {
    const stop = (how: Flow) => {
      clearTimeout(timer);
      request.off('data', data).off('end', end).off('close', broken);
      request.pause();
      resolve(how);
    };
    const data = (chunk: Buffer) => {
      if (!take(chunk)) stop('enough');
    };
    const end = () => stop('ended');
    const broken = () => stop('broken');
    const timer = setTimeout(() => stop('late'), deadlineMs);
    // A connection that ends in mid-body is an error as well, told by "close" too.
    if (!request.listenerCount('error')) request.on('error', () => undefined);
    if (request.readableEnded) stop('ended');
    else if (request.destroyed) stop('broken');
    else request.on('data', data).on('end', end).on('close', broken).resume();
  });
}
