/**
 * What is missing or contradictory in how a school is set up.
 *
 * - `error`: the bot would not use the school, or a report would reach nobody, or nobody could tell two schools apart.
 * - `warning`: it works, but somebody should look.
 * - `note`: as it is meant to be, but good to know.
 */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'note';
  /** Stable, for programs: `no_deputy`. */
  readonly code: string;
  /** One or two plain sentences, with what to do about it. */
  readonly words: string;
}

export const error = (code: string, words: string): Finding => ({ severity: 'error', code, words });
export const warning = (code: string, words: string): Finding => ({ severity: 'warning', code, words });
export const note = (code: string, words: string): Finding => ({ severity: 'note', code, words });

/** Keeps a finding where there is something to find. */
export const when = (isSo: boolean, finding: () => Finding): readonly Finding[] => (isSo ? [finding()] : []);

/** Groups of two or more that something is the same of. */
export function repeated<T>(all: readonly T[], keyOf: (one: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** "Ann", "Ann and Ben", "Ann, Ben and Cat". */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
