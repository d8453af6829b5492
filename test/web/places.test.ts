import { describe, expect, it } from 'vitest';
import { Places } from '../../src/web/places.js';

describe('places', () => {
  it('are given to whoever waits longest', async () => {
    const places = new Places(1, 2, 60_000);
    const order: string[] = [];
    const first = await places.take();
    const waiting = ['second', 'third'].map(async (name) => {
      const giveBack = await places.take();
      order.push(name);
      giveBack?.();
    });
    expect(await places.take()).toBeUndefined();
    expect(order).toEqual([]);
    first?.();
    first?.();
    await Promise.all(waiting);
    expect(order).toEqual(['second', 'third']);
    expect(await places.take()).toBeDefined();
    expect(await new Places(0, 1, 1).take()).toBeUndefined();
  });

  it('are as many after a wait that was in vain', async () => {
    const places = new Places(1, 5, 10);
    const only = await places.take();
    expect(await places.take()).toBeUndefined();
    only?.();
    const again = await places.take();
    expect(again).toBeDefined();
    expect(await places.take()).toBeUndefined();
  });
});
