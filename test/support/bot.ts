import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { inject } from 'vitest';
import type { BotIdentity } from '../../src/config.js';
import { createLog } from '../../src/log.js';
import type { QuestionLog } from '../../src/policies/question-log.js';
import type { School } from '../../src/schools/school.js';
import { deletionTable } from '../../src/storage/deletion-table.js';
import { openQuestionTable } from '../../src/storage/open-question-table.js';
import { bufferQuestions } from '../../src/storage/question-buffer.js';
import { questionHistory } from '../../src/storage/question-history.js';
import { questionTable } from '../../src/storage/question-table.js';
import { openTables } from '../../src/storage/tables.js';
import { makeSummary } from '../../src/summaries/making.js';
import { createReceiver } from '../../src/teams/adapter.js';
import { type BotParts, createBot } from '../../src/teams/bot.js';
import { startServer } from '../../src/web/server.js';
import type { RawActivity } from './activities.js';
import { type Delivering, type DeliveringOptions, deliver } from './delivering.js';
import { sampleSchool } from './sample-school.js';

/** How a client speaks to a bot. */
export interface BotClient {
  readonly address: string;
  /** Sends an activity as a client does. */
  send(activity: RawActivity | object, headers?: Record<string, string>): Promise<Response>;
  /** Sends an activity and returns the replies; a sign that the bot is typing, shown when the machine is slow, is left out. */
  replies(activity: RawActivity): Promise<Reply[]>;
}

export interface TestBot extends Delivering, BotClient {
  readonly questions: QuestionLog;
  /** As the bot's features have them. */
  readonly parts: BotParts;
  /** What was logged, line by line. */
  readonly logged: Record<string, unknown>[];
  stop(): Promise<void>;
}

export interface Reply {
  readonly type: string;
  readonly text?: string;
  readonly attachments?: { readonly contentType: string; readonly content: unknown }[];
}

export interface TestBotOptions
  extends Pick<DeliveringOptions, 'queue' | 'courier' | 'times' | 'now' | 'links' | 'random' | 'condition'> {
  readonly bot?: BotIdentity;
  readonly allowedTenants?: readonly string[];
  readonly openIdMetadataUrl?: string;
  readonly schools?: readonly School[];
  readonly waiting?: BotParts['waiting'];
  /** Another connection string, for instance of storage that is down. */
  readonly storage?: string;
  /** Each school's questions are kept under its id, so a test that counts them gives it one of its own. */
  readonly schoolId?: string;
  readonly plainEnglish?: BotParts['plainEnglish'];
  /** Left out: nobody is ever too many. */
  readonly allowances?: BotParts['allowances'];
}

/** Starts the real bot on a real port with real storage. */
export async function startBot(options: TestBotOptions = {}): Promise<TestBot> {
  const logged: Record<string, unknown>[] = [];
  const lines = new Writable({
    write(line, _encoding, done) {
      logged.push(JSON.parse(String(line)));
      done();
    },
  });
  const log = createLog('debug', lines);
  const tables = openTables({ connectionString: options.storage ?? inject('storage') });
  const now = options.now ?? (() => new Date());
  const questions = bufferQuestions(questionTable(tables), log, now);
  const sample = await sampleSchool();
  const school = { ...sample, profile: { ...sample.profile, id: options.schoolId ?? sample.profile.id } };
  const openQuestions = openQuestionTable(tables);
  const { bot, allowedTenants = [], openIdMetadataUrl } = options;
  const schools = options.schools ?? [school];
  const delivering = deliver({ ...options, schools, tables, log, hasIdentity: bot !== undefined });
  const { enquiries, deliveries, remember, reports, places, setup, summaries: store } = delivering;
  const sources = {
    ...{ cases: reports.cases, questions: questionHistory(tables), openQuestions, summaries: store },
    deletions: deletionTable(tables),
    pause: setImmediate,
  };
  const parts: BotParts = {
    ...{ schools, questions, openQuestions, enquiries, deliveries, remember, reports, log, now },
    ...{ places, setup, outbox: delivering.outbox },
    summaries: { store, make: (...asked) => makeSummary(sources, ...asked) },
    waiting: options.waiting,
    plainEnglish: options.plainEnglish,
    allowances: options.allowances,
  };
  const logic = createBot(parts);
  const receive = createReceiver({ bot, allowedTenants, log, ...(openIdMetadataUrl && { openIdMetadataUrl }) }, logic);
  const server = await startServer({ receive, condition: async () => [], log }, '127.0.0.1', 0);
  return {
    ...clientOf(server.address),
    questions,
    parts,
    logged,
    ...delivering,
    async stop() {
      await Promise.all([server.stop(), deliveries.stop(), reports.pending.stop()]);
      await questions.stop();
    },
  };
}

/** @param address where the bot listens, for example `http://127.0.0.1:3978`. */
export function clientOf(address: string): BotClient {
  const send = (activity: object, headers: Record<string, string> = {}) =>
    fetch(`${address}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(activity),
    });
  return {
    ...{ address, send },
    replies: async (activity) => {
      const { activities } = (await (await send(activity)).json()) as { activities: Reply[] };
      return activities.filter(({ type }) => type !== 'typing');
    },
  };
}

/** What a card action shows: its card as a reply, or its sentence. */
export async function shown(response: Response): Promise<Reply> {
  const { value } = (await response.json()) as { value: unknown };
  if (typeof value === 'string') return { type: 'message', text: value };
  return { type: 'message', attachments: [{ contentType: '', content: value }] };
}

/** What stands in a box of a card. */
export function input(reply: Reply | undefined, id: string): unknown {
  const found = JSON.stringify(reply?.attachments?.[0]?.content ?? {}, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && 'id' in value && value.id === id && 'value' in value
      ? { found: value.value }
      : value,
  );
  const [, text] = /\{"found":("(?:[^"\\]|\\.)*")\}/u.exec(found) ?? [];
  return text === undefined ? undefined : JSON.parse(text);
}

/** All that a card says, in one string. */
export const cardText = (reply: Reply | undefined): string => textsIn(reply?.attachments?.[0]?.content).join('\n');

function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    ['text', 'title'].includes(key) && typeof inner === 'string' ? [inner] : textsIn(inner),
  );
}

/** The button of a card with this caption. */
export function button(reply: Reply | undefined, title: string): { verb: string; data: Record<string, unknown> } {
  const found = actionsIn(reply?.attachments?.[0]?.content).find((action) => action.title === title);
  if (!found) throw new Error(`The card has no button "${title}".`);
  return found as { verb: string; data: Record<string, unknown> };
}

function actionsIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(actionsIn);
  if (typeof value !== 'object' || value === null) return [];
  const own = 'type' in value && String(value.type).startsWith('Action.') ? [value as Record<string, unknown>] : [];
  return [...own, ...Object.values(value).flatMap(actionsIn)];
}
