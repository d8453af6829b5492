import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isFree } from '../../src/cli/dev/part.js';
import { playgroundConfig } from '../../src/cli/dev/playground.js';
import { type Dev, startDev } from '../support/dev.js';
import { freePorts } from '../support/ports.js';
import { sampleSchool } from '../support/sample-school.js';

/** The running processes of one run, which all stand in one process group: id and command line. */
const processesOf = ({ child }: Dev): string[] =>
  execFileSync('ps', ['-eo', 'pgid=,stat=,pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/u))
    .filter(([group, state]) => group === String(child.pid) && !state?.startsWith('Z'))
    .map(([, , ...rest]) => rest.join(' '));

describe('npm run dev', () => {
  let dev: Dev | undefined;
  afterEach(() => dev?.cleanUp());
  const allFree = async ({ port }: Dev) =>
    (await Promise.all([0, 1, 2, 3, 4].map((at) => isFree(port + at)))).every(Boolean);

  it('is ready when all parts answer, and leaves nothing behind after Ctrl-C', async () => {
    dev = await startDev();
    const { port, data } = dev;
    await dev.until(`Ready. Open http://127.0.0.1:${port + 1}`);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    expect(await (await fetch(`http://127.0.0.1:${port + 1}/_debug/ping`)).text()).toBe('pong');
    for (const part of ['azurite', 'src/main.ts', 'm365agentsplayground']) {
      expect(
        processesOf(dev).filter((line) => line.includes(part)),
        part,
      ).not.toEqual([]);
    }
    dev.signal('SIGINT');
    await dev.ended;
    expect(processesOf(dev)).toEqual([]);
    expect(await allFree(dev)).toBe(true);
    expect(readFileSync(join(data, 'logs', 'bot.log'), 'utf8')).toContain('server.stopped');
  });

  it('names the port that is taken, the part that needs it and the way out', async () => {
    const port = await freePorts(5);
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(port + 4, '127.0.0.1', resolve));
    dev = await startDev(port);
    expect(await dev.ended).toBe(1);
    expect(dev.printed()).toContain(`Port ${port + 4}, which storage (tables) needs, is taken.`);
    expect(dev.printed()).toContain('--storage-port');
    await new Promise((resolve) => taken.close(resolve));
  });

  it('ends as a whole when a part dies, with its last lines and where its log is', async () => {
    dev = await startDev();
    await dev.until('Ready.');
    const azurite = processesOf(dev).find((line) => line.includes('azurite.js')) ?? '';
    process.kill(Number.parseInt(azurite, 10), 'SIGKILL');
    expect(await dev.ended).toBe(1);
    expect(dev.printed()).toContain('Storage (Azurite) was ended by SIGKILL. Its last lines:');
    expect(dev.printed()).toContain(join(dev.data, 'logs', 'azurite.log'));
    expect(await allFree(dev)).toBe(true);
  });
});

describe('the Playground’s configuration', () => {
  it('is what the Playground demands: five users besides the one played, and ids used once', async () => {
    const { profile } = await sampleSchool();
    const config = playgroundConfig(profile) as Record<'users' | 'currentUser', unknown> & {
      users: { id: string; name: string }[];
      currentUser: { id: string; name: string };
    };
    expect(config.users).toHaveLength(5);
    // Everyone to whom a report may go can be written to.
    expect(config.currentUser.name).toBe('Alex Morgan');
    const shown = config.users.map(({ name }) => name);
    expect(shown).toEqual(
      expect.arrayContaining(['Helen Achebe', 'Daniel Hughes', 'Ruth Castellan', 'Grace Oyelaran']),
    );
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
