import type { Period as Moments } from '../policies/open-questions.js';
import { isRecused, mayRead } from '../reports/access.js';
import type { Case } from '../reports/case.js';
import { mayTriage, type Person, peopleWith } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { Period } from './period.js';
import { boundsOf } from './periods.js';
import { asAt, cellsOf, type Logged, type ReportCells } from './report-cells.js';
import { weeklyReaders } from './sending.js';
import type { Counted, Summary } from './summary.js';

/** `about_both`: about the Headteacher and about the chair of governors, who could each learn of it from a figure. */
export type Group = 'reports' | 'about_headteacher' | 'about_both';

/** Where a case belongs, and what it adds where it is one of the reports that are counted. */
export type Place =
  | { readonly group: 'reports'; readonly cells: ReportCells; readonly isFrozen: boolean }
  | { readonly group: Exclude<Group, 'reports'> | 'not_of_week' };

/** Who holds what, so that a case can be told later to have been about them, whoever does then. */
export type Offices = Counted['offices'];

type Issued = Pick<Summary, 'period' | 'madeAt' | 'timeZone'> & { readonly counted: Pick<Counted, 'offices'> };

/** Entra object ids of those who hold the offices now. */
export function officesOf(profile: SchoolProfile): Offices {
  const holding = (role: keyof Offices) => peopleWith(profile, role).map(({ id }) => id);
  return { headteacher: holding('headteacher'), chair_of_governors: holding('chair_of_governors') };
}

/** A report that names the office is about whoever holds it, also where they have changed since. */
export function groupOf(current: Logged, offices: Offices): Group {
  if (!concerns(current, offices, 'headteacher')) return 'reports';
  return concerns(current, offices, 'chair_of_governors') ? 'about_both' : 'about_headteacher';
}

function concerns(current: Logged, offices: Offices, office: keyof Offices): boolean {
  const { about, postedBy } = current.report.answers;
  return about === office || postedBy === office || offices[office].some((id) => isRecused(current, id));
}

/**
 * Which reports are counted. A report that was among those of a half-term stays among those of its term and of its year, although it
 * has turned out since to be about the Headteacher, or whom it is about has become Headteacher; and one that was not never joins them:
 * otherwise the longer period would not be what the shorter come to, which tells of such a report. It stays as it was told last.
 *
 * Of a week, those are left out which not everyone may read who gets that summary and deals with reports: they would miss it among
 * what they see, and know of it.
 */
export class Membership {
  readonly #profile: SchoolProfile;
  readonly #offices: Offices;
  /** Those made first come first. */
  readonly #issued: readonly Told[];
  readonly #readers: readonly Person[];

  /** @param issued all summaries that were made before. @param of what is counted. */
  constructor(
    profile: SchoolProfile,
    issued: readonly Issued[] = [],
    of: { readonly span?: Period['span']; readonly offices?: Offices } = {},
  ) {
    this.#profile = profile;
    this.#offices = of.offices ?? officesOf(profile);
    // Weeks are told in ranges alone.
    this.#issued = issued
      .filter(({ period }) => period.span !== 'week')
      .map(({ period, timeZone, madeAt, counted }) => ({
        ...{ madeAt, offices: counted.offices, moments: boundsOf(period, timeZone) },
      }))
      .toSorted((one, other) => one.madeAt.getTime() - other.madeAt.getTime());
    this.#readers = of.span === 'week' ? weeklyReaders(profile) : [];
  }

  /** @param moment the one that the case is known as at; `undefined` for a case that came in later. */
  placeOf(current: Case, moment: Date): Place | undefined {
    const known = asAt(current, moment);
    if (!known) return undefined;
    const group = groupOf(known, this.#offices);
    const first = this.#firstTold(current, moment) ?? group;
    if (first !== 'reports')
      return { group: [first, group].includes('about_both') ? 'about_both' : 'about_headteacher' };
    if (this.#readers.some((reader) => isKeptFrom(known, this.#profile, reader))) return { group: 'not_of_week' };
    const frozenAt = group === 'reports' ? undefined : this.#lastTold(current, moment);
    const at = frozenAt ?? moment;
    const cells = cellsOf(asAt(current, at) ?? known, this.#profile, at);
    return { group: first, cells, isFrozen: frozenAt !== undefined };
  }

  /** As what it was counted when its period, or a longer or shorter one, was told first. */
  #firstTold(current: Case, moment: Date): Group | undefined {
    const told = this.#issued.find(
      ({ madeAt, moments }) => isWithin(current.report.submittedAt, moments) && madeAt <= moment,
    );
    return told && groupOf(asAt(current, told.madeAt) ?? current, told.offices);
  }

  /** When something was told last, if only what had changed, and it was still one of the reports. */
  #lastTold(current: Case, moment: Date): Date | undefined {
    return this.#issued.findLast(({ madeAt, offices }) => {
      const then = madeAt <= moment ? asAt(current, madeAt) : undefined;
      return then !== undefined && groupOf(then, offices) === 'reports';
    })?.madeAt;
  }
}

interface Told {
  readonly madeAt: Date;
  readonly offices: Offices;
  readonly moments: Moments;
}

/** Whether a moment lies in a period. */
export const isWithin = (moment: Date, { since, before }: Moments): boolean => since <= moment && moment < before;

const isKeptFrom = (current: Logged, profile: SchoolProfile, { id }: Person): boolean =>
  isRecused(current, id) || (mayTriage(profile, id) && !mayRead(current, profile, id));
