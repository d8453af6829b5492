import type { IncomingMessage } from 'node:http';

/** Why a body was not taken, as the HTTP status to answer with. */
export class BodyRefused extends Error {
  readonly status: 400 | 413 | 415;

  constructor(status: 400 | 413 | 415, message: string) {
    super(message);
    this.name = 'BodyRefused';
    this.status = status;
  }
}

/**
 * Reads a JSON object from a request. restify's own reader counts compressed bytes, so a small gzip body could fill the memory;
 * this one takes plain JSON only, stops at the limit and never quotes the body in an error.
 *
 * @param limitBytes most that is read.
 * @throws {BodyRefused} 415 for another or a compressed type, 413 past the limit, 400 for anything but a JSON object.
 */
export async function readJsonObject(request: IncomingMessage, limitBytes: number): Promise<Record<string, unknown>> {
  const {
    'content-type': type = '',
    'content-encoding': encoding = 'identity',
    'content-length': length = '0',
  } = request.headers;
  if (!/^application\/json\s*(?:;|$)/iu.test(type) || encoding !== 'identity')
    throw new BodyRefused(415, 'Send plain application/json.');
  if (Number(length) > limitBytes) throw new BodyRefused(413, 'The body is too large.');
  const chunks: Buffer[] = [];
  let received = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    received += chunk.length;
    if (received > limitBytes) throw new BodyRefused(413, 'The body is too large.');
    chunks.push(chunk);
  }
  return parseObject(Buffer.concat(chunks).toString('utf8'));
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Answered below, together with JSON that is no object.
  }
  throw new BodyRefused(400, 'The body is not a JSON object.');
}
