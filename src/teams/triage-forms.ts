import { assignableTo } from '../reports/access.js';
import { adviceOn } from '../reports/advice.js';
import { ACTIONS_TAKEN, type Case, OUTCOMES, POST_MARKS, SEVERITIES } from '../reports/case.js';
import { personKey } from '../reports/draft-steps.js';
import { REPORT_CATEGORIES } from '../reports/fields.js';
import { ACTION_TAKEN, CATEGORY, type Choice, OUTCOME, POST_MARK, SEVERITY } from '../reports/labels.js';
import { standingOf } from '../reports/standing.js';
import type { TriageVerb } from '../reports/triage.js';
import { dayAndTimeAt } from '../schools/calendar.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { School } from '../schools/school.js';
import { beginningOf } from './cards/fitting.js';
import type { Field } from './cards/report-views.js';
import type { Card } from './cards/template.js';
import { caseForm } from './cards/triage-views.js';

export const FORM_NAMES = [
  'assign',
  'ask',
  'note',
  'record',
  'post',
  'category',
  'severity',
  'link',
  'elsewhere',
  'close',
  'reopen',
  'hold',
  'release_hold',
] as const;
export type FormName = (typeof FORM_NAMES)[number];

export const CATEGORIES = [...REPORT_CATEGORIES, 'child_safety'] as const;

/** The inputs that forms have, by the names under which they come back. */
export const INPUTS = ['to', 'words', 'reason', 'action', 'on', 'who', 'as', 'outcome', 'message'] as const;
export type Input = (typeof INPUTS)[number];
export type Typed = Readonly<Record<Input, string>>;

interface Form {
  /** What the button is called that opens it. */
  readonly button: string;
  readonly title: string;
  readonly hint: string;
  readonly submit: string;
  readonly does: TriageVerb;
  readonly inputs: readonly Input[];
}

const WHY = 'The reason is kept in the case log; the reporter does not see it.';

export const FORMS: Readonly<Record<FormName, Form>> = {
  assign: {
    ...{ button: 'Assign to…', title: 'Assign the case', submit: 'Assign' },
    hint: 'Whoever you choose gets all of the case in their own chat.',
    ...{ does: 'assign', inputs: ['to'] },
  },
  ask: {
    ...{ button: 'Ask the reporter', title: 'Ask the reporter', submit: 'Ask' },
    hint: 'The reporter sees your question as you type it. The answer comes back into the case.',
    ...{ does: 'ask', inputs: ['words'] },
  },
  note: {
    ...{ button: 'Note', title: 'Add a note', submit: 'Keep the note' },
    hint: 'Only those who deal with the case see it. The reporter does not.',
    ...{ does: 'note', inputs: ['words'] },
  },
  record: {
    ...{ button: 'Record an action', title: 'Record an action taken', submit: 'Record' },
    hint: 'What was done outside Policy Desk. The reporter does not see it.',
    ...{ does: 'record', inputs: ['action', 'on', 'who', 'words'] },
  },
  post: {
    ...{ button: 'Post removed or refused', title: 'What became of the post', submit: 'Record' },
    ...{ hint: '', does: 'mark_post', inputs: ['as', 'on'] },
  },
  category: {
    ...{ button: 'Change category', title: 'Change what it is about', submit: 'Change' },
    ...{ hint: WHY, does: 'change_category', inputs: ['to', 'reason'] },
  },
  severity: {
    ...{ button: 'Change urgency', title: 'Change how urgent it is', submit: 'Change' },
    ...{ hint: WHY, does: 'change_severity', inputs: ['to', 'reason'] },
  },
  link: {
    ...{ button: 'Link', title: 'Link to another case', submit: 'Link' },
    ...{ hint: 'For another case about the same.', does: 'link', inputs: ['to'] },
  },
  elsewhere: {
    ...{ button: 'Safeguarding system', title: 'For the safeguarding system', submit: 'Keep the reference' },
    hint: 'Copy the text into the school’s own system, such as CPOMS or MyConcern. Then enter what that system calls this case.',
    ...{ does: 'record_elsewhere', inputs: ['as'] },
  },
  close: {
    ...{ button: 'Close', title: 'Close the case', submit: 'Close the case' },
    hint: 'The reporter is sent your message as you type it. Name nobody who need not be named.',
    ...{ does: 'close', inputs: ['outcome', 'message'] },
  },
  reopen: {
    ...{ button: 'Open again', title: 'Open the case again', submit: 'Open again' },
    hint: 'The reporter is told that the case is open again, but not why.',
    ...{ does: 'reopen', inputs: ['reason'] },
  },
  hold: {
    ...{ button: 'Legal hold', title: 'Place the case on legal hold', submit: 'Place on legal hold' },
    hint: `It is then not deleted, however old it is, until that is taken back. ${WHY}`,
    ...{ does: 'hold', inputs: ['reason'] },
  },
  release_hold: {
    ...{ button: 'End legal hold', title: 'Take the legal hold back', submit: 'End the legal hold' },
    hint: `It is then kept as long as the school keeps such cases, and deleted after that. ${WHY}`,
    ...{ does: 'release_hold', inputs: ['reason'] },
  },
};

export const verbOf = (form: FormName): TriageVerb => FORMS[form].does;

/** What a form's inputs hold when it opens. */
export const emptyFor = ({ profile }: School, now: Date): Typed => ({
  ...{ to: '', words: '', reason: '', action: '', who: '', as: '', outcome: '', message: '' },
  on: dayAndTimeAt(now, profile.timeZone).day,
});

/** What a form shows besides what was typed into it. */
export interface FormExtras {
  /** Why nothing was done with what was typed. */
  readonly error?: string;
  /** Text to be copied into another system; left out for whoever is not to have it. */
  readonly paste?: string;
}

/** A form with what was typed into it. */
export function formCard(
  current: Case,
  school: School,
  name: FormName,
  typed: Typed,
  { error, paste }: FormExtras = {},
): Card {
  const { title, hint, submit, inputs } = FORMS[name];
  const { reference } = current.report;
  return caseForm({
    ...{ reference, seen: current.log.length, form: name, title, hint, submit, error: error ?? null },
    about: `${reference}, ${CATEGORY[standingOf(current).category]}`,
    advice: name === 'record' ? adviceOnActions(current, school.profile) : [],
    fields: [
      ...(paste === undefined ? [] : [pasteField(paste)]),
      ...inputs.map((input) => fieldOf(input, name, current, school, typed[input])),
    ],
  });
}

/** Of a message, in bytes; the reference has the rest. */
const MOST_PASTED = 15_000;

/** In a box, where all of it is marked at once and line breaks stay. What is changed in it goes nowhere. */
function pasteField(paste: string): Field {
  const value = beginningOf(paste, MOST_PASTED);
  const fault =
    value === paste ? null : 'Only its beginning fits here. All of it is in the copy of the case, as paste.txt.';
  const box = { kind: 'text', long: true, hint: '', stressed: false } as const;
  return { ...box, id: 'paste', label: 'Text to copy', value, fault };
}

/** What speaks against an action before another was taken, each sentence once. */
function adviceOnActions(current: Case, profile: SchoolProfile): readonly string[] {
  const actions = new Map<string, string[]>();
  for (const action of ACTIONS_TAKEN) {
    const sentence = adviceOn(action, current, profile);
    if (sentence !== null) actions.set(sentence, [...(actions.get(sentence) ?? []), ACTION_TAKEN[action]]);
  }
  return [...actions].map(([sentence, named]) => `${named.join('; ')}: ${sentence}`);
}

function fieldOf(input: Input, form: FormName, current: Case, { profile }: School, value: string): Field {
  const shared = { id: input, label: labelOf(input, form), value, fault: null, stressed: false };
  if (input === 'on') return { ...shared, kind: 'day' };
  const choices = choicesOf(input, form, current, profile);
  if (choices.length > 0)
    return { ...shared, kind: 'choice', choices, many: false, open: choices.length <= OPEN_UP_TO };
  return { ...shared, kind: 'text', long: LONG.includes(input), hint: HINTS[form]?.[input] ?? '' };
}

/** As many choices are seen at once; more are a list to open. */
const OPEN_UP_TO = 5;
const LONG: readonly Input[] = ['words', 'message', 'reason'];
export const HOLD_HINT = 'For example: a solicitor has written, or the police have asked for it';
const HINTS: Partial<Readonly<Record<FormName, Partial<Readonly<Record<Input, string>>>>>> = {
  link: { to: 'PD-…' },
  hold: { reason: HOLD_HINT },
  record: { who: 'For example: the parent, by telephone' },
  close: { message: 'For example: Thank you. The post has been taken down.' },
};

const LABELS: Readonly<Record<Input, string>> = {
  to: 'To whom?',
  words: 'What do you want to note?',
  reason: 'Why?',
  action: 'What was done?',
  on: 'On which day?',
  who: 'With whom? (if anyone)',
  as: 'What became of it?',
  outcome: 'How does it end?',
  message: 'What is the reporter to be told?',
};
const OWN_LABELS: Partial<Readonly<Record<FormName, Partial<Readonly<Record<Input, string>>>>>> = {
  ask: { words: 'What do you want to ask?' },
  record: { words: 'Note (if needed)' },
  category: { to: 'What is it about?' },
  severity: { to: 'How urgent is it?' },
  link: { to: 'Reference of the other case' },
  elsewhere: { as: 'Reference in that system' },
};
const labelOf = (input: Input, form: FormName): string => OWN_LABELS[form]?.[input] ?? LABELS[input];

function choicesOf(input: Input, form: FormName, current: Case, profile: SchoolProfile): readonly Choice[] {
  const { category, severity } = standingOf(current);
  switch (`${form}.${input}`) {
    case 'assign.to':
      return assignableTo(current, profile).map(({ id, name }) => ({ title: name, value: personKey(profile.id, id) }));
    case 'category.to':
      return choices(CATEGORY, CATEGORIES, category);
    case 'severity.to':
      return choices(SEVERITY, SEVERITIES, severity);
    case 'record.action':
      return choices(ACTION_TAKEN, ACTIONS_TAKEN);
    case 'post.as':
      return choices(POST_MARK, POST_MARKS);
    case 'close.outcome':
      return choices(OUTCOME, OUTCOMES);
    default:
      return [];
  }
}

/** @param but what it is already. */
const choices = <Value extends string>(
  labels: Readonly<Record<Value, string>>,
  values: readonly Value[],
  but?: Value,
): readonly Choice[] => values.filter((value) => value !== but).map((value) => ({ title: labels[value], value }));
