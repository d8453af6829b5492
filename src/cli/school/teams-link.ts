/** A team, channel or chat as its link names it. */
export interface TeamsPlace {
  /** `19:…@thread.tacv2`. */
  readonly id: string;
  /** Of a channel; `null` where the link does not say. */
  readonly name: string | null;
  /** The tenant, where the link says it. */
  readonly tenantId: string | null;
}

const ID = /^19:[^%\s/?#]+@(?:thread\.(?:tacv2|v2|skype)|unq\.gbl\.spaces)$/u;
/** Teams for work and school, and for government clouds that schools do not use but trusts may. */
const HOST = /^(?:[\w-]+\.)*teams\.(?:microsoft\.(?:com|us)|cloud\.microsoft)$/u;

/**
 * Understands what Teams gives for "Get link to team", "Get link to channel" and "Copy link" of a chat, and an id by itself.
 *
 * @returns `undefined` for anything else.
 */
export function teamsPlace(typed: string): TeamsPlace | undefined {
  const text = typed.trim();
  if (ID.test(text)) return { id: text, name: null, tenantId: null };
  if (!URL.canParse(text)) return undefined;
  const { hostname, pathname, searchParams } = new URL(text);
  if (!HOST.test(hostname)) return undefined;
  const parts = pathname.split('/').map(decoded);
  const at = parts.findIndex((part) => ID.test(part));
  const id = parts[at];
  if (id === undefined) return undefined;
  const isChannel = parts.includes('channel');
  return { id, name: (isChannel && parts[at + 1]) || null, tenantId: searchParams.get('tenantId') };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
