import { type MarkedWord, markedWords } from '../policies/mask.js';
import { isCapital, keyOf, TITLES } from '../policies/name-parts.js';

/** Where a text names somebody. Positions are those of the text in Unicode's NFKC. */
export interface Mention {
  readonly at: number;
  readonly end: number;
  /** `whole`: first name or its letter, and surname. `part`: one of them. */
  readonly as: 'whole' | 'part';
}

/** What a text says of a person who is searched for. */
export interface Mentions {
  readonly found: readonly Mention[];
  /** How often a part of the name stands where it is more likely a word, or part of another person's name. Not among those found. */
  readonly doubtful: number;
}

/** Finds a person in what people type. */
export type NameSearch = (text: string) => Mentions;

/** The words of a name by which people call somebody, each as {@link plain} makes it. */
interface Name {
  readonly first: readonly string[];
  readonly middle: readonly string[];
  readonly last: readonly string[];
  /** First and last name as one word, as in the names of accounts. */
  readonly joined: readonly string[];
}

type Role = 'first' | 'middle' | 'last' | 'joined' | 'initial';

interface Word extends MarkedWord {
  readonly end: number;
  readonly plain: string;
  readonly roles: ReadonlySet<Role>;
}

/**
 * Finds a person by name as people write names: "Jane Smith", "Smith, Jane", "J. Smith", "Mrs Smith", "Miss Jane", "jane", "SMITH's",
 * "jane.smith", "@jsmith7". Accents, capitals and apostrophes do not count.
 *
 * A part of the name alone is not found where it is an everyday word in small letters or at the start of a sentence ("will", "Mark"),
 * nor beside a part of another name ("Tom Smith", "Jane Brown", "T. Smith"): those are only counted.
 *
 * @param names the person's name and other spellings, nicknames and names of accounts.
 */
export function searchFor(names: readonly string[]): NameSearch {
  const known = names.map(nameOf);
  return (text) => {
    const plainText = text.normalize('NFKC');
    const words = wordsOf(plainText, known);
    const found: Mention[] = [];
    let doubtful = 0;
    for (const [from, to] of runsOf(words, plainText)) {
      const run = words.slice(from, to);
      const judged = judge(run, { words, from, to, text: plainText });
      if (judged === 'doubtful') doubtful += 1;
      else if (judged !== null) found.push({ at: run[0]?.at ?? 0, end: run.at(-1)?.end ?? 0, as: judged });
    }
    return { found, doubtful };
  };
}

/** Letters that do not come apart into a letter and an accent. */
const FOLDED: Readonly<Record<string, string>> = { ø: 'o', ł: 'l', ß: 'ss', æ: 'ae', œ: 'oe', đ: 'd', ð: 'd', ı: 'i' };

const plain = (word: string): string =>
  keyOf(word)
    .replace(/[øłßæœđðı]/gu, (one) => FOLDED[one] ?? one)
    .replaceAll("'", '');

function nameOf(name: string): Name {
  const [before = '', after] = name.normalize('NFKC').split(/,\s+/u);
  const parts = (after === undefined ? before : `${after} ${before}`)
    .split(/\s+/u)
    .map((part) => markedWords(part).map(({ word }) => plain(word)))
    .filter((part) => part.length > 0 && !(part.length === 1 && TITLES.has(part[0] ?? '')));
  const first = parts[0] ?? [];
  const last = parts.length > 1 ? (parts.at(-1) ?? []) : [];
  const [one, other] = [first.join(''), last.join('')];
  const joined = other === '' ? [] : [`${one}${other}`, `${other}${one}`, `${one.slice(0, 1)}${other}`];
  // A letter is no name.
  const names = (words: readonly string[]) => words.filter((word) => word.length > 1);
  return {
    first: names(first),
    middle: parts.slice(1, -1).flat(),
    last: names(last),
    joined: joined.filter((word) => word.length > 3),
  };
}

function wordsOf(text: string, names: readonly Name[]): readonly Word[] {
  return markedWords(text).map((marked) => {
    const key = plain(marked.word);
    // "smiths" is for "Smith’s"; figures behind a name are those of an account.
    const keys = [key, key.replace(/s$/u, ''), key.replace(/\d+$/u, '')];
    const roles = new Set<Role>();
    for (const name of names) {
      for (const role of ['first', 'middle', 'last', 'joined'] as const)
        if (keys.some((one) => name[role].includes(one))) roles.add(role);
      const initials = [name.first, name.last].map(([word = '']) => word.slice(0, 1));
      if (key.length === 1 && isCapital(marked.word) && initials.includes(key)) roles.add('initial');
    }
    return { ...marked, end: marked.at + marked.word.length, plain: key, roles };
  });
}

/** Words of the name that stand together, from and to. */
function runsOf(words: readonly Word[], text: string): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const [at, { roles }] of words.entries()) {
    if (roles.size === 0) continue;
    const last = runs.at(-1);
    if (last?.[1] === at && stand(words[at - 1], words[at], text)) last[1] = at + 1;
    else runs.push([at, at + 1]);
  }
  return runs;
}

/** Whether two words stand together as parts of a name do; a full stop ends a sentence, but for that of a letter or of "Mr". */
function stand(one: Word | undefined, other: Word | undefined, text: string): boolean {
  if (!one || !other) return false;
  const gap = text.slice(one.end, other.at);
  return (
    /^(?:[ \u00a0]|[-‐–_.]|, |\. ?)$/u.test(gap) && (gap !== '. ' || one.plain.length === 1 || TITLES.has(one.plain))
  );
}

interface Around {
  readonly words: readonly Word[];
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** @returns `null` where it is not the name. */
function judge(run: readonly Word[], around: Around): Mention['as'] | 'doubtful' | null {
  const has = (role: Role) => run.some(({ roles }) => roles.has(role));
  if (
    has('joined') ||
    (run.length > 1 && ((has('first') && has('last')) || (has('initial') && (has('first') || has('last')))))
  )
    return 'whole';
  if (!has('first') && !has('last')) return null;
  const { words, from, to, text } = around;
  const [before, after] = [words[from - 1], words[to]];
  if (before && TITLES.has(before.plain) && stand(before, run[0], text)) return 'part';
  const besides = has('last') ? [before && stand(before, run[0], text) ? before : undefined] : [];
  if (has('first')) besides.push(after && stand(run.at(-1), after, text) ? after : undefined);
  if (besides.some((word) => word && isOther(word))) return 'doubtful';
  return run.some(isMeant) ? 'part' : 'doubtful';
}

/** A part of another name, or the letter of one. In a text in capitals nothing tells names from words. */
const isOther = ({ word, plain: key, mayBeName, roles }: Word): boolean =>
  roles.size === 0 &&
  ((/^\p{Lu}\p{M}*\p{Ll}/u.test(word) && mayBeName) || (/^\p{Lu}$/u.test(word) && key !== 'i' && key !== 'a'));

/** An everyday word is meant as a name where it has a capital that no sentence gives it. */
function isMeant({ word, startsSentence }: Word): boolean {
  const isEveryday = !(markedWords(word.toLowerCase())[0]?.mayBeName ?? true);
  return !isEveryday || (isCapital(word) && !startsSentence);
}
