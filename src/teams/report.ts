import { randomBytes } from 'node:crypto';
import { ActivityTypes, type TurnContext } from 'botbuilder';
import { z } from 'zod/v4';
import { traceOf } from '../log.js';
import type { Category } from '../policies/category.js';
import { newReference } from '../references.js';
import type { Draft, StoredDraft } from '../reports/draft.js';
import { fill, newDraft } from '../reports/draft-steps.js';
import { personIn } from '../schools/people.js';
import type { School } from '../schools/school.js';
import type { BotApplication, BotParts } from './bot.js';
import { cardMessage } from './cards/message.js';
import type { Card } from './cards/template.js';
import { reportCard, safetyCard } from './cards/views.js';
import { cardIn } from './draft-card.js';
import { isReportCommand, START_VERB } from './report-command.js';
import { drawDraft } from './report-drawing.js';
import { offerCard } from './report-offers.js';
import { registerReportSteps } from './report-steps.js';
import { type Continued, continuing } from './report-submit.js';
import { schoolOf } from './school-of.js';
import { isForBot, isPersonal, messageOf } from './turn.js';

/** `urgent`: the answer was about a child at risk. */
const startData = z.object({ urgent: z.boolean().catch(false) });
const MOVED = 'I have written to you in our own chat. Please go on there, where nobody else can read it.';

/** Reporting, by button, by command and, through {@link startReport}, by saying what has happened. */
export function registerReport(app: BotApplication, parts: BotParts): void {
  app.adaptiveCards.actionSubmit(START_VERB, async (context) => {
    const school = await schoolOf(context, parts);
    if (!school) return;
    const urgent = startData.safeParse(context.activity.value).data?.urgent ?? false;
    await startReport(context, parts, school, { words: '', category: urgent ? 'child_safety' : null });
  });
  app.activity(
    async ({ activity }) =>
      activity.type === ActivityTypes.Message && isForBot(activity) && isReportCommand(messageOf(activity)),
    async (context) => {
      const school = await schoolOf(context, parts);
      if (school) await startReport(context, parts, school, { words: '', category: null });
    },
  );
  registerReportSteps(app, parts);
}

/** What is known of a report when it begins. */
export interface Beginning {
  /** What was typed: the first draft of the description. */
  readonly words: string;
  readonly category: Category | null;
}

/**
 * Begins a report, or offers the one that is open. In a channel or group nothing of the matter is said: the report begins in the
 * person's own chat. Advice on a child's safety comes at once, whatever storage does.
 */
export async function startReport(
  context: TurnContext,
  parts: BotParts,
  school: School,
  beginning: Beginning,
): Promise<void> {
  const { profile } = school;
  const personal = isPersonal(context.activity);
  const personId = context.activity.from.aadObjectId;
  const instead =
    beginning.category === 'child_safety'
      ? safetyCard(profile, 'unable')
      : reportCard(beginning.category, profile, personal, 'unable');
  if (personId === undefined) {
    await context.sendActivity(cardMessage(instead));
    return;
  }
  try {
    const owner = { schoolId: profile.id, personId: personId.toLowerCase() };
    const open = await parts.reports.drafts.open(owner);
    const stored = open ?? (await begin(context, parts, school, owner.personId, beginning));
    if (!personal)
      await moveToChat(context, parts, school, stored, { ...beginning, instead, shows: open ? 'offer' : 'card' });
    else if (open) await offer(context, school, open, beginning);
    else await show(context, parts, school, stored);
  } catch (error) {
    parts.log.error({ event: 'report.not_begun', schoolId: profile.id, ...traceOf(error) });
    await context.sendActivity(cardMessage(instead));
  }
}

async function begin(
  { activity }: TurnContext,
  { reports, now }: BotParts,
  { profile }: School,
  personId: string,
  { words, category }: Beginning,
): Promise<StoredDraft> {
  const at = now();
  const begun: Draft = newDraft({
    id: randomBytes(12).toString('hex'),
    reference: newReference('PD'),
    schoolId: profile.id,
    personId,
    personName: personIn(profile, personId)?.name ?? activity.from.name ?? null,
    now: at,
    words,
    category,
  });
  const draft = category === 'child_safety' ? concerning(begun, profile, at) : begun;
  const created = (await reports.drafts.create(draft)) ?? (await reports.drafts.open(draft));
  if (created === undefined) throw new Error('A draft was neither created nor found.');
  return created;
}

/** A child's safety comes first: the draft stands at its one card at once, and Back leads to the others. */
const concerning = (draft: Draft, profile: School['profile'], now: Date): Draft =>
  fill(draft, 'what', { dangers: 'other_concern' }, { now, profile }).draft;

/** A child's safety does not wait for what becomes of another report. */
async function offer(
  context: TurnContext,
  school: School,
  open: StoredDraft,
  { words, category }: Beginning,
): Promise<void> {
  const urgent = category === 'child_safety';
  if (urgent) await context.sendActivity(cardMessage(safetyCard(school.profile, 'below')));
  await context.sendActivity(cardMessage(offerCard(open, school, { urgent, words: words !== '' })));
}

/** Others read this conversation: it says only where to go on. */
async function moveToChat(
  context: TurnContext,
  parts: BotParts,
  { profile }: School,
  stored: StoredDraft,
  { category, instead, shows }: Beginning & { readonly instead: Card; readonly shows: Continued },
): Promise<void> {
  const saved = await parts.reports.drafts.save(stored, stored.draft, [continuing(stored.draft, shows)]);
  if (saved) await parts.deliveries.committed(parts.reports.drafts.placeOf(saved.draft));
  if (!saved) await context.sendActivity(cardMessage(instead));
  else if (category === 'child_safety') await context.sendActivity(cardMessage(safetyCard(profile, 'moved')));
  else await context.sendActivity(MOVED);
}

/** Sends the card of a draft, and notes which message it is, so that it can be redrawn as files arrive. */
export async function show(context: TurnContext, parts: BotParts, school: School, stored: StoredDraft): Promise<void> {
  const sent = await context.sendActivity(cardMessage(await drawDraft(parts.reports, school, stored)));
  const card = cardIn(context, sent?.id);
  try {
    if (card) await parts.reports.drafts.save(stored, { ...stored.draft, card });
  } catch (error) {
    // The card has been sent. What is missing is known again with the first button that is pressed.
    parts.log.warn({ event: 'draft.not_redrawn', schoolId: school.profile.id, ...traceOf(error) });
  }
}
