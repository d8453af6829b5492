import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { BuiltBot } from './built-bot.js';
import { type Running, run } from './processes.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of {@link BuiltBot}. */
    built: string;
  }
}

/** Builds Policy Desk once for all tests: what they start is what schools run, and starts in a third of the time. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const built = await BuiltBot.build();
  project.provide('built', built.folder);
  return () => built.cleanUp();
}

/** What Node is given to start a file of the project: as built, where a school has it so, and else from its source. */
export function programOf(file: string): readonly string[] {
  const built = join(inject('built'), 'dist', file.replace(/^src\//u, '').replace(/\.ts$/u, '.js'));
  return existsSync(built) ? ['--enable-source-maps', built] : ['--import', 'tsx', file];
}

/** Starts a file of the project, named as in the source: `src/main.ts`. */
export const runScript = (file: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Running =>
  run(process.execPath, [...programOf(file), ...args], env);
