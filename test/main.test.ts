import { createServer } from 'node:net';
import { describe, expect, inject, it } from 'vitest';
import { questionTable } from '../src/storage/question-table.js';
import { openTables } from '../src/storage/tables.js';
import { aMessage } from './support/activities.js';
import { freePorts } from './support/ports.js';
import { runScript } from './support/processes.js';

const start = (env: NodeJS.ProcessEnv) =>
  runScript('src/main.ts', [], {
    BOT_ID: '',
    HOST: '',
    PORT: '0',
    STORAGE_CONNECTION_STRING: inject('storage'),
    STORAGE_ACCOUNT: '',
    ...env,
  });

describe('the process', () => {
  it('listens, answers, and on SIGTERM finishes what is under way and exits 0', async () => {
    const port = await freePorts(1);
    const bot = start({ PORT: String(port) });
    await bot.until('server.listening');
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    const answer = fetch(`http://127.0.0.1:${port}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(aMessage('can i ring a parent from my own phone')),
    });
    // The request has been sent by the time that the health check behind it is answered.
    await fetch(`http://127.0.0.1:${port}/healthz`);
    bot.child.kill('SIGTERM');
    expect(await (await answer).text()).toContain('Clause 6.2');
    expect(await bot.ended).toBe(0);
    expect(bot.printed()).toContain('server.stopped');
  });

  it('writes the questions just asked before it ends', async () => {
    const port = await freePorts(1);
    const bot = start({ PORT: String(port) });
    await bot.until('server.listening');
    const ask = async () => {
      const response = await fetch(`http://127.0.0.1:${port}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(aMessage('can i ring a parent from my own phone')),
      });
      return /"questionId":"([^"]+)"/u.exec(await response.text())?.[1] ?? '';
    };
    const ids = [await ask(), ...(await Promise.all([ask(), ask(), ask()]))];
    bot.child.kill('SIGTERM');
    expect(await bot.ended).toBe(0);
    const table = questionTable(openTables({ connectionString: inject('storage') }));
    const found = await Promise.all(ids.map((id) => table.find('example-primary', id)));
    expect(found).toEqual(ids.map(() => expect.objectContaining({ outcome: 'answered' })));
  });

  it('is alive but not ready while storage is down', async () => {
    const port = await freePorts(1);
    const bot = start({
      PORT: String(port),
      STORAGE_CONNECTION_STRING:
        'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:9/devstoreaccount1;',
    });
    await bot.until('server.listening');
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: 'not ready', reason: 'Table storage does not answer.' });
    bot.child.kill('SIGTERM');
    expect(await bot.ended).toBe(0);
  });

  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['another host without an identity', { HOST: '0.0.0.0' }, /HOST is 0\.0\.0\.0, but without BOT_ID/],
    [
      'a folder without schools',
      { SCHOOLS_DIR: 'docs-that-are-not-there' },
      /folder of schools, "docs-that-are-not-there"/,
    ],
  ])('refuses %s in plain words', async (_name, env, words) => {
    const bot = start(env);
    expect(await bot.ended).toBe(1);
    expect(bot.printed()).toMatch(words);
    expect(bot.printed()).not.toContain('    at ');
  });

  it('names the port that is taken', async () => {
    const taken = createServer();
    const port = await freePorts(1);
    await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
    const bot = start({ PORT: String(port) });
    expect(await bot.ended).toBe(1);
    expect(bot.printed()).toContain(`port ${port} is taken`);
    await new Promise((resolve) => taken.close(resolve));
  });
});
