import { askedFor, editionFor } from '../summaries/on-demand.js';
import { type Period, periodId } from '../summaries/period.js';
import type { Summary } from '../summaries/summary.js';
import type { Card } from './cards/template.js';
import { cardFor } from './summary-drawing.js';
import { refused, type SummaryTurn } from './summary-turn.js';
import { originOf } from './turn.js';

export const NOT_THERE = 'There is no summary of that period any more that you can choose. Please type “summary”.';

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

/** Of two who make one at once, the first one's stands. */
async function summaryOf({ parts, school }: Asking, period: Period): Promise<Summary | undefined> {
  const { store, make } = parts.summaries;
  const { id: schoolId } = school.profile;
  const before = await store.find(schoolId, periodId(period));
  if (before) return before.summary;
  const made = await make(school, period, parts.now(), { state: 'none' });
  if (!made) return undefined;
  if (await store.create(made, [])) {
    parts.log.info({ event: 'summary.made', schoolId });
    return made;
  }
  const first = await store.find(schoolId, made.id);
  if (!first) throw new Error('A summary was made by another, and is not there.');
  return first.summary;
}
