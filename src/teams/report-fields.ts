import type { Draft, Step } from '../reports/draft.js';
import { asked, type Fault, type Field, personKey } from '../reports/draft-steps.js';
import { CHOICES, nameChoices } from '../reports/labels.js';
import { routeOfDraft } from '../reports/opening.js';
import { receivers } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { Field as Input } from './cards/report-views.js';

const LABELS: Readonly<Record<Field, string>> = {
  dangers: 'A child’s safety comes first: is any of these true?',
  category: 'What has happened?',
  breachKind: 'What kind of breach?',
  postedBy: 'Who posted it or did it?',
  about: 'Whom or what is it about?',
  involved:
    'Did one of these people post it, or is it about them? Tick them, and it does not go to them (leave empty if none)',
  platform: 'Where was it? (if you know)',
  place: 'Link, group or place (if you know)',
  account: 'Name of the account (if you know)',
  postedDay: 'Day it was posted (if shown)',
  postedTime: 'Time it was posted (if shown)',
  seenDay: 'Day you saw it (if you know)',
  seenTime: 'Time you saw it (if you know)',
  stillThere: 'Is it still there? (if you know)',
  words: 'What does it say, or what happened?',
  whoSaw: 'Who else has seen it? (if you know)',
  doneSoFar: 'What has been done so far? (if anything)',
  goesOn: 'Is it still going on? (if you know)',
  howTheyAre: 'How is the person it is aimed at? (if you know)',
  noScreenshot: 'If you have no screenshot',
  wish: 'What would you like to happen? (if you wish to say)',
  nameFor: 'Who may see your name?',
  police: 'The police: have you told them, or do you want to? That is your decision (you need not say)',
  support: 'What support would help? (if any)',
  told: 'Who has been told, and when?',
  staffConduct: 'Does it concern how a member of staff behaves with children?',
};

/** What a report on a child's safety may leave empty, though other reports may not. */
const OPTIONAL_WHEN_URGENT: readonly Field[] = ['postedBy', 'about'];

function labelOf(field: Field, step: Step, { answers }: Draft): string {
  if (field === 'howTheyAre' && answers.about === 'reporter') return 'How are you? (if you wish to say)';
  return step === 'told' && OPTIONAL_WHEN_URGENT.includes(field) ? `${LABELS[field]} (if you know)` : LABELS[field];
}

const HINTS: Partial<Readonly<Record<Field, string>>> = {
  place: 'https://… or, for example, the Year 4 parents’ group',
  account: 'As it is shown, for example @example',
  words: 'In your own words',
  told: 'For example: the safeguarding lead, in person, at 10:15',
};

/** Everything is to be seen at once where a person in a hurry must not miss a choice. */
const OPEN: readonly Field[] = [
  'dangers',
  'involved',
  'nameFor',
  'staffConduct',
  'goesOn',
  'stillThere',
  'noScreenshot',
];
const MANY: readonly Field[] = ['dangers', 'involved', 'noScreenshot'];
const DAYS: readonly Field[] = ['postedDay', 'seenDay'];
const TIMES: readonly Field[] = ['postedTime', 'seenTime'];
const LONG: readonly Field[] = ['words', 'doneSoFar', 'wish', 'told'];

/** The inputs of a card, with what was typed before and what is wrong with it. */
export function inputsOf(draft: Draft, step: Step, profile: SchoolProfile, faults: readonly Fault[]): readonly Input[] {
  return asked(step, draft).map((field) => {
    const shared = {
      id: field,
      label: labelOf(field, step, draft),
      value: typedInto(draft, field),
      stressed: field === 'dangers',
      fault: faults.find((fault) => fault.field === field)?.sentence ?? null,
    };
    if (DAYS.includes(field)) return { ...shared, kind: 'day' };
    if (TIMES.includes(field)) return { ...shared, kind: 'time' };
    const choices = choicesOf(draft, field, profile);
    if (choices.length === 0) return { ...shared, kind: 'text', long: LONG.includes(field), hint: HINTS[field] ?? '' };
    return { ...shared, kind: 'choice', choices, many: MANY.includes(field), open: OPEN.includes(field) };
  });
}

function choicesOf(draft: Draft, field: Field, profile: SchoolProfile): readonly { title: string; value: string }[] {
  if (field === 'involved')
    return receivers(profile).map(({ id, name }) => ({ title: name, value: personKey(profile.id, id) }));
  if (field === 'nameFor') return nameChoices(routeOfDraft(profile, draft), profile);
  if (field === 'noScreenshot') return [{ title: 'I can’t get a screenshot', value: 'true' }];
  return field in CHOICES ? CHOICES[field as keyof typeof CHOICES] : [];
}

/** What stands in an input, as the client gives it back. */
function typedInto({ schoolId, dangers, answers }: Draft, field: Field): string {
  switch (field) {
    case 'dangers':
      return dangers === null ? '' : dangers.join(',') || 'none';
    case 'involved':
      return answers.involved.map((id) => personKey(schoolId, id)).join(',');
    case 'postedDay':
      return answers.postedAt.day;
    case 'postedTime':
      return answers.postedAt.time;
    case 'seenDay':
      return answers.seenAt.day;
    case 'seenTime':
      return answers.seenAt.time;
    case 'noScreenshot':
      return answers.noScreenshot ? 'true' : '';
    default:
      return answers[field] ?? '';
  }
}
