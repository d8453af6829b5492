import type { SchoolMirror } from './storage/school-mirror.js';
import type { SchoolWatch } from './storage/school-watch.js';
import type { Tables } from './storage/tables.js';
import type { SweepName } from './telemetry/telemetry.js';
import type { VitalSigns } from './telemetry/vital-signs.js';
import type { PartState } from './web/readiness.js';

/** Says in words that name no account why a service does not answer; `undefined` when it does. */
type Asked = Pick<Tables, 'unreachable'>;

export interface ConditionParts {
  readonly tables: Asked;
  readonly blobs: Asked;
  readonly queues: Asked;
  readonly watch: Pick<SchoolWatch, 'faults'>;
  /** `undefined` where schools lie in a folder of somebody else's. */
  readonly mirror: Pick<SchoolMirror, 'isBehind'> | undefined;
  readonly signs: VitalSigns;
}

const MINUTE_S = 60;
/** What should go out at once has waited for too long. */
export const OWED_TOO_LONG_S = 10 * MINUTE_S;
/** By then a sweep has missed several rounds, in seconds. Retention looks once an hour, the others every minute or two. */
export const SWEEP_TOO_OLD_S: Readonly<Record<SweepName, number>> = {
  cases: 10 * MINUTE_S,
  drafts: 10 * MINUTE_S,
  summaries: 10 * MINUTE_S,
  deliveries: 10 * MINUTE_S,
  retention: 2 * 60 * MINUTE_S,
};
const DOES: Readonly<Record<SweepName, string>> = {
  cases: 'Reminders',
  drafts: 'Drafts that nobody touches',
  summaries: 'Governors’ summaries',
  deliveries: 'Messages that the queue missed',
  retention: 'Deletion of what is kept long enough',
};
const CHECK_STORAGE =
  'See that the storage account is there, that its firewall lets this machine in, and that the identity has its roles. `npm run doctor` tries each.';

/** Shorter than the time between two probes, so that each of them still hears how it is now. */
const ASKED_ANEW_MS = 3_000;

/**
 * A service that is asked at most every few seconds, however many want to know: anyone may ask for `/readyz`, and each time would
 * be a request to storage that somebody pays for.
 *
 * @param now any clock that only goes forward, in milliseconds.
 */
export function askedSeldom(service: Asked, now: () => number = () => performance.now()): Asked {
  let last: { readonly at: number; readonly answer: Promise<string | undefined> } | undefined;
  return {
    unreachable() {
      if (last === undefined || now() - last.at >= ASKED_ANEW_MS) last = { at: now(), answer: service.unreachable() };
      return last.answer;
    },
  };
}

/** How each part is. What must answer for the bot to serve is asked now; the rest is known. */
export async function conditionNow(parts: ConditionParts): Promise<readonly PartState[]> {
  const { tables, blobs, queues, watch, mirror, signs } = parts;
  const [table, blob, queue] = await Promise.all([tables.unreachable(), blobs.unreachable(), queues.unreachable()]);
  return [
    needed('tables', 'Table storage answers.', table),
    needed('blobs', 'Blob storage answers.', blob),
    queueState(queue),
    schoolState(watch.faults().length, mirror?.isBehind ?? false),
    sweepState(signs),
    deliveryState(signs.oldestOwedSeconds()),
  ];
}

const needed = (part: PartState['part'], says: string, trouble: string | undefined): PartState =>
  trouble === undefined
    ? { part, state: 'works', says }
    : { part, state: 'broken', says: trouble, todo: CHECK_STORAGE };

function queueState(trouble: string | undefined): PartState {
  if (trouble === undefined) return { part: 'queue', state: 'works', says: 'Queue storage answers.' };
  const says = `${trouble} Messages still go out, some of them two minutes later.`;
  return { part: 'queue', state: 'look', says, todo: CHECK_STORAGE };
}

/** Without the ids of schools, because everyone may ask. */
function schoolState(faults: number, isBehind: boolean): PartState {
  if (faults === 0 && isBehind)
    return {
      ...{ part: 'schools', state: 'look' },
      says: 'Not every school can be fetched from the container as it is there, so it stays as it was. The log says why.',
      todo: 'Look for schools.not_mirrored and school.not_mirrored in the log.',
    };
  if (faults === 0) return { part: 'schools', state: 'works', says: 'The files of every school are read.' };
  const which = faults === 1 ? 'a school' : `${faults} schools`;
  return {
    ...{ part: 'schools', state: 'look' },
    says: `What was changed for ${which} cannot be read, so it is not used. The log says which.`,
    todo: 'Look for school.not_read in the log, and run `npm run school -- check` on that school.',
  };
}

function sweepState(signs: VitalSigns): PartState {
  const late = signs.sweepAges().filter(({ sweep, seconds }) => seconds > SWEEP_TOO_OLD_S[sweep]);
  if (late.length === 0)
    return { part: 'sweeps', state: 'works', says: 'Everything that is done by the clock is done.' };
  const which = late.map(({ sweep, seconds }) => `${DOES[sweep]}: not done for ${inWords(seconds)}.`).join(' ');
  const todo =
    'Look for lines that end in sweep_failed in the log. Nothing is lost: it is made up for when it works again.';
  return { part: 'sweeps', state: 'look', says: which, todo };
}

function deliveryState(seconds: number | undefined): PartState {
  const part = 'deliveries';
  if (seconds === undefined)
    return { part, state: 'works', says: 'It is not known yet whether a message waits to be sent.' };
  if (seconds === 0) return { part, state: 'works', says: 'No message waits to be sent.' };
  const says = `The message that has waited longest has waited for ${inWords(seconds)}.`;
  if (seconds <= OWED_TOO_LONG_S) return { part, state: 'works', says };
  const todo =
    'Look for delivery.retry and delivery.failed in the log. The Headteacher can type “status” to the bot to see which channel or chat it is.';
  return { part, state: 'look', says, todo };
}

/** "5 minutes", "3 hours". */
export function inWords(seconds: number): string {
  const [count, unit] =
    seconds < 2 * MINUTE_S
      ? [seconds, 'second']
      : seconds < 120 * MINUTE_S
        ? [Math.round(seconds / MINUTE_S), 'minute']
        : [Math.round(seconds / 3_600), 'hour'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
