import { z } from 'zod/v4';
import { AppError } from '../errors.js';

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

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/u, 'must be a date such as 2026-09-01');
const contact = z.strictObject({
  name: z.string().min(1),
  phone: z.string().min(3).optional(),
  email: z.email().optional(),
});
const period = z.strictObject({ name: z.string().min(1), from: date, to: date });

const schema = z.strictObject({
  name: z.string().min(1),
  tenantId: z.guid(),
  timeZone: z.string().refine(isTimeZone, 'must be a time zone such as Europe/London'),
  people: z
    .array(z.strictObject({ id: z.guid(), name: z.string().min(1), roles: z.array(z.enum(ROLES)).min(1) }))
    .min(1),
  contacts: z.strictObject({
    headteacher: contact,
    dsl: contact,
    chairOfGovernors: contact,
    lado: contact,
    trust: contact.optional(),
  }),
  targets: z.strictObject({ acknowledgeSchoolDays: z.int().min(1).max(20).default(2) }).prefault({}),
  terms: z.array(period).min(1),
  holidays: z.array(period).default([]),
  teams: z.strictObject({
    teamId: z.string().min(1),
    teamName: z.string().min(1),
    headteacherChannel: z.strictObject({ id: z.string().min(1), name: z.string().min(1) }),
    governorsChat: z.strictObject({ id: z.string().min(1), name: z.string().min(1) }),
  }),
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
  const result = schema.safeParse(data);
  if (result.success) return { id, ...result.data };
  const faults = result.error.issues.map(({ path, message }) => `  ${path.join('.') || 'the file'}: ${message}`);
  throw new AppError('school_unreadable', `schools/${id}/school.yaml is not right:\n${faults.join('\n')}`);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
