import type { Span } from '../summaries/period.js';

/** Which summary a message asks for. */
export type SummaryAsked =
  /** The latest that governors get. */
  | { readonly which: 'latest' }
  /** The latest of a span that is over. */
  | { readonly which: 'last'; readonly span: Span }
  /** Of a time that goes on. */
  | { readonly which: 'so_far' }
  /** Of no such length of time, as "last month". */
  | { readonly which: 'no_such' }
  /** Of a time by its name. */
  | { readonly which: 'named'; readonly name: string };

const COMMAND =
  /^\/?(?:(?:please )?(?:can (?:i|we) (?:see|have)|show|send|give|get|see|open)(?: me| us)? )?(?:(?:the|our|a|my|last|latest) )*(?:governors?['’]?s? |chair['’]?s? )?summar(?:y|ies)(?: for (?:the )?(?:chair of )?governors)?(?: please)?$/iu;

const LENGTHS: readonly (readonly [RegExp, Span])[] = [
  [/^week$/u, 'week'],
  [/^half term$/u, 'half_term'],
  [/^term$/u, 'term'],
  [/^(?:school |academic )?year$/u, 'year'],
];

/**
 * What a message asks for, read as a whole, so that a question about the policy never does.
 *
 * @param isName whether a time of that name is in the school's calendar, however it is written.
 */
export function summaryAsked(message: string, isName: (name: string) => boolean): SummaryAsked | undefined {
  const words = message.trim().replace(/(?<![\s.!?])[\s.!?]+$/u, '');
  if (COMMAND.test(words)) return { which: 'latest' };
  const [, command = '', rest = ''] = /^(.*?\bsummar(?:y|ies))\b[\s:,-]*(.*)$/iu.exec(words) ?? [];
  if (!COMMAND.test(command) || rest === '') return undefined;
  const time = nameKey(rest)
    .replace(/^(?:(?:for|of) )?(?:(?:the )?governors )?(?:(?:for|of|from|in) )?(?:the )?/u, '')
    .replace(/ please$/u, '');
  const name = [time, time.replace(/ term$/u, '')].find(isName);
  return timeAsked(time) ?? (name === undefined ? undefined : { which: 'named', name });
}

function timeAsked(time: string): SummaryAsked | undefined {
  if (time === '' || time === 'latest') return { which: 'latest' };
  if (/^(?:(?:this|the current) )?(?:\w+ ){0,2}so far$/u.test(time) || /^(?:today|now|until now)$/u.test(time))
    return { which: 'so_far' };
  const [, when = '', length = ''] = /^(last|latest|previous|this|current) (.+)$/u.exec(time) ?? [];
  const span = LENGTHS.find(([pattern]) => pattern.test(length))?.[1];
  if (when === '') return undefined;
  if (span) return when === 'this' || when === 'current' ? { which: 'so_far' } : { which: 'last', span };
  return /^(?:month|quarter|fortnight|day)$/u.test(length) ? { which: 'no_such' } : undefined;
}

/** "Autumn 2026, first half" and "autumn 2026 first half" are one name. */
export const nameKey = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
