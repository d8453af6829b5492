import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../errors.js';
import type { Policy } from '../policies/policy.js';
import { readPolicy } from '../policies/read-policy.js';

/** What a thread that reads a policy answers: the policy, or the sentence that refuses it. */
export type PolicyReading = { readonly policy: Policy } | { readonly refusal: string };

const { fileName, bytes } = workerData as { readonly fileName: string; readonly bytes: Uint8Array };
parentPort?.postMessage(await read());

async function read(): Promise<PolicyReading> {
  try {
    return { policy: await readPolicy(fileName, bytes) };
  } catch (error) {
    if (error instanceof AppError) return { refusal: error.message };
    throw error;
  }
}
