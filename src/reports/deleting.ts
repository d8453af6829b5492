import type { Delivery, NewDelivery, OutboxPlace } from '../schools/delivery.js';
import { targetKey } from '../schools/delivery.js';
import type { Case } from './case.js';
import type { Certificate, DeletionReason, DeletionStore, StoredDeletion } from './deletion.js';
import { certificateHash } from './deletion.js';
import { endOf } from './retention.js';
import { isUnfinished, standingOf } from './standing.js';
import type { DraftStore, EvidenceFiles, StoredCase } from './stores.js';

export interface DeletingParts {
  readonly deletions: DeletionStore;
  readonly files: Pick<EvidenceFiles, 'removeAll'>;
  readonly drafts: Pick<DraftStore, 'forget'>;
  /** Told that deliveries are owed. */
  readonly owed: (place: OutboxPlace) => Promise<void>;
  readonly now: () => Date;
}

/** A transaction takes 100 rows, the certificate among them. */
const MOST_AT_ONCE = 99;
/**
 * How long after the case is gone its files are looked for once more: longer than whoever was adding one at that moment could
 * still be at it.
 */
const LAST_LOOK_AFTER_MS = 60 * 60_000;

/** What is left of a case that has ended. @throws for one that goes on. */
export function certificateOf(current: Case, reason: DeletionReason, deletedAt: Date): Certificate {
  const { report, evidence, log } = current;
  const ended = isUnfinished(current) ? undefined : endOf(log);
  if (!ended) throw new Error('A case that goes on is not deleted.');
  return {
    ...{ schoolId: report.schoolId, reference: report.reference, way: standingOf(current).route.way },
    ...{ submittedAt: report.submittedAt, endedAt: ended.at, deletedAt, reason },
    ...{ events: log.length, lastHash: log.at(-1)?.hash ?? '' },
    evidence: evidence.map(({ sha256, bytes }) => ({ sha256, bytes })),
  };
}

/** Tells the reporter. `files`: whether some came as a file in the chat, of which Teams keeps another in their own OneDrive. */
export const toReporter = ({ report, evidence }: Case): NewDelivery => ({
  kind: 'case.deleted_told',
  refs: { reference: report.reference, files: evidence.some(({ way }) => way === 'chat_file') ? 'yes' : 'no' },
  target: { to: 'person', personId: report.reporter.personId },
  placement: { at: 'new' },
});

/**
 * The tombstones that are not owed yet: one in the place of every message of the case that stands in a conversation. What was never
 * sent leaves nothing there, and what came in another's place lies where that did.
 *
 * @param deliveries all that the case has caused so far.
 */
export function tombstonesDue(reference: string, deliveries: readonly Delivery[]): readonly NewDelivery[] {
  const rootOf = ({ order, placement }: Delivery) => (placement.at === 'in_place_of' ? placement.order : order);
  const keyOf = (one: Delivery) => `${rootOf(one)}~${targetKey(one.target)}`;
  const owed = new Set(deliveries.filter(({ kind }) => kind === TOMBSTONE).map(keyOf));
  const standing = deliveries.filter(({ kind, progress }) => !ABOUT_IT.has(kind) && progress.state === 'sent');
  const byMessage = new Map(standing.map((one) => [keyOf(one), one]));
  return [...byMessage]
    .filter(([key]) => !owed.has(key))
    .map(([, one]) => ({
      ...{ kind: TOMBSTONE, refs: { reference }, target: one.target },
      placement: { at: 'in_place_of', order: rootOf(one), only: true },
    }));
}

const TOMBSTONE = 'case.deleted';
const ABOUT_IT: ReadonlySet<string> = new Set([TOMBSTONE, 'case.deleted_told']);

/**
 * Deletes a case for good: from then on nobody finds it. {@link carryOn} removes it.
 *
 * @returns its certificate; `undefined` when another has changed the case since it was read.
 */
export async function deleteCase(
  parts: DeletingParts,
  stored: StoredCase,
  reason: DeletionReason,
): Promise<StoredDeletion | undefined> {
  const { deletions, owed, now } = parts;
  const { schoolId, reference } = stored.case.report;
  const certificate = certificateOf(stored.case, reason, now());
  const before = await deletions.deliveries(schoolId, reference);
  const told = [toReporter(stored.case), ...tombstonesDue(reference, before)].slice(0, MOST_AT_ONCE);
  const place = await deletions.begin(stored, certificate, told);
  if (!place) return undefined;
  await owed(place);
  return { certificate, hash: certificateHash(certificate), complete: false };
}

/**
 * Goes on with a deletion that was begun, as far as it goes by now: what was sent while the case was being deleted becomes a
 * tombstone too, everything else of the case is removed and, once everybody is told or cannot be, the deliveries as well.
 *
 * @returns whether nothing is left but the certificate.
 */
export async function carryOn(parts: DeletingParts, { certificate }: StoredDeletion): Promise<boolean> {
  const { deletions, files, drafts, owed, now } = parts;
  const { schoolId, reference, deletedAt } = certificate;
  const deliveries = await deletions.deliveries(schoolId, reference);
  const due = tombstonesDue(reference, deliveries).slice(0, MOST_AT_ONCE);
  if (due.length > 0) {
    const place = await deletions.owe(certificate, deliveries.length, due, now());
    if (place) await owed(place);
  }
  const reporter = deliveries.find(({ kind }) => kind === 'case.deleted_told')?.target;
  if (reporter?.to === 'person') await drafts.forget({ schoolId, personId: reporter.personId }, reference);
  await files.removeAll(schoolId, reference);
  await deletions.removeRows(certificate);
  const isSettled = due.length === 0 && deliveries.every(({ progress }) => progress.state !== 'owed');
  if (!isSettled || now().getTime() - deletedAt.getTime() < LAST_LOOK_AFTER_MS) return false;
  await deletions.complete(certificate);
  return true;
}
