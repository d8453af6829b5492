import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Case } from '../reports/case.js';
import { type Evidence, type EvidenceOutcome, type EvidenceRefusal, MOST_FILES } from '../reports/evidence.js';
import type { EvidenceIntake, EvidenceTarget, IncomingFile } from '../reports/evidence-intake.js';
import { standingOf } from '../reports/standing.js';
import type { CaseChange, CaseStore, DraftOwner, DraftStore, EvidenceFiles, EvidencePlace } from '../reports/stores.js';
import type { DeliveryNotice } from '../schools/delivery.js';
import { type Inspected, inspect } from './inspect.js';

export interface IntakeParts {
  readonly drafts: DraftStore;
  readonly cases: CaseStore;
  readonly files: EvidenceFiles;
  /** What adding a piece of evidence does to a case. */
  readonly addToCase: (
    current: Case,
    evidence: Evidence,
    by: string,
    now: Date,
  ) => CaseChange | { readonly refused: string };
  readonly deliveries: DeliveryNotice;
  readonly now: () => Date;
  /** @returns 16 lower-case hexadecimal digits, random. */
  readonly newId: () => string;
  /** Told of every file that was taken, when it is safe; nobody waits for it. Must not throw. */
  readonly onAdded?: (added: AddedEvidence) => void;
}

export interface AddedEvidence {
  readonly owner: DraftOwner;
  /** Where it went, which is the case when the draft was submitted meanwhile. */
  readonly target: EvidenceTarget;
  readonly evidence: Evidence;
  /** How many files there are now. */
  readonly count: number;
}

/** A change of a case that is lost again and again to others is no longer bad luck. */
const MOST_ATTEMPTS = 10;
/** Doubled each time, about six seconds together. */
const SHORTEST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 3_200;

type Refused = Extract<EvidenceOutcome, { kind: 'refused' }>;
type Taken = Exclude<EvidenceOutcome, Refused>;

/** Where a file is to go, as found when it came. */
interface Destination {
  readonly target: EvidenceTarget;
  readonly reference: string;
  readonly evidence: readonly Evidence[];
}

/** A file that is stored, and that nothing names yet. */
interface Kept {
  readonly owner: DraftOwner;
  readonly place: EvidencePlace;
  readonly evidence: Evidence;
}

/** Builds the one way in for evidence. The bytes are stored first, then the row that names them. */
export function evidenceIntake(parts: IntakeParts): EvidenceIntake {
  return {
    async refusalFor(owner, target) {
      const found = await lookUp(parts, owner, target);
      if (found === 'being_submitted') return undefined;
      if ('reason' in found) return found.reason;
      return found.evidence.length >= MOST_FILES ? 'too_many' : undefined;
    },
    async take(file) {
      const receivedAt = parts.now();
      const found = await destinationOf(parts, file.owner, file.target);
      if ('reason' in found) return found;
      const inspected = await inspect(file.bytes);
      if (inspected.kind === 'refused') return inspected;
      const evidence = evidenceOf(file, inspected, parts.newId(), receivedAt);
      const same = sameIn(found.evidence, evidence);
      if (same) return same;
      if (found.evidence.length >= MOST_FILES) return refused('too_many');
      return keepAndName(parts, file, found, evidence, inspected);
    },
  };
}

/** Where a file goes now. A draft on its way to become a case is waited for. */
async function destinationOf(
  parts: IntakeParts,
  owner: DraftOwner,
  target: EvidenceTarget,
): Promise<Destination | Refused> {
  for (let wait = SHORTEST_WAIT_MS; wait <= LONGEST_WAIT_MS; wait *= 2) {
    const found = await lookUp(parts, owner, target);
    if (found !== 'being_submitted') return found;
    await setTimeout(wait);
  }
  throw new Error('A draft is being submitted, and has not become a case in time.');
}

async function lookUp(
  parts: IntakeParts,
  owner: DraftOwner,
  target: EvidenceTarget,
): Promise<Destination | Refused | 'being_submitted'> {
  if (target.kind === 'case') return caseOf(parts, owner, target.reference);
  const { draftId } = target;
  const open = await parts.drafts.open(owner);
  if (open?.draft.id !== draftId) {
    const finished = await parts.drafts.finished(owner, draftId);
    return finished?.reference ? caseOf(parts, owner, finished.reference) : refused('no_draft');
  }
  const { dangers, reference, state } = open.draft;
  // Nothing is taken before it is known whether a child is in danger.
  if (dangers === null) return refused('safety_first');
  if (dangers.length > 0) return refused('child_safety');
  if (state === 'writing') return { target, reference, evidence: open.evidence };
  // Its evidence is settled. Once committed it is a case, whether or not the draft has been put away.
  const committed = await parts.cases.find(owner.schoolId, reference);
  return committed ? caseOf(parts, owner, reference) : 'being_submitted';
}

/** A report takes files from whoever made it, and from nobody else. */
async function caseOf(
  { cases }: IntakeParts,
  { schoolId, personId }: DraftOwner,
  reference: string,
): Promise<Destination | Refused> {
  const stored = await cases.find(schoolId, reference);
  const { report } = stored?.case ?? {};
  if (!(stored && report?.reporter.personId.toLowerCase() === personId.toLowerCase())) return refused('no_draft');
  const { state, category } = standingOf(stored.case);
  if ([report.category, category].includes('child_safety')) return refused('child_safety');
  if (state === 'withdrawn') return refused('no_draft');
  return { target: { kind: 'case', reference }, reference, evidence: stored.case.evidence };
}

const evidenceOf = (
  { owner, bytes, way, seen }: IncomingFile,
  { type, viewing }: Extract<Inspected, { kind: 'sound' }>,
  id: string,
  receivedAt: Date,
): Evidence => ({
  id,
  sha256: sha256Of(bytes),
  bytes: bytes.length,
  type,
  viewing: viewing && { type: viewing.type, sha256: sha256Of(viewing.bytes) },
  way,
  addedBy: owner.personId,
  receivedAt,
  seenOn: seen?.seenOn ?? '',
  seenTime: seen?.seenTime ?? '',
  seenWhere: seen?.seenWhere ?? '',
});

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function sameIn(all: readonly Evidence[], { sha256 }: Evidence): Taken | undefined {
  const evidence = all.find((one) => one.sha256 === sha256);
  return evidence && { kind: 'same', evidence, count: all.length };
}

async function keepAndName(
  parts: IntakeParts,
  { owner, bytes }: IncomingFile,
  { target, reference }: Destination,
  evidence: Evidence,
  { viewing }: Extract<Inspected, { kind: 'sound' }>,
): Promise<EvidenceOutcome> {
  const place = { schoolId: owner.schoolId, reference, evidenceId: evidence.id };
  const kept = { owner, place, evidence };
  await Promise.all([
    parts.files.keepOriginal(place, bytes, evidence.type),
    viewing && parts.files.keepViewing(place, viewing.bytes, viewing.type),
  ]);
  const outcome = await (target.kind === 'draft' ? nameInDraft(parts, kept, target.draftId) : nameInCase(parts, kept));
  // Only what is certainly not named is removed: where storage failed, a row may name it all the same.
  if (outcome.kind !== 'added') await parts.files.remove(place);
  return outcome;
}

async function nameInDraft(parts: IntakeParts, kept: Kept, draftId: string): Promise<EvidenceOutcome> {
  const { owner, evidence } = kept;
  const noted = await parts.drafts.addEvidence(owner, draftId, evidence);
  switch (noted.kind) {
    case 'full':
      return refused('too_many');
    case 'gone': {
      const found = await destinationOf(parts, owner, { kind: 'draft', draftId });
      if ('reason' in found) return found;
      // A draft has the reference of the case it becomes, so the bytes are in their place already.
      return found.target.kind === 'case' ? nameInCase(parts, kept) : nameInDraft(parts, kept, draftId);
    }
    case 'added':
      parts.onAdded?.({ owner, target: { kind: 'draft', draftId }, evidence, count: noted.count });
      return { kind: 'added', evidence, count: noted.count };
    default:
      return { kind: 'same', evidence: noted.evidence, count: noted.count };
  }
}

async function nameInCase(parts: IntakeParts, { owner, place, evidence }: Kept): Promise<EvidenceOutcome> {
  const { schoolId, reference } = place;
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const stored = await parts.cases.find(schoolId, reference);
    if (!stored) return refused('no_draft');
    const { evidence: all } = stored.case;
    // Its own id is there when an earlier attempt was committed and the answer was lost.
    if (all.some(({ id }) => id === evidence.id)) return { kind: 'added', evidence, count: all.length };
    const same = sameIn(all, evidence);
    if (same) return same;
    if (all.length >= MOST_FILES) return refused('too_many');
    const change = parts.addToCase(stored.case, evidence, owner.personId, parts.now());
    if ('refused' in change) return refused('no_draft');
    const outbox = await parts.cases.change(stored, change);
    if (outbox) {
      void parts.deliveries.committed(outbox);
      const count = all.length + 1;
      parts.onAdded?.({ owner, target: { kind: 'case', reference }, evidence, count });
      return { kind: 'added', evidence, count };
    }
  }
  throw new Error('A case was changed by others at every attempt to add evidence.');
}

const refused = (reason: EvidenceRefusal): Refused => ({ kind: 'refused', reason });
