import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { openTables, type Tables } from '../../src/storage/tables.js';
import { StorageProxy } from '../support/storage-proxy.js';

const HOUR = 3_600_000;
/** The header has whole seconds, and the machine may be busy. */
const ABOUT_MS = 30_000;
let proxy: StorageProxy;
let tables: Tables;
beforeEach(async () => {
  proxy = await StorageProxy.start(inject('storage'));
  tables = openTables({ connectionString: proxy.through(inject('storage')) });
});
afterEach(() => proxy.stop());

const ahead = () => tables.now().getTime() - Date.now();

it.each([1, -1, 24 * 365, -24 * 365])(
  'the time is that of storage, which is %i hours ahead of the machine',
  async (hours) => {
    expect(Math.abs(ahead())).toBeLessThan(ABOUT_MS);
    proxy.aheadMs = hours * HOUR;
    expect(await tables.unreachable()).toBeUndefined();
    expect(Math.abs(ahead() - hours * HOUR)).toBeLessThan(ABOUT_MS);
    proxy.aheadMs = 0;
    expect(await tables.unreachable()).toBeUndefined();
    expect(Math.abs(ahead())).toBeLessThan(ABOUT_MS);
  },
);

it('goes on while storage is away, and what stands in between is not asked for it', async () => {
  proxy.aheadMs = HOUR;
  await tables.unreachable();
  proxy.storm = { share: 1, faults: [{ kind: 'answers', status: 503 }] };
  expect(await tables.unreachable()).toContain('503');
  const before = tables.now();
  await expect.poll(() => tables.now().getTime()).toBeGreaterThan(before.getTime());
  expect(Math.abs(ahead() - HOUR)).toBeLessThan(ABOUT_MS);
});

it('never goes back for answers that agree with it', async () => {
  let last = tables.now();
  for (let times = 0; times < 200; times += 1) {
    await tables.unreachable();
    const now = tables.now();
    expect(now.getTime()).toBeGreaterThanOrEqual(last.getTime());
    last = now;
  }
});
