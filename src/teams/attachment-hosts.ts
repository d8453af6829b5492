import { isTrusted } from './service-url.js';

/**
 * Where files may be fetched from: a host (`smba.trafficmanager.net`), every host below one (`*.sharepoint.com`), or an origin
 * with its scheme and port (`http://127.0.0.1:3979`). Hosts are asked over https at its usual port only.
 */
export interface AttachmentHosts {
  /** They are sent the bot's token. */
  readonly withToken: readonly string[];
  /** They never are. */
  readonly withoutToken: readonly string[];
}

/**
 * Teams' own, for the worldwide cloud. The one list of them.
 *
 * With the token: pasted pictures, whose `contentUrl` lies with the channel service and is not public
 * (learn.microsoft.com/microsoftteams/platform/bots/how-to/agents-inline-images; seen as
 * `https://smba.trafficmanager.net/<region>/v3/attachments/<id>/views/original`). Anybody can have a name below
 * trafficmanager.net, so that host stands here alone. `smba.infra.gcc.teams.microsoft.com` is the service's other public name.
 *
 * Without it: files, whose `downloadUrl` carries its own leave for some minutes
 * (learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4) and lies with OneDrive for Business: `*.sharepoint.com`
 * (Microsoft 365 URLs and IP address ranges, 31), and where Teams keeps the bytes of pictures, to which its service may refer on.
 */
export const TEAMS_HOSTS: AttachmentHosts = {
  withToken: ['smba.trafficmanager.net', '*.teams.microsoft.com'],
  withoutToken: ['*.sharepoint.com', '*.asm.skype.com'],
};

/**
 * The hosts for the attachments of a turn: Teams' own, and the channel service that sent the turn, which its token vouches for.
 * Without an identity anybody on this machine may have sent it, so nothing but the turn's own service on this machine is asked.
 */
export function hostsOfTurn(serviceUrl: string, hasIdentity: boolean, hosts = TEAMS_HOSTS): AttachmentHosts {
  const own = isTrusted(serviceUrl, hasIdentity) ? [new URL(serviceUrl).origin] : [];
  if (!hasIdentity) return { withToken: [], withoutToken: own };
  return { ...hosts, withToken: [...hosts.withToken, ...own] };
}

/** Whether an address may be asked, and with the token or without; `undefined` when it may not. */
export function leaveFor(
  url: URL,
  { withToken, withoutToken }: AttachmentHosts,
): 'with_token' | 'without_token' | undefined {
  if (url.username !== '' || url.password !== '') return undefined;
  if (withToken.some((rule) => fits(url, rule))) return 'with_token';
  return withoutToken.some((rule) => fits(url, rule)) ? 'without_token' : undefined;
}

function fits({ protocol, host, origin }: URL, rule: string): boolean {
  if (rule.includes('://')) return origin === rule;
  // A host with a port in it is no host of the list.
  return protocol === 'https:' && (rule.startsWith('*.') ? host.endsWith(rule.slice(1)) : host === rule);
}
