import { ActivityTypes } from 'botbuilder';
import type { BotApplication, BotParts } from './bot.js';
import { cardMessage } from './cards/message.js';
import { welcomeCard } from './cards/views.js';
import { schoolOf } from './school-of.js';

/** Greets whoever installs the bot. Teams tells of an installation twice; only one of the two is answered. */
export function registerInstall(app: BotApplication, parts: BotParts): void {
  app.activity(
    async ({ activity }) =>
      activity.type === ActivityTypes.ConversationUpdate &&
      (activity.membersAdded ?? []).some(({ id }) => id === activity.recipient.id),
    async (context) => {
      const school = await schoolOf(context, parts);
      if (school) await context.sendActivity(cardMessage(welcomeCard(school.profile)));
    },
  );
}
