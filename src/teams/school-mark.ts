import type { Activity } from 'botbuilder';
import type { School } from '../schools/school.js';

/** Buttons, and what a card does by itself when it is opened. */
const ACTIONS: readonly unknown[] = ['Action.Execute', 'Action.Submit'];
const MARK = 'school';

/**
 * Says on every button of a message which school it is of, so that it is known when somebody presses it who is at several. It names
 * the school and gives no right to it.
 */
export const markedFor = (activity: Partial<Activity>, schoolId: string): Partial<Activity> => ({
  ...activity,
  ...(activity.attachments && { attachments: marked(activity.attachments, schoolId) }),
  ...(activity.value !== undefined && { value: marked(activity.value, schoolId) }),
});

/** The same where others share the school's tenant, though they cannot be read at present; elsewhere nobody can be at several. */
export function markedWhereShared(
  activity: Partial<Activity>,
  school: School,
  schools: readonly School[],
): Partial<Activity> {
  const tenant = school.profile.tenantId.toLowerCase();
  const isShared =
    school.profile.tenantIsShared ||
    schools.some(({ profile }) => profile.id !== school.profile.id && profile.tenantId.toLowerCase() === tenant);
  return isShared ? markedFor(activity, school.profile.id) : activity;
}

/** What the data of a pressed button says. */
export function markIn(data: unknown): string | undefined {
  const found = typeof data === 'object' && data !== null && MARK in data ? data[MARK] : undefined;
  return typeof found === 'string' ? found : undefined;
}

/** A copy, because cards are drawn once for many. */
function marked<T>(value: T, schoolId: string): T {
  if (Array.isArray(value)) return value.map((one: unknown) => marked(one, schoolId)) as T;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, marked(inner, schoolId)]));
  if ('type' in value && ACTIONS.includes(value.type)) {
    const { data } = copy;
    copy.data = { ...(typeof data === 'object' && data !== null ? data : {}), [MARK]: schoolId };
  }
  return copy as T;
}
