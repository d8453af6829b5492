import { stemmer } from 'stemmer';
import {
  actorsOf,
  EXACT_WORDS,
  limitsOf,
  numbersOf,
  rolesOf,
  type Stance,
  speaksToMachine,
  stancesOf,
  withoutReferences,
} from './plain-english/signs.js';
import { type Passage, type Statement, statementsOf } from './plain-english/statements.js';
import { tokensOf } from './words.js';

/** One sentence of a plain English text, with the clauses it is about, counted from 1 in the order they are quoted. */
export interface PlainSentence {
  readonly text: string;
  readonly cites: readonly number[];
}

const MOST_SENTENCES = 5;
const LONGEST_SENTENCE_CHARACTERS = 300;
const LONGEST_TEXT_CHARACTERS = 900;
const FEWEST_WORDS = 3;
/** The share of a sentence's words that must stand in the cited rule in the same order: who tells whom what lies in the order. */
const IN_ORDER_OF_RULE = 0.6;
/** A permission is told nearly in full: what is left out of it is mostly where and how far it holds. */
const PERMISSION_TOLD = 0.9;

/** Letters, figures and the marks of plain sentences; no signs of Markdown, markup, mail addresses or other scripts. */
const PLAIN_TEXT = /^[\p{Script=Latin}\p{Nd}\s.,;:'’‘"“”()[\]/%£&–-]+$/u;
const ADDRESS = /:\/\/|\bwww\.|\p{L}\.\p{L}{2,}|\]\s*\(/iu;
const CITED_SENTENCE = /\s*([^[\]]+?)\s*((?:\[\d\]\s*)+)(\.?)/uy;
const ABBREVIATION = /\b(?:e\.g|i\.e|etc)\.$/iu;

/** Words without a meaning of their own, and the reader's names, which are compared as roles. */
const EMPTY_WORDS = new Set(
  (
    'a an the to of in on at for is it its be been being or and i me my we our you your yours yourself this that these those with as are was were ' +
    'will would can could do does did so if but by from not no nor have has had having they their them themselves he she his her who whom whose ' +
    'which what there then than must may might should shall ought need needs any into about such also up out unless until when where staff ' +
    'member members employee employees please means mean policy says say rule clause make sure'
  ).split(' '),
);

/** Words that may stand for one another, by stem, where a policy has the stiffer one. */
const SAME_WORD = new Map(
  [
    'pictur photo photograph',
    'tell inform notifi',
    'ring phone telephon call',
    'publish post',
    'get receiv obtain',
    'begin start',
  ].flatMap((group) => group.split(' ').map((stem, _, [first = stem]) => [stem, first] as const)),
);

/**
 * Checks a text that a machine wrote about quoted clauses, before anyone sees it. A wrong reassurance is the worst that can
 * happen, so the text is taken whole or not at all: a sentence may lean on the one before it, and every sentence must
 *
 * - be plain: no address, no Markdown, no question, no foreign script, not too long;
 * - cite clauses that were quoted, and add no word to them: "unsuitable pictures" says that others are suitable;
 * - keep their numbers, times, roles and names;
 * - forbid, require, permit or advise exactly as one rule of each cited clause does, under the same limits.
 *
 * A text that permits anything must also tell every rule and limit of the clauses it cites. The check goes by words: it
 * refuses much that is true, and a sentence that passes is still only a paraphrase.
 *
 * @param clauses the quotations as shown, the first being [1].
 * @returns the sentences; empty when anything does not stand up. Written out again by {@link plainText}, they pass again.
 */
export function checkPlainEnglish(reply: string, clauses: readonly string[]): readonly PlainSentence[] {
  const sentences = sentencesIn(reply);
  const told = new Set<string>();
  const rules = clauses.map((clause) => (speaksToMachine(clause) ? [] : statementsOf(clause)));
  for (const { text, cites } of sentences) {
    for (const cited of cites) {
      const clause = clauses[cited - 1] ?? '';
      const support = supportOf(text, rules[cited - 1] ?? [], clause);
      if (support === undefined) return [];
      for (const rule of support.rules) told.add(rule);
    }
  }
  const cited = sentences.flatMap(({ cites }) => cites.flatMap((number) => rules[number - 1] ?? []));
  const untold = cited.flatMap((statement) => statement.rules).filter((rule) => binds(rule) && !told.has(rule));
  const reassures = sentences.some(({ text }) => has(stancesOf(text), 'permits', 'releases'));
  return reassures && untold.length > 0 ? [] : sentences;
}

/** A checked text as one line, citations included. */
export const plainText = (sentences: readonly PlainSentence[]): string => sentences.map(plainLine).join(' ');

/** "You must not reply to a pupil [1]." */
export const plainLine = ({ text, cites }: PlainSentence): string =>
  `${text} ${cites.map((number) => `[${number}]`).join('')}.`;

/** The sentences of a reply; none when any of it is not a plain sentence with a citation. */
function sentencesIn(reply: string): PlainSentence[] {
  const text = reply.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (text.length > LONGEST_TEXT_CHARACTERS || !PLAIN_TEXT.test(text) || ADDRESS.test(text) || /^\s*[-–]/mu.test(reply))
    return [];
  const sentences: PlainSentence[] = [];
  CITED_SENTENCE.lastIndex = 0;
  let end = 0;
  for (let found = CITED_SENTENCE.exec(text); found; found = CITED_SENTENCE.exec(text)) {
    const [, words = '', citations = ''] = found;
    const cites = [...new Set(citations.match(/\d/gu)?.map(Number) ?? [])];
    // The full stop stands before or after the citation; a sentence without either was cut off.
    if (!words.endsWith('.') && found[3] === '') return [];
    sentences.push({ text: words.replace(/\.$/u, ''), cites });
    end = CITED_SENTENCE.lastIndex;
  }
  const complete = end === text.length && sentences.length <= MOST_SENTENCES;
  return complete && sentences.every(({ text: words }) => isOneSentence(words)) ? sentences : [];
}

function isOneSentence(words: string): boolean {
  if (words.length > LONGEST_SENTENCE_CHARACTERS || tokensOf(words).length < FEWEST_WORDS || !/^\p{Lu}/u.test(words))
    return false;
  return [...words.matchAll(/[.:;](?=\s|$)/gu)].every(({ index }) => ABBREVIATION.test(words.slice(0, index + 1)));
}

/** The rule of a clause that a sentence puts in other words; `undefined` when there is none. */
function supportOf(sentence: string, statements: readonly Statement[], clause: string): Passage | undefined {
  if (!namesAreKnown(sentence, clause)) return undefined;
  const words = contentOf(sentence);
  return statements
    .filter(({ text }) => shareOf(words, stemsOf(text)) === 1)
    .flatMap((statement) => statement.runs.map((rule) => ({ rule, statement })))
    .find(({ rule, statement }) => isInOrder(words, rule.text) && saysTheSame(sentence, rule, statement))?.rule;
}

const isInOrder = (words: readonly string[], rule: string): boolean =>
  longestCommonRun(words, contentOf(rule)) / words.length >= IN_ORDER_OF_RULE;

/** How many words two texts have in common in the same order, whatever stands between them. */
function longestCommonRun(some: readonly string[], others: readonly string[]): number {
  let above: readonly number[] = [0, ...others.map(() => 0)];
  for (const word of some) {
    const row = [0];
    for (const [at, other] of others.entries())
      row.push(word === other ? (above[at] ?? 0) + 1 : Math.max(above[at + 1] ?? 0, row[at] ?? 0));
    above = row;
  }
  return above.at(-1) ?? 0;
}

/** Whether a sentence binds the same people to the same thing under the same limits as a rule. */
function saysTheSame(sentence: string, rule: Passage, whole: Statement): boolean {
  const stances = stancesOf(sentence);
  const reassures = has(stances, 'permits', 'releases');
  if (stances.join() !== stancesOf(rule.text).join()) return false;
  if (!isBetween(limitsOf(sentence), limitsOf(reassures ? whole.text : rule.text), limitsOf(whole.text))) return false;
  if (!isBetween(numbersOf(sentence), numbersOf(withoutReferences(rule.text)), numbersOf(whole.text))) return false;
  if (!bindsTheSame(sentence, rule, whole)) return false;
  const ruleWords = stemsOf(rule.text);
  if ([...stemsOf(sentence)].some((stem) => EXACT_WORDS.has(stem) && !ruleWords.has(stem))) return false;
  return !reassures || shareOf(contentOf(withoutExamples(rule.text)), stemsOf(sentence)) >= PERMISSION_TOLD;
}

/** Whether a sentence speaks of the same people, and has the same ones act, as a rule; one for nobody in particular binds the reader too. */
function bindsTheSame(sentence: string, rule: Passage, whole: Statement): boolean {
  const [subject, ...others] = actorsOf(withoutExamples(rule.text));
  const actors = actorsOf(withoutExamples(sentence));
  if (subject === undefined) return within(rolesOf(sentence), [...rolesOf(whole.text), 'staff']);
  const sameSubject = actors.length === 0 || actors.includes(subject);
  return sameSubject && within(actors, [subject, ...others]) && within(rolesOf(sentence), rolesOf(whole.text));
}

/** Names, and whatever a sentence begins with, must be known from the clause. */
function namesAreKnown(sentence: string, clause: string): boolean {
  const [first = '', ...rest] = sentence.match(/[\p{L}\p{N}'’-]+/gu) ?? [];
  const known = stemsOf(clause);
  const capitalised = rest.filter((word) => /^\p{Lu}/u.test(word));
  return [...capitalised, first].flatMap(tokensOf).every((word) => EMPTY_WORDS.has(word) || known.has(stemOf(word)));
}

/** A rule that a reader who is told of a permission must hear of as well. */
function binds(rule: string): boolean {
  return has(stancesOf(rule), 'forbids', 'discourages', 'requires', 'negates') || limitsOf(rule).length > 0;
}

const withoutExamples = (text: string): string => text.replace(/,?\s(?:such as|for example)\b[^.;]*?(?:,\s|$)/giu, ' ');
const stemOf = (word: string): string => SAME_WORD.get(stemmer(word)) ?? stemmer(word);
const stemsOf = (text: string): ReadonlySet<string> => new Set(tokensOf(text).map(stemOf));
const contentOf = (text: string): string[] =>
  tokensOf(text)
    .filter((word) => !EMPTY_WORDS.has(word))
    .map(stemOf);
const shareOf = (words: readonly string[], among: ReadonlySet<string>): number =>
  words.length === 0 ? 0 : words.filter((word) => among.has(word)).length / words.length;
const has = (stances: readonly Stance[], ...some: Stance[]): boolean => some.some((stance) => stances.includes(stance));
const within = (some: readonly string[], others: readonly string[]): boolean =>
  some.every((one) => others.includes(one));
/** Whether some things are all of the least, and nothing beyond the most. */
const isBetween = (some: readonly string[], least: readonly string[], most: readonly string[]): boolean =>
  within(least, some) && within(some, most);
