import { z } from 'zod/v4';
import { AppError } from '../errors.js';
import { daysAfter, isDay } from './calendar.js';
import { inPlainWords } from './faults.js';

export const ROLES = [
  'headteacher',
  'deputy_headteacher',
  'dsl',
  'chair_of_governors',
  'governor',
  'triager',
  'staff',
  'trust_or_local_authority',
  'administrator',
] as const;
export type Role = (typeof ROLES)[number];

/** In the order of the week. */
export const SCHOOL_WEEK = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;

const ISO_DATE = 'must be a date such as 2026-09-01';
const date = z.string(ISO_DATE).refine((day) => isDay(day) && day.startsWith('20'), { error: ISO_DATE, abort: true });
const contact = z.strictObject({
  name: z.string().min(1),
  phone: z.string().min(3).optional(),
  email: z.email().optional(),
});
const TIME_OF_DAY = 'must be a time of day such as 08:30';
/** What is none is compared with nothing: one fault is told once. */
const timeOfDay = z.string(TIME_OF_DAY).regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/u, { error: TIME_OF_DAY, abort: true });
/** No term and no holiday takes longer, and what is laid out day by day takes as long as there are days. */
const LONGEST_PERIOD_DAYS = 366;
const period = z
  .strictObject({ name: z.string().min(1), from: date, to: date })
  .refine(({ from, to }) => from <= to, 'must not end before it begins')
  .refine(({ from, to }) => to <= daysAfter(from, LONGEST_PERIOD_DAYS), 'must not be longer than a year');

const reminders = z
  .strictObject({
    /** When, on a school day, people are reminded of reports that nobody has acknowledged in time. */
    at: timeOfDay.default('08:30'),
    /** Nobody is reminded of anything outside these hours. `to` is the first minute of the night. */
    wakingHours: z
      .strictObject({ from: timeOfDay.default('07:00'), to: timeOfDay.default('21:00') })
      .prefault({})
      .refine(({ from, to }) => from < to, { error: 'must begin before they end, on the same day', abort: true }),
    /** On which days people are reminded of a child's safety. */
    childSafety: z.enum(['every_day', 'school_days'], 'must be every_day or school_days').default('every_day'),
    /** When the list of open cases comes, in each week that has a school day. */
    digest: z
      .strictObject({
        day: z.enum(SCHOOL_WEEK, 'must be a weekday from monday to friday').default('monday'),
        at: timeOfDay.default('08:00'),
      })
      .prefault({}),
  })
  .prefault({})
  .superRefine(({ at, wakingHours, digest }, context) => {
    mustBeAwake(at, wakingHours, ['at'], context);
    mustBeAwake(digest.at, wakingHours, ['digest', 'at'], context);
  });

const summaries = z
  .strictObject({
    /** Counts below this are hidden, and with them what would tell them. */
    threshold: z.int().min(3, 'must be 3 or more').max(20, 'must be 20 or less').default(5),
    /** Whether the Headteacher and the safeguarding leads get one of each week. */
    weekly: z.boolean('must be true or false').default(true),
    /** How often the governors get one. */
    governors: z.enum(['half_term', 'term'], 'must be half_term or term').default('half_term'),
    /** When, on a school day, summaries are sent. */
    at: timeOfDay.default('08:00'),
  })
  .prefault({});

const years = z.int('must be a whole number of years').min(1, 'must be 1 or more').max(100, 'must be 100 or less');

const retention = z
  .strictObject({
    /** Whole years for which a case is kept after it was closed or withdrawn, by where it went. */
    years: z
      .strictObject({
        /** To the Headteacher, in the channel or in their own chat. */
        headteacher: years.default(6),
        /** To the chair of governors. */
        chair: years.default(10),
        /** To the trust or local authority, and what could be delivered to nobody. */
        trust: years.default(10),
        /** A child's safety. */
        safeguarding: years.default(25),
      })
      .prefault({}),
    /** Whole months for which questions, to the policy and to the Headteacher, are kept; answers kept for others stay. */
    questionMonths: z
      .int('must be a whole number of months')
      .min(13, 'must be 13 or more, as a year is summed up after it is over')
      .max(120, 'must be 120 or less')
      .default(24),
  })
  .prefault({});

/** How much is too much. A child's safety is never refused. */
const limits = z
  .strictObject({
    /** Messages and buttons pressed by one person in a minute; twice as many at once. */
    personPerMinute: z.int().min(10, 'must be 10 or more').max(1_000_000, 'must be 1000000 or less').default(60),
    /** Questions and searches by all of the school in a minute. Reports and work on cases do not count. */
    schoolPerMinute: z.int().min(60, 'must be 60 or more').max(1_000_000, 'must be 1000000 or less').default(1_200),
  })
  .prefault({});

/** The folder of what a trust has for all of its schools; no school can have its name. */
export const SHARED = 'shared';

const profile = z.strictObject({
  name: z.string().min(1),
  tenantId: z.guid(),
  /** Whether other schools use the tenant: then nobody is taken for this one's but its own people, and whoever writes in its team. */
  tenantIsShared: z.boolean('must be true or false').default(false),
  timeZone: z.string().refine(isTimeZone, 'must be a time zone such as Europe/London'),
  people: z
    .array(z.strictObject({ id: z.guid(), name: z.string().min(1), roles: z.array(z.enum(ROLES)).min(1) }))
    .min(1)
    .superRefine(mustDiffer),
  contacts: z.strictObject({
    headteacher: contact,
    dsl: contact,
    chairOfGovernors: contact,
    lado: contact,
    trust: contact.optional(),
  }),
  targets: z.strictObject({ acknowledgeSchoolDays: z.int().min(1).max(20).default(2) }).prefault({}),
  reminders,
  summaries,
  retention,
  limits,
  terms: z.array(period).min(1).max(100),
  holidays: z.array(period).max(1_000).default([]),
  teams: z.strictObject({
    teamId: z.string().min(1),
    teamName: z.string().min(1),
    headteacherChannel: z.strictObject({ id: z.string().min(1), name: z.string().min(1) }),
    governorsChat: z.strictObject({ id: z.string().min(1), name: z.string().min(1) }),
  }),
});

const schema = profile.superRefine(({ reminders: { wakingHours }, summaries: { at } }, context) => {
  mustBeAwake(at, wakingHours, ['summaries', 'at'], context);
});

/** Someone to turn to, as the school wants them named. */
export type Contact = Readonly<z.infer<typeof contact>>;

/** What a school tells Policy Desk about itself, in its `school.yaml`. Ids of people are Microsoft Entra object ids. */
export type SchoolProfile = Readonly<z.infer<typeof schema>> & { readonly id: string };

/**
 * Checks what `school.yaml` holds.
 *
 * @param id the school's folder name: lower-case letters, digits and hyphens.
 * @throws {AppError} `school_unreadable`, naming every fault at once.
 */
export function parseProfile(id: string, data: unknown): SchoolProfile {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/u.test(id))
    throw new AppError(
      'school_unreadable',
      `The folder name "${id}" may only have lower-case letters, digits and hyphens.`,
    );
  if (id === SHARED)
    throw new AppError(
      'school_unreadable',
      `The folder "${SHARED}" is for a trust's policies. A school needs another name.`,
    );
  const result = schema.safeParse(data, { error: inPlainWords });
  if (result.success) return { id, ...result.data };
  const faults = result.error.issues.map(({ path, message }) => `  ${path.join('.') || 'the file'}: ${message}`);
  throw new AppError('school_unreadable', `schools/${id}/school.yaml is not right:\n${faults.join('\n')}`);
}

/** Who is told apart by an id has one; two lines of one person could give them different roles. */
function mustDiffer(people: readonly { readonly id: string }[], context: z.RefinementCtx): void {
  const ids = people.map(({ id }) => id.toLowerCase());
  for (const [at, id] of ids.entries())
    if (ids.indexOf(id) < at)
      context.addIssue({ code: 'custom', path: [at, 'id'], message: 'is the same as that of a person above' });
}

/** `to` is the first minute of the night. */
function mustBeAwake(
  time: string,
  { from, to }: { readonly from: string; readonly to: string },
  path: string[],
  context: z.RefinementCtx,
): void {
  const message = `must lie within the waking hours, from ${from} to ${to}`;
  if (time < from || to <= time) context.addIssue({ code: 'custom', path, message });
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
