// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the Toolkit writes its placeholders that way.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod/v4';
import { parse } from './bicep/parse.js';
import { changed, deployed, ENTRY, ROOT, readTemplates } from './templates.js';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const PLACE = /\$\{\{\s*(\w+)\s*\}\}/gu;
const placesIn = (text: string) => [...text.matchAll(PLACE)].map(([, name = '']) => name);

/** What version v1.9 of the Agents Toolkit's schema asks of the actions that are used here. */
const place = z.strictObject({ path: z.string(), parameters: z.string(), deploymentName: z.string() });
const action = <Shape extends z.ZodRawShape>(uses: string, shape: Shape) =>
  z.strictObject({ uses: z.literal(uses), name: z.string().optional(), with: z.strictObject(shape) });
const written = (uses: string, shape: z.ZodRawShape, variable: string) =>
  action(uses, shape).extend({
    writeToEnvironmentFile: z.strictObject({ [variable]: z.string().regex(/^[A-Z][A-Z0-9_]*$/u) }),
  });
const step = z.union([
  written('teamsApp/create', { name: z.string() }, 'teamsAppId'),
  action('arm/deploy', {
    subscriptionId: z.string(),
    resourceGroupName: z.string(),
    bicepCliVersion: z.string().regex(/^v\d+\.\d+\.\d+$/u),
    templates: z.array(place).min(1),
  }),
  action('script', { run: z.string(), timeout: z.number() }),
  action('teamsApp/validateManifest', { manifestPath: z.string() }),
  action('teamsApp/zipAppPackage', { manifestPath: z.string(), outputZipPath: z.string(), outputFolder: z.string() }),
  action('teamsApp/validateAppPackage', { appPackagePath: z.string() }),
  action('teamsApp/update', { appPackagePath: z.string() }),
  written('teamsApp/publishAppPackage', { appPackagePath: z.string() }, 'publishedAppId'),
]);
const project = z.strictObject({
  version: z.literal('v1.9'),
  environmentFolderPath: z.string(),
  provision: z.array(step),
  deploy: z.array(step),
  publish: z.array(step),
});

/** What is wrong with the Toolkit's file. */
function faultsIn(source: string): string[] {
  const parsed = project.safeParse(parseYaml(source));
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const files = [...source.matchAll(/(?:path|parameters|manifestPath): \.\/(\S+)/gu)].map(([, path = '']) => path);
  const known = knownVariables(source);
  return [
    ...files.filter((path) => !existsSync(join(ROOT, path))).map((path) => `${path} is not there`),
    ...placesIn(source.replace(/^\s*#.*$/gmu, ''))
      .filter((name) => !known.has(name))
      .map((name) => `nothing sets ${name}`),
  ];
}

/** Variables that env/example.env asks for, that a step writes, or that the templates tell. */
function knownVariables(source: string): Set<string> {
  const told = parse(readTemplates().get(ENTRY) ?? '').outputs.map(({ name }) => name);
  const steps = [...source.matchAll(/(?:teamsAppId|publishedAppId): (\w+)/gu)].map(([, name = '']) => name);
  return new Set([...Object.keys(parseEnv(read('env/example.env'))), ...told, ...steps]);
}

describe('env/example.env', () => {
  it('is read alike by the Toolkit and by a shell, with names of several words', () => {
    const filled = read('env/example.env').replace('PUBLISHER_NAME=""', 'PUBLISHER_NAME="Three Oaks & Co"');
    const { stdout, stderr } = spawnSync(
      'sh',
      ['-c', 'set -a; eval "$0"; printf %s "$PUBLISHER_NAME|$IMAGE_TAG"', filled],
      {
        encoding: 'utf8',
        env: { PATH: process.env.PATH ?? '' },
      },
    );
    const { PUBLISHER_NAME, IMAGE_TAG } = parseEnv(filled);
    expect([stdout, stderr]).toEqual([`${PUBLISHER_NAME}|${IMAGE_TAG}`, '']);
    expect(PUBLISHER_NAME).toBe('Three Oaks & Co');
  });
});

describe('m365agents.yml', () => {
  const source = read('m365agents.yml');

  it('is as the Agents Toolkit wants it, and refers to what is there', () => {
    expect(faultsIn(source)).toEqual([]);
  });

  it.each([
    ['version: v1.9', 'version: v0.1', /version/u],
    ['uses: teamsApp/create', 'uses: teamsApp/make', /provision\.0/u],
    ['      name: Policy Desk\n', '      title: Policy Desk\n', /provision\.0/u],
    ['teamsAppId: TEAMS_APP_ID', 'teamsAppId: teams-app-id', /provision\.0/u],
    ['--image policy-desk:${{IMAGE_TAG}}', '--image policy-desk:${{IMAGE}}', /nothing sets IMAGE$/u],
  ])('would not be with "%s" → "%s"', (from, to, fault) => {
    expect(source.split(from)).toHaveLength(2);
    expect(faultsIn(source.replace(from, () => to)).join('\n')).toMatch(fault);
  });

  it('would not be with a template that is not there', () => {
    expect(faultsIn(source.replace('./infra/azure.bicep', './infra/main.bicep'))).toEqual([
      'infra/main.bicep is not there',
    ]);
  });

  it('fills the app manifest with what is set', () => {
    const known = knownVariables(source);
    expect(placesIn(read('appPackage/manifest.json')).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('infra/azure.parameters.json', () => {
  const schema = z.strictObject({
    $schema: z.string(),
    contentVersion: z.string(),
    parameters: z.record(z.string(), z.strictObject({ value: z.union([z.string(), z.number()]) })),
  });
  const { parameters } = schema.parse(JSON.parse(read('infra/azure.parameters.json')));

  /** Parameters that the template does not have, and those that it needs and does not get. */
  function mismatches(files = readTemplates()): string[] {
    const { params } = parse(files.get(ENTRY) ?? '');
    const names = params.map(({ name }) => name);
    return [
      ...Object.keys(parameters).filter((name) => !names.includes(name)),
      ...params.filter(({ name, fallback }) => !fallback && !(name in parameters)).map(({ name }) => name),
    ];
  }

  it('gives the template what it needs, and nothing else', () => {
    expect(mismatches()).toEqual([]);
    expect(mismatches(changed(ENTRY, 'param alertEmail string', 'param alertMail string'))).toEqual([
      'alertEmail',
      'alertMail',
    ]);
  });

  it('asks for what env/example.env explains', () => {
    const known = Object.keys(parseEnv(read('env/example.env')));
    for (const { value } of Object.values(parameters))
      for (const name of placesIn(String(value))) expect(known).toContain(name);
  });

  it('says the same as the template where both have a value', () => {
    const { params } = parse(readTemplates().get(ENTRY) ?? '');
    for (const { name, fallback } of params)
      if (fallback?.kind === 'literal' && name in parameters)
        expect([name, parameters[name]?.value]).toEqual([name, fallback.value]);
  });

  const run = (env: Record<string, string>) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/parameters.ts'], {
      cwd: ROOT,
      env: { PATH: process.env.PATH ?? '', ...env },
      encoding: 'utf8',
    });

  it('is filled for az from the environment, and refused with what is missing', () => {
    const env = {
      RESOURCE_BASE_NAME: 'oaktrust',
      IMAGE_TAG: 'none',
      OPERATOR_OBJECT_ID: '12121212-3434-4565-8787-909090909090',
      ALERT_EMAIL: '"IT" <it@example.org>',
      BUDGET_AMOUNT: '100',
      BUDGET_START: '2026-11-01',
    };
    const filled = schema.parse(JSON.parse(run(env).stdout));
    const given = Object.fromEntries(Object.entries(filled.parameters).map(([name, { value }]) => [name, value]));
    expect(given).toMatchObject({ alertEmail: '"IT" <it@example.org>', imageTag: 'none', minReplicas: 1 });
    expect(deployed(given).outputs.APP_NAME).toBe('oaktrust-bot');
    const refused = run({ ...env, ALERT_EMAIL: ' ', BUDGET_START: '' });
    expect([refused.status, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/^Set ALERT_EMAIL, BUDGET_START:/u);
  });
});
