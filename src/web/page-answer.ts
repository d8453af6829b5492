import type { Response } from 'restify';
import { SECURITY_HEADERS } from './security-headers.js';

/** What to answer a browser. */
export interface PageAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  /** In seconds. */
  readonly retryAfter?: number;
}

/** A page as an answer. */
export const page = (status: number, body: string): PageAnswer => ({ status, type: 'text/html; charset=utf-8', body });

/** @param isLast whether the connection ends with it. */
export function sendAnswer(response: Response, { status, type, body, retryAfter }: PageAnswer, isLast: boolean): void {
  response.sendRaw(status, body, {
    ...SECURITY_HEADERS,
    'Content-Type': type,
    'Content-Length': String(Buffer.byteLength(body)),
    ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
    ...(isLast && { Connection: 'close' }),
  });
}
