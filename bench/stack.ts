import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { bundle, bundleInto } from '../build/bundle.js';
import { azuriteConnection } from '../src/cli/dev/azurite.js';
import { Part, type PartOptions } from '../src/cli/dev/part.js';
import { openTables } from '../src/storage/tables.js';
import { freePorts } from '../test/support/ports.js';
import type { SearchFigures } from './search.js';
import type { SummaryFigures, SummaryOptions } from './summaries.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BUSY_SCHOOLS = 'busy-schools';
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 30_000;

/** Policy Desk with its storage, and beside it a bot that only echoes, each a process of its own. */
export interface Stack {
  /** Where each takes messages. */
  readonly policyDesk: string;
  readonly echo: string;
  /** Where each tells what it holds. */
  readonly usage: { readonly policyDesk: string; readonly echo: string };
  /** Connection string of the storage, which answers until {@link stop}. */
  readonly storage: string;
  /** Ends everything. */
  stop(): Promise<void>;
}

/**
 * Builds the project as `npm run build` does, in a temporary folder: what is measured is what schools run, and what `tsx` makes of
 * the same source is slower. The echo bot is bundled alike.
 *
 * @returns the folder, which is the caller's to remove.
 */
export async function buildProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'policy-desk-bench-'));
  await build(folder);
  return folder;
}

/** Measures search in a process of its own. @param folder from {@link buildProject}. */
export async function measureSearchIn(folder: string): Promise<SearchFigures> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'bench', 'search-run.js')]);
  return JSON.parse(stdout) as SearchFigures;
}

/**
 * Measures summaries in a process of its own, whose memory can be looked at, beside a storage emulator. How far it is goes to
 * standard error.
 *
 * @param folder from {@link buildProject}.
 * @throws when what is measured does not hold, such as that a summary reads nothing of another school.
 */
export async function measureSummariesIn(folder: string, options: SummaryOptions): Promise<SummaryFigures> {
  const first = await freePorts(3);
  const part = new Part(storage(folder, first));
  try {
    await begin(part, 'Storage (Azurite)');
    const program = join(folder, 'bench', 'summaries-run.js');
    const args = ['--expose-gc', program, azuriteConnection(first), JSON.stringify(options)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [printed, [code]] = await Promise.all([child.stdout.toArray(), once(child, 'close')]);
    if (code !== 0) throw new Error(`Measuring summaries ended with code ${code}.`);
    return JSON.parse(Buffer.concat(printed).toString()) as SummaryFigures;
  } finally {
    await part.stop(STOP_LIMIT_MS);
  }
}

/**
 * Starts the processes.
 *
 * @param folder from {@link buildProject}.
 * @throws when something does not start, with the last lines it printed.
 */
export async function startStack(
  folder: string,
  through: (connection: string) => Promise<string> = async (connection) => connection,
): Promise<Stack> {
  const parts: Part[] = [];
  const stop = async () => {
    await Promise.all(parts.map((part) => part.stop(STOP_LIMIT_MS)));
  };
  try {
    const first = await freePorts(7);
    const [desk, echo] = [first + 3, first + 4];
    const [deskUsage, echoUsage] = [first + 5, first + 6];
    const start = async (options: PartOptions) => {
      const part = new Part(options);
      parts.push(part);
      await begin(part, options.name);
    };
    await start(storage(folder, first));
    const connection = await through(azuriteConnection(first));
    await Promise.all([
      start(tellingUsage(policyDeskAt(folder, desk, connection), folder, deskUsage)),
      start(tellingUsage(echoAt(folder, echo), folder, echoUsage)),
    ]);
    const address = (port: number) => `http://127.0.0.1:${port}/api/messages`;
    return {
      policyDesk: address(desk),
      echo: address(echo),
      usage: { policyDesk: `http://127.0.0.1:${deskUsage}`, echo: `http://127.0.0.1:${echoUsage}` },
      storage: azuriteConnection(first),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A bot's process that was just started. */
export interface Started {
  readonly process: ChildProcess;
  /** Where it will listen. */
  readonly origin: string;
}

/** What starts each of the bots, with storage that answers until `stop`. @param folder from {@link buildProject}. */
export async function startsIn(
  folder: string,
): Promise<{ readonly policyDesk: () => Started; readonly echo: () => Started; stop(): Promise<void> }> {
  const first = await freePorts(5);
  const part = new Part(storage(folder, first));
  await begin(part, 'Storage (Azurite)');
  const starting = (port: number, { args, cwd, env }: PartOptions) => ({
    origin: `http://127.0.0.1:${port}`,
    process: spawn(process.execPath, args, { cwd, env, stdio: 'ignore' }),
  });
  return {
    policyDesk: () => starting(first + 3, policyDeskAt(folder, first + 3, azuriteConnection(first))),
    echo: () => starting(first + 4, echoAt(folder, first + 4)),
    stop: () => part.stop(STOP_LIMIT_MS),
  };
}

/** The same process, in which it can be asked what it holds. */
const tellingUsage = (options: PartOptions, folder: string, port: number): PartOptions => ({
  ...options,
  args: ['--expose-gc', '--import', pathToFileURL(join(folder, 'bench', 'tell-usage.js')).href, ...options.args],
  env: { ...options.env, USAGE_PORT: String(port) },
});

async function begin(part: Part, name: string): Promise<void> {
  if (!(await part.ready(START_LIMIT_MS)))
    throw new Error([`${name} does not answer. Its last lines:`, ...part.lastLines].join('\n'));
}

async function build(folder: string): Promise<void> {
  const compiler = fileURLToPath(import.meta.resolve('typescript/package.json'));
  const { bin } = JSON.parse(await readFile(compiler, 'utf8')) as { bin: { tsc: string } };
  const config = join(ROOT, 'bench', 'tsconfig.json');
  await promisify(execFile)(process.execPath, [join(dirname(compiler), bin.tsc), '-p', config, '--outDir', folder]);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  for (const name of ['node_modules', 'adaptiveCards', 'pages', 'schools', 'test'])
    await symlink(join(ROOT, name), join(folder, name));
  await bundle({ dist: join(folder, 'dist') });
  await bundleInto(join(folder, 'echo'), { 'echo-bot': 'bench/echo-bot.ts' });
  await letFloodsIn(folder);
}

/** The sample school, where so much may be asked as is asked here: what is measured is the bot and not its limits. */
async function letFloodsIn(folder: string): Promise<void> {
  const schools = join(folder, BUSY_SCHOOLS);
  await cp(join(ROOT, 'schools'), schools, { recursive: true });
  const file = join(schools, 'example-primary', 'school.yaml');
  const before = await readFile(file, 'utf8');
  const after = before.replace(/(personPerMinute|schoolPerMinute): \d+/gu, '$1: 1000000');
  if (after === before) throw new Error('The sample school has no limits.');
  await writeFile(file, after);
}

/** In memory: what is measured is the bot, not how long the emulator of its storage takes to write to this machine's disk. */
function storage(folder: string, port: number): PartOptions {
  const tables = openTables({ connectionString: azuriteConnection(port) });
  const ports = ['blob', 'queue', 'table'].flatMap((service, at) => [`--${service}Port`, String(port + at)]);
  return {
    name: 'Storage (Azurite)',
    args: [
      createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js'),
      ...['--silent', '--disableTelemetry', '--skipApiVersionCheck', '--inMemoryPersistence'],
      ...ports,
    ],
    env: process.env,
    logFile: join(folder, 'azurite.log'),
    stopSignal: 'SIGTERM',
    answers: async () => (await tables.unreachable()) === undefined,
  };
}

function policyDeskAt(folder: string, port: number, connection: string): PartOptions {
  return {
    name: 'Policy Desk',
    args: ['--enable-source-maps', join(folder, 'dist', 'main.js')],
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(port),
      SCHOOLS_DIR: join(folder, BUSY_SCHOOLS),
      STORAGE_CONNECTION_STRING: connection,
    },
    logFile: join(folder, 'policy-desk.log'),
    stopSignal: 'SIGTERM',
    answers: async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok,
  };
}

function echoAt(folder: string, port: number): PartOptions {
  return {
    name: 'The echo bot',
    args: ['--enable-source-maps', join(folder, 'echo', 'echo-bot.js'), String(port)],
    cwd: folder,
    env: { PATH: process.env.PATH },
    logFile: join(folder, 'echo-bot.log'),
    stopSignal: 'SIGTERM',
    answers: async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok,
  };
}
