import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './support/processes.js';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
/** Everything that people read, by its path from the project's folder. */
const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'],
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].map((path) => ({ path, text: read(path) }));
const pageAt = (path: string): string => PAGES.find((page) => page.path === path)?.text ?? '';

const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found = '']) => found);
const distinct = (all: readonly string[]): string[] => [...new Set(all)].toSorted();

const withoutCode = (text: string): string => text.replace(/^```.*?^```/gmsu, '').replace(/`[^`\n]*`/gu, '``');
/** What a link to a heading ends with, as GitHub and most readers make it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/gu, '-');
const anchorsOf = (path: string): string[] =>
  matches(read(path).replace(/^```.*?^```/gmsu, ''), /^#{1,6} (.+)$/gmu).map(anchorOf);

/** One of a page's lines of a table whose first cell is a name in backquotes. */
const rowsOf = (text: string, section: string): { readonly name: string; readonly cells: readonly string[] }[] => {
  const from = text.indexOf(`\n${section}\n`);
  expect(from).toBeGreaterThan(-1);
  const body = text.slice(from + section.length + 2);
  const end = body.search(/^#{1,3} /mu);
  return [...body.slice(0, end < 0 ? undefined : end).matchAll(/^\| `([^`]+)` \|(.*)\|$/gmu)].map(
    ([, name = '', rest = '']) => ({ name, cells: rest.split(' | ').map((cell) => cell.trim()) }),
  );
};

describe('what people read', () => {
  it('has links that lead to something', () => {
    const links = PAGES.flatMap(({ path, text }) =>
      matches(withoutCode(text), /\]\(([^)\s]+)\)/gu)
        .filter((target) => !/^(?:https?|mailto):/u.test(target))
        .map((target) => ({ path, target })),
    );
    expect(links.length).toBeGreaterThan(40);
    const broken = links.filter(({ path, target }) => {
      const [file = '', anchor] = target.split('#');
      const at = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(ROOT, at))) return true;
      return anchor !== undefined && !anchorsOf(at).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names files of the project that are there', () => {
    const named = PAGES.filter(({ path }) => path !== 'CHANGELOG.md').flatMap(({ path, text }) =>
      matches(text, /`((?:src|test|bench|docs|infra|pages|adaptiveCards|appPackage)\/[\w./{},-]*[\w/}])`/gu).map(
        (name) => ({ path, name }),
      ),
    );
    expect(named.length).toBeGreaterThan(50);
    const all = named.flatMap(({ path, name }) => {
      const [, before = '', inner, after = ''] = /^([^{]*)\{([^}]*)\}(.*)$/u.exec(name) ?? [];
      const names = inner === undefined ? [name] : inner.split(',').map((one) => `${before}${one}${after}`);
      return names.map((one) => ({ path, name: one }));
    });
    const made = 'appPackage/build/';
    expect(all.filter(({ name }) => !name.startsWith(made) && !existsSync(join(ROOT, name)))).toEqual([]);
  });

  it('names commands that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const commands = PAGES.flatMap(({ path, text }) =>
      matches(text, /npm run (?:--silent )?([a-z][a-z:-]*)/gu).map((name) => ({ path, name })),
    );
    expect(commands.length).toBeGreaterThan(50);
    expect(commands.filter(({ name }) => !(name in scripts))).toEqual([]);
  });

  it('names options of commands that they know', () => {
    const cli = (name: string) => {
      const folder = join(ROOT, 'src/cli', name);
      const parts = existsSync(folder) ? readdirSync(folder).map((part) => `src/cli/${name}/${part}`) : [];
      return [`src/cli/${name}.ts`, ...parts]
        .filter((path) => existsSync(join(ROOT, path)) && path.endsWith('.ts'))
        .map(read)
        .join('\n');
    };
    const uses = PAGES.flatMap(({ path, text }) =>
      [
        ...text.matchAll(
          /npm run (?:--silent )?(verify|export|retention|subject|summary|policies|package|doctor|backup|restore) -- ([^\n`#]*)/gu,
        ),
      ].map(([, name = '', rest = '']) => ({ path, name, options: matches(rest, /--([a-z-]+)/gu) })),
    );
    expect(uses.length).toBeGreaterThan(15);
    const unknown = uses.flatMap(({ path, name, options }) => {
      const source = cli(name);
      return options
        .filter((option) => !new RegExp(`(?:'${option}'|\\b${option}): \\{`, 'u').test(source))
        .map((option) => ({ path, name, option }));
    });
    expect(unknown).toEqual([]);
  });

  it('names settings that .env.example or a deployment explains', () => {
    // What a deployment tells the Agents Toolkit is no setting of ours, but has names of the same kind.
    const bicep = join(ROOT, 'infra/azure.bicep');
    const outputs = existsSync(bicep) ? matches(readFileSync(bicep, 'utf8'), /^output ([A-Z_]+) /gmu) : [];
    const settings = [...matches(read('.env.example'), /^#? ?([A-Z][A-Z_]+)=/gmu), ...outputs];
    const named = PAGES.flatMap(({ path, text }) =>
      matches(
        text,
        /`((?:BOT|AZURE_OPENAI|STORAGE|SCHOOLS|LINK|LOG|PUBLIC|ALLOWED|TEAMS_APP|APPLICATIONINSIGHTS)_[A-Z_]+)(?:=[^`]*)?`/gu,
      ).map((name) => ({ path, name })),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ name }) => !settings.includes(name))).toEqual([]);
  });

  it('names metrics that are told', () => {
    const told = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => read(join('src', name)))
      .join('\n');
    const named = PAGES.flatMap(({ path, text }) =>
      matches(text, /`(policydesk\.[a-z_.]+[a-z])`/gu).map((name) => ({ path, name })),
    );
    expect(named.length).toBeGreaterThan(4);
    // The beginning that all of them have is put in front there.
    const isTold = (name: string) => told.includes(`}${name.replace(/^policydesk/u, '')}\``);
    expect(named.filter(({ name }) => !isTold(name))).toEqual([]);
  });

  it('has every page of docs/ named in the README', () => {
    const linked = matches(pageAt('README.md'), /\]\(docs\/([\w-]+\.md)(?:#[\w-]+)?\)/gu);
    expect(distinct(linked)).toEqual(
      readdirSync(join(ROOT, 'docs'))
        .filter((name) => name.endsWith('.md'))
        .toSorted(),
    );
  });
});

describe('docs/troubleshooting.md', () => {
  const text = pageAt('docs/troubleshooting.md');
  const source = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(join('src', name)))
    .join('\n');
  const union = (name: string, file: string): string[] => {
    const [, body = ''] = new RegExp(`export type ${name} =([^;]*);`, 'u').exec(read(file)) ?? [];
    return distinct(matches(body, /\| '([\w.]+)'/gu));
  };

  it('explains every event of the log, and no other', () => {
    const events = union('LogEvent', 'src/log.ts');
    expect(events.length).toBeGreaterThan(70);
    const rows = rowsOf(text, '## Every line of the log');
    expect(rows.map(({ name }) => name).toSorted()).toEqual(events);
    for (const { name, cells } of rows) expect(cells, name).toHaveLength(3);
  });

  it('tells the level that the code logs an event with', () => {
    const rows = new Map(rowsOf(text, '## Every line of the log').map(({ name, cells }) => [name, cells[0] ?? '']));
    const logged = [...source.matchAll(/\.(error|warn|info|debug)\(\{\s*event: '([\w.]+)'/gu)].map(
      ([, level = '', event = '']) => ({ level, event }),
    );
    expect(logged.length).toBeGreaterThan(70);
    expect(logged.filter(({ level, event }) => !rows.get(event)?.split(', ').includes(level))).toEqual([]);
  });

  it('explains every field of a line', () => {
    const [, body = ''] = /export interface LogLine \{(.*?)^\}/msu.exec(read('src/log.ts')) ?? [];
    const fields = matches(body, /readonly (\w+)\??:/gu).toSorted();
    expect(fields.length).toBeGreaterThan(8);
    const told = rowsOf(text, '## What a line says').map(({ name }) => name);
    expect(told.toSorted()).toEqual([...fields, 'level', 'time'].toSorted());
  });

  it('quotes what people see as the code says it', () => {
    const cards = readdirSync(join(ROOT, 'adaptiveCards')).map((name) => read(join('adaptiveCards', name)));
    const said = [source, ...cards].join('\n').replaceAll('’', "'");
    const sections = ['## From a reference to the line in the log', '## Every error code'].map((section) => {
      const body = text.slice(text.indexOf(section) + section.length);
      return body.slice(0, body.search(/^#{2,3} /mu));
    });
    const quoted = sections.flatMap((section) => matches(section, /"([^"\n]{20,}?)…?"/gu));
    expect(quoted.length).toBeGreaterThan(8);
    expect(quoted.filter((words) => !said.includes(words.replaceAll('’', "'")))).toEqual([]);
  });

  it('explains every code of an error, and no other', () => {
    const told = rowsOf(text, '## Every error code').map(({ name }) => name);
    expect(told.toSorted()).toEqual(union('ErrorCode', 'src/errors.ts'));
  });
});

describe('docs/architecture.md', () => {
  const text = pageAt('docs/architecture.md');
  const stores = readdirSync(join(ROOT, 'src/storage'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(`src/storage/${name}`))
    .join('\n');

  it('has every table, container and queue', () => {
    const names = [
      ...distinct(matches(stores, /const (?:[A-Z_]+_)?TABLE = '([^']+)'/gu)),
      ...distinct(matches(stores, /const (?:[A-Z_]+_)?CONTAINER = '([^']+)'/gu)),
      ...matches(stores, /storageDeliveryQueue\([^)]*name = '([^']+)'/gu).flatMap((name) => [name, `${name}-poison`]),
    ];
    expect(names.length).toBeGreaterThanOrEqual(11);
    const told = rowsOf(text, '## Data').map(({ name }) => name);
    expect(names.filter((name) => !told.includes(name))).toEqual([]);
  });

  it('has every kind of row', () => {
    const kinds = distinct([
      ...matches(
        stores,
        /const (?:CASE|EVENT|EVIDENCE|DELIVERY|OPEN|LAST|SUMMARY|\w*ROW|FIRST_\w+|DOWNLOAD) = '([^']+)'/gu,
      ),
    ]);
    expect(kinds.length).toBeGreaterThan(8);
    const section = text.slice(text.indexOf('\n## Data\n'), text.indexOf('\n## Contracts\n'));
    const told = matches(section, /`([a-z]+~?)[^`]*`/gu);
    expect(kinds.filter((kind) => !told.some((one) => one.startsWith(kind.split('~')[0] ?? kind)))).toEqual([]);
  });
});
