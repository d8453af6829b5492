import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { azuriteConnection } from '../../src/cli/dev/azurite.js';
import { openTables } from '../../src/storage/tables.js';
import { freePorts } from './ports.js';

/** An Azurite of a test's own, which can be taken down and brought back with what it held. */
export class OwnAzurite {
  readonly connection: string;
  readonly #port: number;
  readonly #location: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, location: string) {
    this.connection = azuriteConnection(port);
    this.#port = port;
    this.#location = location;
  }

  /** @param parent folder in which its own is made. */
  static async start(parent = tmpdir()): Promise<OwnAzurite> {
    const azurite = new OwnAzurite(await freePorts(3), await mkdtemp(join(parent, 'policy-desk-azurite-')));
    await azurite.up();
    return azurite;
  }

  /** Starts it on the same ports with the same data, and waits until it answers. */
  async up(): Promise<void> {
    const program = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js');
    const ports = ['blob', 'queue', 'table'].flatMap((service, at) => [`--${service}Port`, String(this.#port + at)]);
    const options = ['--silent', '--disableTelemetry', '--skipApiVersionCheck', '--location', this.#location];
    const started = spawn(process.execPath, [program, ...options, ...ports], { stdio: 'ignore' });
    this.#process = started;
    const tables = openTables({ connectionString: this.connection });
    while ((await tables.unreachable()) !== undefined) {
      if (started.exitCode !== null) throw new Error(`Azurite ended with code ${started.exitCode}.`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Ends it; its data stays. */
  async down(): Promise<void> {
    const ended = this.#process;
    if (!ended || ended.exitCode !== null || ended.signalCode !== null) return;
    ended.kill('SIGTERM');
    await new Promise((resolve) => ended.once('close', resolve));
  }

  async cleanUp(): Promise<void> {
    await this.down();
    await rm(this.#location, { recursive: true, force: true });
  }
}
