import type { Draft, Step } from '../../src/reports/draft.js';
import { fill, newDraft, next } from '../../src/reports/draft-steps.js';
import type { Evidence } from '../../src/reports/evidence.js';
import { parseProfile, type Role, type SchoolProfile } from '../../src/schools/profile.js';

/** One person for each part. Ids are capital so that comparing them must not depend on case. */
export const ID = {
  head: 'AAAAAAAA-0000-4000-8000-000000000001',
  deputy: 'AAAAAAAA-0000-4000-8000-000000000002',
  dsl: 'AAAAAAAA-0000-4000-8000-000000000003',
  triager: 'AAAAAAAA-0000-4000-8000-000000000004',
  chair: 'AAAAAAAA-0000-4000-8000-000000000005',
  trust: 'AAAAAAAA-0000-4000-8000-000000000006',
  teacher: 'AAAAAAAA-0000-4000-8000-000000000007',
  governor: 'AAAAAAAA-0000-4000-8000-000000000008',
} as const;
export type Name = keyof typeof ID;

const ROLES: Readonly<Record<Name, readonly Role[]>> = {
  head: ['headteacher', 'triager'],
  deputy: ['deputy_headteacher'],
  dsl: ['dsl', 'staff'],
  triager: ['staff', 'triager'],
  chair: ['chair_of_governors', 'governor'],
  trust: ['trust_or_local_authority'],
  teacher: ['staff'],
  governor: ['governor'],
};

/** A school of which only what matters here is said, with defaults for the rest. */
export function aProfile(roles: Partial<Record<Name, readonly Role[]>> = ROLES, more: object = {}): SchoolProfile {
  const people = Object.entries(roles).map(([name, held]) => ({
    id: ID[name as Name],
    name: `${name} person`,
    roles: held,
  }));
  const contact = (name: string) => ({ name, phone: '01632 960 100' });
  return parseProfile('oak', {
    name: 'Oak School',
    tenantId: '7e5f1c9a-3b62-4d18-9a47-0c2d8e6b1f34',
    timeZone: 'Europe/London',
    people,
    contacts: {
      headteacher: contact('Head'),
      dsl: contact('Lead'),
      chairOfGovernors: contact('Chair'),
      lado: contact('LADO'),
      trust: contact('Trust'),
    },
    terms: [{ name: 'Autumn 2026', from: '2026-09-02', to: '2026-12-18' }],
    teams: {
      teamId: 'team',
      teamName: 'Oak',
      headteacherChannel: { id: 'channel', name: 'Headteacher' },
      governorsChat: { id: 'chat', name: 'Governors' },
    },
    ...more,
  });
}

/** Everyone's roles, with some changed. */
export const rolesWith = (changed: Partial<Record<Name, readonly Role[]>>) => ({ ...ROLES, ...changed });

/** Everyone but some. */
export const rolesWithout = (...gone: readonly Name[]): Partial<Record<Name, readonly Role[]>> =>
  Object.fromEntries(Object.entries(ROLES).filter(([name]) => !gone.includes(name as Name)));

/** Friday, 15:42 at the school. */
export const NOW = new Date('2026-11-20T15:42:00Z');

export const aNewDraft = (start: Partial<Parameters<typeof newDraft>[0]> = {}): Draft =>
  newDraft({
    id: '0123456789abcdef01234567',
    reference: 'PD-7K3MZ0QX',
    schoolId: 'oak',
    personId: ID.teacher,
    personName: 'Tess Teacher',
    now: NOW,
    words: 'a mum is slagging me off on facebook',
    category: null,
    ...start,
  });

/** What somebody types who answers every card without a fault. */
export const TYPED: Readonly<Record<Step, Readonly<Record<string, string>>>> = {
  what: {
    dangers: 'none',
    category: 'disparaging_post',
    breachKind: '',
    postedBy: 'parent',
    about: 'school',
    involved: '',
  },
  where: {
    ...{ platform: 'facebook', place: 'https://facebook.com/groups/oak', account: 'Oak Mums' },
    ...{ postedDay: '2026-11-19', postedTime: '21:05', seenDay: '2026-11-20', seenTime: '07:30', stillThere: 'yes' },
  },
  words: {
    words: 'It says that we are useless.',
    whoSaw: 'Two parents',
    doneSoFar: 'Nothing',
    goesOn: '',
    howTheyAre: '',
  },
  evidence: { noScreenshot: 'true' },
  wishes: { wish: 'That it is taken down', nameFor: 'recipient', police: '', support: '' },
  told: { words: 'A pupil is being threatened.', told: 'The lead, at 15:00', staffConduct: 'no' },
};

/** The draft after its cards have been filled in, one after the other. */
export function filled(draft: Draft, profile: SchoolProfile, typed: typeof TYPED = TYPED): Draft {
  const steps: readonly Step[] = ['what', 'where', 'words', 'evidence', 'wishes'];
  return steps.reduce((before, step) => next(fill(before, step, typed[step], { now: NOW, profile }).draft), draft);
}

export const aPiece = (id: string, sha256 = id.padEnd(64, '0')): Evidence => ({
  ...{ id, sha256, bytes: 1_234, type: 'image/png', viewing: null, way: 'upload_page', addedBy: ID.teacher },
  ...{ receivedAt: NOW, seenOn: '', seenTime: '', seenWhere: '' },
});
