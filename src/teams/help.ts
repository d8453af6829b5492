import { ActivityTypes } from 'botbuilder';
import { maySetUp } from '../schools/people.js';
import type { BotApplication, BotParts } from './bot.js';
import { cardMessage } from './cards/message.js';
import { helpCard } from './cards/views.js';
import { whyNoCases } from './case-lists.js';
import { whyNoGaps } from './gaps.js';
import { schoolOf } from './school-of.js';
import { whyNoSummary } from './summary-turn.js';
import { isForBot, messageOf, originOf } from './turn.js';

const ASKS_FOR_HELP =
  /^(?:help|\/help|what (?:can|do) (?:you|u) (?:do|help(?: me)?(?: with)?|answer)|what can i ask(?: you)?|how does this work|how do you work|commands|menu)\W*$/iu;

/** Says what the bot does, and from which policies it answers. */
export function registerHelp(app: BotApplication, parts: BotParts): void {
  app.activity(
    async ({ activity }) =>
      activity.type === ActivityTypes.Message && isForBot(activity) && ASKS_FOR_HELP.test(messageOf(activity)),
    async (context) => {
      const school = await schoolOf(context, parts);
      if (!school) return;
      const readsGaps = (await whyNoGaps(context.activity, school, parts.places)) === undefined;
      const listsCases = (await whyNoCases(context.activity, school, parts.places)) === undefined;
      const asksForSummaries = whyNoSummary(context.activity, school) === undefined;
      const setsUp = maySetUp(school.profile, originOf(context.activity).personId);
      const offers = { readsGaps, listsCases, asksForSummaries, setsUp };
      await context.sendActivity(cardMessage(helpCard(school.profile, school.policies, offers)));
    },
  );
}
