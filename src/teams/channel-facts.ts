import { setTimeout } from 'node:timers/promises';
import { TeamsInfo, type TurnContext } from 'botbuilder';
import { teamOf } from './turn.js';

/** A person waits for the answer. */
const DEADLINE_MS = 3_000;

/** What Teams tells of a channel; `null` for what it does not. */
export interface ChannelFacts {
  readonly name: string | null;
  /** `standard`: everyone in the team can open it. */
  readonly type: string | null;
}

const NOTHING: ChannelFacts = { name: null, type: null };

/** Asks Teams about the channel of a turn. Never rejects, and does not wait for long. */
export async function channelFacts(context: TurnContext, channelId: string): Promise<ChannelFacts> {
  const { channel, team } = teamOf(context.activity);
  const said = channel?.id === channelId ? { name: channel.name ?? null, type: channel.type ?? null } : NOTHING;
  if (said.name !== null && said.type !== null) return said;
  const ended = new AbortController();
  const late = setTimeout(DEADLINE_MS, NOTHING, { signal: ended.signal }).catch(() => NOTHING);
  const listed = await Promise.race([team ? listedFacts(context, team.id, channelId) : NOTHING, late]);
  ended.abort();
  return { name: said.name ?? listed.name, type: said.type ?? listed.type };
}

async function listedFacts(context: TurnContext, teamId: string, channelId: string): Promise<ChannelFacts> {
  try {
    const found = (await TeamsInfo.getTeamChannels(context, teamId)).find(({ id }) => id === channelId);
    // The channel that every team begins with is listed without a name.
    return found
      ? { name: found.name ?? (channelId === teamId ? 'General' : null), type: found.type ?? null }
      : NOTHING;
  } catch {
    return NOTHING;
  }
}
