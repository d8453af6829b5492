import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ValidationSeverity, validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/processes.js';
import { commandOf, dockerfile, environmentOf, isSent, type Stage, said, stagesOf } from './dockerfile.js';

const stages = stagesOf(dockerfile());
const [building, running] = stages as [Stage, Stage];
const project = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly engines: { readonly node: string };
  readonly scripts: Readonly<Record<string, string>>;
};
const lint = (text: string) => validate(text, { instructionJSONInSingleQuotes: ValidationSeverity.ERROR });

describe('the Dockerfile', () => {
  it('is one to the linter, which sees what is wrong', () => {
    expect(lint(dockerfile())).toEqual([]);
    const wrong = dockerfile().replace('EXPOSE 3978', 'EXPOSE http').replace('--interval=30s', '--interval=often');
    expect(lint(wrong)).toHaveLength(2);
  });

  it('starts from versions and not from whatever is newest, with a Node that the project admits', () => {
    for (const { image } of stages) expect(image).toMatch(/^[a-z]+:\d+(\.\d+)+-([a-z]+-)?slim$/u);
    const [, major, minor] = /^node:(\d+)\.(\d+)\./u.exec(building.image) ?? [];
    const [, leastMajor, leastMinor] = /^>=(\d+)\.(\d+)$/u.exec(project.engines.node) ?? [];
    expect(Number(major) * 1000 + Number(minor)).toBeGreaterThanOrEqual(Number(leastMajor) * 1000 + Number(leastMinor));
    expect(Number(major) % 2).toBe(0);
  });

  it('copies what is there and sent to the builder, and nothing is sent in vain', () => {
    const own = stages.flatMap(({ steps }) => steps.flatMap(({ copied }) => copied ?? [])).filter(({ from }) => !from);
    const sources = own.flatMap((one) => one.sources);
    for (const source of sources)
      expect([source, existsSync(join(ROOT, source)), isSent(source)]).toEqual([source, true, true]);
    const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    const sent = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(sent.toSorted()).toEqual([...new Set(sources)].toSorted());
    for (const kept of [
      '.env',
      '.local/storage/table.json',
      'schools/example-primary/school.yaml',
      '.git/config',
      'node_modules/x',
    ])
      expect([kept, isSent(kept)]).toEqual([kept, false]);
  });

  it('takes from the first stage Node and dist/ alone, which that stage makes', () => {
    const taken = running.steps.flatMap(({ copied }) =>
      copied && copied.from === building.name ? copied.sources : [],
    );
    expect(taken).toEqual(['/usr/local/bin/node', `${said(building, 'WORKDIR').at(-1)}/dist`]);
    const scripts = said(building, 'RUN').flatMap((command) => /^npm run (\S+)$/u.exec(command)?.[1] ?? []);
    expect(scripts.map((name) => project.scripts[name])).toEqual(['tsx build/build.ts --whole']);
  });

  it('runs as somebody without rights, by number, who owns nothing of the program', () => {
    expect(said(running, 'USER')).toEqual(['10001:10001']);
    const after = running.steps.slice(running.steps.findIndex(({ keyword }) => keyword === 'USER'));
    expect(after.map(({ keyword }) => keyword)).not.toContain('RUN');
    for (const words of said(running, 'COPY')) expect(words).not.toContain('--chown');
  });

  it('says one port, and asks there whether the process is alive', () => {
    const { PORT, NODE_ENV, SCHOOLS_DIR } = environmentOf(running);
    expect([said(running, 'EXPOSE'), NODE_ENV]).toEqual([[PORT], 'production']);
    expect(said(running, 'VOLUME').map(commandOf)).toEqual([[SCHOOLS_DIR]]);
    expect(said(running, 'HEALTHCHECK')[0]).toContain('/healthz');
    expect(said(running, 'HEALTHCHECK')[0]).toContain('process.env.PORT');
  });

  it('starts the server as `npm start` does', () => {
    const command = [...said(running, 'ENTRYPOINT'), ...said(running, 'CMD')].flatMap(commandOf);
    expect(command.join(' ')).toBe(project.scripts.start);
  });
});
