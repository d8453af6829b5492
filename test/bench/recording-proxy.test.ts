import { expect, inject, it } from 'vitest';
import { RecordingProxy } from '../../bench/recording-proxy.js';
import { caseTable } from '../../src/storage/case-table.js';
import { openTables } from '../../src/storage/tables.js';
import { aReport, hex, submitted } from '../support/reports.js';

it('sees what was read of which school', async () => {
  const school = `recorded-${hex(8)}`;
  const direct = caseTable(openTables({ connectionString: inject('storage') }));
  const reports = [school, school, `${school}-1`].map((id) => aReport(id));
  for (const report of reports) await direct.create(submitted(report));
  const proxy = await RecordingProxy.start(inject('storage'));
  const cases = caseTable(openTables({ connectionString: proxy.through(inject('storage')) }));
  const read = async (schoolId?: string) => {
    const found: string[] = [];
    for await (const stored of cases.all(schoolId)) found.push(stored.case.report.reference);
    return found;
  };
  proxy.watch(school);
  expect(await read(school)).toHaveLength(2);
  expect(proxy.asked).toMatchObject({ reads: 1, rows: 4, unbounded: 0 });
  expect([...proxy.asked.foreign]).toEqual([]);

  await read(`${school}-1`);
  expect([...proxy.asked.foreign]).toContain(`${school}-1~${reports[2]?.reference}`);
  proxy.watch(school);
  await cases.find(`${school}-2`, 'PD-00000000');
  expect([...proxy.asked.foreign]).toEqual([`${school}-2~PD-00000000`]);
  proxy.watch(school);
  await read().catch(() => undefined);
  expect(proxy.asked.unbounded).toBeGreaterThan(0);
  expect([...proxy.asked.foreign]).toContain(`${school}-1~${reports[2]?.reference}`);
  await proxy.stop();
});
