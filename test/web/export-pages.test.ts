import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { ALEX, BETH, DANIEL, HELEN } from '../support/staff.js';
import { StorageProxy } from '../support/storage-proxy.js';
import { until } from '../support/until.js';
import { aKeptPdf, aKeptPicture, startViewing, type ViewingOptions, type Viewings } from '../support/viewing.js';

let viewing: Viewings;
afterEach(async () => {
  await viewing.server.stop();
  for (const word of ['Helen', 'Achebe', HELEN.id, 'facebook', 'eyJ']) expect(viewing.logged()).not.toContain(word);
});

const start = async (options?: ViewingOptions) => {
  viewing = await startViewing(options);
  return viewing;
};
const press = (address: string, headers: Record<string, string> = {}) => fetch(address, { method: 'POST', headers });

describe('a link to all of a case', () => {
  it('offers it, and hands it over once that is noted in the case log, which the copy has as well', async () => {
    const { exportLink, report, happened, files } = await start();
    const address = await exportLink();
    for (const method of ['GET', 'HEAD']) expect((await fetch(address, { method })).status).toBe(200);
    const page = await (await fetch(address)).text();
    expect(page).toContain(`<h1>Everything of ${report.reference}</h1>`);
    expect(page).toMatch(/made for <strong>Helen Achebe<\/strong> and works until \d\d:\d\d\./u);
    expect(page).not.toContain(report.answers.words);
    expect(await happened()).toEqual([]);

    const response = await press(address);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip']);
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${report.reference}.zip"`);
    expect([response.headers.get('x-content-type-options'), response.headers.get('cache-control')]).toEqual([
      'nosniff',
      'no-store',
    ]);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(await happened()).toEqual([{ kind: 'exported' }]);
    const folder = mkdtempSync(join(tmpdir(), 'policy-desk-export-'));
    writeFileSync(join(folder, 'case.zip'), bytes);
    const run = (...args: string[]) =>
      execFileSync('python3', ['-m', 'zipfile', ...args], { cwd: folder, encoding: 'utf8' });
    run('-e', 'case.zip', 'out');
    const checked = execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: join(folder, 'out'), encoding: 'utf8' });
    expect(checked.match(/: OK$/gmu)?.length).toBeGreaterThanOrEqual(files.length + 3);
    const record = execFileSync('cat', ['out/case.json'], { cwd: folder, encoding: 'utf8' });
    expect(record).toContain('"exported"');
    rmSync(folder, { recursive: true });
  });

  it('is for whoever may read the case, while it lasts, and for nothing else', async () => {
    const { exportLink, link, links, later, happened, report } = await start();
    const evidence = await link();
    const others = [
      await exportLink(BETH.id),
      evidence.replace('/view/', '/export/'),
      `${(await exportLink()).slice(0, -5)}AAAAA`,
      await links.exportLink({ schoolId: 'example-primary', personId: HELEN.id, reference: report.reference }),
      await links.exportLink({ schoolId: report.schoolId, personId: HELEN.id, reference: 'PD-00000000' }),
    ];
    for (const address of others)
      for (const response of [await fetch(address), await press(address)]) {
        expect(response.status).toBe(410);
        expect(await response.text()).toContain('This link has run out, or opens nothing.');
      }
    const address = await exportLink(DANIEL.id);
    expect((await press(address, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    later(10);
    expect((await press(address)).status).toBe(410);
    expect(await happened()).toEqual([]);
  });

  it('ends for someone who is recused meanwhile', async () => {
    const { exportLink, happens, happened } = await start();
    const address = await exportLink(ALEX.id);
    const route = {
      ...({ way: 'headteacher_channel', people: [], channel: true, lado: false } as const),
      recused: [ALEX.id],
    };
    await happens({ kind: 'rerouted', unreachable: [], route, firstDelivery: 2 });
    expect((await fetch(address)).status).toBe(410);
    expect((await press(address)).status).toBe(410);
    expect(await happened()).toHaveLength(1);
  });

  it('hands over nothing when that cannot be noted', async () => {
    const proxy = await StorageProxy.start(inject('storage'));
    const { exportLink, happened } = await start({ tables: proxy.through(inject('storage')) });
    const address = await exportLink();
    proxy.weather = 'down';
    const response = await press(address);
    expect([response.status, response.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
    const [reference] = /ERR-[0-9A-Z]{8}/u.exec(await response.text()) ?? ['none'];
    expect(viewing.logged()).toContain(reference);
    proxy.weather = 'fair';
    expect(await happened()).toEqual([]);
    await proxy.stop();
  }, 60_000);

  it('frees its place when the browser goes away', async () => {
    const { exportLink, happened } = await start({ limits: { atOnce: 1, mostWaiting: 0 } });
    const address = await exportLink();
    await new Promise<void>((resolve) => {
      const request = httpRequest(address, { method: 'POST' }, (response) => {
        response.once('data', () => request.destroy());
        response.once('close', resolve);
      });
      request.on('error', () => resolve());
      request.end();
    });
    await until(async () => (await press(address)).status === 200);
    expect((await happened()).length).toBeGreaterThanOrEqual(2);
  });

  it('says so when storage is away, before it began with a page, after that by breaking off', async () => {
    const blobs = /BlobEndpoint=([^;]+)/u.exec(inject('storage'))?.[1];
    const proxy = await StorageProxy.start(`TableEndpoint=${blobs}`);
    // Larger than what lies on the way between the two at any time.
    const large = await aKeptPicture(4, {}, [1800, 1800]);
    const { exportLink } = await start({ files: [large, aKeptPdf()], blobs: proxy.through(inject('storage')) });
    proxy.weather = 'down';
    const address = await exportLink();
    const response = await press(address);
    expect([response.status, await response.text()]).toEqual([503, expect.stringMatching(/ERR-[0-9A-Z]{8}/u)]);
    proxy.weather = 'fair';
    const ended = await new Promise((resolve, reject) => {
      const request = httpRequest(address, { method: 'POST' }, (begun) => {
        expect(begun.statusCode).toBe(200);
        begun.once('data', () => {
          proxy.weather = 'down';
        });
        begun.on('end', () => resolve('whole')).on('error', () => resolve('broken off'));
      });
      request.on('error', reject).end();
    });
    expect(ended).toBe('broken off');
    await proxy.stop();
  }, 60_000);
});
