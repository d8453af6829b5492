import type { SchoolProfile } from '../schools/profile.js';
import { mayRead } from './access.js';
import type { Noticed } from './case.js';
import { type Changeable, changed, type Refusal } from './case-change.js';
import type { CaseChange } from './stores.js';
import { NOT_ALLOWED } from './triage.js';

/** Who looks, and when. */
export interface Look {
  /** Entra object id, from the turn or the link. */
  readonly by: string;
  readonly now: Date;
}

/** Sends all of a case to the chat of a person who may read it, and notes that they have opened it. */
export function open({ case: current, deliveries }: Changeable, profile: SchoolProfile, look: Look) {
  const refs = { reference: current.report.reference };
  const target = { to: 'person', personId: look.by } as const;
  return noted(current, profile, look, { kind: 'opened', card: deliveries + 1 }, [
    { kind: 'case.read', refs, target, placement: { at: 'new' } },
  ]);
}

/** Notes that a person looks at a piece of evidence, before it is shown. */
export function viewEvidence(
  { case: current }: Changeable,
  profile: SchoolProfile,
  look: Look,
  evidence: string,
  what: 'viewing_copy' | 'original',
): CaseChange | Refusal {
  const result = noted(current, profile, look, { kind: 'evidence_viewed', evidence, what });
  const isThere = 'refused' in result || current.evidence.some(({ id }) => id === evidence);
  return isThere ? result : { refused: 'That file is not in this report.' };
}

/** Notes that a person takes a copy of all of a case, before they get it. */
export const exportCase = ({ case: current }: Changeable, profile: SchoolProfile, look: Look): CaseChange | Refusal =>
  noted(current, profile, look, { kind: 'exported' });

function noted(
  current: Changeable['case'],
  profile: SchoolProfile,
  { by, now }: Look,
  what: Noticed,
  deliveries: CaseChange['deliveries'] = [],
): CaseChange | Refusal {
  if (!mayRead(current, profile, by)) return { refused: NOT_ALLOWED };
  return changed(current, { personId: by }, now, [what], { deliveries });
}
