import { describe, expect, it } from 'vitest';
import { askedSeldom } from '../src/condition.js';

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
