import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';

const LAST_LINES = 15;
const POLL_MS = 100;

/** One process of the local setup. */
export interface PartOptions {
  /** As a person would call it: "the bot". */
  readonly name: string;
  /** Arguments for Node. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Where all it prints goes. */
  readonly logFile: string;
  /** The signal that ends it cleanly. */
  readonly stopSignal: NodeJS.Signals;
  /** Whether it answers now; measured, not assumed. */
  readonly answers: () => Promise<boolean>;
}

/** A started process with its log. */
export class Part {
  readonly options: PartOptions;
  readonly #child: ChildProcess;
  readonly #last: string[] = [];
  /** Settles when the process has ended, with a sentence on how. */
  readonly ended: Promise<string>;

  constructor(options: PartOptions) {
    this.options = options;
    mkdirSync(dirname(options.logFile), { recursive: true });
    const log = createWriteStream(options.logFile);
    const child = spawn(process.execPath, options.args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        log.write(text);
        this.#last.push(...text.split('\n').filter((line) => line.trim() !== ''));
        this.#last.splice(0, this.#last.length - LAST_LINES);
      });
    }
    this.ended = new Promise((resolve) => {
      child.on('error', ({ message }) => resolve(`could not be started: ${message}`));
      child.on('close', (code, signal) => {
        log.end();
        resolve(signal === null ? `ended with code ${code}` : `was ended by ${signal}`);
      });
    });
  }

  /** The last lines it printed. */
  get lastLines(): readonly string[] {
    return this.#last;
  }

  /** Waits until it answers; the limit is for a machine that is very slow. @returns false when the limit has passed. */
  async ready(limitMs: number): Promise<boolean> {
    const until = Date.now() + limitMs;
    while (Date.now() < until) {
      if (await this.options.answers().catch(() => false)) return true;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return false;
  }

  /** Ends it, by force where it does not end in time. */
  async stop(limitMs: number): Promise<void> {
    this.#child.kill(this.options.stopSignal);
    const force = setTimeout(() => this.#child.kill('SIGKILL'), limitMs);
    await this.ended;
    clearTimeout(force);
  }
}

/** Whether nothing listens on a port of this machine. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
