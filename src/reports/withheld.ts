import type { Actor, Case, CaseEvent, Happening } from './case.js';
import { sameId } from './case-change.js';
import type { Evidence } from './evidence.js';
import type { Report } from './report.js';
import type { Route } from './route.js';

/** Stands where something is withheld. Nobody can type it: what people type has no control characters. */
export const WITHHELD = '\u0000withheld';

/** Why a copy of a case does not name its reporter, and has no hashes of its log. In plain text. */
export const WITHHELD_SENTENCE =
  'The reporter chose that only the Headteacher, or whoever stands in, sees their name. It is withheld here, and with it the ' +
  'hashes of the case log: whoever knows the staff could find the name out from them by trying. What people typed stands as they ' +
  'typed it.';

/** What only the reporter does. */
const REPORTED: ReadonlySet<Happening['kind']> = new Set<Happening['kind']>([
  ...(['submitted', 'evidence_added', 'words_added', 'question_answered', 'withdrawn'] as const),
]);

/**
 * A case for somebody who may not know who reported it: {@link WITHHELD} stands for the reporter wherever the case shows them as
 * such, and for every hash that their id is part of. Each event's hash is part of the next one's, and whoever has a list of the
 * staff could try them all; so no hash of the log is left. What the reporter did with it as a colleague who deals with reports
 * stays: that they did it says nothing about who reported it.
 */
export function withoutReporter({ report, evidence, log }: Case): Case {
  const { personId } = report.reporter;
  const hidden = (id: string) => (sameId(id, personId) ? WITHHELD : id);
  return {
    report: reportWithout(report, hidden),
    evidence: evidence.map((one): Evidence => ({ ...one, addedBy: hidden(one.addedBy) })),
    log: log.map((event) => eventWithout(event, hidden)),
  };
}

/**
 * A case for somebody who may not know of all the cases that it was linked to; itself, where they may. Nothing shows that an event
 * is missing: the others are numbered anew, and so without hashes, which would not fit any more.
 *
 * @param known references of those they may know of.
 */
export function withoutLinks(current: Case, known: ReadonlySet<string>): Case {
  const left = current.log.filter(({ what }) => what.kind !== 'linked' || known.has(what.to));
  if (left.length === current.log.length) return current;
  const numbers = new Map(left.map(({ number }, at) => [number, at + 1]));
  const renumbered = (what: Happening): Happening =>
    what.kind === 'question_answered' ? { ...what, question: numbers.get(what.question) ?? what.question } : what;
  const log = left.map((event, at): CaseEvent => {
    return { ...event, number: at + 1, what: renumbered(event.what), previous: WITHHELD, hash: WITHHELD };
  });
  return { ...current, log };
}

/** Whether a copy of a case has the hashes of its log. */
export const hasHashes = ({ log }: Pick<Case, 'log'>): boolean => log.every(({ hash }) => hash !== WITHHELD);

type Hide = (id: string) => string;

const reportWithout = (report: Report, hidden: Hide): Report => ({
  ...report,
  answers: { ...report.answers, involved: report.answers.involved.map(hidden) },
  reporter: { personId: WITHHELD, name: null },
});

function eventWithout(event: CaseEvent, hidden: Hide): CaseEvent {
  const by: Actor =
    'personId' in event.by && REPORTED.has(event.what.kind) ? { personId: hidden(event.by.personId) } : event.by;
  return { ...event, by, what: happeningWithout(event.what, hidden), previous: WITHHELD, hash: WITHHELD };
}

function happeningWithout(what: Happening, hidden: Hide): Happening {
  if (what.kind === 'submitted') return { ...what, report: WITHHELD, route: routeWithout(what.route, hidden) };
  if (what.kind === 'evidence_added') return { ...what, digest: WITHHELD };
  if (what.kind === 'rerouted') return { ...what, route: routeWithout(what.route, hidden) };
  if (what.kind === 'category_changed' && what.route) return { ...what, route: routeWithout(what.route, hidden) };
  return what;
}

/** Whom a report is about may be its reporter. */
const routeWithout = (route: Route, hidden: Hide): Route => ({ ...route, recused: route.recused.map(hidden) });
