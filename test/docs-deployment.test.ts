import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { operatorCommands } from '../build/commands.js';
import { questions } from '../src/cli/school/questions.js';
import { ROOT } from './support/processes.js';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)]
  .filter((path) => path.endsWith('.md'))
  .map((path) => ({ path, text: read(path) }));
const pageAt = (path: string): string => PAGES.find((page) => page.path === path)?.text ?? '';
const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found = '']) => found);

describe('what a technician types', () => {
  it('sets up schools with flags that there are', () => {
    const asked = questions(() => undefined, {}).map(({ key }) => key);
    const checks = matches(read('src/cli/school/check.ts'), /^\s+'?([a-z-]+)'?: \{ type:/gmu);
    const uses = PAGES.flatMap(({ path, text }) => [
      ...[...text.matchAll(/npm run (?:--silent )?school -- (new|check)\b([^\n`#]*)/gu)].map(
        ([, name = '', rest = '']) => ({ path, known: name === 'new' ? asked : checks, rest }),
      ),
      ...matches(text, /^SHARED=\(([^)]*)\)/gmu).map((rest) => ({ path, known: asked, rest })),
    ]);
    const flags = uses.flatMap(({ rest, ...use }) => matches(rest, /--([a-z-]+)/gu).map((flag) => ({ ...use, flag })));
    expect(flags.length).toBeGreaterThan(15);
    const unknown = flags.filter(({ flag, known }) => flag !== 'help' && !known.includes(flag));
    expect(unknown.map(({ path, flag }) => [path, flag])).toEqual([]);
  });

  it('has in its shells the variables that a deployment or the page sets', () => {
    const told = matches(read('infra/azure.bicep'), /^output ([A-Z_]+) /gmu);
    const set = [...told, ...matches(read('env/example.env'), /^([A-Z_]+)=/gmu), 'HOME', 'SCHOOLS_DIR'];
    const used = PAGES.flatMap(({ path, text }) => {
      const shells = matches(text, /^```sh\n(.*?)^```/gmsu).join('\n');
      const own = matches(shells, /(?:^|\s)([A-Z]+)=/gmu);
      return matches(shells, /\$\{?([A-Z][A-Z_]*)/gu).map((name) => ({
        path,
        name,
        isSet: [...set, ...own].includes(name),
      }));
    });
    expect(used.length).toBeGreaterThan(20);
    expect(used.filter(({ isSet }) => !isSet)).toEqual([]);
  });
});

describe('docs/container.md', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const inImage = operatorCommands(scripts);

  it('has every command of the image, and says which are not in it', () => {
    const text = pageAt('docs/container.md');
    const section = text.slice(text.indexOf('\n## The commands\n'));
    const firstCells = matches(section, /^\| ((?:`[a-z]+`(?:, )?)+) \|/gmu);
    expect(firstCells.flatMap((cell) => matches(cell, /`([a-z]+)`/gu)).toSorted()).toEqual(inImage);
    const all = Object.values(scripts).flatMap((script) => /^tsx src\/cli\/([a-z-]+)\.ts$/u.exec(script)?.[1] ?? []);
    const [, others = ''] = /make sense in a clone \(([^)]*)\)/u.exec(text) ?? [];
    expect(matches(others, /`([a-z]+)`/gu).toSorted()).toEqual(
      all.filter((name) => !inImage.includes(name)).toSorted(),
    );
  });

  it('is not contradicted: what is given in the container elsewhere is in it', () => {
    const given = PAGES.flatMap(({ path, text }) =>
      matches(text, /node dist\/cli\/([a-z-]+)\.js/gu).map((name) => ({ path, name })),
    );
    expect(given.length).toBeGreaterThan(4);
    expect(given.filter(({ name }) => !inImage.includes(name))).toEqual([]);
  });
});

describe('docs/install.md', () => {
  it('names every role that is given', () => {
    const roles = matches(read('infra/modules/roles.bicep'), /^var (\w+) = subscriptionResourceId/gmu);
    expect(roles.length).toBeGreaterThan(5);
    const text = pageAt('docs/install.md');
    const section = text.slice(
      text.indexOf('\n## What was made, and what may what\n'),
      text.indexOf('\n## Settings to decide on\n'),
    );
    const said = section.replaceAll(/\s/gu, '').toLowerCase();
    expect(roles.filter((role) => !said.includes(role.toLowerCase()))).toEqual([]);
  });
});
