import type { AskedQuestion } from '../policies/question-log.js';
import {
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
  readonly questions: Map<string, AskedQuestion>;
  readonly begunAt: Date;
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

  /** @returns the id of the question. */
  add(schoolId: string, asked: AskedQuestion): string {
    const pack = this.#packFor(schoolId, asked.askedAt);
    const key = newKey();
    pack.questions.set(key, asked);
    this.#size += 1;
    return questionIdOf(pack.id, key);
  }

  find(schoolId: string, id: string): AskedQuestion | undefined {
    return this.#find(schoolId, id)?.asked;
  }

  /** @returns false when it is not there. */
  rate(schoolId: string, id: string, helpful: boolean): boolean {
    const found = this.#find(schoolId, id);
    if (!found) return false;
    found.pack.questions.set(found.key, { ...found.asked, helpful });
    found.pack.rated = true;
    return true;
  }

  remove(pack: HeldPack): void {
    const left = this.#packsOf(pack.schoolId).filter((one) => one !== pack);
    if (left.length > 0) this.#packs.set(pack.schoolId, left);
    else this.#packs.delete(pack.schoolId);
    this.#size -= pack.questions.size;
  }

  #find(schoolId: string, id: string) {
    const { packId, key = '' } = placeOf(id) ?? {};
    const pack = this.#packsOf(schoolId).find((one) => one.id === packId);
    const asked = pack?.questions.get(key);
    return pack && asked && { pack, key, asked };
  }

  #packFor(schoolId: string, askedAt: Date): HeldPack {
    const packs = this.#packsOf(schoolId);
    const last = packs.at(-1);
    if (last && takes(last, askedAt)) return last;
    const pack = {
      ...{ schoolId, id: newPackId(askedAt), begunAt: askedAt },
      ...{ questions: new Map<string, AskedQuestion>(), sent: false, rated: false },
    };
    this.#packs.set(schoolId, [...packs, pack]);
    return pack;
  }

  #packsOf(schoolId: string): readonly HeldPack[] {
    return this.#packs.get(schoolId) ?? [];
  }
}

function takes({ sent, questions, begunAt }: HeldPack, askedAt: Date): boolean {
  const after = askedAt.getTime() - begunAt.getTime();
  return !sent && questions.size < MOST_IN_PACK && after >= 0 && after < PACK_SPAN_MS;
}
