import { afterEach, expect, inject, it } from 'vitest';
import { aMessage } from '../support/activities.js';
import { type Reply, startBot } from '../support/bot.js';
import { StorageProxy } from '../support/storage-proxy.js';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

it('shows that the bot is typing when an answer takes noticeably long, and before the answer', async () => {
  const proxy = await StorageProxy.start(inject('storage'));
  stops.push(() => proxy.stop());
  const bot = await startBot({ storage: proxy.through(inject('storage')), schoolId: 'typing' });
  stops.push(() => bot.stop());
  const release = proxy.hold();
  const waiting = bot.send(aMessage('Can I ring a parent from my own phone?'));
  setTimeout(release, 1_000);
  const { activities } = (await (await waiting).json()) as { activities: Reply[] };
  expect(activities.map(({ type }) => type)).toEqual(['typing', 'message']);
});
