import { dayAndTimeAt, isDay } from '../schools/calendar.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { Draft, Step } from './draft.js';
import { FIELDS, type Field, isChildSafety, LONGEST_TEXT, LONGEST_WORDS } from './fields.js';
import type { Answers, DayAndTime } from './report.js';

/** What is wrong with one answer, in one sentence that says how to go on. */
export interface Fault {
  readonly field: Field;
  readonly sentence: string;
}

/** What judging an answer needs besides the answers. */
export interface DraftContext {
  readonly now: Date;
  readonly profile: SchoolProfile;
}

type Known = Pick<Draft, 'dangers' | 'answers'>;

/** Which fields a card asks of this draft: what its category does not need is not asked. */
export const asked = (step: Step, draft: Known): readonly Field[] =>
  FIELDS[step].filter((field) => NEEDED[field]?.(draft.answers) ?? true);

const forBullying = ({ category }: Answers) => category === 'online_bullying';
const NEEDED: Readonly<Partial<Record<Field, (answers: Answers) => boolean>>> = {
  breachKind: ({ category }) => category === 'other_breach',
  goesOn: forBullying,
  howTheyAre: forBullying,
  police: forBullying,
  support: forBullying,
};

/** What is wrong with the answers of one card: at most one fault a field, in the card's order. */
export const faultsIn = (step: Step, draft: Known, context: DraftContext): readonly Fault[] =>
  asked(step, draft).flatMap((field) => {
    const sentence = CHECKS[field]?.(draft, context);
    return sentence === undefined ? [] : [{ field, sentence }];
  });

type Check = (draft: Known, context: DraftContext) => string | undefined;

/** Child safety waits for nothing but the words. */
const chosen =
  (field: 'category' | 'breachKind' | 'postedBy' | 'about', sentence: string): Check =>
  (draft) =>
    draft.answers[field] === null && !isChildSafety(draft) ? sentence : undefined;

const brief =
  (field: 'account' | 'whoSaw' | 'doneSoFar' | 'howTheyAre' | 'wish' | 'support', what: string): Check =>
  ({ answers }) =>
    tooLong(answers[field], LONGEST_TEXT, what);

const CHECKS: Readonly<Partial<Record<Field, Check>>> = {
  dangers: ({ dangers }) =>
    dangers === null ? 'Please answer the question about danger first; "None of these" is an answer.' : undefined,
  category: chosen('category', 'Please choose what happened.'),
  breachKind: chosen('breachKind', 'Please choose what kind of breach it is; "Something else" is an answer.'),
  postedBy: chosen('postedBy', 'Please choose who posted it or did it; "Not known" is an answer.'),
  about: chosen('about', 'Please choose whom or what it is about.'),
  place: ({ answers: { place } }) => tooLong(place, LONGEST_TEXT, 'The place') ?? linkFault(place),
  account: brief('account', 'The account name'),
  postedDay: ({ answers }, context) => dayFault(answers.postedAt, 'was posted', context),
  postedTime: ({ answers }, context) => timeFault(answers.postedAt, 'was posted', context),
  seenDay: ({ answers }, context) => dayFault(answers.seenAt, 'was seen', context),
  seenTime: ({ answers }, context) => timeFault(answers.seenAt, 'was seen', context),
  words: ({ answers: { words } }) =>
    words === '' ? 'Please say in your own words what happened.' : tooLong(words, LONGEST_WORDS, 'Your description'),
  whoSaw: brief('whoSaw', 'Who else saw it'),
  doneSoFar: brief('doneSoFar', 'What has been done so far'),
  howTheyAre: brief('howTheyAre', 'How they are'),
  wish: brief('wish', 'What you would like to happen'),
  nameFor: ({ answers: { nameFor } }) => (nameFor === null ? 'Please choose who may see your name.' : undefined),
  support: brief('support', 'The support wanted'),
  told: ({ answers: { told } }) =>
    told === ''
      ? 'Please say who has been told, and when; "Nobody yet" is an answer.'
      : tooLong(told, LONGEST_TEXT, 'Who has been told'),
  staffConduct: ({ answers: { staffConduct } }) =>
    staffConduct === null
      ? 'Please say whether it concerns the conduct of a member of staff; "Not known" is an answer.'
      : undefined,
};

/** Says that a text is longer than a limit, in characters. @param what begins the sentence. */
export const tooLong = (text: string, longest: number, what: string): string | undefined =>
  text.length > longest
    ? `${what} is longer than ${longest.toLocaleString('en-GB')} characters; please shorten it.`
    : undefined;

const LIKE_A_LINK = /^(?:https?\b|www\.|[a-z][a-z0-9+.-]*:\/\/|(?:javascript|data|file|mailto|vbscript):)/iu;

/** The web address that a place begins with; `undefined` when it is a place in words. */
export function linkIn(place: string): string | undefined {
  const [first = ''] = place.split(/\s/u);
  const address = first.replace(/^www\./iu, 'https://$&');
  if (!/^https?:\/\//iu.test(address) || !URL.canParse(address)) return undefined;
  const { hostname, href } = new URL(address);
  return /^[^.]+(?:\.[^.]+)+$/u.test(hostname) ? href : undefined;
}

const linkFault = (place: string): string | undefined =>
  LIKE_A_LINK.test(place) && linkIn(place) === undefined
    ? 'That looks like a link but is not a whole one; please copy it again from the address bar, or describe the place in words.'
    : undefined;

/** A phone's clock may be ahead of ours. */
const LEEWAY_MS = 5 * 60_000;

function latest({ now, profile }: DraftContext): DayAndTime {
  return dayAndTimeAt(new Date(now.getTime() + LEEWAY_MS), profile.timeZone);
}

/** No post is older than social media, and nothing done about one. */
export const isLikely = (day: string): boolean => isDay(day) && day >= '1990-01-01';

function dayFault({ day }: DayAndTime, happened: string, context: DraftContext): string | undefined {
  if (day === '') return undefined;
  if (!isLikely(day))
    return `The day it ${happened} is not a day in the calendar; please choose it again, or leave it empty.`;
  return day > latest(context).day ? `The day it ${happened} is in the future; please check the date.` : undefined;
}

function timeFault({ day, time }: DayAndTime, happened: string, context: DraftContext): string | undefined {
  if (time === '') return undefined;
  if (!/^(?:[01]\d|2[0-3]):[0-5]\d$/u.test(time))
    return `The time it ${happened} is not a time of day; please give it like 15:42, or leave it empty.`;
  if (day === '') return `Please add the day to the time it ${happened}, or leave the time empty.`;
  const most = latest(context);
  return day === most.day && time > most.time
    ? `The time it ${happened} is still to come; please check it.`
    : undefined;
}
