import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

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

/** A message that stands in a conversation. */
export interface Posted {
  readonly conversationId: string;
  readonly activityId: string;
  readonly replyToId: string | undefined;
  activity: Record<string, unknown>;
}

const NOT_THERE: [number, object] = [403, { error: { code: 'BotNotInConversationRoster' } }];

/**
 * A fake of Teams' channel service: a loopback server that speaks Bot Framework's connector REST interface (create a
 * conversation, post, reply, update) as Teams does, and fails on request.
 */
export class FakeConnector {
  readonly #server: Server;
  #next = 0;
  readonly calls: ConnectorCall[] = [];
  readonly posted: Posted[] = [];
  /** Met by requests in turn. */
  readonly troubles: Trouble[] = [];
  /** Met by every request to a path that holds these words. */
  readonly standing: { readonly path: string; readonly trouble: Trouble }[] = [];
  /** Met by whatever request it gives one to. */
  draw: (() => Trouble | undefined) | undefined;
  /** Channels and chats that the bot is not in. */
  readonly shut = new Set<string>();
  /** The channels of each team, as Teams lists them. */
  readonly channels: Record<
    string,
    readonly { readonly id: string; readonly name?: string; readonly type?: string }[]
  > = {};
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
    return this.posted.filter((one) => one.conversationId.split(';')[0] === conversationId);
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
    const [status, answer] = this.#accept(call);
    await this.onCall(call, 'taken');
    if (trouble === 'cut') request.socket.destroy();
    else send(response, call, status, answer);
  }

  #accept({ method, path, body }: ConnectorCall): [number, object] {
    const [, conversationId, activityId] =
      /^\/connector\/v3\/conversations(?:\/([^/]+)\/activities(?:\/([^/]+))?)?$/u.exec(path) ?? [];
    if (method === 'POST' && path === '/connector/v3/conversations') return this.#create(body);
    const [, teamId] = /^\/connector\/v3\/teams\/([^/]+)\/conversations$/u.exec(path) ?? [];
    if (teamId !== undefined) return [200, { conversations: this.channels[teamId] ?? [] }];
    if (conversationId === undefined) return [404, { error: { code: 'ServiceError' } }];
    if (this.#isShut(conversationId)) return NOT_THERE;
    if (method === 'POST') return [201, { id: this.#post(conversationId, activityId, body) }];
    const posted = this.posted.find((one) => one.conversationId === conversationId && one.activityId === activityId);
    if (method === 'DELETE' && posted) {
      this.posted.splice(this.posted.indexOf(posted), 1);
      return [200, {}];
    }
    if (method !== 'PUT' || !posted) return [404, { error: { code: 'ActivityNotFound' } }];
    posted.activity = body;
    return [200, { id: activityId }];
  }

  #create({ isGroup, channelData, members, activity }: Record<string, unknown>): [number, object] {
    if (isGroup !== true) {
      const [member] = (members as { id: string }[] | undefined) ?? [];
      return member ? [201, { id: `a:chat-of-${member.id}` }] : [400, { error: { code: 'BadSyntax' } }];
    }
    const channel = (channelData as { channel?: { id: string } } | undefined)?.channel;
    if (channel && this.#isShut(channel.id)) return NOT_THERE;
    if (!channel || !activity) return [400, { error: { code: 'BadSyntax' } }];
    this.#next += 1;
    const id = `${channel.id};messageid=${this.#next}`;
    return [201, { id, activityId: this.#post(id, undefined, activity as Record<string, unknown>) }];
  }

  #isShut(conversationId: string): boolean {
    return this.shut.has(conversationId.split(';')[0] ?? '');
  }

  #post(conversationId: string, replyToId: string | undefined, activity: Record<string, unknown>): string {
    this.#next += 1;
    const activityId = `message-${this.#next}`;
    this.posted.push({ conversationId, activityId, replyToId, activity });
    return activityId;
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
