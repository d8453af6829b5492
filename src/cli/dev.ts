import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { AppError } from '../errors.js';
import type { SchoolProfile } from '../schools/profile.js';
import { readProfile } from '../storage/school-folder.js';
import { azuriteConnection } from './dev/azurite.js';
import { isFree, Part, type PartOptions } from './dev/part.js';
import { botPlan, programOf, root, storagePlan } from './dev/plans.js';
import { playgroundConfig } from './dev/playground.js';

const USAGE = `Runs Policy Desk on this machine with the sample school: storage, the bot and a Teams client.

  npm run dev [-- --bot-port 3978 --playground-port 56150 --storage-port 10000 --data .local]

Storage takes three ports in a row: blobs, queues, tables. Ctrl-C ends all of it.`;

const READY_MS = 90_000;
/** Longer than the bot takes to finish what is under way. */
const STOP_MS = 12_000;
const SAMPLE_SCHOOL = 'example-primary';

interface Ports {
  readonly bot: number;
  readonly playground: number;
  readonly storage: number;
}

async function run(): Promise<number> {
  const { values } = parseArgs({
    options: {
      'bot-port': { type: 'string', default: '3978' },
      'playground-port': { type: 'string', default: '56150' },
      'storage-port': { type: 'string', default: '10000' },
      data: { type: 'string', default: '.local' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return say(USAGE, 0);
  const ports = {
    bot: Number(values['bot-port']),
    playground: Number(values['playground-port']),
    storage: Number(values['storage-port']),
  };
  try {
    await refuseTakenPorts(ports);
    const profile = await readProfile(join(root, 'schools'), SAMPLE_SCHOOL);
    return await runParts(
      planParts(ports, resolve(root, values.data), profile),
      `http://127.0.0.1:${ports.playground}`,
    );
  } catch (error) {
    if (error instanceof AppError) return say(error.message, 1);
    throw error;
  }
}

async function refuseTakenPorts(ports: Ports): Promise<void> {
  const uses: [number, string, string][] = [
    [ports.bot, 'the bot', '--bot-port'],
    [ports.playground, 'the Playground', '--playground-port'],
    ...['blobs', 'queues', 'tables'].map((service, at): [number, string, string] => [
      ports.storage + at,
      `storage (${service})`,
      '--storage-port',
    ]),
  ];
  const taken: string[] = [];
  for (const [port, user, option] of uses) {
    if (!(await isFree(port)))
      taken.push(`Port ${port}, which ${user} needs, is taken. Stop what uses it, or choose another with ${option}.`);
  }
  if (taken.length > 0) throw new AppError('port_taken', taken.join('\n'));
}

function planParts(ports: Ports, data: string, profile: SchoolProfile): PartOptions[] {
  const logFile = (name: string) => join(data, 'logs', `${name}.log`);
  const location = join(data, 'azurite');
  mkdirSync(location, { recursive: true });
  return [
    storagePlan({ port: ports.storage, location, env: process.env, logFile: logFile('azurite') }),
    botPlan({
      ...{ port: ports.bot, storage: azuriteConnection(ports.storage), schoolsDir: join(root, 'schools') },
      ...{ env: process.env, logFile: logFile('bot') },
    }),
    planPlayground(ports, data, logFile, profile),
  ];
}

function planPlayground(
  ports: Ports,
  data: string,
  logFile: (name: string) => string,
  profile: SchoolProfile,
): PartOptions {
  const configFile = join(data, 'playground', '.m365agentsplayground.yml');
  mkdirSync(dirname(configFile), { recursive: true });
  writeFileSync(configFile, stringify(playgroundConfig(profile)));
  const address = `http://127.0.0.1:${ports.playground}`;
  const endpoints = [
    '--app-endpoint',
    `http://127.0.0.1:${ports.bot}/api/messages`,
    '--service-url',
    `${address}/_connector`,
  ];
  return {
    name: 'The Playground',
    args: [
      ...['--import', fileURLToPath(new URL('dev/loopback-only.mjs', import.meta.url))],
      programOf('@microsoft/m365agentsplayground', 'agentsplayground'),
      ...['start', '--channel-id', 'msteams', '--port', String(ports.playground), '--disable-telemetry', ...endpoints],
    ],
    env: {
      ...process.env,
      TEAMSAPPTESTER_BROWSER: 'none',
      APPLICATION_INSIGHTS_NO_STATSBEAT: '1',
      M365_AGENTS_PLAYGROUND_CONFIG_PATH: configFile,
      M365_AGENTS_PLAYGROUND_LOGFILE: logFile('playground-details'),
    },
    logFile: logFile('playground'),
    stopSignal: 'SIGINT',
    answers: async () => {
      const ping = await fetch(`${address}/_debug/ping`);
      const config = await fetch(`${address}/_internal/v1/config`);
      return ping.ok && config.ok && (await config.text()).includes(profile.tenantId);
    },
  };
}

async function runParts(plans: readonly PartOptions[], address: string): Promise<number> {
  const parts = plans.map((plan) => new Part(plan));
  try {
    return await watch(parts, address);
  } finally {
    await Promise.all(parts.map((part) => part.stop(STOP_MS)));
  }
}

/** Waits until all parts answer, then until something ends. @returns the exit code. */
async function watch(parts: readonly Part[], address: string): Promise<number> {
  const interrupted = new Promise<'interrupted'>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done('interrupted'));
  });
  const ended = Promise.race(parts.map(async (part) => ({ part, how: await part.ended })));
  say('Starting storage, the bot and the Playground…');
  const first = await Promise.race([interrupted, ended, Promise.all(parts.map((part) => part.ready(READY_MS)))]);
  const slow = Array.isArray(first) ? parts.filter((_, at) => !first[at]) : [];
  if (slow.length > 0)
    return say(
      slow.map((part) => `${part.options.name} does not answer after ${READY_MS / 1000} s. ${logOf(part)}`).join('\n'),
      1,
    );
  if (Array.isArray(first)) say(`\nReady. Open ${address}\n\nCtrl-C ends it.`);
  const last = await Promise.race([interrupted, ended]);
  if (last === 'interrupted') return 0;
  const { part, how } = last;
  return say(
    [`\n${part.options.name} ${how}. Its last lines:`, ...part.lastLines.map((line) => `  ${line}`), logOf(part)].join(
      '\n',
    ),
    1,
  );
}

function logOf({ options }: Part): string {
  const near = relative(process.cwd(), options.logFile);
  return `Its log is ${near.startsWith('..') ? options.logFile : near}.`;
}

function say(text: string, code = 0): number {
  process.stdout.write(`${text}\n`);
  return code;
}

process.exitCode = await run();
