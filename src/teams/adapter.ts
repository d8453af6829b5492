import { TeamsAdapter } from '@microsoft/teams-ai/lib/TeamsAdapter.js';
import { type Activity, CallerIdConstants, StatusCodes, type TurnContext } from 'botbuilder';
import { AuthenticationConstants, AuthenticationError } from 'botframework-connector';
import { decodeJwt } from 'jose';
import type { BotIdentity } from '../config.js';
import { AppError, newErrorReference } from '../errors.js';
import { type Log, traceOf } from '../log.js';
import { reportFailure } from './failure.js';
import { reuseClients } from './reused-clients.js';
import { isTrusted } from './service-url.js';
import { LONGEST_ID, tenantOf, typeOf } from './turn.js';

export interface AdapterOptions {
  /** `undefined`: requests are not authenticated; the server must then listen on loopback only. */
  readonly bot: BotIdentity | undefined;
  /** Lower-case tenant ids; empty lets every tenant in. */
  readonly allowedTenants: readonly string[];
  readonly log: Log;
  /** OpenID metadata of the service that signs requests; left out, Microsoft's for the public cloud. */
  readonly openIdMetadataUrl?: string;
}

/** What to answer to the HTTP request that carried an activity. */
export interface TurnReply {
  readonly status: number;
  readonly body?: unknown;
}

type Logic = (context: TurnContext) => Promise<unknown>;

/** The SDK's adapter, with a way in that tells a refusal from a failure. */
class ChannelAdapter extends TeamsAdapter {
  constructor(settings: Record<string, string>) {
    super(settings);
    reuseClients(this.botFrameworkAuthentication);
  }

  async run(
    authorization: string,
    activity: Activity,
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<TurnReply> {
    const reply = await this.processActivity(authorization, activity, logic);
    // What nothing here answers, such as an invoke of a name that is not known, is the sender's mistake and no failure of ours.
    if (reply?.status === 501) return { status: 404, body: { error: 'Nothing here answers that.' } };
    return { status: reply?.status ?? 200, body: reply?.body };
  }
}

/**
 * Connects Bot Framework's protocol to the bot's logic.
 *
 * @returns a function that authenticates one activity, refuses strangers and runs `logic` on the rest:
 * 400 for what is no activity, 401 without a valid token, 403 for a tenant or channel that is not allowed, 404 for an invoke that
 * no feature answers.
 */
export function createReceiver(
  options: AdapterOptions,
  logic: Logic,
): (authorization: string, activity: Record<string, unknown>) => Promise<TurnReply> {
  const { log } = options;
  const tellRefusal = refusalsTo(log);
  const adapter = new ChannelAdapter(authenticationOf(options));
  adapter.onTurnError = async (context, error) => {
    if (error instanceof AppError && REFUSALS.has(error.code)) throw error;
    const reference = newErrorReference();
    log.error({ event: 'turn.failed', reference, activity: typeOf(context.activity), ...traceOf(error) });
    await reportFailure(context, reference).catch((failure: unknown) => {
      log.error({ event: 'turn.failed', reference, activity: 'error card', ...traceOf(failure) });
    });
  };
  return async (authorization, body) => {
    const activity = toActivity(body);
    // It is where the replies go.
    if (activity === undefined || !isTrusted(activity.serviceUrl, options.bot !== undefined))
      return { status: 400, body: { error: 'The body is not an activity.' } };
    try {
      if (options.bot && !isFromTheService(authorization))
        throw new AuthenticationError('Another issuer.', StatusCodes.UNAUTHORIZED);
      return await adapter.run(authorization, activity, async (context) => {
        refuseStrangers(context.activity, options);
        await logic(context);
      });
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      tellRefusal(refusal.status, typeOf(activity));
      return refusal;
    }
  };
}

/** Lines a minute; beyond them, refusals are counted. */
const MOST_REFUSALS_TOLD = 300;
const MINUTE_MS = 60_000;

/** Strangers can send as many requests as they like, and are not to fill the log: with the first of a later minute stands how many were not told. */
function refusalsTo(log: Log): (status: number, activity: string) => void {
  let minute = 0;
  let refused = 0;
  return (status, activity) => {
    const now = Math.floor(Date.now() / MINUTE_MS);
    const untold = now === minute ? 0 : refused - MOST_REFUSALS_TOLD;
    if (now !== minute) [minute, refused] = [now, 0];
    refused += 1;
    if (refused <= MOST_REFUSALS_TOLD)
      log.warn({ event: 'turn.refused', status, activity, ...(untold > 0 && { count: untold }) });
  };
}

const REFUSALS: ReadonlySet<string> = new Set(['tenant_refused', 'channel_refused']);

function authenticationOf({ bot, openIdMetadataUrl }: AdapterOptions): Record<string, string> {
  return {
    ...(bot && { MicrosoftAppId: bot.id, MicrosoftAppType: bot.type }),
    ...(bot?.password && { MicrosoftAppPassword: bot.password }),
    ...(bot?.tenantId && { MicrosoftAppTenantId: bot.tenantId }),
    ...(openIdMetadataUrl && { ...PUBLIC_CLOUD, ToBotFromChannelOpenIdMetadataUrl: openIdMetadataUrl }),
  };
}

/** The SDK takes all of its addresses from the caller or none, so the one that is replaced brings the others. */
const PUBLIC_CLOUD = {
  ToChannelFromBotLoginUrl: AuthenticationConstants.ToChannelFromBotLoginUrl,
  ToChannelFromBotOAuthScope: AuthenticationConstants.ToChannelFromBotOAuthScope,
  ToBotFromChannelTokenIssuer: AuthenticationConstants.ToBotFromChannelTokenIssuer,
  ToBotFromEmulatorOpenIdMetadataUrl: AuthenticationConstants.ToBotFromEmulatorOpenIdMetadataUrl,
  OAuthUrl: AuthenticationConstants.OAuthUrl,
  CallerId: CallerIdConstants.PublicAzureChannel,
};

/**
 * Checks what the SDK and the features take for granted, and turns times into dates as the SDK does. What has another form than
 * the protocol gives it counts as left out.
 */
function toActivity(body: Record<string, unknown>): Activity | undefined {
  const { type, conversation, from, recipient, serviceUrl, channelId } = body;
  if (![type, serviceUrl, channelId].every(idOf)) return undefined;
  if (![conversation, from, recipient].every(isObject)) return undefined;
  if (![conversation, from, recipient].every((one) => idOf(Object(one).id))) return undefined;
  const activity: Record<string, unknown> = { ...body };
  // Only what is there is looked at: an object that is given many properties by name is slow ever after.
  for (const [name, read] of FIELDS) if (name in activity) setOrDelete(activity, name, read(activity[name]));
  activity.conversation = { ...stringsOnly(conversation, OF_ACCOUNT), isGroup: Object(conversation).isGroup === true };
  activity.from = sender(from);
  activity.recipient = stringsOnly(recipient, OF_ACCOUNT);
  activity.entities ??= [];
  return activity as unknown as Activity;
}

/** Who sends; without an id that no directory gives, because drafts and cases are found by it. */
function sender(from: unknown): object {
  const { aadObjectId, ...account } = stringsOnly(from, OF_ACCOUNT) as { readonly aadObjectId?: string };
  return { ...account, ...(aadObjectId !== undefined && OBJECT_ID.test(aadObjectId) && { aadObjectId }) };
}

const OBJECT_ID = /^[\w-]{1,100}$/u;

function setOrDelete(activity: Record<string, unknown>, name: string, value: unknown): void {
  if (value === undefined) delete activity[name];
  else activity[name] = value;
}

/** Characters. Of what is longer nothing more is kept anywhere, and patterns that look for words take long over it. */
const LONGEST_TEXT = 8_000;
/** Of who sends, who receives and the conversation; the SDK sends all of it back. */
const OF_ACCOUNT = ['id', 'name', 'aadObjectId', 'role', 'tenantId', 'conversationType'];

/** What can stand in a path and in a header: the SDK puts ids into both. */
const ID = /^(?=.*[A-Za-z\d])[!-~]+$/u;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const shortOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= LONGEST_ID ? value : undefined;
const idOf = (value: unknown): string | undefined => {
  const short = shortOf(value);
  return short !== undefined && ID.test(short) ? short : undefined;
};
const listOf = (value: unknown): unknown[] | undefined => (Array.isArray(value) ? value.filter(isObject) : undefined);
const timeOf = (value: unknown): unknown => (typeof value === 'string' ? new Date(value) : value);
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** How each field is read where it is there; `undefined` for what has another form. */
const FIELDS: readonly (readonly [name: string, read: (value: unknown) => unknown])[] = [
  ...['id', 'replyToId'].map((name) => [name, idOf] as const),
  ...['name', 'action', 'deliveryMode', 'locale'].map((name) => [name, textOf] as const),
  ...['attachments', 'membersAdded', 'membersRemoved', 'entities'].map((name) => [name, listOf] as const),
  ...['timestamp', 'localTimestamp', 'expiration'].map((name) => [name, timeOf] as const),
  ['text', (value) => textOf(value)?.slice(0, LONGEST_TEXT)],
  ['value', (value) => (isObject(value) ? value : undefined)],
];

/**
 * Whether a token says that the channel service has issued it, which the SDK then checks. The SDK takes others as well, such as its
 * emulator's, which whoever has the bot's password can get: their senders may name any person and any address to answer to.
 */
function isFromTheService(authorization: string): boolean {
  try {
    return decodeJwt(authorization.replace(/^Bearer /u, '')).iss === PUBLIC_CLOUD.ToBotFromChannelTokenIssuer;
  } catch {
    return false;
  }
}

/** A copy in which these fields are strings, none longer than an id, or absent. */
function stringsOnly(value: unknown, fields: readonly string[]): object {
  const copy = { ...(value as Record<string, unknown>) };
  for (const field of fields) if (field in copy && shortOf(copy[field]) === undefined) delete copy[field];
  return copy;
}

/**
 * Other channels, such as Direct Line, let a client name itself as it likes, so only Teams may speak to a bot with an identity.
 *
 * @throws {AppError} `channel_refused`, or `tenant_refused` when tenants are limited and this is not one of them.
 */
function refuseStrangers(activity: Activity, { bot, allowedTenants }: AdapterOptions): void {
  if (bot && activity.channelId !== 'msteams')
    throw new AppError('channel_refused', 'Only Microsoft Teams may speak to this bot.');
  if (allowedTenants.length > 0 && !allowedTenants.includes(tenantOf(activity)?.toLowerCase() ?? ''))
    throw new AppError('tenant_refused', 'This tenant may not use this bot.');
}

function refusalOf(error: unknown): TurnReply | undefined {
  if (error instanceof AuthenticationError || isTokenError(error))
    return { status: 401, body: { error: 'The request is not authorised.' } };
  if (error instanceof AppError && REFUSALS.has(error.code)) return { status: 403, body: { error: error.message } };
  return undefined;
}

/** The SDK passes on what its token library throws at a wrong signature, as an error of the library's own. */
const isTokenError = (error: unknown): boolean =>
  error instanceof Error && ['JsonWebTokenError', 'TokenExpiredError', 'NotBeforeError'].includes(error.name);
