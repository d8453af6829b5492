import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TableServiceClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/cli/backup/layout.js';
import { mendEvidence } from '../../src/cli/backup/mend.js';
import { restoreBackup } from '../../src/cli/backup/restore.js';
import { takeBackup } from '../../src/cli/backup/take.js';
import type { Certificate } from '../../src/reports/deletion.js';
import { submitDraft } from '../../src/reports/submitting.js';
import { faultsInCase } from '../../src/reports/verify.js';
import type { SchoolProfile } from '../../src/schools/profile.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { caseRecords, caseTable } from '../../src/storage/case-table.js';
import { deletionTable } from '../../src/storage/deletion-table.js';
import { draftTable } from '../../src/storage/draft-table.js';
import { evidenceBlobs } from '../../src/storage/evidence-blobs.js';
import { JOB_TABLE } from '../../src/storage/job-table.js';
import { openTables } from '../../src/storage/tables.js';
import { aNewDraft, aProfile, filled, NOW } from '../reports/examples.js';
import { OwnAzurite } from '../support/azurite-process.js';
import { runScript } from '../support/built.js';
import { aReport, further, hex, newPerson, newReference, sha256, someEvidence, submitted } from '../support/reports.js';

const SCHOOL = 'example-primary';
const plain = (profile: SchoolProfile) => ({ profile, clauses: ['policy/4'], receiptByMessage: false });
let azurite: OwnAzurite;
let folder: string;
beforeAll(async () => {
  azurite = await OwnAzurite.start();
  folder = mkdtempSync(join(tmpdir(), 'policy-desk-backup-'));
}, 30_000);
afterAll(async () => {
  await azurite.cleanUp();
  rmSync(folder, { recursive: true, force: true });
});

/** As a process that has just started sees it. */
const store = () => ({
  tables: openTables({ connectionString: azurite.connection }),
  blobs: openBlobs({ connectionString: azurite.connection }),
});
const tableService = () =>
  TableServiceClient.fromConnectionString(azurite.connection, { allowInsecureConnection: true });
const blobService = () => BlobServiceClient.fromConnectionString(azurite.connection);

async function keepCase(): Promise<string> {
  const report = aReport(SCHOOL);
  const { reference } = report;
  const { tables, blobs } = store();
  const picture = someEvidence(Buffer.from(`picture of ${reference}`), Buffer.from('copy'));
  const files = evidenceBlobs(blobs);
  const place = { schoolId: SCHOOL, reference, evidenceId: picture.id };
  await files.keepOriginal(place, Buffer.from(`picture of ${reference}`), picture.type);
  await files.keepViewing(place, Buffer.from('copy'), 'image/webp');
  await caseTable(tables).create(submitted(report, [picture]));
  return reference;
}

async function addWords(reference: string, words: string): Promise<void> {
  const cases = caseTable(store().tables);
  const stored = await cases.find(SCHOOL, reference);
  if (!stored) throw new Error('It is not there.');
  expect(await cases.change(stored, further(stored, { kind: 'words_added', words }))).toBeDefined();
}

/** As the bot deletes a case whose time is over. */
async function deleteCase(reference: string): Promise<void> {
  const { tables, blobs } = store();
  const stored = await caseTable(tables).find(SCHOOL, reference);
  if (!stored) throw new Error('It is not there.');
  const { report, log } = stored.case;
  const at = new Date();
  const certificate: Certificate = {
    ...{ schoolId: SCHOOL, reference, way: 'headteacher_channel', submittedAt: report.submittedAt, endedAt: at },
    ...{ deletedAt: at, reason: 'retention', events: log.length, lastHash: log.at(-1)?.hash ?? '', evidence: [] },
  };
  const deletions = deletionTable(tables);
  expect(await deletions.begin(stored, certificate, [])).toBeDefined();
  await evidenceBlobs(blobs).removeAll(SCHOOL, reference);
  await deletions.removeRows(certificate);
  await deletions.complete(certificate);
}

/** Every row with its types, and every file with its bytes. */
async function everything(): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const { name = '' } of tableService().listTables()) {
    const client = await store().tables.table(name).client();
    for await (const { etag: _, timestamp: __, ...row } of client.listEntities({ disableTypeConversion: true }))
      all.push(`${name} ${JSON.stringify(row, Object.keys(row).toSorted().concat('type', 'value'))}`);
  }
  for await (const { name: container } of blobService().listContainers()) {
    const client = blobService().getContainerClient(container);
    for await (const { name, properties } of client.listBlobsFlat())
      all.push(`${container} ${name} ${properties.contentType} ${await client.getBlobClient(name).downloadToBuffer()}`);
  }
  return all.toSorted();
}

/** What happens to a store in the worst case. */
async function destroy(): Promise<void> {
  for await (const { name = '' } of tableService().listTables()) await tableService().deleteTable(name);
  for await (const { name } of blobService().listContainers()) await blobService().deleteContainer(name);
  expect(await everything()).toEqual([]);
}

async function faults(): Promise<readonly string[]> {
  const { tables, blobs } = store();
  const found: string[] = [];
  for await (const record of caseRecords(tables).all())
    found.push(...(await faultsInCase(record, evidenceBlobs(blobs))));
  return found;
}

async function command(name: 'backup' | 'restore' | 'verify', ...args: readonly string[]) {
  const env = { STORAGE_CONNECTION_STRING: azurite.connection, STORAGE_ACCOUNT: '', BOT_ID: '' };
  const running = runScript(`src/cli/${name}.ts`, args, env);
  return { code: await running.ended, printed: running.printed() };
}

describe('a store that was destroyed', () => {
  const first = () => join(folder, 'first');
  const second = () => join(folder, 'second');
  let references: string[];
  let after: readonly string[];

  beforeAll(async () => {
    references = [await keepCase(), await keepCase(), await keepCase()];
    const jobs = await store().tables.table(JOB_TABLE).client();
    // Types that JSON does not know apart.
    await jobs.createEntity({
      ...{ partitionKey: 'types', rowKey: 'job', yes: true, no: false, text: '1', whole: 7, empty: '' },
      ...{ broken: { type: 'Double', value: '2' }, long: { type: 'Int64', value: '9007199254740993' } },
      ...{ at: { type: 'DateTime', value: '2026-11-20T15:42:00.1234567Z' }, bytes: Buffer.from([0, 255]) },
      id: { type: 'Guid', value: '11111111-2222-4333-8444-555555555555' },
    });
    const before = await everything();
    const { printed, code } = await command('backup', '--to', first());
    expect([code, printed]).toEqual([
      0,
      expect.stringMatching(/^\d+ rows and 6 files \(\d+ bytes\) copied to .* s\.\n$/u),
    ]);
    await addWords(references[0] ?? '', 'More, after the first backup.');
    await deleteCase(references[2] ?? '');
    await takeBackup(store(), second());
    after = await everything();
    await destroy();
    // As it was, row for row and byte for byte, with every type.
    await restoreBackup(store(), first());
    expect(await everything()).toEqual(before);
    expect(await faults()).toEqual([]);
  }, 60_000);

  it('is whole again, and every chain and every piece of evidence is sound', async () => {
    await destroy();
    const { code, printed } = await command('restore', '--from', second());
    expect(printed).toContain('2 cases: every chain and every piece of evidence is sound.');
    expect(code).toBe(0);
    expect(await everything()).toEqual(after);
    expect((await command('verify')).printed).toMatch(/^2 cases, .*: sound; 1 case deleted, certificates sound\n$/u);
  }, 60_000);

  it('does not bring back what was deleted since, where a later backup knows of it', async () => {
    await destroy();
    const { deletedSince } = await restoreBackup(store(), first(), [second()]);
    expect(deletedSince).toBe(1);
    const { tables } = store();
    const gone = references[2] ?? '';
    expect(await caseTable(tables).find(SCHOOL, gone)).toBeUndefined();
    expect((await deletionTable(tables).find(SCHOOL, gone))?.complete).toBe(true);
    expect((await everything()).filter((one) => one.includes(`picture of ${gone}`))).toEqual([]);
    expect(await caseTable(tables).find(SCHOOL, references[1] ?? '')).toBeDefined();
    expect(await faults()).toEqual([]);
  });

  it('is never written over', async () => {
    const before = await everything();
    const { code, printed } = await command('restore', '--from', first());
    expect([code, printed]).toEqual([1, expect.stringContaining('Nothing was restored: the table Cases')]);
    expect(await everything()).toEqual(before);
  });

  it.each<[string, (backup: string) => void, RegExp]>([
    [
      'that was not taken to its end',
      (at) => rmSync(join(at, 'manifest.json')),
      /no backup that was taken to its end/u,
    ],
    [
      'that says nothing that can be read',
      (at) => writeFileSync(join(at, 'manifest.json'), '{'),
      /no backup that was taken to its end/u,
    ],
    [
      'of which a table is gone, and is not spoken of',
      (at) => {
        changeManifest(at, (files) => files.filter(({ name }) => name !== 'Cases.jsonl'));
        rmSync(join(at, 'Cases.jsonl'));
      },
      /Cases\.jsonl .* has been changed, or is gone/u,
    ],
    [
      'with a file that would get into another container',
      (at) => {
        const text = readFileSync(join(at, 'blobs.jsonl'), 'utf8').replace('"example-primary/', '"../schools/');
        writeFileSync(join(at, 'blobs.jsonl'), text);
        changeManifest(at, (files) =>
          files.map((one) => (one.name === 'blobs.jsonl' ? { ...one, sha256: sha256(Buffer.from(text)) } : one)),
        );
      },
      /blobs\.jsonl of the backup is damaged/u,
    ],
    [
      'with a row changed',
      (at) => change(join(at, 'Cases.jsonl'), 'Facebook', 'Instagram'),
      /Cases\.jsonl .* has been changed/u,
    ],
    [
      'with a file changed',
      (at) => writeFileSync(join(at, 'blobs', readdirSync(join(at, 'blobs'))[0] ?? ''), 'other'),
      /A file of the backup .* has been changed/u,
    ],
  ])('takes nothing from a backup %s', async (name, harm, words) => {
    await destroy();
    const harmed = join(folder, name);
    cpSync(first(), harmed, { recursive: true });
    harm(harmed);
    await expect(restoreBackup(store(), harmed)).rejects.toThrow(words);
    expect(await everything()).toEqual([]);
  });

  /** As whoever changes a backup on purpose would. */
  function changeManifest(at: string, changed: (files: Manifest['files']) => Manifest['files']): void {
    const file = join(at, 'manifest.json');
    const { files, ...others } = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
    writeFileSync(file, JSON.stringify({ ...others, files: changed(files) }));
  }

  function change(path: string, from: string, to: string): void {
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(from);
    writeFileSync(path, text.replace(from, to));
  }
});

describe('evidence that was changed or removed', () => {
  it('comes back from what storage has kept of it, and from nothing that does not fit', async () => {
    await destroy();
    const reference = await keepCase();
    const client = blobService().getContainerClient('evidence');
    const names: string[] = [];
    for await (const { name } of client.listBlobsFlat()) names.push(name);
    const [original = '', copy = ''] = names.toSorted();
    for (const name of [original, copy]) await client.getBlobClient(name).createSnapshot();
    await client.getBlockBlobClient(original).upload('another picture', 15);
    await client.getBlobClient(original).createSnapshot();
    await client.getBlockBlobClient(copy).upload('', 0);
    expect(await faults()).toHaveLength(2);
    const { code, printed } = await command('restore', '--evidence', '--case', reference.toLowerCase());
    const words = '2 files of evidence brought back.\n1 case: every chain and every piece of evidence is sound.\n';
    expect([code, printed]).toEqual([0, words]);
    expect((await client.getBlobClient(original).downloadToBuffer()).toString()).toBe(`picture of ${reference}`);
    await client.getBlobClient(original).delete({ deleteSnapshots: 'include' });
    const lost = await mendEvidence(store().blobs, caseRecords(store().tables).all());
    expect(lost).toEqual({ mended: 0, lost: [original] });
  });
});

describe('a backup', () => {
  it('that is taken while cases go on holds each of them whole', async () => {
    await destroy();
    const busy = await keepCase();
    for (let at = 0; at < 20; at += 1) await keepCase();
    const to = join(folder, 'busy');
    let isTaken = false;
    const taking = takeBackup(store(), to).finally(() => {
      isTaken = true;
    });
    for (let at = 0; !isTaken && at < 8; at += 1) await addWords(busy, `More ${at}.`);
    await taking;
    expect(readFileSync(join(to, 'Cases.again.jsonl'), 'utf8')).toContain(busy);
    await destroy();
    await restoreBackup(store(), to);
    expect(await faults()).toEqual([]);
    expect((await caseTable(store().tables).find(SCHOOL, busy))?.case.log.length).toBeGreaterThanOrEqual(2);
  }, 60_000);

  it('that is taken while a report is submitted holds it, as a draft or as a case', async () => {
    await destroy();
    const { tables, blobs } = store();
    const [drafts, cases] = [draftTable(tables), caseTable(tables)];
    const profile = aProfile();
    const start = { id: hex(24), reference: newReference(), personId: newPerson() };
    const written = await drafts.create(filled(aNewDraft(start), profile));
    if (!written) throw new Error('It could not be created.');
    const { draft } = written;
    let asked = 0;
    let submitting: Promise<unknown> = Promise.resolve();
    const inBetween = {
      ...tables,
      table(name: string) {
        const table = tables.table(name);
        asked += 1;
        // After the first table was copied, and before the second is.
        if (asked === 2) submitting = submitDraft({ drafts, cases, now: () => NOW }, written, plain(profile));
        return Object.assign(Object.create(table), { client: () => submitting.then(() => table.client()) });
      },
    };
    await takeBackup({ tables: inBetween, blobs }, join(folder, 'submitted'));
    expect(await cases.find(draft.schoolId, draft.reference)).toBeDefined();
    await destroy();
    await restoreBackup(store(), join(folder, 'submitted'));
    const { tables: again } = store();
    expect(await caseTable(again).find(draft.schoolId, draft.reference)).toBeDefined();
    expect((await draftTable(again).open(draft))?.draft.reference).toBe(draft.reference);
  });

  it('is for its owner’s eyes alone, and goes into no folder that holds something', async () => {
    const to = join(folder, 'first');
    const modes = ['Cases.jsonl', 'manifest.json', 'blobs.jsonl'].map((name) => statSync(join(to, name)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600]);
    expect([to, join(to, 'blobs')].map((name) => statSync(name).mode & 0o777)).toEqual([0o700, 0o700]);
    await expect(takeBackup(store(), to)).rejects.toThrow('is not empty, and nothing is overwritten');
  });
});
