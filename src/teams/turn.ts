import { type Activity, ActivityTypes } from 'botbuilder';
import { z } from 'zod/v4';
import type { Origin } from '../schools/school.js';

/** What Teams adds to an activity, as far as it is used here. Anything of another form counts as absent. */
interface TeamsData {
  readonly tenant: { readonly id: string } | undefined;
  readonly team: { readonly id: string } | undefined;
  readonly channel:
    | { readonly id: string; readonly name: string | undefined; readonly type: string | undefined }
    | undefined;
  readonly eventType: string | undefined;
}

const mention = z.object({
  type: z.literal('mention'),
  text: z.string().optional(),
  mentioned: z.object({ id: z.string() }),
});

/** Every feature asks the same of a turn before one of them takes it, so an activity is read once. */
function readOnce<T>(read: (activity: Activity) => T): (activity: Activity) => T {
  const known = new WeakMap<Activity, { readonly found: T }>();
  return (activity) => {
    const before = known.get(activity);
    if (before) return before.found;
    const found = read(activity);
    known.set(activity, { found });
    return found;
  };
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/** Characters of an id, a name or an address, several times what Teams gives. They are noted in storage, where keys and fields have an end. */
export const LONGEST_ID = 1_000;

function textOf(value: unknown, name: string): string | undefined {
  const found = fieldOf(value, name);
  return typeof found === 'string' && found.length <= LONGEST_ID ? found : undefined;
}

function withId(value: unknown): { readonly id: string } | undefined {
  const id = textOf(value, 'id');
  return id === undefined ? undefined : { id };
}

/** By hand: every turn needs it, and zod takes as long over it as everything else that is read of a turn. */
const teamsDataOf = readOnce(({ channelData }): TeamsData => {
  const channel = fieldOf(channelData, 'channel');
  const named = withId(channel);
  return {
    tenant: withId(fieldOf(channelData, 'tenant')),
    team: withId(fieldOf(channelData, 'team')),
    channel: named && { ...named, name: textOf(channel, 'name'), type: textOf(channel, 'type') },
    eventType: textOf(channelData, 'eventType'),
  };
});

const meant = new WeakMap<Activity, string>();

/** Notes which of their schools somebody means who is at several. @param schoolId one of theirs. */
export const noteSchoolMeant = (activity: Activity, schoolId: string): void => void meant.set(activity, schoolId);

/** Where a turn comes from. Who is acting is what Teams says, never what a card says. */
export function originOf(activity: Activity): Origin {
  const { tenant, team } = teamsDataOf(activity);
  return {
    schoolId: meant.get(activity),
    tenantId: tenant?.id ?? activity.conversation.tenantId,
    personId: activity.from.aadObjectId,
    teamId: team?.id,
  };
}

/** The Entra tenant a turn comes from; `undefined` when Teams does not say. */
export const tenantOf = (activity: Activity): string | undefined => originOf(activity).tenantId;

/** The team and the channel that a turn is in or about, and what has happened to them, as far as Teams says. */
export const teamOf = (activity: Activity): Omit<TeamsData, 'tenant'> => teamsDataOf(activity);

/** A channel of a team, not a group chat. */
export const isChannel = (activity: Activity): boolean =>
  activity.conversation.conversationType === 'channel' ||
  (activity.conversation.conversationType === undefined && teamsDataOf(activity).team !== undefined);

/** What Teams calls "personal". Chats between two people are so to Teams as well, where an app is used in them. */
const isOfTwo = ({ conversation }: Activity): boolean =>
  conversation.conversationType === 'personal' ||
  (conversation.conversationType === undefined && !conversation.isGroup);

const BETWEEN_PEOPLE = /@unq\.gbl\.spaces$/u;

/** A person's own chat with the bot; everything else is read by others. */
export const isPersonal = (activity: Activity): boolean =>
  isOfTwo(activity) && !BETWEEN_PEOPLE.test(conversationOf(activity));

/** A chat of several people. */
export const isGroupChat = (activity: Activity): boolean => !isOfTwo(activity) && !isChannel(activity);

/** The conversation a turn belongs to, without the thread of a channel that it stands in. */
export const conversationOf = ({ conversation }: Activity): string => conversation.id.replace(/;messageid=.*$/u, '');

const mentionsIn = readOnce(({ entities }) =>
  (entities ?? []).flatMap((entity) => mention.safeParse(entity).data ?? []),
);

/** Whether a message is meant for the bot: all in a personal chat, elsewhere those that mention it. */
export const isForBot = (activity: Activity): boolean =>
  isPersonal(activity) || mentionsIn(activity).some(({ mentioned }) => mentioned.id === activity.recipient.id);

/** More than anybody mentions. */
const MOST_MENTIONS = 100;

/** What the person wrote, without the mention of the bot and without the names of people mentioned; empty when they sent no words. */
export const messageOf = readOnce((activity): string => {
  const text = activity.text ?? '';
  const names = new Map(
    mentionsIn(activity).flatMap(({ text: name, mentioned }): [string, string][] =>
      name ? [[name, mentioned.id === activity.recipient.id ? ' ' : ' someone ']] : [],
    ),
  );
  const words = names.size === 0 ? text : withoutNames(text, names);
  return words.replace(/(?:&nbsp;|\s)+/gu, ' ').trim();
});

/** In one go: what stands in the place of a name may hold another, and would grow with each. */
function withoutNames(text: string, names: ReadonlyMap<string, string>): string {
  const longestFirst = [...names.keys()].slice(0, MOST_MENTIONS).toSorted((one, other) => other.length - one.length);
  const pattern = longestFirst.map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')).join('|');
  return text.replace(new RegExp(pattern, 'gu'), (name) => names.get(name) ?? '');
}

const KNOWN_TYPES: ReadonlySet<string> = new Set(Object.values(ActivityTypes));

/** The type of an activity as it may be logged: a stranger may have made one up. */
export const typeOf = ({ type }: Pick<Activity, 'type'>): string => (KNOWN_TYPES.has(type) ? type : 'unknown');
