import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { createLog } from '../../src/log.js';
import { type RunningServer, startServer } from '../../src/web/server.js';
import type { Resource } from './bicep/expand.js';
import { at, BOT_ID, changed, deployed, ofType, ROOT, TENANT_ID } from './templates.js';

const APP = 'modules/app.bicep';
const LINK_SECRET = 'thirty-two characters, as needed';

type Files = Map<string, string>;

const appIn = (resources: readonly Resource[]) => ofType(resources, 'Microsoft.App/containerApps')[0]?.body;
const containerIn = (resources: readonly Resource[]) => at(appIn(resources), 'properties.template.containers.0');

/** The environment that the container would have. */
function environment(files?: Files, given = {}): Record<string, string> {
  const { resources } = deployed(given, files);
  const secrets = at(appIn(resources), 'properties.configuration.secrets') as readonly { name: string }[];
  const variables = at(containerIn(resources), 'env') as readonly {
    name: string;
    value?: string;
    secretRef?: string;
  }[];
  return Object.fromEntries(
    variables.map(({ name, value, secretRef }) => {
      if (secretRef && !secrets.some((secret) => secret.name === secretRef)) throw new Error(`no secret ${secretRef}`);
      return [name, value ?? LINK_SECRET];
    }),
  );
}

describe('what the container is told', () => {
  const known = () => {
    const source = readFileSync(`${ROOT}src/config.ts`, 'utf8');
    return new Set([...source.matchAll(/^ {2}([A-Z][A-Z_]+): /gmu)].map(([, name]) => name));
  };
  const unknown = (files?: Files) => Object.keys(environment(files)).filter((name) => !known().has(name));

  it('is what src/config.ts reads, and no more', () => {
    expect(unknown()).toEqual([]);
    expect(unknown(changed(APP, "'STORAGE_ACCOUNT'", "'STORAGE_ACOUNT'"))).toEqual(['STORAGE_ACOUNT']);
  });

  it('is enough to start in production, as the identity that the bot is registered with', () => {
    const { resources, outputs } = deployed();
    expect(readConfig(environment())).toMatchObject({
      host: '0.0.0.0',
      port: at(appIn(resources), 'properties.configuration.ingress.targetPort'),
      publicUrl: outputs.PUBLIC_URL,
      bot: { id: BOT_ID, type: 'UserAssignedMSI', tenantId: TENANT_ID, password: undefined },
      allowedTenants: [TENANT_ID],
      storage: { account: ofType(resources, 'Microsoft.Storage/storageAccounts')[0]?.name, identity: BOT_ID },
      azureOpenAi: undefined,
    });
    const [bot] = ofType(resources, 'Microsoft.BotService/botServices');
    expect(bot?.body.properties).toMatchObject({
      msaAppType: 'UserAssignedMSI',
      msaAppId: BOT_ID,
      msaAppTenantId: TENANT_ID,
      endpoint: `${outputs.PUBLIC_URL}/api/messages`,
    });
  });

  it.each(['PUBLIC_URL', 'LINK_SECRET', 'BOT_ID', 'BOT_TYPE', 'BOT_TENANT_ID', 'STORAGE_ACCOUNT'])(
    'would not do without %s',
    (name) => {
      const { [name]: left, ...rest } = environment();
      expect(left).toBeDefined();
      expect(() => readConfig(rest)).toThrow(/cannot start/u);
    },
  );

  it('has the chat model where one is set, with its key from the vault', () => {
    const model = { azureOpenAiEndpoint: 'https://oak.openai.azure.com', azureOpenAiDeployment: 'gpt-4.1-mini' };
    expect(readConfig(environment(undefined, model)).azureOpenAi).toMatchObject({
      endpoint: model.azureOpenAiEndpoint,
      deployment: model.azureOpenAiDeployment,
    });
  });

  it('reads the files of the schools from where there is a volume to copy them to', () => {
    const container = containerIn(deployed().resources);
    expect(environment()).toMatchObject({
      SCHOOLS_CONTAINER: 'schools',
      SCHOOLS_DIR: at(container, 'volumeMounts.0.mountPath'),
    });
    const { resources } = deployed();
    expect(at(appIn(resources), 'properties.template.volumes.0.name')).toBe(at(container, 'volumeMounts.0.volumeName'));
  });
});

describe('the probes', () => {
  let server: RunningServer;
  beforeAll(async () => {
    const receive = async () => ({ status: 200 });
    server = await startServer({ receive, condition: async () => [], log: createLog('silent') }, '127.0.0.1', 0);
  });
  afterAll(() => server.stop());

  const answers = async (files?: Files) => {
    const { resources } = deployed({}, files);
    const port = at(appIn(resources), 'properties.configuration.ingress.targetPort');
    const probes = at(containerIn(resources), 'probes') as readonly { httpGet: { path: string; port: number } }[];
    return Promise.all(
      probes.map(async ({ httpGet }) =>
        httpGet.port === port ? (await fetch(`${server.address}${httpGet.path}`)).status : 'other port',
      ),
    );
  };

  it('ask what the server answers', async () => {
    expect(await answers()).toEqual([200, 200, 200]);
    expect(await answers(changed(APP, "'/readyz'", "'/ready'"))).toEqual([200, 200, 404]);
    const other = changed(
      APP,
      "path: '/readyz'\n                port: port",
      "path: '/readyz'\n                port: 8080",
    );
    expect(await answers(other)).toEqual([200, 200, 'other port']);
  });

  it('and the bot is told where it listens for messages', async () => {
    const endpoint = at(
      ofType(deployed().resources, 'Microsoft.BotService/botServices')[0]?.body,
      'properties.endpoint',
    );
    const { pathname } = new URL(String(endpoint));
    const body = JSON.stringify({ type: 'message' });
    const headers = { 'Content-Type': 'application/json' };
    expect((await fetch(`${server.address}${pathname}`, { method: 'POST', body, headers })).status).toBe(200);
  });
});

it('without an image there is everything but the app and what watches it', () => {
  const [whole, first] = [deployed().resources, deployed({ imageTag: 'none' }).resources];
  const missing = whole.filter(({ type, name }) => !first.some((one) => one.type === type && one.name === name));
  expect([...new Set(missing.map(({ type }) => type))]).toEqual([
    'Microsoft.App/containerApps',
    'Microsoft.Insights/scheduledQueryRules',
  ]);
});
