import { expect, inject, it } from 'vitest';
import { type MadeUp, madeUpCases } from '../../bench/made-up-cases.js';
import { faultsInCase } from '../../src/reports/verify.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { caseRecords, caseTable } from '../../src/storage/case-table.js';
import { evidenceBlobs } from '../../src/storage/evidence-blobs.js';
import { openTables } from '../../src/storage/tables.js';
import { hex } from '../support/reports.js';
import { sampleSchool } from '../support/sample-school.js';

const MADE: MadeUp = {
  ...{ seed: 7, count: 60, hashes: true },
  ...{ since: new Date('2025-09-01T00:00:00Z'), before: new Date('2026-08-31T00:00:00Z') },
};

it('are the same for the same seed, and cases as Policy Desk keeps them', async () => {
  const { profile: sample } = await sampleSchool();
  const profile = { ...sample, id: `made-up-${hex(8)}` };
  const made = [...madeUpCases(profile, MADE)];
  expect([...madeUpCases(profile, MADE)]).toEqual(made);
  expect([...madeUpCases(profile, { ...MADE, seed: 8 })]).not.toEqual(made);
  const kinds = new Set(made.flatMap(({ events }) => events.map(({ what }) => what.kind)));
  for (const kind of ['submitted', 'evidence_added', 'acknowledged', 'action_taken', 'post_marked', 'closed'])
    expect(kinds).toContain(kind);
  const tables = openTables({ connectionString: inject('storage') });
  const cases = caseTable(tables);
  for (const change of made) expect(await cases.create(change)).toBeDefined();
  const files = evidenceBlobs(openBlobs({ connectionString: inject('storage') }));
  let found = 0;
  for await (const record of caseRecords(tables).all(profile.id)) {
    found += 1;
    // No file was ever received for them; nothing else is wrong.
    const faults = await faultsInCase(record, files);
    expect(faults.filter((fault) => !/original|file/iu.test(fault))).toEqual([]);
  }
  expect(found).toBe(MADE.count);
}, 30_000);
