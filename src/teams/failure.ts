import { ActivityTypes, type TurnContext } from 'botbuilder';
import { cardMessage } from './cards/message.js';
import { errorCard } from './cards/views.js';

/** Tells the person that a turn failed on our side, with the reference that stands in the log. */
export async function reportFailure(context: TurnContext, reference: string): Promise<void> {
  const { activity } = context;
  if (activity.type === ActivityTypes.Invoke) {
    // The invoke response tells the client that the button did not work; the card says what to do about it.
    await context.sendActivity({ type: ActivityTypes.InvokeResponse, value: { status: 500 } });
  }
  if (activity.type === ActivityTypes.Message || activity.type === ActivityTypes.Invoke)
    await context.sendActivity(cardMessage(errorCard(reference)));
}
