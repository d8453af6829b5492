import { describe, expect, it } from 'vitest';
import { readPackageSettings } from '../../../src/cli/package/settings.js';

const ENV = {
  TEAMS_APP_ID: '0F3C0A52-8C1B-4E0E-9F6A-5D2B7C1E4A90',
  BOT_ID: '7a1d2c3e-4b5f-4a6b-8c7d-9e0f1a2b3c4d',
  PUBLIC_URL: 'https://policydesk.oakfield-trust.org.uk/',
  PUBLISHER_NAME: ' Oakfield Trust ',
  PUBLISHER_URL: 'https://oakfield-trust.org.uk',
  PRIVACY_URL: 'https://oakfield-trust.org.uk/privacy#staff',
  TERMS_URL: 'https://oakfield-trust.org.uk/acceptable-use.pdf?v=3',
};
type Name = keyof typeof ENV;

/** The lines in which faults are told, without the first. */
function faultsOf(env: Partial<Record<Name, string>>): readonly string[] {
  try {
    readPackageSettings(env);
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
  return [];
}

describe('readPackageSettings', () => {
  it('takes the domain from the address, ids in small letters, and everything else as it is', () => {
    const { PUBLIC_URL: _, ...rest } = ENV;
    expect(readPackageSettings(ENV)).toEqual({
      ...rest,
      TEAMS_APP_ID: ENV.TEAMS_APP_ID.toLowerCase(),
      PUBLISHER_NAME: 'Oakfield Trust',
      BOT_DOMAIN: 'policydesk.oakfield-trust.org.uk',
    });
  });

  it.each(Object.keys(ENV) as Name[])('refuses with one sentence when %s is missing or empty', (name) => {
    for (const value of [undefined, '', '  ']) {
      const { [name]: _, ...others } = ENV;
      const faults = faultsOf(value === undefined ? others : { ...others, [name]: value });
      expect(faults).toEqual([
        expect.stringMatching(new RegExp(`^ {2}- ${name} is missing: [^.]+\\.?[^.]*(?:\\.[^.\\s]+)*\\.$`, 'u')),
      ]);
    }
  });

  it('names all that is missing at once, in the order of .env.example', () => {
    expect(faultsOf({}).map((line) => line.split(' ')[3])).toEqual(Object.keys(ENV));
  });

  it.each<[Name, string, RegExp]>([
    ['TEAMS_APP_ID', 'to be filled in', /must be an id such as/u],
    ['BOT_ID', 'policy-desk', /must be an id such as/u],
    ['PUBLIC_URL', 'policydesk.example.org', /must be the address/u],
    ['PUBLIC_URL', 'http://policydesk.example.org', /with https/u],
    ['PUBLIC_URL', 'https://policydesk.example.org/bot', /without port or path/u],
    ['PUBLIC_URL', 'https://policydesk.example.org:8443', /without port or path/u],
    ['PUBLIC_URL', 'https://localhost', /from anywhere/u],
    ['PUBLIC_URL', 'https://10.0.0.7', /from anywhere/u],
    ['PUBLIC_URL', 'https://[2001:db8::1]', /from anywhere/u],
    ['PUBLIC_URL', 'https://server.local', /from anywhere/u],
    ['PUBLISHER_NAME', 'The Oakfield and Elmbridge Learning Trust', /at most 32 characters/u],
    ['PUBLISHER_NAME', 'Oakfield "the" Trust', /plain text/u],
    ['PUBLISHER_NAME', 'Oakfield\nTrust', /plain text/u],
    ['PUBLISHER_URL', 'http://oakfield-trust.org.uk', /with https/u],
    ['PRIVACY_URL', 'javascript:alert(1)', /with https/u],
    ['PRIVACY_URL', 'https://me:secret@oakfield-trust.org.uk', /with https/u],
    ['TERMS_URL', 'see the handbook', /address of a web page/u],
    ['TERMS_URL', `https://oakfield-trust.org.uk/${'x'.repeat(2048)}`, /at most 2048 characters/u],
  ])('refuses %s %j with one sentence', (name, value, words) => {
    const faults = faultsOf({ ...ENV, [name]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^ {2}- ${name} `, 'u'));
    expect(faults[0]).toMatch(words);
  });

  it('never repeats what was set', () => {
    const wrong = Object.fromEntries(Object.keys(ENV).map((name) => [name, 'sesame']));
    expect(faultsOf({ ...wrong, PUBLISHER_NAME: 'sesame'.repeat(9) }).join()).not.toContain('sesame');
  });
});
