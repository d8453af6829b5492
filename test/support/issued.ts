import type { NewDelivery, OutboxPlace } from '../../src/schools/delivery.js';
import type { Summary, SummaryStore } from '../../src/summaries/summary.js';

/** Keeps a summary as if it had just been made. @returns where its deliveries lie; `undefined` when another was quicker. */
export async function issued(
  store: Pick<SummaryStore, 'issue'>,
  summary: Summary,
  deliveries: readonly NewDelivery[] = [],
): Promise<OutboxPlace | undefined> {
  const issue = await store.issue(summary.schoolId, async () => ({ summary, deliveries }));
  return issue.kind === 'issued' ? issue.place : undefined;
}
