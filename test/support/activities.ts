/** Activities as the Microsoft 365 Agents Playground and Teams send them. A test passes only what it is about. */
export type RawActivity = Record<string, unknown> & { conversation: Record<string, unknown> };

/** The sample school's tenant, as its `school.yaml` has it. */
export const SAMPLE_TENANT = '7e5f1c9a-3b62-4d18-9a47-0c2d8e6b1f34';
export const OTHER_TENANT = '11111111-2222-4333-8444-555555555555';
export const HEADTEACHER_CHANNEL = '19:example-primary-headteacher@thread.tacv2';
const TEAM = '19:example-primary-general@thread.tacv2';
const BOT = { id: '28:policy-desk', name: 'Policy Desk' };
const MENTION = '<at>Policy Desk</at>';

interface Options {
  readonly tenantId?: string;
  readonly serviceUrl?: string;
}

const base = ({
  tenantId = SAMPLE_TENANT,
  serviceUrl = 'http://127.0.0.1:9/_connector',
}: Options = {}): RawActivity => ({
  id: crypto.randomUUID(),
  timestamp: '2026-11-20T15:42:00.000Z',
  channelId: 'msteams',
  serviceUrl,
  from: { id: '29:0d3c6a51', name: 'Alex Morgan', aadObjectId: '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c01' },
  recipient: BOT,
  conversation: { id: 'a:personal', conversationType: 'personal', tenantId },
  channelData: { tenant: { id: tenantId } },
  deliveryMode: 'expectReplies',
});

/** Something typed in the personal chat. */
export const aMessage = (text: string | undefined, options?: Options): RawActivity => ({
  ...base(options),
  type: 'message',
  text,
});

/** Something typed in a channel, with or without a mention of the bot. */
export function aChannelMessage(text: string, { mention }: { mention: boolean }, options?: Options): RawActivity {
  const activity = base(options);
  const tenant = { id: options?.tenantId ?? SAMPLE_TENANT };
  return {
    ...activity,
    type: 'message',
    text: mention ? `${MENTION} ${text}` : text,
    entities: mention ? [{ type: 'mention', text: MENTION, mentioned: BOT }] : [],
    conversation: { id: `${TEAM};messageid=1`, conversationType: 'channel', isGroup: true, tenantId: tenant.id },
    channelData: { tenant, team: { id: TEAM }, channel: { id: TEAM } },
  };
}

/** A press on a button that runs `Action.Execute`. */
export const anExecute = (verb: string, data: object, options?: Options): RawActivity => ({
  ...base(options),
  type: 'invoke',
  name: 'adaptiveCard/action',
  value: { action: { type: 'Action.Execute', verb, data } },
  deliveryMode: undefined,
});

/** A press on a button of a card in the Headteacher's channel. */
export function aChannelExecute(verb: string, data: object, options?: Options): RawActivity {
  const { conversation, channelData } = aChannelMessage('', { mention: false }, options);
  const id = `${HEADTEACHER_CHANNEL};messageid=1`;
  return { ...anExecute(verb, data, options), conversation: { ...conversation, id }, channelData };
}

/** The same activity from another person. */
export const from = (person: { id: string; name: string }, activity: RawActivity): RawActivity => ({
  ...activity,
  from: { id: `29:${person.id}`, name: person.name, aadObjectId: person.id },
});

/** A press on a button that runs `Action.Submit`. */
export const aSubmit = (data: object, options?: Options): RawActivity => ({
  ...base(options),
  type: 'message',
  value: data,
});

/** A channel of a team. */
export interface AChannel {
  readonly id: string;
  readonly teamId?: string;
  readonly name?: string;
  readonly type?: string;
}

/** Something typed in one of a team's channels, with a mention of the bot. */
export function messageIn({ id, teamId = TEAM, ...facts }: AChannel, text: string, options?: Options): RawActivity {
  const activity = aChannelMessage(text, { mention: true }, options);
  return {
    ...activity,
    conversation: { ...activity.conversation, id: `${id};messageid=1` },
    channelData: {
      tenant: { id: options?.tenantId ?? SAMPLE_TENANT },
      team: { id: teamId },
      channel: { id, ...facts },
    },
  };
}

/** Something typed in a group chat, with a mention of the bot. */
export function messageInChat(id: string, text: string, options?: Options): RawActivity {
  const activity = aChannelMessage(text, { mention: true }, options);
  return {
    ...activity,
    conversation: { ...activity.conversation, id, conversationType: 'groupChat' },
    channelData: { tenant: { id: options?.tenantId ?? SAMPLE_TENANT } },
  };
}

/** The bot was put into a team (`add`) or taken out of it (`remove`). */
export function anInstallationIn(action: 'add' | 'remove', teamId = TEAM, options?: Options): RawActivity {
  const { text: _text, entities: _entities, ...activity } = messageIn({ id: teamId, teamId }, '', options);
  return { ...activity, type: 'installationUpdate', action, deliveryMode: undefined };
}

/** What Teams tells of a team, a channel or the members of one. */
export function aTeamEvent(eventType: string, more: Record<string, unknown> = {}, options?: Options): RawActivity {
  const { channel, ...rest } = more;
  const { text: _text, entities: _entities, ...activity } = messageIn({ id: TEAM }, '', options);
  const tenant = { id: options?.tenantId ?? SAMPLE_TENANT };
  return {
    ...activity,
    ...rest,
    type: 'conversationUpdate',
    channelData: { tenant, team: { id: TEAM }, eventType, ...(channel !== undefined && { channel }) },
    deliveryMode: undefined,
  };
}

export const BOT_ID = BOT.id;

/** The bot was installed in a conversation. */
export const anInstallation = (options?: Options): RawActivity => ({
  ...base(options),
  type: 'installationUpdate',
  action: 'add',
});

/** Words typed in the search of the message extension; the conversation need not have the bot in it. */
export const aSearch = (value: object, options?: Options): RawActivity => ({
  ...base(options),
  type: 'invoke',
  name: 'composeExtension/query',
  value,
  deliveryMode: undefined,
});

/** As Teams sends it: replies go to the conversation one by one, where they can be changed later. */
export const liveMessage = (text: string, serviceUrl: string): RawActivity => ({
  ...aMessage(text, { serviceUrl }),
  deliveryMode: undefined,
});
