import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the fake does with the next requests. */
export type Behaviour =
  /** Answers with this text. */
  | { readonly kind: 'says'; readonly text: string }
  /** Does not answer, neither head nor body, until it is released. */
  | { readonly kind: 'slow' }
  /** Sends the head of a reply, and never its end. */
  | { readonly kind: 'stalls' }
  /** Answers with what is no JSON. */
  | { readonly kind: 'broken' }
  /** Ends the connection without an answer. */
  | { readonly kind: 'hangs_up' }
  /** Answers with far more than a short text. */
  | { readonly kind: 'endless' }
  /** Reached the limit of tokens: the text is a part only. */
  | { readonly kind: 'cut_off'; readonly text: string }
  /** Azure's content filter took the reply, or (before the model was asked) the request. */
  | { readonly kind: 'filters_reply'; readonly text: string }
  | { readonly kind: 'filters_request' }
  /** Too many requests. */
  | { readonly kind: 'rate_limited' }
  | { readonly kind: 'fails' }
  /** Sends the key elsewhere, if the client follows. */
  | { readonly kind: 'redirects'; readonly to: string };

/** A request as it came in. */
export interface AskedModel {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: {
    readonly messages: { readonly role: string; readonly content: string }[];
    readonly [key: string]: unknown;
  };
}

export const DEPLOYMENT = 'plain-english-test';
export const KEY = 'a-key-of-the-fake';

/**
 * A fake of Azure OpenAI: a loopback server that speaks its chat completions protocol (deployment in the path, `api-version`
 * in the query, key in the `api-key` header), as published in Azure's REST reference, and can be told to misbehave.
 */
export class FakeAzureOpenAi {
  readonly #server: Server;
  behaviour: Behaviour = { kind: 'says', text: 'NONE' };
  readonly asked: AskedModel[] = [];
  readonly #held: ServerResponse[] = [];
  /** How many clients went away before they had an answer. */
  cancelled = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  static async start(port = 0): Promise<FakeAzureOpenAi> {
    const fake = new FakeAzureOpenAi();
    await new Promise<void>((resolve) => fake.#server.listen(port, '127.0.0.1', resolve));
    return fake;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How many requests wait for their answer. */
  get pending(): number {
    return this.#held.length;
  }

  /** Answers what waits. */
  release(text: string): void {
    for (const response of this.#held.splice(0)) send(response, 200, completion(text, 'stop'));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.once('close', () => {
      if (!response.writableFinished) this.cancelled += 1;
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as AskedModel['body'];
    this.asked.push({ url: request.url ?? '', headers: request.headers, body });
    const refusal = refusalOf(request);
    if (refusal) send(response, refusal.status, { error: refusal });
    else this.#behave(response);
  }

  #behave(response: ServerResponse): void {
    const { behaviour } = this;
    if (behaviour.kind === 'slow') this.#held.push(response);
    else if (behaviour.kind === 'stalls') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"choices":[');
    } else if (behaviour.kind === 'hangs_up') response.destroy();
    else if (behaviour.kind === 'broken') send(response, 200, '{"choices":[{"message":{"content":"Staff may');
    else if (behaviour.kind === 'endless') send(response, 200, completion('Staff may. '.repeat(20_000), 'stop'));
    else if (behaviour.kind === 'redirects') {
      response.writeHead(307, { location: behaviour.to });
      response.end();
    } else if (behaviour.kind === 'rate_limited') {
      response.setHeader('retry-after', '1');
      send(response, 429, { error: { code: '429', message: 'Requests have exceeded the call rate limit.' } });
    } else if (behaviour.kind === 'fails')
      send(response, 500, { error: { code: 'InternalServerError', message: 'Failed.' } });
    else if (behaviour.kind === 'filters_request')
      send(response, 400, { error: { code: 'content_filter', status: 400, message: 'The response was filtered.' } });
    else if (behaviour.kind === 'filters_reply') send(response, 200, completion(behaviour.text, 'content_filter'));
    else if (behaviour.kind === 'cut_off') send(response, 200, completion(behaviour.text, 'length'));
    else send(response, 200, completion(behaviour.text, 'stop'));
  }
}

/** What Azure refuses: another path, no version, another deployment, a wrong key. */
function refusalOf({
  url = '',
  headers,
  method,
}: IncomingMessage): { status: number; code: string; message: string } | undefined {
  const { pathname, searchParams } = new URL(url, 'http://fake');
  if (headers['api-key'] !== KEY) return { status: 401, code: '401', message: 'Access denied due to invalid key.' };
  if (method !== 'POST' || !/^\d{4}-\d\d-\d\d(?:-preview)?$/u.test(searchParams.get('api-version') ?? ''))
    return { status: 404, code: '404', message: 'Resource not found' };
  if (pathname !== `/openai/deployments/${DEPLOYMENT}/chat/completions`)
    return { status: 404, code: 'DeploymentNotFound', message: 'The API deployment for this resource does not exist.' };
  return undefined;
}

function send(response: ServerResponse, status: number, body: object | string): void {
  // restify replaces writeHead for the whole process, and its own returns nothing to chain on.
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

const completion = (content: string, reason: string): object => ({
  id: 'chatcmpl-fake',
  object: 'chat.completion',
  created: 1_763_653_320,
  model: 'gpt-4o-mini',
  choices: [{ index: 0, finish_reason: reason, message: { role: 'assistant', content } }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});
