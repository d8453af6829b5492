import type { Log } from '../log.js';
import type { Case } from '../reports/case.js';
import type { Changeable, Refusal } from '../reports/case-change.js';
import type { Look } from '../reports/looks.js';
import type { CaseChange, CaseStore } from '../reports/stores.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { School } from '../schools/school.js';
import type { ExportLink } from './links.js';

/** Where cases are, and who may look at them. */
export interface LookParts {
  readonly schools: readonly School[];
  readonly cases: Pick<CaseStore, 'find' | 'change'>;
  readonly log: Log;
  readonly now: () => Date;
}

/** What a look does to a case, or why it is refused. */
export type LookStep = (stored: Changeable, profile: SchoolProfile, look: Look) => CaseChange | Refusal;

/** A case that a link leads to, and the school it is of. */
export interface Found {
  readonly case: Case;
  readonly school: School;
}

/** A change that is lost again and again to others is no longer bad luck. */
const MOST_TRIES = 10;

/**
 * Finds the case of a link if the person it was made for may look at it as things stand now; nothing is noted.
 *
 * @returns `undefined` alike for no such school, no such case and nobody who may.
 */
export async function findForLook(parts: LookParts, link: ExportLink, step: LookStep): Promise<Found | undefined> {
  const found = await changeFor(parts, link, step);
  return found && { case: found.stored.case, school: found.school };
}

/**
 * Notes a look in the case log. Only once this has resolved to a case may anything of it be shown.
 *
 * @returns the case with the look in its log; `undefined` as {@link findForLook}.
 * @throws when the storage cannot be reached, or others change the case at every try.
 */
export async function noteLook(parts: LookParts, link: ExportLink, step: LookStep): Promise<Found | undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const found = await changeFor(parts, link, step);
    if (!found) return undefined;
    if (await parts.cases.change(found.stored, found.change)) return { case: found.change.case, school: found.school };
  }
  throw new Error('A case is being changed too often for a look to be noted.');
}

async function changeFor({ schools, cases, log, now }: LookParts, link: ExportLink, step: LookStep) {
  const { schoolId, personId, reference } = link;
  const school = schools.find(({ profile }) => profile.id === schoolId);
  const stored = school && (await cases.find(schoolId, reference));
  if (!stored) return undefined;
  const change = step(stored, school.profile, { by: personId, now: now() });
  if (!('refused' in change)) return { school, stored, change };
  log.warn({ event: 'triage.refused', schoolId, reference });
  return undefined;
}
