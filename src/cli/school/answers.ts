import { dayAndTimeAt, isDay } from '../../schools/calendar.js';
import { teamsPlace } from './teams-link.js';

/** What was answered, by the name of the question. Several of a kind (`triager`, `term`) are a list, which may be empty. */
export type Answers = Partial<Readonly<Record<string, readonly string[]>>>;

/** What is wrong with an answer, in one plain sentence; `undefined` when nothing is. */
export type Check = (typed: string) => string | undefined;

export const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu;

export const isName: Check = (typed) =>
  typed.length > 120 ? 'That is too long for a name: 120 characters are the most.' : undefined;

export const isObjectId: Check = (typed) =>
  ID.test(typed)
    ? undefined
    : 'An object id looks like 7e5f1c9a-3b62-4d18-9a47-0c2d8e6b1f34: copy it from the person’s page in the Entra admin centre.';

export const isTenantId: Check = (typed) =>
  ID.test(typed)
    ? undefined
    : 'A tenant id looks like 7e5f1c9a-3b62-4d18-9a47-0c2d8e6b1f34: copy it from the overview in the Entra admin centre.';

export const isPhone: Check = (typed) =>
  /^\+?[\d\s()-]{6,24}(?:\s*(?:x|ext\.?)\s*\d{1,6})?$/iu.test(typed)
    ? undefined
    : 'A telephone number has digits and spaces, such as 01632 960 101.';

export const isEmail: Check = (typed) =>
  /^[^\s@,;"<>]+@[^\s@,;"<>]+\.[a-z]{2,}$/iu.test(typed)
    ? undefined
    : 'An e-mail address looks like head@oak.example.org.';

export const isYesOrNo: Check = (typed) => (/^(?:y|yes|n|no)$/iu.test(typed) ? undefined : 'Answer yes or no.');

export const isTimeZone: Check = (typed) => {
  try {
    dayAndTimeAt(new Date(0), typed);
    return undefined;
  } catch {
    return 'A time zone looks like Europe/London.';
  }
};

/** "Sam Okafor, 7e5f1c9a-…". */
export function personIn(typed: string): { readonly name: string; readonly id: string } | undefined {
  const [, name, id = ''] = /^(.+?)[,;\t ]+([0-9a-f-]{36})$/iu.exec(typed.trim()) ?? [];
  return name !== undefined && ID.test(id) ? { name: name.trim(), id } : undefined;
}

export const isPerson: Check = (typed) =>
  personIn(typed)
    ? undefined
    : 'Write the name and the object id, such as: Sam Okafor, 7e5f1c9a-3b62-4d18-9a47-0c2d8e6b1f34';

/** "Autumn 2026, 2026-09-02, 2026-12-18". */
export function periodIn(
  typed: string,
): { readonly name: string; readonly from: string; readonly to: string } | undefined {
  const [, name, from = '', to = ''] =
    /^(.+?)[,;\t ]+(\d{4}-\d{2}-\d{2})(?:[,;\t ]+|\s+to\s+)(\d{4}-\d{2}-\d{2})$/u.exec(typed.trim()) ?? [];
  return name === undefined ? undefined : { name: name.trim(), from, to };
}

export const isPeriod: Check = (typed) => {
  const period = periodIn(typed);
  if (!period) return 'Write the name, the first and the last day, such as: Autumn 2026, 2026-09-02, 2026-12-18';
  const wrong = [period.from, period.to].find((day) => !isDay(day) || !day.startsWith('20'));
  if (wrong !== undefined) return `${wrong} is not a day: write year, month and day, such as 2026-09-02.`;
  if (period.to < period.from) return `${period.name} ends before it begins.`;
  const isLong = Date.parse(period.to) - Date.parse(period.from) > 366 * 24 * 3_600_000;
  return isLong ? `${period.name} is longer than a year: check the years of its dates.` : undefined;
};

export const isPlace: Check = (typed) =>
  teamsPlace(typed)
    ? undefined
    : 'That is not a link of Teams: copy it with "Get link to team", "Get link to channel" or "Copy link", and paste all of it.';
