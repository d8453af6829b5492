import type { TurnContext } from 'botbuilder';
import { traceOf } from '../log.js';
import type { StoredCase } from '../reports/stores.js';
import type { BotParts } from './bot.js';

/**
 * Where a process dies after Teams has taken a message and before that is noted, the message is sent again, as Teams shows a bot
 * no list of what it has said. Of the two, the one that nobody knows of is never redrawn. It shows itself when somebody presses a
 * button on it in the channel, and is removed then.
 *
 * @returns whether the pressed card was such a one, and is gone.
 */
export async function removeDouble(
  context: TurnContext,
  { outbox, reports, log }: Pick<BotParts, 'outbox' | 'reports' | 'log'>,
  { case: { report } }: Pick<StoredCase, 'case'>,
): Promise<boolean> {
  const { schoolId, reference } = report;
  const { replyToId: pressed } = context.activity;
  if (pressed === undefined) return false;
  try {
    const messages = (await outbox.read(reports.cases.placeOf(schoolId, reference)))
      .map(({ delivery }) => delivery)
      .filter(({ target, progress }) => target.to === 'headteacher_channel' && progress.state !== 'given_up');
    // What is under way just now may be the pressed one; but for what only changes another.
    const isAllKnown = messages.every(({ progress, placement, refusals }) =>
      progress.state === 'owed'
        ? !progress.claimed || (placement.at === 'in_place_of' && refusals === 0)
        : progress.state === 'sent' && progress.message.activityId !== null,
    );
    const ids = messages.flatMap(({ progress }) => (progress.state === 'sent' ? [progress.message.activityId] : []));
    if (!isAllKnown || ids.length === 0 || ids.includes(pressed)) return false;
    await context.deleteActivity(pressed);
    log.info({ event: 'delivery.double_removed', schoolId, reference });
    return true;
  } catch (error) {
    log.warn({ event: 'delivery.double_stays', schoolId, reference, ...traceOf(error) });
    return false;
  }
}
