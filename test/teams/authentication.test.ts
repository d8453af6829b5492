import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FakeEntra } from '../fakes/entra.js';
import { aMessage, anExecute } from '../support/activities.js';
import { startBot, type TestBot } from '../support/bot.js';

const BOT_ID = '99999999-8888-4777-8666-555555555555';
const SERVICE_URL = 'https://smba.trafficmanager.net/uk/';
const message = () => aMessage('can i ring a parent from my own phone', { serviceUrl: SERVICE_URL });

const HOUR_MS = 3_600_000;

describe('with BOT_ID set', () => {
  let entra: FakeEntra;
  let bot: TestBot;
  beforeAll(async () => {
    entra = await FakeEntra.start();
    const identity = { id: BOT_ID, type: 'MultiTenant' as const, password: 'not-used-here', tenantId: undefined };
    bot = await startBot({ bot: identity, openIdMetadataUrl: entra.openIdMetadataUrl });
  });
  afterAll(async () => {
    await bot.stop();
    await entra.stop();
  });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const token = (options: Partial<Parameters<FakeEntra['token']>[0]> = {}) =>
    entra.token({ audience: BOT_ID, serviceUrl: SERVICE_URL, ...options });

  it('a request with a valid token is answered, its key having been fetched', async () => {
    const response = await bot.send(message(), bearer(await token()));
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Clause 6.2');
    expect(entra.asked).toEqual(['/v1/.well-known/openidconfiguration', '/v1/keys']);
  });

  it.each<[string, () => Promise<Record<string, string>>]>([
    ['no token', async () => ({})],
    ['an empty token', async () => ({ authorization: '' })],
    ['garbage', async () => bearer('garbage')],
    ['garbage in three parts', async () => bearer('aGVsbG8.aGVsbG8.aGVsbG8')],
    ['another scheme', async () => ({ authorization: `Basic ${await token()}` })],
    ['a token signed by another key', async () => bearer(await token({ withOtherKey: true }))],
    ['a token for another bot', async () => bearer(await token({ audience: '11111111-8888-4777-8666-555555555555' }))],
    ['a token from another issuer', async () => bearer(await token({ issuer: 'https://evil.example' }))],
    ['a token for another service', async () => bearer(await token({ serviceUrl: 'https://evil.example/' }))],
    ['a token that has expired', async () => bearer(await token({ expiresIn: '-10m' }))],
    [
      'a token without a signature',
      async () =>
        bearer(
          `${Buffer.from('{"alg":"none","kid":"key-1"}').toString('base64url')}.${(await token()).split('.')[1]}.`,
        ),
    ],
  ])('%s is refused, and no handler sees the request', async (_name, headers) => {
    for (const activity of [message(), { ...anExecute('ask.rate', {}), serviceUrl: SERVICE_URL }]) {
      bot.logged.length = 0;
      const response = await bot.send(activity, await headers());
      expect([401, 403]).toContain(response.status);
      expect(await response.json()).toEqual({ error: 'The request is not authorised.' });
      expect(bot.logged.map(({ event }) => event)).toEqual(['turn.refused']);
    }
  });

  it('a service that replies would go to unencrypted is refused even with a valid token', async () => {
    const serviceUrl = SERVICE_URL.replace('https:', 'http:');
    const response = await bot.send({ ...message(), serviceUrl }, bearer(await token({ serviceUrl })));
    expect(response.status).toBe(400);
  });

  it('a flood of strangers does not fill the log, which says how many there were', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + HOUR_MS });
    try {
      bot.logged.length = 0;
      for (let at = 0; at < 330; at += 1) expect((await bot.send(message())).status).toBe(401);
      vi.setSystemTime(Date.now() + 60_000);
      await bot.send(message());
      const told = bot.logged.filter(({ event }) => event === 'turn.refused');
      expect(told.map(({ count }) => count)).toEqual([...Array.from({ length: 300 }), 30]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('another channel than Teams is refused even with a valid token', async () => {
    const response = await bot.send({ ...message(), channelId: 'directline' }, bearer(await token()));
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ error: 'Only Microsoft Teams may speak to this bot.' });
  });
});
