import { readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '../errors.js';
import type { Policy } from '../policies/policy.js';
import { checkSize, policyExtension, readPolicy } from '../policies/read-policy.js';
import type { PolicyReading } from './policy-worker.js';

/** Milliseconds to read one document. A policy of sixty pages takes about one second, so a slow machine is no reason to refuse it. */
const LONGEST_READING = 30_000;
/** Megabytes that reading one document may take. */
const LARGEST_HEAP = 512;
const TOO_LONG = 'TOO_LONG';
/** Text of this many bytes or less is read at once: at its worst that takes as long as starting a thread, and usually far less. */
const SMALL_TEXT = 64 * 1024;

/** Threads at a time: more would share the processors, so that each document of a hundred schools took longer than it may. */
const MOST_AT_ONCE = Math.min(4, availableParallelism());
const underWay = new Set<Promise<void>>();

/**
 * Reads a policy from its file. Word documents, PDFs and large texts are read in a thread of their own, which is ended when it
 * takes too long or too much memory, so that no document can hold up or bring down the process that reads it.
 *
 * @throws {AppError} `policy_unreadable` with one plain sentence that names the file without its folder.
 */
export async function readPolicyFile(path: string): Promise<Policy> {
  const fileName = basename(path);
  const unreadable = (words: string) => (cause: unknown) => {
    throw new AppError('policy_unreadable', words, { cause });
  };
  const found = await stat(path).catch(unreadable(`The file "${path}" cannot be read.`));
  if (!found.isFile()) throw new AppError('policy_unreadable', `"${path}" is not a file.`);
  const extension = policyExtension(fileName);
  if (extension === undefined) return readPolicy(fileName, new Uint8Array());
  checkSize(fileName, found.size);
  const bytes = await readFile(path).catch(unreadable(`The file "${path}" cannot be read.`));
  const isText = extension === '.md' || extension === '.txt';
  if (isText && bytes.length <= SMALL_TEXT) return readPolicy(fileName, bytes);
  return inTurn(() => readInThread(fileName, bytes));
}

async function inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
  while (underWay.size >= MOST_AT_ONCE) await Promise.race(underWay);
  const result = task();
  const over: Promise<void> = result.then(
    () => void underWay.delete(over),
    () => void underWay.delete(over),
  );
  underWay.add(over);
  return result;
}

async function readInThread(fileName: string, bytes: Uint8Array): Promise<Policy> {
  const worker = startWorker({ fileName, bytes });
  let timer: NodeJS.Timeout | undefined;
  try {
    const reading = await new Promise<PolicyReading>((resolve, reject) => {
      timer = setTimeout(
        () => reject(Object.assign(new Error('the reading took too long'), { code: TOO_LONG })),
        LONGEST_READING,
      );
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`the reading thread ended with ${code}`)));
    });
    if ('policy' in reading) return reading.policy;
    throw new AppError('policy_unreadable', reading.refusal);
  } catch (cause) {
    const { code } = cause as { code?: unknown };
    if (code !== TOO_LONG && code !== 'ERR_WORKER_OUT_OF_MEMORY') throw cause;
    throw new AppError(
      'policy_unreadable',
      `${fileName} takes more time or memory to read than any policy does, so reading was stopped. Save it again and try that file.`,
      { cause },
    );
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/** Run from source, as in development and tests, the thread needs a start of its own, which loads TypeScript. */
function startWorker(workerData: { fileName: string; bytes: Uint8Array }): Worker {
  const start = import.meta.url.endsWith('.ts') ? 'policy-worker-from-source.mjs' : 'policy-worker.js';
  return new Worker(new URL(start, import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: LARGEST_HEAP },
  });
}
