import type { TurnContext } from 'botbuilder';
import { z } from 'zod/v4';
import {
  type AnsweredEnquiry,
  deliveriesOfAnswering,
  type Enquiry,
  faultIn,
  type StoredEnquiry,
} from '../schools/enquiry.js';
import { mayAnswer, personIn } from '../schools/people.js';
import type { School } from '../schools/school.js';
import type { BotApplication, BotParts } from './bot.js';
import { type ActionResult, onCardAction } from './card-action.js';
import { type AnswerForm, enquiryCard, headteacherAnswerCard } from './cards/enquiry-views.js';
import { cardMessage } from './cards/message.js';
import type { Renderer } from './courier.js';
import { schoolOf } from './school-of.js';
import { isPersonal } from './turn.js';

const answerData = z.object({
  reference: z.string(),
  answer: z.string().catch(''),
  keep: z.string().catch('false'),
  keptAs: z.string().catch(''),
});

const NOT_ALLOWED =
  'Only the Headteacher, a deputy or someone the school has named for it can answer here. Nothing has been sent.';
const ELSEWHERE =
  'I say nothing of a question in this conversation, as others can read it. Please answer it in the Headteacher’s channel. Nothing has been sent.';
const NOT_FOUND = 'I cannot find that question any more. Nothing has been sent.';

/** Takes the answer to a question in the Headteacher's channel. The first to answer is the one who has. */
export function registerAnswerEnquiry(app: BotApplication, parts: BotParts): void {
  onCardAction(app, 'enquiry.answer', async (context, data) => {
    const school = await schoolOf(context, parts);
    const typed = answerData.safeParse(data).data;
    if (!school || !typed) return NOT_FOUND;
    if (!mayAnswer(school.profile, context.activity.from.aadObjectId)) {
      parts.log.warn({ event: 'enquiry.refused', schoolId: school.profile.id });
      return NOT_ALLOWED;
    }
    const { activity } = context;
    // A card may have been copied anywhere, and says what was asked, and by whom.
    if (!isPersonal(activity) && !(await parts.places.isHeadteacherChannel(activity, school))) {
      parts.log.warn({ event: 'enquiry.refused', schoolId: school.profile.id });
      return ELSEWHERE;
    }
    const stored = await parts.enquiries.find(school.profile.id, typed.reference);
    return stored ? answer(context, parts, school, stored, typed) : NOT_FOUND;
  });
}

/** The messages that enquiries cause. */
export function enquiryRenderers({ enquiries }: Pick<BotParts, 'enquiries'>): Record<string, Renderer> {
  const find = async (refs: Readonly<Record<string, string>>, { profile }: School) =>
    (await enquiries.find(profile.id, refs.reference ?? ''))?.enquiry;
  return {
    'enquiry.asked': async ({ refs }, school) => {
      const enquiry = await find(refs, school);
      return enquiry && cardMessage(cardFor(school, enquiry));
    },
    'enquiry.answered': async ({ refs }, school) => {
      const enquiry = await find(refs, school);
      return enquiry?.answered
        ? cardMessage(headteacherAnswerCard(school.profile, enquiry, enquiry.answered))
        : undefined;
    },
  };
}

async function answer(
  context: TurnContext,
  parts: BotParts,
  school: School,
  stored: StoredEnquiry,
  typed: z.infer<typeof answerData>,
): Promise<ActionResult> {
  const { profile } = school;
  const { enquiry } = stored;
  const by = personIn(profile, context.activity.from.aadObjectId);
  if (!by) return NOT_ALLOWED;
  if (enquiry.answered) return afterAnother(school, enquiry, typed.answer);
  const form = { ...typed, answer: typed.answer.trim(), keep: typed.keep === 'true' };
  const error = faultOf(form);
  if (error !== null) return cardFor(school, enquiry, { form: { ...form, answer: typed.answer, error } });
  const keptAs = form.keep ? form.keptAs.trim() : null;
  const answered: AnsweredEnquiry = {
    answer: form.answer,
    by: { personId: by.id, name: by.name },
    at: parts.now(),
    keptAs,
  };
  const changed = { ...enquiry, answered };
  const place = await parts.enquiries.change(stored, changed, deliveriesOfAnswering(enquiry));
  if (place === undefined) {
    const fresh = await parts.enquiries.find(profile.id, enquiry.reference);
    return fresh ? afterAnother(school, fresh.enquiry, typed.answer) : NOT_FOUND;
  }
  await parts.deliveries.committed(place);
  parts.log.info({ event: 'enquiry.answered', schoolId: profile.id, reference: enquiry.reference });
  return cardFor(school, changed);
}

/** A second press of the same button shows what has been sent; whoever typed something else sees who was first, and keeps it. */
function afterAnother(school: School, enquiry: Enquiry, typed: string): ActionResult {
  const words = typed.trim();
  return cardFor(school, enquiry, words === '' || words === enquiry.answered?.answer ? {} : { unsent: typed });
}

/** One sentence on what is wrong with an answer; `null` when nothing is. */
function faultOf({ answer: words, keep, keptAs }: Omit<AnswerForm, 'error'>): string | null {
  const fault = faultIn(words, 'answer');
  if (fault !== undefined) return fault;
  return (keep && faultIn(keptAs.trim(), 'question')) || null;
}

function cardFor(school: School, enquiry: Enquiry, extra: Parameters<typeof enquiryCard>[3] = {}) {
  const clauses = enquiry.clauses.flatMap((key) => school.index.clauses.get(key) ?? []);
  return enquiryCard(school.profile, enquiry, clauses, extra);
}
