import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { OwnAzurite } from '../support/azurite-process.js';
import { BotProcess, TeamsOf } from '../support/bot-process.js';
import { SimulatedStaff } from '../support/simulated-staff.js';
import { SmallDisk } from '../support/small-disk.js';
import { times } from '../support/thoroughness.js';
import { figuresOf, settled, type Told, untrue } from '../support/truth.js';
import { until } from '../support/until.js';

const disk = SmallDisk.mount(64);
if (!disk)
  process.stdout.write('Skipped: no small disk may be mounted here (root, or sudo without a password, may).\n');

it.skipIf(!disk)(
  'storage whose disk is full: files are refused truthfully, and taken when there is room again',
  async () => {
    if (!disk) return;
    const azurite = await OwnAzurite.start(disk.folder);
    const bot = await BotProcess.start(azurite.connection);
    const teams = await TeamsOf.around(bot.bot);
    const staff = Array.from({ length: times(4, 12) }, (_, at) => {
      return new SimulatedStaff(teams, { pictures: 2, savesForLater: at % 3 === 0 });
    });
    const reportAll = () => Promise.all(staff.map((one) => one.report()));
    await reportAll();
    disk.fill();
    const full = reportAll();
    const refused = () => bot.logged().filter(({ event }) => event === 'evidence.not_taken').length;
    await until(() => refused() >= staff.length);
    await setTimeout(times(0, 30_000));
    const faults = refused();
    disk.makeRoom();
    await full;
    const told = (): Told => ({
      ...{ staff, room: teams, connection: azurite.connection, schoolId: 'example-primary', logged: bot.logged() },
    });
    await settled(told());
    expect(await bot.stop()).toBe(0);
    // All of it is on the disk, not only in the memory of the storage.
    await azurite.down();
    await azurite.up();
    expect(await untrue(told())).toEqual([]);
    const figures = await figuresOf(told(), faults);
    process.stdout.write(`full disk: ${JSON.stringify(figures)}\n`);
    expect(figures).toMatchObject({ sent: 2 * staff.length, acknowledged: 2 * staff.length, lost: 0, doubled: 0 });
    expect(bot.logged().filter(({ event }) => event === 'printed')).toEqual([]);
    await teams.close();
    await azurite.cleanUp();
    disk.unmount();
  },
  600_000,
);
