import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { bundle } from '../../build/bundle.js';
import { ROOT } from '../support/processes.js';
import { dockerfile, stagesOf } from './dockerfile.js';
import { build, type Image } from './image.js';
import { printedOnFailure, type TryOut, tryOut } from './started.js';

let parent: string;
let image: Image;
let tried: TryOut;
beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'policy-desk-image-'));
  chmodSync(parent, 0o755);
  // What is installed here already is not installed again.
  const run = async (words: string, folder: string) => {
    if (words === 'npm run build:container') await bundle({ dist: join(folder, 'dist'), whole: true });
  };
  image = await build({ stages: stagesOf(dockerfile()), project: ROOT, parent, run });
  tried = await tryOut(image, inject('storage'));
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

describe('what would be in the container, without any other package', () => {
  it('starts, is well, and ends when it is told to', () => {
    expect(tried).toMatchObject({ health: [0, 1], ready: 200, ended: 0 });
    expect(
      tried.printed
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).event),
    ).toContain('server.stopped');
  });

  it('answers from the policy, and takes evidence', () => {
    expect(tried.answer).toContain('Clause 6.2');
    expect(tried.evidence).toEqual([200, 1]);
  });

  it('has the commands, which read Word and PDF', () => {
    const [verified, fromPdf, fromWord] = tried.commands;
    expect(verified).toMatch(/sound$/mu);
    for (const policy of [fromPdf, fromWord]) expect(policy).toMatch(/6\.2/u);
    expect(`${fromPdf}${fromWord}`).not.toContain('Warning');
  });

  it('loads what is not loaded in a plain start: paper, a managed identity, and what tells Application Insights', () => {
    const [, , , exported, doctor = ''] = tried.commands;
    expect(exported).toMatch(/case\.zip: [\d,]+ bytes, SHA-256 [0-9a-f]{64}/u);
    for (const works of ['bot credentials', 'storage, rows', 'storage, files', 'storage, messages', 'address'])
      expect(doctor).toContain(`✓ ${works}: `);
    expect(tried.told).toContain('server.listening');
    expect(tried.told).toContain('server.stopped');
  });

  it('tells where in the source a failure was, as log lines do, by the source map', async () => {
    const printed = await printedOnFailure(image);
    expect(printed).toMatch(/at openTables \(\S+\/src\/storage\/tables\.ts:\d+:\d+\)/u);
    expect(printed).toMatch(/at start \(\S+\/src\/main\.ts:\d+:\d+\)/u);
    const [, line] = /main\.ts:(\d+):/u.exec(printed) ?? [];
    const source = readFileSync(join(ROOT, 'src/main.ts'), 'utf8').split('\n');
    expect(source[Number(line) - 1]).toContain('openTables(');
  });

  it('holds no source, no test and no tool', () => {
    const app = join(image.root, 'app');
    expect(readdirSync(app).toSorted()).toEqual(['LICENSE', 'adaptiveCards', 'dist', 'package.json', 'pages']);
    const modules = readdirSync(join(app, 'dist/node_modules')).filter((name) => !name.startsWith('@'));
    expect(modules.toSorted()).toEqual([
      'adaptivecards-templating',
      'dejavu-fonts-ttf',
      'detect-libc',
      'semver',
      'sharp',
    ]);
  });
});
