import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { azuriteConnection } from '../../src/cli/dev/azurite.js';
import { openTables } from '../../src/storage/tables.js';
import { freePorts } from './ports.js';

declare module 'vitest' {
  export interface ProvidedContext {
    storage: string;
  }
}

/** Starts one real Azurite for all tests; each test keeps to its own school, and so to its own partition. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const location = await mkdtemp(join(tmpdir(), 'policy-desk-azurite-'));
  const port = await freePorts(3);
  const connection = azuriteConnection(port);
  const azurite = startAzurite(port, location);
  const tables = openTables({ connectionString: connection });
  while ((await tables.unreachable()) !== undefined) {
    if (azurite.exitCode !== null) throw new Error(`Azurite ended with code ${azurite.exitCode}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  project.provide('storage', connection);
  return async () => {
    azurite.kill('SIGTERM');
    await new Promise((resolve) => azurite.once('close', resolve));
    await rm(location, { recursive: true, force: true });
  };
}

/** Runs Azurite on three ports in a row, keeping its data in a folder. */
function startAzurite(port: number, location: string): ChildProcess {
  const program = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js');
  const ports = ['blob', 'queue', 'table'].flatMap((service, at) => [`--${service}Port`, String(port + at)]);
  const options = ['--silent', '--disableTelemetry', '--skipApiVersionCheck', '--location', location];
  return spawn(process.execPath, [program, ...options, ...ports], { stdio: 'ignore' });
}
