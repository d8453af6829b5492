import { parseArgs } from 'node:util';
import { type Config, isAnythingSet, processEnvironment, readConfig } from '../config.js';
import { AppError } from '../errors.js';
import { azuriteConnection } from './dev/azurite.js';
import { diagnose } from './doctor/diagnose.js';
import { type Finding, inWords, of } from './doctor/finding.js';
import { explained } from './storage.js';

const USAGE = `Looks at a deployment from inside: settings, identity, rights in storage, the clock, the bot's credentials, schools, policies, term
dates, the Headteacher's channels, what is owed to whom, and whether the bot answers at its public address. It changes nothing that
anybody could see: what it writes to try its rights lies in places of its own ("doctor"), and is removed again.

  npm run --silent doctor                        the deployment that the environment or .env describes; else that of "npm run dev"
  npm run --silent doctor -- --local             that of a running "npm run dev"
  npm run --silent doctor -- --json              for programs: {"healthy","findings":[{"check","state","says","todo"}]}

For a local stack with ports of its own, add --storage-port and --bot-port. Each line begins with ✓ (works), ! (look into it) or
✗ (does not work), and below it stands what to do. No names of people and no secrets are printed.

Ends with code 0 when everything works, ! included, and 1 when something does not.`;

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${explained(error, 'Storage stopped answering.')}\n`);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      local: { type: 'boolean' },
      json: { type: 'boolean' },
      'storage-port': { type: 'string', default: '10000' },
      'bot-port': { type: 'string', default: '3978' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const env = processEnvironment();
  const isLocal = values.local ?? !isAnythingSet(env);
  const local = isLocal ? localSettings(values['storage-port'], values['bot-port']) : {};
  // What libraries print may hold what nobody should see.
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) console[method] = () => undefined;
  const config = settingsOf({ ...env, ...local });
  const findings =
    'fault' in config ? [config.fault] : await diagnose(config, { isLocal, machineNow: () => new Date() });
  const healthy = findings.every(({ state }) => state !== 'broken');
  const printed = values.json ? JSON.stringify({ healthy, findings }, undefined, 2) : inWords(findings);
  process.stdout.write(`${printed}\n`);
  return healthy ? 0 : 1;
}

/** As `npm run dev` starts it. */
function localSettings(storagePort: string, botPort: string): NodeJS.ProcessEnv {
  return {
    ...{ BOT_ID: '', BOT_PASSWORD: '', BOT_TENANT_ID: '', HOST: '127.0.0.1', PORT: botPort, PUBLIC_URL: '' },
    ...{ STORAGE_ACCOUNT: '', STORAGE_CONNECTION_STRING: azuriteConnection(Number(storagePort)) },
  };
}

function settingsOf(env: NodeJS.ProcessEnv): Config | { readonly fault: Finding } {
  try {
    return readConfig(env);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { fault: of('configuration').broken(error.message, '.env.example explains every variable.') };
  }
}
