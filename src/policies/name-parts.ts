import { markedWords } from './mask.js';

/** What stands before a name. */
export const TITLES: ReadonlySet<string> = new Set([
  ...['mr', 'mrs', 'ms', 'mx', 'miss', 'dr', 'rev', 'sir', 'madam', 'lady', 'lord'],
]);

export const withoutPossessive = (word: string): string => word.replace(/['’‘]s?$/iu, '');

/** "Zoë’s", "ZOE" and "zoe" are one. */
export const keyOf = (word: string): string =>
  withoutPossessive(word.normalize('NFKD').replace(/\p{M}/gu, '')).replace(/[’‘]/gu, "'").toLowerCase();

/** People leave out the apostrophe: "larkins class". */
export const keysOf = (word: string): readonly string[] => [keyOf(word), keyOf(word).replace(/s$/u, '')];

/** The parts of a name by which people call somebody. */
export const partsOf = (name: string): readonly string[] =>
  markedWords(name)
    .map(({ word }) => keyOf(word))
    .filter((part) => part.length > 1 && !TITLES.has(part));

export const isCapital = (word: string): boolean => /^\p{Lu}/u.test(word);
