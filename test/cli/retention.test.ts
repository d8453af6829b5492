import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Happening } from '../../src/reports/case.js';
import { certificateHash } from '../../src/reports/deletion.js';
import { CASE_TABLE, caseTable } from '../../src/storage/case-table.js';
import { openTables } from '../../src/storage/tables.js';
import { OwnAzurite } from '../support/azurite-process.js';
import { runScript } from '../support/built.js';
import { aReport, further, submitted } from '../support/reports.js';

const SCHOOL = 'example-primary';
let azurite: OwnAzurite;
beforeAll(async () => {
  azurite = await OwnAzurite.start();
});
afterAll(() => azurite.cleanUp());

const tables = () => openTables({ connectionString: azurite.connection });

/** On a machine whose clock is a year ahead; what counts is the time of storage. */
const WRONG_CLOCK = {
  NODE_OPTIONS: '--import tsx --import ./test/support/shifted-clock.ts',
  CLOCK_SHIFT_MS: String(365 * 86_400_000),
};

async function run(script: string, ...args: string[]) {
  const storage = { STORAGE_CONNECTION_STRING: azurite.connection, STORAGE_ACCOUNT: '', BOT_ID: '' };
  const command = runScript(`src/cli/${script}.ts`, args, { ...storage, ...WRONG_CLOCK });
  // Its clock could be set by what it is sent.
  command.child.stdin?.end();
  return { code: await command.ended, printed: command.printed() };
}

async function aCase(...happened: readonly Happening[]): Promise<string> {
  const cases = caseTable(tables());
  const report = aReport(SCHOOL);
  await cases.create(submitted(report));
  for (const what of happened) {
    const stored = await cases.find(SCHOOL, report.reference);
    if (stored) await cases.change(stored, further(stored, what));
  }
  return report.reference;
}

const closed: Happening = { kind: 'closed', outcome: 'resolved', message: 'Thank you.' };

describe('the command retention', () => {
  it('lists what is kept until when, deletes early only what has ended and is not held, and prints certificates', async () => {
    const goesOn = await aCase();
    const kept = await aCase(closed);
    const held = await aCase(closed, { kind: 'hold_placed', reason: 'Tribunal' });
    const told = await aCase(closed, { kind: 'deletion_announced', on: '2032-12-24', people: [] });
    const listed = await run('retention');
    expect(listed.code).toBe(0);
    for (const line of [
      'Example Primary School (example-primary)',
      `  ${kept}  kept until Sun 21 Nov 2032`,
      `  ${held}  kept until Sun 21 Nov 2032, on legal hold since Sat 21 Nov 2026, 08:00`,
      `  ${told}  kept until Sun 21 Nov 2032, its deletion from Fri 24 Dec 2032 on is announced`,
      '  1 case goes on',
    ])
      expect(listed.printed.split('\n')).toContain(line);
    expect(listed.printed).not.toMatch(/Morgan|Tribunal|wombat/iu);

    const remove = (reference: string) => run('retention', '--delete', reference, '--school', SCHOOL);
    const refused = await Promise.all([remove(goesOn), remove(held)]);
    expect(refused[0]).toEqual({
      code: 1,
      printed: `${goesOn} goes on, so it is not deleted: it is to be closed first.\n`,
    });
    expect(refused[1]).toEqual({ code: 1, printed: `${held} is on legal hold, so it is not deleted.\n` });
    const deleted = await remove(kept);
    expect(deleted.code).toBe(0);
    expect(deleted.printed).toMatch(new RegExp(`^${kept}  deleted on .*, before its time was over`, 'u'));
    const [again, { printed }, none] = await Promise.all([
      remove(kept),
      run('retention', '--certificate', kept),
      run('retention', '--certificate', held),
    ]);
    expect([again, none.code]).toEqual([deleted, 1]);
    const { certificate, hash } = JSON.parse(printed);
    expect(certificate).toMatchObject({ reference: kept, schoolId: SCHOOL, reason: 'early', events: 2 });
    expect(Math.abs(Date.parse(certificate.deletedAt) - Date.now())).toBeLessThan(3_600_000);
    const dates = ['submittedAt', 'endedAt', 'deletedAt'].map((name) => [name, new Date(certificate[name])]);
    expect(certificateHash({ ...certificate, ...Object.fromEntries(dates) })).toBe(hash);
  }, 180_000);

  it('is followed by verify, which tells deleted cases, and a certificate that was changed', async () => {
    const gone = await aCase(closed);
    await run('retention', '--delete', gone, '--school', SCHOOL);
    const alone =
      '0 cases, 0 events, 0 pieces of evidence: sound; 1 case deleted, certificates sound, 1 of them not removed completely yet\n';
    expect(await run('verify', '--case', gone)).toEqual({ code: 0, printed: alone });
    const client = await tables().table(CASE_TABLE).client();
    const key = `${SCHOOL}~${gone}`;
    const row = await client.getEntity<{ certificate: string }>(key, 'case');
    const certificate = row.certificate.replace('"reason":"early"', '"reason":"retention"');
    await client.updateEntity({ partitionKey: key, rowKey: 'case', certificate }, 'Merge');
    expect(await run('verify', '--case', gone)).toEqual({
      code: 1,
      printed: `${gone} of the school ${SCHOOL}: the certificate of its deletion has been changed.\n`,
    });
  }, 180_000);
});
