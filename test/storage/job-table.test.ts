import { describe, expect, inject, it } from 'vitest';
import type { NewDelivery } from '../../src/schools/delivery.js';
import { JOB_TABLE, jobTable } from '../../src/storage/job-table.js';
import { tableOutbox } from '../../src/storage/outbox.js';
import { openTables } from '../../src/storage/tables.js';

const tables = openTables({ connectionString: inject('storage') });
const jobs = jobTable(tables);
const outbox = tableOutbox(tables, [JOB_TABLE]);
const at = new Date('2026-11-23T08:00:07.001Z');
const owed = (slot: string): NewDelivery => ({
  ...{ kind: 'case.digest', refs: { slot }, target: { to: 'headteacher_channel' }, placement: { at: 'new' } },
});

describe('what is done again and again', () => {
  it('is noted with what it owes, by the first of many who would', async () => {
    const school = `jobs-${process.pid}`;
    expect(await jobs.find(school, 'digest')).toEqual({
      ...{ schoolId: school, name: 'digest', done: null, deliveries: 0, version: null },
    });
    for (const slot of ['2026-11-23', '2026-11-30']) {
      const before = await jobs.find(school, 'digest');
      const tries = Array.from({ length: 12 }, () =>
        jobs.note(before, { slot, deliveries: [owed(slot), owed(slot)], at }),
      );
      const places = (await Promise.all(tries)).filter((place) => place !== undefined);
      expect(places).toEqual([{ table: JOB_TABLE, partition: `${school}~digest` }]);
      expect(await jobs.find(school, 'digest')).toMatchObject({ done: slot });
    }
    const kept = await outbox.read({ table: JOB_TABLE, partition: `${school}~digest` });
    expect(kept.map(({ delivery: { order, refs, schoolId } }) => [order, refs.slot, schoolId])).toEqual([
      [1, '2026-11-23', school],
      [2, '2026-11-23', school],
      [3, '2026-11-30', school],
      [4, '2026-11-30', school],
    ]);
    expect(kept.map(({ delivery }) => delivery.progress)).toEqual(Array(4).fill({ state: 'owed', due: at }));
  });

  it('is kept for each school and job by itself, and may owe nothing', async () => {
    const school = `jobs-${process.pid}-2`;
    await jobs.note(await jobs.find(school, 'digest'), { slot: '', deliveries: [], at });
    expect(await jobs.find(school, 'digest')).toMatchObject({ done: '', deliveries: 0 });
    expect((await jobs.find(school, 'other')).done).toBeNull();
    expect((await jobs.find(`${school}-2`, 'digest')).done).toBeNull();
  });
});
