import { ActivityTypes, type TurnContext } from 'botbuilder';
import { z } from 'zod/v4';
import { traceOf } from '../log.js';
import { type Answer, respond } from '../policies/answer.js';
import type { Citation } from '../policies/citation.js';
import type { ClauseIndex } from '../policies/clause-index.js';
import type { AskedQuestion } from '../policies/question-log.js';
import type { School } from '../schools/school.js';
import type { BotApplication, BotParts } from './bot.js';
import { type ActionResult, isCardSubmit, onCardAction } from './card-action.js';
import { cardMessage } from './cards/message.js';
import type { Card } from './cards/template.js';
import { answerCard, EXAMPLE_QUESTIONS, notCoveredCard, reportCard, safetyCard } from './cards/views.js';
import { schoolOf } from './school-of.js';
import { smalltalkReply } from './smalltalk.js';
import { isForBot, isPersonal, messageOf } from './turn.js';

/** As much of a question as is kept; the rest is rarely the question. */
const LONGEST_KEPT_QUESTION = 1_000;

const ratingData = z.object({ questionId: z.string(), helpful: z.boolean() });
const exampleData = z.object({
  verb: z.literal('ask.example'),
  question: z.enum(EXAMPLE_QUESTIONS as [string, ...string[]]),
});

interface Shown {
  readonly outcome: AskedQuestion['outcome'];
  /** The clauses that answer, or the nearest. */
  readonly clauses: readonly Citation[];
  readonly urgent: boolean;
  /** Named on the card when it was a button that asked. */
  readonly asked: string | null;
  readonly questionId: string | null;
  readonly helpful: boolean | null;
}

/** Answers what people type, and takes their word on whether the answer helped. */
export function registerAsk(app: BotApplication, parts: BotParts): void {
  onCardAction(app, 'ask.rate', (context, data) => rate(context, parts, data));
  app.adaptiveCards.actionSubmit('ask.example', async (context) => {
    const example = exampleData.safeParse(context.activity.value).data;
    if (example) await reply(context, parts, example.question, example.question);
  });
  app.activity(
    async ({ activity }) => activity.type === ActivityTypes.Message && !isCardSubmit(activity) && isForBot(activity),
    async (context) => reply(context, parts, messageOf(context.activity), null),
  );
}

async function reply(context: TurnContext, parts: BotParts, message: string, asked: string | null): Promise<void> {
  const school = await schoolOf(context, parts);
  if (!school) return;
  if (message === '') {
    await context.sendActivity('I can only read words. Please type your question.');
    return;
  }
  const personal = isPersonal(context.activity);
  if (personal) await context.sendActivity({ type: ActivityTypes.Typing });
  const response = respond(school.index, message);
  const { intent } = response;
  if ('answer' in response) {
    const shown = shownOf(response.answer);
    const questionId = await record(parts, school, message, shown);
    const { urgent } = response.intent;
    await context.sendActivity(cardMessage(cardOf(school, { ...shown, urgent, asked, questionId, helpful: null })));
  } else if (intent.kind === 'smalltalk') await context.sendActivity(smalltalkReply(message));
  else if (intent.kind === 'report')
    await context.sendActivity(
      cardMessage(
        intent.category === 'child_safety'
          ? safetyCard(school.profile)
          : reportCard(intent.category, school.profile, personal),
      ),
    );
  parts.log.info({
    event: 'ask.answered',
    schoolId: school.profile.id,
    intent: intent.kind,
    ...('answer' in response && { outcome: response.answer.kind }),
  });
}

const shownOf = (answer: Answer): Pick<Shown, 'outcome' | 'clauses'> => ({
  outcome: answer.kind,
  clauses: answer.kind === 'answered' ? answer.clauses : answer.nearest,
});

const cardOf = ({ profile }: School, { outcome, clauses, ...rest }: Shown): Card =>
  outcome === 'answered'
    ? answerCard({ clauses, profile, ...rest })
    : notCoveredCard({ nearest: clauses, profile, ...rest });

/** Keeps the question for the gap list. The answer does not wait for a store that is down: it is then shown without a rating. */
async function record(
  { questions, log, now }: BotParts,
  { profile }: School,
  message: string,
  answer: Answer,
): Promise<string | null> {
  const clauses = shownClauses(answer).map(({ policy, clause }) => `${policy.id}/${clause.id}`);
  try {
    return await questions.record(profile.id, {
      question: message.slice(0, LONGEST_KEPT_QUESTION),
      askedAt: now(),
      outcome: answer.kind,
      clauses,
    });
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
  const asked = await parts.questions.find(school.profile.id, questionId);
  if (!asked) return thanks;
  await parts.questions.rate(school.profile.id, questionId, helpful);
  const answer = answerAsShown(asked, school.index);
  return answer === undefined ? thanks : cardOf(school, { answer, urgent: false, asked: null, questionId, helpful });
}

/** The answer as it was shown; `undefined` when a policy has changed since and a clause is gone. */
function answerAsShown({ outcome, clauses }: AskedQuestion, index: ClauseIndex): Answer | undefined {
  const matches = clauses.map((key) => index.clauses.get(key));
  const found = matches.flatMap((match) => (match ? [{ ...match, score: 1 }] : []));
  if (found.length < clauses.length) return undefined;
  return outcome === 'answered' ? { kind: 'answered', clauses: found } : { kind: 'not_covered', nearest: found };
}
