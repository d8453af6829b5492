import { ActivityTypes, type TurnContext } from 'botbuilder';
import { sameId } from '../reports/case-change.js';
import type { ChannelHealthStore } from '../schools/channel-health.js';
import { laterOn } from '../schools/check-settings.js';
import { type Outbox, targetKey } from '../schools/delivery.js';
import type { ChosenPlace, Directory } from '../schools/directory.js';
import { maySetUp, maySetUpGovernors } from '../schools/people.js';
import type { School } from '../schools/school.js';
import { timeAt } from '../schools/time.js';
import type { BotApplication, BotParts } from './bot.js';
import { cardMessage } from './cards/message.js';
import { chosenCard } from './cards/setup-views.js';
import { type ChannelFacts, channelFacts } from './channel-facts.js';
import type { ChannelWatch } from './channel-watch.js';
import type { Part } from './places.js';
import { schoolOf } from './school-of.js';
import { partAskedFor } from './setup-words.js';
import { conversationOf, isChannel, isForBot, isGroupChat, messageOf, originOf, teamOf } from './turn.js';

/** What setting up and the status need. */
export interface SetupParts {
  readonly directory: Directory;
  readonly health: ChannelHealthStore;
  readonly outbox: Outbox;
  readonly watch: ChannelWatch;
  readonly condition: Condition;
}

/** How this process is. */
export interface Condition {
  /** `undefined` when storage answers, else why it does not. */
  unreachable(): Promise<string | undefined>;
  /** Since when the school's files cannot be read as they are; `undefined` while they can. */
  faultSince(schoolId: string): Date | undefined;
  /** Where links lead; `undefined` where there are none. */
  readonly linksOrigin: string | undefined;
  /** Of the bot, as in `package.json`. */
  readonly version: string;
}

const NOT_ALLOWED: Readonly<Record<Part, string>> = {
  headteacher_channel:
    'Only the Headteacher, a deputy or an administrator of Policy Desk can choose the channel for reports. Please ask one of them.',
  governors_chat:
    'Only the Headteacher, the chair of governors or an administrator of Policy Desk can choose the chat for governors’ summaries. Please ask one of them.',
};

/** "@Policy Desk use this channel for reports", and the same for the governors' chat. */
export function registerSetup(app: BotApplication, parts: BotParts): void {
  app.activity(
    async ({ activity }) =>
      activity.type === ActivityTypes.Message && isForBot(activity) && partAskedFor(messageOf(activity)) !== undefined,
    async (context) => {
      const school = await schoolOf(context, parts);
      const part = partAskedFor(messageOf(context.activity));
      if (!school || !part) return;
      const refusal = whyNot(context, parts, school, part);
      if (refusal === undefined) return choose(context, parts, school, part);
      parts.log.info({ event: 'setup.refused', schoolId: school.profile.id });
      await context.sendActivity(refusal);
    },
  );
}

/** One sentence for whoever may not, or not here; `undefined` for whoever may. */
function whyNot({ activity }: TurnContext, { schools }: BotParts, school: School, part: Part): string | undefined {
  const { profile } = school;
  const { personId } = originOf(activity);
  const isChosenBy = part === 'headteacher_channel' ? maySetUp : maySetUpGovernors;
  if (!isChosenBy(profile, personId)) return NOT_ALLOWED[part];
  if (part === 'governors_chat')
    return isGroupChat(activity)
      ? undefined
      : 'Governors’ summaries go to a group chat. Please add me to the governors’ chat, and write “@Policy Desk use this chat for governors’ summaries” there.';
  if (!isChannel(activity))
    return 'Reports go to a channel of a team, not to a chat. Please add me to the team, and write “@Policy Desk use this channel for reports” in the channel.';
  // Others of the tenant may be there that cannot be read at present.
  const shared =
    profile.tenantIsShared ||
    schools.filter(({ profile: { tenantId } }) => sameId(tenantId, profile.tenantId)).length > 1;
  if (shared && laterOn(profile.teams.teamId))
    return `It is not known yet which team is that of ${profile.name}. Please ask whoever looks after Policy Desk to fill it in (teams.teamId in school.yaml), and try again.`;
  if (shared && !sameId(teamOf(activity).team?.id ?? '', profile.teams.teamId))
    return `This team is not that of ${profile.name}. Please choose a channel of the team “${profile.teams.teamName}”.`;
  return undefined;
}

async function choose(context: TurnContext, parts: BotParts, school: School, part: Part): Promise<void> {
  const { activity } = context;
  const { profile } = school;
  const { places, setup, log, now } = parts;
  const id = conversationOf(activity);
  const isReports = part === 'headteacher_channel';
  const [before, facts] = await Promise.all([places.of(school, part), factsOf(context, id, isReports)]);
  const isNew = before.id !== id;
  if (isNew) {
    const place: ChosenPlace = {
      ...{ id, chosenBy: originOf(activity).personId ?? '', chosenAt: now() },
      teamId: isReports ? (teamOf(activity).team?.id ?? null) : null,
      name: facts.name ?? knownName(school, part, id),
    };
    await setup.directory.choose(profile.id, targetKey({ to: part }), place);
    log.info({ event: 'setup.chosen', schoolId: profile.id, outcome: part });
  }
  // Whoever is heard there can be answered there.
  if (isReports) await setup.watch.back(school);
  const since = !isNew && before.chosenAt ? timeAt(before.chosenAt, profile.timeZone) : null;
  await context.sendActivity(
    cardMessage(chosenCard({ part, isNew, since, before: isNew ? before.name : null, type: facts.type })),
  );
}

const factsOf = (context: TurnContext, id: string, isChannelAsked: boolean): Promise<ChannelFacts> | ChannelFacts =>
  isChannelAsked ? channelFacts(context, id) : { name: context.activity.conversation.name || null, type: null };

/** What the profile calls it. */
function knownName({ profile: { teams } }: School, part: Part, id: string): string | null {
  const { id: known, name } = part === 'headteacher_channel' ? teams.headteacherChannel : teams.governorsChat;
  return id === known ? name : null;
}
