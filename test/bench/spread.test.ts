import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../bench/spread.js';

describe('the spread of measurements', () => {
  it('is median, 95th and 99th percentile, least and most, in whatever order they came', () => {
    const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect(spreadOf(hundred)).toEqual({ median: 50.5, p95: 95, p99: 99, least: 1, most: 100 });
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, p95: 3, p99: 3, least: 1, most: 3 });
    expect(spreadOf([7])).toEqual({ median: 7, p95: 7, p99: 7, least: 7, most: 7 });
  });
});
