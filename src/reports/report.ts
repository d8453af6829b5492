import type { Category } from '../policies/category.js';

/** What is reported when no child is at risk. */
export type ReportCategory = Exclude<Category, 'child_safety'>;

export const BREACH_KINDS = ['privacy', 'contact', 'account', 'name_or_logo', 'conduct', 'other'] as const;
/** What kind of breach, where it is neither bullying nor disparaging. */
export type BreachKind = (typeof BREACH_KINDS)[number];

export const POSTERS = [
  'pupil',
  'parent',
  'staff',
  'headteacher',
  'chair_of_governors',
  'governor',
  'outside',
  'not_known',
] as const;
/** Who posted it, or did what is reported. */
export type Poster = (typeof POSTERS)[number];

export const SUBJECTS = [
  'reporter',
  'colleague',
  'headteacher',
  'school',
  'pupil',
  'parent',
  'chair_of_governors',
  'governor',
  'provider',
  'other',
] as const;
/** Whom or what it is about. */
export type Subject = (typeof SUBJECTS)[number];

export const PLATFORMS = [
  'facebook',
  'instagram',
  'snapchat',
  'tiktok',
  'whatsapp',
  'x',
  'youtube',
  'messages',
  'school_account',
  'other',
] as const;
export type Platform = (typeof PLATFORMS)[number];

export const DANGERS = ['danger_now', 'indecent_image', 'threat', 'other_concern'] as const;
/** What makes a report one of child safety, asked before anything else. */
export type Danger = (typeof DANGERS)[number];

/** Whether the person bullied has told the police or wants to: their decision (morley-victoria). */
export const POLICE = ['told', 'wants_to', 'does_not_want', 'undecided'] as const;
export type Police = (typeof POLICE)[number];

export const YES_NO = ['yes', 'no', 'not_known'] as const;
export type YesNo = (typeof YES_NO)[number];

/** Who may read the reporter's name: everyone who triages, or the Headteacher (or whoever stands in for them) alone. */
export const NAME_FOR = ['triagers', 'recipient'] as const;
export type NameFor = (typeof NAME_FOR)[number];

/** A day and a time of day at the school as a form gives them: `2026-11-20`, `15:42`. Empty where not given. */
export interface DayAndTime {
  readonly day: string;
  readonly time: string;
}

/** Everything a reporter may be asked, as typed. `null`: not answered. Texts are empty where nothing was typed. */
export interface Answers {
  readonly category: ReportCategory | null;
  readonly breachKind: BreachKind | null;
  readonly postedBy: Poster | null;
  readonly about: Subject | null;
  /** Entra object ids of people of the profile who posted it, or whom it is about. */
  readonly involved: readonly string[];
  readonly platform: Platform | null;
  /** A link, or a place in words. */
  readonly place: string;
  readonly account: string;
  readonly postedAt: DayAndTime;
  readonly seenAt: DayAndTime;
  readonly stillThere: YesNo | null;
  readonly words: string;
  readonly whoSaw: string;
  readonly doneSoFar: string;
  readonly goesOn: YesNo | null;
  readonly howTheyAre: string;
  /** The reporter cannot get a screenshot. */
  readonly noScreenshot: boolean;
  readonly wish: string;
  readonly nameFor: NameFor | null;
  readonly police: Police | null;
  readonly support: string;
  /** Child safety: who was told, and when. */
  readonly told: string;
  /** Child safety: it concerns the conduct of a member of staff with children. */
  readonly staffConduct: YesNo | null;
}

/** A submitted draft. */
export interface Report {
  /** `PD-` and 8 of Crockford's base 32. */
  readonly reference: string;
  readonly schoolId: string;
  readonly category: Category;
  readonly dangers: readonly Danger[];
  readonly answers: Answers;
  readonly reporter: { readonly personId: string; readonly name: string | null };
  readonly submittedAt: Date;
}
