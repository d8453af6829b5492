import { ARCHETYPES } from '../bank.js';

/** Characters; looking further back for the start of a word would cost time in a long passage. */
const LONGEST_WORD = 50;

/** Tells whether a word, in lower case, is one that the document or a policy like it uses. */
export type KnownWord = (word: string) => boolean;

/** What stands before a hyphen that belongs to the word: "self-esteem", "non-teaching". */
const PREFIXES = new Set('all anti co cross cyber e ex half mid multi non self semi third two vice well'.split(' '));
/** What stands after one: "password-protected", "age-appropriate". */
const SUFFIXES = new Set(
  'aged appropriate based day down free friendly hand hours in led level line long made minded of on off old only out owned party protected quality related run sensitive specific standing term time to up wide year'.split(
    ' ',
  ),
);

/**
 * The words of a text with which torn ones are compared, beside those that wordings of rules use. Words at the end and start
 * of a line are left out: they may be torn.
 */
export function knownWords(lines: readonly string[]): KnownWord {
  let words: Set<string> | undefined;
  const wholeWords = () =>
    new Set(
      lines.flatMap((line) =>
        line
          .toLowerCase()
          .split(' ')
          .slice(1, -1)
          .map((word) => word.replace(/[.,;:!?)]+$/u, '')),
      ),
    );
  return (word) => {
    words ??= wholeWords();
    return words.has(word) || wordsOfRules().has(word);
  };
}

let rulesWords: ReadonlySet<string> | undefined;

const wordsOfRules = (): ReadonlySet<string> => {
  rulesWords ??= new Set(
    ARCHETYPES.flatMap(({ wordings }) =>
      wordings.flatMap((wording) => wording.toLowerCase().match(/[\p{L}'’]+(?:-[\p{L}'’]+)*/gu) ?? []),
    ),
  );
  return rulesWords;
};

/**
 * Joins two lines of one paragraph. A word torn by a hyphen at the end of the line is one again; a hyphen that the word has
 * anyway ("e-safety", "password-protected") stays.
 */
export function joinLines(upper: string, lower: string, isKnown: KnownWord): string {
  const sign = upper.at(-1) ?? '';
  if (sign === '\u00AD') return upper.slice(0, -1) + lower;
  if (!'-‐–'.includes(sign)) return `${upper} ${lower}`;
  const end = upper.slice(-LONGEST_WORD);
  if (/\d[-–]$/u.test(end) && /^\d/u.test(lower)) return upper + lower;
  const left = /(\p{L}+)[-‐]$/u.exec(end)?.[1];
  const right = /^\p{L}+/u.exec(lower)?.[0];
  if (left === undefined || right === undefined) return `${upper} ${lower}`;
  return keepsHyphen(left.toLowerCase(), right, isKnown) ? upper + lower : upper.slice(0, -1) + lower;
}

function keepsHyphen(left: string, rest: string, isKnown: KnownWord): boolean {
  const right = rest.toLowerCase();
  if (rest !== right && /^\p{Lu}/u.test(rest)) return true;
  if (isKnown(`${left}-${right}`)) return true;
  if (isKnown(left + right)) return false;
  if (left === 'e' || (PREFIXES.has(left) && isKnown(right)) || (SUFFIXES.has(right) && isKnown(left))) return true;
  return left.length > 2 && right.length > 2 && isKnown(left) && isKnown(right);
}
