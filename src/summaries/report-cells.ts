import type { Category } from '../policies/category.js';
import { type ActionTaken, type Case, OUTCOMES, SEVERITIES } from '../reports/case.js';
import { acknowledgeBy, isOverdue } from '../reports/due.js';
import { BREACH_KINDS, PLATFORMS, POSTERS } from '../reports/report.js';
import { passedOnAt, type Standing, standingOf } from '../reports/standing.js';
import { dayAndTimeAt, schoolDaysSince } from '../schools/calendar.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { ReportTable } from './population.js';
import type { TimeTaken } from './summary.js';

/** A case without its evidence: the log says which pieces were added, and when. */
export type Logged = Pick<Case, 'report' | 'log'>;

const CATEGORIES: readonly Category[] = ['online_bullying', 'disparaging_post', 'other_breach', 'child_safety'];
const YES_OR_NO = ['yes', 'no'] as const;

/** The cells of every table, in the order in which they are counted. Each report is in one of each table that is of all reports. */
export const REPORT_CELLS: Readonly<Record<ReportTable, readonly string[]>> = {
  category: CATEGORIES,
  kind: BREACH_KINDS,
  severity: SEVERITIES,
  posted_by: [...POSTERS, 'not_asked'],
  platform: [...PLATFORMS, 'not_asked'],
  outcome: [...OUTCOMES, 'withdrawn', 'still_open'],
  acknowledged: ['in_time', 'late', 'overdue', 'not_yet_due', 'withdrawn_before'],
  evidence: YES_OR_NO,
  police: YES_OR_NO,
  lado: YES_OR_NO,
  dsl: YES_OR_NO,
  authority: YES_OR_NO,
  removed: YES_OR_NO,
};

/** One report in figures. */
export interface ReportCells {
  /** Its cell in each table; `null` where the table is of others only. */
  readonly cells: Readonly<Record<ReportTable, string | null>>;
  /** In school days after the day it came in; only what has been reached. */
  readonly times: Readonly<Partial<Record<TimeTaken, number>>>;
  /** Neither closed nor withdrawn. */
  readonly unfinished: boolean;
}

/**
 * A case as it was at a moment: nothing that happened later is known. `undefined` for one that came in later.
 *
 * Case logs are only ever added to, so that it is the same whenever it is asked for.
 */
export function asAt({ report, log }: Logged, moment: Date): Logged | undefined {
  const later = log.findIndex(({ at }) => at > moment);
  const known = later === -1 ? log : log.slice(0, later);
  return known.length === 0 ? undefined : { report, log: known };
}

/** What one case adds to the figures. @param moment the one that it is known as at. */
export function cellsOf(current: Logged, profile: SchoolProfile, moment: Date): ReportCells {
  const { report, log } = current;
  const standing = standingOf(current);
  const { category, severity, state, closed, post } = standing;
  const { breachKind, postedBy, platform } = report.answers;
  const taken = takenAt(current, standing);
  const cells = {
    category,
    kind: category === 'other_breach' ? (breachKind ?? 'other') : null,
    severity,
    posted_by: postedBy ?? 'not_asked',
    platform: platform ?? 'not_asked',
    outcome: closed?.what.outcome ?? (state === 'withdrawn' ? 'withdrawn' : 'still_open'),
    acknowledged: acknowledgedAs(current, taken, profile, moment),
    evidence: yesOrNo(log.some(({ what }) => what.kind === 'evidence_added')),
    ...toldIn(standing),
    removed: yesOrNo(post?.what.as === 'removed'),
  };
  const since = (at: Date | undefined) => at && schoolDaysSince(profile, report.submittedAt, at);
  return {
    cells,
    times: { acknowledge: since(taken), first_action: since(firstActionAt(current)), close: since(closed?.at) },
    unfinished: state === 'new' || state === 'open',
  };
}

const yesOrNo = (is: boolean): 'yes' | 'no' => (is ? 'yes' : 'no');

/** Which authorities were told, as triagers have noted. */
function toldIn({ actions }: Standing): Record<'police' | 'lado' | 'dsl' | 'authority', 'yes' | 'no'> {
  const was = (wanted: ActionTaken) => yesOrNo(actions.some(({ what }) => what.action === wanted));
  return {
    police: was('told_police'),
    lado: was('told_lado'),
    dsl: was('told_dsl'),
    authority: was('told_authority_or_trust'),
  };
}

/** When somebody took it up who had to: closing it, or opening it again, is no less than acknowledging it. */
function takenAt({ log }: Logged, { acknowledged, state }: Standing): Date | undefined {
  if (acknowledged || state === 'new' || state === 'withdrawn') return acknowledged?.at;
  const ends = log.filter(({ what: { kind } }) => kind === 'closed' || kind === 'reopened');
  const passedOn = passedOnAt(log);
  return (ends.find(({ number }) => number > passedOn) ?? ends.at(-1))?.at;
}

function acknowledgedAs(current: Logged, taken: Date | undefined, profile: SchoolProfile, moment: Date): string {
  if (taken) {
    const { day } = dayAndTimeAt(taken, profile.timeZone);
    return day <= acknowledgeBy(current.report, profile) ? 'in_time' : 'late';
  }
  if (standingOf(current).state === 'withdrawn') return 'withdrawn_before';
  return isOverdue(current, profile, moment) ? 'overdue' : 'not_yet_due';
}

const ACTS: ReadonlySet<string> = new Set(['question_asked', 'action_taken', 'post_marked', 'closed']);

const firstActionAt = ({ log }: Logged): Date | undefined => log.find(({ what }) => ACTS.has(what.kind))?.at;
