import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.js';
import type { PartState } from '../../src/web/readiness.js';
import { type RunningServer, type ServerParts, startServer } from '../../src/web/server.js';

let server: RunningServer | undefined;
afterEach(() => server?.stop());

async function start(parts: Partial<ServerParts> = {}): Promise<string> {
  const receive = async () => ({ status: 200 });
  server = await startServer(
    { receive, condition: async () => [], log: createLog('silent'), ...parts },
    '127.0.0.1',
    0,
  );
  return server.address;
}
const post = (
  address: string,
  body: string | Uint8Array,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) => fetch(`${address}/api/messages`, { method: 'POST', headers, body });

const DOWN: PartState = { part: 'tables', state: 'broken', says: 'Table storage does not answer.', todo: 'Look.' };
const LATE: PartState = { part: 'sweeps', state: 'look', says: 'Reminders: not done for 3 hours.' };

describe('health', () => {
  it('says that the process is alive, and ready when storage answers', async () => {
    const address = await start();
    expect(await (await fetch(`${address}/healthz`)).json()).toEqual({ status: 'alive' });
    expect(await (await fetch(`${address}/readyz`)).json()).toEqual({ status: 'ready', parts: [] });
  });

  it('says why it is not ready, and stays alive', async () => {
    const address = await start({ condition: async () => [DOWN, LATE] });
    const response = await fetch(`${address}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: 'not ready',
      reason: 'Table storage does not answer.',
      warning: 'Reminders: not done for 3 hours.',
      parts: [DOWN, LATE],
    });
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
  });

  it('is ready, with a warning, while what does not work keeps nobody from being answered', async () => {
    const response = await fetch(`${await start({ condition: async () => [LATE] })}/readyz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ready', warning: LATE.says, parts: [LATE] });
  });
});

describe('what a request may be', () => {
  it.each([
    ['nothing there', 'GET', '/', 404],
    ['another method', 'GET', '/api/messages', 405],
    ['a path with dots', 'GET', '/../etc/passwd', 404],
    ['a broken escape', 'GET', '/%E0%A4%A', 404],
  ])('%s: %s %s is %i, in a sentence', async (_name, method, path, status) => {
    const response = await fetch(`${await start()}${path}`, { method });
    expect([status, 400]).toContain(response.status);
    expect(response.headers.get('server')).toBeNull();
    expect(Object.keys((await response.json()) as object)).toEqual(['error']);
  });

  it.each<[string, string | Uint8Array, Record<string, string>, number]>([
    ['no JSON', 'hello', { 'content-type': 'application/json' }, 400],
    ['a JSON list', '[]', { 'content-type': 'application/json' }, 400],
    ['another type', '{}', { 'content-type': 'text/plain' }, 415],
    ['compressed', gzipSync('{}'), { 'content-type': 'application/json', 'content-encoding': 'gzip' }, 415],
    ['too large', `{"text":"${'x'.repeat(300_000)}"}`, { 'content-type': 'application/json' }, 413],
  ])('%s is refused', async (_name, body, headers, status) => {
    let received = 0;
    const address = await start({ receive: async () => ({ status: 200, body: { received: ++received } }) });
    const response = await post(address, body, headers);
    expect(response.status).toBe(status);
    expect(await response.text()).not.toMatch(/hello|at .*\.[jt]s|node_modules/u);
    expect(received).toBe(0);
  });

  it('is limited while reading too, when no length is given', async () => {
    const { hostname, port } = new URL(await start());
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(
        { hostname, port, path: '/api/messages', method: 'POST', headers: { 'content-type': 'application/json' } },
        (response) => resolve(response.statusCode),
      );
      request.on('error', reject);
      for (let chunk = 0; chunk < 5; chunk += 1) request.write('x'.repeat(64 * 1024));
    });
    expect(status).toBe(413);
  });

  it('fails without a trace of the code, but with a reference', async () => {
    const address = await start({ receive: async () => Promise.reject(new Error('secret words')) });
    const response = await post(address, '{}');
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      error: 'Something went wrong on our side.',
      reference: expect.stringMatching(/^ERR-[0-9A-Z]{8}$/u),
    });
  });
});

describe('stopping', () => {
  it('lets what is under way finish, and takes nothing new', async () => {
    let finish = () => {};
    let started = () => {};
    const begun = new Promise<void>((resolve) => {
      started = resolve;
    });
    const address = await start({
      receive: async () => {
        started();
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return { status: 200, body: { done: true } };
      },
    });
    const kept = connect(Number(new URL(address).port), '127.0.0.1');
    await new Promise((resolve) => kept.once('connect', resolve));
    const underWay = post(address, '{}');
    await begun;
    const stopped = server?.stop();
    await expect(fetch(`${address}/healthz`)).rejects.toThrow();
    finish();
    expect(await (await underWay).json()).toEqual({ done: true });
    await stopped;
    server = undefined;
    kept.destroy();
  });

  it('does not wait for ever for work that never ends', async () => {
    let started = () => {};
    const begun = new Promise<void>((resolve) => {
      started = resolve;
    });
    const address = await start({
      receive: () => {
        started();
        return new Promise(() => {});
      },
    });
    const cutOff = expect(post(address, '{}')).rejects.toThrow();
    await begun;
    await server?.stop();
    server = undefined;
    await cutOff;
  });

  it('answers 503 to a message that was already on its way', async () => {
    let finish = () => {};
    const address = await start({
      receive: () =>
        new Promise((resolve) => {
          finish = () => resolve({ status: 200 });
        }),
    });
    const underWay = post(address, '{}');
    const socket = connect(Number(new URL(address).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write('POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n');
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    const stopped = server?.stop();
    socket.write('Content-Length: 2\r\n\r\n{}');
    await expect.poll(() => answer, { timeout: 10_000 }).toMatch(/^HTTP\/1\.1 503 [\s\S]*The server is stopping/u);
    finish();
    expect((await underWay).status).toBe(200);
    await stopped;
    server = undefined;
  });
});
