import { assignableTo, mayBeNamedTo, mayRead, readersOf } from '../reports/access.js';
import { ACTIONS_TAKEN, type Case, OUTCOMES, POST_MARKS, SEVERITIES } from '../reports/case.js';
import { sameId } from '../reports/case-change.js';
import { personKey } from '../reports/draft-steps.js';
import { POST_MARK } from '../reports/labels.js';
import type { CaseStore } from '../reports/stores.js';
import type { TriageAction } from '../reports/triage.js';
import type { School } from '../schools/school.js';
import { nameOf } from './triage-drawing.js';
import { CATEGORIES, type FormName, type Typed } from './triage-forms.js';

/** What a form was sent with is no action yet, in one sentence that says how to go on. */
export interface Fault {
  readonly fault: string;
}

/** The action that a form asks for. @param personId whoever sent it, by Entra object id. */
export async function actionOf(
  form: FormName,
  typed: Typed,
  current: Case,
  { profile }: School,
  cases: CaseStore,
  personId: string,
): Promise<TriageAction | Fault> {
  const { to, words, reason } = typed;
  switch (form) {
    case 'assign': {
      const chosen = assignableTo(current, profile).find(({ id }) => personKey(profile.id, id) === to);
      return chosen ? { do: 'assign', to: chosen.id } : { fault: 'Please choose to whom.' };
    }
    case 'ask':
    case 'note':
      return { do: form, words };
    case 'record': {
      const action = oneOf(ACTIONS_TAKEN, typed.action);
      return action
        ? { do: 'record', action, on: typed.on, who: typed.who, words }
        : { fault: 'Please choose what was done.' };
    }
    case 'post': {
      const as = oneOf(POST_MARKS, typed.as);
      return as ? { do: 'mark_post', as, on: typed.on } : { fault: 'Please choose what became of the post.' };
    }
    case 'category': {
      const category = oneOf(CATEGORIES, to);
      return category ? { do: 'change_category', to: category, reason } : { fault: 'Please choose what it is about.' };
    }
    case 'severity': {
      const severity = oneOf(SEVERITIES, to);
      return severity ? { do: 'change_severity', to: severity, reason } : { fault: 'Please choose how urgent it is.' };
    }
    case 'link':
      return linkTo(to, current, profile, cases, personId);
    case 'elsewhere':
      return { do: 'record_elsewhere', as: typed.as };
    case 'close': {
      const outcome = oneOf(OUTCOMES, typed.outcome);
      return outcome ? { do: 'close', outcome, message: typed.message } : { fault: 'Please choose how it ends.' };
    }
    case 'reopen':
      return { do: 'reopen', reason };
    case 'hold':
    case 'release_hold':
      return { do: form, reason };
  }
}

/** A case that is another's business is as good as none. @param typed a reference, as people type them. */
export async function linkTo(
  typed: string,
  current: Case,
  profile: School['profile'],
  cases: CaseStore,
  personId: string,
): Promise<TriageAction | Fault> {
  const reference = typed.trim().toUpperCase();
  const found = await cases.find(profile.id, reference);
  if (!found || !mayRead(found.case, profile, personId)) return { fault: 'I cannot find a case with that reference.' };
  return mayBeNamedTo(found.case, readersOf(current, profile), profile)
    ? { do: 'link', to: found.case.report.reference }
    : { fault: 'Not everyone who reads this case may know of that one, so it cannot be named here.' };
}

const oneOf = <Value extends string>(values: readonly Value[], typed: string): Value | undefined =>
  values.find((value) => value === typed);

/**
 * What somebody is told of what they have just done.
 *
 * @param came `acknowledged`: with that the case was acknowledged as well. `isReached`: whom it was assigned to has a chat with the bot.
 */
export function doneSentence(
  action: TriageAction,
  { profile }: School,
  by: string,
  came: { readonly acknowledged: boolean; readonly isReached: boolean },
): string {
  const also = came.acknowledged && action.do !== 'acknowledge' ? (ALSO[action.do] ?? '') : '';
  switch (action.do) {
    case 'assign': {
      if (sameId(action.to, by)) return `Assigned to you.${also}`;
      const name = nameOf(profile, action.to);
      return `Assigned to ${name}${came.isReached ? ', who gets all of it in their own chat.' : `. ${NO_CHAT}`}${also}`;
    }
    case 'mark_post':
      return `${SENTENCES.mark_post} ${POST_MARK[action.as]}.${also}`;
    case 'link':
      return `Linked to ${action.to}.${also}`;
    default:
      return `${SENTENCES[action.do]}${also}`;
  }
}

const NO_CHAT =
  'That person has no chat with Policy Desk yet, so please tell them yourself. In Teams, they choose Apps, search for Policy Desk and press Add.';
const TOLD = ' The report is acknowledged with that, and the reporter is told so.';
/** Whoever gets a question or the end of it needs no word besides that it was acknowledged. */
const ALSO: Readonly<Partial<Record<TriageAction['do'], string>>> = {
  ...{ assign: TOLD, record: TOLD, mark_post: TOLD, change_category: TOLD, change_severity: TOLD },
};

const SENTENCES: Readonly<Record<Exclude<TriageAction['do'], 'assign' | 'link'>, string>> = {
  acknowledge: 'Acknowledged. The reporter is told.',
  ask: 'Asked. The question goes to the reporter, and the answer comes back into the case.',
  note: 'Noted. The reporter does not see it.',
  change_category: 'Changed what it is about.',
  change_severity: 'Changed how urgent it is.',
  record: 'Recorded.',
  mark_post: 'Recorded:',
  record_elsewhere: 'The reference is kept.',
  close: 'Closed. The reporter is told.',
  reopen: 'Opened again. The reporter is told.',
  hold: 'On legal hold: it is not deleted until that is taken back.',
  release_hold: 'The legal hold is taken back.',
};
