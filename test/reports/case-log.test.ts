import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaseEvent, Happening } from '../../src/reports/case.js';
import { appended, digestOf, hashOf } from '../../src/reports/case-log.js';
import { aReport } from '../support/reports.js';

const place = { schoolId: 'school', reference: 'PD-7K3MZ0QX' };
const entry = (words: string) => ({
  at: new Date('2026-11-20T15:42:00.007Z'),
  by: { personId: 'p' },
  what: { kind: 'words_added', words } as const,
});

describe('a digest', () => {
  it('is SHA-256 over canonical JSON, as another program would take it', () => {
    // printf '{"a":[1,"é",null],"b":"2026-11-20T15:42:00.007Z"}' | sha256sum
    expect(digestOf({ b: new Date('2026-11-20T15:42:00.007Z'), c: undefined, a: [1, 'é', null] })).toBe(
      'b4f5da5324e32906583fa68175fd16e141e746a458ce557b3f8c5b05860c15f6',
    );
  });

  it('is the same for what says the same, and another for everything else', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, part]) => [key, reversed(part)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const kept = JSON.parse(JSON.stringify(value)) as unknown;
        expect(digestOf(kept)).toBe(digestOf(value));
        expect(digestOf(reversed(kept))).toBe(digestOf(kept));
        expect(digestOf([value])).not.toBe(digestOf(value));
        expect(digestOf({ value, more: null })).not.toBe(digestOf({ value }));
      }),
    );
    const report = aReport('school');
    expect(digestOf(JSON.parse(JSON.stringify(report)))).toBe(digestOf(report));
    expect(digestOf({ ...report, dangers: ['threat'] })).not.toBe(digestOf(report));
  });
});

describe('a case log', () => {
  it('numbers its entries, and each holds the hash of the one before', () => {
    const log: CaseEvent[] = [];
    for (const words of ['a', 'b', 'c']) log.push(appended(place, log, entry(words)));
    expect(log.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(log.map(({ previous }) => previous)).toEqual(['0'.repeat(64), log[0]?.hash, log[1]?.hash]);
    expect(log[0]).toEqual({ number: 1, ...entry('a'), previous: '0'.repeat(64), hash: log[0]?.hash });
    expect(log[0]?.hash).toMatch(/^[0-9a-f]{64}$/u);
  });

  it.each<[string, Partial<Omit<CaseEvent, 'hash'>>]>([
    ['number', { number: 2 }],
    ['time', { at: new Date('2026-11-20T15:42:00.008Z') }],
    ['person', { by: { personId: 'q' } }],
    ['actor', { by: { system: true } }],
    ['words', { what: { kind: 'words_added', words: 'a ' } }],
    ['kind', { what: { kind: 'withdrawn', reason: 'a' } satisfies Happening }],
    ['place in the chain', { previous: '1'.repeat(64) }],
  ])('has another hash with another %s', (_, change) => {
    const event = appended(place, [], entry('a'));
    expect(hashOf(place, event)).toBe(event.hash);
    expect(hashOf(place, { ...event, ...change })).not.toBe(event.hash);
  });

  it('is not that of another case or school', () => {
    const { hash } = appended(place, [], entry('a'));
    expect(appended({ ...place, reference: 'PD-7K3MZ0QY' }, [], entry('a')).hash).not.toBe(hash);
    expect(appended({ ...place, schoolId: 'other' }, [], entry('a')).hash).not.toBe(hash);
  });
});
