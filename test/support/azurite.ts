import type { TestProject } from 'vitest/node';
import { OwnAzurite } from './azurite-process.js';

declare module 'vitest' {
  export interface ProvidedContext {
    storage: string;
  }
}

/** Starts one real Azurite for all tests; each test keeps to its own school, and so to its own partition. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const azurite = await OwnAzurite.start();
  project.provide('storage', azurite.connection);
  return () => azurite.cleanUp();
}
