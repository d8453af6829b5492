import { type Activity, ActivityTypes } from 'botbuilder';
import type { LossCause } from '../schools/channel-health.js';
import { type School, schoolAt } from '../schools/school.js';
import type { BotApplication, BotParts } from './bot.js';
import type { Place } from './places.js';
import { originOf, teamOf } from './turn.js';

/** What happens to a team or a channel, by Teams' names. */
const TEAM_GONE: readonly string[] = ['teamDeleted', 'teamHardDeleted', 'teamArchived'];
const CHANNEL_GONE: readonly string[] = ['channelDeleted'];
const TEAM_BACK: readonly string[] = ['teamRestored', 'teamUnarchived'];
const CHANNEL_BACK: readonly string[] = ['channelRestored'];

type Change = LossCause | 'back';

/**
 * Watches for the bot being taken out of the Headteacher's channel, or put back. Nothing is said in the conversation, where the
 * bot may not be any more. An installation is told of by the feature that greets, which asks {@link changeAt} as well.
 */
export function registerChannelEvents(app: BotApplication, parts: BotParts): void {
  app.activity(
    async (context) => changeIn(context.activity) !== undefined && !isInstalled(context.activity),
    async ({ activity }) => noteChannelChange(activity, parts),
  );
}

/** Notes what a turn says of the Headteacher's channel, where it does. Rejects when storage cannot be reached. */
export async function noteChannelChange(activity: Activity, { schools, places, setup }: BotParts): Promise<void> {
  const school = schoolAt(schools, originOf(activity));
  const change = changeIn(activity);
  if (!school || !change || !concerns(activity, await places.headteacherChannelOf(school), school)) return;
  await (change === 'back' ? setup.watch.back(school) : setup.watch.lost(school, change));
}

const isInstalled = ({ type, action }: Activity): boolean =>
  type === ActivityTypes.InstallationUpdate && action === 'add';

/** What has happened to a team or channel, or to the bot in it. */
function changeIn(activity: Activity): Change | undefined {
  const { type, action, membersRemoved, membersAdded, recipient } = activity;
  if (teamOf(activity).team === undefined) return undefined;
  if (type === ActivityTypes.InstallationUpdate)
    return action === 'remove' ? 'removed' : action === 'add' ? 'back' : undefined;
  if (type !== ActivityTypes.ConversationUpdate) return undefined;
  const { eventType = '' } = teamOf(activity);
  if ([...TEAM_GONE, ...CHANNEL_GONE].includes(eventType)) return 'gone';
  if ([...TEAM_BACK, ...CHANNEL_BACK].includes(eventType)) return 'back';
  const isBot = ({ id }: { readonly id: string }) => id === recipient.id;
  if (membersRemoved?.some(isBot)) return 'removed';
  return membersAdded?.some(isBot) ? 'back' : undefined;
}

/** Whether it has happened to the Headteacher's channel: to all of its team, or to this one of the team's channels. */
function concerns(activity: Activity, place: Place, { profile: { teams } }: School): boolean {
  const { team, channel, eventType = '' } = teamOf(activity);
  if (team?.id !== (place.teamId ?? teams.teamId)) return false;
  const ofChannel = [...CHANNEL_GONE, ...CHANNEL_BACK].includes(eventType) || eventType.startsWith('channelMember');
  return !ofChannel || channel?.id === place.id;
}
