import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { comparedAt, measureLoad } from '../../bench/load.js';
import { loadInWords, memoryInWords, startsInWords } from '../../bench/load-in-words.js';
import { growthOf, measureMemory, slopeOf } from '../../bench/memory-of-turns.js';
import { covered, measureReportSteps, reportStepsInWords } from '../../bench/report-steps.js';
import { spreadOf } from '../../bench/spread.js';
import { buildProject } from '../../bench/stack.js';
import { measureStarts } from '../../bench/starts.js';

const ONCE = { atOnce: [2], rounds: 1, questions: 4, reports: 2 };

it('measures load, the steps of a report, memory and starts', async () => {
  const folder = await buildProject();
  try {
    const load = await measureLoad(folder, ONCE, () => undefined);
    for (const { perSecond, median, p99 } of [...load.questions, ...load.reports])
      for (const { policyDesk, floor, ratio } of [perSecond, median, p99])
        expect(Math.min(policyDesk, floor, ratio.median)).toBeGreaterThan(0);
    expect(loadInWords(load)).toMatch(/2 at once/u);
    const measured = await measureReportSteps(folder, 1);
    const steps = Object.values(measured.steps);
    expect(steps).toHaveLength(8);
    for (const { ms, storageMs, requests } of [...steps, measured.whole]) {
      expect(Math.min(storageMs, requests)).toBeGreaterThan(0);
      expect(storageMs).toBeLessThanOrEqual(ms);
    }
    expect(Math.min(measured.raw, measured.pictures)).toBeGreaterThan(0);
    expect(reportStepsInWords(measured)).toMatch(/both files, until both are kept +\d+ +\d+ +\d+/u);
    const memory = await measureMemory(folder, { turns: 4, looks: 2, connections: 1 });
    expect(memory.policyDesk.held.heap).toHaveLength(2);
    expect(Math.min(...memory.echo.held.resident, memory.ratio)).toBeGreaterThan(0);
    expect(memoryInWords(memory)).toMatch(/Memory over 4 questions/u);
    const starts = await measureStarts(folder, 1);
    expect(starts.policyDesk.reply.median).toBeGreaterThan(starts.policyDesk.alive.median);
    expect(startsInWords(starts)).toMatch(/until the first reply/u);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 600_000);

describe('growth', () => {
  it('is the slope of the looks after the warm-up', () => {
    expect(slopeOf([3, 5, 7, 9])).toBeCloseTo(2);
    expect(slopeOf([4])).toBe(0);
    const looks = [90, 70, 50, 50, 50, 50, 50, 51, 51, 51];
    const { heap, resident, heapSlope } = growthOf({ heap: looks, resident: looks.map((one) => one * 2) }, 1_000);
    expect([heap, resident]).toEqual([
      [50, 51],
      [100, 102],
    ]);
    expect(heapSlope).toBeGreaterThan(0);
  });
});

it('compares round by round', () => {
  const driven = (perSecond: number, ms: number) => ({ perSecond, latency: spreadOf([ms]) });
  const { perSecond, median } = comparedAt(4, [
    [driven(50, 10), driven(100, 5)],
    [driven(80, 30), driven(100, 10)],
    [driven(70, 20), driven(100, 10)],
  ]);
  expect(perSecond).toMatchObject({ policyDesk: 70, floor: 100, ratio: { median: 0.7, least: 0.5, most: 0.8 } });
  expect(median).toMatchObject({ policyDesk: 20, floor: 10, ratio: { median: 2, most: 3 } });
});

it('counts time once in which several things go on, and none outside the step', () => {
  const spans = [
    { from: 0, until: 12 },
    { from: 14, until: 20 },
    { from: 16, until: 18 },
    { from: 25, until: Number.POSITIVE_INFINITY },
  ];
  expect(covered(spans, 10, 30)).toBe(2 + 6 + 5);
});
