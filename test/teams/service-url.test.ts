import { describe, expect, it } from 'vitest';
import { isTrusted } from '../../src/teams/service-url.js';

describe('an address that a turn named', () => {
  it.each([
    ['https://smba.trafficmanager.net/uk/', true, false],
    ['http://smba.trafficmanager.net/uk/', false, false],
    ['http://127.0.0.1:56150/_connector', false, true],
    ['http://localhost:56150/_connector', false, true],
    ['https://[::1]:56150/', true, true],
    ['http://127.0.0.1.evil.example/', false, false],
    ['http://localhost.evil.example/', false, false],
    ['http://127.0.0.1@evil.example/', false, false],
    ['https://user:secret@127.0.0.1/', false, false],
    ['file:///etc/passwd', false, false],
    ['urn:botframework:nothing', false, false],
    ['', false, false],
  ])('%s: %s with an identity, %s without one', (address, withIdentity, without) => {
    expect(isTrusted(address, true)).toBe(withIdentity);
    expect(isTrusted(address, false)).toBe(without);
  });
});
