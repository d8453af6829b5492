import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/teams/pace.js';

describe('the pace of a conversation', () => {
  it('keeps Teams’ limits, whatever comes when: 7 in a second, 60 in 30 s, 1,800 in an hour', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2_000), { minLength: 1, maxLength: 400 }), (gaps) => {
        const pace = new Pace();
        const sent: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap < 1_500 ? 0 : gap;
          const at = pace.take('a', now);
          expect(at).toBeGreaterThanOrEqual(now);
          sent.push(at);
        }
        for (const [messages, withinMs] of [
          [7, 1_000],
          [60, 30_000],
          [1_800, 3_600_000],
        ] as const)
          for (const [index, time] of sent.slice(messages).entries())
            expect(time - (sent[index] ?? 0)).toBeGreaterThan(withinMs);
      }),
      { numRuns: 50 },
    );
  });

  it('holds up nobody who keeps it, and takes no turn by looking', () => {
    const pace = new Pace();
    for (let count = 0; count < 7; count += 1) expect(pace.take('a', 0)).toBe(0);
    for (let count = 0; count < 50; count += 1) expect(pace.next('a', 0)).toBe(1_001);
    expect(pace.take('a', 1_001)).toBe(1_001);
    expect(pace.take('b', 0)).toBe(0);
  });

  it('holds a conversation back as the channel asked, and forgets it afterwards', () => {
    const pace = new Pace();
    pace.hold('a', 5_000);
    pace.hold('a', 3_000);
    expect(pace.next('a', 1_000)).toBe(5_000);
    pace.forget(5_000);
    expect(pace.take('a', 5_000)).toBe(5_000);
  });
});
