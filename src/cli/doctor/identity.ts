import { AuthenticationConstants } from 'botframework-connector';
import type { BotIdentity, Config } from '../../config.js';
import { credentialOf } from '../../storage/tables.js';
import { type Finding, kindOf, of } from './finding.js';

const LOGIN_URL = AuthenticationConstants.ToChannelFromBotLoginUrlPrefix;
const BOT_SCOPE = `${AuthenticationConstants.ToChannelFromBotOAuthScope}/.default`;
const STORAGE_SCOPE = 'https://storage.azure.com/.default';
/** Bots of many tenants get their tokens from this one. */
const BOTFRAMEWORK_TENANT = AuthenticationConstants.DefaultChannelAuthTenant;
const DEADLINE_MS = 20_000;

const bot = of('bot credentials');
const storage = of('identity');

/** What Entra's commonest refusals mean for whoever set this up. */
const REFUSALS: readonly (readonly [code: string, says: string, todo: string])[] = [
  [
    'AADSTS7000222',
    'The bot’s client secret has expired.',
    'Entra admin centre > App registrations > the bot > Certificates & secrets: make a new one, and set BOT_PASSWORD.',
  ],
  [
    'AADSTS7000215',
    'Entra does not know this client secret.',
    'Set BOT_PASSWORD to the secret’s value, not to its id. Where it is lost, make a new one.',
  ],
  [
    'AADSTS700016',
    'Entra does not know BOT_ID in this tenant.',
    'Check BOT_ID and BOT_TENANT_ID against Azure Bot > Configuration.',
  ],
  ['AADSTS90002', 'Entra does not know the tenant BOT_TENANT_ID.', 'Check BOT_TENANT_ID.'],
];

/** A token for Teams’ channel service, where it could be had. */
export interface BotToken {
  readonly token: string | undefined;
  readonly findings: readonly Finding[];
}

/** Gets a token for Bot Framework as the bot would. @param loginUrl of Entra. */
export async function botToken(identity: BotIdentity | undefined, loginUrl = LOGIN_URL): Promise<BotToken> {
  if (!identity)
    return { token: undefined, findings: [bot.look('The bot has no identity, so there is nothing to prove.')] };
  return identity.type === 'UserAssignedMSI' ? managedToken(identity) : secretToken(identity, loginUrl);
}

async function managedToken({ id }: BotIdentity): Promise<BotToken> {
  try {
    const token = await tokenFor(BOT_SCOPE, id);
    return { token, findings: [bot.works('The managed identity gets a token for Bot Framework.')] };
  } catch (error) {
    const finding = bot.broken(
      `The managed identity gets no token for Bot Framework (${kindOf(error)}).`,
      'Check that the identity whose client id is BOT_ID is assigned to this container app.',
    );
    return { token: undefined, findings: [finding] };
  }
}

/** OAuth 2.0’s client credentials, by hand: Entra says what is wrong in a code, which libraries keep to themselves. */
async function secretToken({ id, type, password = '', tenantId }: BotIdentity, loginUrl: string): Promise<BotToken> {
  const tenant = type === 'SingleTenant' && tenantId !== undefined ? tenantId : BOTFRAMEWORK_TENANT;
  try {
    const response = await fetch(`${loginUrl}${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        ...{ grant_type: 'client_credentials', client_id: id, client_secret: password, scope: BOT_SCOPE },
      }),
      redirect: 'error',
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const answer = Object(await response.json().catch(() => ({}))) as Record<string, unknown>;
    const token = typeof answer.access_token === 'string' ? answer.access_token : undefined;
    if (response.ok && token !== undefined)
      return { token, findings: [bot.works('Entra gives the bot a token for its client secret.')] };
    return { token: undefined, findings: [refusal(String(answer.error_description), response.status)] };
  } catch (error) {
    const todo = 'Let this machine reach login.microsoftonline.com.';
    return { token: undefined, findings: [bot.broken(`Entra cannot be reached (${kindOf(error)}).`, todo)] };
  }
}

/** Entra’s own words name tenants and ids, so that only its code is passed on. */
function refusal(description: string, status: number): Finding {
  const known = REFUSALS.find(([code]) => description.startsWith(`${code}:`));
  if (known) return bot.broken(known[1], known[2]);
  const [code = `status ${status}`] = /^AADSTS\d+/u.exec(description) ?? [];
  return bot.broken(`Entra refuses the bot (${code}).`, 'Look the code up at login.microsoftonline.com/error.');
}

/** Whether storage can be proved to who we are. */
export async function storageIdentity({ storage: address }: Config): Promise<Finding> {
  if ('connectionString' in address) return storage.works('Storage is reached by its connection string.');
  try {
    await tokenFor(STORAGE_SCOPE, address.identity);
    return storage.works('The managed identity gets a token for storage.');
  } catch (error) {
    return storage.broken(
      `There is no token for storage (${kindOf(error)}).`,
      'Assign a managed identity to this machine; with BOT_TYPE UserAssignedMSI it is the one whose client id is BOT_ID.',
    );
  }
}

async function tokenFor(scope: string, identity: string | undefined): Promise<string> {
  const credential = credentialOf(identity === undefined ? {} : { identity });
  const found = await credential.getToken(scope, { abortSignal: AbortSignal.timeout(DEADLINE_MS) });
  if (found === null) throw new TypeError('No token was given.');
  return found.token;
}
