import { QueueClient } from '@azure/storage-queue';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { createLog } from '../../src/log.js';
import { storageDeliveryQueue } from '../../src/storage/delivery-queue.js';
import { openQueues } from '../../src/storage/queues.js';
import { newQueueName } from '../support/delivering.js';
import { until } from '../support/until.js';

const place = { table: 'Enquiries', partition: 'school~Q-7K3MZ0QX' };
const log = createLog('silent');
const names: string[] = [];
const client = (name: string) => new QueueClient(inject('storage'), name);
const open = () => {
  const name = newQueueName();
  names.push(name, `${name}-poison`);
  return { name, queue: storageDeliveryQueue(openQueues({ connectionString: inject('storage') }), log, name) };
};
afterEach(async () => {
  for (const name of names.splice(0)) await client(name).deleteIfExists();
});

describe('the queue of deliveries', () => {
  it('hands a message to one taker at a time, again when it is released, and never when it is done', async () => {
    const { queue } = open();
    await queue.add(place, 0);
    const [taken, ...others] = await queue.take(16);
    expect(taken?.place).toEqual(place);
    expect(others).toEqual([]);
    expect(await queue.take(16)).toEqual([]);
    expect(await queue.take(0)).toEqual([]);
    await taken?.release();
    const [again] = await queue.take(16);
    expect(again?.place).toEqual(place);
    await again?.done();
    await again?.done();
    await taken?.release();
    expect(await queue.take(16)).toEqual([]);
  });

  it('keeps a message back until it is due', async () => {
    const { queue } = open();
    await queue.add(place, 700);
    expect(await queue.take(16)).toEqual([]);
    expect(
      (
        await until(
          () => queue.take(16),
          (taken) => taken.length > 0,
        )
      )[0]?.place,
    ).toEqual(place);
  });

  it.each([['not JSON'], ['{}'], ['7'], ['{"table":"Enquiries"}'], ['{"table":"","partition":""}']])(
    'sets %s aside, where operators see it, and goes on with the rest',
    async (text) => {
      const { queue, name } = open();
      expect(await queue.take(1)).toEqual([]);
      await client(name).sendMessage(text);
      await queue.add(place, 0);
      const taken = await until(
        () => queue.take(16),
        (some) => some.length > 0,
      );
      expect(taken.map((one) => one.place)).toEqual([place]);
      const { peekedMessageItems } = await client(`${name}-poison`).peekMessages();
      expect(peekedMessageItems.map(({ messageText }) => messageText)).toEqual([text]);
    },
  );

  it('sets a message aside that was taken eight times and never finished', async () => {
    const { queue, name } = open();
    await queue.add(place, 0);
    for (let times = 1; times <= 8; times += 1) {
      const [taken] = await queue.take(1);
      expect(taken?.place).toEqual(place);
      await taken?.release();
    }
    expect(await queue.take(1)).toEqual([]);
    const { peekedMessageItems } = await client(`${name}-poison`).peekMessages();
    expect(peekedMessageItems.map(({ messageText }) => JSON.parse(messageText))).toEqual([place]);
    expect((await client(name).getProperties()).approximateMessagesCount).toBe(0);
  });

  it('is made again when someone has deleted it', async () => {
    const { queue, name } = open();
    await queue.add(place, 0);
    await client(name).delete();
    await expect(queue.add(place, 0)).rejects.toThrow();
    await queue.add(place, 0);
    expect(await queue.take(1)).toHaveLength(1);
  });
});
