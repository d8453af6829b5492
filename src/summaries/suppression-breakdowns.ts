import { BREAKDOWNS, type Population, type PublishedPopulation } from './population.js';

/** Names of tables, those that others are settled by before those others. */
export function hostsFirst(tables: readonly string[]): readonly string[] {
  const rank = (name: string) => (BREAKDOWNS[name]?.sums ? 2 : BREAKDOWNS[name]?.within ? 1 : 0);
  return [...tables].sort((one, other) => rank(one) - rank(other));
}

/** Whether it is told how many there are of what a table divides, where that is not the whole population. */
export function isHostTold(table: string, told: PublishedPopulation['tables']): boolean {
  const within = BREAKDOWNS[table]?.within;
  return !within || (told[within.table]?.[within.cell] ?? null) !== null;
}

/** Whether a cell that is, as a rule, a sum of others follows from what is told of them. Any other may be told for all that. */
export function follows(
  table: string,
  cell: string,
  counted: Population,
  told: PublishedPopulation['tables'],
): boolean {
  const sums = BREAKDOWNS[table]?.sums;
  if (!sums) return true;
  const members = (sums[cell] ?? []).map((member) => member.split('.'));
  return (
    members.length > 0 &&
    [...new Set(members.map(([of]) => of ?? ''))].every((of) => {
      const isTold = (name: string) => (told[of]?.[name] ?? null) !== null;
      const parts = members.filter((member) => member[0] === of).map(([, name]) => name ?? '');
      const others = Object.keys(counted.tables[of] ?? {}).filter((name) => !parts.includes(name));
      return told[of] !== undefined && isHostTold(of, told) && (parts.every(isTold) || others.every(isTold));
    })
  );
}
