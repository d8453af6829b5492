import { inject } from 'vitest';
import { drawDocument } from '../../src/export/summary-documents.js';
import type { Log } from '../../src/log.js';
import type { NewDelivery } from '../../src/schools/delivery.js';
import type { School } from '../../src/schools/school.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { caseTable } from '../../src/storage/case-table.js';
import { deletionTable } from '../../src/storage/deletion-table.js';
import { jobTable } from '../../src/storage/job-table.js';
import { openQuestionTable } from '../../src/storage/open-question-table.js';
import { tableOutbox } from '../../src/storage/outbox.js';
import { questionHistory } from '../../src/storage/question-history.js';
import { summaryDocuments } from '../../src/storage/summary-documents.js';
import { SUMMARY_TABLE, summaryTable } from '../../src/storage/summary-table.js';
import { openTables } from '../../src/storage/tables.js';
import { makeSummary } from '../../src/summaries/making.js';
import type { SummarySweepParts } from '../../src/teams/summary-sweep.js';
import { aReport, newReference, submitted } from './reports.js';

/** What a sweep needs, as `main.ts` wires it, but for the worker: what is owed lies in the outbox. */
export function sweepParts(
  connectionString: string,
  schools: readonly School[],
  now: () => Date,
  log: Log,
): SummarySweepParts {
  const tables = openTables({ connectionString });
  const summaries = summaryTable(tables);
  const sources = {
    ...{ cases: caseTable(tables), questions: questionHistory(tables), openQuestions: openQuestionTable(tables) },
    ...{ summaries, deletions: deletionTable(tables), pause: async () => undefined },
  };
  return {
    ...{ schools, summaries, log, now, draw: drawDocument },
    documents: summaryDocuments(openBlobs({ connectionString })),
    jobs: jobTable(tables),
    outbox: tableOutbox(tables, [SUMMARY_TABLE]),
    deliveries: { committed: async () => undefined },
    make: (school, period, at, sending) => makeSummary(sources, school, period, at, sending),
  };
}

/** Hands in so many reports of a school at a moment. */
export async function reported(
  schoolId: string,
  at: string,
  count: number,
  cases = caseTable(openTables({ connectionString: inject('storage') })),
): Promise<void> {
  for (let left = count; left > 0; left -= 1)
    await cases.create(submitted(aReport(schoolId, { reference: newReference(), submittedAt: new Date(at) })));
}

/** "2026-11-02T08:00 half_term-2026-08-31 summary.preview Helen Achebe", each delivery of a school's summaries, by time. */
export async function owedBy({ profile }: School, parts: Pick<SummarySweepParts, 'summaries' | 'outbox'>) {
  const lines: string[] = [];
  for (const { summary } of await parts.summaries.all(profile.id))
    for (const { delivery } of await parts.outbox.read(parts.summaries.placeOf(profile.id, summary.id))) {
      const at = new Date(delivery.owedSince).toLocaleString('sv', { timeZone: profile.timeZone }).replace(' ', 'T');
      lines.push([at.slice(0, 16), delivery.refs.id, delivery.kind, whoIs(delivery, profile)].join(' '));
    }
  return lines.toSorted();
}

function whoIs({ target, placement, refs }: NewDelivery, { people }: School['profile']): string {
  const name =
    target.to === 'person'
      ? people.find(({ id }) => id.toLowerCase() === target.personId.toLowerCase())?.name
      : target.to;
  return [name, refs.as, placement.at === 'new' ? undefined : `${placement.at} ${placement.order}`]
    .filter(Boolean)
    .join(', ');
}
