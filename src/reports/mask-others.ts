import { type MarkedWord, markedWords } from '../policies/mask.js';
import { isCapital, keysOf, partsOf, TITLES } from '../policies/name-parts.js';
import { NAMES_IN_BANK } from '../policies/names.js';
import type { NameSearch } from './subject-names.js';

/** Stands for whom something is not about. */
export const ANOTHER_PERSON = '[another person]';
export const THEIR_NUMBER = '[another person: number]';
export const THEIR_ADDRESS = '[another person: address, account or link]';

/** Who is not to be found in a text. */
export interface Masking {
  /** Finds the one person who stays. */
  readonly stays: NameSearch;
  /** Names of other people. */
  readonly names: readonly string[];
  /** Other texts of the same matter: what is written as a name in one of them is masked in all. */
  readonly beside: readonly string[];
}

interface Range {
  readonly at: number;
  readonly end: number;
  readonly mark: string;
}

/** E-mail addresses, handles, links, and what is written as the name of a site. */
const ADDRESS =
  /[^\s,;<>()"“”]*(?:@|:\/\/|www\.)[^\s,;<>()"“”]*|\b[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.(?:com|org|net|uk|io|me|tv|gg|co|app|be|info)\b[^\s,;<>()"“”]*/giu;
const DATE = /\b(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})\b/gu;
/** Of a telephone, or one by which somebody is known elsewhere. */
const NUMBER = /\+?\d(?:[ \u00a0().\-/]{0,2}\d){5,}/gu;

/** Everyday words with a capital that the bank of questions does not have. */
const NO_NAMES: ReadonlySet<string> = new Set(
  (
    'monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october ' +
    'november december facebook instagram snapchat tiktok whatsapp twitter youtube teams discord roblox google microsoft ofsted lado ' +
    'dsl cpoms myconcern mat slt pe re pshe ict sen send senco ta pta uk ok tv dm pm am pc ks1 ks2 year reception nursery english maths ' +
    'head headteacher deputy chair governor governors policy desk school primary academy police christmas easter mum dad nan i'
  ).split(' '),
);

/**
 * A text in which everybody but one person is masked, visibly: the names of people who are known, whatever else is written as a name
 * or follows "Mr", telephone and other long numbers, e-mail addresses, accounts and links. More is masked than need be, but names
 * that nobody writes with a capital, and that stand nowhere else, are missed: somebody has to read it.
 */
export function othersMasked({ stays, names, beside }: Masking): (text: string) => string {
  const known = new Set(names.flatMap(partsOf).flatMap(keysOf));
  const written = new Set(
    beside
      .flatMap(markedWords)
      .filter((word) => isWrittenAsName(word) && !word.startsSentence)
      .flatMap(({ word }) => keysOf(word)),
  );
  return (typed) => {
    const text = typed.normalize('NFKC');
    const { found } = stays(text);
    const isTheirs = ({ at, end }: { at: number; end: number }) => found.some((one) => one.at < end && at < one.end);
    const ranges = [
      ...rangesOf(text, ADDRESS, THEIR_ADDRESS),
      ...rangesOf(text, NUMBER, THEIR_NUMBER).filter(({ at, end }) => isNumber(text.slice(at, end))),
      ...nameRanges(text, (word) => isKnown(word, known) || keysOf(word.word).some((key) => written.has(key))),
    ].filter((range) => !isTheirs(range));
    return replaced(text, ranges);
  };
}

const rangesOf = (text: string, pattern: RegExp, mark: string): Range[] =>
  [...text.matchAll(pattern)].map(({ 0: found, index: at }) => ({ at, end: at + found.length, mark }));

const isNumber = (found: string): boolean => found.replace(DATE, '').replace(/\D/gu, '').length >= 6;

/** A name that is a word as well, such as Grace or Will, counts with a capital. */
function isKnown({ word, mayBeName }: MarkedWord, known: ReadonlySet<string>): boolean {
  const keys = keysOf(word);
  if (keys.some((key) => NAMES_IN_BANK.has(key))) return true;
  return keys.some((key) => known.has(key)) && (mayBeName || isCapital(word));
}

const isWrittenAsName = ({ word, mayBeName }: MarkedWord): boolean =>
  isCapital(word) && mayBeName && !keysOf(word).some((key) => NO_NAMES.has(key));

function nameRanges(text: string, isOther: (word: MarkedWord) => boolean): Range[] {
  let afterTitle: MarkedWord | undefined;
  return markedWords(text).flatMap((word) => {
    const title = afterTitle;
    afterTitle = TITLES.has(word.word.toLowerCase()) ? word : undefined;
    const end = word.at + word.word.length;
    if (title) return [{ at: title.at, end, mark: ANOTHER_PERSON }];
    return isOther(word) || isWrittenAsName(word) ? [{ at: word.at, end, mark: ANOTHER_PERSON }] : [];
  });
}

/** What lies in another is part of it; parts of one name become one. */
function replaced(text: string, ranges: readonly Range[]): string {
  let shown = '';
  let done = 0;
  for (const { at, end, mark } of ranges.toSorted((one, other) => one.at - other.at || other.end - one.end)) {
    if (end <= done) continue;
    const between = text.slice(done, Math.max(done, at));
    const isSame = shown.endsWith(mark) && /^(?:[ \u00a0.'’-]|\. )?$/u.test(between);
    if (!isSame) shown += between + mark;
    done = end;
  }
  return shown + text.slice(done);
}
