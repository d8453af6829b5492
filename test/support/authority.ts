import { randomUUID } from 'node:crypto';
import type { Role, SchoolProfile } from '../../src/schools/profile.js';
import type { School } from '../../src/schools/school.js';
import { FakeConnector } from '../fakes/connector.js';
import { BOT_ID, type RawActivity } from './activities.js';
import { startBot, type TestBot, type TestBotOptions } from './bot.js';
import { smallSchool } from './small-school.js';

/** Somebody who sends a turn. */
export interface Sender {
  readonly name: string;
  /** Entra object id; left out: Teams does not say who it is. */
  readonly id?: string;
  readonly tenantId: string;
  /** What they are at a school. */
  readonly roles: readonly Role[];
}

/** Letters that stand for people in the tables. Small ones are outside the school. */
export const LETTERS = ['H', 'D', 'L', 'T', 'C', 'G', 'U', 'A', 'S', 'R', 'u', 'o', 'x', 'n'] as const;
export type Letter = (typeof LETTERS)[number];

/** Where a turn may come from. */
export const PLACES = [
  'own chat',
  'channel',
  'other channel',
  'group',
  'governors',
  'between two',
  'other school',
] as const;
export type Place = (typeof PLACES)[number];

export const TENANT = randomUUID();
const FOREIGN_TENANT = randomUUID();

const one = (name: string, roles: readonly Role[], tenantId = TENANT): Sender => ({
  ...{ name, roles, tenantId, id: randomUUID() },
});

/** One person for each role, a member of staff who has reported something, and strangers. */
export const PEOPLE: Readonly<Record<Letter, Sender>> = {
  H: one('Hermione Headley', ['headteacher']),
  D: one('Deirdre Deputy', ['deputy_headteacher']),
  L: one('Lionel Leadbetter', ['dsl']),
  T: one('Tristan Triagewood', ['triager']),
  C: one('Clementine Chairman', ['chair_of_governors']),
  G: one('Gwendolyn Govern', ['governor']),
  U: one('Ursula Trustworthy', ['trust_or_local_authority']),
  A: one('Ambrose Adminton', ['administrator']),
  S: one('Sidonie Staffordly', ['staff']),
  R: one('Rosalind Reportwell', ['staff']),
  /** Of the tenant, in no school's profile. */
  u: one('Umberto Unlisted', []),
  /** The Headteacher of another school of the same tenant. */
  o: one('Ophelia Otherhead', ['headteacher']),
  /** The Headteacher of a school of another tenant. */
  x: one('Xavier Foreignhead', ['headteacher'], FOREIGN_TENANT),
  /** Teams does not say who. */
  n: { name: 'Nobody', roles: [], tenantId: TENANT },
};

export const idOf = (letter: Letter): string => PEOPLE[letter].id ?? '';
const atSchool = (letters: readonly Letter[]): SchoolProfile['people'] =>
  letters.map((letter) => ({ id: idOf(letter), name: PEOPLE[letter].name, roles: [...PEOPLE[letter].roles] }));

const teamsOf = (name: string): SchoolProfile['teams'] => ({
  ...{ teamId: `19:${name}-general@thread.tacv2`, teamName: name },
  headteacherChannel: { id: `19:${name}-headteacher@thread.tacv2`, name: 'Headteacher' },
  governorsChat: { id: `19:${name}-governors@thread.v2`, name: 'Governors' },
});

async function aSchool(name: string, tenantId: string, people: readonly Letter[]): Promise<School> {
  const school = await smallSchool(`${name}-${randomUUID().slice(0, 8)}`);
  const profile = { ...school.profile, tenantId, people: atSchool(people), teams: teamsOf(school.profile.id) };
  return { ...school, profile };
}

/** What somebody was shown, all of it in one string: the answer to the request and what was posted where it came from. */
export interface Shown {
  readonly status: number;
  readonly text: string;
}

/** Replies in the body of an answer name whom they are to; what is shown is what they say. */
function withoutNames(answer: string): string {
  const { activities } = JSON.parse(answer || '{}') as { activities?: { text?: string; attachments?: unknown }[] };
  return activities ? JSON.stringify(activities.map(({ text, attachments }) => [text, attachments])) : answer;
}

/** A school with one person for each role, another in its tenant and one elsewhere, served by one bot; and a bot of that school alone. */
export class Grounds {
  #turns = 0;

  private constructor(
    readonly bot: TestBot,
    readonly alone: TestBot,
    readonly connector: FakeConnector,
    readonly school: School,
    readonly otherSchool: School,
    readonly schools: School[],
  ) {}

  static async open(options: TestBotOptions = {}): Promise<Grounds> {
    const [connector, school, other, foreign] = await Promise.all([
      FakeConnector.start(),
      aSchool('main', TENANT, ['H', 'D', 'L', 'T', 'C', 'G', 'U', 'A', 'S', 'R']),
      aSchool('other', TENANT, ['o']),
      aSchool('foreign', FOREIGN_TENANT, ['x']),
    ]);
    const schools = [school, other, foreign];
    const bot = await startBot({ ...options, schools });
    const alone = await startBot({ ...options, schools: [school, foreign] });
    return new Grounds(bot, alone, connector, school, other, schools);
  }

  get schoolId(): string {
    return this.school.profile.id;
  }

  /** Lines of both bots' logs. */
  get logged(): readonly Record<string, unknown>[] {
    return [...this.bot.logged, ...this.alone.logged];
  }

  forgetLogs(): void {
    this.bot.logged.length = 0;
    this.alone.logged.length = 0;
  }

  /** Presses a button that runs `Action.Execute`. */
  press(letter: Letter, place: Place, verb: string, data: object): Promise<Shown> {
    const value = { action: { type: 'Action.Execute', verb, data } };
    return this.#send(letter, place, { type: 'invoke', name: 'adaptiveCard/action', value });
  }

  /** Presses a button of clients that know only `Action.Submit`. */
  submit(letter: Letter, place: Place, verb: string, data: object): Promise<Shown> {
    return this.#send(letter, place, { type: 'message', value: { ...data, verb } });
  }

  say(letter: Letter, place: Place, text: string): Promise<Shown> {
    const mention = '<at>Policy Desk</at>';
    const entities = [{ type: 'mention', text: mention, mentioned: { id: BOT_ID } }];
    const isOwn = place === 'own chat';
    return this.#send(letter, place, {
      type: 'message',
      text: isOwn ? text : `${mention} ${text}`,
      ...(!isOwn && { entities }),
    });
  }

  /** Types words into a search command of the message extension. */
  search(letter: Letter, place: Place, commandId: string, words: string): Promise<Shown> {
    const value = { commandId, parameters: [{ name: 'words', value: words }], queryOptions: { skip: 0, count: 25 } };
    return this.#send(letter, place, { type: 'invoke', name: 'composeExtension/query', value });
  }

  /** Any other activity. */
  event(letter: Letter, place: Place, activity: object): Promise<Shown> {
    return this.#send(letter, place, activity);
  }

  /** Those who are in no profile are served by a bot for which their tenant has one school alone, which so takes their turns. */
  async #send(letter: Letter, place: Place, rest: object): Promise<Shown> {
    const activity = { ...this.#turn(letter, place), ...rest } as RawActivity;
    const bot = (letter === 'u' || letter === 'n') && place !== 'other school' ? this.alone : this.bot;
    const response = await bot.send(activity);
    const answer = await response.text();
    const posted = this.connector.posted.filter(({ conversationId }) => conversationId === activity.conversation.id);
    const shown = posted.map((one) => JSON.stringify([one.activity.text, one.activity.attachments]));
    return { status: response.status, text: [withoutNames(answer), ...shown].join('\n') };
  }

  /** Each turn is in a thread or chat of its own, by which what is posted there is known as its own. */
  #turn(letter: Letter, place: Place): RawActivity {
    this.#turns += 1;
    const { name, id, tenantId } = PEOPLE[letter];
    const teams = (place === 'other school' ? this.otherSchool : this.school).profile.teams;
    const thread = `;messageid=${this.#turns}`;
    const channel = (channelId: string) => ({
      conversation: { id: channelId + thread, conversationType: 'channel', isGroup: true, tenantId },
      channelData: { tenant: { id: tenantId }, team: { id: teams.teamId }, channel: { id: channelId } },
    });
    const chat = (chatId: string, conversationType: string) => ({
      conversation: {
        id: chatId,
        conversationType,
        ...(conversationType !== 'personal' && { isGroup: true }),
        tenantId,
      },
      channelData: { tenant: { id: tenantId } },
    });
    const where: Readonly<Record<Place, () => ReturnType<typeof chat>>> = {
      'own chat': () => chat(`a:own-${this.#turns}`, 'personal'),
      channel: () => channel(teams.headteacherChannel.id),
      'other channel': () => channel('19:staffroom@thread.tacv2'),
      group: () => chat(`19:lunch@thread.v2${thread}`, 'groupChat'),
      governors: () => chat(teams.governorsChat.id + thread, 'groupChat'),
      'between two': () => chat(`19:one_other@unq.gbl.spaces${thread}`, 'personal'),
      'other school': () => channel(teams.headteacherChannel.id),
    };
    return {
      ...{ id: randomUUID(), timestamp: '2026-11-20T15:42:00.000Z', channelId: 'msteams' },
      serviceUrl: this.connector.serviceUrl,
      from: { id: `29:${id ?? randomUUID()}`, name, ...(id !== undefined && { aadObjectId: id }) },
      recipient: { id: BOT_ID, name: 'Policy Desk' },
      ...where[place](),
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.bot.stop(), this.alone.stop()]);
    await this.connector.stop();
  }
}
