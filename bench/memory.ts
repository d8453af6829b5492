const MIB = 2 ** 20;

/** What is held after a collection, in MiB. The process has to be started with `--expose-gc`. */
export function heapMiB(): number {
  if (!globalThis.gc) throw new Error('Memory is measured in a process that was started with --expose-gc.');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed / MIB;
}

/** What the whole process takes, in MiB. */
export const residentMiB = (): number => process.memoryUsage().rss / MIB;
