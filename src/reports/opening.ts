import type { SchoolProfile } from '../schools/profile.js';
import type { CaseEvent } from './case.js';
import { newCards, questionOf, targetsOf } from './case-change.js';
import { appended, digestOf } from './case-log.js';
import { evidenceAdded } from './case-steps.js';
import type { Draft, Step } from './draft.js';
import type { Evidence } from './evidence.js';
import { asked } from './faults.js';
import { FIELDS, isChildSafety, NO_ANSWERS } from './fields.js';
import type { Answers, Report } from './report.js';
import { type Route, routeFor } from './route.js';
import type { CaseChange } from './stores.js';

export type { Refusal } from './case-change.js';
export {
  addEvidence,
  addWords,
  answerQuestion,
  reroute,
  routeOf,
  stateOf,
  withdraw,
} from './case-steps.js';
export { severityOf } from './standing.js';

/**
 * The report a complete draft makes. Answers that its category does not ask for are left out, also where they were given while
 * another category was chosen.
 *
 * @throws when the draft has no category, which a complete one has.
 */
export function reportOf(draft: Draft, now: Date): Report {
  const { reference, schoolId, personId, personName, dangers, answers } = draft;
  const category = isChildSafety(draft) ? 'child_safety' : answers.category;
  if (category === null) throw new Error('A draft without a category cannot be submitted.');
  return {
    ...{ reference, schoolId, category, dangers: dangers ?? [], answers: answersAsked(draft) },
    reporter: { personId, name: personName },
    submittedAt: now,
  };
}

const REPORTED: readonly Step[] = ['what', 'where', 'words', 'evidence', 'wishes'];
/** What was typed before the danger was is kept with the words. */
const REPORTED_ON_CHILD_SAFETY: readonly Step[] = ['what', 'where', 'words', 'told'];

function answersAsked(draft: Draft): Answers {
  const steps = isChildSafety(draft) ? REPORTED_ON_CHILD_SAFETY : REPORTED;
  const kept = new Set<string>(steps.flatMap((step) => asked(step, draft)));
  const fields = new Set<string>(Object.values(FIELDS).flat());
  const given = Object.entries(draft.answers).filter(([name]) => kept.has(name) || !fields.has(name));
  return { ...NO_ANSWERS, ...Object.fromEntries(given) };
}

/** Where a draft would go as it stands: said on its cards before anything is asked. */
export const routeOfDraft = (profile: SchoolProfile, draft: Draft): Route =>
  routeFor(profile, {
    ...draft.answers,
    category: isChildSafety(draft) ? 'child_safety' : draft.answers.category,
    reporterId: draft.personId,
    unreachable: [],
  });

/**
 * A new case from a complete draft: its first events, and a card owed to everyone its route names, numbered from 1 in the route's
 * order, the channel's first. Where the route leads to nobody nothing is owed: the receipt says so.
 *
 * @param clauses keys of the clauses it concerns (`<policy id>/<clause id>`).
 */
export function openCase(opening: {
  readonly draft: Draft;
  readonly evidence: readonly Evidence[];
  readonly profile: SchoolProfile;
  readonly clauses: readonly string[];
  readonly now: Date;
}): CaseChange {
  const { draft, evidence, profile, clauses, now: at } = opening;
  const report = reportOf(draft, at);
  const route = routeFor(profile, questionOf(report));
  const by = { personId: draft.personId };
  const events: CaseEvent[] = [];
  const submitted = { kind: 'submitted', report: digestOf(report), route, clauses } as const;
  for (const what of [submitted, ...evidence.map(evidenceAdded)])
    events.push(appended(report, events, { at, by, what }));
  const deliveries = newCards(report.reference, targetsOf(route));
  return { case: { report, evidence, log: events }, events, evidence, deliveries, at };
}
