import { setImmediate } from 'node:timers/promises';
import { type Activity, ActivityTypes } from 'botbuilder';
import { listGaps } from '../policies/gaps.js';
import { twelveMonthsBefore } from '../policies/open-questions.js';
import { mayReadGaps } from '../schools/people.js';
import type { School } from '../schools/school.js';
import type { BotApplication, BotParts } from './bot.js';
import { gapsCard } from './cards/gaps-view.js';
import { cardMessage } from './cards/message.js';
import type { Places } from './places.js';
import { schoolOf } from './school-of.js';
import { conversationOf, isForBot, isPersonal, messageOf, originOf } from './turn.js';

const POLICY = "(?:the|our|my) (?:school(?:['’]?s)? )?(?:social media )?polic(?:y|ies)";
const ASKS_FOR_GAPS = new RegExp(
  `^(?:${[
    `/?(?:(?:show|list|see)(?: me)? )?(?:(?:the|our|my) )?(?:policy )?gaps?(?: list)?(?: in ${POLICY})?`,
    `what(?:['’]?s| is| are) (?:the gaps|missing)(?: (?:in|from) ${POLICY})?`,
    `what(?:['’]?s| is) ${POLICY} (?:missing|lacking)`,
    `what (?:does|do) ${POLICY} (?:miss|lack|not (?:cover|answer|say)|leave (?:out|open))`,
    `what (?:does(?:n['’]?t| not)|isn['’]?t) (?:${POLICY} (?:cover|answer|say)|covered (?:by|in) ${POLICY})`,
  ].join('|')})\\W*$`,
  'iu',
);

/** Whether a message asks for the gap list, as a whole: a question about the policy never does. */
export const asksForGaps = (message: string): boolean => ASKS_FOR_GAPS.test(message);

/**
 * Why the gap list is not shown to this person in this conversation; `undefined` when it is. It is shown to the Headteacher,
 * deputies and triagers, and only where no others read along: in their own chat, and in the Headteacher's channel.
 */
export async function whyNoGaps(
  activity: Activity,
  school: Pick<School, 'profile'>,
  places: Places,
): Promise<string | undefined> {
  if (!mayReadGaps(school.profile, originOf(activity).personId))
    return 'Only the Headteacher and those who stand in for them can see which questions the policy leaves open. If you miss something in the policy, please tell the Headteacher.';
  if (isPersonal(activity)) return undefined;
  const { id, name } = await places.headteacherChannelOf(school);
  if (conversationOf(activity) === id) return undefined;
  const channel = name === null ? 'the Headteacher’s channel' : `the channel "${name}"`;
  return `Others can read this conversation. Please ask me for the gap list in our own chat, or in ${channel}.`;
}

/** Shows what staff asked and the policy left open, to those who answer for it. */
export function registerGaps(app: BotApplication, parts: BotParts): void {
  app.activity(
    async ({ activity }) =>
      activity.type === ActivityTypes.Message && isForBot(activity) && asksForGaps(messageOf(activity)),
    async (context) => {
      const school = await schoolOf(context, parts);
      if (!school) return;
      const { profile, index } = school;
      const { id: schoolId, timeZone } = profile;
      const refusal = await whyNoGaps(context.activity, school, parts.places);
      if (refusal !== undefined) {
        parts.log.info({ event: 'gaps.refused', schoolId });
        await context.sendActivity(refusal);
        return;
      }
      const source = { openQuestions: parts.openQuestions, schoolId, timeZone, index, pause: setImmediate };
      const list = await listGaps(source, twelveMonthsBefore(parts.now()));
      parts.log.info({ event: 'gaps.shown', schoolId, count: list.gaps.length });
      await context.sendActivity(cardMessage(gapsCard(list, profile)));
    },
  );
}
