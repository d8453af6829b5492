import { dayInWords, isDay } from '../schools/calendar.js';
import { personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import { timeAt } from '../schools/time.js';
import type { Actor, Case } from './case.js';
import { caseInWords, evidenceInWords, seenInWords } from './in-words.js';
import { keptInWords } from './kept-in-words.js';
import { ACTION_TAKEN, CATEGORY, OUTCOME, POST_MARK, SEVERITY, STATE } from './labels.js';
import { all, type Standing, standingOf } from './standing.js';
import { WITHHELD, withoutReporter } from './withheld.js';

/**
 * A case as plain text, to be pasted into the school's safeguarding system (CPOMS, MyConcern): what happened, what was done and
 * when, how it ended, and which evidence is kept where. One fact a line, no markup. Notes among those who deal with it stay out.
 *
 * @param knowsReporter whether whoever takes it may know who reported it.
 */
export function pasteText(current: Case, profile: SchoolProfile, knowsReporter: boolean): string {
  const shown = knowsReporter ? current : withoutReporter(current);
  const parts = [
    headLines(shown, profile),
    ...caseInWords(shown, profile)
      .filter(({ part }) => part !== 'Evidence')
      .map(({ part, lines }) => [`${part}:`, ...(part === 'Added later' ? lines.toReversed() : lines)]),
    questionLines(standingOf(shown), profile),
    doneLines(shown, profile),
    evidenceLines(shown, profile),
  ];
  const text = parts.filter((lines) => lines.length > 0).map((lines) => lines.map(onOneLine).join('\n'));
  return `${text.join('\n\n')}\n`;
}

/** Nobody can type a line that looks like one of these. */
const onOneLine = (line: string): string => line.replace(/\s*[\n\r\u2028\u2029]\s*/gu, ' / ');

function headLines(current: Case, profile: SchoolProfile): string[] {
  const { report } = current;
  const { state, category, severity, acknowledged, assignee, recordedAs, links } = standingOf(current);
  const name = (by: Actor) => nameOf(by, profile);
  return [
    `Policy Desk case ${report.reference}`,
    `Reference in this system: ${recordedAs ?? '________'}`,
    `School: ${profile.name}`,
    `Reported: ${timeAt(report.submittedAt, profile.timeZone)}`,
    `Reported by: ${reporterName(current)}`,
    `Category: ${CATEGORY[category]}`,
    `How urgent: ${SEVERITY[severity]}`,
    `State: ${STATE[state]}`,
    ...(acknowledged
      ? [`Acknowledged: ${timeAt(acknowledged.at, profile.timeZone)}, by ${name(acknowledged.by)}`]
      : []),
    ...(assignee === null ? [] : [`Dealt with by: ${name({ personId: assignee })}`]),
    ...(links.length > 0 ? [`Cases about the same: ${links.join(', ')}`] : []),
    ...keptInWords(current, profile).map(({ name, value }) => `${name} (in Policy Desk): ${value}`),
  ];
}

/** A case's reporter by name, or what is said in its place. @param current without its reporter where they are withheld. */
export const reporterName = ({ report: { reporter } }: Pick<Case, 'report'>): string =>
  reporter.personId === WITHHELD ? 'Name withheld' : (reporter.name ?? 'A member of staff');

/** Whoever did something, by name. */
export function nameOf(by: Actor, profile: SchoolProfile): string {
  if (!('personId' in by)) return 'Policy Desk';
  return personIn(profile, by.personId)?.name ?? 'somebody who has left';
}

const questionLines = ({ questions }: Standing, { timeZone }: SchoolProfile): string[] =>
  questions.flatMap(({ at, words, answers }, index) => [
    ...(index === 0 ? ['Asked and answered:'] : []),
    `${timeAt(at, timeZone)}, asked: ${words}`,
    ...answers.map((answer) => `${timeAt(answer.at, timeZone)}, answered: ${answer.words}`),
  ]);

function doneLines(current: Case, profile: SchoolProfile): string[] {
  const lines = [...actionsInWords(current, profile), ...outcomeInWords(current, profile)];
  return ['Actions taken and outcome:', ...(lines.length > 0 ? lines : ['None recorded so far.'])];
}

/** "Fri 20 Nov 2026: Told the police. With: PC Lee. Crime number 123. (Helen Achebe)". */
export function actionsInWords(current: Case, profile: SchoolProfile): readonly string[] {
  const { actions } = standingOf(current);
  const taken = actions.map(({ by, what: { action, on, who, words } }) => ({
    on,
    line: [
      `${ACTION_TAKEN[action]}.`,
      who && `With: ${who}${endOf(who)}`,
      words && `${words}${endOf(words)}`,
      `(${nameOf(by, profile)})`,
    ]
      .filter(Boolean)
      .join(' '),
  }));
  const marks = all(current.log, 'post_marked').map(({ by, what: { as, on } }) => ({
    on,
    line: `The post: ${POST_MARK[as].toLowerCase()}. (${nameOf(by, profile)})`,
  }));
  return [...taken, ...marks]
    .toSorted((one, other) => (one.on < other.on ? -1 : one.on > other.on ? 1 : 0))
    .map(({ on, line }) => `${isDay(on) ? dayInWords(on) : on}: ${line}`);
}

const endOf = (words: string): string => (/\p{P}$/u.test(words) ? '' : '.');

/** How it ended, once it has. */
export function outcomeInWords(current: Case, profile: SchoolProfile): readonly string[] {
  const { state, closed } = standingOf(current);
  if (state === 'withdrawn') return ['Outcome: withdrawn by whoever reported it.'];
  if (!closed) return [];
  return [
    `Outcome: ${OUTCOME[closed.what.outcome]}, ${timeAt(closed.at, profile.timeZone)}, by ${nameOf(closed.by, profile)}`,
    `Message to the reporter: ${closed.what.message}`,
  ];
}

function evidenceLines({ evidence, report }: Case, profile: SchoolProfile): string[] {
  if (evidence.length === 0) return ['Evidence: no files.'];
  return [
    'Evidence:',
    ...evidence.flatMap((piece, at) => [
      [evidenceInWords(piece, at, profile), seenInWords(piece)].filter(Boolean).join('; '),
      `SHA-256 ${piece.sha256}`,
    ]),
    `The originals are kept in Policy Desk under ${report.reference}.`,
  ];
}
