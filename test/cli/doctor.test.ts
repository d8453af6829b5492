import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { channelFinding } from '../../src/cli/doctor/channels.js';
import { diagnose } from '../../src/cli/doctor/diagnose.js';
import type { Finding } from '../../src/cli/doctor/finding.js';
import { botToken } from '../../src/cli/doctor/identity.js';
import { addressFindings, owedFindings, queueFindings } from '../../src/cli/doctor/running.js';
import { schoolFindings } from '../../src/cli/doctor/schools.js';
import { clockFinding, storageFindings } from '../../src/cli/doctor/storage.js';
import { readConfig } from '../../src/config.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { directoryTable } from '../../src/storage/directory-table.js';
import { ENQUIRY_TABLE } from '../../src/storage/enquiry-table.js';
import { owedRows, tableOutbox } from '../../src/storage/outbox.js';
import { openQueues } from '../../src/storage/queues.js';
import { openTables } from '../../src/storage/tables.js';
import { FakeConnector } from '../fakes/connector.js';
import { FakeEntra } from '../fakes/entra.js';
import { HEADTEACHER_CHANNEL, SAMPLE_TENANT } from '../support/activities.js';
import { OwnAzurite } from '../support/azurite-process.js';
import { BotProcess } from '../support/bot-process.js';
import { runScript } from '../support/built.js';
import { freePorts } from '../support/ports.js';
import { SCHOOLS_DIR, sampleSchool } from '../support/sample-school.js';
import { StorageProxy } from '../support/storage-proxy.js';
import { TlsFront, TRUSTING } from '../support/tls-front.js';

const BOT_ID = '11111111-2222-4333-8444-555555555555';
const SECRET = randomBytes(36).toString('base64');
const NOBODY = 'http://127.0.0.1:9';

let azurite: OwnAzurite;
let bot: BotProcess;
let entra: FakeEntra;
let connector: FakeConnector;
const fronts: TlsFront[] = [];
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'policy-desk-doctor-'));
  [azurite, entra, connector] = await Promise.all([OwnAzurite.start(), FakeEntra.start(), FakeConnector.start()]);
  bot = await BotProcess.start(azurite.connection);
  fronts.push(await TlsFront.before(new URL(connector.serviceUrl).origin), await TlsFront.before(bot.bot.address));
}, 60_000);
afterAll(async () => {
  await bot?.stop();
  await Promise.all([...fronts.map((front) => front.stop()), entra?.stop(), connector?.stop(), azurite?.cleanUp()]);
  rmSync(folder, { recursive: true, force: true });
});

const storage = () => ({
  tables: openTables({ connectionString: azurite.connection }),
  blobs: openBlobs({ connectionString: azurite.connection }),
  queues: openQueues({ connectionString: azurite.connection }),
});

/** Everything that would describe a deployment is left out, unless a test names it. */
const NOTHING = Object.fromEntries(
  [
    'BOT_ID',
    'BOT_TYPE',
    'BOT_PASSWORD',
    'BOT_TENANT_ID',
    'STORAGE_CONNECTION_STRING',
    'STORAGE_ACCOUNT',
    'PUBLIC_URL',
  ].map((name) => [name, '']),
);

async function doctor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const command = runScript('src/cli/doctor.ts', args, { ...NOTHING, SCHOOLS_DIR, ...env });
  return { code: await command.ended, printed: command.printed() };
}

const named = (findings: readonly Finding[], check: string) => findings.filter((one) => one.check === check);
const states = (findings: readonly Finding[]) => findings.map(({ state }) => state);

/** Teams, with the bot in the team of the sample school. */
async function connected(serviceUrl: string): Promise<void> {
  const { profile } = await sampleSchool();
  connector.channels[profile.teams.teamId] = [{ id: HEADTEACHER_CHANNEL }];
  const directory = directoryTable(storage().tables);
  await directory.rememberServiceUrl(SAMPLE_TENANT, serviceUrl);
  await directory.remember(profile.id, 'channel~headteacher', { conversationId: HEADTEACHER_CHANNEL });
}

describe('the command doctor', () => {
  it('finds the local stack where nothing is set up, and says that a channel is not known before anybody spoke there', async () => {
    const ports = /BlobEndpoint=http:\/\/127\.0\.0\.1:(\d+)/u.exec(azurite.connection)?.[1] ?? '';
    const { code, printed } = await doctor(['--storage-port', ports, '--bot-port', new URL(bot.bot.address).port]);
    expect(printed).toContain('✓ configuration: No deployment is set up here, so the local stack');
    expect(printed).toContain(
      '! channel of example-primary: Nobody has spoken to the bot in the Headteacher’s channel yet',
    );
    expect(printed).toMatch(/✓ school example-primary: It can be read: 1 policy, \d+ clauses\./u);
    expect(printed).toContain('✓ running bot, tables: Table storage answers.');
    expect(printed).not.toContain('✗');
    expect(code).toBe(0);
  }, 60_000);

  it('looks at a whole deployment, with a managed identity, through Teams and its public address', async () => {
    const [teams, address] = fronts.map((front) => front.address);
    await connected(`${teams}/connector/`);
    const env = {
      ...{
        BOT_ID,
        BOT_TYPE: 'UserAssignedMSI',
        BOT_TENANT_ID: SAMPLE_TENANT,
        LINK_SECRET: SECRET,
        PUBLIC_URL: address,
      },
      ...{ IDENTITY_ENDPOINT: `${entra.address}/msi/token`, IDENTITY_HEADER: entra.secret },
      ...{ STORAGE_CONNECTION_STRING: azurite.connection, ...TRUSTING },
    };
    const { code, printed } = await doctor(['--json'], env);
    const { healthy, findings } = JSON.parse(printed) as { healthy: boolean; findings: Finding[] };
    expect(findings.filter(({ state }) => state === 'broken')).toEqual([]);
    expect([code, healthy]).toEqual([0, true]);
    const works = ['bot credentials', 'storage, rows', 'storage, files', 'storage, messages', 'clock', 'address'];
    for (const check of [...works, 'channel of example-primary'])
      expect(states(named(findings, check)), check).toEqual(['works']);
    expect(connector.calls.at(-1)).toMatchObject({ method: 'GET', authorization: 'Bearer zqxvkjtoken' });
    expect(connector.posted).toEqual([]);
    const { profile } = await sampleSchool();
    for (const secret of [SECRET, entra.secret, 'zqxvkjtoken', ...profile.people.map(({ name }) => name)])
      expect(printed).not.toContain(secret);
  }, 60_000);

  it('says all that is wrong with settings, and what was meant to be secret stays so', async () => {
    const { code, printed } = await doctor([], { BOT_ID, BOT_PASSWORD: 'zqxvkjsecret', PUBLIC_URL: 'ftp://x' });
    expect(printed).toMatch(/^✗ configuration: .*\n[^✓]*PUBLIC_URL must be the address/u);
    expect(printed).not.toContain('zqxvkj');
    expect(code).toBe(1);
  });
});

describe('the command doctor, where storage is named wrongly,', () => {
  it('says so in plain words, and not what was named', async () => {
    const { code, printed } = await doctor([], { STORAGE_CONNECTION_STRING: 'AccountName=x;AccountKey=zqxvkj' });
    expect(printed).toMatch(/^✗ configuration: .*\n[^✓]*STORAGE_CONNECTION_STRING must be the connection string/u);
    expect(printed).not.toMatch(/zqxvkj|^\s+at /mu);
    expect(code).toBe(1);
  });
});

describe('a deployment', () => {
  it('of which storage does not answer is told so at once, and the rest is looked at all the same', async () => {
    const env = { STORAGE_CONNECTION_STRING: azurite.connection.replaceAll(/127\.0\.0\.1:\d+/gu, '127.0.0.1:9') };
    const findings = await diagnose(readConfig({ ...env, SCHOOLS_DIR, PUBLIC_URL: bot.bot.address }), {
      ...{ isLocal: false, machineNow: () => new Date() },
    });
    for (const check of ['storage, rows', 'storage, files', 'storage, messages'])
      expect(states(named(findings, check)), check).toEqual(['broken']);
    expect(states(named(findings, 'address'))).toEqual(['works']);
    expect(named(findings, 'clock')).toEqual([]);
  }, 30_000);

  it('with a secret that anybody could guess is told to change it', async () => {
    const settings = { BOT_ID, BOT_PASSWORD: entra.secret, LINK_SECRET: 'change me change me change me change me' };
    const config = readConfig({
      ...settings,
      PUBLIC_URL: 'http://127.0.0.1:9',
      STORAGE_CONNECTION_STRING: azurite.connection,
    });
    const loginUrl = `${entra.address}/`;
    const findings = await diagnose(
      { ...config, schoolsDir: folder },
      { isLocal: false, machineNow: () => new Date(), loginUrl },
    );
    expect(states(named(findings, 'configuration'))).toEqual(['works', 'broken', 'broken', 'look']);
    expect(states(named(findings, 'bot credentials'))).toEqual(['works']);
    expect(JSON.stringify(findings)).not.toContain('change me');
  }, 30_000);
});

describe('the bot’s credentials', () => {
  const identity = (type: 'SingleTenant' | 'UserAssignedMSI', password?: string) =>
    ({ id: BOT_ID, type, password, tenantId: SAMPLE_TENANT }) as const;

  it.each([
    ['AADSTS7000222: The provided client secret keys are expired.', 'has expired'],
    ['AADSTS7000215: Invalid client secret provided.', 'does not know this client secret'],
    ['AADSTS700016: Application was not found.', 'does not know BOT_ID'],
    ['AADSTS90002: Tenant not found.', 'does not know the tenant'],
    ['AADSTS50011: zqxvkj.', 'refuses the bot (AADSTS50011)'],
  ])('%s', async (refusal, words) => {
    entra.refusal = refusal;
    const { token, findings } = await botToken(identity('SingleTenant', entra.secret), `${entra.address}/`);
    entra.refusal = undefined;
    expect(token).toBeUndefined();
    expect(findings).toEqual([expect.objectContaining({ state: 'broken', says: expect.stringContaining(words) })]);
    expect(JSON.stringify(findings)).not.toContain('zqxvkj');
  });

  it('are right, wrong, or cannot be asked for', async () => {
    const asked = async (password: string, url: string) =>
      states((await botToken(identity('SingleTenant', password), url)).findings);
    expect(await asked(entra.secret, `${entra.address}/`)).toEqual(['works']);
    expect(entra.asked.at(-1)).toBe(`/${SAMPLE_TENANT}/oauth2/v2.0/token`);
    expect(await asked('another', `${entra.address}/`)).toEqual(['broken']);
    expect(await asked(entra.secret, `${NOBODY}/`)).toEqual(['broken']);
  });
});

describe('storage and the clock', () => {
  it('is refused: the role is named', async () => {
    const connectionString = azurite.connection.replace(/AccountKey=[^;]+/u, 'AccountKey=d3Jvbmc=');
    const address = { connectionString };
    const findings = await storageFindings({
      ...{ tables: openTables(address), blobs: openBlobs(address), queues: openQueues(address) },
    });
    expect(findings.map(({ state, todo }) => [state, todo])).toEqual(
      ['Table', 'Blob', 'Queue'].map((service) => [
        'broken',
        expect.stringContaining(`Storage ${service} Data Contributor`),
      ]),
    );
    // As infra/ gives it: not on the container of schools, which say who may do what.
    expect(findings[1]?.todo).toContain(
      'containers evidence, summaries and doctor, and Storage Blob Data Reader on the account',
    );
  });

  it.each(['evidence', 'summaries'])('may not be written in the container %s', async (name) => {
    const proxy = await StorageProxy.start(azurite.connection, 'Blob');
    const address = { connectionString: proxy.through(azurite.connection) };
    proxy.storm = { share: 1, faults: [{ kind: 'answers', status: 403 }], at: new RegExp(`/${name}/`, 'u') };
    const findings = await storageFindings({ ...storage(), blobs: openBlobs(address) });
    expect(findings.map(({ state }) => state)).toEqual(['works', 'broken', 'works']);
    expect(findings[1]?.todo).toContain('Storage Blob Data Contributor on the containers evidence, summaries');
    await proxy.stop();
  });

  it('leaves nothing behind', async () => {
    const { tables, blobs, queues } = storage();
    expect(states(await storageFindings({ tables, blobs, queues }))).toEqual(['works', 'works', 'works']);
    const rows: unknown[] = [];
    for await (const row of (await tables.table('Doctor').client()).listEntities()) rows.push(row);
    for (const name of ['doctor', 'evidence', 'summaries'])
      await blobs.container(name).use(async (container) => {
        const prefix = name === 'doctor' ? '' : 'doctor';
        for await (const blob of container.listBlobsFlat({ prefix, includeUncommitedBlobs: true })) rows.push(blob);
      });
    const { approximateMessagesCount } = await (await queues.queue('doctor').client()).getProperties();
    expect([rows, approximateMessagesCount]).toEqual([[], 0]);
  });

  it('says how far off the clock is', async () => {
    const { tables } = storage();
    await tables.unreachable();
    const off = (seconds: number) => clockFinding(tables, new Date(tables.now().getTime() + seconds * 1_000));
    expect([0, -120, 600].map((seconds) => off(seconds).state)).toEqual(['works', 'look', 'broken']);
    expect(off(-120).says).toContain('120 seconds off');
  });
});

describe('schools', () => {
  const now = new Date('2026-11-20T12:00:00Z');
  const at = async (change: (profile: Record<string, unknown>) => void, policy?: string) => {
    const place = mkdtempSync(join(folder, 'schools-'));
    cpSync(SCHOOLS_DIR, place, { recursive: true });
    const file = join(place, 'example-primary', 'school.yaml');
    const profile = parse(readFileSync(file, 'utf8'));
    change(profile);
    writeFileSync(file, stringify(profile));
    if (policy !== undefined)
      writeFileSync(join(place, 'example-primary', 'policies', 'social-media-policy.md'), policy);
    return (await schoolFindings(place, now)).findings;
  };

  it('that are in order are so', async () => {
    const terms = [{ name: 'All year', from: '2026-09-01', to: '2027-07-20' }];
    const findings = await at((profile) => Object.assign(profile, { terms }));
    expect(states(findings.filter(({ check }) => !check.startsWith('policies')))).toEqual(['works', 'works']);
  });

  it.each<[string, (profile: Record<string, unknown>) => void, Finding['state'], string]>([
    ['whose profile is broken', (profile) => Object.assign(profile, { people: 'zqxvkj' }), 'broken', 'is not in order'],
    [
      'whose terms are over',
      (profile) => Object.assign(profile, { terms: [{ name: 'zqxvkj', from: '2025-09-01', to: '2026-07-20' }] }),
      ...(['look', 'They ended on'] as const),
    ],
    [
      'whose terms are soon over',
      (profile) => Object.assign(profile, { terms: [{ name: 'zqxvkj', from: '2026-09-01', to: '2026-12-18' }] }),
      ...(['look', 'They end on'] as const),
    ],
  ])('%s', async (_, change, state, words) => {
    const findings = await at(change);
    expect(findings).toContainEqual(expect.objectContaining({ state, says: expect.stringContaining(words) }));
    expect(JSON.stringify(findings)).not.toContain('zqxvkj');
  });

  it('whose policy cannot be read, or should have been reviewed', async () => {
    expect(await at(() => undefined, '')).toContainEqual(expect.objectContaining({ state: 'broken' }));
    const late = await at(() => undefined, '# Policy zqxvkj\n\nReview date: 1 September 2025\n\n1. Staff may ring.\n');
    expect(named(late, 'policies of example-primary')).toEqual([expect.objectContaining({ state: 'look' })]);
  });

  it('of which there are none, or no folder', async () => {
    expect(states((await schoolFindings(join(folder, 'nowhere'), now)).findings)).toEqual(['broken']);
    expect(states((await schoolFindings(mkdtempSync(join(folder, 'empty-')), now)).findings)).toEqual(['broken']);
  });
});

describe('the Headteacher’s channel', () => {
  const found = async (token?: string) => {
    const parts = { directory: directoryTable(storage().tables), token, hasIdentity: false, isLocal: false };
    return channelFinding(parts, await sampleSchool());
  };

  it('is reached, gone, shut to the bot, or refuses its token; and nobody sees that it was asked', async () => {
    await connected(connector.serviceUrl);
    expect((await found('token')).state).toBe('works');
    const { profile } = await sampleSchool();
    connector.channels[profile.teams.teamId] = [];
    expect(await found()).toMatchObject({ state: 'broken', says: expect.stringContaining('does not list') });
    for (const [status, words] of [
      [403, 'not in that team'],
      [401, 'token'],
      [503, 'status 503'],
    ] as const) {
      connector.troubles.push({ status });
      expect(await found()).toMatchObject({ state: 'broken', says: expect.stringContaining(words) });
    }
    expect(connector.calls.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('is not known where Teams cannot be asked', async () => {
    await connected(`http://127.0.0.1:${await freePorts(1)}/connector/`);
    expect(await found()).toMatchObject({ state: 'look', says: expect.stringContaining('ECONNREFUSED') });
  });
});

describe('what runs', () => {
  it('does not answer, or something else does', async () => {
    expect(states(await addressFindings(NOBODY, false))).toEqual(['broken']);
    for (const answer of ['{"status":"zqxvkj"}', '<title>Parked</title>']) {
      const other = createServer((_, response) => response.end(answer));
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      const [finding] = await addressFindings(`http://127.0.0.1:${(other.address() as AddressInfo).port}`, false);
      other.close();
      expect(finding).toMatchObject({ state: 'broken', says: expect.stringContaining('something else') });
    }
    expect((await addressFindings(`http://127.0.0.1:${await freePorts(1)}`, true))[0]?.todo).toContain('npm run dev');
  });

  it('has left messages that nobody could work on', async () => {
    const { queues } = storage();
    expect(states(await queueFindings(queues))).toEqual(['works']);
    await (await queues.queue('deliveries-poison').client()).sendMessage('zqxvkj');
    expect(await queueFindings(queues)).toContainEqual(
      expect.objectContaining({ state: 'look', says: expect.stringMatching(/^1 messages/u) }),
    );
  });

  it('owes something for too long, or for a school that is gone', async () => {
    const { tables } = storage();
    const outbox = tableOutbox(tables, [ENQUIRY_TABLE]);
    const client = await tables.table(ENQUIRY_TABLE).client();
    const school = await sampleSchool();
    const now = new Date();
    const owe = async (schoolId: string, minutes: number) => {
      const delivery = {
        kind: 'made.up',
        refs: {},
        target: { to: 'governors_chat' },
        placement: { at: 'new' },
      } as const;
      const since = { schoolId, owedSince: new Date(now.getTime() - minutes * 60_000), first: minutes };
      await client.submitTransaction(owedRows(`${schoolId}~Q-33333333`, since, [delivery]));
    };
    const said = async () => states(await owedFindings(outbox, [school], now));
    expect(await said()).toEqual(['works']);
    await owe(school.profile.id, 2);
    expect(await said()).toEqual(['works']);
    await owe('gone', 2);
    expect(await said()).toEqual(['works', 'look']);
    await owe(school.profile.id, 11);
    expect(await said()).toEqual(['look', 'look']);
  });
});
