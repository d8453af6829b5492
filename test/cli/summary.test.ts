import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawDocument } from '../../src/export/summary-documents.js';
import { createLog } from '../../src/log.js';
import { CASE_TABLE, caseTable } from '../../src/storage/case-table.js';
import { openTables } from '../../src/storage/tables.js';
import { comment } from '../../src/summaries/sending.js';
import type { StoredSummary } from '../../src/summaries/summary.js';
import { SummarySweep } from '../../src/teams/summary-sweep.js';
import { OwnAzurite } from '../support/azurite-process.js';
import { runScript } from '../support/built.js';
import { freePorts } from '../support/ports.js';
import { aReport, further, submitted } from '../support/reports.js';
import { sampleSchool } from '../support/sample-school.js';
import { HELEN } from '../support/staff.js';
import { reported, sweepParts } from '../support/summary-office.js';

const SCHOOL = 'example-primary';
const HALF = 'half_term-2026-08-31';
let azurite: OwnAzurite;
let folder: string;
let now = new Date(0);
const school = await sampleSchool();
const partsOf = () => sweepParts(azurite.connection, [school], () => now, createLog('silent'));

async function lookAt(...times: readonly string[]): Promise<void> {
  for (const time of times) {
    now = new Date(time);
    await new SummarySweep(partsOf()).look();
  }
}

async function stored(id = HALF): Promise<StoredSummary> {
  const found = await partsOf().summaries.find(SCHOOL, id);
  if (!found) throw new Error('It is not there.');
  return found;
}

/** Standard output and standard error apart. */
async function summary(...args: readonly string[]) {
  const env = { STORAGE_CONNECTION_STRING: azurite.connection, STORAGE_ACCOUNT: '', BOT_ID: '' };
  const command = runScript('src/cli/summary.ts', args, env);
  const out: Buffer[] = [];
  const err: string[] = [];
  command.child.stdout?.on('data', (bytes: Buffer | string) => out.push(Buffer.from(bytes)));
  command.child.stderr?.on('data', (text: string) => err.push(text));
  const code = await command.ended;
  return { code, out: Buffer.concat(out).toString(), err: err.join('') };
}
const printed = (...args: readonly string[]) => summary('--school', SCHOOL, '--period', HALF, ...args);

beforeAll(async () => {
  azurite = await OwnAzurite.start();
  folder = mkdtempSync(join(tmpdir(), 'policy-desk-summary-'));
  const cases = caseTable(openTables({ connectionString: azurite.connection }));
  await reported(SCHOOL, '2026-09-10T10:00:00Z', 7, cases);
  await cases.create(
    submitted(aReport(SCHOOL, { reference: 'PD-00000001', submittedAt: new Date('2026-09-11T10:00Z') })),
  );
  await lookAt('2026-10-12T09:00:00Z', '2026-11-02T08:00:00Z');
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await azurite.cleanUp();
});

describe('the command summary', { timeout: 240_000 }, () => {
  it('lists what there is where no period is named, or none like that', async () => {
    const listed = await summary('--school', SCHOOL);
    expect(listed).toEqual({
      ...{ code: 0, err: '' },
      out: [
        `${HALF}  Autumn 2026, first half (goes to the governors on Wed 4 Nov 2026)\n`,
        'week-2026-10-19  Mon 19 Oct 2026 to Sun 1 Nov 2026 (made on Mon 2 Nov 2026, 08:00)\n',
      ].join(''),
    });
    const unknown = await summary('--school', SCHOOL, '--period', 'month-2026-10-01');
    expect(unknown).toEqual({
      ...{ code: 1, out: '' },
      err: `There is no summary "month-2026-10-01". There are: ${HALF}, week-2026-10-19.\n`,
    });
  });

  it('draws the files of one that is not sent yet, for their owner alone', async () => {
    const [pdf, csv] = [join(folder, 'early.pdf'), join(folder, 'early.csv')];
    const { code, err } = await printed('--pdf', pdf, '--csv', csv);
    expect(code).toBe(0);
    const { summary: current } = await stored();
    expect(readFileSync(csv).equals(Buffer.from(await drawDocument(current, 'governors', 'csv')))).toBe(true);
    expect(readFileSync(pdf).equals(Buffer.from(await drawDocument(current, 'governors', 'pdf')))).toBe(true);
    expect(statSync(pdf).mode & 0o777).toBe(0o600);
    expect(err).toContain(`${csv}: `);
  });

  it('prints it byte for byte the same, also after the cases have changed', async () => {
    const before = await stored();
    const step = comment(before, school.profile, { by: HELEN.id, now }, 'A quiet half-term.');
    if ('refused' in step) throw new Error('It was refused.');
    await partsOf().summaries.change(before, step.summary, step.deliveries, now);
    await lookAt('2026-11-04T08:00:00Z');
    const first = await printed();
    expect(first.code).toBe(0);
    expect(first.out).toContain('A quiet half-term.');
    expect(first.out).toContain('Autumn 2026, first half');
    expect(first.err).toBe('Counted again from the case logs as they were on Mon 2 Nov 2026, 08:00: the same.\n');
    const files = [join(folder, 'one.pdf'), join(folder, 'two.pdf')] as const;
    expect((await printed('--pdf', files[0])).out).toBe(first.out);

    const table = caseTable(openTables({ connectionString: azurite.connection }));
    const one = await table.find(SCHOOL, 'PD-00000001');
    if (!one) throw new Error('It is not there.');
    const at = new Date('2026-11-21T08:00:00Z');
    await table.change(one, { ...further(one, { kind: 'withdrawn', reason: 'Settled.' }), at });
    await reported(SCHOOL, '2026-11-20T10:00:00Z', 9, table);
    await lookAt('2026-11-23T08:00:00Z');
    expect(await partsOf().summaries.all(SCHOOL)).toHaveLength(3);
    const again = await printed('--pdf', files[1]);
    expect(again.out).toBe(first.out);
    expect(again.err).toContain('08:00: the same.\n');
    expect(readFileSync(files[1]).equals(readFileSync(files[0]))).toBe(true);
  });

  it('gives the files that were kept when it was sent, to the byte', async () => {
    const { schoolId, id } = (await stored()).summary;
    for (const edition of ['governors', 'chair'] as const) {
      const path = join(folder, `${edition}.csv`);
      await printed('--edition', edition, '--csv', path);
      const kept = await partsOf().documents.read({ schoolId, id, edition, format: 'csv' });
      expect(readFileSync(path).equals(Buffer.from(kept ?? []))).toBe(true);
    }
  });

  it('tells of reports about the Headteacher in the chair’s edition alone', async () => {
    const [governors, chair] = [await printed(), await printed('--edition', 'chair')];
    expect(chair.out).toMatch(/about the Headteacher/iu);
    expect(governors.out).not.toMatch(/about the Headteacher/iu);
  });

  it('overwrites nothing, and prints nothing then', async () => {
    const path = join(folder, 'mine.pdf');
    writeFileSync(path, 'mine');
    const { code, out, err } = await printed('--pdf', path);
    expect({ code, out, err }).toEqual({
      ...{ code: 1, out: '' },
      err: `${path} is there already, and nothing is overwritten. Please choose another --pdf.\n`,
    });
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it('says so where cases are no longer those that were counted', async () => {
    const client = await openTables({ connectionString: azurite.connection }).table(CASE_TABLE).client();
    const rows = client.listEntities({ queryOptions: { filter: `PartitionKey eq '${SCHOOL}~PD-00000001'` } });
    for await (const { partitionKey, rowKey } of rows) await client.deleteEntity(partitionKey ?? '', rowKey ?? '');
    const { code, err } = await printed();
    expect(err).toMatch(/08:00: the cases or questions are not those that were counted\. npm run verify/u);
    expect(code).toBe(0);
  });

  it.each<[string[], RegExp]>([
    [[], /^Please name the school, such as --school example-primary\.\n$/u],
    [['--school', 'elsewhere'], /^There is no summary of a school "elsewhere" yet\.\n$/u],
    [['--school', SCHOOL, '--edition', 'parents'], /^Please choose --edition governors or --edition chair\.\n$/u],
    [['--colour'], /Unknown option '--colour'/u],
  ])('%j is refused in plain words', async (args, words) => {
    const { code, out, err } = await summary(...args);
    expect(err).toMatch(words);
    expect(err).not.toContain('    at ');
    expect({ code, out }).toEqual({ code: 1, out: '' });
  });

  it('says that storage does not answer', async () => {
    const path = join(folder, 'none.pdf');
    const { code, err } = await printed('--pdf', path, '--storage-port', String(await freePorts(1)));
    expect(err).toMatch(/^Nothing was printed: the storage of `npm run dev` does not answer\./u);
    expect(code).toBe(1);
    expect(existsSync(path)).toBe(false);
  });

  it('explains itself', async () => {
    expect((await summary('--help')).out).toContain(
      'npm run --silent summary -- --school ID --period half_term-2026-08-31',
    );
  });
});
