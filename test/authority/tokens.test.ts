import { createHmac } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeEntra } from '../fakes/entra.js';
import { aMessage, anExecute, anInstallation, aSearch, type RawActivity } from '../support/activities.js';
import { startBot, type TestBot } from '../support/bot.js';

const BOT_ID = '99999999-8888-4777-8666-555555555555';
const OTHER_BOT = '11111111-8888-4777-8666-555555555555';
const SERVICE_URL = 'https://smba.trafficmanager.net/uk/';
const ISSUER = 'https://api.botframework.com';
/** The tenant in which Bot Framework's emulator and other bots get tokens for a bot (Bot Connector authentication). */
const FRAMEWORK_TENANT = 'd6d49420-f39b-4df7-a1dc-d59a935871db';
const MINUTE_S = 60;

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

const now = () => Math.floor(Date.now() / 1000);
/** What the channel service puts into a token, as changed; what is `undefined` is left out. */
function claims(change: JWTPayload = {}): JWTPayload {
  const all = { iss: ISSUER, aud: BOT_ID, serviceurl: SERVICE_URL, nbf: now() - MINUTE_S, exp: now() + 60 * MINUTE_S };
  return Object.fromEntries(Object.entries({ ...all, ...change }).filter(([, value]) => value !== undefined));
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed as if the public key, which everyone has, were a secret that both sides share. */
function byPublicKey(header: object): string {
  const text = `${encoded(header)}.${encoded(claims())}`;
  return `${text}.${createHmac('sha256', entra.publicPem).update(text).digest('base64url')}`;
}

const emulator = (change: JWTPayload = {}) =>
  claims({
    ...{ iss: `https://sts.windows.net/${FRAMEWORK_TENANT}/`, ver: '1.0', appid: BOT_ID, serviceurl: undefined },
    ...change,
  });

const ACTIVITIES: readonly (() => RawActivity)[] = [
  () => aMessage('can i ring a parent from my own phone', { serviceUrl: SERVICE_URL }),
  () => anExecute('case.acknowledge', { reference: 'PD-00000000' }, { serviceUrl: SERVICE_URL }),
  () => aSearch({ commandId: 'findCase', parameters: [{ name: 'words', value: 'open' }] }, { serviceUrl: SERVICE_URL }),
  () => anInstallation({ serviceUrl: SERVICE_URL }),
];

async function expectRefused(authorization: string, activity: object): Promise<void> {
  bot.logged.length = 0;
  const response = await bot.send(activity, authorization === '' ? {} : { authorization });
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ error: 'The request is not authorised.' });
  const events = bot.logged.map(({ event }) => event).filter((event) => event !== 'library.message');
  expect(events).toEqual(['turn.refused']);
}

describe('a token', () => {
  it('of the channel service is taken, so that what is refused below is refused for what is wrong with it', async () => {
    const [message] = ACTIVITIES;
    const response = await bot.send(message?.() ?? {}, { authorization: `Bearer ${await entra.signed(claims())}` });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Clause 6.2');
  });

  it.each<[string, () => Promise<string> | string]>([
    ['that is not valid yet', () => entra.signed(claims({ nbf: now() + 30 * MINUTE_S }))],
    ['that has expired', () => entra.signed(claims({ exp: now() - 10 * MINUTE_S }))],
    ['for no audience', () => entra.signed(claims({ aud: undefined }))],
    ['for several bots', () => entra.signed(claims({ aud: [OTHER_BOT, BOT_ID] }))],
    ['for the service itself', () => entra.signed(claims({ aud: ISSUER }))],
    ['of no issuer', () => entra.signed(claims({ iss: undefined }))],
    ['of an issuer that begins like the service', () => entra.signed(claims({ iss: `${ISSUER}.evil.example` }))],
    ['that names no service to answer to', () => entra.signed(claims({ serviceurl: undefined }))],
    ['that names the service with another path', () => entra.signed(claims({ serviceurl: `${SERVICE_URL}x` }))],
    ['by a key that nobody has published', () => entra.signed(claims(), { kid: 'key-9' })],
    ['by no named key', async () => (await entra.signed(claims())).replace(/^[^.]+/u, encoded({ alg: 'RS256' }))],
    ['by a key that is for other channels', () => entra.signed(claims(), { kid: 'key-2' })],
    ['by the public key as a shared secret', () => byPublicKey({ alg: 'HS256', kid: 'key-1' })],
    ['by the public key, called by another name', () => byPublicKey({ alg: 'RS256', kid: 'key-1' })],
    ['of the algorithm "none"', () => `${encoded({ alg: 'none', kid: 'key-1' })}.${encoded(claims())}.`],
    ['of the algorithm "None", with a signature', () => byPublicKey({ alg: 'None', kid: 'key-1' })],
    [
      'whose claims were exchanged',
      async () => {
        const [header, , signature] = (await entra.signed(claims({ aud: OTHER_BOT }))).split('.');
        return `${header}.${encoded(claims())}.${signature}`;
      },
    ],
    ['that names its own key', () => entra.signed(claims(), { kid: '../../v1/keys' })],
    ['of the emulator', () => entra.signed(emulator())],
    [
      'of the emulator, second version',
      () =>
        entra.signed(
          emulator({
            iss: `https://login.microsoftonline.com/${FRAMEWORK_TENANT}/v2.0`,
            ver: '2.0',
            azp: BOT_ID,
            appid: undefined,
          }),
        ),
    ],
    ['of another bot that calls this one as a skill', () => entra.signed(emulator({ appid: OTHER_BOT }))],
    [
      'of another bot that says it is the channel service',
      () => entra.signed(claims({ ver: '1.0', appid: OTHER_BOT })),
    ],
    ['of nobody, as a skill without one', () => entra.signed(claims({ appid: 'AnonymousSkill' }))],
    [
      'for a person of the tenant',
      () => entra.signed(emulator({ iss: 'https://login.microsoftonline.com/common/v2.0', oid: BOT_ID })),
    ],
  ])('%s is refused, and no handler sees the request', async (_, token) => {
    const bearer = `Bearer ${await token()}`;
    for (const activity of ACTIVITIES) await expectRefused(bearer, activity());
  });

  it.each<[string, (token: string) => string]>([
    ['none', () => ''],
    ['another scheme', (token) => `Token ${token}`],
    ['no scheme', (token) => token],
    ['two tokens', (token) => `Bearer ${token} ${token}`],
    ['two tokens in a list', (token) => `Bearer ${token}, Bearer ${token}`],
    ['a token with something after it', (token) => `Bearer ${token}x`],
    ['half a token', (token) => `Bearer ${token.slice(0, token.length / 2)}`],
    ['a token without its signature', (token) => `Bearer ${token.split('.').slice(0, 2).join('.')}.`],
    ['a token in four parts', (token) => `Bearer ${token}.x`],
    ['an endless one', (token) => `Bearer ${'x'.repeat(6_000)}${token}`],
  ])('that comes as %s is refused', async (_, headerOf) => {
    const header = headerOf(await entra.signed(claims()));
    for (const activity of ACTIVITIES) await expectRefused(header, activity());
  });

  it('is no way in for a channel that is named in the body alone', async () => {
    for (const channelId of ['AseChannel', 'emulator', 'directline', 'webchat', 'skill', 'MSTEAMS']) {
      const authorization = `Bearer ${await entra.signed(claims())}`;
      for (const activity of ACTIVITIES) {
        const recipient = { ...(activity().recipient as object), role: 'skill' };
        const response = await bot.send({ ...activity(), channelId, recipient }, { authorization });
        expect([401, 403]).toContain(response.status);
        expect(await response.text()).not.toContain('Clause');
      }
    }
  });

  it('is asked for before anything is fetched from where it says', async () => {
    const before = entra.asked.length;
    await expectRefused(`Bearer ${await entra.signed(emulator())}`, ACTIVITIES[0]?.() ?? {});
    expect(entra.asked.length).toBe(before);
  });
});
