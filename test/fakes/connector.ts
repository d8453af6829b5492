import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ChannelMessages, type Posted } from '../../src/cli/demo/channel-messages.js';

export type { Posted };

/** One request as it came in, and what it was answered with. */
export interface ConnectorCall {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
  /** `undefined` where no answer was given. */
  status?: number;
}

/** What the next request is to meet instead of success. */
export type Trouble =
  | { readonly status: number; readonly headers?: Record<string, string> }
  /** Takes the request and never answers. */
  | 'hang'
  /** Takes the message, then cuts the connection instead of answering. */
  | 'cut';

/**
 * A fake of Teams' channel service: a loopback server that speaks Bot Framework's connector REST interface (create a
 * conversation, post, reply, update) as Teams does, and fails on request.
 */
export class FakeConnector {
  readonly #server: Server;
  readonly #messages = new ChannelMessages();
  readonly calls: ConnectorCall[] = [];
  readonly posted = this.#messages.posted;
  /** Channels and chats that the bot is not in. */
  readonly shut = this.#messages.shut;
  /** The channels of each team, as Teams lists them. */
  readonly channels = this.#messages.channels;
  /** Met by requests in turn. */
  readonly troubles: Trouble[] = [];
  /** Met by every request to a path that holds these words. */
  readonly standing: { readonly path: string; readonly trouble: Trouble }[] = [];
  /** Met by whatever request it gives one to. */
  draw: (() => Trouble | undefined) | undefined;
  /** How long each answer takes, in milliseconds. */
  latencyMs = 0;
  /** Requests that are not answered yet. */
  inHand = 0;
  /**
   * Told of each request when it has come, where it can be `'lost'` on the way, and again when it has been taken, before that is
   * answered.
   */
  onCall: (call: ConnectorCall, moment: 'come' | 'taken') => Promise<'lost' | undefined> = async () => undefined;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.inHand += 1;
      void this.#answer(request, response).finally(() => {
        this.inHand -= 1;
      });
    });
  }

  static async start(port = 0): Promise<FakeConnector> {
    const connector = new FakeConnector();
    await new Promise<void>((resolve) => connector.#server.listen(port, '127.0.0.1', resolve));
    return connector;
  }

  get serviceUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/connector/`;
  }

  /** The messages of one conversation; the threads of a channel count as its own. */
  in(conversationId: string): Posted[] {
    return this.#messages.in(conversationId);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '' } = request;
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Record<string, unknown>;
    const { authorization } = request.headers;
    const call: ConnectorCall = { at: Date.now(), method, path: decodeURIComponent(url), authorization, body };
    this.calls.push(call);
    if ((await this.onCall(call, 'come')) === 'lost') return;
    const standing = this.standing.find(({ path }) => call.path.includes(path))?.trouble;
    const trouble = standing ?? this.troubles.shift() ?? this.draw?.();
    if (trouble === 'hang') return;
    if (this.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
    if (typeof trouble === 'object') return send(response, call, trouble.status, { error: {} }, trouble.headers);
    const [status, answer] = this.#messages.accept({ method, path: url, body });
    await this.onCall(call, 'taken');
    if (trouble === 'cut') request.socket.destroy();
    else send(response, call, status, answer);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function send(
  response: ServerResponse,
  call: ConnectorCall,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  call.status = status;
  // restify replaces writeHead for the whole process, and its own returns nothing to chain on.
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
