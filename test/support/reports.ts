import { createHash, randomBytes } from 'node:crypto';
import type { Actor, CaseEvent, Happening } from '../../src/reports/case.js';
import { appended, digestOf } from '../../src/reports/case-log.js';
import type { Draft } from '../../src/reports/draft.js';
import type { Evidence } from '../../src/reports/evidence.js';
import type { Answers, Report } from '../../src/reports/report.js';
import type { CaseChange, StoredCase } from '../../src/reports/stores.js';
import type { NewDelivery } from '../../src/schools/delivery.js';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const hex = (digits: number): string => randomBytes(digits / 2).toString('hex');
export const newReference = (): string => `PD-${Array.from(randomBytes(8), (byte) => CROCKFORD[byte % 32]).join('')}`;
/** An Entra object id as turns bring it, in capitals here and there. */
export const newPerson = (): string => `${hex(8)}-7B1E-4f0a-8c55-${hex(12)}`;

/** Text that storage has to carry unharmed: more than one property holds, quotes, line ends, half a character, words of HTTP. */
export const AWKWARD = `"It's" she said\r\n\r\nPOST http://x HTTP/1.1\n--changeset_1\u0000\u2028 😀 \ud83d ${'😀é'.repeat(14_000)}`;

export const anAnswers = (change: Partial<Answers> = {}): Answers => ({
  category: 'disparaging_post',
  breachKind: null,
  postedBy: 'parent',
  about: 'reporter',
  involved: [],
  platform: 'facebook',
  place: 'https://example.com/groups/1?post=2',
  account: 'a.parent',
  postedAt: { day: '2026-11-19', time: '21:05' },
  seenAt: { day: '2026-11-20', time: '' },
  stillThere: 'yes',
  words: 'It says that I cannot teach.',
  whoSaw: '',
  doneSoFar: '',
  goesOn: null,
  howTheyAre: '',
  noScreenshot: false,
  wish: '',
  nameFor: 'recipient',
  police: null,
  support: '',
  told: '',
  staffConduct: null,
  ...change,
});

export const aDraft = (schoolId: string, change: Partial<Draft> = {}): Draft => ({
  id: hex(24),
  schoolId,
  personId: newPerson(),
  personName: 'Alex Morgan',
  reference: newReference(),
  state: 'writing',
  step: 'words',
  done: ['what', 'where'],
  dangers: [],
  answers: anAnswers(),
  startedAt: new Date('2026-11-20T15:42:07.123Z'),
  changedAt: new Date('2026-11-20T15:43:00Z'),
  warnedAt: null,
  card: null,
  ...change,
});

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A piece of evidence for some bytes. @param viewing of its viewing copy. */
export const someEvidence = (bytes: Uint8Array, viewing?: Uint8Array, change: Partial<Evidence> = {}): Evidence => ({
  id: hex(16),
  sha256: sha256(bytes),
  bytes: bytes.byteLength,
  type: viewing ? 'image/png' : 'application/pdf',
  viewing: viewing ? { type: 'image/webp', sha256: sha256(viewing) } : null,
  way: 'upload_page',
  addedBy: newPerson(),
  receivedAt: new Date('2026-11-20T15:44:01.007Z'),
  seenOn: '2026-11-20',
  seenTime: '15:40',
  seenWhere: 'Facebook, Friends of the school',
  ...change,
});

export const aReport = (schoolId: string, change: Partial<Report> = {}): Report => ({
  reference: newReference(),
  schoolId,
  category: 'disparaging_post',
  dangers: [],
  answers: anAnswers(),
  reporter: { personId: newPerson(), name: 'Alex Morgan' },
  submittedAt: new Date('2026-11-20T15:45:59.999Z'),
  ...change,
});

export const aDelivery = (reference: string): NewDelivery => ({
  kind: 'case.new',
  refs: { reference },
  target: { to: 'headteacher_channel' },
  placement: { at: 'new' },
});

/** What submitting commits. */
export function submitted(report: Report, evidence: readonly Evidence[] = []): CaseChange {
  const route = { way: 'headteacher_channel', people: [], channel: true, recused: [], lado: false } as const;
  const happenings: Happening[] = [
    { kind: 'submitted', report: digestOf(report), route, clauses: ['policy/4'] },
    ...evidence.map(evidenceAdded),
  ];
  const by = { personId: report.reporter.personId };
  const log: CaseEvent[] = [];
  for (const what of happenings) log.push(appended(report, log, { at: report.submittedAt, by, what }));
  const deliveries = [aDelivery(report.reference)];
  return { case: { report, evidence, log }, events: log, evidence, deliveries, at: report.submittedAt };
}

export const evidenceAdded = (evidence: Evidence): Happening => ({
  kind: 'evidence_added',
  evidence: evidence.id,
  sha256: evidence.sha256,
  bytes: evidence.bytes,
  type: evidence.type,
  digest: digestOf(evidence),
});

/** What one more event commits. */
export function further(stored: StoredCase, what: Happening, evidence: readonly Evidence[] = []): CaseChange {
  const { report, log } = stored.case;
  const at = new Date('2026-11-21T08:00:00Z');
  const by: Actor = { personId: report.reporter.personId };
  const event = appended(report, log, { at, by, what });
  const after = { report, evidence: [...stored.case.evidence, ...evidence], log: [...log, event] };
  return { case: after, events: [event], evidence, deliveries: [aDelivery(report.reference)], at };
}
