import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mended } from '../../src/policies/spelling.js';

const KNOWN = ['disciplin', 'recommend', 'photo', 'whatsapp', 'governor'];

describe('mended', () => {
  it.each([
    ['disiplin', 'disciplin'],
    ['recomend', 'recommend'],
    ['reccommend', 'recommend'],
    ['whatsaap', 'whatsapp'],
    ['whatspap', 'whatsapp'],
    ['govenor', 'governor'],
  ])('takes %s for %s', (typed, meant) => {
    expect(mended(typed, KNOWN)).toBe(meant);
  });

  it.each([
    ['fhoto', 'begins with another letter'],
    ['phoot', 'is too short to be sure of'],
    ['recomendd', 'is two slips away'],
    ['trampoline', 'is like no known word'],
  ])('leaves %s alone, which %s', (typed) => {
    expect(mended(typed, KNOWN)).toBe(typed);
  });

  it('never changes a known word', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{6,10}$/u), { minLength: 1 }), (words) => {
        for (const word of words) expect(mended(word, [word, ...words])).toBe(word);
      }),
    );
  });
});
