import type { NewDelivery, OutboxPlace } from './delivery.js';

/** Something that is done for a school again and again, with the version (ETag) that noting it must name. */
export interface StoredJob {
  readonly schoolId: string;
  readonly name: string;
  /** The time for which it was done last, by a name that sorts as times do; `null` before it was ever looked at. */
  readonly done: string | null;
  /** How many deliveries it has caused so far. */
  readonly deliveries: number;
  readonly version: string | null;
}

/** Where it is noted what was done for which time. Every method rejects only when the store cannot be reached in time. */
export interface JobStore {
  find(schoolId: string, name: string): Promise<StoredJob>;
  /**
   * Notes that a job is done for a time, together with the deliveries that this causes.
   *
   * @returns where they lie; `undefined` when another process was first.
   */
  note(
    job: StoredJob,
    done: { readonly slot: string; readonly deliveries: readonly NewDelivery[]; readonly at: Date },
  ): Promise<OutboxPlace | undefined>;
}
