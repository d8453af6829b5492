import { type Activity, ActivityTypes, type TurnContext } from 'botbuilder';
import type { BotApplication } from './bot.js';
import { cardMessage } from './cards/message.js';
import type { Card } from './cards/template.js';

/** What a card action shows: the card that takes the pressed one's place, or a sentence. */
export type ActionResult = Card | string;

/**
 * Handles one verb, whether the client sends it as `Action.Execute` or, where it knows only the older form, as its
 * `Action.Submit` fallback. Either way the card is replaced in place.
 *
 * @param data whatever the client sent: parse it before use. It never says who is acting.
 */
export function onCardAction(
  app: BotApplication,
  verb: string,
  handle: (context: TurnContext, data: unknown) => Promise<ActionResult>,
): void {
  app.adaptiveCards.actionExecute(verb, (context, _state, data) => handle(context, data));
  app.adaptiveCards.actionSubmit(verb, async (context, _state, data) => {
    const result = await handle(context, data);
    const { replyToId } = context.activity;
    if (typeof result === 'string') await context.sendActivity(result);
    else if (replyToId === undefined) await context.sendActivity(cardMessage(result));
    else await context.updateActivity({ ...cardMessage(result), id: replyToId });
  });
}

/** Says a sentence for every `Action.Execute` that no verb has taken: register it last. */
export function onUnknownAction(app: BotApplication, sentence: string): void {
  const body = { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: sentence };
  app.addRoute(
    async ({ activity: { type, name } }) => type === ActivityTypes.Invoke && name === 'adaptiveCard/action',
    async (context) => {
      await context.sendActivity({ type: ActivityTypes.InvokeResponse, value: { status: 200, body } });
    },
    true,
  );
}

/** Whether a message is a press on a card's button rather than something typed. */
export const isCardSubmit = ({ type, text, value }: Activity): boolean =>
  type === ActivityTypes.Message && !text && typeof value === 'object' && value !== null;
