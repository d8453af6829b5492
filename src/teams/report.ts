import { z } from 'zod/v4';
import type { BotApplication, BotParts } from './bot.js';
import { cardMessage } from './cards/message.js';
import { reportCard, safetyCard } from './cards/views.js';
import { schoolOf } from './school-of.js';
import { isPersonal } from './turn.js';

/** `urgent`: the answer was about a child at risk. */
const startData = z.object({ urgent: z.boolean().catch(false) });

/**
 * "Report something" on an answer: the advice for a report. It comes as a card of its own, because whoever reports may need the
 * answer above it, and in a channel others are reading it.
 */
export function registerReport(app: BotApplication, parts: BotParts): void {
  app.adaptiveCards.actionSubmit('report.start', async (context) => {
    const school = await schoolOf(context, parts);
    if (!school) return;
    const { profile } = school;
    const urgent = startData.safeParse(context.activity.value).data?.urgent ?? false;
    const card = urgent ? safetyCard(profile) : reportCard(null, profile, isPersonal(context.activity));
    await context.sendActivity(cardMessage(card));
  });
}
