import { type Log, traceOf } from '../log.js';
import type { AskedQuestion, QuestionLog } from '../policies/question-log.js';
import { type HeldPack, HeldQuestions } from './held-questions.js';
import { isRefused, type QuestionTable, timeOfPack } from './question-table.js';

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
 * Writes questions behind the answers, many as one, so that no answer waits for the store. What a process holds is lost when it
 * is killed: a line for the gap list, at most a fifth of a second old.
 *
 * {@link QuestionLog.record} waits only until it is known that the store answers, and rejects while it is known not to:
 * the question is kept and written later, but a rating is not worth asking for.
 */
export function bufferQuestions(table: QuestionTable, log: Log, now: () => Date): QuestionBuffer {
  const writer = new QuestionWriter(table, log);
  return {
    record: (schoolId, asked) => writer.record(schoolId, asked),
    async find(schoolId, id) {
      const find = async () => writer.held.find(schoolId, id) ?? (await table.find(schoolId, id));
      let asked = await find();
      for (let wait = 0; !asked && wait < HELD_ELSEWHERE_MS && isYoung(id, now()); wait += WRITE_EVERY_MS) {
        await new Promise((resolve) => setTimeout(resolve, WRITE_EVERY_MS));
        asked = await find();
      }
      return asked;
    },
    async rate(schoolId, id, helpful) {
      if (!writer.held.rate(schoolId, id, helpful)) await table.rate(schoolId, id, helpful);
    },
    stop: () => writer.stop(),
  };
}

function isYoung(id: string, now: Date): boolean {
  const begunAt = timeOfPack(id);
  return begunAt !== undefined && Math.abs(now.getTime() - begunAt.getTime()) < HELD_ELSEWHERE_MS;
}

class QuestionWriter {
  readonly #table: QuestionTable;
  readonly #log: Log;
  /** Those being written are among them. */
  readonly held = new HeldQuestions();
  #store: 'unknown' | 'answers' | 'fails' = 'unknown';
  #retryMs = FIRST_RETRY_MS;
  #notKept = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(table: QuestionTable, log: Log) {
    this.#table = table;
    this.#log = log;
  }

  async record(schoolId: string, asked: AskedQuestion): Promise<string> {
    const id = this.held.size < MOST_HELD ? this.held.add(schoolId, asked) : undefined;
    if (id === undefined) {
      this.#notKept += 1;
      throw new Error('Too many questions wait to be written, or this one is too long.');
    }
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
    this.#notKept += this.held.size;
    this.#tellNotKept();
  }

  #writeLater(): void {
    if (this.held.size === 0 || this.#timer) return;
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
    if (this.held.size === 0) return;
    const failures = await Promise.all(this.held.packsBySchool().map((packs) => this.#writeInOrder(packs)));
    this.#note(failures.find((failure) => failure !== undefined));
    this.#tellNotKept();
  }

  /** @returns what went wrong; the packs that were not written stay held. */
  async #writeInOrder(packs: readonly HeldPack[]): Promise<unknown> {
    try {
      for (const pack of packs) await this.#writePack(pack);
      return undefined;
    } catch (failure) {
      return failure;
    }
  }

  async #writePack(pack: HeldPack): Promise<void> {
    pack.sent = true;
    pack.rated = false;
    try {
      await this.#table.write(pack.schoolId, pack);
      // What was rated while it was being written is written once more.
      if (pack.rated) return;
    } catch (error) {
      if (!isRefused(error)) throw error;
      // It would be refused for ever, and hold up all others.
      this.#notKept += pack.lines.size;
    }
    this.held.remove(pack);
  }

  #note(failure: unknown): void {
    const count = this.held.size;
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
