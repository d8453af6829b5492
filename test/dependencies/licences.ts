import { readFileSync } from 'node:fs';

/** What a school's computers may run without owing anybody more than a copy of the licence. By SPDX identifier. */
const PERMISSIVE: ReadonlySet<string> = new Set([
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'Python-2.0', 'Unlicense'],
  'Zlib',
]);

/** What the lock file notes of a package, as far as it is used here. */
export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly deprecated?: string;
  readonly dev?: boolean;
}

/** A package that the document on dependencies gives a reason for, by name, with what it says of it. */
export interface Noted {
  readonly licences: ReadonlyMap<string, string>;
  readonly deprecated: ReadonlyMap<string, string>;
}

/** Whether an SPDX expression, which may be a choice, lets us take a permissive licence. */
export function isPermissive(expression: string): boolean {
  const bare = expression.replace(/[()]/gu, '');
  if (bare.includes(' OR ')) return bare.split(' OR ').some(isPermissive);
  return bare.split(' AND ').every((licence) => PERMISSIVE.has(licence.trim()));
}

/** The packages that a school runs, by the path at which the lock file puts them. */
export const inProduction = (
  packages: Readonly<Record<string, LockedPackage>>,
): readonly (readonly [name: string, one: LockedPackage])[] =>
  Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path, one]) => [path.replace(/^.*node_modules\//u, ''), one]);

/**
 * What is wrong with the packages that a school runs: a licence that is not permissive, or a package that its makers have given up,
 * without a reason in the document; and a reason for what is not there any more. Empty when all is well.
 */
export function faultsIn(packages: Readonly<Record<string, LockedPackage>>, noted: Noted): readonly string[] {
  const production = inProduction(packages);
  const names = new Set(production.map(([name]) => name));
  const faults = production.flatMap(([name, { license, deprecated, version }]) => [
    ...((license && isPermissive(license)) || noted.licences.has(name)
      ? []
      : [`${name} ${version} has the licence ${license ?? '(not told)'}, and no reason is noted.`]),
    ...(deprecated === undefined || noted.deprecated.has(name)
      ? []
      : [`${name} ${version} is deprecated ("${deprecated}"), and no reason is noted.`]),
  ]);
  const stale = [...noted.licences.keys(), ...noted.deprecated.keys()].filter((name) => !names.has(name));
  return [...new Set([...faults, ...stale.map((name) => `${name} is noted, but is not installed.`)])];
}

/** Reads the rows of the two tables, below their headings: | `package` | … | reason |. */
export function readNoted(document: string): Noted {
  const below = (heading: string) => {
    const part = document.split(/^## /mu).find((section) => section.startsWith(heading)) ?? '';
    const rows = [...part.matchAll(/^\| `([^`]+)` \|.*\| ([^|]+) \|$/gmu)];
    return new Map(rows.map(([, name = '', reason = '']) => [name, reason.trim()]));
  };
  return { licences: below('Licences that need a word'), deprecated: below('Given up by their makers') };
}

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The project's own. */
export function project(): { readonly packages: Readonly<Record<string, LockedPackage>>; readonly document: string } {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> };
  return { packages, document: read('docs/dependencies.md') };
}
