import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');

/** Lints one line for each file, as if it stood in the project. @returns the rules broken, by file and line of the list. */
function lint(cases: readonly (readonly [path: string, source: string])[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'policy-desk-lint-'));
  try {
    copyFileSync(join(root, 'biome.json'), join(folder, 'biome.json'));
    for (const [at, [path, source]] of cases.entries()) {
      const file = join(folder, path, `case-${at}.ts`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, source);
    }
    const options = ['lint', '--vcs-enabled=false', '--max-diagnostics=none', '--colors=off', '.'];
    const { stdout, stderr } = spawnSync(process.execPath, [biome, ...options], { cwd: folder, encoding: 'utf8' });
    const found = [...(stdout + stderr).matchAll(/case-(\d+)\.ts:\d+:\d+ lint\/style\/(noRestricted\w+)/gu)];
    return found
      .map(([, at, rule]) => `${at} ${rule}`)
      .toSorted((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('imports run one way', () => {
  const imports = (name: string, from: string) => `import { ${name} } from '${from}';\nexport const x = ${name};\n`;

  it('and the linter refuses every other', () => {
    const cases = [
      ['src/policies', imports('TurnContext', 'botbuilder')],
      ['src/policies/read', imports('readFileSync', 'node:fs')],
      ['src/policies', imports('log', '../log.js')],
      ['src/policies', imports('school', '../schools/school.js')],
      ['src/schools', imports('TableClient', '@azure/data-tables')],
      ['src/schools', imports('draft', '../reports/draft.js')],
      ['src/reports', imports('createServer', 'restify')],
      ['src/reports', imports('figures', '../summaries/figures.js')],
      ['src/summaries', imports('bot', '../teams/bot.js')],
      ['src/reports', imports('inspect', '../evidence/inspect.js')],
      ['src/evidence', imports('bot', '../teams/bot.js')],
      ['src/evidence', imports('tables', '../storage/tables.js')],
      ['src/evidence', imports('createServer', 'node:http')],
      ['src/reports', imports('caseExport', '../export/case-export.js')],
      ['src/export', imports('bot', '../teams/bot.js')],
      ['src/export', imports('tables', '../storage/tables.js')],
      ['src/storage', imports('bot', '../teams/bot.js')],
      ['src/storage', imports('inspect', '../evidence/inspect.js')],
      ['src/teams', imports('tables', '../storage/tables.js')],
      ['src/web', imports('bot', '../teams/bot.js')],
    ] as const;
    expect(lint(cases)).toEqual(cases.map((_, at) => `${at} noRestrictedImports`));
  });

  it('and the domain has no process, network or timers', () => {
    const cases = ['process.cwd()', "fetch('http://x')", 'setTimeout(() => undefined, 1)'].map(
      (expression) => ['src/policies', `export const x = ${expression};\n`] as const,
    );
    expect(lint(cases)).toEqual(cases.map((_, at) => `${at} noRestrictedGlobals`));
  });

  it('and the right way passes', () => {
    expect(
      lint([
        ['src/teams', imports('answer', '../policies/answer.js')],
        ['src/reports', imports('answer', '../policies/answer.js')],
        ['src/evidence', imports('sharp', 'sharp')],
        ['src/evidence', imports('stores', '../reports/stores.js')],
      ]),
    ).toEqual([]);
  });
});

describe('the source', () => {
  const files = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.m?[jt]s$/u.test(name))
      .map((name) => ({ name: join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') }));

  it('reads no clock and throws no dice in the domain', () => {
    const domain = ['src/policies', 'src/schools'].flatMap(files);
    expect(
      domain.filter(({ text }) => /Date\.now|new Date\(\)|Math\.random/u.test(text)).map(({ name }) => name),
    ).toEqual([]);
  });

  it('has no file over 250 lines', () => {
    expect(
      files('src')
        .filter(({ text }) => text.split('\n').length > 250)
        .map(({ name }) => name),
    ).toEqual([]);
  });

  it('reads the environment in one file only; the commands that start processes hand theirs on', () => {
    const readers = files('src')
      .filter(({ text }) => /process\.env\b/u.test(text))
      .map(({ name }) => name);
    expect(readers.toSorted()).toEqual(['src/cli/dev.ts', 'src/config.ts']);
  });

  it('explains every variable it reads in .env.example, and no other', () => {
    const readers = ['src/config.ts', 'src/cli/package/settings.ts'];
    const read = new Set(
      readers.flatMap((file) =>
        [...readFileSync(join(root, file), 'utf8').matchAll(/^ {2}([A-Z][A-Z_]+):/gmu)].map(([, name]) => name),
      ),
    );
    const explained = [...readFileSync(join(root, '.env.example'), 'utf8').matchAll(/^#? ?([A-Z][A-Z_]+)=/gmu)].map(
      ([, name]) => name,
    );
    expect(explained.toSorted()).toEqual([...read].toSorted());
  });
});
