import { placeOf } from '../../policies/citation.js';
import { type Gap, type GapList, monthName, timesAsked } from '../../policies/gaps.js';
import type { SchoolProfile } from '../../schools/profile.js';
import { type Card, fillCard } from './template.js';

const MOST_SHOWN = 10;
const LONGEST_PLACE = 120;

/** What staff asked in the last twelve months and the policy left open, most asked first. */
export function gapsCard(list: GapList, { name }: SchoolProfile): Card {
  const shown = list.gaps.slice(0, MOST_SHOWN);
  const rest = list.gaps.length - shown.length;
  return fillCard('gaps', {
    school: name,
    headline: headlineOf(list),
    hasGaps: shown.length > 0,
    gaps: shown.map(toRow),
    notes: notesOn(list, rest).map((note) => ({ note })),
  });
}

function headlineOf({ gaps, unnamed }: GapList): string {
  if (gaps.length > 1) return `${gaps.length} subjects in questions of the last twelve months, most asked first.`;
  if (gaps.length === 1) return 'One subject in questions of the last twelve months.';
  return unnamed > 0
    ? 'Nothing stands out in the questions of the last twelve months.'
    : 'No question of the last twelve months shows a gap in the policy.';
}

function toRow(gap: Gap) {
  const places = gap.nearest.map(({ clause }) => placeOf(clause)).filter((place) => place !== '');
  const nearest = places.map(shortened).join('; ');
  return {
    subject: gap.subject ?? 'Something the common rules do not name',
    asked: askedHow(gap),
    example: gap.example === null ? '' : `For example: ${gap.example}`,
    hasExample: gap.example !== null,
    nearest: `Nearest: ${nearest}`,
    hasNearest: nearest !== '',
  };
}

/** "Asked 4 times, last in Nov 2026. Not covered; once the answer was marked unhelpful." */
function askedHow({ count, notCovered, unhelpful, lastMonth }: Gap): string {
  const when = `Asked ${timesAsked(count)}${count > 1 ? ', last' : ''} in ${monthName(lastMonth)}.`;
  if (unhelpful === 0) return `${when} The policy does not say.`;
  if (notCovered === 0) return `${when} The clauses shown were marked unhelpful.`;
  return `${when} The policy does not say; ${timesAsked(unhelpful)}, clauses shown were marked unhelpful.`;
}

const notesOn = ({ unnamed, outside, answeredSince, more }: GapList, rest: number): string[] =>
  [
    rest > 0 && `Not shown: ${rest} more, asked less often.`,
    unnamed > 0 &&
      `Not shown: ${questions(unnamed)} asked too seldom to be shown in words, on something I have no name for.`,
    outside > 0 && `Left out: ${questions(outside)} on other matters than social media, such as pay or parking.`,
    answeredSince > 0 && `Left out: ${questions(answeredSince)} that the policy answers by now.`,
    more && 'Older questions were left out, because there are too many.',
  ].filter((note) => note !== false);

const questions = (count: number): string => (count === 1 ? '1 question' : `${count} questions`);

const shortened = (place: string): string =>
  place.length <= LONGEST_PLACE ? place : `${place.slice(0, place.lastIndexOf(' ', LONGEST_PLACE))} …`;
