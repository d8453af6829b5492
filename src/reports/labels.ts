import type { Category } from '../policies/category.js';
import type { ActionTaken, CaseOutcome, CaseState, PostMark, Severity } from './case.js';
import { REPORT_CATEGORIES } from './fields.js';
import {
  BREACH_KINDS,
  type BreachKind,
  DANGERS,
  type Danger,
  NAME_FOR,
  type NameFor,
  PLATFORMS,
  type Platform,
  POLICE,
  POSTERS,
  type Police,
  type Poster,
  SUBJECTS,
  type Subject,
  YES_NO,
  type YesNo,
} from './report.js';

export {
  contactsFor,
  LADO,
  LEAD,
  type NamedContact,
  nameChoices,
  type Receipt,
  receiptOf,
  routeSentence,
} from './receipt.js';

/** One choice of a card. */
export interface Choice {
  readonly title: string;
  readonly value: string;
}

type Labels<Value extends string> = Readonly<Record<Value, string>>;

export const CATEGORY: Labels<Category> = {
  online_bullying: 'Online bullying',
  disparaging_post: 'A disparaging post',
  other_breach: 'Another breach of the policy',
  child_safety: 'A child’s safety',
};
export const BREACH_KIND: Labels<BreachKind> = {
  privacy: 'Personal information or pictures shared without permission',
  contact: 'Contact with pupils or families through private accounts',
  account: 'An account taken over, shared or made up',
  name_or_logo: 'Use of the school’s name or logo',
  conduct: 'Conduct online that falls short of the policy',
  other: 'Something else',
};
export const POSTER: Labels<Poster> = {
  pupil: 'A pupil',
  parent: 'A parent or carer',
  staff: 'A member of staff',
  headteacher: 'The Headteacher',
  chair_of_governors: 'The chair of governors',
  governor: 'Another governor',
  outside: 'Someone outside the school',
  not_known: 'Not known',
};
export const SUBJECT: Labels<Subject> = {
  reporter: 'Me',
  colleague: 'A colleague',
  headteacher: 'The Headteacher',
  school: 'The school',
  pupil: 'A pupil',
  parent: 'A parent or carer',
  chair_of_governors: 'The chair of governors',
  governor: 'Another governor',
  provider: 'A provider or contractor',
  other: 'Someone else',
};
export const PLATFORM: Labels<Platform> = {
  facebook: 'Facebook',
  instagram: 'Instagram',
  snapchat: 'Snapchat',
  tiktok: 'TikTok',
  whatsapp: 'WhatsApp',
  x: 'X (Twitter)',
  youtube: 'YouTube',
  messages: 'Text messages or email',
  school_account: 'One of the school’s own accounts',
  other: 'Somewhere else',
};
export const DANGER: Labels<Danger> = {
  danger_now: 'A child is in danger now',
  indecent_image: 'There is an indecent image of a child',
  threat: 'Someone is threatening harm',
  other_concern: 'I am worried about a child’s safety for another reason',
};
export const POLICE_WISH: Labels<Police> = {
  told: 'I have told the police',
  wants_to: 'I want to tell the police',
  does_not_want: 'I do not want to tell the police',
  undecided: 'I have not decided',
};
export const YES_OR_NO: Labels<YesNo> = { yes: 'Yes', no: 'No', not_known: 'Not known' };
export const NAME_SEEN_BY: Labels<NameFor> = {
  triagers: 'Everyone who deals with reports in the Headteacher’s channel',
  recipient: 'Only the Headteacher, or whoever stands in',
};
export const STATE: Labels<CaseState> = {
  new: 'New',
  open: 'Acknowledged',
  closed: 'Closed',
  withdrawn: 'Withdrawn',
};
export const ACTION_TAKEN: Labels<ActionTaken> = {
  contacted_platform: 'Contacted the platform',
  asked_for_removal: 'Asked whoever posted it to remove it',
  spoke_to_parent: 'Spoke to a parent or carer',
  complaints_procedure: 'Sent to the complaints procedure',
  told_police: 'Told the police',
  told_lado: 'Told the LADO',
  told_dsl: 'Told the designated safeguarding lead',
  told_authority_or_trust: 'Told the local authority or the trust',
  disciplinary_procedure: 'Opened the disciplinary procedure',
  support_offered: 'Offered support',
};
export const POST_MARK: Labels<PostMark> = { removed: 'Removed', refused: 'Removal refused' };
export const OUTCOME: Labels<CaseOutcome> = {
  resolved: 'Resolved',
  passed_on: 'Passed on to another body or procedure',
  no_breach: 'No breach of the policy',
  not_enough_known: 'Not enough is known to act',
  duplicate: 'Dealt with in another case',
};
export const SEVERITY: Labels<Severity> = { normal: 'Normal', high: 'High', urgent: 'Urgent' };

/** The choices a card offers, by field, in the order shown. */
export const CHOICES = {
  dangers: [...choicesOf(DANGERS, DANGER), { title: 'None of these', value: 'none' }],
  category: choicesOf(REPORT_CATEGORIES, CATEGORY),
  breachKind: choicesOf(BREACH_KINDS, BREACH_KIND),
  postedBy: choicesOf(POSTERS, POSTER),
  about: choicesOf(SUBJECTS, SUBJECT),
  platform: choicesOf(PLATFORMS, PLATFORM),
  stillThere: choicesOf(YES_NO, YES_OR_NO),
  goesOn: choicesOf(YES_NO, YES_OR_NO),
  nameFor: choicesOf(NAME_FOR, NAME_SEEN_BY),
  police: choicesOf(POLICE, POLICE_WISH),
  staffConduct: choicesOf(YES_NO, YES_OR_NO),
} as const satisfies Readonly<Record<string, readonly Choice[]>>;

function choicesOf<Value extends string>(values: readonly Value[], labels: Labels<Value>): readonly Choice[] {
  return values.map((value) => ({ title: labels[value], value }));
}
