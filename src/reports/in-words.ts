import { dayInWords, isDay } from '../schools/calendar.js';
import { personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import { timeAt } from '../schools/time.js';
import type { Case } from './case.js';
import type { Evidence } from './evidence.js';
import {
  BREACH_KIND,
  CATEGORY,
  DANGER,
  NAME_SEEN_BY,
  PLATFORM,
  POLICE_WISH,
  POSTER,
  SUBJECT,
  YES_OR_NO,
} from './labels.js';
import type { Answers, Danger, DayAndTime } from './report.js';

/** A part of a report in words: what was answered and nothing else. Texts stand as they were typed. */
export interface PartInWords {
  readonly part: 'What happened' | 'Where and when' | 'In their own words' | 'Evidence' | 'Wishes' | 'Added later';
  readonly lines: readonly string[];
}

type Line = readonly [label: string, answer: string | null | undefined];

/** Who reads it: the choices are worded as the reporter would say them. */
export type Reader = 'reporter' | 'recipient';

/** What was answered on the cards before the last, by card. */
export function answersInWords(
  answers: Answers,
  dangers: readonly Danger[],
  profile: SchoolProfile,
  reader: Reader = 'recipient',
): Readonly<Record<'what' | 'where' | 'words' | 'wishes', readonly string[]>> {
  const { category, breachKind, postedBy, about, involved, platform, stillThere, goesOn, nameFor, police } = answers;
  const people = involved.flatMap((id) => personIn(profile, id)?.name ?? []);
  return {
    what: written([
      ['', dangers.map((danger) => DANGER[danger]).join('; ')],
      ['', category && CATEGORY[category]],
      ['', breachKind && BREACH_KIND[breachKind]],
      ['Posted or done by', postedBy && POSTER[postedBy]],
      [
        'About',
        about && (about === 'reporter' && reader === 'recipient' ? 'The person who reports it' : SUBJECT[about]),
      ],
      ['Involved', people.join(', ')],
      ['Concerns the conduct of a member of staff', answers.staffConduct && YES_OR_NO[answers.staffConduct]],
    ]),
    where: written([
      ['On', platform && PLATFORM[platform]],
      ['Link or place', answers.place],
      ['Account', answers.account],
      ['Posted', momentInWords(answers.postedAt)],
      ['Seen', momentInWords(answers.seenAt)],
      ['Still there', stillThere && YES_OR_NO[stillThere]],
    ]),
    words: written([
      ['', answers.words],
      ['Who else saw it', answers.whoSaw],
      ['Done so far', answers.doneSoFar],
      ['It goes on', goesOn && YES_OR_NO[goesOn]],
      ['How they are', answers.howTheyAre],
      ['Told already', answers.told],
    ]),
    wishes: written([
      ['Would like', answers.wish],
      ['Police', police && POLICE_WISH[police]],
      ['Support wanted', answers.support],
      ['Name may be seen by', nameFor && NAME_SEEN_BY[nameFor]],
    ]),
  };
}

/** A case as those may read it who may read all of it, and as its reporter may. */
export function caseInWords(
  { report, evidence, log }: Case,
  profile: SchoolProfile,
  reader: Reader = 'recipient',
): readonly PartInWords[] {
  const { what, where, words, wishes } = answersInWords(report.answers, report.dangers, profile, reader);
  const added = log.flatMap(({ what: event, at }) => {
    const when = timeAt(at, profile.timeZone);
    if (event.kind === 'words_added') return [`${when}: ${event.words}`];
    return event.kind === 'withdrawn' ? [`${when}: withdrawn. ${event.reason}`] : [];
  });
  const parts: readonly PartInWords[] = [
    { part: 'What happened', lines: what },
    { part: 'Where and when', lines: where },
    { part: 'In their own words', lines: words },
    {
      part: 'Evidence',
      lines: evidence.map((piece, at) =>
        [evidenceInWords(piece, at, profile), seenInWords(piece)].filter(Boolean).join('; '),
      ),
    },
    { part: 'Wishes', lines: wishes },
    // Newest first, as the end of a long part may not fit on a card.
    { part: 'Added later', lines: added.toReversed() },
  ];
  return parts.filter(({ lines }) => lines.length > 0);
}

/** What a file is, by its type. */
export const TYPE: Readonly<Record<Evidence['type'], string>> = {
  'image/png': 'PNG picture',
  'image/jpeg': 'JPEG picture',
  'image/webp': 'WebP picture',
  'image/gif': 'GIF picture',
  'application/pdf': 'PDF',
};

/** "1. PNG picture, 240 KB, received Fri 20 Nov 2026, 15:42". */
export const evidenceInWords = (
  { type, bytes, receivedAt }: Evidence,
  at: number,
  { timeZone }: SchoolProfile,
): string => `${at + 1}. ${TYPE[type]}, ${sizeInWords(bytes)}, received ${timeAt(receivedAt, timeZone)}`;

/** When and where a piece of evidence was seen; empty where not said. */
export const seenInWords = ({ seenOn, seenTime, seenWhere }: Evidence): string => {
  const when = momentInWords({ day: seenOn, time: seenTime });
  return [when && `seen ${when}`, seenWhere].filter(Boolean).join(', ');
};

/** "240 KB", "1.2 MB". */
export const sizeInWords = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/** "Mon 14 Sep 2026, 10:15"; what is no day stands as it was typed. */
export const momentInWords = ({ day, time }: DayAndTime): string =>
  [isDay(day) ? dayInWords(day) : day, time].filter(Boolean).join(', ');

/** Only what was answered; a text of several lines keeps them. */
const written = (lines: readonly Line[]): readonly string[] =>
  lines.flatMap(([label, answer]) => {
    if (!answer) return [];
    const [first = '', ...others] = answer.split('\n');
    return [label === '' ? first : `${label}: ${first}`, ...others].filter((line) => line.trim() !== '');
  });
