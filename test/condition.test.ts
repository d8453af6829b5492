import { describe, expect, it } from 'vitest';
import { askedSeldom, conditionNow } from '../src/condition.js';
import { VitalSigns } from '../src/telemetry/vital-signs.js';
import { readinessOf } from '../src/web/readiness.js';

const SECONDS = 1_000;

describe('a service that many want to know of', () => {
  it('is asked once every few seconds, and each hears how it is then', async () => {
    let [clock, asked] = [0, 0];
    const answers = [undefined, 'Table storage does not answer.', undefined];
    const service = askedSeldom({ unreachable: async () => answers[asked++] }, () => clock);
    const several = () => Promise.all([service.unreachable(), service.unreachable(), service.unreachable()]);
    expect(await several()).toEqual([undefined, undefined, undefined]);
    clock = 2 * SECONDS;
    expect(await service.unreachable()).toBeUndefined();
    expect(asked).toBe(1);
    clock = 4 * SECONDS;
    expect(new Set(await several())).toEqual(new Set(['Table storage does not answer.']));
    clock = 8 * SECONDS;
    expect(await service.unreachable()).toBeUndefined();
    expect(asked).toBe(3);
  });
});

describe('how the bot is', () => {
  const MINUTE = 60 * SECONDS;
  const works = { unreachable: async () => undefined };
  let clock = Date.parse('2026-11-20T12:00:00Z');
  const signs = new VitalSigns(() => new Date(clock));
  const said = async (more: object = {}) => {
    const watch = { faults: () => [] };
    const parts = { tables: works, blobs: works, queues: works, watch, mirror: undefined, signs, ...more };
    return readinessOf(await conditionNow(parts));
  };
  const deliveries = async () => (await said()).parts.find(({ part }) => part === 'deliveries');

  it('does not say that nothing waits before that was looked at, and warns of what waits for too long', async () => {
    expect(await deliveries()).toMatchObject({ state: 'works', says: expect.stringContaining('not known yet') });
    signs.noteOldestOwed(undefined);
    expect(await deliveries()).toMatchObject({ state: 'works', says: 'No message waits to be sent.' });
    signs.noteOldestOwed(new Date(clock));
    clock += 11 * MINUTE;
    expect(await deliveries()).toMatchObject({ state: 'look', says: expect.stringContaining('11 minutes') });
  });

  it('is ready while rounds are late or the queue is away, and not without tables or blobs', async () => {
    clock += 60 * MINUTE;
    const away = { unreachable: async () => 'It does not answer.' };
    expect(await said({ queues: away })).toMatchObject({
      status: 'ready',
      warning: expect.stringMatching(/does not answer.*Reminders: not done for 71 minutes/u),
    });
    expect(await said({ tables: away })).toMatchObject({ status: 'not ready', reason: 'It does not answer.' });
    expect(await said({ blobs: away })).toMatchObject({ status: 'not ready' });
  });
});
