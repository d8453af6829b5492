import { error, type Finding, warning, when } from './finding.js';
import type { SchoolProfile } from './profile.js';

/** One account of the school's tenant, from a list that Entra gives. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
}

/** "Mrs H. Achebe" may be Helen Achebe: the last word decides. */
export const isOneName = (one: string, other: string): boolean =>
  plain(one).split(' ').at(-1) === plain(other).split(' ').at(-1);

/** A name as it is compared. */
export const plain = (name: string): string =>
  name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/gu, ' ').trim();

/** People of a school who have no account, or whose account is blocked or somebody else's. */
export function accountFindings({ people }: SchoolProfile, accounts: readonly Account[]): readonly Finding[] {
  const known = new Map(accounts.map((account) => [account.id.toLowerCase(), account]));
  return people.flatMap(({ id, name, roles }) => {
    const account = known.get(id.toLowerCase());
    const isStaff = roles.every((role) => role === 'staff');
    const finding = isStaff ? warning : error;
    if (!account) {
      const same = accounts.find((one) => plain(one.name) === plain(name));
      return finding(
        'no_such_person',
        `${name} (${roles.join(', ')}) is not among the accounts: no account has the id ${id}.${same ? ` An account of that name has the id ${same.id}.` : ''}`,
      );
    }
    return [
      ...when(!account.enabled, () =>
        finding(
          'account_blocked',
          isStaff
            ? `The account of ${name} (staff) is blocked. Where they have left, take them out of people; but whoever has dealt with reports keeps the line, as case logs take names from it.`
            : `The account of ${name} (${roles.join(', ')}) is blocked. Where they have left, give their roles to somebody else, and leave them the role staff alone: case logs take names from people.`,
        ),
      ),
      ...when(!isOneName(account.name, name), () =>
        warning('other_name', `${name} is called ${account.name} in Entra. Check that the id is theirs.`),
      ),
    ];
  });
}
