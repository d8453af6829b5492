import type { Settings } from './config.js';
import { LOOPBACK_HOSTS } from './config-values.js';

export const ONE_STORAGE = 'Set one of STORAGE_CONNECTION_STRING and STORAGE_ACCOUNT, not both and not neither.';

/** What no variable shows by itself. */
export function faultsBetween(data: Settings): string[] {
  const faults: string[] = [];
  const wants = (fault: boolean, words: string) => fault && faults.push(words);
  const { BOT_ID, BOT_TYPE, HOST } = data;
  wants(
    !BOT_ID && HOST !== undefined && !LOOPBACK_HOSTS.includes(HOST),
    `HOST is ${HOST}, but without BOT_ID anyone who can reach the bot could speak to it as anyone. Set BOT_ID, or leave HOST out to listen on 127.0.0.1 only.`,
  );
  wants(
    !BOT_ID && Boolean(data.BOT_PASSWORD ?? data.BOT_TENANT_ID),
    'BOT_PASSWORD or BOT_TENANT_ID is set, but BOT_ID is not.',
  );
  wants(
    Boolean(BOT_ID) && BOT_TYPE !== 'UserAssignedMSI' && !data.BOT_PASSWORD,
    `BOT_PASSWORD is needed with BOT_TYPE ${BOT_TYPE}.`,
  );
  wants(
    Boolean(BOT_ID) && BOT_TYPE !== 'MultiTenant' && !data.BOT_TENANT_ID,
    `BOT_TENANT_ID is needed with BOT_TYPE ${BOT_TYPE}.`,
  );
  wants(
    BOT_TYPE === 'UserAssignedMSI' && Boolean(data.BOT_PASSWORD),
    'BOT_PASSWORD is set, but a bot of BOT_TYPE UserAssignedMSI has none.',
  );
  wants(!data.STORAGE_CONNECTION_STRING === !data.STORAGE_ACCOUNT, ONE_STORAGE);
  wants(
    Boolean(BOT_ID) && !data.PUBLIC_URL,
    'PUBLIC_URL is needed with BOT_ID: the address at which browsers reach this server, such as https://policydesk.example.org. Staff are sent links to it.',
  );
  wants(
    Boolean(BOT_ID) && !data.LINK_SECRET,
    'LINK_SECRET is needed with BOT_ID: at least 32 random characters that seal those links, the same for every process of the bot.',
  );
  return [...faults, ...modelFaults(data)];
}

function modelFaults(data: Settings): string[] {
  const model = ['AZURE_OPENAI_ENDPOINT', 'AZURE_OPENAI_KEY', 'AZURE_OPENAI_DEPLOYMENT'] as const;
  const missing = model.filter((name) => !data[name]);
  return missing.length > 0 && missing.length < model.length
    ? [`Plain English needs ${missing.join(' and ')} as well, or none of ${model.join(', ')}.`]
    : [];
}
