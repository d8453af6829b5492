import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import { z } from 'zod/v4';
import type { Log } from '../log.js';
import type { DeliveryQueue, OutboxPlace, QueuedPlace } from '../schools/delivery.js';
import { isGone, type LazyQueue, type Queues } from './queues.js';

/** The lease on a message: longer than its deliveries usually take. Claims keep what takes longer from being sent twice. */
const LEASE_S = 60;
/** A message that a worker took this often without finishing it is at fault itself. */
const MOST_TAKEN = 8;
const LONGEST_DELAY_S = 7 * 24 * 60 * 60;
const DEADLINE_MS = 3_000;
/** Of the service, for one call. */
const MOST_AT_ONCE = 32;

const placeSchema = z.object({ table: z.string().min(1), partition: z.string().min(1) });

/**
 * The queue `deliveries`: each message names a partition with deliveries owed. Messages that cannot be worked on are moved to
 * `deliveries-poison`, where they stay.
 */
export function storageDeliveryQueue(queues: Queues, log: Log, name = 'deliveries'): DeliveryQueue {
  const queue = queues.queue(name);
  const poison = queues.queue(`${name}-poison`);
  return {
    async add(place, delayMs) {
      const visibilityTimeout = Math.min(LONGEST_DELAY_S, Math.ceil(delayMs / 1_000));
      // Kept until it is worked off: deliveries wait for days when a school's Teams is down.
      const options = { visibilityTimeout, messageTimeToLive: -1, ...deadline() };
      await withClient(queue, (client) => client.sendMessage(JSON.stringify(place), options));
    },
    async take(limit) {
      // The service refuses to be asked for none.
      if (limit < 1) return [];
      const options = { numberOfMessages: Math.min(limit, MOST_AT_ONCE), visibilityTimeout: LEASE_S, ...deadline() };
      const { receivedMessageItems } = await withClient(queue, (client) => client.receiveMessages(options));
      const taken: QueuedPlace[] = [];
      for (const message of receivedMessageItems) {
        const place = placeIn(message);
        if (place === undefined) await setAside(queue, poison, message, log);
        else taken.push(leased(queue, message, place));
      }
      return taken;
    },
  };
}

/** `undefined` for a message that is no place, or that was taken too often. */
function placeIn({ messageText, dequeueCount }: DequeuedMessageItem): OutboxPlace | undefined {
  if (dequeueCount > MOST_TAKEN) return undefined;
  try {
    return placeSchema.safeParse(JSON.parse(messageText)).data;
  } catch {
    return undefined;
  }
}

function leased(queue: LazyQueue, { messageId, popReceipt, messageText }: DequeuedMessageItem, place: OutboxPlace) {
  return {
    place,
    done: () => unlessGone(withClient(queue, (client) => client.deleteMessage(messageId, popReceipt, deadline()))),
    release: () =>
      unlessGone(
        withClient(queue, (client) => client.updateMessage(messageId, popReceipt, messageText, 0, deadline())),
      ),
  };
}

/** First there, then gone from here: between the two it is in both, never in neither. */
async function setAside(queue: LazyQueue, poison: LazyQueue, message: DequeuedMessageItem, log: Log): Promise<void> {
  const { messageText, messageId, popReceipt, dequeueCount } = message;
  await withClient(poison, (client) => client.sendMessage(messageText, { messageTimeToLive: -1, ...deadline() }));
  log.error({ event: 'delivery.poison', count: dequeueCount });
  await unlessGone(withClient(queue, (client) => client.deleteMessage(messageId, popReceipt, deadline())));
}

async function withClient<T>(queue: LazyQueue, use: (client: QueueClient) => Promise<T>): Promise<T> {
  try {
    return await use(await queue.client());
  } catch (error) {
    if (isGone(error)) queue.forget();
    throw error;
  }
}

/** Another worker has it once the lease is over, or has finished it. */
async function unlessGone(task: Promise<unknown>): Promise<void> {
  try {
    await task;
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

const deadline = () => ({ abortSignal: AbortSignal.timeout(DEADLINE_MS) });
