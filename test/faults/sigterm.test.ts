import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BusyStaff, newTally } from '../support/busy-staff.js';
import { Chance } from '../support/chance.js';
import { times } from '../support/thoroughness.js';
import { WholeDesk } from '../support/whole-desk.js';
import { Killing } from './killing.js';
import { judge } from './oracle.js';

const STAFF = times(8, 20);
const ROUNDS = times(2, 20);
/** How long Teams takes, so that something is on its way to it whenever the signal comes. */
const LATENCY_MS = 150;
/** Answers before the signal, at most. */
const MOST_ANSWERS = 80;

let office: WholeDesk;
beforeAll(async () => {
  office = await WholeDesk.open();
  office.connector.latencyMs = LATENCY_MS;
  await office.start(1);
}, 600_000);
afterAll(() => office.close());

it(
  `told to end ${ROUNDS} times while staff report, Policy Desk finishes what it has begun, and the next goes on`,
  async () => {
    const chance = new Chance(Date.now() % 2 ** 31);
    const tally = newTally();
    const killing = new Killing(office, tally, chance);
    const staff = Array.from({ length: STAFF }, (_, at) => new BusyStaff(office, at + 1, chance, tally));
    const [desk] = office.desks;
    if (!desk) throw new Error('There is no process.');
    let over = false;
    const work = Promise.all(staff.map((one) => reportUntil(one, () => over)));
    // It is waited for at the end.
    work.catch(() => undefined);
    for (let round = 0; round < ROUNDS; round += 1) {
      const from = tally.answers + chance.below(MOST_ANSWERS);
      while (tally.answers < from) await setTimeout(5);
      killing.countPhases();
      desk.process.child.kill('SIGTERM');
      expect(await desk.process.ended).toBe(0);
      expect(desk.process.printed()).toContain('server.stopped');
      // What Teams has is noted, so that the next process does not send it again.
      await killing.lookForDoubt();
      expect([...killing.inDoubt]).toEqual([]);
      await office.restart(desk);
    }
    over = true;
    await work;
    await office.settled();

    const verdict = await judge(office, staff);
    const figures = { signals: ROUNDS, unclear: tally.unclear, inTheMiddleOf: Object.fromEntries(killing.hit) };
    process.stdout.write(`SIGTERM: ${JSON.stringify({ ...verdict, ...figures, seed: chance.seed })}\n`);
    expect(verdict).toMatchObject({ lost: 0, missing: 0, doubled: 0, doubledInDoubt: 0 });
  },
  times(10, 60) * 60_000,
);

async function reportUntil(one: BusyStaff, isOver: () => boolean): Promise<void> {
  do await one.report();
  while (!isOver());
}
