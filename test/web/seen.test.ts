import { describe, expect, it } from 'vitest';
import { readSeen } from '../../src/web/seen.js';

const NOW = new Date('2026-11-20T15:42:00Z');
const read = (fields: unknown) => readSeen(fields, NOW);

describe('readSeen', () => {
  it('takes a date, a time and a place as typed', () => {
    const fields = { seenOn: '2026-11-20', seenTime: '15:40', seenWhere: '  Facebook,\n "Wigan Mums" ' };
    const seen = { seenOn: '2026-11-20', seenTime: '15:40', seenWhere: 'Facebook, "Wigan Mums"' };
    expect(read(fields)).toEqual({ typed: seen, seen, fault: undefined });
  });

  it('takes what is known, and nothing for what is not text', () => {
    const nothing = { seenOn: '', seenTime: '', seenWhere: '' };
    for (const fields of [{}, null, 'text', [], { seenOn: 5, seenTime: null, seenWhere: { a: 1 } }])
      expect(read(fields)).toEqual({ typed: nothing, seen: nothing, fault: undefined });
    expect(read({ seenOn: '2024-02-29' }).seen).toEqual({ ...nothing, seenOn: '2024-02-29' });
    expect(read({ seenWhere: `a\u202eb\u0000c${'x'.repeat(500)}` }).seen.seenWhere).toMatch(/^a b cx{295}$/u);
  });

  it.each([
    ['a date in the future', { seenOn: '2026-11-22' }, /in the future/],
    ['a day that is none', { seenOn: '2026-02-30' }, /not a date/],
    ['a date in words', { seenOn: 'yesterday' }, /not a date/],
    ['a year of two digits', { seenOn: '0026-11-20' }, /not a date/],
    ['a time that is none', { seenOn: '2026-11-20', seenTime: '25:00' }, /not a time/],
    ['a time without a date', { seenTime: '15:42' }, /add the date/],
  ])('says what is wrong with %s, keeps what was typed, and takes the rest', (_name, fields, fault) => {
    const result = read({ ...fields, seenWhere: 'TikTok' });
    expect(result.fault).toMatch(fault);
    expect(result.typed).toMatchObject({ ...fields, seenWhere: 'TikTok' });
    expect(result.seen).toEqual({ seenOn: '', seenTime: '', seenWhere: 'TikTok' });
  });
});
