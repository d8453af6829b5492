import { timeAt } from '../schools/time.js';
import type { Case, CaseEvent, Happening } from './case.js';
import type { Evidence } from './evidence.js';
import { caseInWords, evidenceInWords, seenInWords } from './in-words.js';
import { CATEGORY, STATE } from './labels.js';
import { logInWords } from './log-in-words.js';
import { ANOTHER_PERSON } from './mask-others.js';
import { isOneOf } from './route.js';
import { standingOf } from './standing.js';
import {
  distinct,
  type FileToSee,
  type Finding,
  maskIn,
  namedIn,
  type Reason,
  type Search,
  shownName,
  surenessOf,
  surest,
} from './subject-access.js';
import { retyped, typedIn } from './typed-words.js';
import { withoutReporter } from './withheld.js';

/** What a case holds on a person; `undefined` where it is nothing. Its reporter is withheld unless they surely are the person. */
export function findInCase(search: Search, current: Case): Finding | undefined {
  const about = aboutThem(search, current);
  const acted = current.log.flatMap((event) => actedIn(search, event));
  const reasons = distinct([...about, ...acted, ...sentToThem(search, current), ...namedByOthers(search, current)]);
  if (reasons.length === 0) return undefined;
  const shown = shownCase(search, current);
  return {
    ...{ kind: 'case', title: `Case ${current.report.reference}`, sureness: surest(reasons), reasons },
    parts: about.length > 0 ? wholeOf(search, shown) : passagesOf(search, current, shown),
    files: filesOf(shown.case.evidence, search),
  };
}

/** That the person reported it, or that it is about them. */
function aboutThem(search: Search, { report, log }: Case): readonly Reason[] {
  const { reporter, answers } = report;
  const by = (id: string, how: string): Reason[] => {
    const sureness = surenessOf(search, id);
    return sureness === undefined ? [] : [{ sureness, how }];
  };
  const reported = by(reporter.personId, 'reported it');
  const isNamed = reported.length === 0 && search.names(reporter.name ?? '').found.some(({ as }) => as === 'whole');
  const aboutSelf = answers.about === 'reporter' ? by(reporter.personId, 'said that it is about themselves') : [];
  const recused = standingOf({ report, log }).route.recused.filter((id) => !isOneOf(answers.involved, id));
  return [
    ...reported,
    ...aboutSelf,
    ...(isNamed ? [{ sureness: 'possible', how: 'whoever reported it has this name' } as const] : []),
    ...answers.involved.flatMap((id) =>
      by(id, 'was said to be involved: to have posted it, or to be whom it is about'),
    ),
    ...recused.flatMap((id) => by(id, 'was taken to be involved, and so kept from it')),
  ];
}

const sentToThem = (search: Search, { log }: Case): readonly Reason[] =>
  log.flatMap(({ what }) =>
    peopleTold(what).flatMap(([id, how]): Reason[] => {
      const sureness = surenessOf(search, id);
      return sureness === undefined ? [] : [{ sureness, how }];
    }),
  );

function peopleTold(what: Happening): readonly (readonly [id: string, how: string])[] {
  const to = (ids: readonly string[], how: string) => ids.map((id) => [id, how] as const);
  switch (what.kind) {
    case 'assigned':
      return to([what.to], 'it was assigned to them');
    case 'reminded':
      return to(what.people, 'was reminded of it');
    case 'deletion_announced':
      return to(what.people, 'was told when it will be deleted');
    case 'rerouted':
      return [...to(what.unreachable, 'could not be reached with it'), ...to(what.route.people, 'it was sent to them')];
    default:
      return 'route' in what && what.route ? to(what.route.people, 'it was sent to them') : [];
  }
}

function actedIn(search: Search, { by, what }: CaseEvent): readonly Reason[] {
  const sureness = 'personId' in by ? surenessOf(search, by.personId) : undefined;
  if (sureness === undefined || what.kind === 'submitted') return [];
  return [{ sureness, how: 'acted on it, or looked at it' }];
}

const namedByOthers = (search: Search, current: Case): readonly Reason[] =>
  typedIn(current).flatMap(({ where, text }) => namedIn(search, text, where));

interface Shown {
  readonly case: Case;
  readonly knowsReporter: boolean;
  readonly mask: (text: string) => string;
}

/** The case in which nobody else is to be found. */
function shownCase(search: Search, current: Case): Shown {
  const { reporter } = current.report;
  const knowsReporter = surenessOf(search, reporter.personId) === 'certain';
  const texts = typedIn(current).map(({ text }) => text);
  const mask = maskIn(search, texts, [reporter.name]);
  const typed = retyped(current, (text, where) => {
    // The name of an account seldom looks like one.
    if (where === 'the account' && text !== '' && search.names(text).found.length === 0) return ANOTHER_PERSON;
    return mask(text);
  });
  return { case: knowsReporter ? typed : withoutReporter(typed), knowsReporter, mask };
}

type Parts = Finding['parts'];

function wholeOf(search: Search, { case: current, knowsReporter }: Shown): Parts {
  const words = caseInWords(current, search.maskedProfile).filter(({ part }) => part !== 'Evidence');
  return [
    headOf(search, current, knowsReporter),
    ...words.map(({ part, lines }) => ({ heading: part, lines })),
    { heading: 'Case log', lines: logInWords(current, search.maskedProfile, knowsReporter) },
  ];
}

/** Only what names the person, and what they did: the rest is about others. */
function passagesOf(search: Search, before: Case, { case: current, knowsReporter, mask }: Shown): Parts {
  const named = typedIn(before)
    .filter(({ text }) => search.names(text).found.length > 0)
    .map(({ where, text }) => `In ${where}: ${mask(text)}`);
  const lines = logInWords(current, search.maskedProfile, knowsReporter);
  const theirs = before.log.flatMap((event, at) => (actedIn(search, event).length > 0 ? [lines[at] ?? ''] : []));
  return [
    headOf(search, current, knowsReporter),
    { heading: 'Where the name stands', lines: named },
    { heading: 'What they did', lines: theirs },
  ].filter((part) => part.lines.length > 0);
}

function headOf(search: Search, { report, log }: Case, knowsReporter: boolean): Parts[number] {
  const { state, category } = standingOf({ report, log });
  const reporter = knowsReporter ? shownName(search, report.reporter.personId, report.reporter.name) : ANOTHER_PERSON;
  return {
    heading: 'The case',
    lines: [
      `Reported: ${timeAt(report.submittedAt, search.profile.timeZone)}, by ${reporter}`,
      `Category: ${CATEGORY[category]}. State: ${STATE[state]}.`,
    ],
  };
}

/** @param evidence as it may be shown. */
export const filesOf = (evidence: readonly Evidence[], { profile }: Search): readonly FileToSee[] =>
  evidence.map((one, at) => ({
    number: at + 1,
    sha256: one.sha256,
    about: [evidenceInWords(one, at, profile), seenInWords(one)].filter(Boolean).join('; '),
  }));
