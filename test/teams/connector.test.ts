import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Connector } from '../../src/teams/connector.js';
import { connectorToken } from '../../src/teams/connector-token.js';
import { FakeConnector } from '../fakes/connector.js';

let fake: FakeConnector;
beforeEach(async () => {
  fake = await FakeConnector.start();
});
afterEach(() => fake.stop());

const signal = () => AbortSignal.timeout(5_000);
const activity = { type: 'message', text: 'Hello' };
const withoutToken = new Connector(async () => undefined);

describe('the connector', () => {
  it('sends its token, and a fresh one when the first is refused', async () => {
    const connector = new Connector(async (fresh) => (fresh ? 'new' : 'old'));
    fake.troubles.push({ status: 401 });
    const outcome = await connector.post(fake.serviceUrl, 'a:chat', activity, null, signal());
    expect(outcome).toMatchObject({ kind: 'sent', message: { conversationId: 'a:chat' } });
    expect(fake.calls.map(({ authorization }) => authorization)).toEqual(['Bearer old', 'Bearer new']);
  });

  it('has no token without an identity', async () => {
    expect(await connectorToken(undefined)(false)).toBeUndefined();
    await withoutToken.post(fake.serviceUrl, 'a:chat', activity, null, signal());
    expect(fake.calls[0]?.authorization).toBeUndefined();
  });

  it('follows no redirect, as the token would go with it', async () => {
    fake.troubles.push({ status: 307, headers: { location: 'http://127.0.0.1:9/' } });
    await expect(withoutToken.post(fake.serviceUrl, 'a:chat', activity, null, signal())).rejects.toThrow();
  });

  it.each([
    ['3', 3_000],
    ['0.5', 500],
    ['soon', undefined],
  ])('reads Retry-After: %s', async (value, retryAfterMs) => {
    fake.troubles.push({ status: 429, headers: { 'retry-after': value } });
    expect(await withoutToken.post(fake.serviceUrl, 'a:chat', activity, null, signal())).toEqual({
      kind: 'busy',
      status: 429,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  });

  it('reads Retry-After as a date', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    fake.troubles.push({ status: 429, headers: { 'retry-after': date } });
    const outcome = await withoutToken.post(fake.serviceUrl, 'a:chat', activity, null, signal());
    if (outcome.kind !== 'busy') throw new Error('It was not busy.');
    expect(outcome.retryAfterMs).toBeGreaterThan(30_000);
    expect(outcome.retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('reads Retry-After as a date by the clock of whoever sent it', async () => {
    const date = new Date(Date.now() - 3_600_000);
    const headers = { date: date.toUTCString(), 'retry-after': new Date(date.getTime() + 60_000).toUTCString() };
    fake.troubles.push({ status: 429, headers });
    const outcome = await withoutToken.post(fake.serviceUrl, 'a:chat', activity, null, signal());
    expect(outcome).toEqual({ kind: 'busy', status: 429, retryAfterMs: 60_000 });
  });

  it.each([
    [400, 'refused'],
    [403, 'refused'],
    [404, 'refused'],
    [413, 'refused'],
    [412, 'busy'],
    [500, 'busy'],
    [503, 'busy'],
  ])('takes %i as %s', async (status, kind) => {
    fake.troubles.push({ status });
    expect(await withoutToken.createConversation(fake.serviceUrl, {}, signal())).toEqual({
      ok: false,
      outcome: { kind, status },
    });
  });

  it('names conversations in the address whatever is in their ids', async () => {
    const id = '19:a/b?c#d@thread.tacv2;messageid=1';
    await withoutToken.post(fake.serviceUrl, id, activity, null, signal());
    expect(fake.calls[0]?.path).toBe(`/connector/v3/conversations/${id}/activities`);
  });
});
