import { isFree } from '../../src/cli/dev/part.js';

/**
 * Finds free ports in a row, from a range that systems do not hand out by themselves.
 *
 * @returns the first of them.
 */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all(Array.from({ length: count }, (_, at) => isFree(first + at)));
    if (free.every(Boolean)) return first;
  }
}
