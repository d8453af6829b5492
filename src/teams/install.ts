import { type Activity, ActivityTypes } from 'botbuilder';
import { traceOf } from '../log.js';
import { targetKey } from '../schools/delivery.js';
import type { School } from '../schools/school.js';
import type { BotApplication, BotParts } from './bot.js';
import { cardMessage } from './cards/message.js';
import { welcomeCard } from './cards/views.js';
import { noteChannelChange } from './channel-events.js';
import { schoolOf } from './school-of.js';
import { isConnected } from './status-lines.js';
import { isChannel } from './turn.js';

/**
 * Greets whoever installs the bot. Teams tells of every installation with `installationUpdate`; the `conversationUpdate` that
 * may come with it is for the first time only, so it is left alone.
 */
export function registerInstall(app: BotApplication, parts: BotParts): void {
  app.activity(
    async ({ activity }) => activity.type === ActivityTypes.InstallationUpdate && activity.action === 'add',
    async (context) => {
      const school = await schoolOf(context, parts);
      if (!school) return;
      const setsUp = await isToBeSetUp(context.activity, parts, school);
      await context.sendActivity(cardMessage(welcomeCard(school.profile, { setsUp })));
      await noteChannelChange(context.activity, parts);
    },
  );
}

/** Whether a team is greeted that has no channel for reports yet. Where that cannot be known, nothing is said of it. */
async function isToBeSetUp(activity: Activity, { places, setup, log }: BotParts, school: School): Promise<boolean> {
  if (!isChannel(activity)) return false;
  const { id: schoolId } = school.profile;
  const key = targetKey({ to: 'headteacher_channel' });
  try {
    const [place, lastSent, heard] = await Promise.all([
      places.headteacherChannelOf(school),
      setup.directory.lastSent(schoolId, key),
      setup.directory.find(schoolId, key),
    ]);
    return !isConnected({ place, lastSent, heard: heard !== undefined });
  } catch (error) {
    log.warn({ event: 'setup.not_noted', schoolId, ...traceOf(error) });
    return false;
  }
}
