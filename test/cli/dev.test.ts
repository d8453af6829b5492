import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isFree } from '../../src/cli/dev/part.js';
import { playgroundConfig } from '../../src/cli/dev/playground.js';
import { freePorts } from '../support/ports.js';
import { type Running, run } from '../support/processes.js';
import { sampleSchool } from '../support/sample-school.js';

/** Processes whose command line mentions a folder that only one run uses. */
const processesOf = (folder: string): string[] =>
  execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder));

describe('npm run dev', () => {
  let data: string;
  let port: number;
  let dev: Running | undefined;
  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), 'policy-desk-dev-'));
    port = await freePorts(5);
  });
  afterEach(async () => {
    dev?.child.kill('SIGKILL');
    await dev?.ended;
    rmSync(data, { recursive: true, force: true });
  });
  // In a process group of its own, so that a signal reaches all of it, as Ctrl-C in a terminal does.
  const start = () => {
    const ports = [
      '--bot-port',
      String(port),
      '--playground-port',
      String(port + 1),
      '--storage-port',
      String(port + 2),
    ];
    dev = run('npm', ['run', 'dev', '--', ...ports, '--data', data], {}, true);
    return dev;
  };
  const interrupt = (signal: NodeJS.Signals) => process.kill(-(dev?.child.pid ?? 0), signal);
  const allFree = async () => (await Promise.all([0, 1, 2, 3, 4].map((at) => isFree(port + at)))).every(Boolean);

  it('is ready when all parts answer, and leaves nothing behind after Ctrl-C', async () => {
    const running = start();
    await running.until(`Ready. Open http://127.0.0.1:${port + 1}`);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    expect(await (await fetch(`http://127.0.0.1:${port + 1}/_debug/ping`)).text()).toBe('pong');
    expect(processesOf(data).length).toBeGreaterThan(0);
    interrupt('SIGINT');
    await running.ended;
    expect(processesOf(data)).toEqual([]);
    expect(await allFree()).toBe(true);
    expect(readFileSync(join(data, 'logs', 'bot.log'), 'utf8')).toContain('server.stopped');
  });

  it('names the port that is taken, the part that needs it and the way out', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(port + 4, '127.0.0.1', resolve));
    const running = start();
    expect(await running.ended).toBe(1);
    expect(running.printed()).toContain(`Port ${port + 4}, which storage (tables) needs, is taken.`);
    expect(running.printed()).toContain('--storage-port');
    await new Promise((resolve) => taken.close(resolve));
  });

  it('ends as a whole when a part dies, with its last lines and where its log is', async () => {
    const running = start();
    await running.until('Ready.');
    const [azurite = ''] = processesOf(join(data, 'azurite'));
    process.kill(Number.parseInt(azurite, 10), 'SIGKILL');
    expect(await running.ended).toBe(1);
    expect(running.printed()).toContain('Storage (Azurite) was ended by SIGKILL. Its last lines:');
    expect(running.printed()).toContain(join(data, 'logs', 'azurite.log'));
    expect(await allFree()).toBe(true);
  });
});

describe('the Playground’s configuration', () => {
  it('is what the Playground demands: five users besides the one played, and ids used once', async () => {
    const { profile } = await sampleSchool();
    const config = playgroundConfig(profile) as Record<'users' | 'currentUser', unknown> & {
      users: { id: string }[];
      currentUser: { id: string };
    };
    expect(config.users).toHaveLength(5);
    expect(new Set([config.currentUser, ...config.users].map(({ id }) => id)).size).toBe(6);
    expect(config).toMatchObject({
      tenantId: profile.tenantId,
      groupChat: { name: 'Governors' },
      team: { name: 'Example Primary School', channels: [{ name: 'Headteacher' }] },
    });
  });

  it('is refused when the school has too few people', async () => {
    const { profile } = await sampleSchool();
    expect(() => playgroundConfig({ ...profile, people: profile.people.slice(0, 3) })).toThrow(/needs 6 people/);
  });
});
