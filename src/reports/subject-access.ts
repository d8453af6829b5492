import { personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import { ANOTHER_PERSON, othersMasked } from './mask-others.js';
import { isOneOf } from './route.js';
import { type NameSearch, searchFor } from './subject-names.js';

/** For whom a subject access request is. */
export interface Subject {
  readonly name: string;
  /** Other spellings, nicknames, names of accounts. */
  readonly also: readonly string[];
  /** Entra object id; `null` where it is not known. */
  readonly personId: string | null;
}

/** `certain`: by the person's id. `possible`: by name alone, which others may have. */
export type Sureness = 'certain' | 'possible';

/** Why something was found. */
export interface Reason {
  readonly sureness: Sureness;
  /** "reported it", "named in a note (part of the name)". */
  readonly how: string;
}

/** A file that is not in the copy: somebody has to look at it. */
export interface FileToSee {
  /** In its case or draft, from 1. */
  readonly number: number;
  readonly sha256: string;
  readonly about: string;
}

export type FindingKind =
  | 'profile'
  | 'directory'
  | 'case'
  | 'draft'
  | 'sent_report'
  | 'enquiry'
  | 'question'
  | 'summary'
  | 'messages';

/** Something that is held on a person, for whoever decides what is disclosed of it. Others are masked in it. */
export interface Finding {
  readonly kind: FindingKind;
  /** "Case PD-7K3MZ0QX". */
  readonly title: string;
  readonly sureness: Sureness;
  readonly reasons: readonly Reason[];
  readonly parts: readonly { readonly heading: string; readonly lines: readonly string[] }[];
  readonly files: readonly FileToSee[];
}

/** What is looked with. */
export interface Search {
  readonly subject: Subject;
  readonly profile: SchoolProfile;
  readonly names: NameSearch;
  /** Ids that are the person's, or may be: those of people of the profile with their name. */
  readonly ids: readonly { readonly id: string; readonly sureness: Sureness }[];
  /** The profile in which everyone else has another name. */
  readonly maskedProfile: SchoolProfile;
  /** How often a part of the name was not taken for it. */
  doubtful: number;
}

/** Prepares a search in one school. */
export function searchIn(profile: SchoolProfile, subject: Subject): Search {
  const names = searchFor([subject.name, ...subject.also]);
  const named = profile.people.filter(({ name }) => names(name).found.some(({ as }) => as === 'whole'));
  const ids = [
    ...(subject.personId === null ? [] : [{ id: subject.personId, sureness: 'certain' as const }]),
    ...named
      .filter(({ id }) => subject.personId === null && !isOneOf([subject.personId ?? ''], id))
      .map(({ id }) => ({ id, sureness: 'possible' as const })),
  ];
  const stays = ids.map(({ id }) => id);
  const people = profile.people.map((one) => (isOneOf(stays, one.id) ? one : { ...one, name: ANOTHER_PERSON }));
  return { subject, profile, names, ids, maskedProfile: { ...profile, people }, doubtful: 0 };
}

/** How sure it is that an id is the person's; `undefined` where it is not. */
export const surenessOf = ({ ids }: Search, personId: string): Sureness | undefined =>
  ids.find(({ id }) => isOneOf([id], personId))?.sureness;

/** Why a text was found; nothing where it does not name the person. */
export function namedIn(search: Search, text: string, where: string): readonly Reason[] {
  const { found, doubtful } = search.names(text);
  search.doubtful += doubtful;
  const [first] = found;
  if (!first) return [];
  const isWhole = found.some(({ as }) => as === 'whole');
  return [
    { sureness: 'possible', how: `named in ${where} (${isWhole ? 'first name and surname' : 'part of the name'})` },
  ];
}

/** What masks everybody else in texts of one matter. @param names of people of the matter whom the profile may not have. */
export function maskIn(search: Search, beside: readonly string[], names: readonly (string | null)[]) {
  const { people, contacts } = search.profile;
  const others = people.filter(({ id }) => surenessOf(search, id) === undefined).map(({ name }) => name);
  const reached = Object.values(contacts).flatMap((contact) => contact?.name ?? []);
  const isTheirs = (name: string) => search.names(name).found.some(({ as }) => as === 'whole');
  return othersMasked({
    stays: search.names,
    names: [...others, ...[...reached, ...names.flatMap((name) => name ?? [])].filter((name) => !isTheirs(name))],
    beside,
  });
}

/** Whether any of them is sure. */
export const surest = (reasons: readonly Reason[]): Sureness =>
  reasons.some(({ sureness }) => sureness === 'certain') ? 'certain' : 'possible';

/** Who somebody is, to whoever reads what was found. */
export function shownName(search: Search, personId: string, name: string | null): string {
  if (surenessOf(search, personId) === undefined) return ANOTHER_PERSON;
  return name ?? personIn(search.profile, personId)?.name ?? search.subject.name;
}

/** Each once. */
export const distinct = (reasons: readonly Reason[]): readonly Reason[] => [
  ...new Map(reasons.map((reason) => [`${reason.sureness} ${reason.how}`, reason])).values(),
];
