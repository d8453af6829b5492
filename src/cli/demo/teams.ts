import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Card } from '../../teams/cards/template.js';
import { buttonOf, cardOf } from './card-parts.js';
import { ChannelMessages, type Posted } from './channel-messages.js';

/** Somebody of the school, as Entra knows them. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** A channel or a chat of several people. */
export interface Place {
  readonly id: string;
  /** `null` for a chat. */
  readonly teamId: string | null;
}

const BOT = { id: '28:policy-desk', name: 'Policy Desk' };

/**
 * The demo's own Teams: it keeps the messages of all conversations, answers the bot as Teams' channel service does, over HTTP on this
 * machine, and sends the bot what people say and press, as Teams does.
 */
export class DemoTeams {
  readonly #server: Server;
  readonly #messages = new ChannelMessages();
  readonly #tenantId: string;
  readonly #bot: string;

  private constructor(bot: string, tenantId: string) {
    this.#bot = bot;
    this.#tenantId = tenantId;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** @param bot where the bot listens. */
  static async start(bot: string, tenantId: string): Promise<DemoTeams> {
    const teams = new DemoTeams(bot, tenantId);
    await new Promise<void>((resolve) => teams.#server.listen(0, '127.0.0.1', resolve));
    return teams;
  }

  get #serviceUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/connector/`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** What stands in a person's own chat with the bot, oldest first; signs that the bot is typing are left out. */
  ownChat(person: Person): Posted[] {
    return this.#seen(chatOf(person));
  }

  /** What stands in a channel or a chat of several. */
  at({ id }: Place): Posted[] {
    return this.#seen(id);
  }

  #seen(conversationId: string): Posted[] {
    return this.#messages.in(conversationId).filter(({ activity }) => activity.type !== 'typing');
  }

  /** The app was given to a person: that is how Teams tells the bot where their chat is. */
  async install(person: Person): Promise<void> {
    await this.#send({ ...this.#from(person), type: 'installationUpdate', action: 'add' });
  }

  /** Something typed in the own chat. @returns what the bot posted there meanwhile. */
  async say(person: Person, text: string): Promise<Posted[]> {
    const before = this.ownChat(person).length;
    await this.#send({ ...this.#from(person), type: 'message', text });
    return this.ownChat(person).slice(before);
  }

  /**
   * Presses a button of a card, with what was typed into it; a card that comes back takes its place.
   *
   * @returns what the message shows then: a card, or a sentence.
   */
  async press(
    person: Person,
    posted: Posted,
    title: string,
    typed: object = {},
    place?: Place,
  ): Promise<Card | string> {
    const card = cardOf(posted);
    if (!card) throw new Error(`There is no card with a button "${title}".`);
    const { verb, data } = buttonOf(card, title);
    const activity = {
      ...this.#from(person, place && { ...place, thread: posted.conversationId }),
      ...{ type: 'invoke', name: 'adaptiveCard/action', replyToId: posted.activityId },
      value: { action: { type: 'Action.Execute', verb, data: { ...data, ...typed } } },
    };
    const { value } = (await (await this.#send(activity)).json()) as { value: Card | string };
    if (typeof value !== 'string')
      posted.activity = { type: 'message', attachments: [{ contentType: CARD, content: value }] };
    return value;
  }

  /** As Teams sends what a person does, in their own chat unless elsewhere. */
  #from({ id, name }: Person, place?: Place & { readonly thread: string }): object {
    const tenant = { id: this.#tenantId };
    const kind = place === undefined ? 'personal' : place.teamId === null ? 'groupChat' : 'channel';
    return {
      ...{ id: randomUUID(), timestamp: new Date().toISOString(), channelId: 'msteams', serviceUrl: this.#serviceUrl },
      from: { id: `29:${id}`, name, aadObjectId: id },
      recipient: BOT,
      conversation: {
        ...{ id: place?.thread ?? chatOf({ id, name }), conversationType: kind, tenantId: this.#tenantId },
        isGroup: place !== undefined,
      },
      channelData: { tenant, ...(place?.teamId && { team: { id: place.teamId }, channel: { id: place.id } }) },
    };
  }

  async #send(activity: object): Promise<Response> {
    const response = await fetch(`${this.#bot}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(activity),
    });
    if (!response.ok) throw new Error(`The bot answered a message with the status ${response.status}.`);
    return response;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Record<string, unknown>;
    const { method = '', url = '' } = request;
    const [status, answer] = this.#messages.accept({ method, path: url, body });
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  }
}

const CARD = 'application/vnd.microsoft.card.adaptive';

const chatOf = ({ id }: Person): string => `a:chat-of-29:${id}`;
