import { ActivityTypes, type TurnContext } from 'botbuilder';
import { traceOf } from '../log.js';
import { intentOf, isOnChildSafety } from '../policies/intent.js';
import type { StoredDraft } from '../reports/draft.js';
import { type EvidenceOutcome, refusalSentence } from '../reports/evidence.js';
import type { DraftOwner } from '../reports/stores.js';
import type { School } from '../schools/school.js';
import { type Attachment, attachmentsOf, type Downloaded } from './attachments.js';
import type { BotApplication, BotParts } from './bot.js';
import { startReport } from './report.js';
import { schoolOf } from './school-of.js';
import { isForBot, isPersonal, messageOf } from './turn.js';

const NO_DRAFT =
  'I have not taken that file: there is no report under way. Type "report" to begin one; the safety questions come first, then the screenshots.';
const ARRIVED_EMPTY =
  'Teams sent me that picture empty, as it sometimes does from a phone’s gallery. Please use the upload page on the card, or attach it as a file.';
const NOT_PERSONAL =
  'Others can read this conversation, so I have taken nothing from it. Please send files in our own chat.';
/** Teams puts an attached file into the sender's OneDrive before a bot hears of it. */
const ONEDRIVE =
  'Teams keeps a copy of attached files in your OneDrive; please leave it there until the report is closed.';

/** Takes pictures pasted and files attached in the chat as evidence for the report that is open. */
export function registerReportFiles(app: BotApplication, parts: BotParts): void {
  app.activity(
    async ({ activity }) =>
      activity.type === ActivityTypes.Message && isForBot(activity) && attachmentsOf(activity).length > 0,
    async (context) => {
      const school = await schoolOf(context, parts);
      if (school) await answer(context, parts, school);
    },
  );
}

/** What is typed beside a file counts first: of a child at risk, nothing is fetched whatever is open; else it may begin a report. */
async function answer(context: TurnContext, parts: BotParts, school: School): Promise<void> {
  const { activity } = context;
  const words = messageOf(activity);
  const told = intentOf(words);
  const category = told.kind === 'report' ? told.category : null;
  if (isOnChildSafety(told)) {
    await startReport(context, parts, school, { words, category: 'child_safety' });
    await context.sendActivity(refusalSentence('child_safety'));
    return;
  }
  const owner = { schoolId: school.profile.id, personId: activity.from.aadObjectId?.toLowerCase() ?? '' };
  const isOpen = isPersonal(activity) && owner.personId !== '' && (await parts.reports.drafts.open(owner));
  if (category === null || isOpen)
    await context.sendActivity(await takeFiles(context, parts, owner, isOpen || undefined));
  else {
    await startReport(context, parts, school, { words, category });
    await context.sendActivity(refusalSentence('safety_first'));
  }
}

/** @returns what to say. Nothing is fetched from Teams before it is known that it may be kept. */
async function takeFiles(
  { activity }: TurnContext,
  parts: BotParts,
  owner: DraftOwner,
  stored: StoredDraft | undefined,
): Promise<string> {
  const { reports } = parts;
  if (!isPersonal(activity)) return NOT_PERSONAL;
  if (!stored) return NO_DRAFT;
  const target = { kind: 'draft', draftId: stored.draft.id } as const;
  const refusal = await reports.intake.refusalFor(owner, target);
  if (refusal) return refusalSentence(refusal);
  const said: string[] = [];
  for (const attachment of attachmentsOf(activity)) {
    try {
      const way = attachment.kind === 'file' ? 'chat_file' : 'chat_picture';
      const fetched = await fetchFrom(parts, attachment, activity.serviceUrl);
      if ('failure' in fetched) said.push(NOT_FETCHED[fetched.failure]);
      else said.push(spoken(await reports.intake.take({ owner, target, bytes: fetched.bytes, way }), way));
    } catch (error) {
      parts.log.error({ event: 'evidence.not_taken', schoolId: owner.schoolId, ...traceOf(error) });
      said.push('I could not keep that file just now. Please send it again in a minute.');
    }
  }
  await reports.redraw(owner);
  return [...new Set(said)].join('\n\n');
}

function spoken(outcome: EvidenceOutcome, way: 'chat_file' | 'chat_picture'): string {
  if (outcome.kind === 'refused') return refusalSentence(outcome.reason);
  const count = outcome.count === 1 ? 'There is 1 file' : `There are ${outcome.count} files`;
  if (outcome.kind === 'same') return `I have that one already. ${count} in your report.`;
  return `Kept, to the byte. ${count} in your report now.${way === 'chat_file' ? ` ${ONEDRIVE}` : ''}`;
}

const NOT_FETCHED: Readonly<Record<Extract<Downloaded, { failure: string }>['failure'], string>> = {
  empty: ARRIVED_EMPTY,
  too_large: refusalSentence('too_large'),
  not_from_teams:
    'That file does not come from Teams itself, so I have not fetched it. Please attach or paste it here.',
  late: 'Teams took too long to hand me that file. Please send it again, or use the upload page on the card.',
  failed: 'Teams did not hand me that file. Please send it again, or use the upload page on the card.',
};

async function fetchFrom({ reports }: BotParts, attachment: Attachment, serviceUrl: string): Promise<Downloaded> {
  if (attachment.kind === 'empty') return { failure: 'empty' };
  return attachment.kind === 'other' ? { failure: 'not_from_teams' } : reports.download(attachment, serviceUrl);
}
