import { describe, expect, inject, it } from 'vitest';
import type { Case, Happening } from '../../src/reports/case.js';
import { appended } from '../../src/reports/case-log.js';
import { carryOn, certificateOf, deleteCase, tombstonesDue } from '../../src/reports/deleting.js';
import { certificateHash, type StoredDeletion } from '../../src/reports/deletion.js';
import type { CaseChange, StoredCase } from '../../src/reports/stores.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { CASE_TABLE, caseRecords, caseTable } from '../../src/storage/case-table.js';
import { deletionTable } from '../../src/storage/deletion-table.js';
import { draftTable } from '../../src/storage/draft-table.js';
import { evidenceBlobs } from '../../src/storage/evidence-blobs.js';
import { tableOutbox } from '../../src/storage/outbox.js';
import { openTables } from '../../src/storage/tables.js';
import { aDelivery, aReport, further, someEvidence, submitted } from '../support/reports.js';
import { StorageProxy } from '../support/storage-proxy.js';

/** Each test has its own school, and so its own partitions. */
const newSchool = (): string => `keeping-${crypto.randomUUID().slice(0, 8)}`;
const address = { connectionString: inject('storage') };
const tables = openTables(address);
const [cases, deletions, files, drafts] = [
  caseTable(tables),
  deletionTable(tables),
  evidenceBlobs(openBlobs(address)),
  draftTable(tables),
];
const outbox = tableOutbox(tables, [CASE_TABLE]);
const SENT_AT = new Date('2026-11-21T09:00:00Z');
const DELETED_AT = new Date('2032-12-01T09:00:00Z');
let now = DELETED_AT;
const parts = { deletions, files, drafts, owed: async () => undefined, now: () => now };
const closed: Happening = { kind: 'closed', outcome: 'resolved', message: 'Thank you.' };

/** A closed case with a file, of which so many messages were sent. */
async function aClosedCase(schoolId = newSchool(), messages = 1): Promise<StoredCase> {
  const evidence = { ...someEvidence(Buffer.from('picture')), way: 'chat_file' as const };
  const report = aReport(schoolId);
  const { reference } = report;
  await files.keepOriginal({ schoolId, reference, evidenceId: evidence.id }, Buffer.from('picture'), evidence.type);
  await cases.create(submitted(report, [evidence]));
  await cases.change(await found(schoolId, reference), further(await found(schoolId, reference), closed));
  for (let left = messages - 2; left > 0; left -= 90) {
    const stored = await found(schoolId, reference);
    const deliveries = Array.from({ length: Math.min(left, 90) }, () => aDelivery(reference));
    await cases.change(stored, { case: stored.case, events: [], evidence: [], deliveries, at: SENT_AT });
  }
  return found(schoolId, reference);
}

async function found(schoolId: string, reference: string): Promise<StoredCase> {
  const stored = await cases.find(schoolId, reference);
  if (!stored) throw new Error('There is no such case.');
  return stored;
}

const placeOf = ({ case: { report } }: StoredCase) => ({
  table: CASE_TABLE,
  partition: `${report.schoolId}~${report.reference}`,
});

/** As the worker does; those that are owed later stay owed. */
async function sendAll(stored: StoredCase): Promise<void> {
  const place = placeOf(stored);
  for (const { delivery, version } of await outbox.read(place)) {
    const message = { conversationId: 'c', activityId: `m${delivery.order}` };
    if (delivery.progress.state === 'owed')
      await outbox.save(place, { ...delivery, progress: { state: 'sent', at: SENT_AT, message } }, version);
  }
}

const rowsOf = async (stored: StoredCase) => {
  const client = await tables.table(CASE_TABLE).client();
  const keys: string[] = [];
  const filter = `PartitionKey eq '${placeOf(stored).partition}'`;
  for await (const { rowKey } of client.listEntities({ queryOptions: { filter } })) keys.push(rowKey ?? '');
  return keys;
};

async function begun(stored: StoredCase): Promise<StoredDeletion> {
  const deletion = await deleteCase(parts, stored, 'retention');
  if (!deletion) throw new Error('Another was quicker.');
  return deletion;
}

async function listed<T>(all: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const one of all) items.push(one);
  return items;
}

describe('a deletion', () => {
  it('takes the case from every store at once, and leaves a certificate that names nobody', async () => {
    const stored = await aClosedCase();
    const { schoolId, reference, reporter } = stored.case.report;
    const { certificate, hash } = await begun(stored);
    expect(hash).toBe(certificateHash(certificate));
    expect(certificate).toMatchObject({ reference, reason: 'retention', events: 3, deletedAt: DELETED_AT });
    expect(certificate.lastHash).toBe(stored.case.log.at(-1)?.hash);
    expect(JSON.stringify(certificate)).not.toContain(reporter.personId);
    expect(await cases.find(schoolId, reference)).toBeUndefined();
    for (const all of [cases.all(schoolId), cases.unfinished(schoolId), cases.endedBefore(schoolId, DELETED_AT)])
      expect(await listed(all)).toEqual([]);
    expect(await listed(caseRecords(tables).all(schoolId))).toEqual([]);
    expect(await listed(caseRecords(tables).named(reference, schoolId))).toEqual([]);
    expect(await deletions.find(schoolId, reference)).toEqual({ certificate, hash, complete: false });
    expect(await listed(deletions.begun(schoolId))).toHaveLength(1);
  });

  it('refuses every change, and that such a case comes again, also once it is complete', async () => {
    const stored = await aClosedCase();
    const again = submitted({ ...stored.case.report, reporter: { personId: 'x', name: null } });
    const deletion = await begun(stored);
    const late: CaseChange = further(stored, { kind: 'words_added', words: 'More.' });
    expect(await cases.change(stored, late)).toBeUndefined();
    expect(await cases.create(again)).toBeUndefined();
    await sendAll(stored);
    now = new Date(DELETED_AT.getTime() + 60 * 60_000);
    expect(await carryOn(parts, deletion)).toBe(false);
    await sendAll(stored);
    expect(await carryOn(parts, deletion)).toBe(true);
    now = DELETED_AT;
    expect(await cases.create(again)).toBeUndefined();
    expect(await rowsOf(stored)).toEqual(['case']);
    expect(await deletions.find(deletion.certificate.schoolId, deletion.certificate.reference)).toMatchObject({
      complete: true,
    });
  });

  it('is refused where the case has changed since, by whomever', async () => {
    const stored = await aClosedCase();
    await cases.change(stored, further(stored, { kind: 'hold_placed', reason: 'Tribunal' }));
    expect(await deleteCase(parts, stored, 'retention')).toBeUndefined();
    expect(await found(stored.case.report.schoolId, stored.case.report.reference)).toBeDefined();
    const two = await aClosedCase();
    const both = await Promise.all([deleteCase(parts, two, 'retention'), deleteCase(parts, two, 'early')]);
    expect(both.filter(Boolean)).toHaveLength(1);
    expect(
      (await deletions.deliveries(two.case.report.schoolId, two.case.report.reference)).map(({ kind }) => kind),
    ).toEqual(['case.new', 'case.new', 'case.deleted_told']);
  });

  it('is begun once, also where the answer to that is lost', async () => {
    const stored = await aClosedCase();
    const proxy = await StorageProxy.start(address.connectionString);
    const through = deletionTable(openTables({ connectionString: proxy.through(address.connectionString) }));
    const certificate = certificateOf(stored.case, 'retention', DELETED_AT);
    proxy.weather = 'transactions lost once';
    expect(await through.begin(stored, certificate, [aDelivery('PD-00000000')])).toBeDefined();
    await proxy.stop();
    expect(await rowsOf(stored)).toContain('delivery~000003');
    expect(await rowsOf(stored)).not.toContain('delivery~000004');
  });

  it('never removes what was not deleted', async () => {
    const stored = await aClosedCase();
    const certificate = certificateOf(stored.case, 'retention', DELETED_AT);
    await expect(deletions.removeRows(certificate)).rejects.toThrow('not deleted');
    await expect(deletions.complete(certificate)).rejects.toThrow('not deleted');
    expect(await rowsOf(stored)).toHaveLength(7);
    const goesOn: Case = { ...stored.case, log: stored.case.log.slice(0, -1) };
    expect(() => certificateOf(goesOn, 'early', DELETED_AT)).toThrow('goes on');
  });

  it('of a case with hundreds of messages leaves a note in the place of each, once', async () => {
    const stored = await aClosedCase(newSchool(), 250);
    await sendAll(stored);
    const { schoolId, reference } = stored.case.report;
    const deletion = await begun(stored);
    for (let left = 5; left > 0; left -= 1) await Promise.all([carryOn(parts, deletion), carryOn(parts, deletion)]);
    const deliveries = await deletions.deliveries(schoolId, reference);
    const notes = deliveries.flatMap(({ kind, placement }) =>
      kind === 'case.deleted' && placement.at === 'in_place_of' ? [placement.order] : [],
    );
    expect(notes).toEqual(Array.from({ length: 250 }, (_, at) => at + 1));
    expect(deliveries.filter(({ kind }) => kind === 'case.deleted_told')).toHaveLength(1);
  });

  it('puts a note in the place of what was being sent when it began', async () => {
    const stored = await aClosedCase();
    const deletion = await begun(stored);
    await sendAll(stored);
    await carryOn(parts, deletion);
    const { schoolId, reference } = stored.case.report;
    const deliveries = await deletions.deliveries(schoolId, reference);
    expect(deliveries.map(({ kind }) => kind)).toEqual([
      ...['case.new', 'case.new', 'case.deleted_told', 'case.deleted', 'case.deleted'],
    ]);
    expect(tombstonesDue(reference, deliveries)).toEqual([]);
  });

  it('removes a file that was being added when it began, whoever adds it dying', async () => {
    const stored = await aClosedCase();
    const { schoolId, reference } = stored.case.report;
    const deletion = await begun(stored);
    await carryOn(parts, deletion);
    const late = { schoolId, reference, evidenceId: '0123456789abcdef' };
    await files.keepOriginal(late, Buffer.from('late'), 'image/png');
    await sendAll(stored);
    await carryOn(parts, deletion);
    await sendAll(stored);
    now = new Date(DELETED_AT.getTime() + 60 * 60_000 - 1);
    expect(await carryOn(parts, deletion)).toBe(false);
    await files.keepOriginal(late, Buffer.from('late'), 'image/png');
    now = new Date(now.getTime() + 1);
    expect(await carryOn(parts, deletion)).toBe(true);
    now = DELETED_AT;
    expect(await files.original(late)).toBeUndefined();
  });
});

describe('cases that have ended', () => {
  it('are found by when, without reading the others', async () => {
    const schoolId = newSchool();
    const [early, late] = [await aClosedCase(schoolId), await aClosedCase(schoolId)];
    await cases.create(submitted(aReport(schoolId)));
    const { report, log } = late.case;
    const withdrawn = appended(report, log, { ...{ at: new Date('2027-01-05'), by: { system: true } }, what: closed });
    await cases.change(late, {
      ...{ case: { ...late.case, log: [...log, withdrawn] }, events: [withdrawn] },
      ...{ evidence: [], deliveries: [], at: withdrawn.at },
    });
    const proxy = await StorageProxy.start(address.connectionString);
    const through = caseTable(openTables({ connectionString: proxy.through(address.connectionString) }));
    const ended = await listed(through.endedBefore(schoolId, new Date('2026-12-01')));
    await proxy.stop();
    expect(ended.map((one) => one.case.report.reference)).toEqual([early.case.report.reference]);
    // One for the rows of all cases, one for the case.
    expect(proxy.reads.filter((read) => read.includes('Cases'))).toHaveLength(2);
  });
});
