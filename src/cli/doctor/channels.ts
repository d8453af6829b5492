import type { Directory } from '../../schools/directory.js';
import type { School } from '../../schools/school.js';
import { createPlaces, type Place } from '../../teams/places.js';
import { serviceUrlFor } from '../../teams/service-url.js';
import { isConnected } from '../../teams/status-lines.js';
import { type Finding, kindOf, of } from './finding.js';

const DEADLINE_MS = 10_000;
const MAX_BODY_CHARACTERS = 1_000_000;
const KEY = 'channel~headteacher';

export interface ChannelParts {
  readonly directory: Directory;
  /** For Teams’ channel service; `undefined` without an identity, or where none could be had. */
  readonly token: string | undefined;
  readonly hasIdentity: boolean;
  /** The Playground plays Teams, which knows no lists of channels. */
  readonly isLocal: boolean;
}

/** Whether the channel that takes a school’s reports can be reached, found without anybody’s seeing anything. */
export async function channelFinding(parts: ChannelParts, school: School): Promise<Finding> {
  const { look } = of(`channel of ${school.profile.id}`);
  try {
    return await find(parts, school);
  } catch (error) {
    return look(`It cannot be looked up (${kindOf(error)}).`, 'See what is said of storage and of the network.');
  }
}

async function find({ directory, token, hasIdentity, isLocal }: ChannelParts, { profile }: School): Promise<Finding> {
  const { look, works } = of(`channel of ${profile.id}`);
  const place = await createPlaces(directory).headteacherChannelOf({ profile });
  const [lastSent, heard] = await Promise.all([directory.lastSent(profile.id, KEY), directory.find(profile.id, KEY)]);
  if (!isConnected({ place, lastSent, heard: heard !== undefined }))
    return look(
      'Nobody has spoken to the bot in the Headteacher’s channel yet, so it is not known whether reports arrive.',
      'Add the bot to the team, and write “@Policy Desk use this channel for reports” in the channel.',
    );
  if (hasIdentity && token === undefined)
    return look(
      'It is known, but without a token nobody can ask Teams for it.',
      'See what is said of bot credentials.',
    );
  const serviceUrl = await serviceUrlFor(directory, profile, hasIdentity);
  if (serviceUrl === undefined)
    return look('No turn has told yet where Teams is.', 'Write to the bot in the channel once.');
  const finding = await asked(`channel of ${profile.id}`, serviceUrl, place, profile.teams.teamId, token);
  return isLocal && finding.state === 'broken' ? works('Somebody has spoken to the bot there.') : finding;
}

/** Teams’ list of a team’s channels: reading it shows nothing to anybody. */
async function asked(
  check: string,
  serviceUrl: string,
  { id, teamId }: Place,
  profileTeam: string,
  token: string | undefined,
): Promise<Finding> {
  const { works, broken } = of(check);
  const team = encodeURIComponent(teamId ?? profileTeam);
  const response = await fetch(`${serviceUrl.replace(/\/+$/u, '')}/v3/teams/${team}/conversations`, {
    headers: { accept: 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    redirect: 'error',
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  const text = (await response.text()).slice(0, MAX_BODY_CHARACTERS);
  const invite = 'Add the bot to the team again, and write “@Policy Desk use this channel for reports” in the channel.';
  if (response.status === 401)
    return broken('Teams does not take the bot’s token.', 'Check BOT_ID and BOT_TENANT_ID against the Azure Bot.');
  if (response.status === 403 || response.status === 404)
    return broken('Teams says that the bot is not in that team, or that the team is gone.', invite);
  if (!response.ok) return broken(`Teams answers with status ${response.status}.`, 'Try again in some minutes.');
  return channelsIn(text).includes(id)
    ? works('Teams has it, and the bot is in its team.')
    : broken('Teams does not list that channel any more.', invite);
}

function channelsIn(text: string): readonly unknown[] {
  const { conversations } = JSON.parse(text) as { readonly conversations?: readonly { readonly id?: unknown }[] };
  return (conversations ?? []).map(({ id }) => id);
}
