import { afterAll, beforeAll, expect, it } from 'vitest';
import { SEVERITIES } from '../../src/reports/case.js';
import { all, standingOf } from '../../src/reports/standing.js';
import { faultsInCase } from '../../src/reports/verify.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { caseRecords, caseTable } from '../../src/storage/case-table.js';
import { evidenceBlobs } from '../../src/storage/evidence-blobs.js';
import { openTables } from '../../src/storage/tables.js';
import { FakeConnector } from '../fakes/connector.js';
import { anExecute, from, HEADTEACHER_CHANNEL } from '../support/activities.js';
import { OwnAzurite } from '../support/azurite-process.js';
import { runScript } from '../support/built.js';
import { freePorts } from '../support/ports.js';
import type { Running } from '../support/processes.js';
import { aReport, submitted } from '../support/reports.js';
import { DANIEL, HELEN } from '../support/staff.js';
import { until } from '../support/until.js';

const SCHOOL = 'example-primary';
const ROUNDS = 200;

let azurite: OwnAzurite;
let connector: FakeConnector;
let ports: readonly [number, number];
const bots: Running[] = [];

beforeAll(async () => {
  [azurite, connector] = await Promise.all([OwnAzurite.start(), FakeConnector.start()]);
  const port = await freePorts(2);
  ports = [port, port + 1];
  for (const PORT of ports) {
    const env = { BOT_ID: '', HOST: '', STORAGE_CONNECTION_STRING: azurite.connection, STORAGE_ACCOUNT: '' };
    bots.push(runScript('src/main.ts', [], { ...env, PORT: String(PORT) }));
  }
  await Promise.all(bots.map((bot) => bot.until('server.listening')));
}, 90_000);
afterAll(async () => {
  for (const { child } of bots) child.kill('SIGTERM');
  await Promise.all(bots.map(({ ended }) => ended));
  await connector.stop();
  await azurite.cleanUp();
});

it('two processes race on one case 200 times: exactly one wins each, and the other is told who was first', async () => {
  const tables = openTables({ connectionString: azurite.connection });
  const cases = caseTable(tables);
  const change = submitted(aReport(SCHOOL));
  const { reference } = change.case.report;
  await cases.create(change);
  const caseNow = async () => {
    const stored = await cases.find(SCHOOL, reference);
    if (!stored) throw new Error('The case is gone.');
    return stored.case;
  };
  const press = async (port: number, person: typeof HELEN, to: string, seen: number) => {
    const data = { reference, seen, do: 'severity', to, reason: 'I have read it.' };
    const activity = from(person, anExecute('case.act', data, { serviceUrl: connector.serviceUrl }));
    const conversation = { ...activity.conversation, id: `a:chat-of-29:${person.id}` };
    const response = await fetch(`http://127.0.0.1:${port}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...activity, conversation }),
    });
    expect(response.status).toBe(200);
    return response.text();
  };

  const wins = new Map([HELEN, DANIEL].map(({ id }) => [id, 0]));
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await caseNow();
    const seen = before.log.length;
    const choices = SEVERITIES.filter((severity) => severity !== standingOf(before).severity);
    // By turns the one or the other is sent first, to the one or the other process.
    const people = round % 2 === 0 ? [HELEN, DANIEL] : [DANIEL, HELEN];
    const answers = await Promise.all(
      people.map((person, at) => press(ports[(at + (round >> 1)) % 2] ?? 0, person, choices[at] ?? '', seen)),
    );
    const after = await caseNow();
    const [first, ...others] = all(after.log, 'severity_changed').filter(({ number }) => number > seen);
    expect(others).toEqual([]);
    const won = people.findIndex(({ id }) => first && 'personId' in first.by && first.by.personId === id);
    const winner = people[won];
    if (!winner) throw new Error('Nobody won.');
    wins.set(winner.id, (wins.get(winner.id) ?? 0) + 1);
    expect(standingOf(after).severity).toBe(choices[won]);
    expect(answers[1 - won]).toContain(`${winner.name} (`);
    expect(answers[1 - won]).toContain('was first');
    expect(answers[won]).not.toContain('was first');
  }
  // A race that the same side always wins is none.
  expect(Math.min(...wins.values())).toBeGreaterThan(0);

  const end = await caseNow();
  expect(all(end.log, 'severity_changed')).toHaveLength(ROUNDS);
  expect(all(end.log, 'acknowledged')).toHaveLength(1);
  const files = evidenceBlobs(openBlobs({ connectionString: azurite.connection }));
  for await (const record of caseRecords(tables).named(reference, SCHOOL))
    expect(await faultsInCase(record, files)).toEqual([]);
  // Both workers sent what was owed: one card, and one word to the reporter that somebody has read it.
  await until(() => connector.in(HEADTEACHER_CHANNEL).length > 0, undefined, 60_000);
  expect(connector.in(HEADTEACHER_CHANNEL)).toHaveLength(1);
}, 300_000);
