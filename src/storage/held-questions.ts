import { isOpen } from '../policies/open-questions.js';
import type { AskedQuestion } from '../policies/question-log.js';
import {
  askedFrom,
  lineOf,
  MOST_IN_PACK,
  newKey,
  newPackId,
  PACK_SPAN_MS,
  placeOf,
  type QuestionPack,
  questionIdOf,
} from './question-table.js';

/** A pack that is not known to be written. */
export interface HeldPack extends QuestionPack {
  readonly schoolId: string;
  readonly begunAt: Date;
  readonly lines: Map<string, string>;
  readonly ratings: Map<string, boolean>;
  open: boolean;
  /** It may have been written, so it takes no more questions. */
  sent: boolean;
  /** One of its questions was rated since it was last sent. */
  rated: boolean;
}

/** Questions that wait to be written, in packs. */
export class HeldQuestions {
  /** The packs of each school in the order they were begun. */
  readonly #packs = new Map<string, readonly HeldPack[]>();
  #size = 0;

  /** How many questions there are. */
  get size(): number {
    return this.#size;
  }

  /** Those of one school are to be written in this order. */
  packsBySchool(): readonly (readonly HeldPack[])[] {
    return [...this.#packs.values()];
  }

  /** @returns the id of the question; `undefined` when it is too long to be kept. */
  add(schoolId: string, asked: AskedQuestion): string | undefined {
    const line = lineOf(asked);
    if (line === undefined) return undefined;
    const pack = this.#packFor(schoolId, asked.askedAt);
    const key = newKey();
    pack.lines.set(key, line);
    if (isOpen(asked)) pack.open = true;
    this.#size += 1;
    return questionIdOf(pack.id, key);
  }

  find(schoolId: string, id: string): AskedQuestion | undefined {
    const found = this.#find(schoolId, id);
    return found && askedFrom(found.line, found.pack.ratings.get(found.key));
  }

  /** @returns false when it is not there. */
  rate(schoolId: string, id: string, helpful: boolean): boolean {
    const found = this.#find(schoolId, id);
    if (!found) return false;
    found.pack.ratings.set(found.key, helpful);
    if (!helpful) found.pack.open = true;
    found.pack.rated = true;
    return true;
  }

  remove(pack: HeldPack): void {
    const left = this.#packsOf(pack.schoolId).filter((one) => one !== pack);
    if (left.length > 0) this.#packs.set(pack.schoolId, left);
    else this.#packs.delete(pack.schoolId);
    this.#size -= pack.lines.size;
  }

  #find(schoolId: string, id: string) {
    const { packId, key = '' } = placeOf(id) ?? {};
    const pack = this.#packsOf(schoolId).find((one) => one.id === packId);
    const line = pack?.lines.get(key);
    return pack && line !== undefined ? { pack, key, line } : undefined;
  }

  #packFor(schoolId: string, askedAt: Date): HeldPack {
    const packs = this.#packsOf(schoolId);
    const last = packs.at(-1);
    if (last && takes(last, askedAt)) return last;
    const pack = {
      ...{ schoolId, id: newPackId(askedAt), begunAt: askedAt, open: false, sent: false, rated: false },
      lines: new Map<string, string>(),
      ratings: new Map<string, boolean>(),
    };
    this.#packs.set(schoolId, [...packs, pack]);
    return pack;
  }

  #packsOf(schoolId: string): readonly HeldPack[] {
    return this.#packs.get(schoolId) ?? [];
  }
}

function takes({ sent, lines, begunAt }: HeldPack, askedAt: Date): boolean {
  const after = askedAt.getTime() - begunAt.getTime();
  return !sent && lines.size < MOST_IN_PACK && after >= 0 && after < PACK_SPAN_MS;
}
