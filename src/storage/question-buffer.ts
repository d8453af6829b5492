import { type Log, traceOf } from '../log.js';
import type { AskedQuestion, QuestionLog } from '../policies/question-log.js';
import { isRefused, MOST_ROWS, newQuestionId, type QuestionTable, timeOfQuestion } from './question-table.js';

/** How long a question waits for others to be written with it. */
const WRITE_EVERY_MS = 200;
/** After a failure the next attempt is made later and later. */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 10_000;
/** Questions held at most, some kilobytes each; what comes on top while the store is down is not kept. */
const MOST_HELD = 2_000;
/** A question this young may still be held by another process; its row is looked for again. */
const HELD_ELSEWHERE_MS = 2_000;
const STOP_LIMIT_MS = 5_000;

export interface QuestionBuffer extends QuestionLog {
  /** Writes what is still held, in 5 s at most; what could not be written is counted in the log. */
  stop(): Promise<void>;
}

/**
 * Writes questions behind the answers, many in one transaction, so that no answer waits for the store. What a process holds
 * is lost when it is killed: a line for the gap list, at most a fifth of a second old.
 *
 * {@link QuestionLog.record} waits only until it is known that the store answers, and rejects while it is known not to:
 * the question is kept and written later, but a rating is not worth asking for.
 */
export function bufferQuestions(table: QuestionTable, log: Log, now: () => Date): QuestionBuffer {
  const writer = new QuestionWriter(table, log);
  return {
    ...table,
    record: (schoolId, asked) => writer.record(schoolId, asked),
    async find(schoolId, id) {
      const find = async () => writer.held(schoolId, id)?.asked ?? (await table.find(schoolId, id));
      let asked = await find();
      for (let wait = 0; !asked && wait < HELD_ELSEWHERE_MS && isYoung(id, now()); wait += WRITE_EVERY_MS) {
        await new Promise((resolve) => setTimeout(resolve, WRITE_EVERY_MS));
        asked = await find();
      }
      return asked;
    },
    async rate(schoolId, id, helpful) {
      const held = writer.held(schoolId, id);
      if (held) held.asked = { ...held.asked, helpful };
      else await table.rate(schoolId, id, helpful);
    },
    stop: () => writer.stop(),
  };
}

function isYoung(id: string, now: Date): boolean {
  const askedAt = timeOfQuestion(id);
  return askedAt !== undefined && Math.abs(now.getTime() - askedAt.getTime()) < HELD_ELSEWHERE_MS;
}

interface Held {
  readonly schoolId: string;
  readonly id: string;
  /** Replaced by a copy when it is rated. */
  asked: AskedQuestion;
  /** It was sent before. */
  again: boolean;
}

class QuestionWriter {
  readonly #table: QuestionTable;
  readonly #log: Log;
  /** By school and id, in the order they came; those being written are among them. */
  readonly #held = new Map<string, Held>();
  #store: 'unknown' | 'answers' | 'fails' = 'unknown';
  #retryMs = FIRST_RETRY_MS;
  #notKept = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(table: QuestionTable, log: Log) {
    this.#table = table;
    this.#log = log;
  }

  held(schoolId: string, id: string): Held | undefined {
    return this.#held.get(keyOf(schoolId, id));
  }

  async record(schoolId: string, asked: AskedQuestion): Promise<string> {
    if (this.#held.size >= MOST_HELD) {
      this.#notKept += 1;
      throw new Error('Too many questions wait to be written.');
    }
    const id = newQuestionId(asked.askedAt);
    this.#held.set(keyOf(schoolId, id), { schoolId, id, asked, again: false });
    if (this.#store === 'unknown') await this.#write();
    this.#writeLater();
    if (this.#store === 'fails') throw new Error('The store of questions does not answer.');
    return id;
  }

  async stop(): Promise<void> {
    let late: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      late = setTimeout(resolve, STOP_LIMIT_MS);
    });
    // The second time for what came while the first was under way.
    await Promise.race([this.#write().then(() => this.#write()), limit]);
    clearTimeout(late);
    clearTimeout(this.#timer);
    this.#notKept += this.#held.size;
    this.#tellNotKept();
  }

  #writeLater(): void {
    if (this.#held.size === 0 || this.#timer) return;
    const delay = this.#store === 'fails' ? this.#retryMs : WRITE_EVERY_MS;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#write();
    }, delay);
    this.#timer.unref();
  }

  /** Writes what is held now; never rejects. */
  #write(): Promise<void> {
    this.#writing ??= this.#writeSchools().finally(() => {
      this.#writing = undefined;
      this.#writeLater();
    });
    return this.#writing;
  }

  async #writeSchools(): Promise<void> {
    if (this.#held.size === 0) return;
    const bySchool = new Map<string, Held[]>();
    for (const held of this.#held.values()) {
      const rows = bySchool.get(held.schoolId);
      if (rows) rows.push(held);
      else bySchool.set(held.schoolId, [held]);
    }
    const failures = await Promise.all([...bySchool].map(([schoolId, rows]) => this.#writeSchool(schoolId, rows)));
    this.#note(failures.find((failure) => failure !== undefined));
    this.#tellNotKept();
  }

  /** @returns what went wrong; the rows that were not written stay held. */
  async #writeSchool(schoolId: string, rows: readonly Held[]): Promise<unknown> {
    for (let at = 0; at < rows.length; at += MOST_ROWS) {
      try {
        await this.#writeRows(schoolId, rows.slice(at, at + MOST_ROWS));
      } catch (failure) {
        return failure;
      }
    }
    return undefined;
  }

  /** Writes one transaction. One row that the store refuses would hold up all others, so it is looked for and let go. */
  async #writeRows(schoolId: string, rows: readonly Held[]): Promise<void> {
    const sent = rows.map(({ id, asked, again }) => ({ id, asked, again }));
    for (const held of rows) held.again = true;
    try {
      await this.#table.write(schoolId, sent);
    } catch (error) {
      if (!isRefused(error)) throw error;
      const middle = Math.ceil(rows.length / 2);
      if (rows.length > 1) {
        await this.#writeRows(schoolId, rows.slice(0, middle));
        await this.#writeRows(schoolId, rows.slice(middle));
        return;
      }
      this.#notKept += 1;
    }
    // What was rated while it was being written is written once more.
    for (const [at, held] of rows.entries())
      if (held.asked === sent[at]?.asked) this.#held.delete(keyOf(schoolId, held.id));
  }

  #note(failure: unknown): void {
    const count = this.#held.size;
    if (failure === undefined) {
      if (this.#store === 'fails') this.#log.info({ event: 'questions.written_again' });
      this.#store = 'answers';
      this.#retryMs = FIRST_RETRY_MS;
    } else {
      if (this.#store === 'fails') this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
      else this.#log.warn({ event: 'questions.not_written', count, ...traceOf(failure) });
      this.#store = 'fails';
    }
  }

  #tellNotKept(): void {
    if (this.#notKept > 0) this.#log.warn({ event: 'questions.not_kept', count: this.#notKept });
    this.#notKept = 0;
  }
}

const keyOf = (schoolId: string, id: string): string => `${schoolId}/${id}`;
