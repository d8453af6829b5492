import { dayInWords, isDay } from '../schools/calendar.js';
import { personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import { timeAt } from '../schools/time.js';
import type { Actor, Case, CaseEvent, Happening, ReminderStep } from './case.js';
import { sameId } from './case-change.js';
import { ACTION_TAKEN, CATEGORY, OUTCOME, SEVERITY } from './labels.js';
import { listInWords } from './receipt.js';
import { CHANNEL, type Route } from './route.js';

/**
 * The case log, one line for each event, in order: "Fri 20 Nov 2026, 15:42: Helen Achebe acknowledged it." What was typed stands in
 * full and in quotation marks, its line ends as " / ", so that nobody can type a line that looks like an event. Evidence is named
 * by its number in the case and its SHA-256; people by name, never by id. Plain text.
 *
 * @param knowsReporter whether whoever reads it may know who reported it.
 */
export function logInWords(current: Case, profile: SchoolProfile, knowsReporter: boolean): readonly string[] {
  return current.log.map((event) => {
    const { at, by, what } = event;
    const telling: Telling = { current, profile, event };
    const who = REPORTERS.has(what.kind) ? reporterName(current, profile, by, knowsReporter) : actorName(profile, by);
    return `${timeAt(at, profile.timeZone)}: ${who} ${phrase(what, telling)}`;
  });
}

type Kind = Happening['kind'];
type Happened<K extends Kind> = Extract<Happening, { kind: K }>;

/** What a line is told from, besides what happened. */
interface Telling {
  readonly current: Case;
  readonly profile: SchoolProfile;
  readonly event: CaseEvent;
}

/** What only its reporter does: told as theirs, so that no other line says who they are. */
const REPORTERS: ReadonlySet<Kind> = new Set<Kind>([
  ...(['submitted', 'evidence_added', 'words_added', 'withdrawn', 'question_answered'] as const),
]);

function reporterName({ report: { reporter } }: Case, profile: SchoolProfile, by: Actor, known: boolean): string {
  if (!('personId' in by) || !sameId(by.personId, reporter.personId)) return actorName(profile, by);
  return (known && (reporter.name ?? personIn(profile, by.personId)?.name)) || 'The reporter';
}

const LEFT = 'somebody who has left';

const actorName = (profile: SchoolProfile, by: Actor): string =>
  'personId' in by ? (personIn(profile, by.personId)?.name ?? 'Somebody who has left') : 'Policy Desk';

const nameOf = (profile: SchoolProfile, personId: string): string => personIn(profile, personId)?.name ?? LEFT;

const namesOf = (profile: SchoolProfile, ids: readonly string[]): string =>
  listInWords(ids.map((id) => (id === CHANNEL ? 'the Headteacher’s channel' : nameOf(profile, id))));

/** In quotation marks and on one line. */
const quoted = (words: string): string => `“${words.replace(/\s*\n\s*/gu, ' / ')}”`;

const onDay = (day: string): string => (isDay(day) ? dayInWords(day) : quoted(day));

function phrase<K extends Kind>(what: Happened<K>, telling: Telling): string {
  const say: Phrases[K] | undefined = PHRASES[what.kind as K];
  // A newer version of Policy Desk may have written it.
  return say === undefined ? 'did something that this version of Policy Desk has no words for.' : say(what, telling);
}

type Phrases = { readonly [K in Kind]: (what: Happened<K>, telling: Telling) => string };

const PHRASES: Phrases = {
  submitted: ({ route }, { profile }) => `submitted the report. ${whereTo(route, profile)}`,
  evidence_added: ({ evidence, sha256 }, { current }) =>
    `added ${evidenceName(current, evidence)} (SHA-256 ${sha256}).`,
  words_added: ({ words }) => `added: ${quoted(words)}`,
  withdrawn: ({ reason }) => `withdrew the report. Reason: ${quoted(reason)}`,
  rerouted: ({ unreachable, route }, { profile }) =>
    `could not reach ${namesOf(profile, unreachable)}. ${whereTo(route, profile)}`,
  question_answered: ({ question, words }, { current, profile }) => {
    const asked = current.log.find(({ number }) => number === question);
    const which = asked === undefined ? 'a question' : `the question of ${timeAt(asked.at, profile.timeZone)}`;
    return `answered ${which}: ${quoted(words)}`;
  },
  acknowledged: () => 'acknowledged it.',
  assigned: ({ to }, { profile, event: { by } }) =>
    'personId' in by && sameId(by.personId, to) ? 'took it on.' : `assigned it to ${nameOf(profile, to)}.`,
  question_asked: ({ words }) => `asked the reporter: ${quoted(words)}`,
  note_added: ({ words }) => `noted, for those who deal with it only: ${quoted(words)}`,
  category_changed: ({ from, to, reason, route }, { profile }) => {
    const changed = `changed what it is about from “${named(CATEGORY, from)}” to “${named(CATEGORY, to)}”. Reason: ${quoted(reason)}`;
    return route === undefined ? changed : `${changed} ${whereTo(route, profile)}`;
  },
  severity_changed: ({ from, to, reason }) =>
    `changed how urgent it is from “${named(SEVERITY, from)}” to “${named(SEVERITY, to)}”. Reason: ${quoted(reason)}`,
  action_taken: ({ action, on, who, words }) =>
    [
      `recorded for ${onDay(on)}: ${named(ACTION_TAKEN, action)}.`,
      who && `With: ${quoted(who)}.`,
      words && `Note: ${quoted(words)}`,
    ]
      .filter(Boolean)
      .join(' '),
  post_marked: ({ as, on }) =>
    as === 'removed'
      ? `recorded that the post was removed on ${onDay(on)}.`
      : `recorded that its removal was refused on ${onDay(on)}.`,
  linked: ({ to }) => `linked it to the case ${to}.`,
  recorded_elsewhere: ({ as }) => `recorded its reference in the school’s safeguarding system: ${quoted(as)}`,
  closed: ({ outcome, message }) =>
    `closed it: ${named(OUTCOME, outcome)}. Message to the reporter: ${quoted(message)}`,
  reopened: ({ reason }) => `opened it again. Reason: ${quoted(reason)}`,
  hold_placed: ({ reason }) => `placed it on legal hold. Reason: ${quoted(reason)}`,
  hold_released: ({ reason }) => `took the legal hold back. Reason: ${quoted(reason)}`,
  opened: () => 'opened all of it in their own chat.',
  evidence_viewed: ({ evidence, what }, { current }) => {
    const sha256 = current.evidence.find(({ id }) => id === evidence)?.sha256;
    const named = `${evidenceName(current, evidence)}${sha256 === undefined ? '' : ` (SHA-256 ${sha256})`}`;
    return what === 'original' ? `downloaded the original of ${named}.` : `looked at ${named}.`;
  },
  exported: (_, { event: { by } }) =>
    'system' in by ? 'made a copy of all of it for whoever runs it, on the command line.' : 'took a copy of all of it.',
  subject_copied: () =>
    'found it for a subject access request and made a copy for whoever runs it, on the command line.',
  deletion_announced: ({ on, people }, { profile }) =>
    `announced to ${namesOf(profile, people)} that it will be deleted from ${onDay(on)} on.`,
  reminded: ({ step, people }, { profile }) => {
    const whom = people.length > 0 ? namesOf(profile, people) : 'the Headteacher’s channel';
    return `reminded ${whom}${REMINDED[step] ?? ''}, because nobody had acknowledged it.`;
  },
};

/** A choice that a newer version knows stands as it is. */
const named = (labels: Readonly<Partial<Record<string, string>>>, value: string): string => labels[value] ?? value;

const REMINDED: Readonly<Partial<Record<ReminderStep, string>>> = {
  stand_in: ', who can stand in',
  hourly: ' again',
};

/** "It went to the Headteacher’s channel and Ann Lee." */
function whereTo({ channel, people }: Route, profile: SchoolProfile): string {
  const whom = namesOf(profile, channel ? [CHANNEL, ...people] : people);
  return whom === '' ? 'Nobody at the school could be reached.' : `It went to ${whom}.`;
}

/** By its place in the case, as everywhere else. */
function evidenceName({ evidence }: Case, wanted: string): string {
  const at = evidence.findIndex(({ id }) => id === wanted);
  return at < 0 ? 'evidence that is no longer there' : `evidence ${at + 1}`;
}
