import { readFileSync } from 'node:fs';
import { FakeConnector } from '../fakes/connector.js';
import { FakeTeamsFiles } from '../fakes/teams-files.js';
import { SAMPLE_TENANT } from './activities.js';
import { type BotClient, clientOf } from './bot.js';
import { programOf } from './built.js';
import { freePorts } from './ports.js';
import { type Running, run } from './processes.js';
import { addressOf, type ChatRoom, edgeOf } from './staff.js';
import { until } from './until.js';

/** The bot as a process of its own. */
export class BotProcess {
  readonly bot: BotClient;
  readonly #running: Running;

  private constructor(port: number, running: Running) {
    this.bot = clientOf(`http://127.0.0.1:${port}`);
    this.#running = running;
  }

  /**
   * Starts it, with the sample school, and waits until it listens. With `CLOCK_SHIFT_MS` in its environment its clock is off, and
   * can be set.
   */
  static async start(storage: string, env: NodeJS.ProcessEnv = {}): Promise<BotProcess> {
    const port = Number(env.PORT ?? (await freePorts(1)));
    const clock = ['--import', 'tsx', '--import', './test/support/shifted-clock.ts'];
    const before = env.CLOCK_SHIFT_MS === undefined ? [] : clock;
    const running = run(process.execPath, [...before, ...programOf('src/main.ts')], {
      ...{ BOT_ID: '', HOST: '', PORT: String(port), STORAGE_ACCOUNT: '', STORAGE_CONNECTION_STRING: storage },
      ...{ PUBLIC_URL: `http://127.0.0.1:${port}`, LINK_SECRET: 'a secret of at least thirty-two characters' },
      ...env,
    });
    await running.until('server.listening');
    return new BotProcess(port, running);
  }

  get pid(): number {
    return this.#running.child.pid ?? 0;
  }

  /** What it has logged, line by line; what it printed besides comes as lines with the event `printed`. */
  logged(): Record<string, unknown>[] {
    const lines = this.#running.printed().split('\n').slice(0, -1);
    return lines.map((line) => (line.startsWith('{') ? JSON.parse(line) : { event: 'printed', line }));
  }

  readiness(): Promise<number> {
    return fetch(`${this.bot.address}/readyz`).then(({ status }) => status);
  }

  /** Memory that it has in use, in megabytes. `0` where the system does not tell. */
  megabytes(): number {
    try {
      const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8')) ?? [];
      return Math.round(Number(kilobytes) / 1024);
    } catch {
      return 0;
    }
  }

  /** Sets its clock, which goes on from there. @param shiftMs how far ahead it is. */
  async setClock(shiftMs: number): Promise<void> {
    const before = this.#clocksSet();
    this.#running.child.stdin?.write(`${shiftMs}\n`);
    await until(() => this.#clocksSet() > before);
  }

  #clocksSet(): number {
    return this.logged().filter(({ event }) => event === 'clock.set').length;
  }

  signal(name: NodeJS.Signals): void {
    this.#running.child.kill(name);
  }

  /** @returns the exit code, or the signal that ended it. */
  stop(): Promise<number | NodeJS.Signals | null> {
    this.signal('SIGTERM');
    return this.#running.ended;
  }
}

/** Everything that Teams is to the bot of the sample school, whichever process that is at the time. */
export class TeamsOf implements ChatRoom {
  bot: BotClient;

  private constructor(
    bot: BotClient,
    readonly connector: FakeConnector,
    readonly files: FakeTeamsFiles,
    readonly edge: Awaited<ReturnType<typeof edgeOf>>,
  ) {
    this.bot = bot;
  }

  static async around(bot: BotClient): Promise<TeamsOf> {
    const [connector, files] = await Promise.all([FakeConnector.start(), FakeTeamsFiles.start()]);
    // Without an identity no token is sent.
    files.tokens.add('');
    return new TeamsOf(bot, connector, files, await edgeOf(connector, files));
  }

  get options() {
    return { serviceUrl: `${addressOf(this.edge)}/connector/`, tenantId: SAMPLE_TENANT };
  }

  /** A picture pasted into a message. */
  pasted(bytes: Uint8Array): object {
    const url = this.files.picture({ kind: 'serves', bytes });
    return { contentType: 'image/*', contentUrl: url.replace(this.files.address, addressOf(this.edge)) };
  }

  async close(): Promise<void> {
    this.edge.closeAllConnections();
    await new Promise((resolve) => this.edge.close(resolve));
    await Promise.all([this.connector.stop(), this.files.stop()]);
  }
}
