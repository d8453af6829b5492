import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../bench/spread.js';

describe('the spread of measurements', () => {
  it('is median, 95th percentile, least and most, in whatever order they came', () => {
    const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect(spreadOf(hundred)).toEqual({ median: 50.5, p95: 95, least: 1, most: 100 });
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, p95: 3, least: 1, most: 3 });
    expect(spreadOf([7])).toEqual({ median: 7, p95: 7, least: 7, most: 7 });
  });
});
