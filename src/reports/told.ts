import { personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import { timeAt } from '../schools/time.js';
import { mayKnowReporter, readersOf } from './access.js';
import type { Actor, Case, CaseEvent } from './case.js';
import { sameId } from './case-change.js';
import { OUTCOME } from './labels.js';
import { listInWords, personInWords } from './receipt.js';
import { type Asked, standingOf } from './standing.js';

/** "Helen Achebe (Headteacher)". */
export const actorInWords = (by: Actor, profile: SchoolProfile): string =>
  'personId' in by && personIn(profile, by.personId)
    ? personInWords(profile, by.personId)
    : 'somebody who has left the school';

/** How a case stands, as its reporter reads it after when it was sent: "acknowledged by Helen Achebe (Headteacher), Fri 20 Nov 2026, 15:42". */
export function stateInWords(current: Case, profile: SchoolProfile): string {
  const { state, acknowledged, closed, questions } = standingOf(current);
  const when = ({ at }: Pick<CaseEvent, 'at'>) => timeAt(at, profile.timeZone);
  if (state === 'withdrawn') return 'withdrawn';
  if (closed) return `closed, ${when(closed)}`;
  const again = reopened(current);
  const stands =
    (again && `opened again, ${when(again)}`) ??
    (acknowledged && `acknowledged by ${actorInWords(acknowledged.by, profile)}, ${when(acknowledged)}`) ??
    'new';
  const waiting = questions.filter(({ answers }) => answers.length === 0).length;
  if (waiting === 0) return stands;
  return `${stands}. ${waiting === 1 ? 'A question waits' : `${waiting} questions wait`} for your answer`;
}

/** How a case stands, part by part, for its reporter: who has read it, how it ended and what they are told. Nothing that stays among those who deal with it. */
export function standingInWords(
  current: Case,
  profile: SchoolProfile,
): readonly { readonly part: string; readonly lines: readonly string[] }[] {
  const { acknowledged, closed } = standingOf(current);
  const again = reopened(current);
  const line = (done: string, { by, at }: Pick<CaseEvent, 'by' | 'at'>) =>
    `${done} by ${actorInWords(by, profile)}, ${timeAt(at, profile.timeZone)}`;
  const lines = [
    ...(acknowledged ? [line('Acknowledged', acknowledged)] : []),
    ...(again ? [line('Opened again', again)] : []),
    ...(closed ? [`${line('Closed', closed)}: ${OUTCOME[closed.what.outcome]}`] : []),
  ];
  return [
    ...(lines.length > 0 ? [{ part: 'How it stands', lines }] : []),
    ...(closed ? [{ part: 'Message to you', lines: [closed.what.message] }] : []),
  ];
}

/** The event that opened it again, while nothing has ended it since. */
const reopened = ({ log }: Case): CaseEvent | undefined => {
  const last = log.findLast(({ what: { kind } }) => kind === 'closed' || kind === 'withdrawn' || kind === 'reopened');
  return last?.what.kind === 'reopened' ? last : undefined;
};

/** A question to the reporter with what they answered, as lines. */
export const questionInWords = ({ by, at, words, answers }: Asked, profile: SchoolProfile): readonly string[] => [
  `${actorInWords(by, profile)} asked, ${timeAt(at, profile.timeZone)}: ${words}`,
  ...answers.map((answer) => `You answered, ${timeAt(answer.at, profile.timeZone)}: ${answer.words}`),
];

const MOST_NAMED = 6;

/** Who reads what the reporter answers, and whether all of them know whose answer it is. */
export function readersSentence(current: Case, profile: SchoolProfile): string {
  const { personId } = current.report.reporter;
  const readers = readersOf(current, profile).filter(({ id }) => !sameId(id, personId));
  const names = readers.slice(0, MOST_NAMED).map(({ id }) => personInWords(profile, id));
  const more = readers.length - names.length;
  const whom = listInWords([...names, ...(more > 0 ? [more === 1 ? '1 other' : `${more} others`] : [])]);
  const who = whom === '' ? 'whoever deals with this report' : `those who deal with this report: ${whom}`;
  const unnamed = readers.some(({ id }) => !mayKnowReporter(current, profile, id));
  return unnamed
    ? `Your answer can be read by ${who}. Not all of them see your name, so leave it out of your answer if it is to stay so.`
    : `Your answer can be read by ${who}.`;
}
