import { ARCHETYPES, OUTSIDE, VOCABULARY } from './bank.js';
import { NAMES_IN_BANK } from './names.js';
import { tokensOf } from './words.js';

/** Stands for words that are not shown. */
export const MASK = '…';

/** Addresses, handles and links are masked whole. */
const ADDRESS = /\S*(?:@|:\/\/|www\.)\S*/giu;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’‘][\p{L}\p{M}]+)*/gu;
const TITLE = /^(?:mr|mrs|ms|mx|miss|dr|rev|sir|madam)$/iu;

interface Lexicon {
  readonly words: ReadonlySet<string>;
  /** Words that the bank writes with a capital within a sentence: Facebook, English, September. */
  readonly capitalised: ReadonlySet<string>;
}

let prepared: Lexicon | undefined;
const lexicon = (): Lexicon => {
  prepared ??= prepare();
  return prepared;
};

/** In fewer entries of the bank than this, a word may be the name of a made-up pupil. */
const LEAST_ENTRIES = 2;

function prepare(): Lexicon {
  const entries = [
    ...ARCHETYPES.map(({ title, questions, wordings }) => [title, ...questions, ...wordings]),
    ...OUTSIDE.map(({ questions }) => questions),
  ];
  const counts = new Map<string, number>();
  for (const texts of entries)
    for (const word of new Set(texts.flatMap(tokensOf))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const usual = [...counts].flatMap(([word, count]) => (count >= LEAST_ENTRIES ? [word] : []));
  const vocabulary = VOCABULARY.flatMap(({ policy, everyday }) => [...policy, ...everyday]);
  const inner = entries.flat().flatMap((text) => text.match(/(?<=[\p{L}\p{N},;] )\p{Lu}\p{L}*/gu) ?? []);
  return {
    words: new Set([...usual, ...vocabulary.flatMap(tokensOf)].filter((word) => !NAMES_IN_BANK.has(word))),
    capitalised: new Set(inner.flatMap(tokensOf)),
  };
}

/**
 * Masks whatever in a typed text might be a name. People type names without capitals, so it is not names that are looked for:
 * a word stays only if the bank of rules, everyday questions and vocabulary knows it well. Masked are every other
 * word, numbers of more than two digits, what follows "Mr" or "Miss", words with a capital that the bank never gives one (so
 * that "Grace" goes and "grace" stays), and e-mail addresses, handles and links.
 *
 * @returns the text, with one {@link MASK} for each run of masked words, and the share of its words that were masked, 0 to 1.
 */
export function maskNames(text: string): { readonly text: string; readonly share: number } {
  const withoutAddresses = text.normalize('NFKC').replace(ADDRESS, MASK);
  const words = marked(withoutAddresses);
  const masked = words.filter(({ mayBeName }) => mayBeName).length;
  const hidden = new Set(words.flatMap(({ at, mayBeName }) => (mayBeName ? [at] : [])));
  const shown = withoutAddresses.replace(WORD, (word, at: number) => (hidden.has(at) ? MASK : word));
  return { text: shown.replace(/…(?:[\s\-–.']*…)+/gu, MASK), share: words.length === 0 ? 1 : masked / words.length };
}

/** A word of a typed text. */
export interface MarkedWord {
  readonly word: string;
  /** Where it begins. */
  readonly at: number;
  /** It might be a name, and {@link maskNames} would hide it. */
  readonly mayBeName: boolean;
  readonly startsSentence: boolean;
}

/** Every word of a text, in order, and whether it might be a name, as {@link maskNames} sees it. */
export const markedWords = (text: string): readonly MarkedWord[] => marked(text.normalize('NFKC'));

function marked(text: string): readonly MarkedWord[] {
  let afterTitle = false;
  return [...text.matchAll(WORD)].map(({ 0: word, index: at }) => {
    const first = startsSentence(text, at);
    const mayBeName = afterTitle || !isCommon(word, first);
    afterTitle = TITLE.test(word);
    return { word, at, mayBeName, startsSentence: first };
  });
}

function isCommon(word: string, first: boolean): boolean {
  const tokens = tokensOf(word);
  const { words, capitalised } = lexicon();
  if (/^\p{N}{3,}/u.test(word) || !tokens.every((token) => words.has(token))) return false;
  const hasCapital = /^\p{Lu}\p{Ll}/u.test(word);
  return !hasCapital || first || tokens.every((token) => capitalised.has(token));
}

const startsSentence = (text: string, at: number): boolean => /(?:^|[.!?]\s+)["“'‘(]*$/u.test(text.slice(0, at));
