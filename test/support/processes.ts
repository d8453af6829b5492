import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A process with what it has printed so far. */
export interface Running {
  readonly child: ChildProcess;
  readonly printed: () => string;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** Waits until something has been printed; rejects when the process ends first. */
  until(words: string | RegExp): Promise<void>;
}

/** Starts a command in the project's folder. */
export function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, detached = false): Running {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  const has = (words: string | RegExp) => (typeof words === 'string' ? printed.includes(words) : words.test(printed));
  return {
    child,
    printed: () => printed,
    ended,
    async until(words) {
      let over = false;
      void ended.then(() => {
        over = true;
      });
      while (!has(words)) {
        if (over) throw new Error(`It ended before it printed ${words}:\n${printed}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}
