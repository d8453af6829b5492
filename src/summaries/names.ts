import { type MarkedWord, markedWords } from '../policies/mask.js';
import { isCapital, keyOf, keysOf, partsOf, withoutPossessive } from '../policies/name-parts.js';
import type { Case } from '../reports/case.js';
import { all, standingOf } from '../reports/standing.js';
import { typedIn } from '../reports/typed-words.js';
import { personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';

/**
 * Words of a comment that may name somebody in a case: people of the school whom a case involves or keeps out, who reported it or
 * dealt with it, by any part of their name; and what looks like a name both in the comment and in what was typed into a case.
 *
 * Names are meant to be missed rarely, so that some words are found that are none. Which case it is, is not said.
 *
 * @param cases those that whoever writes the comment may read: a warning must not tell them of another.
 * @param by Entra object id of whoever writes it, whose own name is no secret.
 * @returns as typed, without what follows an apostrophe, each once, in the order of the comment.
 */
export async function namesIn(
  words: string,
  cases: Iterable<Case> | AsyncIterable<Case>,
  profile: SchoolProfile,
  by: string,
): Promise<readonly string[]> {
  const typed = markedWords(words).map((word) => ({ ...word, key: keyOf(word.word), keys: keysOf(word.word) }));
  const found = new Set<string>();
  for await (const current of cases) {
    const people = peopleOf(current, profile, by);
    const texts = likelyNames(typedIn(current).map(({ text }) => text));
    for (const [at, word] of typed.entries())
      if (isOneOf(people, typed, at) || isInTexts(texts, word)) found.add(word.key);
  }
  const own = new Set(partsOf(personIn(profile, by)?.name ?? ''));
  const shown = typed.filter(({ key, keys }) => found.has(key) && !keys.some((one) => own.has(one)));
  return [...new Map(shown.map(({ key, word }) => [key, withoutPossessive(word)])).values()];
}

type Typed = MarkedWord & { readonly key: string; readonly keys: readonly string[] };

/** The parts of the names of everyone whom a case knows by name, but for whoever writes. */
function peopleOf(current: Case, profile: SchoolProfile, by: string): readonly (readonly string[])[] {
  const { reporter, answers } = current.report;
  const ids = [
    reporter.personId,
    ...answers.involved,
    ...all(current.log, 'assigned').map(({ what }) => what.to),
    ...standingOf(current).route.recused,
    ...current.log.flatMap(({ what }) => ('route' in what && what.route ? what.route.recused : [])),
  ].filter((id) => id.toLowerCase() !== by.toLowerCase());
  const names = ids.map((id) => personIn(profile, id)?.name ?? '');
  return [...names, reporter.personId.toLowerCase() === by.toLowerCase() ? '' : (reporter.name ?? '')].map(partsOf);
}

/** A name that is a word as well, such as Grace or Will, counts with a capital, or beside another part of the name. */
function isOneOf(people: readonly (readonly string[])[], typed: readonly Typed[], at: number): boolean {
  const word = typed[at];
  if (!word) return false;
  return people.some((parts) => {
    const part = parts.find((one) => word.keys.includes(one));
    if (part === undefined) return false;
    const beside = [...(typed[at - 1]?.keys ?? []), ...(typed[at + 1]?.keys ?? [])];
    return word.mayBeName || isCapital(word.word) || parts.some((other) => other !== part && beside.includes(other));
  });
}

interface Texts {
  /** Whatever may be a name. */
  readonly likely: ReadonlySet<string>;
  /** Those with a capital within a sentence. */
  readonly capital: ReadonlySet<string>;
}

function likelyNames(texts: readonly string[]): Texts {
  const names = texts.flatMap(markedWords).filter(({ mayBeName }) => mayBeName);
  return {
    likely: new Set(names.map(({ word }) => keyOf(word))),
    capital: new Set(
      names.filter(({ word, startsSentence }) => isCapital(word) && !startsSentence).map(({ word }) => keyOf(word)),
    ),
  };
}

/** A rare word that both hold is a name only if somebody wrote it as one. Numbers are no names. */
function isInTexts({ likely, capital }: Texts, { word, key, keys, mayBeName }: Typed): boolean {
  if (!mayBeName || key.length < 2 || /^\p{N}/u.test(key)) return false;
  return keys.some((one) => capital.has(one) || (isCapital(word) && likely.has(one)));
}
