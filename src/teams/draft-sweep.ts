import { type Log, traceOf } from '../log.js';
import type { StoredDraft } from '../reports/draft.js';
import type { DraftStore, EvidenceFiles } from '../reports/stores.js';
import type { Outbox } from '../schools/delivery.js';
import type { AroundLook } from './each-minute.js';

const DAY_MS = 24 * 60 * 60_000;
/** A draft that nobody touches is deleted after this, and its writer is warned two days before. */
export const DRAFT_LIVES_MS = 14 * DAY_MS;
export const WARNED_BEFORE_MS = 2 * DAY_MS;
/** One that is being submitted for so long was left by a process that has died, or by storage that went away. */
const LEFT_MS = 60_000;
const LOOK_EVERY_MS = 60_000;
const EXPIRING = 'draft.expiring';

export interface DraftSweepParts {
  readonly drafts: DraftStore;
  readonly files: EvidenceFiles;
  readonly outbox: Pick<Outbox, 'read'>;
  /** Brings a draft that is being submitted to its end. */
  readonly submit: (stored: StoredDraft) => Promise<void>;
  /** Told that messages are owed to the draft's writer. */
  readonly owed: (stored: StoredDraft) => Promise<void>;
  readonly log: Log;
  readonly now: () => Date;
  /** Left out: nobody is told how its looks go. */
  readonly around?: AroundLook | undefined;
}

/**
 * Looks after drafts that nobody touches: warns, deletes, and brings to an end what was being submitted. Several processes may
 * do it side by side: each change names the version it was read in, so one of them wins.
 */
export class DraftSweep {
  readonly #parts: DraftSweepParts;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #hasFailed = false;

  constructor(parts: DraftSweepParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#queue();
    this.#timer = setInterval(() => this.#queue(), LOOK_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Looks once at every draft that has been left alone for so long. Never rejects. */
  async look(untouchedForMs: number): Promise<void> {
    const { drafts, now } = this.#parts;
    try {
      for await (const stored of drafts.untouchedSince(new Date(now().getTime() - untouchedForMs)))
        await this.#lookAt(stored).catch((error: unknown) => this.#failed(error));
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#hasFailed = true;
    this.#parts.log.warn({ event: 'draft.sweep_failed', ...traceOf(error) });
  }

  #queue(): void {
    const { around = (look) => look() } = this.#parts;
    this.#running = this.#running.then(async () => {
      await around(() => this.#lookOnce());
    });
  }

  async #lookOnce(): Promise<boolean> {
    this.#hasFailed = false;
    await this.look(LEFT_MS);
    return !this.#hasFailed;
  }

  async #lookAt(stored: StoredDraft): Promise<void> {
    const { draft } = stored;
    if (draft.state === 'submitting') return this.#parts.submit(stored);
    const now = this.#parts.now();
    const idleMs = now.getTime() - draft.changedAt.getTime();
    // Evidence that comes in by the upload page touches a draft too, and a warning from before says nothing any more. Nor does
    // one that was noted by a clock that was wrong.
    const isWarned = draft.warnedAt !== null && draft.warnedAt > draft.changedAt && draft.warnedAt <= now;
    if (!isWarned && idleMs >= DRAFT_LIVES_MS - WARNED_BEFORE_MS) await this.#warn(stored, now);
    else if (isWarned && idleMs >= DRAFT_LIVES_MS && (await this.#wasToldInTime(stored, now)))
      await this.#delete(stored, now);
  }

  async #warn(stored: StoredDraft, now: Date): Promise<void> {
    const { draft } = stored;
    const target = { to: 'person', personId: draft.personId } as const;
    const delivery = { kind: EXPIRING, refs: {}, target, placement: { at: 'new' } } as const;
    const saved = await this.#parts.drafts.save(stored, { ...draft, warnedAt: now }, [delivery]);
    if (saved) await this.#parts.owed(saved);
  }

  /**
   * Whether the two days that the warning speaks of are over: they begin when it has come, however late that was, as after a stop
   * or while Teams was away. Where it could not be brought at all, when that was given up.
   */
  async #wasToldInTime({ draft }: StoredDraft, now: Date): Promise<boolean> {
    const { drafts, outbox } = this.#parts;
    const deliveries = await outbox.read(drafts.placeOf(draft));
    const warning = deliveries.findLast(({ delivery }) => delivery.kind === EXPIRING)?.delivery;
    if (warning?.progress.state === 'owed') return false;
    const told = warning?.progress.at ?? draft.warnedAt ?? now;
    return now.getTime() - told.getTime() >= WARNED_BEFORE_MS;
  }

  async #delete(stored: StoredDraft, now: Date): Promise<void> {
    const { drafts, files, log } = this.#parts;
    const { schoolId, reference } = stored.draft;
    if (!(await drafts.finish(stored, null, now))) return;
    await files.removeAll(schoolId, reference);
    log.info({ event: 'draft.expired', schoolId });
  }
}
