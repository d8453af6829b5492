import { keyOf } from '../policies/clause-index.js';
import type { Draft, StoredDraft } from '../reports/draft.js';
import { faultsOf, fill } from '../reports/draft-steps.js';
import type { DraftOwner } from '../reports/stores.js';
import { oweReceipt, type Submitted, submitDraft } from '../reports/submitting.js';
import type { NewDelivery } from '../schools/delivery.js';
import type { School } from '../schools/school.js';
import type { BotParts } from './bot.js';
import type { ActionResult } from './card-action.js';
import { caseReceipt } from './report-drawing.js';
import { allTyped, type DraftTurn, type OpenDraftTurn } from './report-steps.js';

/** A clause less sure than this is not named as the one that a report concerns. */
const CONCERNED = 0.3;

/**
 * Sends a report. Its reference is told only once it is kept for good.
 *
 * @returns `undefined` when another has changed the draft meanwhile.
 */
export async function submitNow({ parts, school, stored }: OpenDraftTurn): Promise<ActionResult | undefined> {
  const submitted = await submitFrom(parts, school, stored, false);
  return submitted && caseReceipt(submitted.case, school);
}

/** Storage is away: it is sent by itself once it is back, and the receipt comes as a message. */
export function submitLater(turn: DraftTurn, reference: string): ActionResult {
  const { schoolId, personId } = turn.owner;
  const send = async () => {
    if (!(await sendHeld(turn))) throw new Error('A draft was changed while it was being submitted.');
  };
  turn.parts.reports.pending.hold({ key: `${schoolId}/${personId}`, schoolId, send });
  return `Your report is not sent yet: I cannot reach the place where reports are kept. I go on trying, and your receipt will come in this chat. If it has not come in an hour, please press the button again, or tell the Headteacher yourself. If a child may be at risk, do not wait: speak to the designated safeguarding lead now. Reference ${reference}.`;
}

/** @returns `false` when another has changed the draft meanwhile, so that it is to be tried again. */
async function sendHeld({ parts, school, owner, pressed, typed }: DraftTurn): Promise<boolean> {
  const { drafts } = parts.reports;
  const stored = await drafts.open(owner);
  if (stored?.draft.id !== pressed.draftId) return receiptIfSent(parts, owner, pressed.draftId);
  if (stored.draft.state === 'submitting') return (await submitFrom(parts, school, stored, true)) !== undefined;
  const context = { now: parts.now(), profile: school.profile };
  const step = pressed.step ?? stored.draft.step;
  const { draft } = fill(stored.draft, step, allTyped(stored.draft, step, typed), context);
  const faulty = faultsOf(draft, stored.evidence.length, context).length > 0;
  const saved = await drafts.save(stored, draft, faulty ? [continuing(draft, 'faults')] : []);
  if (saved && faulty) await parts.deliveries.committed(drafts.placeOf(owner));
  return saved !== undefined && (faulty || (await submitFrom(parts, school, saved, true)) !== undefined);
}

/** It was sent before storage went away, or by another device: the receipt that was promised comes all the same. */
async function receiptIfSent({ reports, deliveries, now }: BotParts, owner: DraftOwner, draftId: string) {
  const finished = await reports.drafts.finished(owner, draftId);
  const place = finished?.reference && (await oweReceipt({ ...reports, now }, owner, finished.reference));
  if (place) await deliveries.committed(place);
  return true;
}

/** What a report's card is sent for once more: to go on, with what keeps it from being sent, or as an offer to resume it. */
export type Continued = 'card' | 'faults' | 'offer';

/** The card of a draft comes as a message to its writer's own chat. */
export const continuing = ({ personId }: Pick<Draft, 'personId'>, shows: Continued): NewDelivery => ({
  kind: 'report.continue',
  refs: { shows },
  target: { to: 'person', personId },
  placement: { at: 'new' },
});

/** Brings a draft to its end, and sees to it that whoever must know is told. */
export async function submitFrom(
  parts: BotParts,
  school: School,
  stored: StoredDraft,
  receiptByMessage: boolean,
): Promise<Submitted | undefined> {
  const { reports, deliveries, log, now } = parts;
  const clauses = clausesConcerned(school, stored);
  const { profile } = school;
  const submitted = await submitDraft({ ...reports, now }, stored, { profile, clauses, receiptByMessage });
  if (!submitted) return undefined;
  await deliveries.committed(submitted.place);
  log.info({ event: 'report.submitted', schoolId: profile.id, reference: stored.draft.reference });
  return submitted;
}

/** The clause that the report's own words find in the policy, so that reporter and Headteacher have it before them. */
function clausesConcerned({ index }: School, { draft }: StoredDraft): string[] {
  return index
    .find(draft.answers.words.slice(0, 1_000), 1)
    .filter(({ score }) => score >= CONCERNED)
    .map(keyOf);
}
