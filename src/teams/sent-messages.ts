import type { TurnContext } from 'botbuilder';
import { traceOf } from '../log.js';
import { keepSent } from '../reports/submitting.js';
import type { Target } from '../schools/delivery.js';
import type { BotParts } from './bot.js';
import { isPersonal } from './turn.js';

/**
 * Keeps which message shows something of a case that a turn has drawn by itself, in a person's own chat or in the Headteacher's
 * channel, rather than owing it: when the case is deleted, that message goes, too. Never rejects: what the person has asked for was done.
 *
 * @param activityId of the message; nothing is kept where Teams has not said it.
 */
export async function noteSent(
  context: TurnContext,
  { reports, log, now }: Pick<BotParts, 'reports' | 'log' | 'now'>,
  schoolId: string,
  reference: string,
  kind: 'case.form' | 'case.own' | 'case.named',
  activityId: string | undefined,
): Promise<void> {
  const personId = context.activity.from.aadObjectId?.toLowerCase();
  if (!activityId || personId === undefined) return;
  const sent = { conversationId: context.activity.conversation.id, activityId };
  const isOwn = isPersonal(context.activity);
  const target: Target = isOwn ? { to: 'person', personId } : { to: 'headteacher_channel' };
  try {
    await keepSent({ cases: reports.cases, now }, schoolId, reference, { kind, target, sent });
  } catch (error) {
    log.warn({ event: 'case.message_not_noted', schoolId, reference, ...traceOf(error) });
  }
}
