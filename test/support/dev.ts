import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './ports.js';
import { type Running, run } from './processes.js';

/** A running `npm run dev` with ports and a data folder of its own. */
export interface Dev extends Running {
  /** The bot's port; the Playground's is the next, then the three of storage. */
  readonly port: number;
  readonly data: string;
  /** Sends a signal to all of it, as Ctrl-C in a terminal does. */
  signal(signal: NodeJS.Signals): void;
  /** Ends what is left, by force, and deletes the data. */
  cleanUp(): Promise<void>;
}

/** No test asks a real model, whatever this machine's `.env` says: empty values win over it. */
const NO_MODEL = { AZURE_OPENAI_ENDPOINT: '', AZURE_OPENAI_KEY: '', AZURE_OPENAI_DEPLOYMENT: '' };

/** @param first the bot's port, where a test must know it beforehand. */
export async function startDev(first?: number, env: NodeJS.ProcessEnv = {}): Promise<Dev> {
  const port = first ?? (await freePorts(5));
  const data = mkdtempSync(join(tmpdir(), 'policy-desk-dev-'));
  const ports = ['--bot-port', `${port}`, '--playground-port', `${port + 1}`, '--storage-port', `${port + 2}`];
  // In a process group of its own, so that a signal reaches npm, the shell between and all parts.
  const running = run('npm', ['run', 'dev', '--', ...ports, '--data', data], { ...NO_MODEL, ...env }, true);
  const signal = (name: NodeJS.Signals) => process.kill(-(running.child.pid ?? 0), name);
  let over = false;
  void running.ended.then(() => {
    over = true;
  });
  return {
    ...running,
    port,
    data,
    signal,
    async cleanUp() {
      if (!over) signal('SIGKILL');
      await running.ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}
