import { type Log, traceOf } from '../log.js';
import type { QuestionRemoval } from '../policies/question-log.js';
import { carryOn, type DeletingParts, deleteCase } from '../reports/deleting.js';
import type { DeletionStore } from '../reports/deletion.js';
import { isAwake } from '../reports/reminders.js';
import { couldBeDue, questionsKeptSince, retentionDue } from '../reports/retention.js';
import { type CaseStore, type DraftStore, type EvidenceFiles, readable, type StoredCase } from '../reports/stores.js';
import { dayAndTimeAt } from '../schools/calendar.js';
import type { DeliveryNotice } from '../schools/delivery.js';
import type { EnquiryStore } from '../schools/enquiry.js';
import type { JobStore } from '../schools/job.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { School } from '../schools/school.js';
import { type AroundLook, EachMinute } from './each-minute.js';

export interface RetentionSweepParts {
  readonly schools: readonly School[];
  readonly cases: CaseStore;
  readonly deletions: DeletionStore;
  readonly drafts: DraftStore;
  readonly files: EvidenceFiles;
  readonly enquiries: Pick<EnquiryStore, 'removeBefore'>;
  readonly oldQuestions: QuestionRemoval;
  readonly jobs: JobStore;
  readonly deliveries: DeliveryNotice;
  readonly log: Log;
  readonly now: () => Date;
  /** Left out: nobody is told how its looks go. */
  readonly around?: AroundLook | undefined;
}

export const RETENTION_JOB = 'retention';
const HOUR_MS = 60 * 60_000;

/**
 * Keeps cases and questions for as long as the school has decided, and no longer: once a day it announces and deletes what is due,
 * and every hour it carries on the deletions that are not complete. Several processes may do it side by side: each step is
 * committed with the version it was decided on, and whatever a process that dies leaves behind, the next look goes on with.
 */
export class RetentionSweep {
  readonly #parts: RetentionSweepParts;
  readonly #hours: EachMinute;
  readonly #deleting: DeletingParts;

  constructor(parts: RetentionSweepParts) {
    this.#parts = parts;
    this.#hours = new EachMinute(() => this.look(), { everyMs: HOUR_MS, around: parts.around });
    this.#deleting = { ...parts, owed: (place) => parts.deliveries.committed(place) };
  }

  start(): void {
    this.#hours.start();
  }

  stop(): Promise<void> {
    return this.#hours.stop();
  }

  /** Looks once at every school. What fails is left to the next look. Never rejects. */
  async look(): Promise<void> {
    for (const { profile } of [...this.#parts.schools]) {
      if (this.#hours.isStopping) return;
      await this.#try(profile, () => this.#carryOn(profile));
      await this.#try(profile, () => this.#sweep(profile));
    }
  }

  /** @returns whether it worked. */
  async #try({ id: schoolId }: SchoolProfile, task: () => Promise<void>): Promise<boolean> {
    try {
      await task();
      return true;
    } catch (error) {
      this.#hours.noteFailure();
      this.#parts.log.warn({ event: 'retention.sweep_failed', schoolId, ...traceOf(error) });
      return false;
    }
  }

  async #carryOn(profile: SchoolProfile): Promise<void> {
    for await (const deletion of this.#parts.deletions.begun(profile.id)) {
      if (this.#hours.isStopping) return;
      await this.#try(profile, async () => void (await carryOn(this.#deleting, deletion)));
    }
  }

  /** Once a day, when people are awake; again an hour later where something failed. */
  async #sweep(profile: SchoolProfile): Promise<void> {
    const { jobs, enquiries, oldQuestions, log, now } = this.#parts;
    const at = now();
    const { day } = dayAndTimeAt(at, profile.timeZone);
    if (!isAwake(profile, at)) return;
    const job = await jobs.find(profile.id, RETENTION_JOB);
    if (job.done !== null && job.done >= day) return;
    if (!(await this.#sweepCases(profile)) || this.#hours.isStopping) return;
    const since = questionsKeptSince(profile, at);
    const removed =
      (await oldQuestions.removeBefore(profile.id, since)) + (await enquiries.removeBefore(profile.id, since));
    const noted = await jobs.note(job, { slot: day, deliveries: [], at });
    if (noted) log.info({ event: 'retention.swept', schoolId: profile.id, count: removed });
  }

  /** @returns whether all of it worked. */
  async #sweepCases(profile: SchoolProfile): Promise<boolean> {
    const { cases, now } = this.#parts;
    let worked = true;
    // Those that cannot be read stay; npm run verify names them.
    for await (const stored of readable(cases.endedBefore(profile.id, couldBeDue(profile, now())))) {
      if (this.#hours.isStopping) return false;
      worked = (await this.#try(profile, () => this.#see(stored, profile))) && worked;
    }
    return worked;
  }

  async #see(stored: StoredCase, profile: SchoolProfile): Promise<void> {
    const { cases, deliveries, log, now } = this.#parts;
    const due = retentionDue(stored.case, profile, now());
    const line = { schoolId: profile.id, reference: stored.case.report.reference };
    if (due?.kind === 'announce') {
      const place = await cases.change(stored, due.change);
      if (!place) return;
      log.info({ event: 'case.deletion_announced', ...line, count: due.change.deliveries.length });
      await deliveries.committed(place);
    } else if (due?.kind === 'delete') {
      const deletion = await deleteCase(this.#deleting, stored, 'retention');
      if (!deletion) return;
      log.info({ event: 'case.deleted', ...line });
      await carryOn(this.#deleting, deletion);
    }
  }
}
