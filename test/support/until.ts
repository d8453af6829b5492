/** Waits until something is there; the limit is for a machine that is very slow. @throws what was found last, when it never is. */
export async function until<T>(
  look: () => T | Promise<T>,
  isThere: (found: NonNullable<T>) => boolean = () => true,
  limitMs = 40_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false && isThere(found)) return found;
    if (Date.now() > end) throw new Error(`It did not happen. Found last: ${JSON.stringify(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
