import { afterAll, beforeAll, expect, it } from 'vitest';
import { BusyStaff, newTally } from '../support/busy-staff.js';
import { Chance } from '../support/chance.js';
import { times } from '../support/thoroughness.js';
import { WholeDesk } from '../support/whole-desk.js';
import { Killing } from './killing.js';
import { expectDraft, judge } from './oracle.js';

const STAFF = times(8, 20);
const REPORTS = times(24, 300);
const LEAST_KILLS = times(3, 40);
const LIMIT_MS = times(10, 120) * 60_000;

let office: WholeDesk;
beforeAll(async () => {
  office = await WholeDesk.open();
  await office.start(1);
}, 600_000);
afterAll(() => office.close());

it(
  `killed at random moments during ${REPORTS} reports, Policy Desk loses nothing that it said was kept`,
  async () => {
    const chance = new Chance(Date.now() % 2 ** 31);
    const tally = newTally();
    const killing = new Killing(office, tally, chance);
    const staff = Array.from({ length: STAFF }, (_, at) => new BusyStaff(office, at + 1, chance, tally));
    let over = false;
    const work = Promise.all(staff.map((one, at) => reportAll(one, Math.floor((REPORTS + at) / STAFF)))).finally(() => {
      over = true;
    });
    // It is waited for at the end.
    work.catch(() => undefined);
    const [desk] = office.desks;
    if (!desk) throw new Error('There is no process.');
    while (!over) await killing.once(desk, () => over);
    await work;
    await killing.andNoMore(desk);
    await office.settled();

    const verdict = await judge(office, staff, killing.inDoubt);
    const { kills, hit } = killing;
    const { unclear, refused } = tally;
    const figures = { kills, unclear, refused, inTheMiddleOf: Object.fromEntries(hit), seed: chance.seed };
    process.stdout.write(`kill -9: ${JSON.stringify({ ...verdict, ...figures })}\n`);
    expect(verdict).toMatchObject({ reports: REPORTS, lost: 0, missing: 0, doubled: 0 });
    expect(kills).toBeGreaterThanOrEqual(LEAST_KILLS);
    for (const one of staff) await expectDraft(office, one);

    desk.process.child.kill('SIGTERM');
    expect(await desk.process.ended).toBe(0);
  },
  LIMIT_MS,
);

/** Each makes their share of the reports, and leaves another one open. */
async function reportAll(one: BusyStaff, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) await one.report();
  await one.leaveOpen();
}
