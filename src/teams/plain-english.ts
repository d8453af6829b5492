import type { TurnContext } from 'botbuilder';
import { traceOf } from '../log.js';
import { clauseWithoutSchool, questionWithoutNames } from '../policies/plain-english/question.js';
import { checkPlainEnglish } from '../policies/plain-english.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { School } from '../schools/school.js';
import { AI_LABEL } from './ai-label.js';
import type { BotParts } from './bot.js';
import { cardMessage } from './cards/message.js';
import { type AnswerView, answerCard } from './cards/views.js';

/** All that is sent to be put into plain English; no name, no id and no school is in it. */
export interface PlainEnglishMaterial {
  readonly question: string;
  readonly clauses: readonly { readonly number: number; readonly text: string }[];
}

/** Why there is no text. */
export type NoText = 'timeout' | 'rate_limited' | 'refused' | 'filtered' | 'cut_off' | 'unreadable' | 'empty';

/** What puts clauses into plain English. Its text is checked before anyone sees it. */
export interface PlainEnglishWriter {
  /** @param signal ends the work; the answer is then `timeout`. Rejects only for faults of our own. */
  write(
    context: TurnContext,
    material: PlainEnglishMaterial,
    signal: AbortSignal,
  ): Promise<{ readonly text: string } | { readonly failure: NoText }>;
}

/** An answer that has been sent. */
export interface SentAnswer {
  readonly school: School;
  readonly question: string;
  readonly askedAt: Date;
  readonly view: AnswerView;
  /** The message that holds the card; `undefined` where the channel names none. */
  readonly messageId: string | undefined;
}

/** From asking to the text: who waits longer has read the clause by then. */
export const PLAIN_ENGLISH_WITHIN_MS = 8_000;

/**
 * Adds a short text in plain English to an answer that has been sent, where the school has a model for it and its text stands
 * up. The turn waits for it, 8 s from asking at most; whatever goes wrong, the answer stays as it is and nobody is troubled.
 *
 * Replies that are collected and returned together cannot be changed afterwards, and nobody's clauses wait for a model: they get
 * no text. Nor does a question that speaks of a child at risk, which calls for people and not for a paraphrase.
 */
export async function addPlainEnglish(context: TurnContext, parts: BotParts, answer: SentAnswer): Promise<void> {
  const { plainEnglish, log } = parts;
  const { messageId, view } = answer;
  const collected = context.activity.deliveryMode === 'expectReplies';
  if (!plainEnglish || messageId === undefined || collected || view.urgent) return;
  const line = { schoolId: answer.school.profile.id };
  try {
    const outcome = await write(context, parts, plainEnglish, answer, messageId);
    log.info({ event: outcome === 'shown' ? 'plain_english.shown' : 'plain_english.left_out', ...line, outcome });
  } catch (error) {
    log.warn({ event: 'plain_english.left_out', ...line, outcome: 'failed', ...traceOf(error) });
  }
}

/** @returns what came of it, for the log. */
async function write(
  context: TurnContext,
  { now, questions }: BotParts,
  { writer, withinMs = PLAIN_ENGLISH_WITHIN_MS }: NonNullable<BotParts['plainEnglish']>,
  { school: { profile }, question, askedAt, view }: SentAnswer,
  messageId: string,
): Promise<NoText | 'shown' | 'not_upheld'> {
  const leftMs = withinMs - (now().getTime() - askedAt.getTime());
  if (leftMs <= 0) return 'timeout';
  const signal = AbortSignal.timeout(leftMs);
  const quotes = view.clauses.map(({ clause }) => clause.quote);
  const written = await writer.write(context, materialOf(question, quotes, profile), signal);
  if ('failure' in written) return written.failure;
  const plain = checkPlainEnglish(written.text, quotes);
  if (plain.length === 0) return 'not_upheld';
  // Who was quick to rate the answer sees their rating still.
  const rated = view.questionId === null ? undefined : await questions.find(profile.id, view.questionId);
  if (signal.aborted) return 'timeout';
  const card = answerCard({ ...view, plain, helpful: rated?.helpful ?? null });
  await context.updateActivity({ ...cardMessage(card), id: messageId, entities: [AI_LABEL] });
  return 'shown';
}

function materialOf(question: string, quotes: readonly string[], profile: SchoolProfile): PlainEnglishMaterial {
  const { name, people, contacts } = profile;
  const names = [name, ...[...people, ...Object.values(contacts)].flatMap((person) => person?.name ?? [])];
  return {
    question: questionWithoutNames(question, quotes, names),
    clauses: quotes.map((quote, at) => ({ number: at + 1, text: clauseWithoutSchool(quote, name) })),
  };
}
