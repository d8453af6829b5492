import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.js';

const STORAGE = { STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true' };
const LINKS = { PUBLIC_URL: 'https://policydesk.example.org/', LINK_SECRET: 'thirty-two characters, as needed' };
const BOT = { BOT_ID: '99999999-8888-4777-8666-555555555555', BOT_PASSWORD: 'a secret', ...LINKS };
const MODEL = {
  AZURE_OPENAI_ENDPOINT: 'https://example.openai.azure.com/',
  AZURE_OPENAI_KEY: 'a key',
  AZURE_OPENAI_DEPLOYMENT: 'gpt-4o-mini',
};
const TENANT = '7e5f1c9a-3b62-4d18-9a47-0c2d8e6b1f34';

describe('readConfig', () => {
  it('needs nothing but storage, and then listens on this machine only', () => {
    expect(readConfig(STORAGE)).toEqual({
      host: '127.0.0.1',
      port: 3978,
      publicUrl: 'http://127.0.0.1:3978',
      linkSecret: expect.stringMatching(/^.{43}$/u),
      bot: undefined,
      allowedTenants: [],
      storage: { connectionString: 'UseDevelopmentStorage=true' },
      schoolsDir: 'schools',
      azureOpenAi: undefined,
      logLevel: 'info',
    });
  });

  it('takes the name of a container for schools, but none that holds something else', () => {
    expect(readConfig(STORAGE).schoolsContainer).toBeUndefined();
    expect(readConfig({ ...STORAGE, SCHOOLS_CONTAINER: 'schools' }).schoolsContainer).toBe('schools');
    for (const name of ['evidence', 'summaries', 'Schools', 'a', 'a--b', '-ab', '../x'])
      expect(() => readConfig({ ...STORAGE, SCHOOLS_CONTAINER: name })).toThrow(/SCHOOLS_CONTAINER must/u);
  });

  it('takes an identity of each type, and then listens everywhere', () => {
    expect(readConfig({ ...STORAGE, ...BOT })).toMatchObject({ host: '0.0.0.0', bot: { type: 'MultiTenant' } });
    expect(readConfig({ ...STORAGE, ...BOT, BOT_TYPE: 'SingleTenant', BOT_TENANT_ID: TENANT }).bot).toMatchObject({
      type: 'SingleTenant',
      tenantId: TENANT,
    });
    expect(
      readConfig({ ...STORAGE, ...LINKS, BOT_ID: BOT.BOT_ID, BOT_TYPE: 'UserAssignedMSI', BOT_TENANT_ID: TENANT }).bot,
    ).toMatchObject({ password: undefined });
  });

  it('reads lists, and treats empty values as absent', () => {
    expect(
      readConfig({
        STORAGE_ACCOUNT: 'policydesk',
        PORT: '',
        HOST: ' ',
        ALLOWED_TENANTS: ` ${TENANT.toUpperCase()}, ${BOT.BOT_ID} `,
      }),
    ).toMatchObject({
      port: 3978,
      allowedTenants: [TENANT, BOT.BOT_ID],
      storage: { account: 'policydesk' },
    });
  });

  it('takes the address and the secret of links; on this machine the address is where it listens, the secret drawn', () => {
    expect(readConfig({ ...STORAGE, ...BOT })).toMatchObject({
      publicUrl: 'https://policydesk.example.org',
      linkSecret: LINKS.LINK_SECRET,
    });
    expect(readConfig({ ...STORAGE, HOST: '::1', PORT: '4000' }).publicUrl).toBe('http://[::1]:4000');
    expect(readConfig({ ...STORAGE, PUBLIC_URL: 'http://localhost:4000' }).publicUrl).toBe('http://localhost:4000');
    expect(readConfig(STORAGE).linkSecret).not.toBe(readConfig(STORAGE).linkSecret);
  });

  it('takes a model for plain English, by https or on this machine', () => {
    expect(readConfig({ ...STORAGE, ...MODEL }).azureOpenAi).toEqual({
      endpoint: 'https://example.openai.azure.com',
      key: 'a key',
      deployment: 'gpt-4o-mini',
    });
    for (const local of ['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080'])
      expect(readConfig({ ...STORAGE, ...MODEL, AZURE_OPENAI_ENDPOINT: local }).azureOpenAi?.endpoint).toBe(local);
  });

  it('takes a place for telemetry, by its connection string alone or with an identity', () => {
    const connectionString = `InstrumentationKey=${TENANT};IngestionEndpoint=https://uksouth-1.in.applicationinsights.azure.com/`;
    const given = { ...STORAGE, APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString };
    const read = (how: string) =>
      readConfig({ ...given, APPLICATIONINSIGHTS_AUTHENTICATION_STRING: how }).applicationInsights;
    expect(read('')).toEqual({ connectionString, identity: undefined });
    expect(read('Authorization=AAD')).toEqual({ connectionString, identity: {} });
    for (const how of [`Authorization=AAD;ClientId=${TENANT}`, `ClientId=${TENANT};Authorization=aad;`])
      expect(read(how)).toEqual({ connectionString, identity: { identity: TENANT } });
    expect(readConfig({ ...STORAGE, APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD' })).toMatchObject({
      applicationInsights: undefined,
    });
  });

  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    [
      'a model without its key and deployment',
      { ...STORAGE, AZURE_OPENAI_ENDPOINT: MODEL.AZURE_OPENAI_ENDPOINT },
      /needs AZURE_OPENAI_KEY and AZURE_OPENAI_DEPLOYMENT as well/,
    ],
    [
      'a model without its address',
      { ...STORAGE, ...MODEL, AZURE_OPENAI_ENDPOINT: '' },
      /needs AZURE_OPENAI_ENDPOINT as well/,
    ],
    [
      'a model by http',
      { ...STORAGE, ...MODEL, AZURE_OPENAI_ENDPOINT: 'http://example.openai.azure.com' },
      /with https/,
    ],
    [
      'a model at a path',
      { ...STORAGE, ...MODEL, AZURE_OPENAI_ENDPOINT: 'https://example.org/openai?x=1' },
      /AZURE_OPENAI_ENDPOINT must/,
    ],
    [
      'a model at what only looks like this machine',
      { ...STORAGE, ...MODEL, AZURE_OPENAI_ENDPOINT: 'http://127.0.0.1.example.org' },
      /with https/,
    ],
    [
      'a model with a password in its address',
      { ...STORAGE, ...MODEL, AZURE_OPENAI_ENDPOINT: 'https://me:secret@example.org' },
      /AZURE_OPENAI_ENDPOINT must/,
    ],
    [
      'a deployment that is a path',
      { ...STORAGE, ...MODEL, AZURE_OPENAI_DEPLOYMENT: '../x' },
      /AZURE_OPENAI_DEPLOYMENT must/,
    ],
    ['another host without BOT_ID', { ...STORAGE, HOST: '0.0.0.0' }, /HOST is 0\.0\.0\.0, but without BOT_ID/],
    ['a host name without BOT_ID', { ...STORAGE, HOST: 'example.org' }, /HOST is example\.org/],
    [
      'an identity without password',
      { ...STORAGE, BOT_ID: BOT.BOT_ID },
      /BOT_PASSWORD is needed with BOT_TYPE MultiTenant/,
    ],
    ['a single tenant without its id', { ...STORAGE, ...BOT, BOT_TYPE: 'SingleTenant' }, /BOT_TENANT_ID is needed/],
    ['a password without identity', { ...STORAGE, BOT_PASSWORD: 'a secret' }, /BOT_ID is not/],
    [
      'a password for a managed identity',
      { ...STORAGE, ...BOT, BOT_TYPE: 'UserAssignedMSI', BOT_TENANT_ID: TENANT },
      /UserAssignedMSI has none/,
    ],
    ['an identity without an address for links', { ...STORAGE, ...BOT, PUBLIC_URL: '' }, /PUBLIC_URL is needed with/],
    ['an identity without a secret for links', { ...STORAGE, ...BOT, LINK_SECRET: '' }, /LINK_SECRET is needed with/],
    ['links by http', { ...STORAGE, ...BOT, PUBLIC_URL: 'http://policydesk.example.org' }, /PUBLIC_URL must be.+https/],
    ['links at a path', { ...STORAGE, PUBLIC_URL: 'https://example.org/policy-desk' }, /PUBLIC_URL must be.+path/],
    ['a short secret for links', { ...STORAGE, LINK_SECRET: 'x'.repeat(31) }, /LINK_SECRET must have at least 32/],
    ['a list of tenants with none in it', { ...STORAGE, ALLOWED_TENANTS: ' , ' }, /ALLOWED_TENANTS must name/],
    ['no storage', {}, /Set one of STORAGE_CONNECTION_STRING and STORAGE_ACCOUNT/],
    [
      'storage without a key',
      { STORAGE_CONNECTION_STRING: 'AccountName=policydesk' },
      /STORAGE_CONNECTION_STRING must be the connection string/,
    ],
    ['two storages', { ...STORAGE, STORAGE_ACCOUNT: 'policydesk' }, /not both/],
    ['a port that is none', { ...STORAGE, PORT: 'http' }, /PORT must be a port/],
    ['a port too high', { ...STORAGE, PORT: '70000' }, /PORT/],
    ['an id that is none', { ...STORAGE, ...BOT, BOT_ID: 'policy-desk' }, /BOT_ID must be an id/],
    ['a tenant that is none', { ...STORAGE, ALLOWED_TENANTS: 'school' }, /ALLOWED_TENANTS must be an id/],
    [
      'an identity for telemetry that is none',
      { ...STORAGE, APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=policy-desk' },
      /APPLICATIONINSIGHTS_AUTHENTICATION_STRING must be Authorization=AAD/,
    ],
    [
      'telemetry with a key',
      { ...STORAGE, APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=ApiKey' },
      /must be Authorization=AAD/,
    ],
    ['a level that is none', { ...STORAGE, LOG_LEVEL: 'loud' }, /LOG_LEVEL must be one of/],
  ])('refuses %s', (_name, env, words) => {
    expect(() => readConfig(env)).toThrow(
      expect.objectContaining({ code: 'bad_configuration', message: expect.stringMatching(words) }),
    );
  });

  it('names all faults at once, and no secret', () => {
    const read = () => readConfig({ PORT: 'x', BOT_TYPE: 'None', LINK_SECRET: 'a secret', LOG_LEVEL: 'loud' });
    expect(read).toThrow(/PORT[\s\S]*LINK_SECRET[\s\S]*BOT_TYPE[\s\S]*LOG_LEVEL/);
    expect(read).not.toThrow(/a secret/);
  });
});
