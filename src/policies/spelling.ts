/** Shorter words have too many others one letter away. */
const SHORTEST_MENDED = 6;

/**
 * Mends a slip of the fingers: the known word that is one letter too many, too few, wrong or swapped away, and begins alike.
 *
 * @param stem a word without its ending that nothing here knows.
 * @param known the words that are known.
 * @returns the word itself when it is short or no known word is that near.
 */
export function mended(stem: string, known: Iterable<string>): string {
  if (stem.length < SHORTEST_MENDED) return stem;
  for (const word of known) if (word[0] === stem[0] && isOneSlipApart(stem, word)) return word;
  return stem;
}

function isOneSlipApart(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  let from = 0;
  while (from < one.length && one[from] === other[from]) from += 1;
  let back = 0;
  while (
    back < Math.min(one.length, other.length) - from &&
    one[one.length - 1 - back] === other[other.length - 1 - back]
  )
    back += 1;
  const left = one.slice(from, one.length - back);
  const right = other.slice(from, other.length - back);
  return Math.max(left.length, right.length) <= 1 || (left.length === 2 && left === `${right[1]}${right[0]}`);
}
