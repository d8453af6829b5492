import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTables } from '../../storage/tables.js';
import { azuriteConnection } from './azurite.js';
import type { PartOptions } from './part.js';

/** The project's folder. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));
const fromPackage = createRequire(import.meta.url);

/** Storage on this machine. */
export interface StoragePlan {
  /** The first of three in a row: blobs, queues, tables. */
  readonly port: number;
  /** The folder of its data. */
  readonly location: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
}

/** How an Azurite is started. */
export function storagePlan({ port, location, env, logFile }: StoragePlan): PartOptions {
  const tables = openTables({ connectionString: azuriteConnection(port) });
  const addresses = ['blob', 'queue', 'table'].flatMap((service, at) => [
    ...[`--${service}Host`, '127.0.0.1'],
    ...[`--${service}Port`, String(port + at)],
  ]);
  return {
    name: 'Storage (Azurite)',
    args: [
      programOf('azurite'),
      '--silent',
      '--disableTelemetry',
      '--skipApiVersionCheck',
      '--location',
      location,
      ...addresses,
    ],
    env,
    logFile,
    stopSignal: 'SIGTERM',
    answers: async () => (await tables.unreachable()) === undefined,
  };
}

/** The bot on this machine. */
export interface BotPlan {
  readonly port: number;
  /** Connection string. */
  readonly storage: string;
  readonly schoolsDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
}

/** Empty values win over a .env file, so that a local run never uses a real bot's identity or storage. */
const LEFT_OUT = [
  ...['BOT_ID', 'BOT_PASSWORD', 'BOT_TYPE', 'BOT_TENANT_ID', 'ALLOWED_TENANTS', 'STORAGE_ACCOUNT', 'SCHOOLS_CONTAINER'],
  ...['APPLICATIONINSIGHTS_CONNECTION_STRING', 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'],
];

/** How the bot is started from its source. */
export function botPlan({ port, storage, schoolsDir, env, logFile }: BotPlan): PartOptions {
  return {
    name: 'The bot',
    args: ['--import', 'tsx', join(root, 'src', 'main.ts')],
    cwd: root,
    env: {
      ...env,
      ...Object.fromEntries(LEFT_OUT.map((name) => [name, ''])),
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      // It seals links that only this machine can open, and they outlive a restart.
      LINK_SECRET: 'no secret: for development on this machine',
      SCHOOLS_DIR: schoolsDir,
      STORAGE_CONNECTION_STRING: storage,
    },
    logFile,
    stopSignal: 'SIGTERM',
    answers: async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok,
  };
}

/** The file behind a package's command, so that it runs in this Node without a shell between. */
export function programOf(name: string, command = name): string {
  const manifest = fromPackage.resolve(`${name}/package.json`);
  const { bin } = fromPackage(manifest) as { bin: Record<string, string> };
  return join(dirname(manifest), bin[command] ?? '');
}
