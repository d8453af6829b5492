import { type Delivery, type SentMessage, type StoredDelivery, targetKey } from './delivery.js';

/** What came of one attempt to send. */
export type Outcome =
  | { readonly kind: 'sent'; readonly message: SentMessage }
  /** The channel is busy or cannot be reached (429, 412, 5xx, no answer in time); `retryAfterMs` when it said how long. */
  | { readonly kind: 'busy'; readonly status?: number; readonly retryAfterMs?: number }
  /** The channel will not have it: 403, 404 and other answers that say the request is at fault. */
  | { readonly kind: 'refused'; readonly status: number }
  /** There is nothing to say any more. */
  | { readonly kind: 'obsolete' };

/**
 * How long a worker has a delivery to itself: longer than a send may take, with time to note what came of it. When its process
 * dies, others wait as long before they try.
 */
export const CLAIM_MS = 30_000;
/** Full jitter (Brooker, "Exponential backoff and jitter"): any time up to twice the last limit, up to the cap. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 10 * 60_000;
/** A channel may ask for any wait; nothing is left alone for longer than this. */
const LONGEST_RETRY_AFTER_MS = 60 * 60_000;
/**
 * Waits after refusals, at most: the first is short, as what cannot replace a message that is gone is then sent by itself; the
 * others give people a day to put the bot back into a team or a chat. After one more it is given up.
 */
const REFUSED_WAITS_MS = [1_000, 10 * 60_000, 3 * 60 * 60_000, 24 * 60 * 60_000];
const GONE: readonly number[] = [404, 410];
/** An outage over a weekend ends before this. */
const GIVE_UP_AFTER_MS = 4 * 24 * 60 * 60_000;

/** Longer than any wait that was ever noted: what is put off for longer was noted by a clock that was wrong. */
const LONGEST_CREDIBLE_MS = Math.max(...REFUSED_WAITS_MS, LONGEST_RETRY_MS + LONGEST_RETRY_AFTER_MS) + CLAIM_MS;

/** What is to be sent now, and when to look again when nothing else happens. */
export interface NextUp {
  /** At most one for each conversation. */
  readonly ready: readonly StoredDelivery[];
  /** `undefined` when nothing is owed besides what is ready. */
  readonly nextDue: Date | undefined;
}

/** Of one partition's deliveries, in order: the first that is owed to each conversation holds up those behind it. */
export function nextUp(stored: readonly StoredDelivery[], now: Date): NextUp {
  const heads = new Map<string, StoredDelivery>();
  for (const one of stored) {
    const key = targetKey(one.delivery.target);
    if (one.delivery.progress.state === 'owed' && !heads.has(key)) heads.set(key, one);
  }
  const dueOf = ({ delivery: { progress } }: StoredDelivery) =>
    progress.state === 'owed' && progress.due <= later(now, LONGEST_CREDIBLE_MS) ? progress.due : now;
  const [ready, waiting] = [true, false].map((wanted) =>
    [...heads.values()].filter((one) => dueOf(one) <= now === wanted),
  ) as [StoredDelivery[], StoredDelivery[]];
  const times = waiting.map((one) => dueOf(one).getTime());
  return { ready, nextDue: times.length === 0 ? undefined : new Date(Math.min(...times)) };
}

/** The delivery as taken by one worker: counted as tried, and not due for others until the claim is over. */
export const claimed = (delivery: Delivery, now: Date): Delivery => ({
  ...delivery,
  attempts: delivery.attempts + 1,
  progress: { state: 'owed', due: new Date(now.getTime() + CLAIM_MS), claimed: true },
});

/**
 * The delivery after an attempt: sent, owed at a later time, or given up.
 *
 * @param random 0 to 1, for the jitter.
 */
export function settled(delivery: Delivery, outcome: Outcome, now: Date, random: number): Delivery {
  switch (outcome.kind) {
    case 'sent':
      return { ...delivery, progress: { state: 'sent', at: now, message: outcome.message } };
    case 'obsolete':
      return { ...delivery, progress: { state: 'given_up', at: now, reason: 'obsolete' } };
    case 'refused': {
      const gone = GONE.includes(outcome.status) && ({ gone: true } as const);
      const refused = { ...delivery, ...gone, refusals: delivery.refusals + 1 };
      const longest = REFUSED_WAITS_MS[delivery.refusals];
      if (longest === undefined) return { ...refused, progress: { state: 'given_up', at: now, reason: 'refused' } };
      return { ...refused, progress: { state: 'owed', due: later(now, Math.floor(random * longest)) } };
    }
    case 'busy': {
      if (now.getTime() - delivery.owedSince.getTime() >= GIVE_UP_AFTER_MS)
        return { ...delivery, progress: { state: 'given_up', at: now, reason: 'unreachable' } };
      const asked = Math.min(outcome.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
      return { ...delivery, progress: { state: 'owed', due: later(now, asked + backOff(delivery.attempts, random)) } };
    }
  }
}

/** How long to wait after an attempt, in milliseconds. @param attempts how many there have been, from 1. */
export const backOff = (attempts: number, random: number): number =>
  Math.floor(random * Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempts - 1)));

const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);
