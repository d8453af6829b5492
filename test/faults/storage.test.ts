import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OwnAzurite } from '../support/azurite-process.js';
import { cardText } from '../support/bot.js';
import { BotProcess, TeamsOf } from '../support/bot-process.js';
import { SimulatedStaff } from '../support/simulated-staff.js';
import { type StorageFault, StorageProxies } from '../support/storage-proxy.js';
import { isFull, times } from '../support/thoroughness.js';
import { figuresOf, settled, type Told, untrue } from '../support/truth.js';
import { until } from '../support/until.js';

/** While storage is away the bot holds questions, results and submissions, all of them counted; nothing in it may grow on and on. */
const MOST_GROWN_MB = 150;
/** Two processes start, on a machine that may be busy. */
const HOOK_MS = 300_000;
const SETTLED_WITHIN_MS = times(60_000, 240_000);

let azurite: OwnAzurite;
let proxies: StorageProxies;
let process: BotProcess;
let teams: TeamsOf;
beforeAll(async () => {
  azurite = await OwnAzurite.start();
  proxies = await StorageProxies.start(azurite.connection);
  process = await BotProcess.start(proxies.through(azurite.connection));
  teams = await TeamsOf.around(process.bot);
}, HOOK_MS);
afterAll(async () => {
  proxies.storm = undefined;
  expect(await process.stop()).toBe(0);
  await teams.close();
  await proxies.stop();
  await azurite.cleanUp();
});
afterEach(() => {
  proxies.storm = undefined;
});

/** Everybody who has reported so far, as the store holds all of it. */
const everybody: SimulatedStaff[] = [];
const told = (): Told => ({
  staff: everybody,
  room: teams,
  connection: azurite.connection,
  schoolId: 'example-primary',
  logged: process.logged(),
});

/** People who report again and again until it is enough, and one who asks all the while. */
async function during(trouble: () => Promise<void>, people: number) {
  const staff = Array.from({ length: people }, (_, at) => new SimulatedStaff(teams, { savesForLater: at % 3 === 0 }));
  everybody.push(...staff);
  let isOver = false;
  const reporting = staff.map(async (one) => {
    do {
      await one.report();
      await setTimeout(times(500, 5_000));
    } while (!isOver);
  });
  const asking = askAgainAndAgain(() => isOver);
  await trouble();
  isOver = true;
  const answered = await asking;
  await Promise.all(reporting);
  await settled(told(), SETTLED_WITHIN_MS);
  return { answered, slowest: staff.map((one) => one.slowest).toSorted((one, other) => other.ms - one.ms)[0] };
}

async function askAgainAndAgain(isOver: () => boolean): Promise<number> {
  let answered = 0;
  do {
    const [answer] = await new SimulatedStaff(teams).chat.say('can i ring a parent from my own phone');
    expect(cardText(answer)).toContain('Clause 6.2');
    answered += 1;
    await setTimeout(500);
  } while (!isOver());
  return answered;
}

async function check(name: string, faultsBefore: number, { answered, slowest }: Awaited<ReturnType<typeof during>>) {
  expect(await untrue(told())).toEqual([]);
  const figures = await figuresOf(told(), proxies.faultsMade - faultsBefore);
  globalThis.process.stdout.write(
    `${name}: ${JSON.stringify({ ...figures, answered, slowest, megabytes: process.megabytes() })}\n`,
  );
  expect(figures).toMatchObject({ lost: 0, doubled: 0, acknowledged: figures.sent });
  expect(figures.faults).toBeGreaterThan(0);
  expect(process.logged().filter(({ event }) => event === 'printed')).toEqual([]);
  expect(await process.readiness()).toBe(200);
}

describe('storage that is away', () => {
  it('is told of truthfully, and everything is sent once it is back', async () => {
    const before = proxies.faultsMade;
    const megabytes = process.megabytes();
    const seen: number[] = [];
    const outcome = await during(
      async () => {
        await setTimeout(times(500, 3_000));
        await azurite.down();
        expect(
          await until(
            () => process.readiness(),
            (status) => status === 503,
          ),
        ).toBe(503);
        for (let second = 0; second < times(6, 60); second += 1) {
          await setTimeout(1_000);
          seen.push(await process.readiness());
        }
        await azurite.up();
        await until(
          () => process.readiness(),
          (status) => status === 200,
        );
      },
      times(6, 20),
    );
    await check('storage away', before, outcome);
    expect(new Set(seen)).toEqual(new Set([503]));
    expect(process.megabytes() - megabytes).toBeLessThan(MOST_GROWN_MB);
  }, 600_000);
});

const SLOW: StorageFault = { kind: 'slow', ms: 10_000 };
const ANSWERS: readonly StorageFault[] = [
  { kind: 'answers', status: 500 },
  { kind: 'answers', status: 503, retryAfterSeconds: 1 },
  { kind: 'answers', status: 429, retryAfterSeconds: 1 },
];
const CUTS: readonly StorageFault[] = [{ kind: 'cut before' }, { kind: 'cut after' }];
const STORMS: readonly (readonly [string, number, readonly StorageFault[]])[] = isFull
  ? [
      ['slow storage', 0.3, [SLOW]],
      ['slow storage all through', 1, [SLOW]],
      ['storage that answers 500, 503 and 429', 0.5, ANSWERS],
      ['cut connections', 0.5, CUTS],
      ['all of it', 0.4, [SLOW, ...ANSWERS, ...CUTS]],
    ]
  : [['storage that is slow, refuses and cuts connections', 0.35, [SLOW, ...ANSWERS, ...CUTS]]];

describe.each(STORMS)('%s', (name, share, faults) => {
  it('is told of truthfully, and everything is sent once it is over', async () => {
    const before = proxies.faultsMade;
    const outcome = await during(
      async () => {
        proxies.storm = { share, faults };
        await setTimeout(times(6_000, 60_000));
        proxies.storm = undefined;
      },
      times(6, 20),
    );
    await check(name, before, outcome);
  }, 600_000);
});
