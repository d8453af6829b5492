import { randomUUID } from 'node:crypto';
import { RestError } from '@azure/data-tables';
import type { AskedQuestion, QuestionLog } from '../policies/question-log.js';
import { isNotFound, type Tables } from './tables.js';

/** People wait for a rating. */
const DEADLINE_MS = 2_000;
export const TABLE = 'Questions';
/** The pack of a question, and its key there. */
const ID = /^(\d{17}-[0-9a-f]{8})-([0-9a-f]{12})$/u;

/** An entity takes 252 properties, and a question that is rated has two. */
export const MOST_IN_PACK = 100;
/** All of a pack are asked within this time of the first, by which the pack is named. */
export const PACK_SPAN_MS = 60 * 60 * 1000;
/** In characters, of at most three bytes: an entity takes 1 MiB. */
const LONGEST_LINE = 3_000;

/** Questions that are written as one, each under a key that nobody guesses from another's: a card's sender names it. */
export interface QuestionPack {
  /** Ordered by the time of the first question. */
  readonly id: string;
  /** The questions as {@link lineOf} puts them, by key; at most {@link MOST_IN_PACK}. */
  readonly lines: ReadonlyMap<string, string>;
  /** Whether answers helped, by the same keys. */
  readonly ratings: ReadonlyMap<string, boolean>;
  /** One of the questions is or was open. */
  readonly open: boolean;
}

/** The table itself, to which questions are written when there are enough of them or it is time. */
export interface QuestionTable extends Omit<QuestionLog, 'record'> {
  /**
   * Writes a pack. Sent again, it is the same pack, and its questions keep the ratings that they got in between.
   *
   * @throws when the store does not answer in time, or when it refuses the pack; see {@link isRefused}.
   */
  write(schoolId: string, pack: QuestionPack): Promise<void>;
}

/**
 * Keeps questions in the table `Questions`: partition key the school, row key the pack's id, no user id anywhere. A question with
 * the key `k` is a line of JSON in the property `qk`, what was said of its answer stands in `rk`; so whoever rates it cannot touch
 * a line. A pack in which a question is or was open has the property `open`, by which the service finds it.
 */
export function questionTable(tables: Tables): QuestionTable {
  const table = tables.table(TABLE);
  const deadline = () => ({ abortSignal: AbortSignal.timeout(DEADLINE_MS) });
  return {
    async write(schoolId, pack) {
      const client = await table.client();
      await client.upsertEntity(
        { partitionKey: schoolId, rowKey: pack.id, ...propertiesOf(pack) },
        'Merge',
        deadline(),
      );
    },
    async find(schoolId, id) {
      const place = placeOf(id);
      if (!place) return undefined;
      try {
        const client = await table.client();
        return questionIn(await client.getEntity(schoolId, place.packId, deadline()), place.key);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    async rate(schoolId, id, helpful) {
      const place = placeOf(id);
      if (!place) return;
      const rating = { [`r${place.key}`]: helpful, ...(!helpful && { open: true }) };
      try {
        const client = await table.client();
        await client.updateEntity({ partitionKey: schoolId, rowKey: place.packId, ...rating }, 'Merge', deadline());
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}

/** Before the row key of every pack begun at that moment or later. */
export const rowKeyAt = (moment: Date): string => moment.toISOString().replace(/\D/gu, '');

/** A new id of a pack: the time of its first question, and what makes it unlike any other. */
export const newPackId = (askedAt: Date): string => `${rowKeyAt(askedAt)}-${randomUUID().slice(0, 8)}`;

/** A new key of a question in its pack. */
export const newKey = (): string => randomUUID().slice(-12);

/** Names a question among all of a school's. */
export const questionIdOf = (packId: string, key: string): string => `${packId}-${key}`;

/** Where a question stands; `undefined` for what is no id. */
export function placeOf(id: string): { readonly packId: string; readonly key: string } | undefined {
  const [, packId, key] = ID.exec(id) ?? [];
  return packId === undefined || key === undefined ? undefined : { packId, key };
}

/** When the pack of a question was begun; `undefined` for what is no question's id. */
export function timeOfPack(id: string): Date | undefined {
  const parts = ID.test(id) && /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})/u.exec(id);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, ms] = parts;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
}

/** A question as it is kept, without its rating; `undefined` when it is too long for that. */
export function lineOf({ question, askedAt, outcome, clauses }: AskedQuestion): string | undefined {
  const line = JSON.stringify({ question, askedAt, outcome, clauses });
  return line.length <= LONGEST_LINE ? line : undefined;
}

/** Reads back what {@link lineOf} made. */
export function askedFrom(line: string, helpful: boolean | undefined): AskedQuestion {
  const { askedAt, ...asked } = JSON.parse(line) as Omit<AskedQuestion, 'askedAt'> & { readonly askedAt: string };
  return { ...asked, askedAt: new Date(askedAt), ...(helpful !== undefined && { helpful }) };
}

/** Whether the store will not take this, however often it is tried. */
export const isRefused = (error: unknown): boolean =>
  error instanceof RestError && (error.statusCode === 400 || error.statusCode === 413);

/** The questions of a row of the table. */
export const questionsIn = (row: object): AskedQuestion[] =>
  Object.keys(row).flatMap((name) => (name.startsWith('q') ? (questionIn(row, name.slice(1)) ?? []) : []));

function questionIn(row: object, key: string): AskedQuestion | undefined {
  const { [`q${key}`]: line, [`r${key}`]: helpful } = row as Readonly<Record<string, unknown>>;
  if (typeof line !== 'string') return undefined;
  return askedFrom(line, typeof helpful === 'boolean' ? helpful : undefined);
}

function propertiesOf({ lines, ratings, open }: QuestionPack): Record<string, string | boolean> {
  const properties: Record<string, string | boolean> = open ? { open } : {};
  for (const [key, line] of lines) properties[`q${key}`] = line;
  for (const [key, helpful] of ratings) properties[`r${key}`] = helpful;
  return properties;
}
