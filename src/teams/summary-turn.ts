import type { Activity, TurnContext } from 'botbuilder';
import { newErrorReference } from '../errors.js';
import { traceOf } from '../log.js';
import type { School } from '../schools/school.js';
import { editionFor } from '../summaries/access.js';
import type { Edition } from '../summaries/summary.js';
import type { BotApplication, BotParts } from './bot.js';
import { type ActionResult, onCardAction } from './card-action.js';
import { schoolOf } from './school-of.js';
import { conversationOf, isPersonal, originOf } from './turn.js';

/** Somebody who may read summaries, where they may. */
export interface SummaryTurn {
  readonly context: TurnContext;
  readonly parts: BotParts;
  readonly school: School;
  /** Entra object id, from the turn. */
  readonly personId: string;
  readonly place: 'own_chat' | 'governors_chat';
  readonly edition: Edition;
}

const NOT_YOU =
  'Only the Headteacher and the chair of governors can ask for a summary of reports. Governors get theirs in their own chat.';
const NOT_HERE = 'Others can read this conversation. Please ask me for the summary in our own chat.';
const ELSEWHERE =
  'I say nothing of a summary in this conversation. Please press the button where I sent you the summary. Nothing has been changed.';
export const OUTDATED =
  'That card is from an older version and no longer works. Please type “summary” in our own chat.';

/** Why a person is shown no summary in this conversation; `undefined` when they are. */
export function whyNoSummary(activity: Activity, { profile }: Pick<School, 'profile'>): string | undefined {
  if (!editionFor(profile, originOf(activity).personId)) return NOT_YOU;
  return isPersonal(activity) ? undefined : NOT_HERE;
}

/** Where a card was pressed, and which edition is read there: it may have been copied anywhere. */
async function turnAt(context: TurnContext, parts: BotParts, school: School): Promise<SummaryTurn | undefined> {
  const { activity } = context;
  const personId = originOf(activity).personId ?? '';
  if (isPersonal(activity)) {
    const edition = editionFor(school.profile, personId);
    return edition && { context, parts, school, personId, place: 'own_chat', edition };
  }
  const chat = await parts.places.governorsChatOf(school);
  if (conversationOf(activity) !== chat.id) return undefined;
  return { context, parts, school, personId, place: 'governors_chat', edition: 'governors' };
}

/** Handles a press on a card of a summary. Whoever may not gets a sentence, and the attempt is logged. */
export function onSummary(
  app: BotApplication,
  parts: BotParts,
  verb: string,
  handle: (turn: SummaryTurn, data: unknown) => Promise<ActionResult>,
): void {
  onCardAction(app, verb, async (context, data) => {
    const school = await schoolOf(context, parts);
    if (!school) return OUTDATED;
    const { id: schoolId } = school.profile;
    try {
      const turn = await turnAt(context, parts, school);
      if (turn) return await handle(turn, data);
      return refused({ parts, school }, isPersonal(context.activity) ? NOT_YOU : ELSEWHERE);
    } catch (error) {
      const reference = newErrorReference();
      parts.log.error({ event: 'turn.failed', schoolId, reference, ...traceOf(error) });
      return `That did not work just now. What you typed is still in the card: please press the button again in a minute. Reference ${reference}.`;
    }
  });
}

/** @returns the sentence, for whoever was refused. */
export function refused({ parts, school }: Pick<SummaryTurn, 'parts' | 'school'>, why: string): string {
  parts.log.warn({ event: 'summary.refused', schoolId: school.profile.id });
  return why;
}
