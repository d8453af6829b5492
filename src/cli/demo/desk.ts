import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../errors.js';
import { azuriteConnection } from '../dev/azurite.js';
import { isFree, Part } from '../dev/part.js';
import { botPlan, root, storagePlan } from '../dev/plans.js';

const READY_MS = 120_000;
const STOP_MS = 12_000;
/** None of these is used in a demo, whatever this machine's environment or `.env` says. */
const LEFT_OUT = [...['AZURE_OPENAI_ENDPOINT', 'AZURE_OPENAI_KEY', 'AZURE_OPENAI_DEPLOYMENT']];

/** A folder, storage and the bot for one demo. */
export class DemoDesk {
  readonly folder: string;
  readonly #parts: Part[] = [];
  #isClosed = false;
  readonly #ports: { readonly bot: number; readonly storage: number };

  private constructor(folder: string, ports: { readonly bot: number; readonly storage: number }) {
    this.folder = folder;
    this.#ports = ports;
  }

  /** Makes a folder in another one and finds free ports; nothing runs yet. */
  static async open(parent: string): Promise<DemoDesk> {
    await mkdir(parent, { recursive: true });
    const folder = await mkdtemp(join(parent, 'demo-data-'));
    await Promise.all(['azurite', 'schools'].map((name) => mkdir(join(folder, name))));
    const first = await freePorts(4);
    return new DemoDesk(folder, { bot: first, storage: first + 1 });
  }

  get schoolsDir(): string {
    return join(this.folder, 'schools');
  }

  get connectionString(): string {
    return azuriteConnection(this.#ports.storage);
  }

  /** Where the bot listens. */
  get address(): string {
    return `http://127.0.0.1:${this.#ports.bot}`;
  }

  /** Starts both, as `npm run dev` does. @param logs the folder for what they print. @returns what waits until each of them answers. */
  start(env: NodeJS.ProcessEnv, logs: string): { readonly storage: Promise<void>; readonly bot: Promise<void> } {
    const logFile = (name: string) => join(logs, `demo-${name}.log`);
    if (this.#isClosed) throw new Error('The demo is over.');
    const ports = this.#ports;
    const own = { ...env, ...Object.fromEntries(LEFT_OUT.map((name) => [name, ''])), LOG_LEVEL: 'info' };
    const plans = [
      storagePlan({
        port: ports.storage,
        location: join(this.folder, 'azurite'),
        env: own,
        logFile: logFile('azurite'),
      }),
      botPlan({
        ...{ port: ports.bot, storage: this.connectionString, schoolsDir: this.schoolsDir },
        ...{ env: own, logFile: logFile('bot') },
      }),
    ];
    const [azurite, desk] = plans.map((plan) => new Part(plan)) as [Part, Part];
    this.#parts.push(azurite, desk);
    const [storage, bot] = [ready(azurite), ready(desk)];
    // Where storage never answers, nobody waits for the bot any more, and what nobody hears would end the process before it cleans up.
    bot.catch(() => undefined);
    return { storage, bot };
  }

  /** Settles when a part has ended by itself, with a sentence and its last lines. */
  async ended(): Promise<string> {
    const how = this.#parts.map(async (part) => [part, await part.ended] as const);
    const [part, words] = await Promise.race(how);
    return [`${part.options.name} ${words}. Its last lines:`, ...part.lastLines].join('\n  ');
  }

  /** Ends everything, and removes the folder. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#parts.map((part) => part.stop(STOP_MS)));
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function ready(part: Part): Promise<void> {
  if (await part.ready(READY_MS)) return;
  throw new AppError('storage_unreachable', `${part.options.name} did not answer within ${READY_MS / 1000} s.`);
}

/** Ports in a row, from a range that systems do not hand out by themselves. @returns the first. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all(Array.from({ length: count }, (_, at) => isFree(first + at)));
    if (free.every(Boolean)) return first;
  }
}

export const SCHOOLS_DIR = join(root, 'schools');
