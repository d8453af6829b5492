import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inject } from 'vitest';
import type { Case } from '../../src/reports/case.js';
import type { StoredDraft } from '../../src/reports/draft.js';
import type { DraftStore } from '../../src/reports/stores.js';
import { faultsInCase } from '../../src/reports/verify.js';
import type { Role } from '../../src/schools/profile.js';
import type { School } from '../../src/schools/school.js';
import { caseRecords } from '../../src/storage/case-table.js';
import { openTables } from '../../src/storage/tables.js';
import { draftSweep } from '../../src/teams/reporting.js';
import { FakeConnector } from '../fakes/connector.js';
import { FakeTeamsFiles } from '../fakes/teams-files.js';
import {
  aChannelExecute,
  aChannelMessage,
  aMessage,
  anExecute,
  aSubmit,
  from,
  HEADTEACHER_CHANNEL,
  type RawActivity,
} from './activities.js';
import { type BotClient, button, type Reply, shown, startBot, type TestBot, type TestBotOptions } from './bot.js';
import { sampleSchool } from './sample-school.js';
import { until } from './until.js';

const person = (last: number, name: string) => ({ id: `0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c0${last}`, name });
export const ALEX = person(1, 'Alex Morgan');
export const HELEN = person(2, 'Helen Achebe');
export const DANIEL = person(3, 'Daniel Hughes');
export const RUTH = person(4, 'Ruth Castellan');
export const BETH = person(6, 'Beth Larkin');
export const GRACE = person(7, 'Grace Oyelaran');
export type Person = typeof ALEX;

export const REFERENCE = /PD-[0-9A-HJKMNP-TV-Z]{8}/u;
export const referenceIn = (text: string): string => REFERENCE.exec(text)?.[0] ?? 'none';

/** All that a card shows, facts included, in one string. */
export const wholeOf = (card: Reply | undefined): string => JSON.stringify(card?.attachments?.[0]?.content);

/** What a member of staff types into the five cards. */
export const TYPED = {
  what: { dangers: 'none', category: 'disparaging_post', postedBy: 'parent', about: 'school' },
  where: { platform: 'facebook', place: 'Year 4 parents', account: 'Xyla Quint', seenDay: '2026-09-14' },
  words: { words: 'Xyla says that I am a wombat.', whoSaw: 'Forty parents' },
  evidence: {},
  wishes: { wish: 'Take the wombat down', nameFor: 'recipient' },
} as const;
/** Words of {@link TYPED} that must be nowhere but in the report. */
export const SECRETS = /xyla|quint|wombat|year 4|forty parents/iu;

/** The bot of one school with its own tenant, and everything Teams is to it. */
export class Staffroom {
  readonly #edge: Server;
  readonly #chats: Chat[] = [];

  private constructor(
    readonly bot: TestBot,
    readonly school: School,
    readonly connector: FakeConnector,
    readonly files: FakeTeamsFiles,
    edge: Server,
  ) {
    this.#edge = edge;
  }

  /** @param roles of people whose roles are to be others. */
  static async open(options: TestBotOptions = {}, roles: Readonly<Record<string, Role[]>> = {}): Promise<Staffroom> {
    const [connector, files, sample] = await Promise.all([
      FakeConnector.start(),
      FakeTeamsFiles.start(),
      sampleSchool(),
    ]);
    const people = sample.profile.people.map((one) => ({ ...one, roles: roles[one.id] ?? one.roles }));
    const [id, tenantId] = [`staff-${crypto.randomUUID().slice(0, 8)}`, crypto.randomUUID()];
    const school = { ...sample, profile: { ...sample.profile, id, tenantId, people } };
    // Without an identity no token is sent.
    files.tokens.add('');
    const edge = await edgeOf(connector, files);
    const bot = await startBot({ schools: [school], times: { pollMs: 50 }, ...options });
    return new Staffroom(bot, school, connector, files, edge);
  }

  get options() {
    return { serviceUrl: `${addressOf(this.#edge)}/connector/`, tenantId: this.school.profile.tenantId };
  }

  /** The address under which the service shows a file of the fake. */
  fileUrl(url: string): string {
    return url.replace(this.files.address, addressOf(this.#edge));
  }

  chatOf(someone: Person): Chat {
    const chat = new Chat(this, someone);
    this.#chats.push(chat);
    return chat;
  }

  /** What stands in the Headteacher's channel. */
  get channel(): Reply[] {
    return this.connector.in(HEADTEACHER_CHANNEL).map(({ activity }) => activity as unknown as Reply);
  }

  /** Waits until everything that is owed has been sent or given up. */
  async settled(): Promise<void> {
    await until(async () => {
      for await (const { partition } of this.bot.outbox.overdue(new Date(this.bot.parts.now().getTime() + 600_000)))
        if (partition.startsWith(this.school.profile.id)) return false;
      return true;
    });
  }

  async openDraft(someone: Person = ALEX): Promise<StoredDraft> {
    const stored = await this.bot.reports.drafts.open({ schoolId: this.school.profile.id, personId: someone.id });
    if (!stored) throw new Error('There is no draft.');
    return stored;
  }

  async caseOf(reference: string): Promise<Case> {
    const stored = await this.bot.reports.cases.find(this.school.profile.id, reference);
    if (!stored) throw new Error('There is no such case.');
    return stored.case;
  }

  async cases(): Promise<Case[]> {
    const found: Case[] = [];
    for await (const stored of this.bot.reports.cases.all(this.school.profile.id)) found.push(stored.case);
    return found;
  }

  /** Looks once at drafts that nobody has touched for so long, of this school alone, as other tests have theirs in the same storage. */
  async sweep(untouchedForMs = -1): Promise<void> {
    const { reports } = this.bot;
    const drafts = onlyOf(this.school.profile.id, reports.drafts);
    await draftSweep({ ...this.bot.parts, reports: { ...reports, drafts } }, this.bot.outbox).look(untouchedForMs);
  }

  /** What `npm run verify` finds. */
  async faults(): Promise<string[]> {
    const records = caseRecords(openTables({ connectionString: inject('storage') }));
    const found: string[] = [];
    for await (const record of records.all(this.school.profile.id))
      found.push(...(await faultsInCase(record, this.bot.reports.files)));
    return found;
  }

  async close(): Promise<void> {
    await this.bot.stop();
    this.#edge.closeAllConnections();
    await new Promise((resolve) => this.#edge.close(resolve));
    await Promise.all([this.connector.stop(), this.files.stop()]);
  }
}

/** What a chat needs of the place it is in. */
export interface ChatRoom {
  readonly bot: BotClient;
  readonly connector: FakeConnector;
  /** As the service and the school have them. */
  readonly options: { readonly serviceUrl: string; readonly tenantId: string };
}

/** A person's own chat with the bot. */
export class Chat {
  readonly #room: ChatRoom;
  readonly person: Person;

  constructor(room: ChatRoom, someone: Person) {
    this.#room = room;
    this.person = someone;
  }

  get id(): string {
    return `a:chat-of-29:${this.person.id}`;
  }

  #here(activity: RawActivity): RawActivity {
    const conversation = { ...activity.conversation, id: this.id };
    return { ...from(this.person, activity), conversation };
  }

  /** What the bot has written here by itself. */
  get received(): Reply[] {
    const ids = [this.id, `a:chat-of-${this.person.id}`];
    return ids.flatMap((id) => this.#room.connector.in(id)).map(({ activity }) => activity as unknown as Reply);
  }

  say(text: string, attachments?: readonly object[]): Promise<Reply[]> {
    return this.#room.bot.replies({
      ...this.#here(aMessage(text, this.#room.options)),
      ...(attachments && { attachments }),
    });
  }

  /** As Teams sends it: the replies go to the conversation, each with an id. @returns the last and its id. */
  async sayLive(text: string): Promise<{ reply: Reply; id: string }> {
    const activity = { ...this.#here(aMessage(text, this.#room.options)), deliveryMode: undefined };
    await this.#room.bot.send(activity);
    const last = this.#room.connector.in(this.id).at(-1);
    if (!last) throw new Error('Nothing was posted.');
    return { reply: last.activity as unknown as Reply, id: last.activityId };
  }

  /** Mentions the bot in a channel. */
  sayInChannel(text: string): Promise<Reply[]> {
    return this.#room.bot.replies(from(this.person, aChannelMessage(text, { mention: true }, this.#room.options)));
  }

  /** Presses a button of a card. @param replyToId the message that the card is. */
  async press(card: Reply | undefined, title: string, typed: object = {}, replyToId?: string): Promise<Reply> {
    const { verb, data } = button(card, title);
    return this.run(verb, { ...data, ...typed }, replyToId);
  }

  async run(verb: string, data: object, replyToId?: string): Promise<Reply> {
    const activity = this.#here(anExecute(verb, data, this.#room.options));
    return shown(await this.#room.bot.send({ ...activity, replyToId }));
  }

  /** A button of clients that know only `Action.Submit`. */
  submit(data: object): Promise<Reply[]> {
    return this.#room.bot.replies(this.#here(aSubmit(data, this.#room.options)));
  }

  /** A button of a card that was copied into another conversation. */
  async runIn(conversation: object, verb: string, data: object): Promise<Reply> {
    const activity = from(this.person, anExecute(verb, data, this.#room.options));
    return shown(
      await this.#room.bot.send({ ...activity, conversation: { ...activity.conversation, ...conversation } }),
    );
  }

  async runInChannel(verb: string, data: object): Promise<Reply> {
    return shown(await this.#room.bot.send(from(this.person, aChannelExecute(verb, data, this.#room.options))));
  }

  /** From the first word to the last card, which is returned. */
  async toLastCard(change: Partial<Record<keyof typeof TYPED, object>> = {}): Promise<Reply> {
    let [card] = await this.say('report');
    for (const step of ['what', 'where', 'words', 'evidence'] as const)
      card = await this.press(card, 'Next', change[step] ?? TYPED[step]);
    return card as Reply;
  }

  /** Makes a whole report. @returns its receipt. */
  async report(change: Partial<Record<keyof typeof TYPED, object>> = {}): Promise<Reply> {
    return this.press(await this.toLastCard(change), 'Send the report', change.wishes ?? TYPED.wishes);
  }

  /** Makes a report on a child's safety. */
  async reportSafety(typed: object = {}, what: object = {}): Promise<Reply> {
    const [first] = await this.say('report');
    const told = await this.press(first, 'Next', { dangers: 'threat', ...what });
    return this.press(told, 'Send at once', {
      ...{ words: 'A wombat threatens a pupil.', told: 'Nobody yet', staffConduct: 'no' },
      ...typed,
    });
  }
}

/** A store that shows drafts of one school alone when it is swept. */
function onlyOf(schoolId: string, drafts: DraftStore): DraftStore {
  async function* untouchedSince(time: Date) {
    for await (const stored of drafts.untouchedSince(time)) if (stored.draft.schoolId === schoolId) yield stored;
  }
  return new Proxy(drafts, {
    get(target, name) {
      if (name === 'untouchedSince') return untouchedSince;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

export const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Teams' channel service has messages and files under one origin. */
export async function edgeOf(connector: FakeConnector, files: FakeTeamsFiles): Promise<Server> {
  const edge = createServer(async (incoming, response) => {
    const { method, headers, url = '' } = incoming;
    const behind = url.startsWith('/connector/') ? new URL(connector.serviceUrl).origin : files.address;
    const body = Buffer.concat(await incoming.toArray());
    const outgoing = request(`${behind}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => incoming.socket.destroy());
    outgoing.end(body);
  });
  await new Promise<void>((resolve) => edge.listen(0, '127.0.0.1', resolve));
  return edge;
}
