import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faultsIn, isPermissive, project, readNoted } from './licences.js';

const { packages, document } = project();
const noted = readNoted(document);

describe('the packages that a school runs', () => {
  it('are under permissive licences and looked after, or the document says why they are there', () => {
    expect(faultsIn(packages, noted)).toEqual([]);
  });

  it('are seen when they are not', () => {
    const planted = {
      ...packages,
      'node_modules/copyleft': { version: '1.0.0', license: 'MIT AND GPL-3.0-only' },
      'node_modules/a/node_modules/untold': { version: '2.0.0' },
      'node_modules/left': { version: '3.0.0', license: 'MIT', deprecated: 'Use another.' },
      'node_modules/ours': { version: '4.0.0', license: 'GPL-3.0-only', dev: true },
    };
    expect(faultsIn(planted, noted)).toEqual([
      'copyleft 1.0.0 has the licence MIT AND GPL-3.0-only, and no reason is noted.',
      'untold 2.0.0 has the licence (not told), and no reason is noted.',
      'left 3.0.0 is deprecated ("Use another."), and no reason is noted.',
    ]);
    const gone = { ...noted, deprecated: new Map([...noted.deprecated, ['no-such-package', '']]) };
    expect(faultsIn(packages, gone)).toEqual(['no-such-package is noted, but is not installed.']);
  });

  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-or-later)', true],
    ['Apache-2.0 AND LGPL-3.0-or-later', false],
    ['(MIT AND Zlib)', true],
    ['SEE LICENSE IN LICENSE', false],
  ])('%s is permissive: %s', (expression, expected) => {
    expect(isPermissive(expression)).toBe(expected);
  });

  it('stand in the document, each one that we ask for, and no other', () => {
    const { dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const part = document.split(/^## /mu).find((section) => section.startsWith('What a school runs')) ?? '';
    const rows = [...part.matchAll(/^\| `([^`]+)` \|/gmu)].map(([, name]) => name);
    expect(rows.toSorted()).toEqual(Object.keys(dependencies).toSorted());
  });
});
