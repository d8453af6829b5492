import { dayAndTimeAt, schoolDaysAfter } from '../schools/calendar.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { Case } from './case.js';
import type { Report } from './report.js';
import { standingOf } from './standing.js';

/** The day by the end of which a report is to be acknowledged, as the receipt promises: `2026-11-24`. */
export const acknowledgeBy = ({ submittedAt }: Pick<Report, 'submittedAt'>, profile: SchoolProfile): string =>
  schoolDaysAfter(profile, submittedAt, profile.targets.acknowledgeSchoolDays);

/** Whether nobody has acknowledged a case although that day is over. */
export const isOverdue = (current: Pick<Case, 'report' | 'log'>, profile: SchoolProfile, now: Date): boolean =>
  standingOf(current).state === 'new' &&
  dayAndTimeAt(now, profile.timeZone).day > acknowledgeBy(current.report, profile);
