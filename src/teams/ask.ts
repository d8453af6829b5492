import { ActivityTypes, type TurnContext } from 'botbuilder';
import { z } from 'zod/v4';
import { traceOf } from '../log.js';
import { type Answer, type Response, respond } from '../policies/answer.js';
import type { Citation } from '../policies/citation.js';
import { type ClauseIndex, keyOf } from '../policies/clause-index.js';
import { intentOf } from '../policies/intent.js';
import { checkPlainEnglish } from '../policies/plain-english.js';
import type { AskedQuestion } from '../policies/question-log.js';
import type { School } from '../schools/school.js';
import { askingView, registerAskHeadteacher } from './ask-headteacher.js';
import type { BotApplication, BotParts } from './bot.js';
import { type ActionResult, isCardSubmit, onCardAction, onUnknownAction } from './card-action.js';
import { cardMessage } from './cards/message.js';
import type { Card } from './cards/template.js';
import { type AnswerView, answerCard, EXAMPLE_QUESTIONS, notCoveredCard } from './cards/views.js';
import { addPlainEnglish } from './plain-english.js';
import { startReport } from './report.js';
import { schoolOf } from './school-of.js';
import { smalltalkReply } from './smalltalk.js';
import { isForBot, messageOf } from './turn.js';
import { withTyping } from './typing.js';

/** As much of a question as is kept; the rest is rarely the question. */
const LONGEST_KEPT_QUESTION = 1_000;

/** `plain`: the text in plain English that the card shows; it is checked again, as it comes from the client. */
const ratingData = z.object({ questionId: z.string(), helpful: z.boolean(), plain: z.string().max(2_000).catch('') });
/** Welcome cards stay in chats for years, so an example that is no longer offered is answered all the same. */
const exampleData = z.object({ question: z.string().min(1).max(200) });

/** What an answer consists of, before it is known whether it could be recorded. */
interface Found {
  readonly outcome: AskedQuestion['outcome'];
  /** The clauses that answer, or the nearest. */
  readonly clauses: readonly Citation[];
}

const OUTDATED_BUTTON = 'That button is from an older card and no longer works. Please type your question.';

/** Answers what people type, and takes their word on whether the answer helped. */
export function registerAsk(app: BotApplication, parts: BotParts): void {
  registerAskHeadteacher(app, parts, (context, school, questionId) => again(context, parts, school, questionId));
  onCardAction(app, 'ask.rate', (context, data) => rate(context, parts, data));
  app.adaptiveCards.actionSubmit('ask.example', async (context) => {
    const example = exampleData.safeParse(context.activity.value).data;
    if (example) await reply(context, parts, example.question, example.question);
    else await context.sendActivity(OUTDATED_BUTTON);
  });
  app.activity(
    async ({ activity }) => activity.type === ActivityTypes.Message && !isCardSubmit(activity) && isForBot(activity),
    async (context) => reply(context, parts, messageOf(context.activity), null),
  );
  app.activity(
    async ({ activity }) => isCardSubmit(activity),
    async (context) => {
      await context.sendActivity(OUTDATED_BUTTON);
    },
  );
  onUnknownAction(app, OUTDATED_BUTTON);
}

async function reply(context: TurnContext, parts: BotParts, message: string, asked: string | null): Promise<void> {
  const askedAt = parts.now();
  const school = await schoolOf(context, parts);
  if (!school) return;
  if (message === '') {
    await context.sendActivity('I can only read words. Please type your question.');
    return;
  }
  const response = respond(school.index, message);
  if ('answer' in response) {
    const { profile } = school;
    const { outcome, clauses } = foundIn(response.answer);
    const { urgent } = response.intent;
    const { view, card } = await withTyping(context, parts.log, async () => {
      const questionId = await record(parts, school, message, { outcome, clauses });
      const view = { clauses, urgent, profile, asked, questionId, helpful: null };
      return { view, card: await cardOf(context, parts, school, message, outcome, view) };
    });
    const sent = await context.sendActivity(cardMessage(card));
    if (outcome === 'answered')
      await addPlainEnglish(context, parts, { school, question: message, askedAt, view, messageId: sent?.id });
  } else await replyToIntent(context, parts, school, message, response);
  const outcome = 'answer' in response && { outcome: response.answer.kind };
  parts.log.info({ event: 'ask.handled', schoolId: school.profile.id, intent: response.intent.kind, ...outcome });
}

/** Small talk gets a sentence; what has happened begins a report, with the advice for it first. */
async function replyToIntent(
  context: TurnContext,
  parts: BotParts,
  school: School,
  message: string,
  { intent }: Exclude<Response, { answer: Answer }>,
): Promise<void> {
  if (intent.kind === 'smalltalk') await context.sendActivity(smalltalkReply(message));
  else await startReport(context, parts, school, { words: message, category: intent.category });
}

const foundIn = (answer: Answer): Found => ({
  outcome: answer.kind,
  clauses: answer.kind === 'answered' ? answer.clauses : answer.nearest,
});

async function cardOf(
  context: TurnContext,
  parts: BotParts,
  school: School,
  question: string,
  outcome: Found['outcome'],
  view: AnswerView,
): Promise<Card> {
  if (outcome === 'answered') return answerCard(view);
  return notCoveredCard(view, await askingView(context, parts, school, question));
}

/** Keeps the question for the gap list. No answer waits for a store that is down: it is then shown without a rating. */
async function record(
  { questions, log, now }: BotParts,
  { profile }: School,
  message: string,
  { outcome, clauses }: Found,
): Promise<string | null> {
  const keys = clauses.map(keyOf);
  const question = message.slice(0, LONGEST_KEPT_QUESTION);
  try {
    return await questions.record(profile.id, { question, askedAt: now(), outcome, clauses: keys });
  } catch (error) {
    log.warn({ event: 'ask.not_recorded', schoolId: profile.id, ...traceOf(error) });
    return null;
  }
}

async function rate(context: TurnContext, parts: BotParts, data: unknown): Promise<ActionResult> {
  const thanks = 'Thank you.';
  const rating = ratingData.safeParse(data).data;
  const school = await schoolOf(context, parts);
  if (!rating || !school) return thanks;
  const { questionId, helpful } = rating;
  const asked = await keepRating(parts, school.profile.id, questionId, helpful);
  const clauses = asked && clausesAsShown(asked, school.index);
  if (!clauses) return thanks;
  const plain = checkPlainEnglish(
    rating.plain,
    clauses.map(({ clause }) => clause.quote),
  );
  return redrawn(context, parts, school, asked, { clauses, questionId, helpful, plain });
}

/** The card of a question as it stood before its button was pressed. */
async function again(context: TurnContext, parts: BotParts, school: School, questionId: string): Promise<ActionResult> {
  const asked = await parts.questions.find(school.profile.id, questionId);
  if (!asked) return 'Nothing has been sent. Ask me again whenever you like.';
  const clauses = clausesAsShown(asked, school.index) ?? [];
  return redrawn(context, parts, school, asked, { clauses, questionId, helpful: asked.helpful ?? null });
}

function redrawn(
  context: TurnContext,
  parts: BotParts,
  school: School,
  { question, outcome }: AskedQuestion,
  shown: Pick<AnswerView, 'clauses' | 'questionId' | 'helpful' | 'plain'>,
): Promise<Card> {
  const intent = intentOf(question);
  const urgent = intent.kind === 'question' && intent.urgent;
  const byButton = EXAMPLE_QUESTIONS.some((example) => example === question);
  const view = { ...shown, urgent, profile: school.profile, asked: byButton ? question : null };
  return cardOf(context, parts, school, question, outcome, view);
}

/** `undefined` for a question that is not there, and while the store is down: a rating is not worth an error card. */
async function keepRating(
  { questions, log }: BotParts,
  schoolId: string,
  questionId: string,
  helpful: boolean,
): Promise<AskedQuestion | undefined> {
  try {
    const asked = await questions.find(schoolId, questionId);
    if (asked) await questions.rate(schoolId, questionId, helpful);
    return asked;
  } catch (error) {
    log.warn({ event: 'ask.not_recorded', schoolId, ...traceOf(error) });
    return undefined;
  }
}

/** The clauses as they were shown; `undefined` when a policy has changed since and one is gone. */
function clausesAsShown({ clauses }: AskedQuestion, index: ClauseIndex): readonly Citation[] | undefined {
  const found = clauses.flatMap((key) => index.clauses.get(key) ?? []);
  return found.length === clauses.length ? found : undefined;
}
