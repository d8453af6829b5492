import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseProfile } from '../../src/schools/profile.js';
import { ROOT } from '../support/processes.js';
import { sampleSchool } from '../support/sample-school.js';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const privacy = read('docs/privacy.md');
const storage = readdirSync(join(ROOT, 'src/storage'))
  .map((name) => read(`src/storage/${name}`))
  .join('\n');
/** Names that the code gives to something, by the end of the constant that holds them. */
const named = (what: string): string[] => [
  ...new Set(
    [...storage.matchAll(new RegExp(`const (?:[A-Z_]+_)?${what} = '([^']+)'`, 'gu'))].map(([, name = '']) => name),
  ),
];

describe('docs/privacy.md', () => {
  it('has every table, and no other', () => {
    const tables = named('TABLE');
    expect(tables).toHaveLength(7);
    const section = privacy.slice(privacy.indexOf('### Tables'), privacy.indexOf('### Blobs'));
    const told = [...section.matchAll(/^\| `(\w+)` \|/gmu)].map(([, name]) => name);
    expect(told.toSorted()).toEqual(tables.toSorted());
  });

  it('has every container and queue, and no other', () => {
    const containers = named('CONTAINER');
    expect(containers).toHaveLength(2);
    const [, queue = ''] = /storageDeliveryQueue\([^)]*name = '([^']+)'/u.exec(storage) ?? [];
    const told = (what: string) =>
      [...privacy.matchAll(new RegExp(`^\\| ${what} \`([\\w-]+)\` \\|`, 'gmu'))].map(([, name]) => name);
    expect(told('container').toSorted()).toEqual(containers.toSorted());
    expect(told('queue').toSorted()).toEqual([queue, `${queue}-poison`]);
    expect(storage.match(/(?:blobs\.container|queues\.queue)\(/gu)).toHaveLength(containers.length + 2);
  });

  it('has every setting of retention with its default', async () => {
    const { profile } = await sampleSchool();
    const { id, retention: _, ...rest } = profile;
    const { retention } = parseProfile(id, rest);
    const settings = Object.entries({ ...retention.years, questionMonths: retention.questionMonths }).map(
      ([name, value]) =>
        name === 'questionMonths' ? `retention.${name} ${value}` : `retention.years.${name} ${value}`,
    );
    const told = [...privacy.matchAll(/^\| `(retention\.[\w.]+)` \| (\d+) \|/gmu)].map(
      ([, name, value]) => `${name} ${value}`,
    );
    expect(told.toSorted()).toEqual(settings.toSorted());
  });
});

describe('SECURITY.md', () => {
  it('points to what is there', () => {
    const text = read('SECURITY.md');
    const paths = [...text.matchAll(/(?:`((?:src|test|docs)\/[\w./-]+)`|\]\(([\w./-]+)\))/gu)].map(
      ([, one, other]) => one ?? other ?? '',
    );
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('names commands that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const commands = [...`${privacy}${read('SECURITY.md')}`.matchAll(/npm run (?:--silent )?([a-z:]+)/gu)].map(
      ([, name = '']) => name,
    );
    expect(commands.length).toBeGreaterThan(3);
    expect(commands.filter((name) => !(name in scripts))).toEqual([]);
  });
});
