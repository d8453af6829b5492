import { traceOf } from '../log.js';
import type { StoredDraft } from '../reports/draft.js';
import { fill } from '../reports/draft-steps.js';
import type { StoredCase } from '../reports/stores.js';
import { type Submitted, submitDraft } from '../reports/submitting.js';
import type { School } from '../schools/school.js';
import type { BotParts } from './bot.js';
import type { ActionResult } from './card-action.js';
import { caseReceipt, closedCard } from './report-drawing.js';
import type { DraftTurn, OpenDraftTurn } from './report-steps.js';

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
    const { draft, faults } = fill(stored.draft, pressed.step ?? stored.draft.step, typed, {
      now: parts.now(),
      profile: school.profile,
    });
    const saved = stored.draft.state === 'writing' ? await parts.reports.drafts.save(stored, draft) : stored;
    if (saved && faults.length === 0) await submitFrom(parts, school, saved, true);
  };
  parts.reports.pending.hold({ key: `${owner.schoolId}/${owner.personId}`, schoolId: owner.schoolId, send });
  return `Your report is not sent yet: I cannot reach the place where reports are kept. I go on trying, and your receipt will come in this chat. If it has not come in an hour, please press the button again, or tell the Headteacher yourself. If a child may be at risk, do not wait: speak to the designated safeguarding lead now. Reference ${reference}.`;
}

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
