import type { Case, Happening } from '../../src/reports/case.js';
import { appended } from '../../src/reports/case-log.js';
import type { Draft } from '../../src/reports/draft.js';
import { fill } from '../../src/reports/draft-steps.js';
import type { Evidence } from '../../src/reports/evidence.js';
import { openCase, type Refusal } from '../../src/reports/opening.js';
import type { CaseChange } from '../../src/reports/stores.js';
import { type TriageAction, type TriageResult, triage } from '../../src/reports/triage.js';
import { aNewDraft, aPiece, aProfile, filled, ID, type Name, NOW, TYPED } from './examples.js';

export const profile = aProfile();

/** A case with the number of deliveries it has caused, as storage keeps it. */
export interface Kept {
  readonly case: Case;
  readonly deliveries: number;
}

export const minutesIn = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);

/** What came of a step, which must not have been refused. */
export function done(result: CaseChange | Refusal | { readonly done: true }): CaseChange {
  if ('refused' in result) throw new Error(result.refused);
  if ('done' in result) throw new Error('It was done already.');
  return result;
}

export const kept = (before: Kept, change: CaseChange): Kept => ({
  case: change.case,
  deliveries: before.deliveries + change.deliveries.length,
});

/** A draft of somebody who answers every card, with some answers changed. */
export function draftWith(answers: Partial<Draft['answers']> = {}, dangers: Draft['dangers'] = []): Draft {
  const draft = filled(aNewDraft(), profile);
  const changed = { ...draft, dangers, answers: { ...draft.answers, ...answers } };
  if (dangers?.length === 0) return changed;
  const { draft: told } = fill(changed, 'told', TYPED.told, { now: NOW, profile });
  return { ...told, answers: { ...told.answers, ...answers, category: null } };
}

export function opened(draft: Draft, evidence: readonly Evidence[] = [aPiece('01')], school = profile): Kept {
  const change = openCase({ draft, evidence, profile: school, clauses: ['policy/4'], now: NOW });
  return { case: change.case, deliveries: change.deliveries.length };
}

/** The ways a case can go, by whom it is about. */
export const ROUTES = {
  channel: () => opened(draftWith()),
  about_headteacher: () => opened(draftWith({ about: 'headteacher' })),
  about_triager: () => opened(draftWith({ involved: [ID.triager] })),
  safety: () => opened(draftWith({}, ['threat']), []),
  safety_about_headteacher: () => opened(draftWith({ postedBy: 'headteacher' }, ['other_concern']), []),
} as const;
export type RouteName = keyof typeof ROUTES;

/** One step by somebody who sees the case as it is. */
export const step = (before: Kept, name: Name, action: TriageAction, minutes = 5): TriageResult =>
  triage(before, profile, action, { by: ID[name], now: minutesIn(minutes), seen: before.case.log.length });

/** The case after such a step. */
export const did = (before: Kept, name: Name, action: TriageAction, minutes = 5): Kept =>
  kept(before, done(step(before, name, action, minutes)));

/** The case with one more event, whatever the rules say. */
export function withEvent({ case: current, deliveries }: Kept, by: Name, what: Happening, minutes = 5): Kept {
  const event = appended(current.report, current.log, { at: minutesIn(minutes), by: { personId: ID[by] }, what });
  return { case: { ...current, log: [...current.log, event] }, deliveries };
}
