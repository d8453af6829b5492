import { editionFor } from '../summaries/access.js';
import { askedFor } from '../summaries/on-demand.js';
import { type Period, periodId } from '../summaries/period.js';
import type { Summary } from '../summaries/summary.js';
import type { Card } from './cards/template.js';
import { cardFor } from './summary-drawing.js';
import { refused, type SummaryTurn } from './summary-turn.js';
import { originOf } from './turn.js';

export const NOT_THERE = 'There is no summary of that period any more that you can choose. Please type “summary”.';

const MOST_TRIES = 5;

type Asking = Pick<SummaryTurn, 'context' | 'parts' | 'school'>;

/** What may be asked for, latest first. */
export async function periodsFor({ parts, school }: Pick<Asking, 'parts' | 'school'>): Promise<readonly Period[]> {
  const issued = await parts.summaries.store.all(school.profile.id);
  return askedFor(
    school.profile,
    issued.map(({ summary }) => summary.period),
    parts.now(),
  );
}

/** A summary in the own chat of whoever asks; made now where there is none of that period yet. */
export async function shownFor(asking: Asking, period: Period, periods: readonly Period[]): Promise<Card | string> {
  const { context, parts, school } = asking;
  const edition = editionFor(school.profile, originOf(context.activity).personId);
  if (!edition) return refused(asking, 'Only the Headteacher and the chair of governors can ask for a summary.');
  const summary = await summaryOf(asking, period);
  if (!summary) return NOT_THERE;
  parts.log.info({ event: 'summary.shown', schoolId: school.profile.id });
  return cardFor(summary, edition, periods);
}

/** Of two who make one at once, the first one's stands; where one of another period was made meanwhile, it is made anew. */
async function summaryOf({ parts, school }: Asking, period: Period): Promise<Summary | undefined> {
  const { store, make } = parts.summaries;
  const { id: schoolId } = school.profile;
  for (let left = MOST_TRIES; left > 0; left -= 1) {
    const before = await store.find(schoolId, periodId(period));
    if (before) return before.summary;
    const issue = await store.issue(schoolId, async () => {
      const summary = await make(school, period, parts.now(), { state: 'none' });
      return summary && { summary, deliveries: [] };
    });
    if (issue.kind === 'nothing') return undefined;
    if (issue.kind === 'issued') {
      parts.log.info({ event: 'summary.made', schoolId });
      return issue.summary;
    }
  }
  throw new Error('Others made summaries each time that this one was counted.');
}
