import { type Log, traceOf } from '../log.js';
import { casesFor, DIGEST_JOB, digestDeliveries, digestDue } from '../reports/digest.js';
import { reminderDue } from '../reports/reminders.js';
import type { CaseStore, StoredCase } from '../reports/stores.js';
import type { DeliveryNotice } from '../schools/delivery.js';
import type { JobStore } from '../schools/job.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { School } from '../schools/school.js';
import { type AroundLook, EachMinute } from './each-minute.js';

export interface CaseSweepParts {
  readonly schools: readonly School[];
  readonly cases: CaseStore;
  readonly jobs: JobStore;
  readonly deliveries: DeliveryNotice;
  readonly log: Log;
  readonly now: () => Date;
  /** Left out: nobody is told how its looks go. */
  readonly around?: AroundLook | undefined;
}

/**
 * Sees to it that no case is forgotten: reminds people of what nobody has acknowledged, and sends the weekly list of what is open.
 * Several processes may do it side by side, as each commit names the version it was decided on, so one of them wins.
 */
export class CaseSweep {
  readonly #parts: CaseSweepParts;
  readonly #minutes: EachMinute;

  constructor(parts: CaseSweepParts) {
    this.#parts = parts;
    this.#minutes = new EachMinute(() => this.look(), { around: parts.around });
  }

  start(): void {
    this.#minutes.start();
  }

  stop(): Promise<void> {
    return this.#minutes.stop();
  }

  /** Looks once at every school. What fails is left to the next look. Never rejects. */
  async look(): Promise<void> {
    for (const { profile } of [...this.#parts.schools]) {
      if (this.#minutes.isStopping) return;
      await this.#remind(profile).catch((error: unknown) => this.#failed(profile, error));
      await this.#sendDigest(profile).catch((error: unknown) => this.#failed(profile, error));
    }
  }

  #failed({ id: schoolId }: SchoolProfile, error: unknown): void {
    this.#minutes.noteFailure();
    this.#parts.log.warn({ event: 'case.sweep_failed', schoolId, ...traceOf(error) });
  }

  async #remind(profile: SchoolProfile): Promise<void> {
    for await (const stored of this.#parts.cases.unfinished(profile.id)) {
      if (this.#minutes.isStopping) return;
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
