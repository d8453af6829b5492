import { stemmer } from 'stemmer';

/** Words that carry no subject in a staff question or a clause. Negations and actors stay: they decide meaning. */
const STOP_WORDS = new Set(
  (
    'a about after all also am an and any are as at be been being both but by can could did do does doing done down each even few for from get go going got had has have having ' +
    'he her here hers him his how i if in into is it its itself just let like lot may me might mine more most much must my need of off ok okay on once one only or other our ours out over own ' +
    'please put same say shall she should so some such than that the their theirs them then there these they thing things this those through to too u under up us very want was way we were ' +
    'what whats when where which while who whom whose why will with would yet you your yours im ive id ill dont doesnt isnt arent cant wont didnt thats theres hes shes theyre were youre ' +
    'anyone someone somebody anything something everyone still actually really quick bit'
  ).split(' '),
);

/** Splits text into the terms that are searched: lower case, no possessives, no stop words, Porter stems. */
export function termsOf(text: string): string[] {
  return tokensOf(text).flatMap((token) => toTerm(token) ?? []);
}

/** Lower-case words of a text; apostrophes are dropped so that "don't", "don’t" and "dont" are one. */
export const tokensOf = (text: string): string[] =>
  text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/(\p{L})['’‘]s\b/gu, '$1')
    .replace(/(\p{L})['’‘](?=\p{L})/gu, '$1')
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** The searched form of one lower-case word, or `null` for a stop word. */
export const toTerm = (token: string): string | null =>
  STOP_WORDS.has(token) || (token.length < 2 && !/\d/u.test(token)) ? null : stemmer(token);
