import sharp from 'sharp';
import { inspect } from '../../src/evidence/inspect.js';
import type { Actor, Case, Happening } from '../../src/reports/case.js';
import { appended, digestOf } from '../../src/reports/case-log.js';
import type { Evidence } from '../../src/reports/evidence.js';
import type { Answers } from '../../src/reports/report.js';
import type { EvidenceFiles } from '../../src/reports/stores.js';
import type { School } from '../../src/schools/school.js';
import { anAnswers, aReport, evidenceAdded, hex, newPerson, sha256 } from './reports.js';

/** People of the sample school. */
const id = (last: string) => `0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c${last}`;
export const ALEX = id('01');
export const HELEN = id('02');
export const DANIEL = id('03');

/** Who reports in these cases; in nobody's profile. */
export const REPORTER = { personId: '5f0d1c2b-7b1e-4f0a-8c55-0123456789ab', name: 'Wilhelmina Quartermaine' };

/** A post as a phone shows it, with words in it. SVG is switched off wherever pictures of others are read, so it is put together. */
export const aPost = (lines: readonly string[], width = 720, height = 900): sharp.Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#f0f2f5' } }).composite([
    {
      input: { create: { width: width - 40, height: height - 40, channels: 3, background: '#ffffff' } },
      left: 20,
      top: 20,
    },
    { input: { create: { width: 68, height: 68, channels: 3, background: '#8fa8c8' } }, left: 46, top: 50 },
    ...lines.map((text, at) => ({
      input: { text: { text, font: 'DejaVu Sans', width: width - 180, dpi: 150 } },
      ...{ left: at === 0 ? 135 : 50, top: 70 + at * 70 },
    })),
  ]);

/** Keeps a file as the intake does. */
export async function keepEvidence(
  files: EvidenceFiles,
  { reference, schoolId }: { readonly reference: string; readonly schoolId: string },
  bytes: Uint8Array,
  change: Partial<Evidence> = {},
): Promise<Evidence> {
  const inspected = await inspect(bytes);
  if (inspected.kind === 'refused') throw new Error(`It was refused: ${inspected.reason}`);
  const { type, viewing } = inspected;
  const evidence: Evidence = {
    ...{
      id: hex(16),
      sha256: sha256(bytes),
      bytes: bytes.byteLength,
      type,
      way: 'upload_page',
      addedBy: REPORTER.personId,
    },
    viewing: viewing && { type: viewing.type, sha256: sha256(viewing.bytes) },
    receivedAt: new Date('2026-11-20T15:44:01.007Z'),
    ...{ seenOn: '2026-11-20', seenTime: '15:40', seenWhere: 'Facebook, Friends of the school' },
    ...change,
  };
  const place = { schoolId, reference, evidenceId: evidence.id };
  await files.keepOriginal(place, bytes, type);
  if (viewing) await files.keepViewing(place, viewing.bytes, viewing.type);
  return evidence;
}

export interface Written {
  readonly answers?: Partial<Answers>;
  readonly reporter?: { readonly personId: string; readonly name: string | null };
  readonly pictures?: readonly Uint8Array[];
  readonly seenWhere?: string;
  readonly then?: readonly (readonly [by: Actor, what: Happening])[];
}

/** A case with its evidence kept, and what happened to it since, a quarter of an hour after another. */
export async function keepWholeCase(
  files: EvidenceFiles,
  { profile, index }: School,
  written: Written = {},
): Promise<Case> {
  const report = aReport(profile.id, {
    answers: anAnswers(written.answers),
    reporter: written.reporter ?? REPORTER,
  });
  const by = { personId: report.reporter.personId };
  const evidence: Evidence[] = [];
  for (const bytes of written.pictures ?? [])
    evidence.push(
      await keepEvidence(files, report, bytes, {
        addedBy: by.personId,
        ...(written.seenWhere !== undefined && { seenWhere: written.seenWhere }),
      }),
    );
  const route = { way: 'headteacher_channel', people: [], channel: true, recused: [], lado: false } as const;
  const [clause] = index.clauses.keys();
  const happenings: [Actor, Happening][] = [
    [by, { kind: 'submitted', report: digestOf(report), route, clauses: [...(clause ? [clause] : []), 'gone/1'] }],
    ...evidence.map((one): [Actor, Happening] => [by, evidenceAdded(one)]),
    ...(written.then ?? []).map(([actor, what]): [Actor, Happening] => [actor, what]),
  ];
  const log: Case['log'][number][] = [];
  for (const [actor, what] of happenings) {
    const at = new Date(report.submittedAt.getTime() + Math.max(0, log.length - evidence.length) * 15 * 60_000);
    log.push(appended(report, log, { at, by: actor, what }));
  }
  return { report, evidence, log };
}

const helen: Actor = { personId: HELEN };
const daniel: Actor = { personId: DANIEL };

/** The whole life of a case, with every kind of thing that can happen to it. @param evidence its id. */
export const A_LIFE = (
  reporter: Actor,
  evidence: string,
  question: number,
): readonly (readonly [Actor, Happening])[] => [
  [helen, { kind: 'opened', card: 2 }],
  [helen, { kind: 'evidence_viewed', evidence, what: 'viewing_copy' }],
  [helen, { kind: 'acknowledged' }],
  [helen, { kind: 'assigned', to: DANIEL, card: 3 }],
  [daniel, { kind: 'question_asked', words: 'Do you know who runs the group?' }],
  [reporter, { kind: 'question_answered', question, words: 'A parent of a child in Year 4, I think.\nI am not sure.' }],
  [daniel, { kind: 'note_added', words: 'The parent was in touch last term about homework.' }],
  [helen, { kind: 'severity_changed', from: 'normal', to: 'high', reason: 'It has been shared widely.' }],
  [
    daniel,
    {
      kind: 'action_taken',
      action: 'spoke_to_parent',
      on: '2026-11-20',
      who: 'The parent, by telephone',
      words: 'They will take it down.',
    },
  ],
  [
    daniel,
    { kind: 'action_taken', action: 'told_police', on: '2026-11-19', who: 'PC Lee', words: 'Crime number 123/26' },
  ],
  [daniel, { kind: 'post_marked', as: 'removed', on: '2026-11-20' }],
  [daniel, { kind: 'linked', to: 'PD-11111111' }],
  [helen, { kind: 'recorded_elsewhere', as: 'CPOMS 2026/118' }],
  [{ system: true }, { kind: 'reminded', step: 'recipients', slot: '2026-11-24', people: [] }],
  [reporter, { kind: 'words_added', words: 'The post is gone now.' }],
  [helen, { kind: 'closed', outcome: 'resolved', message: 'The post has been taken down. Thank you for telling us.' }],
  [helen, { kind: 'exported' }],
];

export { newPerson };
