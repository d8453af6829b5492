import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Delivery, type StoredDelivery, type Target, targetKey, targetOfKey } from '../../src/schools/delivery.js';
import { backOff, CLAIM_MS, claimed, nextUp, type Outcome, settled } from '../../src/schools/delivery-schedule.js';

const NOW = new Date('2026-11-20T15:42:00Z');
const at = (ms: number) => new Date(NOW.getTime() + ms);
const HOUR = 3_600_000;

const targets = fc.oneof(
  fc.constant<Target>({ to: 'headteacher_channel' }),
  fc.constant<Target>({ to: 'governors_chat' }),
  fc.uuid().map((personId): Target => ({ to: 'person', personId })),
);
const aDelivery = (order: number, change: Partial<Delivery> = {}): Delivery => ({
  kind: 'enquiry.asked',
  refs: {},
  target: { to: 'headteacher_channel' },
  placement: { at: 'new' },
  schoolId: 'school',
  owedSince: NOW,
  attempts: 0,
  refusals: 0,
  progress: { state: 'owed', due: NOW },
  ...change,
  order,
});
const progress = fc.oneof(
  fc.integer({ min: -HOUR, max: HOUR }).map((ms) => ({ state: 'owed' as const, due: at(ms) })),
  fc.constant({ state: 'sent' as const, at: NOW, message: { conversationId: 'c', activityId: null } }),
  fc.constant({ state: 'given_up' as const, at: NOW, reason: 'refused' as const }),
);
const partitions = fc
  .array(fc.record({ target: fc.oneof(targets, fc.constant<Target>({ to: 'governors_chat' })), progress }), {
    maxLength: 12,
  })
  .map((some) => some.map((change, index) => ({ delivery: aDelivery(index + 1, change), version: `v${index}` })));
const outcomes = fc.oneof(
  fc.constant<Outcome>({ kind: 'sent', message: { conversationId: 'c', activityId: 'a' } }),
  fc.constant<Outcome>({ kind: 'obsolete' }),
  fc.constant<Outcome>({ kind: 'refused', status: 403 }),
  fc.record({ kind: fc.constant('busy' as const), status: fc.constant(429), retryAfterMs: fc.nat(10 * HOUR) }),
  fc.constant<Outcome>({ kind: 'busy' }),
);
const jitter = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

describe('which delivery is next', () => {
  const dueOf = ({ delivery: { progress: state } }: StoredDelivery) => (state.state === 'owed' ? state.due : undefined);

  it('is the first owed to each conversation, and only when it is due; nothing overtakes', () => {
    fc.assert(
      fc.property(partitions, (stored) => {
        const { ready } = nextUp(stored, NOW);
        expect(new Set(ready.map(({ delivery }) => targetKey(delivery.target))).size).toBe(ready.length);
        for (const one of ready) {
          expect(dueOf(one)?.getTime()).toBeLessThanOrEqual(NOW.getTime());
          const before = stored.filter(
            ({ delivery }) =>
              delivery.order < one.delivery.order && targetKey(delivery.target) === targetKey(one.delivery.target),
          );
          expect(before.every(({ delivery }) => delivery.progress.state !== 'owed')).toBe(true);
        }
      }),
    );
  });

  it('is looked for again no later than the next can be due, as long as anything is owed', () => {
    fc.assert(
      fc.property(partitions, (stored) => {
        const { ready, nextDue } = nextUp(stored, NOW);
        const owed = stored.filter((one) => dueOf(one) !== undefined);
        if (ready.length === 0) expect(nextDue === undefined).toBe(owed.length === 0);
        if (nextDue === undefined) return;
        expect(nextDue > NOW).toBe(true);
        expect(nextUp(stored, nextDue).ready.length).toBeGreaterThan(ready.length);
      }),
    );
  });

  it('is nobody else’s while it is claimed, and anybody’s when the claim is over', () => {
    const one = claimed(aDelivery(1), NOW);
    expect(one.attempts).toBe(1);
    expect(nextUp([{ delivery: one, version: '' }], at(CLAIM_MS - 1))).toEqual({ ready: [], nextDue: at(CLAIM_MS) });
    expect(nextUp([{ delivery: one, version: '' }], at(CLAIM_MS)).ready).toHaveLength(1);
  });
});

describe('what becomes of a delivery after an attempt', () => {
  it('ends: whatever the channel answers, for however long, it is sent or given up, and no step forgets it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(outcomes, jitter), { minLength: 1_200, maxLength: 1_200 }), (steps) => {
        let delivery = aDelivery(1);
        let now = NOW;
        for (const [outcome, random] of steps) {
          if (delivery.progress.state !== 'owed') break;
          now = delivery.progress.due > now ? delivery.progress.due : now;
          delivery = settled(claimed(delivery, now), outcome, now, random);
          if (delivery.progress.state === 'owed') expect(delivery.progress.due >= now).toBe(true);
        }
        expect(delivery.progress.state).not.toBe('owed');
      }),
      { numRuns: 20 },
    );
  });

  it('waits at least as long as the channel asks, up to an hour, and no longer than the longest retry beyond', () => {
    fc.assert(
      fc.property(fc.nat(3 * HOUR), fc.integer({ min: 1, max: 40 }), jitter, (retryAfterMs, attempts, random) => {
        const delivery = settled(aDelivery(1, { attempts }), { kind: 'busy', status: 429, retryAfterMs }, NOW, random);
        if (delivery.progress.state !== 'owed') throw new Error('It is not owed.');
        const waited = delivery.progress.due.getTime() - NOW.getTime();
        expect(waited).toBeGreaterThanOrEqual(Math.min(retryAfterMs, HOUR));
        expect(waited).toBeLessThanOrEqual(Math.min(retryAfterMs, HOUR) + 600_000);
      }),
    );
  });

  it('waits longer after each refusal, up to a day, so that people can put the bot back', () => {
    const waits = [0, 1, 2, 3].map((refusals) => {
      const { progress } = settled(aDelivery(1, { refusals }), { kind: 'refused', status: 403 }, NOW, 0.5);
      return progress.state === 'owed' ? progress.due.getTime() - NOW.getTime() : undefined;
    });
    expect(waits).toEqual([500, 5 * 60_000, 1.5 * HOUR, 12 * HOUR]);
  });

  it('is given up after five refusals, or four days without a way through, with the reason', () => {
    let refused = aDelivery(1);
    for (let times = 1; times <= 5; times += 1) {
      expect(refused.progress.state).toBe('owed');
      refused = settled(refused, { kind: 'refused', status: 404 }, NOW, 0.5);
    }
    expect(refused.progress).toEqual({ state: 'given_up', at: NOW, reason: 'refused' });
    const late = at(4 * 24 * HOUR);
    expect(settled(aDelivery(1), { kind: 'busy' }, new Date(late.getTime() - 1), 0.5).progress.state).toBe('owed');
    expect(settled(aDelivery(1), { kind: 'busy' }, late, 0.5).progress).toMatchObject({ reason: 'unreachable' });
  });
});

describe('the wait between attempts', () => {
  it('is anything up to a limit that doubles from a second to ten minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), jitter, (attempts, random) => {
        const wait = backOff(attempts, random);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.min(600_000, 1_000 * 2 ** (attempts - 1)));
      }),
    );
    expect([1, 2, 3, 10, 11].map((attempts) => backOff(attempts, 0.999_999_9))).toEqual([
      999, 1_999, 3_999, 511_999, 599_999,
    ]);
  });
});

it('a conversation is read back from its key', () => {
  fc.assert(
    fc.property(targets, (target) => {
      expect(targetOfKey(targetKey(target))).toEqual(target);
    }),
  );
});
