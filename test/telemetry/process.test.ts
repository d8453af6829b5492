import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENQUIRY_TABLE } from '../../src/storage/enquiry-table.js';
import { owedRows } from '../../src/storage/outbox.js';
import { openQueues } from '../../src/storage/queues.js';
import { openTables } from '../../src/storage/tables.js';
import { SWEEPS } from '../../src/telemetry/telemetry.js';
import { FakeApplicationInsights } from '../fakes/application-insights.js';
import { FakeEntra } from '../fakes/entra.js';
import { aMessage, SAMPLE_TENANT } from '../support/activities.js';
import { OwnAzurite } from '../support/azurite-process.js';
import { BotProcess } from '../support/bot-process.js';
import { leaksIn, PERSON_ID } from '../support/marks.js';
import { ROOT } from '../support/processes.js';
import { until } from '../support/until.js';

/** All that a log line may hold, and which sweep it is; `_MS…` is how Azure Monitor marks what it has counted itself. */
const CLOSED_LIST = [
  ...['reference', 'schoolId', 'code', 'error', 'at', 'status', 'activity', 'intent', 'outcome', 'address', 'count'],
  'sweep',
];
/** What is said of the process itself, once with each batch. */
const RESOURCE = ['service.name', 'service.version', 'service.instance.id'];
/** Nobody answers there. */
const WITHOUT_IDENTITY = {
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD',
  ...{ IDENTITY_ENDPOINT: 'http://127.0.0.1:9/msi/token', IDENTITY_HEADER: 'x' },
};
const DAY_S = 24 * 60 * 60;

let azurite: OwnAzurite;
let insights: FakeApplicationInsights;
let printed: Record<string, unknown>[];

/** A message that this version of the bot cannot make, owed for some time already. */
async function owe(partition: string, agoS: number): Promise<void> {
  const client = await openTables({ connectionString: azurite.connection }).table(ENQUIRY_TABLE).client();
  const delivery = {
    kind: 'made.up',
    refs: { enquiry: 'zqxvkjref' },
    placement: { at: 'new' },
    target: { to: 'person', personId: '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c99' },
  } as const;
  const since = { schoolId: 'example-primary', owedSince: new Date(Date.now() - agoS * 1_000), first: 1 };
  await client.submitTransaction(owedRows(`example-primary~${partition}`, since, [delivery]));
}

/** A life with every vital sign out of order: a message so late that it is given up, one that nobody can read; and a question. */
beforeAll(async () => {
  [azurite, insights] = await Promise.all([OwnAzurite.start(), FakeApplicationInsights.start()]);
  await owe('Q-11111111', 10 * DAY_S);
  const queue = await openQueues({ connectionString: azurite.connection }).queue('deliveries').client();
  await queue.sendMessage('zqxvkj is no place');
  const process = await BotProcess.start(azurite.connection, { ...insights.environment, LOG_LEVEL: 'debug' });
  const said = (event: string) => process.logged().some((line) => line.event === event);
  const question = aMessage('can i ring zqxvkjparent from my own phone', { tenantId: SAMPLE_TENANT });
  expect((await process.bot.replies(question)).length).toBeGreaterThan(0);
  await until(() => said('delivery.poison') && said('delivery.given_up'));
  expect(await process.stop()).toBe(0);
  printed = process.logged();
}, 60_000);
afterAll(async () => {
  await Promise.all([azurite?.cleanUp(), insights?.stop()]);
});

describe('what Azure Monitor is told', () => {
  it('comes by the ingestion protocol, under the role of the bot', () => {
    expect(new Set(insights.said.map(({ line }) => line))).toEqual(new Set(['POST /v2.1/track']));
    expect(new Set(insights.envelopes.map(({ tags }) => tags['ai.cloud.role']))).toEqual(new Set(['policy-desk']));
  });

  it('is every line of the log, once', () => {
    const told = insights.of('MessageData').map(({ message }) => message);
    const logged = printed.map(({ event }) => event);
    expect(logged).toContain('server.stopped');
    expect(told.toSorted()).toEqual(logged.toSorted());
  });

  it('has what the alerts are raised on', () => {
    const [owed] = insights.values('policydesk.delivery.oldest_owed');
    expect(owed?.value).toBeGreaterThanOrEqual(10 * DAY_S);
    expect(insights.values('policydesk.delivery.poison').map(({ value }) => value)).toEqual([1]);
    expect(insights.values('policydesk.delivery.given_up').map(({ value }) => value)).toEqual([1]);
    expect(insights.values('policydesk.ready').map(({ value }) => value)).toEqual([1]);
    const ages = insights.values('policydesk.sweep.last_run_age');
    expect(ages.map(({ properties }) => properties.sweep).toSorted()).toEqual([...SWEEPS].toSorted());
    for (const { value } of ages) expect(value).toBeLessThan(120);
  });

  it('times turns by what was asked and what came of it, and shows them as requests', () => {
    const turns = insights.values('policydesk.turn.duration');
    expect(turns.map(({ properties }) => properties)).toEqual([
      expect.objectContaining({ intent: 'question', outcome: 'answered' }),
    ]);
    expect(turns[0]?.value).toBeGreaterThan(0);
    const [turn] = insights.of('RequestData').filter(({ name }) => name === 'turn');
    expect(turn).toMatchObject({ success: true, properties: { activity: 'message', intent: 'question' } });
    const lines = insights.envelopes.filter(({ data }) => data.baseData.message === 'ask.handled');
    const requests = insights.envelopes.filter(({ data }) => data.baseData.name === 'turn');
    expect(lines[0]?.tags['ai.operation.id']).toBe(requests[0]?.tags['ai.operation.id']);
  });

  it('carries the closed list of fields and nothing else', () => {
    const keys = new Set(insights.envelopes.flatMap(({ data }) => Object.keys(data.baseData.properties ?? {})));
    expect([...keys].filter((key) => ![...CLOSED_LIST, ...RESOURCE].includes(key) && !key.startsWith('_MS'))).toEqual(
      [],
    );
    const names = new Set(insights.envelopes.flatMap(({ data }) => data.baseData.name ?? []));
    expect([...names].filter((name) => !['turn', 'delivery', 'sweep', 'upload'].includes(name))).toEqual([]);
    expect(insights.of('ExceptionData')).toEqual([]);
  });

  it('holds nothing that was typed, and nobody’s id, in any byte', () => {
    const places = insights.said.flatMap(({ line, headers, body }) =>
      [line, headers, body].map((text) => ({ where: 'Application Insights', text })),
    );
    expect(places.length).toBeGreaterThan(5);
    expect(leaksIn(places)).toEqual([]);
    expect(leaksIn(places, PERSON_ID)).toEqual([]);
  });
});

describe('a place that lets nobody in by the connection string alone', () => {
  it('is told by the identity that is named', async () => {
    const [place, entra] = await Promise.all([FakeApplicationInsights.start(), FakeEntra.start()]);
    const identity = crypto.randomUUID();
    const process = await BotProcess.start(azurite.connection, {
      ...place.environment,
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `Authorization=AAD;ClientId=${identity}`,
      ...{ IDENTITY_ENDPOINT: `${entra.address}/msi/token`, IDENTITY_HEADER: entra.secret },
    });
    expect(await process.stop()).toBe(0);
    expect(place.said.length).toBeGreaterThan(0);
    for (const { headers } of place.said) expect(headers).toContain('Bearer zqxvkjtoken');
    const asked = entra.asked.map((url) => new URL(url, entra.address).searchParams);
    expect(asked.length).toBeGreaterThan(0);
    for (const query of asked)
      expect([query.get('resource'), query.get('client_id')]).toEqual(['https://monitor.azure.com', identity]);
    await Promise.all([place.stop(), entra.stop()]);
  }, 30_000);
});

describe('a place that', () => {
  it.each<[string, (place: FakeApplicationInsights) => Promise<NodeJS.ProcessEnv>]>([
    [
      'takes all and never answers',
      async (place) => {
        place.isStuck = true;
        return {};
      },
    ],
    [
      'is not there',
      async (place) => {
        await place.stop();
        return {};
      },
    ],
    ['wants an identity that cannot be had', async () => WITHOUT_IDENTITY],
  ])(
    '%s holds up neither a turn nor the end',
    async (_, harm) => {
      const place = await FakeApplicationInsights.start();
      const { environment } = place;
      const further = await harm(place);
      const process = await BotProcess.start(azurite.connection, { ...environment, ...further });
      const question = aMessage('can i ring a parent from my own phone', { tenantId: SAMPLE_TENANT });
      expect((await process.bot.replies(question)).length).toBeGreaterThan(0);
      expect(await process.stop()).toBe(0);
      expect(process.logged().at(-1)).toMatchObject({ event: 'server.stopped' });
      expect(place.said.length > 0).toBe(place.isStuck);
      if (place.isStuck || further === WITHOUT_IDENTITY) await place.stop();
    },
    30_000,
  );
});

describe('without a place to tell it', () => {
  it('nothing of OpenTelemetry is loaded: one file imports it, and only when it is needed', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => ({ name, text: readFileSync(join(ROOT, 'src', name), 'utf8') }));
    const using = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ name }) => name);
    expect(using(/from '@(?:opentelemetry|azure\/monitor)/u)).toEqual(['telemetry/azure-monitor.ts']);
    expect(using(/from '[^']*azure-monitor\.js'/u)).toEqual([]);
    expect(using(/await import\('[^']*azure-monitor\.js'\)/u)).toEqual(['main.ts']);
  });
});
