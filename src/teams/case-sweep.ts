import { type Log, traceOf } from '../log.js';
import { casesFor, DIGEST_JOB, digestDeliveries, digestDue } from '../reports/digest.js';
import { reminderDue } from '../reports/reminders.js';
import type { CaseStore, StoredCase } from '../reports/stores.js';
import type { DeliveryNotice } from '../schools/delivery.js';
import type { JobStore } from '../schools/job.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { School } from '../schools/school.js';

const LOOK_EVERY_MS = 60_000;

export interface CaseSweepParts {
  readonly schools: readonly School[];
  readonly cases: CaseStore;
  readonly jobs: JobStore;
  readonly deliveries: DeliveryNotice;
  readonly log: Log;
  readonly now: () => Date;
}

/**
 * Sees to it that no case is forgotten: reminds people of what nobody has acknowledged, and sends the weekly list of what is open.
 * Several processes may do it side by side, as each commit names the version it was decided on, so one of them wins.
 */
export class CaseSweep {
  readonly #parts: CaseSweepParts;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #looking = false;
  #stopping = false;

  constructor(parts: CaseSweepParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#queue();
    this.#timer = setInterval(() => this.#queue(), LOOK_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Looks once at every school. What fails is left to the next look. Never rejects. */
  async look(): Promise<void> {
    for (const { profile } of [...this.#parts.schools]) {
      if (this.#stopping) return;
      await this.#remind(profile).catch((error: unknown) => this.#failed(profile, error));
      await this.#sendDigest(profile).catch((error: unknown) => this.#failed(profile, error));
    }
  }

  #failed({ id: schoolId }: SchoolProfile, error: unknown): void {
    this.#parts.log.warn({ event: 'case.sweep_failed', schoolId, ...traceOf(error) });
  }

  /** A look that takes longer than it is to the next one is not followed by others that have waited for it. */
  #queue(): void {
    if (this.#looking) return;
    this.#looking = true;
    this.#running = this.look().finally(() => {
      this.#looking = false;
    });
  }

  async #remind(profile: SchoolProfile): Promise<void> {
    for await (const stored of this.#parts.cases.unfinished(profile.id)) {
      if (this.#stopping) return;
      await this.#remindOf(stored, profile).catch((error: unknown) => this.#failed(profile, error));
    }
  }

  async #remindOf(stored: StoredCase, profile: SchoolProfile): Promise<void> {
    const { cases, deliveries, log, now } = this.#parts;
    const due = reminderDue(stored, profile, now());
    // Whoever was first may have acknowledged it: the next look will see.
    const place = due && (await cases.change(stored, due));
    if (!place) return;
    log.info({ event: 'case.reminded', schoolId: profile.id, reference: stored.case.report.reference });
    await deliveries.committed(place);
  }

  async #sendDigest(profile: SchoolProfile): Promise<void> {
    const { jobs, cases, deliveries, log, now } = this.#parts;
    const job = await jobs.find(profile.id, DIGEST_JOB);
    const due = digestDue(job, profile, now());
    if (!due) return;
    const owed = due.send
      ? digestDeliveries((await casesFor(cases.unfinished(profile.id))).cases, profile, due.slot)
      : [];
    const place = await jobs.note(job, { slot: due.slot, deliveries: owed, at: now() });
    if (!place || owed.length === 0) return;
    log.info({ event: 'case.digest_owed', schoolId: profile.id, count: owed.length });
    await deliveries.committed(place);
  }
}
