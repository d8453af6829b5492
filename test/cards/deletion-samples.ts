import type { Case, Happening } from '../../src/reports/case.js';
import { changed } from '../../src/reports/case-change.js';
import type { Certificate } from '../../src/reports/deletion.js';
import { keptUntil } from '../../src/reports/retention.js';
import { peopleWith } from '../../src/schools/people.js';
import type { Role, SchoolProfile } from '../../src/schools/profile.js';
import type { Card } from '../../src/teams/cards/template.js';
import { announcementFor, deletionToldFor, tombstoneFor } from '../../src/teams/deletion-renderers.js';
import { NOW } from './report-samples.js';

const CLOSED: Happening = { kind: 'closed', outcome: 'resolved', message: 'Thank you.' };
const WITHDRAWN: Happening = { kind: 'withdrawn', reason: 'It is gone.' };

/** After it has ended, and its deletion was announced a month before the time. */
export function announcedOf(current: Case, profile: SchoolProfile, end: Happening = CLOSED): Case {
  const ended = changed(current, { personId: '' }, NOW, [end], { deliveries: [] }).case;
  const on = keptUntil(ended, profile)?.until ?? '';
  const announced = { kind: 'deletion_announced', on, people: [] } as const;
  return changed(ended, { system: true }, new Date(`${on}T08:00:00Z`), [announced], { deliveries: [] }).case;
}

/** What is left of a case that was deleted. */
export const certificateOf = ({ report, log }: Case, change: Partial<Certificate> = {}): Certificate => ({
  ...{ schoolId: report.schoolId, reference: report.reference, submittedAt: report.submittedAt },
  way: 'headteacher_channel',
  endedAt: NOW,
  deletedAt: new Date('2032-11-20T09:00:00Z'),
  reason: 'retention',
  events: log.length,
  lastHash: log.at(-1)?.hash ?? '',
  evidence: [{ sha256: 'a'.repeat(64), bytes: 81_234 }],
  ...change,
});

/** What is said when a case's time is over. */
export function deletionCards(
  profile: SchoolProfile,
  { usual, chair, urgent }: { readonly usual: Case; readonly chair: Case; readonly urgent: Case },
): Record<string, Card> {
  const announced = (current: Case, role: Role): Card => {
    const card = announcementFor(current, profile, peopleWith(profile, role)[0]?.id ?? '');
    if (!card) throw new Error('Nothing is announced.');
    return card;
  };
  return {
    'case-deletion-announced': announced(announcedOf(usual, profile), 'headteacher'),
    'case-deletion-announced-chair': announced(announcedOf(chair, profile, WITHDRAWN), 'chair_of_governors'),
    'case-deletion-announced-safeguarding': announced(announcedOf(urgent, profile), 'dsl'),
    'case-deleted': tombstoneFor(certificateOf(usual), profile),
    'case-deleted-early': tombstoneFor(certificateOf(usual, { reason: 'early' }), profile),
    'case-deleted-told': deletionToldFor(certificateOf(usual), profile, true),
    'case-deleted-told-uploaded': deletionToldFor(certificateOf(usual), profile, false),
    'case-deleted-told-no-files': deletionToldFor(certificateOf(urgent, { evidence: [] }), profile, false),
  };
}
