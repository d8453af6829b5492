import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/reports/evidence.js';
import { faultsInCase } from '../../src/reports/verify.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { CASE_TABLE, caseRecords, caseTable } from '../../src/storage/case-table.js';
import { evidenceBlobs } from '../../src/storage/evidence-blobs.js';
import { openTables } from '../../src/storage/tables.js';
import { OwnAzurite } from '../support/azurite-process.js';
import { runScript } from '../support/built.js';
import { freePorts } from '../support/ports.js';
import { aReport, evidenceAdded, further, someEvidence, submitted } from '../support/reports.js';

const SCHOOL = 'example-primary';
const [PICTURE, COPY, PAPER] = [Buffer.from('picture'), Buffer.from('copy'), Buffer.from('paper')];
/** An own store, because the command looks at all of it. */
let azurite: OwnAzurite;
beforeAll(async () => {
  azurite = await OwnAzurite.start();
});
afterAll(() => azurite.cleanUp());

const tables = () => openTables({ connectionString: azurite.connection });
const files = () => evidenceBlobs(openBlobs({ connectionString: azurite.connection }));
const table = () => tables().table(CASE_TABLE).client();
const container = () => BlobServiceClient.fromConnectionString(azurite.connection).getContainerClient('evidence');

interface Kept {
  readonly schoolId: string;
  readonly reference: string;
  readonly partition: string;
  readonly picture: Evidence;
  readonly paper: Evidence;
}

/** A case of three events and two pieces of evidence, one of them with a viewing copy, and two deliveries. */
async function keepCase(schoolId = SCHOOL): Promise<Kept> {
  const report = aReport(schoolId);
  const { reference } = report;
  const [picture, paper] = [someEvidence(PICTURE, COPY), someEvidence(PAPER)];
  await files().keepOriginal({ schoolId, reference, evidenceId: picture.id }, PICTURE, picture.type);
  await files().keepViewing({ schoolId, reference, evidenceId: picture.id }, COPY, 'image/webp');
  await files().keepOriginal({ schoolId, reference, evidenceId: paper.id }, PAPER, paper.type);
  const cases = caseTable(tables());
  await cases.create(submitted(report, [picture]));
  const stored = await cases.find(schoolId, reference);
  if (stored) await cases.change(stored, further(stored, evidenceAdded(paper), [paper]));
  return { schoolId, reference, partition: `${schoolId}~${reference}`, picture, paper };
}

async function faultsIn({ schoolId, reference }: Kept): Promise<readonly string[]> {
  for await (const record of caseRecords(tables()).named(reference, schoolId)) return faultsInCase(record, files());
  throw new Error('It is not there.');
}

/** Changes a row as somebody with the key could: text for text, or properties. */
async function changeRow(
  { partition }: Kept,
  rowKey: string,
  change: object | [property: string, from: string, to: string],
) {
  const client = await table();
  if (!Array.isArray(change)) {
    await client.updateEntity({ partitionKey: partition, rowKey, ...change }, 'Merge');
    return;
  }
  const [property, from, to] = change;
  const row = await client.getEntity<Record<string, string>>(partition, rowKey);
  const text = String(row[property]);
  expect(text).toContain(from);
  await client.updateEntity({ partitionKey: partition, rowKey, [property]: text.replace(from, to) }, 'Merge');
}

const dropRow = async ({ partition }: Kept, rowKey: string) => (await table()).deleteEntity(partition, rowKey);
const blobOf = ({ schoolId, reference }: Kept, name: string) =>
  container().getBlockBlobClient(`${schoolId}/${reference}/${name}`);

/** Each changes one thing behind the store's back; verify names it. */
const TAMPERINGS: readonly [string, (kept: Kept) => Promise<unknown>, (kept: Kept) => string][] = [
  [
    'words of the report',
    (kept) => changeRow(kept, 'case', ['report', 'cannot teach', 'can teach']),
    () => 'event 1 names another report: the report has been changed',
  ],
  [
    'the reporter',
    (kept) => changeRow(kept, 'case', ['report', 'Alex Morgan', 'Someone Else']),
    () => 'event 1 names another report: the report has been changed',
  ],
  [
    'whether it goes on',
    (kept) => changeRow(kept, 'case', { unfinished: false }),
    () => "the case's row says that the case is over, but its log does not",
  ],
  [
    'the number of events',
    (kept) => changeRow(kept, 'case', { events: 4 }),
    () => "the log has 3 events, but the case's row says 4",
  ],
  [
    'the last hash',
    (kept) => changeRow(kept, 'case', { lastHash: 'f'.repeat(64) }),
    () => "event 3, the last, is not the one that the case's row names",
  ],
  ['a lost delivery', (kept) => dropRow(kept, 'delivery~000001'), () => 'the case has 1 delivery, but its row says 2'],
  ['the case’s row, gone', (kept) => dropRow(kept, 'case'), () => "the case's own row is missing"],
  [
    'the case’s row, damaged',
    (kept) => changeRow(kept, 'case', { report: '{"ref' }),
    () => "the case's own row cannot be read",
  ],
  ['a first event, gone', (kept) => dropRow(kept, 'event~000001'), () => 'event 1 is missing'],
  ['a middle event, gone', (kept) => dropRow(kept, 'event~000002'), () => 'event 2 is missing'],
  [
    'a last event, gone',
    (kept) => dropRow(kept, 'event~000003'),
    () => "the log has 2 events, but the case's row says 3",
  ],
  [
    'when an event was',
    (kept) => changeRow(kept, 'event~000002', { at: new Date(0) }),
    () => 'event 2 has been changed',
  ],
  [
    'who did it',
    (kept) => changeRow(kept, 'event~000003', { by: '{"personId":"x"}' }),
    () => 'event 3 has been changed',
  ],
  [
    'where it went',
    (kept) => changeRow(kept, 'event~000001', ['what', '"recused":[]', '"recused":["x"]']),
    () => 'event 1 has been changed',
  ],
  ['a hash', (kept) => changeRow(kept, 'event~000002', { hash: 'f'.repeat(64) }), () => 'event 2 has been changed'],
  [
    'the hash before',
    (kept) => changeRow(kept, 'event~000002', { previous: 'f'.repeat(64) }),
    () => 'event 2 does not follow from the one before',
  ],
  ['an event, damaged', (kept) => changeRow(kept, 'event~000002', { what: 'null' }), () => 'event 2 cannot be read'],
  [
    'an event put in',
    async ({ partition }) => {
      const client = await table();
      const row = await client.getEntity<Record<string, string>>(partition, 'event~000003');
      const { by = '', what = '', previous = '', hash = '' } = row;
      await client.createEntity({
        partitionKey: partition,
        rowKey: 'event~000004',
        at: new Date(),
        by,
        what,
        previous,
        hash,
      });
    },
    () => 'event 4 does not follow from the one before',
  ],
  [
    'evidence, gone',
    (kept) => dropRow(kept, `evidence~${kept.paper.id}`),
    ({ paper }) => `evidence ${paper.id}, which event 3 added, is missing`,
  ],
  [
    'evidence put in',
    async ({ partition, paper }) => {
      const client = await table();
      const { evidence = '' } = await client.getEntity<Record<string, string>>(partition, `evidence~${paper.id}`);
      await client.createEntity({ partitionKey: partition, rowKey: 'evidence~0123456789abcdef', evidence });
    },
    () => 'no event says that evidence 0123456789abcdef was added',
  ],
  [
    'evidence, damaged',
    (kept) => changeRow(kept, `evidence~${kept.paper.id}`, { evidence: '{"receivedAt":"no"}' }),
    ({ paper }) => `evidence ${paper.id} cannot be read`,
  ],
  [
    'the hash of evidence',
    (kept) => changeRow(kept, `evidence~${kept.picture.id}`, ['evidence', kept.picture.sha256, 'f'.repeat(64)]),
    ({ picture }) => `evidence ${picture.id} has another SHA-256 than event 2 says`,
  ],
  [
    'the size of evidence',
    (kept) => changeRow(kept, `evidence~${kept.picture.id}`, ['evidence', `"bytes":${PICTURE.length}`, '"bytes":1']),
    ({ picture }) => `evidence ${picture.id} has another size than event 2 says`,
  ],
  [
    'the type of evidence',
    (kept) => changeRow(kept, `evidence~${kept.paper.id}`, ['evidence', 'application/pdf', 'image/gif']),
    ({ paper }) => `evidence ${paper.id} has another type than event 3 says`,
  ],
  [
    'where evidence was seen',
    (kept) => changeRow(kept, `evidence~${kept.paper.id}`, ['evidence', 'Facebook', 'Instagram']),
    ({ paper }) => `evidence ${paper.id} has another description than event 3 says`,
  ],
  [
    'an original, changed',
    (kept) => blobOf(kept, kept.picture.id).upload('Picture', 7),
    ({ picture }) => `the original of evidence ${picture.id} has been changed`,
  ],
  [
    'an original, shortened',
    (kept) => blobOf(kept, kept.paper.id).upload('', 0),
    ({ paper }) => `the original of evidence ${paper.id} has 0 bytes instead of 5`,
  ],
  [
    'an original, gone',
    (kept) => blobOf(kept, kept.paper.id).delete(),
    ({ paper }) => `the original of evidence ${paper.id} is missing`,
  ],
  [
    'a viewing copy, changed',
    (kept) => blobOf(kept, `${kept.picture.id}.view`).upload('Copy', 4),
    ({ picture }) => `the viewing copy of evidence ${picture.id} has been changed`,
  ],
  [
    'a viewing copy, gone',
    (kept) => blobOf(kept, `${kept.picture.id}.view`).delete(),
    ({ picture }) => `the viewing copy of evidence ${picture.id} is missing`,
  ],
];

describe('a case', () => {
  it('is sound as the stores keep it', async () => {
    expect(await faultsIn(await keepCase('tampered'))).toEqual([]);
  });

  it.each(TAMPERINGS)('is not sound any more after a change of %s', async (_, tamper, fault) => {
    const kept = await keepCase('tampered');
    await tamper(kept);
    expect((await faultsIn(kept))[0]).toBe(fault(kept));
  });

  it('that has lost the end of its log does not hide that by going on', async () => {
    const kept = await keepCase('tampered');
    await dropRow(kept, 'event~000003');
    const cases = caseTable(tables());
    const stored = await cases.find('tampered', kept.reference);
    if (!stored) throw new Error('It is not there.');
    expect(await cases.change(stored, further(stored, { kind: 'words_added', words: 'More.' }))).toBeDefined();
    expect(await faultsIn(kept)).toContain("the log has 3 events, but the case's row says 4");
  });
});

async function verify(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const storage = { STORAGE_CONNECTION_STRING: azurite.connection, STORAGE_ACCOUNT: '', BOT_ID: '' };
  const command = runScript('src/cli/verify.ts', args, { ...storage, ...env });
  return { code: await command.ended, printed: command.printed() };
}

describe('the command verify', () => {
  const nobody = 'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;';

  it('checks every case of the store, of a school or alone, and says so', async () => {
    const kept = await keepCase('sound');
    await keepCase('sound');
    const { code, printed } = await verify(['--school', 'sound']);
    expect(printed).toBe('2 cases, 6 events, 4 pieces of evidence: sound\n');
    expect(code).toBe(0);
    const one = '1 case, 3 events, 2 pieces of evidence: sound\n';
    expect(await verify(['--case', kept.reference.toLowerCase()])).toEqual({ code: 0, printed: one });
    expect(await verify(['--case', kept.reference, '--school', 'empty'])).toEqual({
      code: 1,
      printed: `${kept.reference}: there is no such case.\n`,
    });
  });

  it('names the first break, and nobody', async () => {
    const kept = await keepCase('zz-broken');
    await keepCase('zz-broken');
    await changeRow(kept, 'event~000002', { at: new Date(0) });
    const printed = `${kept.reference} of the school zz-broken: event 2 has been changed.\n`;
    expect(await verify(['--school', 'zz-broken'])).toEqual({ code: 1, printed });
    expect((await verify()).code).toBe(1);
  });

  it('finds the storage of a local stack where none is set, by its port', async () => {
    const port = /BlobEndpoint=http:\/\/127\.0\.0\.1:(\d+)/u.exec(azurite.connection)?.[1] ?? '';
    const { code, printed } = await verify(['--school', 'empty', '--storage-port', port], {
      STORAGE_CONNECTION_STRING: '',
    });
    expect([code, printed]).toEqual([0, '0 cases, 0 events, 0 pieces of evidence: sound\n']);
  });

  it.each<[string[], RegExp]>([
    [['--case', 'PD-7'], /"PD-7" is not the reference of a case, such as PD-7K3MZ0QX/u],
    [['--colour'], /Unknown option '--colour'/u],
  ])('%j is refused in plain words', async (args, words) => {
    const { code, printed } = await verify(args);
    expect(code).toBe(2);
    expect(printed).toMatch(words);
    expect(printed).not.toContain('    at ');
  });

  it('says that storage does not answer, tables or blobs', async () => {
    const port = await freePorts(2);
    const down = (service: string, at: number) => `${service}Endpoint=http://127.0.0.1:${port + at}/devstoreaccount1;`;
    const set = 'Check STORAGE_CONNECTION_STRING or STORAGE_ACCOUNT.\n';
    const withTables = azurite.connection.replace(/BlobEndpoint=[^;]+;/u, down('Blob', 0));
    expect(await verify([], { STORAGE_CONNECTION_STRING: `${nobody}${down('Blob', 0)}${down('Table', 1)}` })).toEqual({
      code: 2,
      printed: `Nothing was checked: Table storage does not answer. ${set}`,
    });
    expect(await verify([], { STORAGE_CONNECTION_STRING: withTables })).toEqual({
      code: 2,
      printed: `Nothing was checked: Blob storage does not answer. ${set}`,
    });
    expect(await verify(['--storage-port', String(port)])).toEqual({
      code: 2,
      printed:
        'Nothing was checked: the storage of `npm run dev` does not answer. Start it, or set STORAGE_CONNECTION_STRING or STORAGE_ACCOUNT.\n',
    });
  });

  it('explains itself', async () => {
    expect((await verify(['--help'])).printed).toContain('npm run --silent verify -- --case PD-7K3MZ0QX [--school ID]');
  });
});
