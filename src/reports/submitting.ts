import type { NewDelivery, OutboxPlace, SentMessage } from '../schools/delivery.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { Case } from './case.js';
import type { StoredDraft } from './draft.js';
import type { Evidence } from './evidence.js';
import { addEvidence, openCase } from './opening.js';
import type { CaseStore, DraftOwner, DraftStore } from './stores.js';

/** Tries against others who change the same case or draft; each try that fails means that another got through. */
const MOST_TRIES = 20;
const RECEIPT = 'case.receipt';

export interface SubmittingParts {
  readonly drafts: DraftStore;
  readonly cases: CaseStore;
  readonly now: () => Date;
}

/** What the case is made from, besides the draft. */
export interface Submission {
  readonly profile: SchoolProfile;
  /** Keys of the clauses it concerns. */
  readonly clauses: readonly string[];
  /** The receipt is to come as a message of its own, because nobody waits for it as the answer to a button. */
  readonly receiptByMessage: boolean;
}

/** A case that is kept for good, as it was committed or found, and where its deliveries lie. */
export interface Submitted {
  readonly case: Case;
  readonly place: OutboxPlace;
}

/**
 * Turns a draft into a case: marked as submitting, then the case with its first events, evidence and deliveries in one
 * transaction, then the draft is closed. Whoever comes later, after a crash or from another device, brings it to the same end:
 * the reference was drawn when the draft began.
 *
 * @returns `undefined` when the draft has been changed or closed by another since it was read.
 * Rejects when storage does not answer; the draft then stands as it was, and the case is whole or not there.
 */
export async function submitDraft(
  parts: SubmittingParts,
  stored: StoredDraft,
  submission: Submission,
): Promise<Submitted | undefined> {
  const { drafts, cases } = parts;
  const { draft } = stored;
  const submitting =
    draft.state === 'submitting' ? stored : await drafts.save(stored, { ...draft, state: 'submitting' });
  if (submitting === undefined) return undefined;
  const at = parts.now();
  const { evidence } = submitting;
  const { profile, clauses } = submission;
  const change = openCase({ draft: submitting.draft, evidence, profile, clauses, now: at });
  const { card, reference } = submitting.draft;
  const receipt = submission.receiptByMessage ? [receiptFor(submitting.draft, reference)] : [];
  // The draft's own card, which shows what was written and then the receipt.
  const shown = card ? [{ ...receiptFor(submitting.draft, reference), sent: card }] : [];
  const created = await cases.create({ ...change, deliveries: [...change.deliveries, ...shown, ...receipt] });
  if (created) {
    await closeDraft(parts, submitting, evidence);
    return { case: change.case, place: created };
  }
  // It was there already, perhaps without a receipt that is to come as a message.
  const place = await oweOnce(parts, draft.schoolId, draft.reference, receipt);
  await closeDraft(parts, submitting, []);
  const found = await cases.find(draft.schoolId, draft.reference);
  return place && found && { case: found.case, place };
}

/** The receipt of a case as a message to its reporter, once, however often it is asked for. @returns where it lies. */
export const oweReceipt = (
  parts: Pick<SubmittingParts, 'cases' | 'now'>,
  owner: DraftOwner,
  reference: string,
): Promise<OutboxPlace | undefined> => oweOnce(parts, owner.schoolId, reference, [receiptFor(owner, reference)]);

/**
 * Keeps which message a turn has sent by itself that shows something of a case, so that it can be taken away with the case.
 *
 * @param message its kind names what it shows.
 */
export const keepSent = (
  parts: Pick<SubmittingParts, 'cases' | 'now'>,
  schoolId: string,
  reference: string,
  message: Pick<NewDelivery, 'kind' | 'target'> & { readonly sent: SentMessage },
): Promise<OutboxPlace | undefined> =>
  oweTo(parts, schoolId, reference, [{ ...message, refs: { reference }, placement: { at: 'new' } }]);

const receiptFor = ({ personId }: DraftOwner, reference: string): NewDelivery => ({
  kind: RECEIPT,
  refs: { reference },
  target: { to: 'person', personId },
  placement: { at: 'new' },
});

/** Only what the case has not owed before: whoever tries again, after a failure or beside another, may have been the one before. */
const oweOnce = (...[parts, schoolId, reference, deliveries]: Parameters<typeof oweTo>): ReturnType<typeof oweTo> =>
  oweTo(
    parts,
    schoolId,
    reference,
    deliveries,
    async ({ kind }) => !(await parts.cases.hasOwed(schoolId, reference, kind)),
  );

async function oweTo(
  { cases, now }: Pick<SubmittingParts, 'cases' | 'now'>,
  schoolId: string,
  reference: string,
  deliveries: readonly NewDelivery[],
  isWanted: (delivery: NewDelivery) => Promise<boolean> = async () => true,
): Promise<OutboxPlace | undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const stored = await cases.find(schoolId, reference);
    if (stored === undefined) return undefined;
    const wanted = await Promise.all(deliveries.map(isWanted));
    const owed = deliveries.filter((_, at) => wanted[at]);
    const place = await cases.change(stored, {
      case: stored.case,
      events: [],
      evidence: [],
      deliveries: owed,
      at: now(),
    });
    if (place) return place;
  }
  throw new Error('A case is being changed too often to be added to.');
}

/**
 * Closes a submitted draft; files that came in while it was being submitted go to its case first.
 *
 * @param kept what is certain to be in the case.
 */
async function closeDraft(parts: SubmittingParts, submitting: StoredDraft, kept: readonly Evidence[]): Promise<void> {
  const { drafts } = parts;
  const owner: DraftOwner = submitting.draft;
  let current: StoredDraft | undefined = submitting;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    if (current?.draft.id !== submitting.draft.id) return;
    for (const piece of current.evidence)
      if (!kept.some(({ id }) => id === piece.id)) await addToCase(parts, current, piece);
    if (await drafts.finish(current, submitting.draft.reference, parts.now())) return;
    current = await drafts.open(owner);
  }
  throw new Error('A draft is being changed too often to be closed.');
}

async function addToCase({ cases, now }: SubmittingParts, { draft }: StoredDraft, piece: Evidence): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const stored = await cases.find(draft.schoolId, draft.reference);
    if (stored === undefined || stored.case.evidence.some(({ id }) => id === piece.id)) return;
    const change = addEvidence(stored.case, piece, draft.personId, now());
    if ('refused' in change || (await cases.change(stored, change))) return;
  }
  throw new Error('A case is being changed too often to be added to.');
}
