import { z } from 'zod/v4';

/** Addresses of this machine itself. */
export const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

/** An address without path, and encrypted unless it is this machine's: keys and what staff write go to it. */
export function isOrigin(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, href, origin } = new URL(address);
  const local = protocol === 'http:' && LOOPBACK_HOSTS.includes(hostname.replace(/^\[|\]$/gu, ''));
  return (protocol === 'https:' || local) && href === `${origin}/`;
}

/** The library of Azure Monitor takes what is not named from elsewhere, and gives up without a word where it is wrong. */
export function isInsights(value: string): boolean {
  const parts = new Map(value.split(';').map((part) => [part.split('=')[0], part.slice(part.indexOf('=') + 1)]));
  const endpoint = parts.get('IngestionEndpoint') ?? '';
  return (
    z.guid().safeParse(parts.get('InstrumentationKey')).success &&
    URL.canParse(endpoint) &&
    new URL(endpoint).protocol === 'https:'
  );
}

/** Has the names that the libraries of storage look for; where one is missing they say no more than that something was undefined. */
export function isStorage(value: string): boolean {
  const names = new Set(value.split(';').map((part) => part.trim().split('=')[0]?.toLowerCase()));
  const has = (...wanted: readonly string[]) => wanted.every((name) => names.has(name));
  return (
    has('usedevelopmentstorage') ||
    has('sharedaccesssignature') ||
    has('defaultendpointsprotocol', 'accountname', 'accountkey')
  );
}
