import { describe, expect, inject, it } from 'vitest';
import { type StoredCase, UnreadableCases } from '../../src/reports/stores.js';
import { CASE_TABLE, caseTable } from '../../src/storage/case-table.js';
import { tableOutbox } from '../../src/storage/outbox.js';
import { openTables } from '../../src/storage/tables.js';
import { OwnAzurite } from '../support/azurite-process.js';
import {
  AWKWARD,
  anAnswers,
  aReport,
  evidenceAdded,
  further,
  newReference,
  someEvidence,
  submitted,
} from '../support/reports.js';
import { StorageProxy } from '../support/storage-proxy.js';

const schoolId = `cases-${process.pid}`;
const tables = openTables({ connectionString: inject('storage') });
const cases = caseTable(tables);
const outbox = tableOutbox(tables, [CASE_TABLE]);
const files = (count: number) => Array.from({ length: count }, (_, at) => someEvidence(Buffer.from(`file ${at}`)));
const words = (text: string) => ({ kind: 'words_added', words: text }) as const;

async function found(reference: string, school = schoolId): Promise<StoredCase> {
  const stored = await cases.find(school, reference);
  if (!stored) throw new Error('It is not there.');
  return stored;
}

describe('a case', () => {
  it('is read back as it was committed, with as much evidence as a report takes', async () => {
    const report = aReport(schoolId, { answers: anAnswers({ words: AWKWARD, howTheyAre: 'x'.repeat(70_000) }) });
    const evidence = [
      ...files(9),
      someEvidence(Buffer.from('p'), Buffer.from('v'), { seenWhere: AWKWARD, receivedAt: new Date(7) }),
    ];
    const change = submitted(report, evidence);
    const place = await cases.create(change);
    expect(place).toEqual({ table: CASE_TABLE, partition: `${schoolId}~${report.reference}` });
    const stored = await found(report.reference);
    expect(stored).toEqual({ case: change.case, version: stored.version, deliveries: 1 });
    expect(
      (await outbox.read(place as { table: string; partition: string })).map(({ delivery }) => delivery),
    ).toMatchObject([{ order: 1, schoolId, owedSince: report.submittedAt, progress: { state: 'owed' } }]);
  });

  it('is made once, however often and fast it is submitted', async () => {
    const changes = [1, 2, 3, 4, 5, 6].map((at) =>
      submitted(aReport(schoolId, { reference: 'PD-TW1CE000' }), files(at)),
    );
    const places = await Promise.all(changes.map((change) => cases.create(change)));
    expect(places.filter(Boolean)).toHaveLength(1);
    const winner = changes[places.findIndex(Boolean)];
    const stored = await found('PD-TW1CE000');
    expect(stored).toMatchObject({ case: winner?.case, deliveries: 1 });
    expect(await cases.create(changes[0] as (typeof changes)[0])).toBeUndefined();
  });

  it('is not there at all when one of its rows cannot be written', async () => {
    const change = submitted(aReport(schoolId), files(2));
    const [delivery] = change.deliveries;
    if (!delivery) throw new Error('It owes nothing.');
    const tooLarge = { ...delivery, refs: { reference: 'x'.repeat(70_000) } };
    await expect(cases.create({ ...change, deliveries: [delivery, tooLarge] })).rejects.toThrow();
    expect(await cases.find(schoolId, change.case.report.reference)).toBeUndefined();
  });

  it('is changed by the first of many, and what the others owe is not there either', async () => {
    const { report } = submitted(aReport(schoolId)).case;
    await cases.create(submitted(report));
    const stored = await found(report.reference);
    const changes = ['a', 'b', 'c', 'd'].map((text) => further(stored, words(text)));
    const places = await Promise.all(changes.map((change) => cases.change(stored, change)));
    expect(places.filter(Boolean)).toHaveLength(1);
    const after = await found(report.reference);
    expect(after).toMatchObject({ case: changes[places.findIndex(Boolean)]?.case, deliveries: 2 });
    const file = someEvidence(Buffer.from('later'));
    const place = await cases.change(after, further(after, evidenceAdded(file), [file]));
    expect((await found(report.reference)).case).toMatchObject({ evidence: [file], log: [{}, {}, { number: 3 }] });
    const orders = (await outbox.read(place as { table: string; partition: string })).map(
      ({ delivery }) => delivery.order,
    );
    expect(orders).toEqual([1, 2, 3]);
  });

  it('with more rows than one answer of the service holds is read whole', async () => {
    const change = submitted(aReport(schoolId));
    await cases.create(change);
    let stored = await found(change.case.report.reference);
    for (let times = 0; times < 11; times += 1) {
      const events = [...stored.case.log];
      for (let one = 0; one < 95; one += 1)
        events.push(...further({ ...stored, case: { ...stored.case, log: events } }, words(`${times}/${one}`)).events);
      const news = events.slice(stored.case.log.length);
      await cases.change(stored, { ...further(stored, words('')), events: news, deliveries: [] });
      stored = await found(change.case.report.reference);
      expect(stored.case.log).toEqual(events);
    }
    expect(stored.case.log).toHaveLength(1046);
    const all = [];
    for await (const one of cases.all(schoolId)) if (one.case.log.length > 1000) all.push(one);
    expect(all).toEqual([stored]);
  });

  it('is listed with all of its school, whole, and with no other school’s', async () => {
    const [mine, other] = [`list-${process.pid}`, `list-${process.pid}-2`];
    const changes = Array.from({ length: 30 }, () => submitted(aReport(mine), files(3)));
    for (const change of changes) await cases.create(change);
    await cases.create(submitted(aReport(other)));
    const listed = [];
    for await (const one of cases.all(mine)) listed.push(one);
    const byReference = (one: { case: { report: { reference: string } } }) => one.case.report.reference;
    const sorted = changes.toSorted((one, two) => (byReference(one) < byReference(two) ? -1 : 1));
    expect(listed.map((one) => one.case)).toEqual(sorted.map((one) => one.case));
    const schools = new Set<string>();
    for await (const one of cases.all()) schools.add(one.case.report.schoolId);
    expect([...schools]).toEqual(expect.arrayContaining([mine, other]));
  });

  it('is found among the unfinished ones until it is closed or withdrawn, and read only while it is', async () => {
    const school = `open-${process.pid}`;
    const [kept, closed, withdrawn, older] = await Promise.all(
      ['PD-00000001', 'PD-00000002', 'PD-00000003', 'PD-00000004'].map(async (reference) => {
        await cases.create(submitted(aReport(school, { reference })));
        return found(reference, school);
      }),
    );
    const close = { kind: 'closed', outcome: 'resolved', message: 'Done.' } as const;
    if (!kept || !closed || !withdrawn || !older) throw new Error('They are not there.');
    await cases.change(kept, further(kept, words('more')));
    await cases.change(closed, further(closed, close));
    await cases.change(withdrawn, further(withdrawn, { kind: 'withdrawn', reason: 'Settled.' }));
    const client = await tables.table(CASE_TABLE).client();
    const partitionKey = `${school}~PD-00000004`;
    const { etag: _, ...row } = await client.getEntity(partitionKey, 'case');
    await client.updateEntity({ ...row, partitionKey, rowKey: 'case', unfinished: null }, 'Replace');
    // What is over is not read: nobody is told that it cannot be.
    await client.deleteEntity(`${school}~PD-00000002`, 'event~000001');
    const listed = async () => {
      const references: string[] = [];
      for await (const one of cases.unfinished(school)) references.push(one.case.report.reference);
      return references;
    };
    expect(await listed()).toEqual(['PD-00000001', 'PD-00000004']);
    const again = await found('PD-00000003', school);
    await cases.change(again, further(again, { kind: 'reopened', reason: 'It goes on.' }));
    expect(await listed()).toEqual(['PD-00000001', 'PD-00000003', 'PD-00000004']);
    const old = await found('PD-00000004', school);
    await cases.change(old, further(old, close));
    expect(await listed()).toEqual(['PD-00000001', 'PD-00000003']);
  });

  it('that cannot be read keeps no other back, and is told of at the end', async () => {
    const school = `torn-${process.pid}`;
    for (const reference of ['PD-00000001', 'PD-00000002', 'PD-00000003'])
      await cases.create(submitted(aReport(school, { reference })));
    await (await tables.table(CASE_TABLE).client()).deleteEntity(`${school}~PD-00000001`, 'event~000001');
    const references: string[] = [];
    const all = async () => {
      for await (const one of cases.unfinished(school)) references.push(one.case.report.reference);
    };
    await expect(all()).rejects.toEqual(new UnreadableCases(1));
    expect(references).toEqual(['PD-00000002', 'PD-00000003']);
  });

  it.each(['', 'PD-7K3MZ0QI', "PD-7K3MZ0Q'", '../PD-7K3MZ0Q'])('is not looked for under "%s"', async (reference) => {
    expect(await cases.find(schoolId, reference)).toBeUndefined();
  });

  it('is not found in another school, nor when there is none', async () => {
    const change = submitted(aReport(schoolId));
    await cases.create(change);
    expect(await cases.find(`${schoolId}-other`, change.case.report.reference)).toBeUndefined();
    expect(await cases.find(schoolId, newReference())).toBeUndefined();
  });

  it('is not taken to be there when its table is gone', async () => {
    const azurite = await OwnAzurite.start();
    const own = openTables({ connectionString: azurite.connection });
    const change = submitted(aReport(schoolId), files(1));
    const kept = caseTable(own);
    await kept.create(submitted(aReport(schoolId)));
    await (await own.table(CASE_TABLE).client()).deleteTable();
    await expect(kept.create(change)).rejects.toThrow();
    await azurite.cleanUp();
  });

  it('is refused while storage is down, and not made twice when its answer is lost', async () => {
    const proxy = await StorageProxy.start(inject('storage'));
    const cut = caseTable(openTables({ connectionString: proxy.through(inject('storage')) }));
    const change = submitted(aReport(schoolId), files(1));
    const { reference } = change.case.report;
    proxy.weather = 'down';
    await expect(cut.create(change)).rejects.toThrow();
    await expect(cut.find(schoolId, reference)).rejects.toThrow();
    proxy.weather = 'fair';
    expect(await cut.find(schoolId, reference)).toBeUndefined();
    proxy.weather = 'transactions lost once';
    expect(await cut.create(change)).toEqual({ table: CASE_TABLE, partition: `${schoolId}~${reference}` });
    expect(await cut.create(change)).toBeUndefined();
    const stored = await found(reference);
    const next = further(stored, words('once'));
    proxy.weather = 'transactions lost once';
    expect(await cut.change(stored, next)).toEqual({ table: CASE_TABLE, partition: `${schoolId}~${reference}` });
    expect(proxy.transactions.length).toBeGreaterThan(2);
    expect(await found(reference)).toMatchObject({ case: next.case, deliveries: 2 });
    expect(await cut.change(stored, next)).toBeUndefined();
    const owing = { ...next, case: next.case, events: [], evidence: [] };
    proxy.weather = 'transactions lost once';
    expect(await cut.change(await found(reference), owing)).toBeDefined();
    expect(await found(reference)).toMatchObject({ deliveries: 3 });
    await proxy.stop();
  });
});
