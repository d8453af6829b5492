import { dayAndTimeAt } from '../schools/calendar.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { Case } from './case.js';
import type { Route } from './route.js';
import { all, standingOf } from './standing.js';

/** How long a case is kept. Days are as `2026-11-20`, at the school. */
export interface Kept {
  /** When it was closed or withdrawn last. */
  readonly endedAt: Date;
  /** The day on which its time is over. */
  readonly until: string;
}

/** Those who are answerable for a case are told so many days before it is deleted, so that they can place it on hold. */
export const ANNOUNCED_DAYS_BEFORE = 30;

type Term = keyof SchoolProfile['retention']['years'];

const TERM: Readonly<Record<Route['way'], Term>> = {
  headteacher_channel: 'headteacher',
  headteacher_chat: 'headteacher',
  chair: 'chair',
  trust: 'trust',
  safeguarding: 'safeguarding',
  nobody: 'trust',
};

/**
 * Until when a case is kept, by where it has gone and by the profile as it is now.
 *
 * @returns `undefined` while it goes on.
 */
export function keptUntil(current: Pick<Case, 'report' | 'log'>, profile: SchoolProfile): Kept | undefined {
  const { state, route } = standingOf(current);
  const ended = [...all(current.log, 'closed'), ...all(current.log, 'withdrawn')]
    .toSorted((one, other) => one.number - other.number)
    .at(-1);
  if (!ended || (state !== 'closed' && state !== 'withdrawn')) return undefined;
  const [year = '', ...rest] = dayAndTimeAt(ended.at, profile.timeZone).day.split('-');
  return { endedAt: ended.at, until: [Number(year) + profile.retention.years[TERM[route.way]], ...rest].join('-') };
}
