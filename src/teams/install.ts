import { ActivityTypes } from 'botbuilder';
import type { BotApplication, BotParts } from './bot.js';
import { cardMessage } from './cards/message.js';
import { welcomeCard } from './cards/views.js';
import { schoolOf } from './school-of.js';

/**
 * Greets whoever installs the bot. Teams tells of every installation with `installationUpdate`; the `conversationUpdate` that
 * may come with it is for the first time only, so it is left alone.
 */
export function registerInstall(app: BotApplication, parts: BotParts): void {
  app.activity(
    async ({ activity }) => activity.type === ActivityTypes.InstallationUpdate && activity.action === 'add',
    async (context) => {
      const school = await schoolOf(context, parts);
      if (school) await context.sendActivity(cardMessage(welcomeCard(school.profile)));
    },
  );
}
