import type { Delivery } from '../schools/delivery.js';
import { personIn } from '../schools/people.js';
import type { Role } from '../schools/profile.js';
import type { School } from '../schools/school.js';
import { editionFor } from '../summaries/access.js';
import type { Summary, SummaryStore } from '../summaries/summary.js';
import { cardMessage } from './cards/message.js';
import type { Card } from './cards/template.js';
import type { Renderer } from './courier.js';
import { cardFor, heldNoteFor, previewFor, weeklyCardFor } from './summary-drawing.js';

type Kind = 'summary.weekly' | 'summary.preview' | 'summary.sent' | 'summary.chair' | 'summary.held';

/** The messages that summaries cause. Whoever has no part any more by which they would get one gets none. */
export function summaryRenderers({
  summaries,
  now,
}: {
  readonly summaries: Pick<SummaryStore, 'find'>;
  readonly now: () => Date;
}): Record<Kind, Renderer> {
  const rendered =
    (draw: (summary: Summary, school: School, delivery: Delivery) => Card | undefined): Renderer =>
    async (delivery, school) => {
      const stored = await summaries.find(delivery.schoolId, delivery.refs.id ?? '');
      const card = stored && draw(stored.summary, school, delivery);
      return card && cardMessage(card);
    };
  return {
    'summary.weekly': rendered((summary, school, { target }) =>
      holds(target, school, ['headteacher', 'dsl']) ? weeklyCardFor(summary) : undefined,
    ),
    'summary.preview': rendered((summary, school, { target }) =>
      holds(target, school, ['headteacher']) ? previewFor(summary, school, now()) : undefined,
    ),
    'summary.sent': rendered((summary, _school, { target }) =>
      target.to === 'governors_chat' && summary.sending.state === 'sent' ? cardFor(summary, 'governors') : undefined,
    ),
    // A chair who has become Headteacher as well learns nothing of what is about them.
    'summary.chair': rendered((summary, school, { target }) =>
      target.to === 'person' && editionFor(school.profile, target.personId) === 'chair'
        ? cardFor(summary, 'chair')
        : undefined,
    ),
    'summary.held': rendered((summary, school, { target, refs }) => {
      const isChair = holds(target, school, ['chair_of_governors']);
      return isChair || target.to === 'governors_chat'
        ? heldNoteFor(summary, school, { as: refs.as ?? '', now: now(), mayShow: isChair })
        : undefined;
    }),
  };
}

const holds = (target: Delivery['target'], { profile }: School, wanted: readonly Role[]): boolean =>
  target.to === 'person' && (personIn(profile, target.personId)?.roles.some((role) => wanted.includes(role)) ?? false);
