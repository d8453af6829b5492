import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { openBlobs } from '../src/storage/blobs.js';
import { caseTable } from '../src/storage/case-table.js';
import { evidenceBlobs } from '../src/storage/evidence-blobs.js';
import { questionTable } from '../src/storage/question-table.js';
import { openTables } from '../src/storage/tables.js';
import { createLinks } from '../src/web/links.js';
import { FakeConnector } from './fakes/connector.js';
import { aMessage, anExecute, HEADTEACHER_CHANNEL } from './support/activities.js';
import { OwnAzurite } from './support/azurite-process.js';
import { runScript } from './support/built.js';
import { freePorts } from './support/ports.js';
import { aReport, submitted } from './support/reports.js';
import { SCHOOLS_DIR } from './support/sample-school.js';
import { HELEN } from './support/staff.js';
import { until } from './support/until.js';
import { aKeptPicture } from './support/viewing.js';

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

  it('shows evidence, and hands over a case, to whoever a link was made for', async () => {
    const port = await freePorts(1);
    const publicUrl = `http://127.0.0.1:${port}`;
    const secret = 'another secret of at least thirty-two characters';
    const file = await aKeptPicture(1);
    const report = aReport('example-primary');
    const place = { schoolId: report.schoolId, reference: report.reference, evidenceId: file.evidence.id };
    const store = evidenceBlobs(openBlobs({ connectionString: inject('storage') }));
    await store.keepOriginal(place, file.original, 'image/png');
    await store.keepViewing(place, file.viewing ?? file.original, 'image/webp');
    await caseTable(openTables({ connectionString: inject('storage') })).create(submitted(report, [file.evidence]));
    const bot = start({ PORT: String(port), PUBLIC_URL: publicUrl, LINK_SECRET: secret });
    await bot.until('server.listening');
    const links = createLinks({ secret, publicUrl, now: () => new Date() });
    const shown = await fetch(await links.evidenceLink({ ...place, personId: HELEN.id }), { method: 'POST' });
    expect([shown.status, await shown.text()]).toEqual([200, expect.stringContaining(file.evidence.sha256)]);
    const all = await fetch(await links.exportLink({ ...place, personId: HELEN.id }), { method: 'POST' });
    expect([all.status, all.headers.get('content-type')]).toEqual([200, 'application/zip']);
    expect((await all.arrayBuffer()).byteLength).toBeGreaterThan(file.original.length);
    bot.child.kill('SIGTERM');
    expect(await bot.ended).toBe(0);
  }, 120_000);

  it('takes over a changed policy while it runs, and warns of one that it cannot read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'policy-desk-main-'));
    cpSync(SCHOOLS_DIR, folder, { recursive: true });
    const policy = join(folder, 'example-primary', 'policies', 'social-media-policy.md');
    const port = await freePorts(1);
    const bot = start({ PORT: String(port), SCHOOLS_DIR: folder });
    await bot.until('server.listening');
    const ready = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).json();
    expect(await ready()).toMatchObject({ status: 'ready', parts: expect.any(Array) });

    writeFileSync(policy, '1. Staff may ring parents from their own phone on Wednesdays.\n');
    await bot.until('school.read');
    const answer = await fetch(`http://127.0.0.1:${port}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(aMessage('can i ring a parent from my own phone')),
    });
    expect(await answer.text()).toContain('on Wednesdays');

    writeFileSync(policy, '');
    await bot.until('school.not_read');
    expect(await ready()).toMatchObject({
      status: 'ready',
      warning: expect.stringContaining('a school cannot be read'),
    });
    expect(bot.printed()).not.toContain('social-media-policy');
    bot.child.kill('SIGTERM');
    expect(await bot.ended).toBe(0);
    rmSync(folder, { recursive: true });
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
    expect(await ready.json()).toMatchObject({
      status: 'not ready',
      reason: expect.stringContaining('Table storage does not answer.'),
    });
    bot.child.kill('SIGTERM');
    expect(await bot.ended).toBe(0);
  });

  it('killed between commit and send leaves it to others, and two of them send it once', async () => {
    const azurite = await OwnAzurite.start();
    const connector = await FakeConnector.start();
    const storage = { STORAGE_CONNECTION_STRING: azurite.connection };
    const port = await freePorts(1);
    const bots = [start({ PORT: String(port), ...storage })];
    const turn = async (activity: object) => {
      const response = await fetch(`http://127.0.0.1:${port}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(activity),
      });
      return JSON.stringify(await response.json());
    };
    try {
      await bots[0]?.until('server.listening');
      const options = { serviceUrl: connector.serviceUrl };
      const asked = await turn(aMessage('how do i book a day off for a wedding', options));
      const form = /"questionId":"([^"]+)"/u.exec(asked)?.[1];
      // The first stops here: it has claimed the delivery, and the channel takes the request without answering.
      connector.standing.push({ path: '/', trouble: 'hang' });
      const send = anExecute('enquiry.send', { form, question: 'Can I?', name: 'with' }, options);
      expect(await turn(send)).toContain('Sent to the Headteacher');
      await until(() => connector.calls.find(({ body }) => body.isGroup === true));
      bots[0]?.child.kill('SIGKILL');
      expect(await bots[0]?.ended).toBe('SIGKILL');
      connector.standing.length = 0;
      bots.push(start(storage), start(storage));
      await Promise.all(bots.slice(1).map((bot) => bot.until('server.listening')));
      await until(() => connector.in(HEADTEACHER_CHANNEL)[0], undefined, 90_000);
      await until(() => bots.find((bot) => bot.printed().includes('delivery.sent')));
      expect(connector.in(HEADTEACHER_CHANNEL)).toHaveLength(1);
      for (const bot of bots.slice(1)) {
        bot.child.kill('SIGTERM');
        expect(await bot.ended).toBe(0);
      }
    } finally {
      for (const bot of bots) bot.child.kill('SIGKILL');
      await connector.stop();
      await azurite.cleanUp();
    }
  }, 180_000);

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
