import { isWithin, overlap, type Period } from './period.js';

/** A period, and the longest ones told of that lie within it. */
export interface Branch<T> {
  readonly of: T;
  readonly within: readonly Branch<T>[];
  /** Whether those within leave no day over. */
  readonly covered: boolean;
}

/** Whether two periods overlap in part, which those of one calendar never do; those of a calendar that was changed may. */
export const cross = (one: Period, other: Period): boolean =>
  overlap(one, other) && !isWithin(one, other) && !isWithin(other, one);

/** Orders what is of periods that do not cross into the trees they make, longest first. */
export function treesOf<T extends { readonly period: Period }>(all: readonly T[]): readonly Branch<T>[] {
  const inOrder = [...all].sort(
    ({ period: one }, { period: other }) => compare(one.from, other.from) || compare(other.to, one.to),
  );
  return branches(inOrder);
}

function branches<T extends { readonly period: Period }>(inOrder: readonly T[]): readonly Branch<T>[] {
  const found: Branch<T>[] = [];
  for (let at = 0; at < inOrder.length; ) {
    const of = inOrder[at] as T;
    let end = at + 1;
    while (end < inOrder.length && isWithin((inOrder[end] as T).period, of.period)) end += 1;
    const within = branches(inOrder.slice(at + 1, end));
    found.push({ of, within, covered: covers(within, of.period) });
    at = end;
  }
  return found;
}

const DAY_MS = 24 * 60 * 60_000;

function covers(within: readonly Branch<{ readonly period: Period }>[], { from, to }: Period): boolean {
  let next = Date.parse(from);
  for (const { of } of within) {
    if (Date.parse(of.period.from) !== next) return false;
    next = Date.parse(of.period.to) + DAY_MS;
  }
  return next === Date.parse(to) + DAY_MS;
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
