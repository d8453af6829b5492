import type { Directory } from '../schools/directory.js';
import type { SchoolProfile } from '../schools/profile.js';

/** Where Teams' channel service is when no turn has told a nearer address: "Proactive messages", the global service URL. */
export const GLOBAL_SERVICE_URL = 'https://smba.trafficmanager.net/teams/';

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/u;

/**
 * Whether the bot may send to an address that a turn named. With an identity a turn is authenticated, its token names the
 * address, and only https will do; without one anyone on this machine may have sent it, so it must not lead off this machine.
 */
export function isTrusted(serviceUrl: string, hasIdentity: boolean): boolean {
  if (!URL.canParse(serviceUrl)) return false;
  const { protocol, hostname, username, password } = new URL(serviceUrl);
  if (username !== '' || password !== '') return false;
  return hasIdentity ? protocol === 'https:' : /^https?:$/u.test(protocol) && LOOPBACK.test(hostname);
}

/** Where a school's tenant is written to; `undefined` when no turn has told yet, or told an address that may not be used. */
export async function serviceUrlFor(
  directory: Directory,
  { tenantId }: SchoolProfile,
  hasIdentity: boolean,
): Promise<string | undefined> {
  const remembered = await directory.serviceUrl(tenantId);
  const serviceUrl = remembered ?? (hasIdentity ? GLOBAL_SERVICE_URL : undefined);
  return serviceUrl !== undefined && isTrusted(serviceUrl, hasIdentity) ? serviceUrl : undefined;
}
