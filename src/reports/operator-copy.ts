import { type Changeable, changed } from './case-change.js';
import type { CaseChange } from './stores.js';

/**
 * Notes that whoever runs Policy Desk takes a copy of all of a case, before they get it. Nobody in the profile has to allow it: they
 * can read the storage anyway, and so it leaves a trace.
 */
export const exportedByOperator = ({ case: current }: Changeable, now: Date): CaseChange =>
  changed(current, { system: true }, now, [{ kind: 'exported' }], { deliveries: [] });

/** Notes that a case was found for a subject access request and is copied for whoever runs Policy Desk; not for whom. */
export const copiedForSubject = ({ case: current }: Changeable, now: Date): CaseChange =>
  changed(current, { system: true }, now, [{ kind: 'subject_copied' }], { deliveries: [] });
