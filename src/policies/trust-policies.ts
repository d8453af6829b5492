import type { Policy } from './policy.js';

/** A policy of the trust that a school's own takes the place of. */
export interface Superseded {
  readonly policy: Policy;
  readonly by: Policy;
}

/** The policies that a school is answered from, its own first, and those of the trust that are not among them. */
export interface PoliciesInForce {
  readonly policies: readonly Policy[];
  readonly superseded: readonly Superseded[];
}

/**
 * Puts a school's own policies on top of its trust's. One of the school's takes the place of the trust's with the same file name
 * (without its ending) or the same title, whatever their capitals: two editions of one policy might contradict each other, and
 * whoever asks could not tell which holds. All others of the trust's are in force as well.
 */
export function inForce(own: readonly Policy[], trusts: readonly Policy[]): PoliciesInForce {
  const superseded = trusts.flatMap((policy) => {
    const by = own.find((one) => isOneOfThem(one, policy));
    return by ? [{ policy, by }] : [];
  });
  const gone = new Set(superseded.map(({ policy }) => policy));
  return { policies: [...own, ...trusts.filter((policy) => !gone.has(policy))], superseded };
}

const isOneOfThem = (one: Policy, other: Policy): boolean =>
  plain(one.id) === plain(other.id) || plain(one.title) === plain(other.title);

const plain = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/gu, ' ')
    .trim();
