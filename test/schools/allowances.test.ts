import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Allowances, PAUSE_MS } from '../../src/schools/allowances.js';

const START = Date.parse('2026-11-20T15:42:00Z');

/** How many of so many at once are let in. */
function letIn(allowances: Allowances, times: number, now: number, key = 'somebody'): number {
  let count = 0;
  for (let time = 0; time < times; time += 1) if (!allowances.take(key, 60, now)) count += 1;
  return count;
}

describe('an allowance', () => {
  it('gives at once what two minutes allow, then says when to come back, and gives what a minute allows', () => {
    const allowances = new Allowances();
    expect(letIn(allowances, 120, START)).toBe(120);
    expect(allowances.take('somebody', 60, START)).toEqual(new Date(START + PAUSE_MS));
    expect(letIn(allowances, 50, START + PAUSE_MS - 1)).toBe(0);
    expect(letIn(allowances, 100, START + PAUSE_MS)).toBe(60);
  });

  it('is never used up by somebody who keeps to it', () => {
    const allowances = new Allowances();
    for (let second = 0; second < 3_600; second += 1)
      expect(allowances.take('somebody', 60, START + second * 1_000)).toBeUndefined();
  });

  it('is each one’s own', () => {
    const allowances = new Allowances();
    expect(letIn(allowances, 500, START, 'a flood')).toBe(120);
    expect(letIn(allowances, 10, START, 'somebody else')).toBe(10);
  });

  it('is not closed for longer than the pause by a clock that is set back', () => {
    const allowances = new Allowances();
    letIn(allowances, 500, START);
    for (const back of [30_000, 90_000, 3_600_000]) {
      letIn(allowances, 500, START - back);
      expect(letIn(allowances, 1, START - back + PAUSE_MS)).toBe(1);
    }
  });

  it('lets in, however times are spread, no more than two minutes allow and what has come back since', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 400 }), (steps) => {
        const allowances = new Allowances();
        let now = START;
        let count = 0;
        for (const step of steps) {
          now += step;
          if (!allowances.take('somebody', 60, now)) count += 1;
        }
        expect(count).toBeLessThanOrEqual(120 + (now - START) / 1_000 + 1);
      }),
    );
  });
});
