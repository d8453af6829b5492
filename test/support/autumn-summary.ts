import { setImmediate } from 'node:timers/promises';
import { drawDocument } from '../../src/export/summary-documents.js';
import { createLog } from '../../src/log.js';
import type { Category } from '../../src/policies/category.js';
import type { Happening } from '../../src/reports/case.js';
import { appended } from '../../src/reports/case-log.js';
import type { School } from '../../src/schools/school.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { CASE_TABLE, caseTable } from '../../src/storage/case-table.js';
import { deletionTable } from '../../src/storage/deletion-table.js';
import { storageDeliveryQueue } from '../../src/storage/delivery-queue.js';
import { jobTable } from '../../src/storage/job-table.js';
import { openQuestionTable } from '../../src/storage/open-question-table.js';
import { tableOutbox } from '../../src/storage/outbox.js';
import { questionHistory } from '../../src/storage/question-history.js';
import { openQueues } from '../../src/storage/queues.js';
import { summaryDocuments } from '../../src/storage/summary-documents.js';
import { SUMMARY_TABLE, summaryTable } from '../../src/storage/summary-table.js';
import { openTables } from '../../src/storage/tables.js';
import { makeSummary } from '../../src/summaries/making.js';
import { SummarySweep, summaryJob } from '../../src/teams/summary-sweep.js';
import { anAnswers, aReport, submitted } from './reports.js';
import { HELEN } from './staff.js';

/** Reports of the sample school in the first half of the autumn term of 2026, a week apart or less. */
const REPORTS: readonly (readonly [Category, acknowledged: boolean])[] = [
  ...Array.from({ length: 9 }, () => ['online_bullying', true] as const),
  ...Array.from({ length: 6 }, () => ['disparaging_post', true] as const),
  ...Array.from({ length: 2 }, () => ['disparaging_post', false] as const),
  ...Array.from({ length: 3 }, () => ['other_breach', true] as const),
  ...Array.from({ length: 2 }, () => ['child_safety', true] as const),
];
/** As the job notes the period before. */
const SUMMER = 'half_term-2026-06-01..2026-08-30';
const FIRST_REPORT = Date.parse('2026-09-07T10:00:00Z');
const DAY_MS = 24 * 60 * 60_000;

/**
 * Lets the first half of the autumn term go by in a storage that a running bot uses: reports come in, the Headteacher has the preview,
 * and two school days later the summary is owed to the governors, which the bot then sends.
 */
export async function letAutumnGoBy(connectionString: string, school: School): Promise<void> {
  const address = { connectionString };
  const [tables, blobs, log] = [openTables(address), openBlobs(address), createLog('silent')];
  const [cases, summaries, questions] = [caseTable(tables), summaryTable(tables), questionHistory(tables)];
  for (const [at, [category, acknowledged]] of REPORTS.entries())
    await cases.create(aCase(school, at, category, acknowledged));
  const jobs = jobTable(tables);
  const queue = storageDeliveryQueue(openQueues(address), log);
  const sources = {
    ...{ cases, questions, openQuestions: openQuestionTable(tables), summaries, pause: setImmediate },
    deletions: deletionTable(tables),
  };
  let now = new Date();
  const sweep = new SummarySweep({
    ...{ schools: [school], summaries, documents: summaryDocuments(blobs), jobs, log },
    outbox: tableOutbox(tables, [CASE_TABLE, SUMMARY_TABLE]),
    deliveries: { committed: (place) => queue.add(place, 0) },
    make: (of, period, at, sending) => makeSummary(sources, of, period, at, sending),
    draw: drawDocument,
    now: () => now,
  });
  // The bot has just met the school, and so would not tell of what is over.
  const known = await jobs.find(school.profile.id, summaryJob('half_term'));
  await jobs.note(known, { slot: SUMMER, deliveries: [], at: now });
  for (const moment of ['2026-11-02T08:01:00Z', '2026-11-04T08:01:00Z']) {
    now = new Date(moment);
    await sweep.look();
  }
}

function aCase({ profile }: School, at: number, category: Category, isAcknowledged: boolean) {
  const submittedAt = new Date(FIRST_REPORT + 2 * at * DAY_MS);
  const answers = anAnswers({
    postedBy: at % 2 === 0 ? 'parent' : 'pupil',
    platform: at % 3 === 0 ? 'tiktok' : 'facebook',
  });
  const change = submitted(aReport(profile.id, { category, answers, submittedAt }));
  const { report, log } = change.case;
  const taken: Happening = { kind: 'acknowledged' };
  const event = appended(report, log, {
    at: new Date(submittedAt.getTime() + DAY_MS),
    by: { personId: HELEN.id },
    what: taken,
  });
  const events = isAcknowledged ? [...log, event] : log;
  return { ...change, case: { ...change.case, log: events }, events, deliveries: [] };
}
