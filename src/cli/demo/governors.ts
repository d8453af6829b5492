import { setImmediate } from 'node:timers/promises';
import { drawDocument } from '../../export/on-demand.js';
import { createLog } from '../../log.js';
import { dayAndTimeAt } from '../../schools/calendar.js';
import type { OutboxPlace } from '../../schools/delivery.js';
import type { School } from '../../schools/school.js';
import { openBlobs } from '../../storage/blobs.js';
import { caseTable } from '../../storage/case-table.js';
import { deletionTable } from '../../storage/deletion-table.js';
import { storageDeliveryQueue } from '../../storage/delivery-queue.js';
import { evidenceBlobs } from '../../storage/evidence-blobs.js';
import { openQuestionTable } from '../../storage/open-question-table.js';
import { tableOutbox } from '../../storage/outbox.js';
import { bufferQuestions } from '../../storage/question-buffer.js';
import { questionHistory } from '../../storage/question-history.js';
import { questionTable } from '../../storage/question-table.js';
import { openQueues } from '../../storage/queues.js';
import { summaryDocuments } from '../../storage/summary-documents.js';
import { SUMMARY_TABLE, summaryTable } from '../../storage/summary-table.js';
import { openTables } from '../../storage/tables.js';
import { makeSummary } from '../../summaries/making.js';
import type { Period } from '../../summaries/period.js';
import { lastComplete, sendDay } from '../../summaries/periods.js';
import { plan, send } from '../../summaries/sending.js';
import { DOCUMENT_FORMATS, EDITIONS, type Summary } from '../../summaries/summary.js';
import { type CaseParts, earlierCases } from './earlier-cases.js';
import { earlierQuestions } from './earlier-questions.js';

/**
 * The half-term that is over, of which the governors get their summary. The bot makes and sends it by itself, days apart and only in
 * school hours; the demo does not wait for those, and makes the same steps by the same code.
 */
export class LastHalfTerm {
  readonly period: Period;
  readonly #school: School;
  readonly #stores: ReturnType<typeof open>;

  /** @param connectionString of the storage that the bot uses. */
  constructor(connectionString: string, school: School) {
    const period = lastComplete(school.profile, 'half_term', new Date());
    if (!period) throw new Error('No half-term of the demo’s school is over.');
    this.period = period;
    this.#school = school;
    this.#stores = open(connectionString);
  }

  /** Lets made-up reports come in and be dealt with, and made-up questions be asked. */
  async happen(people: Omit<CaseParts, 'schoolId'>): Promise<void> {
    const { cases, files } = this.#stores;
    const { id: schoolId } = this.#school.profile;
    for await (const change of earlierCases(this.period, { schoolId, ...people }, files)) await cases.create(change);
    await this.#ask();
  }

  async #ask(): Promise<void> {
    const { asked } = this.#stores;
    for (const question of earlierQuestions(this.period, this.#school))
      await asked.record(this.#school.profile.id, question);
    await asked.stop();
  }

  /** Makes the summary, and owes the Headteacher the preview. */
  async plan(): Promise<Summary> {
    const { sources, summaries, queue } = this.#stores;
    const { profile } = this.#school;
    const now = new Date();
    const on = sendDay(profile, dayAndTimeAt(now, profile.timeZone).day);
    const issued = await summaries.issue(profile.id, async () => {
      const summary = await makeSummary(sources, this.#school, this.period, now, { state: 'planned', on });
      return summary && { summary, deliveries: plan(summary, profile) };
    });
    if (issued.kind !== 'issued') throw new Error('The summary was not made.');
    await queue.add(issued.place, 0);
    return issued.summary;
  }

  /** Sends it to the governors' chat and the chair, and keeps its documents. */
  async send(id: string): Promise<void> {
    const { summaries, outbox, documents, queue } = this.#stores;
    const { profile } = this.#school;
    const stored = await summaries.find(profile.id, id);
    if (!stored) throw new Error('The summary is not there.');
    const place: OutboxPlace = summaries.placeOf(profile.id, id);
    const earlier = (await outbox.read(place)).map(({ delivery }) => delivery);
    const now = new Date();
    const step = send(stored, profile, { now, earlier });
    if ('refused' in step) throw new Error(`The summary was not sent: ${step.refused}.`);
    const changed = await summaries.change(stored, step.summary, step.deliveries, now);
    if (!changed) throw new Error('Somebody else changed the summary meanwhile.');
    await queue.add(changed, 0);
    for (const edition of EDITIONS)
      for (const format of DOCUMENT_FORMATS) {
        const bytes = await drawDocument(step.summary, edition, format);
        await documents.keep({ schoolId: profile.id, id, edition, format }, bytes);
      }
  }
}

function open(connectionString: string) {
  const address = { connectionString };
  const [tables, blobs] = [openTables(address), openBlobs(address)];
  const [cases, summaries, deletions] = [caseTable(tables), summaryTable(tables), deletionTable(tables)];
  const [questions, openQuestions] = [questionHistory(tables), openQuestionTable(tables)];
  return {
    ...{ cases, summaries, files: evidenceBlobs(blobs), documents: summaryDocuments(blobs) },
    asked: bufferQuestions(questionTable(tables), createLog('silent'), () => new Date()),
    outbox: tableOutbox(tables, [SUMMARY_TABLE]),
    queue: storageDeliveryQueue(openQueues(address), createLog('silent')),
    sources: { cases, questions, openQuestions, summaries, deletions, pause: setImmediate },
  };
}
