import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'restify';
import { SECURITY_HEADERS } from './security-headers.js';

/** A file to answer with. */
export interface FileAnswer {
  readonly file: Uint8Array | AsyncIterable<Uint8Array>;
  readonly type: string;
  /** To be saved under this name, which says nothing of anybody; `null` for a picture of a page. */
  readonly saveAs: string | null;
}

/**
 * Sends a file and waits until it has gone out. Never rejects: what breaks off, on either side, and what is late ends the
 * connection, and a browser then tells its user that the download failed.
 */
export async function sendFile(
  response: Response,
  { file, type, saveAs }: FileAnswer,
  deadlineMs: number,
): Promise<void> {
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'Content-Type': type,
    ...(file instanceof Uint8Array && { 'Content-Length': String(file.byteLength) }),
    ...(saveAs !== null && { 'Content-Disposition': `attachment; filename="${saveAs}"` }),
  });
  const body = file instanceof Uint8Array ? Readable.from([file]) : Readable.from(file);
  await pipeline(body, response, { signal: AbortSignal.timeout(deadlineMs) }).catch(() => response.destroy());
}
