import type { Activity } from 'botbuilder';
import type { SentMessage } from '../schools/delivery.js';
import type { Outcome } from '../schools/delivery-schedule.js';

/** What a call to the channel came to. */
export type Called =
  | { readonly ok: true; readonly id: string | null; readonly activityId: string | null }
  | { readonly ok: false; readonly outcome: Outcome };

/** A token for the channel's service; `undefined` for a bot without an identity. @param fresh not one that was kept. */
export type TokenSource = (fresh: boolean) => Promise<string | undefined>;

const MAX_BODY_CHARACTERS = 64 * 1024;

/**
 * Bot Framework's connector REST interface, as far as messages are sent on the bot's own account. The SDK's client is not used
 * here: it tries again by itself, knows no deadline, and keeps `Retry-After` to itself.
 */
export class Connector {
  readonly #token: TokenSource;

  constructor(token: TokenSource) {
    this.#token = token;
  }

  /** Opens a conversation; with an activity, posts it there. `id` is the conversation's. */
  createConversation(serviceUrl: string, parameters: object, signal: AbortSignal): Promise<Called> {
    return this.#call('POST', serviceUrl, 'v3/conversations', parameters, signal);
  }

  /** Posts a message; below another where `replyTo` names one. */
  async post(
    serviceUrl: string,
    conversationId: string,
    activity: Partial<Activity>,
    replyTo: string | null,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const below = replyTo === null ? '' : `/${encodeURIComponent(replyTo)}`;
    const path = `v3/conversations/${encodeURIComponent(conversationId)}/activities${below}`;
    const body = { ...activity, conversation: { id: conversationId }, ...(replyTo !== null && { replyToId: replyTo }) };
    return sent(await this.#call('POST', serviceUrl, path, body, signal), conversationId, null);
  }

  /** Puts a message in the place of another. */
  async update(
    serviceUrl: string,
    { conversationId, activityId }: { conversationId: string; activityId: string },
    activity: Partial<Activity>,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const path = `v3/conversations/${encodeURIComponent(conversationId)}/activities/${encodeURIComponent(activityId)}`;
    const body = { ...activity, id: activityId, conversation: { id: conversationId } };
    return sent(await this.#call('PUT', serviceUrl, path, body, signal), conversationId, activityId);
  }

  async #call(method: string, serviceUrl: string, path: string, body: object, signal: AbortSignal): Promise<Called> {
    const attempt = (fresh: boolean) => this.#request(method, serviceUrl, path, body, fresh, signal);
    const first = await attempt(false);
    // A token may have been withdrawn before its time.
    const response = first.status === 401 ? await attempt(true) : first;
    if (response.status >= 200 && response.status < 300) return { ok: true, ...idsIn(await response.text()) };
    await response.body?.cancel();
    return { ok: false, outcome: failureOf(response) };
  }

  async #request(
    method: string,
    serviceUrl: string,
    path: string,
    body: object,
    fresh: boolean,
    signal: AbortSignal,
  ): Promise<Response> {
    const token = await this.#token(fresh);
    return fetch(`${serviceUrl.replace(/\/+$/u, '')}/${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      // The token is for this service alone.
      redirect: 'error',
      signal,
    });
  }
}

function sent(called: Called, conversationId: string, activityId: string | null): Outcome {
  if (!called.ok) return called.outcome;
  const message: SentMessage = { conversationId, activityId: called.id ?? activityId };
  return { kind: 'sent', message };
}

/** Busy: 429, 412, 408, 5xx, as Teams documents for trying again; and 401, which a new secret mends. All else is refused. */
function failureOf({ status, headers }: Response): Outcome {
  const busy = status >= 500 || [401, 408, 412, 425, 429].includes(status);
  if (!busy) return { kind: 'refused', status };
  const retryAfterMs = retryAfter(headers);
  return { kind: 'busy', status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** Seconds, or an HTTP date by the clock of whoever sent it; `undefined` for anything else. In milliseconds. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\s*\d+(?:\.\d+)?\s*$/u.test(value)) return Math.ceil(Number(value) * 1_000);
  const [until, said] = [Date.parse(value), Date.parse(headers.get('date') ?? '')];
  return Number.isNaN(until) ? undefined : Math.max(0, until - (Number.isNaN(said) ? Date.now() : said));
}

function idsIn(text: string): { id: string | null; activityId: string | null } {
  let body: unknown;
  try {
    body = JSON.parse(text.slice(0, MAX_BODY_CHARACTERS));
  } catch {
    // A message was taken all the same; only its id is not known.
  }
  const { id, activityId } = Object(body) as Record<string, unknown>;
  return {
    id: typeof id === 'string' && id !== '' ? id : null,
    activityId: typeof activityId === 'string' && activityId !== '' ? activityId : null,
  };
}
