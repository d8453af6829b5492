import { z } from 'zod/v4';
import { inWords as inTime, OWED_TOO_LONG_S } from '../../condition.js';
import { daysAfter } from '../../schools/calendar.js';
import type { Outbox } from '../../schools/delivery.js';
import { schoolIdOf } from '../../schools/delivery.js';
import type { JobStore } from '../../schools/job.js';
import type { School } from '../../schools/school.js';
import type { Queues } from '../../storage/queues.js';
import { RETENTION_JOB } from '../../teams/retention-sweep.js';
import { type Finding, kindOf, of } from './finding.js';

const DEADLINE_MS = 10_000;
/** More than wait for a worker at any time when the workers keep up. */
const MANY_QUEUED = 200;
/** Retention is seen to once a day, when people are awake. */
const RETENTION_DAYS = 2;

const readiness = z.object({
  parts: z.array(
    z.object({
      part: z.string(),
      state: z.enum(['works', 'look', 'broken']),
      says: z.string(),
      todo: z.string().optional(),
    }),
  ),
});

/** Whether the bot answers at its public address, and what it says of itself. */
export async function addressFindings(publicUrl: string, isLocal: boolean): Promise<readonly Finding[]> {
  const { works, broken } = of('address');
  const todo = isLocal
    ? 'Start `npm run dev` in another terminal.'
    : 'Check that the bot runs, that its ingress is open to the internet, and that the name leads to it.';
  try {
    const response = await ask(`${publicUrl}/healthz`);
    const { status } = Object(await response.json().catch(() => undefined)) as { status?: unknown };
    if (!response.ok || status !== 'alive')
      return [broken(`${publicUrl} is answered by something else (status ${response.status}).`, todo)];
  } catch (error) {
    return [broken(`Nothing answers at ${publicUrl} (${kindOf(error)}).`, todo)];
  }
  return [works(`The bot answers at ${publicUrl}.`), ...(await readyFindings(publicUrl))];
}

/** What the running bot says of itself, but for what is looked at from here as well. */
async function readyFindings(publicUrl: string): Promise<readonly Finding[]> {
  try {
    const { parts } = readiness.parse(await (await ask(`${publicUrl}/readyz`)).json());
    return parts.map(({ part, state, says, todo }) => of(`running bot, ${part}`)[state](says, todo));
  } catch (error) {
    return [of('running bot').broken(`It does not say how it is (${kindOf(error)}).`, `Open ${publicUrl}/readyz.`)];
  }
}

const ask = (url: string) => fetch(url, { redirect: 'error', signal: AbortSignal.timeout(DEADLINE_MS) });

/** How many messages wait on the queue, and how many could not be worked on. */
export async function queueFindings(queues: Queues): Promise<readonly Finding[]> {
  const { works, look } = of('queue');
  try {
    const [waiting, poison] = await Promise.all(
      ['deliveries', 'deliveries-poison'].map((name) => lengthOf(queues, name)),
    );
    const length = works(`${waiting} messages on the queue.`);
    return [
      (waiting ?? 0) > MANY_QUEUED
        ? look(`${waiting} messages on the queue.`, 'See whether the bot runs, and how busy it is.')
        : length,
      ...((poison ?? 0) > 0
        ? [
            look(
              `${poison} messages could not be worked on, and lie on deliveries-poison.`,
              'Look for delivery.poison in the log. What they stood for is found by the sweep; delete them once you have seen them.',
            ),
          ]
        : []),
    ];
  } catch (error) {
    return [look(`It cannot be looked at (${kindOf(error)}).`, 'See what is said of storage.')];
  }
}

async function lengthOf(queues: Queues, name: string): Promise<number> {
  const client = await queues.queue(name).client();
  return (await client.getProperties()).approximateMessagesCount ?? 0;
}

/** How long the oldest message that is owed has waited, of all schools or of one that is not set up any more. */
export async function owedFindings(
  outbox: Pick<Outbox, 'overdue'>,
  schools: readonly School[],
  now: Date,
): Promise<readonly Finding[]> {
  const { works, look } = of('deliveries');
  const known = new Set(schools.map(({ profile }) => profile.id));
  let oldest: Date | undefined;
  let [count, strays] = [0, 0];
  try {
    for await (const _ of outbox.overdue(now, (place, since) => {
      if (!known.has(schoolIdOf(place))) {
        strays += 1;
        return;
      }
      count += 1;
      if (!oldest || since < oldest) oldest = since;
    }));
  } catch (error) {
    return [look(`They cannot be looked at (${kindOf(error)}).`, 'See what is said of storage.')];
  }
  const seconds = oldest ? Math.max(0, Math.round((now.getTime() - oldest.getTime()) / 1_000)) : 0;
  const says = `${count === 1 ? '1 message is' : `${count} messages are`} owed, the oldest for ${inTime(seconds)}.`;
  const stray = look(
    `${strays} messages are owed by schools that are not set up here.`,
    'Bring the school’s folder back.',
  );
  return [
    count === 0
      ? works('Nothing is owed to anybody.')
      : seconds <= OWED_TOO_LONG_S
        ? works(says)
        : look(
            says,
            'See what is said of channels. The log says why, with delivery.retry; “status” in Teams says which.',
          ),
    ...(strays > 0 ? [stray] : []),
  ];
}

/** When what is done once a day was last done, as storage knows it. */
export async function jobFindings(
  jobs: JobStore,
  { profile: { id } }: School,
  today: string,
): Promise<readonly Finding[]> {
  const { works, look } = of(`daily work of ${id}`);
  try {
    const { done } = await jobs.find(id, RETENTION_JOB);
    if (done === null)
      return [look('It was not done yet.', 'It is done once a day, in waking hours, while the bot runs.')];
    return done >= daysAfter(today, -RETENTION_DAYS)
      ? [works(`It was done last on ${done}.`)]
      : [look(`It was done last on ${done}.`, 'See whether the bot runs; look for retention.sweep_failed in the log.')];
  } catch (error) {
    return [look(`It cannot be looked at (${kindOf(error)}).`, 'See what is said of storage.')];
  }
}
