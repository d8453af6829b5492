import { ARCHETYPES, OUTSIDE, VOCABULARY } from '../bank.js';
import { NAMES_IN_BANK } from '../names.js';
import { tokensOf } from '../words.js';

const LONGEST_QUESTION_CHARACTERS = 500;
/** A word in fewer of the bank's questions than this may be a name that one of them happens to hold. */
const FEWEST_USES = 3;
const TITLE = /^(?:mr|mrs|ms|miss|mx|dr|sir|madam|rev|father|sister|uncle|auntie?)$/u;
/** Words that schools' and people's names are made of, and that a question needs all the same. */
const GENERAL_WORDS = new Set(
  (
    'the of and at in for school schools primary secondary infant infants junior juniors nursery academy college high special church ' +
    'england catholic community county head headteacher deputy lado dsl chair governor'
  ).split(' '),
);
const VOCABULARY_WORDS = new Set(
  VOCABULARY.flatMap(({ policy, everyday }) => [...policy, ...everyday]).flatMap(tokensOf),
);

/** Going through the whole bank takes a while, so it is done when first asked for, and once. */
let everyday: ReadonlySet<string> | undefined;
const everydayWords = (): ReadonlySet<string> => {
  everyday ??= new Set([...VOCABULARY_WORDS, ...oftenUsed()]);
  return everyday;
};

/**
 * A question as it may leave the school: only words that other people's questions, or the clauses, use as well. Everything
 * else may be a name, so it is left out, and so are numbers longer than an age, the school's and its people's names, and
 * what follows a title. Marks are dropped, so that nothing in it can pass for anything but words.
 *
 * @param names of the school and of people it knows, as its profile has them.
 */
export function questionWithoutNames(question: string, clauses: readonly string[], names: readonly string[]): string {
  const named = new Set(names.flatMap(tokensOf).filter((word) => !GENERAL_WORDS.has(word)));
  const quoted = new Set(clauses.flatMap(tokensOf));
  const words = question.slice(0, LONGEST_QUESTION_CHARACTERS).match(/[\p{L}\p{N}][\p{L}\p{N}'’@._-]*/gu) ?? [];
  const shouted = !/\p{Ll}/u.test(question);
  const kept = words.map((word, at) => {
    const previous = words[at - 1]?.toLowerCase().replace('.', '') ?? '';
    const capitalised = !shouted && at > 0 && /^\p{Lu}\p{Ll}/u.test(word);
    const tokens = tokensOf(word);
    const known = (token: string) =>
      !named.has(token) &&
      (quoted.has(token) ||
        VOCABULARY_WORDS.has(token) ||
        (everydayWords().has(token) && !capitalised) ||
        /^\d{1,2}$/u.test(token));
    return ![previous, ...tokens].some((token) => TITLE.test(token)) && tokens.length === 1 && tokens.every(known)
      ? tokens.join('')
      : '…';
  });
  return kept.join(' ').replace(/…(?: …)+/gu, '…');
}

/** A clause as it may leave the school: without the school's name. */
export const clauseWithoutSchool = (clause: string, schoolName: string): string =>
  clause.replaceAll(
    new RegExp(schoolName.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&').replace(/\s+/gu, '\\s+'), 'giu'),
    'the school',
  );

/** Words of several questions and wordings of the bank, without those that follow a title. */
function oftenUsed(): string[] {
  const uses = new Map<string, number>();
  const texts = [
    ...ARCHETYPES.flatMap(({ wordings, questions }) => [...wordings, ...questions]),
    ...OUTSIDE.flatMap(({ questions }) => questions),
  ];
  for (const text of texts) {
    const words = tokensOf(text);
    for (const word of new Set(words.filter((_, at) => !TITLE.test(words[at - 1] ?? ''))))
      uses.set(word, (uses.get(word) ?? 0) + 1);
  }
  return [...uses].flatMap(([word, count]) => (count >= FEWEST_USES && !NAMES_IN_BANK.has(word) ? [word] : []));
}
