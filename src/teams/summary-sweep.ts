import { type Log, traceOf } from '../log.js';
import { dayAndTimeAt } from '../schools/calendar.js';
import type { DeliveryNotice, Outbox, OutboxPlace } from '../schools/delivery.js';
import type { JobStore, StoredJob } from '../schools/job.js';
import type { School } from '../schools/school.js';
import { type Period, periodId, type Span } from '../summaries/period.js';
import { fitted, isAtWork, isSendTime, scheduledSpans, sendDay, summaryDue } from '../summaries/periods.js';
import { plan, planned, type Step, send } from '../summaries/sending.js';
import {
  DOCUMENT_FORMATS,
  type DocumentFormat,
  type DocumentPlace,
  EDITIONS,
  type Edition,
  type Sending,
  type StoredSummary,
  type Summary,
  type SummaryDocuments,
  type SummaryStore,
} from '../summaries/summary.js';
import { type AroundLook, EachMinute } from './each-minute.js';

/** The job of a school that makes the summaries of a span. */
export const summaryJob = (span: Span): string => `summary~${span}`;

export interface SummarySweepParts {
  readonly schools: readonly School[];
  readonly summaries: SummaryStore;
  readonly documents: SummaryDocuments;
  readonly jobs: JobStore;
  readonly outbox: Pick<Outbox, 'read'>;
  readonly deliveries: DeliveryNotice;
  /** Counts a period of a school, as things stand at a moment; `undefined` where too much of it was told already. */
  readonly make: (school: School, period: Period, at: Date, sending: Sending) => Promise<Summary | undefined>;
  readonly draw: (summary: Summary, edition: Edition, format: DocumentFormat) => Promise<Uint8Array>;
  readonly log: Log;
  readonly now: () => Date;
  /** Left out: nobody is told how its looks go. */
  readonly around?: AroundLook | undefined;
}

/**
 * Makes the summaries of the periods that are over, once each, and sends the governors' when their day has come. Several processes
 * may do it side by side: what is made and what is changed is committed together with what it owes, by whoever is first. Whatever
 * a process that dies has not got to, the next look finds and goes on with.
 */
export class SummarySweep {
  readonly #parts: SummarySweepParts;
  readonly #minutes: EachMinute;
  /** As read or noted last: what is done never becomes undone, so that it is not asked for again while nothing is due. */
  readonly #jobs = new Map<string, StoredJob>();
  /** Schools whose documents were seen to be kept, as far as anything was sent. */
  readonly #documented = new Set<string>();

  constructor(parts: SummarySweepParts) {
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
    for (const school of [...this.#parts.schools]) {
      if (this.#minutes.isStopping) return;
      for (const span of scheduledSpans(school.profile)) await this.#try(school, () => this.#make(school, span));
      await this.#try(school, () => this.#send(school));
      await this.#try(school, () => this.#keepDocuments(school));
    }
  }

  async #try({ profile: { id: schoolId } }: School, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#minutes.noteFailure();
      this.#parts.log.warn({ event: 'summary.sweep_failed', schoolId, ...traceOf(error) });
    }
  }

  async #make(school: School, span: Span): Promise<void> {
    const { jobs, now } = this.#parts;
    const { profile } = school;
    const name = summaryJob(span);
    const key = `${profile.id}~${span}`;
    const known = this.#jobs.get(key);
    if (known && !summaryDue(known, profile, span, now())) return;
    const job = await jobs.find(profile.id, name);
    this.#jobs.set(key, job);
    const due = summaryDue(job, profile, span, now());
    // Noted last: a process that dies before finds what it has made, and only notes it.
    if (!due || (due.send && !(await this.#isMade(school, due.period)))) return;
    const place = await jobs.note(job, { slot: due.slot, deliveries: [], at: now() });
    if (place) this.#jobs.set(key, { ...job, done: due.slot });
    else this.#jobs.delete(key);
  }

  /** @returns whether nothing is left to do; not so when another was quicker, as it is not known with what. */
  async #isMade(school: School, due: Period): Promise<boolean> {
    const { summaries, make, now } = this.#parts;
    const { profile } = school;
    const all = await summaries.all(profile.id);
    const periods = all.map(({ summary }) => summary.period);
    const period = fitted(due, periods);
    if (!period) return true;
    const on = sendDay(profile, dayAndTimeAt(now(), profile.timeZone).day);
    const sending: Sending = due.span === 'week' ? { state: 'none' } : { state: 'planned', on };
    const stored = all.find(({ summary }) => summary.id === periodId(period));
    if (stored) return sending.state === 'none' || this.#isPlanned(stored, school, on);
    const issued = await summaries.issue(profile.id, async () => {
      const summary = await make(school, period, now(), sending);
      return summary && { summary, deliveries: plan(summary, profile) };
    });
    if (issued.kind === 'issued') await this.#committed(issued.place, issued.summary, 'summary.made');
    return issued.kind !== 'outrun';
  }

  /** What was made because somebody asked is to be sent after all. */
  async #isPlanned(stored: StoredSummary, { profile }: School, on: string): Promise<boolean> {
    const step = planned(stored, profile, on);
    return step === undefined || this.#change(stored, step);
  }

  async #send(school: School): Promise<void> {
    const { summaries, now } = this.#parts;
    const { profile } = school;
    if (!isAtWork(profile, now())) return;
    for (const stored of await summaries.inState(profile.id, 'planned')) {
      const { sending } = stored.summary;
      const isDue = sending.state === 'planned' && isSendTime(sending.on, profile, now());
      if (isDue) await this.#try(school, () => this.#sendOne(stored, school));
    }
  }

  /** Its documents are drawn first, so that nothing is sent of which none can be had, and kept when nothing in them can change any more. */
  async #sendOne(stored: StoredSummary, { profile }: School): Promise<void> {
    const { summaries, outbox, draw, now } = this.#parts;
    const { schoolId, id } = stored.summary;
    const earlier = (await outbox.read(summaries.placeOf(schoolId, id))).map(({ delivery }) => delivery);
    const step = send(stored, profile, { now: now(), earlier });
    if ('refused' in step) return;
    const drawn: (readonly [DocumentPlace, Uint8Array])[] = [];
    for (const place of placesOf(step.summary))
      drawn.push([place, await draw(step.summary, place.edition, place.format)]);
    if (!(await this.#change(stored, step))) return;
    this.#documented.delete(schoolId);
    for (const [place, bytes] of drawn) await this.#parts.documents.keep(place, bytes);
    this.#documented.add(schoolId);
  }

  /** Of what was sent last: a process may have died before it kept them. They are drawn again from what can change no more. */
  async #keepDocuments({ profile: { id: schoolId } }: School): Promise<void> {
    if (this.#documented.has(schoolId)) return;
    const { summaries, documents, draw } = this.#parts;
    const last = (await summaries.inState(schoolId, 'sent')).at(-1);
    for (const place of last ? placesOf(last.summary) : [])
      if (last && (await documents.read(place)) === undefined)
        await documents.keep(place, await draw(last.summary, place.edition, place.format));
    this.#documented.add(schoolId);
  }

  /** @returns `false` when another was quicker. */
  async #change(stored: StoredSummary, { summary, deliveries }: Step): Promise<boolean> {
    const place = await this.#parts.summaries.change(stored, summary, deliveries, this.#parts.now());
    const event = summary.sending.state === 'sent' ? 'summary.sent' : 'summary.made';
    if (place) await this.#committed(place, summary, event);
    return place !== undefined;
  }

  async #committed(
    place: OutboxPlace,
    { schoolId, period }: Summary,
    event: 'summary.made' | 'summary.sent',
  ): Promise<void> {
    this.#parts.log.info({ event, schoolId, outcome: period.span });
    await this.#parts.deliveries.committed(place);
  }
}

const placesOf = ({ schoolId, id }: Summary): readonly DocumentPlace[] =>
  EDITIONS.flatMap((edition) => DOCUMENT_FORMATS.map((format) => ({ schoolId, id, edition, format })));
