/** A message that stands in a conversation. */
export interface Posted {
  readonly conversationId: string;
  readonly activityId: string;
  readonly replyToId: string | undefined;
  activity: Record<string, unknown>;
}

/** A request to Teams' channel service, with its path as it was sent: what an id holds is no part of the path. */
export interface ChannelRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
}

const NOT_THERE: [number, object] = [403, { error: { code: 'BotNotInConversationRoster' } }];

/**
 * What stands in the conversations of one Teams, as its channel service keeps it: Bot Framework's connector REST interface below
 * `/connector/` (create a conversation, post, reply, update, delete), without the HTTP around it.
 */
export class ChannelMessages {
  #next = 0;
  readonly posted: Posted[] = [];
  /** Channels and chats that the bot is not in. */
  readonly shut = new Set<string>();
  /** The channels of each team, as Teams lists them. */
  readonly channels: Record<
    string,
    readonly { readonly id: string; readonly name?: string; readonly type?: string }[]
  > = {};

  /** The messages of one conversation; the threads of a channel count as its own. */
  in(conversationId: string): Posted[] {
    return this.posted.filter((one) => one.conversationId.split(';')[0] === conversationId);
  }

  /** @returns the status and the body of the answer. */
  accept({ method, path, body }: ChannelRequest): [number, object] {
    if (method === 'POST' && path === '/connector/v3/conversations') return this.#create(body);
    const [teamId] = idsIn(path, /^\/connector\/v3\/teams\/([^/]+)\/conversations$/u);
    if (teamId !== undefined) return [200, { conversations: this.channels[teamId] ?? [] }];
    const [conversationId, activityId] = idsIn(
      path,
      /^\/connector\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/u,
    );
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
}

const idsIn = (path: string, form: RegExp): (string | undefined)[] =>
  (form.exec(path) ?? []).slice(1).map((id) => id && decodeURIComponent(id));
