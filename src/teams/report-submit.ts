import type { Draft, StoredDraft } from '../reports/draft.js';
import { faultsOf, fill } from '../reports/draft-steps.js';
import { type Submitted, submitDraft } from '../reports/submitting.js';
import type { NewDelivery } from '../schools/delivery.js';
import type { School } from '../schools/school.js';
import type { BotParts } from './bot.js';
import type { ActionResult } from './card-action.js';
import { caseReceipt, closedCard } from './report-drawing.js';
import { allTyped, type DraftTurn, type OpenDraftTurn } from './report-steps.js';

/** A clause less sure than this is not named as the one that a report concerns. */
const CONCERNED = 0.3;

/** Sends a report. Its reference is told only once it is kept for good. */
export async function submitNow(turn: OpenDraftTurn): Promise<ActionResult> {
  const { parts, school, owner, stored } = turn;
  const submitted = await submitFrom(parts, school, stored, false);
  if (!submitted) return closedCard(parts.reports, school, owner, stored.draft.id);
  return caseReceipt(submitted.stored.case, school);
}

/** Storage is away: it is sent by itself once it is back, and the receipt comes as a message. */
export function submitLater({ parts, school, owner, pressed, typed }: DraftTurn, reference: string): ActionResult {
  const send = async () => {
    const stored = await parts.reports.drafts.open(owner);
    if (stored?.draft.id !== pressed.draftId) return;
    if (stored.draft.state === 'submitting') return void (await submitFrom(parts, school, stored, true));
    const context = { now: parts.now(), profile: school.profile };
    const step = pressed.step ?? stored.draft.step;
    const { draft } = fill(stored.draft, step, allTyped(stored.draft, step, typed), context);
    const faulty = faultsOf(draft, stored.evidence.length, context).length > 0;
    const saved = await parts.reports.drafts.save(stored, draft, faulty ? [continuing(draft)] : []);
    if (saved && faulty) await parts.deliveries.committed(parts.reports.drafts.placeOf(owner));
    else if (saved) await submitFrom(parts, school, saved, true);
  };
  parts.reports.pending.hold({ key: `${owner.schoolId}/${owner.personId}`, schoolId: owner.schoolId, send });
  return `Your report is not sent yet: I cannot reach the place where reports are kept. I go on trying, and your receipt will come in this chat. If it has not come in an hour, please press the button again, or tell the Headteacher yourself. If a child may be at risk, do not wait: speak to the designated safeguarding lead now. Reference ${reference}.`;
}

/** The card is sent once more, as something on it keeps it from being sent. */
export const continuing = ({ personId }: Pick<Draft, 'personId'>): NewDelivery => ({
  kind: 'report.continue',
  refs: {},
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
    .map(({ policy, clause }) => `${policy.id}/${clause.id}`);
}
