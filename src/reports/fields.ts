import { createHash } from 'node:crypto';
import { receivers } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import { safeText } from '../typed-text.js';
import type { Draft, Step } from './draft.js';
import {
  type Answers,
  BREACH_KINDS,
  DANGERS,
  type Danger,
  NAME_FOR,
  PLATFORMS,
  POLICE,
  POSTERS,
  type ReportCategory,
  SUBJECTS,
  YES_NO,
} from './report.js';

export const REPORT_CATEGORIES: readonly ReportCategory[] = ['online_bullying', 'disparaging_post', 'other_breach'];

/** What each card may ask, by the names its inputs have. */
export const FIELDS = {
  what: ['dangers', 'category', 'breachKind', 'postedBy', 'about', 'involved'],
  where: ['platform', 'place', 'account', 'postedDay', 'postedTime', 'seenDay', 'seenTime', 'stillThere'],
  words: ['words', 'whoSaw', 'doneSoFar', 'goesOn', 'howTheyAre'],
  evidence: ['noScreenshot'],
  wishes: ['wish', 'nameFor', 'police', 'support'],
  told: ['words', 'told', 'staffConduct', 'postedBy', 'about', 'involved'],
} as const satisfies Readonly<Record<Step, readonly string[]>>;
export type Field = (typeof FIELDS)[Step][number];

/** In characters. */
export const LONGEST_WORDS = 4_000;
export const LONGEST_TEXT = 500;
/** What is too long is kept as typed, so that it can be shortened; but only up to this many times the limit. */
const KEPT = 1.5;
/** A day or a time as a form gives it, or what else was typed there. */
const LONGEST_MOMENT = 20;

/** Answers of which none is given. */
export const NO_ANSWERS: Answers = {
  ...{ category: null, breachKind: null, postedBy: null, about: null, involved: [] },
  ...{ platform: null, place: '', account: '', stillThere: null },
  postedAt: { day: '', time: '' },
  seenAt: { day: '', time: '' },
  ...{ words: '', whoSaw: '', doneSoFar: '', goesOn: null, howTheyAre: '' },
  ...{ noScreenshot: false, wish: '', nameFor: null, police: null, support: '', told: '', staffConduct: null },
};

/** Whether it is one on child safety, which takes words only. */
export const isChildSafety = ({ dangers }: Pick<Draft, 'dangers'>): boolean => (dangers?.length ?? 0) > 0;

/**
 * Names a person on a card without giving their id away. Not a secret: it only keeps ids out of cards.
 *
 * @returns 10 hexadecimal digits.
 */
export const personKey = (schoolId: string, personId: string): string =>
  createHash('sha256')
    .update(JSON.stringify([schoolId, personId.toLowerCase()]))
    .digest('hex')
    .slice(0, 10);

/**
 * A draft with what was typed on a card. A field that was not typed stays as it is. What is no choice counts as not answered.
 *
 * @param typed by field; choices of which several may be made, separated by commas.
 */
export function withTyped(
  { dangers, answers }: Pick<Draft, 'dangers' | 'answers'>,
  step: Step,
  typed: Readonly<Record<string, string>>,
  profile: SchoolProfile,
): Pick<Draft, 'dangers' | 'answers'> {
  let all = answers;
  for (const field of FIELDS[step]) {
    const value = Object.hasOwn(typed, field) ? typed[field] : undefined;
    if (value !== undefined && field !== 'dangers') all = { ...all, ...READ[field](value, all, profile) };
  }
  const danger = step === 'what' && Object.hasOwn(typed, 'dangers') ? typed.dangers : undefined;
  const now = danger === undefined ? dangers : dangersIn(danger);
  return { dangers: now, answers: isChildSafety({ dangers: now }) ? { ...all, category: null } : all };
}

/** Any danger counts, whatever stands beside it; "none" counts alone. */
function dangersIn(typed: string): readonly Danger[] | null {
  const chosen = listed(typed);
  const dangers = DANGERS.filter((danger) => chosen.includes(danger));
  return dangers.length > 0 || (chosen.length > 0 && chosen.every((one) => one === 'none')) ? dangers : null;
}

type Reader = (typed: string, answers: Answers, profile: SchoolProfile) => Partial<Answers>;

const text =
  (
    field: 'place' | 'account' | 'words' | 'whoSaw' | 'doneSoFar' | 'howTheyAre' | 'wish' | 'support' | 'told',
  ): Reader =>
  (typed) => ({ [field]: cleaned(typed, field === 'words' ? LONGEST_WORDS : LONGEST_TEXT) });

const choice =
  <Name extends keyof Answers>(field: Name, values: readonly Answers[Name][]): Reader =>
  (typed) => ({ [field]: values.find((value) => value === typed.trim()) ?? null });

const READ: Readonly<Record<Exclude<Field, 'dangers'>, Reader>> = {
  category: choice('category', REPORT_CATEGORIES),
  breachKind: choice('breachKind', BREACH_KINDS),
  postedBy: choice('postedBy', POSTERS),
  about: choice('about', SUBJECTS),
  involved: (typed, _answers, profile) => ({ involved: peopleNamed(typed, profile) }),
  platform: choice('platform', PLATFORMS),
  place: text('place'),
  account: text('account'),
  postedDay: (typed, { postedAt }) => ({ postedAt: { ...postedAt, day: moment(typed) } }),
  postedTime: (typed, { postedAt }) => ({ postedAt: { ...postedAt, time: moment(typed) } }),
  seenDay: (typed, { seenAt }) => ({ seenAt: { ...seenAt, day: moment(typed) } }),
  seenTime: (typed, { seenAt }) => ({ seenAt: { ...seenAt, time: moment(typed) } }),
  stillThere: choice('stillThere', YES_NO),
  words: text('words'),
  whoSaw: text('whoSaw'),
  doneSoFar: text('doneSoFar'),
  goesOn: choice('goesOn', YES_NO),
  howTheyAre: text('howTheyAre'),
  noScreenshot: (typed) => ({ noScreenshot: typed.trim() === 'true' }),
  wish: text('wish'),
  nameFor: choice('nameFor', NAME_FOR),
  police: choice('police', POLICE),
  support: text('support'),
  told: text('told'),
  staffConduct: choice('staffConduct', YES_NO),
};

/** Of the people offered; in the profile's order, whatever the order chosen. */
function peopleNamed(typed: string, profile: SchoolProfile): readonly string[] {
  const keys = listed(typed);
  return receivers(profile)
    .map(({ id }) => id)
    .filter((id) => keys.includes(personKey(profile.id, id)));
}

const listed = (typed: string): string[] =>
  typed
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** Without what cannot be shown or stored, see {@link safeText}. */
export const cleaned = (typed: string, longest: number): string =>
  safeText(
    safeText(typed.replace(/\r\n?/gu, '\n'))
      .trim()
      // Which may part a character in two.
      .slice(0, longest * KEPT),
  ).trimEnd();

const moment = (typed: string): string => cleaned(typed, LONGEST_MOMENT).replace(/^(\d{2}:\d{2}):\d{2}$/u, '$1');
