import { randomBytes } from 'node:crypto';
import type { TurnContext } from 'botbuilder';
import { z } from 'zod/v4';
import { traceOf } from '../log.js';
import { answerByHeadteacher, type HeadteacherAnswer } from '../policies/headteacher-answers.js';
import { intentOf } from '../policies/intent.js';
import { deliveriesOfAsking, type Enquiry, faultIn, referenceFor } from '../schools/enquiry.js';
import { personIn, takesEnquiries } from '../schools/people.js';
import type { School } from '../schools/school.js';
import type { BotApplication, BotParts } from './bot.js';
import { type ActionResult, onCardAction } from './card-action.js';
import { type AskingView, askForm, enquirySent } from './cards/enquiry-views.js';
import { schoolOf } from './school-of.js';
import { isPersonal } from './turn.js';

/** `form` is the id of the question the card was about, so that its button always leads to the same enquiry; or a random one. */
const formId = z.string().regex(/^[\w-]{8,40}$/u);
const openData = z.object({ questionId: z.string() });
/** A name goes along only with the choice to give it. */
const sendData = z.object({ form: formId, question: z.string().catch(''), name: z.string().catch('without') });
const cancelData = z.object({ form: formId });

const PERSONAL_ONLY =
  'Others can read this conversation. Please ask me in our own chat, and put your question from there.';
const UNKNOWN_PERSON =
  'Teams does not tell me who you are, so an answer could not reach you. Please ask the Headteacher yourself.';
const NOBODY_ANSWERS = 'Nobody at your school is set up to answer here yet. Please ask the Headteacher yourself.';
const OUTDATED = 'That card is from an older version and no longer works. Please type your question again.';

/** Draws the "not covered" card again. */
type Redraw = (context: TurnContext, school: School, questionId: string) => Promise<ActionResult>;

/**
 * Puts questions that the policy does not answer to the Headteacher. The form is offered in the personal chat only: what a person
 * wants to ask, and whether they give their name, is nobody else's to watch, and everyone in a channel may press its buttons.
 */
export function registerAskHeadteacher(app: BotApplication, parts: BotParts, redraw: Redraw): void {
  const inChat =
    (handle: (context: TurnContext, school: School, data: unknown) => Promise<ActionResult>) =>
    async (context: TurnContext, data: unknown) => {
      const school = await schoolOf(context, parts);
      if (!school) return OUTDATED;
      return refusalFor(context, school) ?? handle(context, school, data);
    };
  onCardAction(
    app,
    'enquiry.form',
    inChat((context, school, data) => openForm(context, parts, school, data)),
  );
  onCardAction(
    app,
    'enquiry.send',
    inChat((context, school, data) => send(context, parts, school, data)),
  );
  onCardAction(
    app,
    'enquiry.cancel',
    inChat(async (context, school, data) => {
      const cancelled = cancelData.safeParse(data).data;
      return cancelled ? redraw(context, school, cancelled.form) : OUTDATED;
    }),
  );
}

/** Where the "not covered" card may lead, and what the Headteacher has answered to something like the question. */
export async function askingView(
  { activity }: TurnContext,
  parts: Pick<BotParts, 'enquiries' | 'log'>,
  { profile }: School,
  question: string,
): Promise<AskingView> {
  const way = isPersonal(activity) ? 'here' : 'in_chat';
  const kept = await keptAnswer(parts, profile.id, question);
  return { way: takesEnquiries(profile) ? way : null, kept };
}

/** `undefined` where the card's button may be used. */
function refusalFor({ activity }: TurnContext, { profile }: School): string | undefined {
  if (!isPersonal(activity)) return PERSONAL_ONLY;
  if (!activity.from.aadObjectId) return UNKNOWN_PERSON;
  return takesEnquiries(profile) ? undefined : NOBODY_ANSWERS;
}

async function openForm(context: TurnContext, parts: BotParts, school: School, data: unknown): Promise<ActionResult> {
  const { questionId } = openData.safeParse(data).data ?? { questionId: '' };
  const asked = questionId === '' ? undefined : await parts.questions.find(school.profile.id, questionId);
  const form = asked ? questionId : randomBytes(12).toString('hex');
  const sent = await sentBefore(context, parts, school, form);
  if (sent) return sent;
  const question = asked?.question ?? '';
  return askForm({
    channel: await channelName(parts, school),
    form,
    question,
    name: nameOf(context, school),
    withName: true,
    error: null,
  });
}

async function send(context: TurnContext, parts: BotParts, school: School, data: unknown): Promise<ActionResult> {
  const typed = sendData.safeParse(data).data;
  if (!typed) return OUTDATED;
  const { profile } = school;
  const { form } = typed;
  const withName = typed.name === 'with';
  const question = typed.question.trim();
  const error = faultIn(question, 'question');
  const name = nameOf(context, school);
  if (error !== undefined) {
    const channel = await channelName(parts, school);
    return askForm({ channel, form, question: typed.question, name, withName, error });
  }
  const enquiry = await newEnquiry(context, parts, school, { form, question, name: withName ? name : null });
  const place = await parts.enquiries.open(enquiry, deliveriesOfAsking(enquiry));
  if (place === undefined) {
    const before = await sentBefore(context, parts, school, form);
    if (before === undefined) throw new Error('An enquiry is neither new nor there.');
    return before;
  }
  await parts.deliveries.committed(place);
  parts.log.info({ event: 'enquiry.sent', schoolId: profile.id, reference: enquiry.reference });
  return enquirySent(profile, enquiry, false, isUrgent(question));
}

/** Nothing typed is lost because a name cannot be read. */
const channelName = async ({ places }: BotParts, school: School): Promise<string | null> =>
  (await places.headteacherChannelOf(school).catch(() => null))?.name ?? null;

async function newEnquiry(
  context: TurnContext,
  { questions, now }: BotParts,
  { profile: { id: schoolId } }: School,
  { form, question, name }: { form: string; question: string; name: string | null },
): Promise<Enquiry> {
  const personId = context.activity.from.aadObjectId ?? '';
  const asked = await questions.find(schoolId, form);
  return {
    reference: referenceFor(schoolId, personId, form),
    ...{ schoolId, form, question },
    asker: { personId, name },
    askedAt: now(),
    clauses: asked?.clauses ?? [],
    answered: null,
  };
}

/** What the person has sent with a form already. */
async function sentBefore(
  { activity }: TurnContext,
  { enquiries }: BotParts,
  { profile }: School,
  form: string,
): Promise<ActionResult | undefined> {
  const personId = activity.from.aadObjectId ?? '';
  const stored = await enquiries.find(profile.id, referenceFor(profile.id, personId, form));
  if (stored === undefined) return undefined;
  const { enquiry } = stored;
  // Two forms that come to the same reference are so rare that the second may be asked again.
  if (enquiry.form !== form) return 'Please type your question to me again, and send it from there.';
  return enquirySent(profile, enquiry, true, isUrgent(enquiry.question));
}

/** As the school's profile has it, else as Teams does. */
const nameOf = ({ activity: { from } }: TurnContext, { profile }: School): string =>
  personIn(profile, from.aadObjectId)?.name ?? (from.name || 'a member of staff');

/** A child may be at risk: the Headteacher's answer is not to be waited for. */
function isUrgent(question: string): boolean {
  const intent = intentOf(question);
  if (intent.kind === 'question') return intent.urgent;
  return intent.kind === 'report' && intent.category === 'child_safety';
}

/** While storage is down the policy's answer comes without it. */
async function keptAnswer(
  { enquiries, log }: Pick<BotParts, 'enquiries' | 'log'>,
  schoolId: string,
  question: string,
): Promise<HeadteacherAnswer | null> {
  try {
    return answerByHeadteacher(question, await enquiries.kept(schoolId)) ?? null;
  } catch (error) {
    log.warn({ event: 'enquiry.kept_not_read', schoolId, ...traceOf(error) });
    return null;
  }
}
