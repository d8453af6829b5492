import { z } from 'zod/v4';
import type { ManagedIdentity } from './config.js';

/** Addresses of this machine itself. */
export const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

/** An address without path, and encrypted unless it is this machine's: keys and what staff write go to it. */
export function isOrigin(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, href, origin } = new URL(address);
  const local = protocol === 'http:' && LOOPBACK_HOSTS.includes(hostname.replace(/^\[|\]$/gu, ''));
  return (protocol === 'https:' || local) && href === `${origin}/`;
}

/** Values by name, as connection strings have them. */
const partsOf = (value: string): ReadonlyMap<string, string> =>
  new Map(value.split(';').map((part) => [part.split('=')[0] ?? '', part.slice(part.indexOf('=') + 1)]));

/**
 * What Azure Monitor's own agents are told, so that they prove by a managed identity who sends ("Microsoft Entra authentication for
 * Application Insights"): `Authorization=AAD`, with `ClientId=…` for a user-assigned one.
 *
 * @returns `undefined` when it says anything else.
 */
function readInsightsIdentity(value: string): ManagedIdentity | undefined {
  const { Authorization: how, ClientId: identity, '': _, ...others } = Object.fromEntries(partsOf(value));
  if (how?.toUpperCase() !== 'AAD' || Object.keys(others).length > 0) return undefined;
  if (identity === undefined) return {};
  return z.guid().safeParse(identity).success ? { identity } : undefined;
}

/** The library of Azure Monitor takes what is not named from elsewhere, and gives up without a word where it is wrong. */
function isInsights(value: string): boolean {
  const parts = partsOf(value);
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

/** Where Application Insights takes telemetry. */
export const INSIGHTS = z
  .string()
  .refine(
    isInsights,
    'must be the connection string of an Application Insights resource, with InstrumentationKey and IngestionEndpoint',
  )
  .optional();

/** How it is proved to it who sends. */
export const INSIGHTS_IDENTITY = z
  .string()
  .refine(
    (value) => readInsightsIdentity(value) !== undefined,
    'must be Authorization=AAD, or Authorization=AAD;ClientId=… with the client id of a managed identity',
  )
  .transform(readInsightsIdentity)
  .optional();
