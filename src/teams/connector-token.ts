import { ConfigurationServiceClientCredentialFactory } from 'botbuilder';
import { AppCredentials, AuthenticationConstants } from 'botframework-connector';
import type { BotIdentity } from '../config.js';
import type { TokenSource } from './connector.js';

/**
 * Gets tokens for Teams' channel service from Microsoft Entra, with the bot's secret or managed identity; the SDK keeps them
 * until shortly before they end.
 */
export function connectorToken(bot: BotIdentity | undefined): TokenSource {
  if (bot === undefined) return async () => undefined;
  const factory = new ConfigurationServiceClientCredentialFactory({
    MicrosoftAppId: bot.id,
    MicrosoftAppType: bot.type,
    ...(bot.password && { MicrosoftAppPassword: bot.password }),
    ...(bot.tenantId && { MicrosoftAppTenantId: bot.tenantId }),
  });
  const { ToChannelFromBotOAuthScope: scope, ToChannelFromBotLoginUrlPrefix: login } = AuthenticationConstants;
  const credentials = factory.createCredentials(bot.id, scope, login, true);
  // Asked for when first needed: until then nobody waits for it.
  credentials.catch(() => undefined);
  return async (fresh) => {
    const made = await credentials;
    if (!(made instanceof AppCredentials)) throw new Error('The bot has no credentials for the channel.');
    return made.getToken(fresh);
  };
}
