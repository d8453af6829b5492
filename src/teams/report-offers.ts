import type { StoredDraft } from '../reports/draft.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { School } from '../schools/school.js';
import { dayAt } from '../schools/time.js';
import { savedCard } from './cards/report-views.js';
import type { Card } from './cards/template.js';
import { DRAFT_LIVES_MS } from './draft-sweep.js';

const leadOf = ({ contacts: { dsl } }: SchoolProfile): string =>
  [dsl.name, dsl.phone ?? dsl.email].filter(Boolean).join(', ');

/** What was said that led to an open report. */
interface Said {
  /** A child's safety has been spoken of. */
  readonly urgent: boolean;
  /** More than that there is something to report. */
  readonly words: boolean;
}

/** The report that is open already. */
export const offerCard = ({ draft }: StoredDraft, { profile }: School, { urgent, words }: Said): Card =>
  savedCard({
    draftId: draft.id,
    title: 'You have a report that is not sent yet',
    warning: urgent
      ? `If a child may be at risk, do not wait for this. In immediate danger: call 999. Tell the designated safeguarding lead now: ${leadOf(profile)}.`
      : null,
    lines: [
      `You began it on ${dayAt(draft.startedAt, profile.timeZone)}. Nobody else has seen it.`,
      words
        ? 'What you have just typed is not in it. Go on with it and add the words there, or discard it and type them again.'
        : 'Go on with it, or discard it and begin anew.',
    ],
    offers: 'resume_or_discard',
  });

export const keptCard = ({ draft }: StoredDraft, { profile }: School): Card =>
  savedCard({
    draftId: draft.id,
    title: 'Saved for later. It is not sent yet',
    warning: null,
    lines: [
      'Type “report” to go on with it.',
      `If you leave it alone, it is deleted on ${dayAt(new Date(draft.changedAt.getTime() + DRAFT_LIVES_MS), profile.timeZone)}. I tell you two days before.`,
    ],
    offers: 'resume_or_discard',
  });

export const discardCard = ({ draft, evidence }: StoredDraft): Card =>
  savedCard({
    draftId: draft.id,
    title: 'Discard this report?',
    warning: null,
    lines: [
      `What you wrote ${evidence.length > 0 ? 'and the files you added are' : 'is'} deleted for good. Nothing has been sent to anyone.`,
    ],
    offers: 'confirm_discard',
  });

export const discardedCard = (): Card =>
  savedCard({
    draftId: '',
    title: 'Discarded',
    warning: null,
    lines: ['Nothing was sent to anyone.'],
    offers: 'begin',
  });

/** What stands in the place of an old card of a report of which nothing is kept any more. */
export const goneCard = (): Card =>
  savedCard({
    draftId: '',
    title: 'This report is not here any more',
    warning: null,
    lines: ['It was discarded, or it was sent and has been deleted since.'],
    offers: 'begin',
  });

/** What the writer of a draft is told two days before it is deleted. */
export const expiringCard = ({ draft }: StoredDraft): Card =>
  savedCard({
    draftId: draft.id,
    title: 'A report you began is deleted in two days',
    warning: null,
    lines: ['It is not sent yet, and nobody else has seen it. To keep it, go on with it.'],
    offers: 'resume_or_discard',
  });
