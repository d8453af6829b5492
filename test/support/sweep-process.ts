import { createInterface } from 'node:readline';
import { createLog } from '../../src/log.js';
import type { School } from '../../src/schools/school.js';
import { SummarySweep } from '../../src/teams/summary-sweep.js';
import { smallSchool } from './small-school.js';
import { sweepParts } from './summary-office.js';

/**
 * A process that sweeps: each line of its input, `<school> <time>`, is a look at a school at that time, and `done <line>` is printed
 * when that has ended. With `dies` as its second argument it is killed as soon as it has committed something.
 */
const [connection = '', dies] = process.argv.slice(2);
let now = new Date(0);
const schools: School[] = [];
const parts = sweepParts(connection, schools, () => now, createLog('info'));
const committed = async () => {
  if (dies === 'dies') process.kill(process.pid, 'SIGKILL');
};
const sweep = new SummarySweep({ ...parts, deliveries: { committed } });
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const [id = '', time = ''] = line.split(' ');
  now = new Date(time);
  schools.splice(0, schools.length, await smallSchool(id));
  await sweep.look();
  process.stdout.write(`done ${line}\n`);
}
