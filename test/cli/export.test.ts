import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openBlobs } from '../../src/storage/blobs.js';
import { caseTable } from '../../src/storage/case-table.js';
import { evidenceBlobs } from '../../src/storage/evidence-blobs.js';
import { openTables } from '../../src/storage/tables.js';
import { sha256sumCheck, unzipped } from '../export/reading.js';
import { runScript } from '../support/built.js';
import { aPicture } from '../support/pictures.js';
import { freePorts } from '../support/ports.js';
import { aReport, newReference, submitted } from '../support/reports.js';
import { ALEX, keepEvidence, REPORTER } from '../support/whole-case.js';

const address = { connectionString: inject('storage') };
const cases = caseTable(openTables(address));
const files = evidenceBlobs(openBlobs(address));
const SCHOOL = 'example-primary';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'policy-desk-export-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function keepCase(reference = newReference(), schoolId = SCHOOL): Promise<string> {
  const report = aReport(schoolId, { reference, reporter: REPORTER });
  const evidence = await keepEvidence(files, report, await aPicture().png().toBuffer());
  await cases.create(submitted(report, [evidence]));
  return reference;
}

async function exported(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const storage = { STORAGE_CONNECTION_STRING: inject('storage'), STORAGE_ACCOUNT: '', BOT_ID: '' };
  const command = runScript('src/cli/export.ts', args, { ...storage, ...env });
  return { code: await command.ended, printed: command.printed() };
}

const pathOf = (reference: string): string => join(folder, `${reference}.zip`);

describe('the command export', () => {
  it('writes a case into a ZIP, says what it wrote, and notes it in the case log', async () => {
    const reference = await keepCase();
    const out = pathOf(reference);
    const { code, printed } = await exported(['--case', reference.toLowerCase(), '--out', out]);
    const bytes = readFileSync(out);
    const sum = createHash('sha256').update(bytes).digest('hex');
    expect(printed).toBe(`${out}: ${bytes.length.toLocaleString('en-GB')} bytes, SHA-256 ${sum}\n`);
    expect(code).toBe(0);
    const zip = await unzipped(bytes);
    expect(sha256sumCheck(zip).code).toBe(0);
    const last = (await cases.find(SCHOOL, reference))?.case.log.at(-1);
    expect(last).toMatchObject({ by: { system: true }, what: { kind: 'exported' } });
    const { log } = JSON.parse(zip.get('case.json')?.toString() ?? '');
    expect(log.at(-1)).toMatchObject({ hash: last?.hash });
    expect(log.at(-1).inWords).toMatch(
      /: Policy Desk made a copy of all of it for whoever runs it, on the command line\.$/u,
    );
  });

  it('overwrites nothing, and then notes nothing', async () => {
    const reference = await keepCase();
    writeFileSync(pathOf(reference), 'mine');
    const { code, printed } = await exported(['--case', reference, '--out', pathOf(reference)]);
    expect(printed).toMatch(/is there already, and nothing is overwritten\. Please choose another --out\.\n$/u);
    expect(code).toBe(1);
    expect(readFileSync(pathOf(reference), 'utf8')).toBe('mine');
    expect((await cases.find(SCHOOL, reference))?.case.log).toHaveLength(2);
  });

  it('makes the copy that a person may have, and none for others', async () => {
    const reference = await keepCase();
    const out = pathOf(reference);
    const refused = await exported(['--case', reference, '--out', out, '--as', REPORTER.personId]);
    expect(refused).toEqual({
      code: 1,
      printed: 'That person may not read this case, so there is no copy of it for them.\n',
    });
    expect(readdirSync(folder)).not.toContain(`${reference}.zip`);
    expect((await exported(['--case', reference, '--out', out, '--as', ALEX])).code).toBe(0);
    const zip = await unzipped(readFileSync(out));
    expect(zip.get('case.json')?.toString()).not.toContain(REPORTER.name);
  });

  it('asks which school is meant where several have the reference', async () => {
    const reference = await keepCase();
    await keepCase(reference, 'other-school');
    const { code, printed } = await exported(['--case', reference]);
    expect(printed).toBe(
      `2 schools have a case ${reference}: example-primary, other-school. Please add --school ID.\n`,
    );
    expect(code).toBe(1);
    expect((await exported(['--case', reference, '--school', SCHOOL, '--out', pathOf(reference)])).code).toBe(0);
  });

  it.each<[string[], RegExp]>([
    [[], /^Please name the case, such as --case PD-7K3MZ0QX\.\n$/u],
    [['--case', 'PD-7'], /^Please name the case/u],
    [['--case', 'PD-00000000'], /^PD-00000000: there is no such case\.\n$/u],
    [['--colour'], /Unknown option '--colour'/u],
  ])('%j is refused in plain words', async (args, words) => {
    const { code, printed } = await exported(args);
    expect(printed).toMatch(words);
    expect(printed).not.toContain('    at ');
    expect(code).toBe(1);
  });

  it('says that storage does not answer', async () => {
    const port = await freePorts(1);
    const { code, printed } = await exported(['--case', 'PD-00000000', '--storage-port', String(port)]);
    expect(printed).toMatch(/^Nothing was written: the storage of `npm run dev` does not answer\./u);
    expect(code).toBe(1);
  });

  it('explains itself', async () => {
    expect((await exported(['--help'])).printed).toContain('npm run --silent export -- --case PD-7K3MZ0QX');
  });
});
