import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inPrintedOrder, linesOf, printable } from '../../src/export/lines.js';

/** As wide as it has characters. */
const widthOf = (text: string): number => Array.from(text).length;
const ASCII = (codePoint: number): boolean => codePoint < 0x7f;

describe('text for a font', () => {
  it('has a number where the font has nothing, or where nobody would see anything', () => {
    const all = (): boolean => true;
    expect(printable('a\u202Eb\u200B😀\tc\nd\uFE0F', all)).toBe('a[U+202E]b[U+200B]😀 c\nd');
    expect(printable('é😀', ASCII)).toBe('[U+00E9][U+1F600]');
    expect(printable('\ud83d', all)).toBe('[U+D83D]');
  });

  it('never has what the font has not', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => /^[\n\x20-\x7e]*$/u.test(printable(text, ASCII))));
  });
});

describe('lines', () => {
  it('break between words, and within a word only where it has no room', () => {
    expect(linesOf('one two three', 7, widthOf)).toEqual(['one two', 'three']);
    expect(linesOf('to abcdefgh or', 4, widthOf)).toEqual(['to', 'abcd', 'efgh', 'or']);
    expect(linesOf('a\nb\r\n\u2028c', 4, widthOf)).toEqual(['a', 'b', '', 'c']);
    expect(linesOf('👨‍👩‍👧👨‍👩‍👧', 5, widthOf)).toEqual(['👨‍👩‍👧', '👨‍👩‍👧']);
  });

  it('are never wider than they may be, and lose no character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'bb', ' ', 'é', '/', '\n') }),
        fc.integer({ min: 2, max: 20 }),
        (text, width) => {
          const lines = linesOf(text, width, widthOf);
          expect(lines.every((line) => widthOf(line) <= width)).toBe(true);
          expect(lines.join('').replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''));
        },
      ),
    );
  });
});

describe('words from right to left', () => {
  const printed = (line: string): string => inPrintedOrder(line).join('');

  it('stand in their order, with numbers and other words as they are', () => {
    expect(printed('he said שלום עולם and left')).toBe('he said עולם שלום and left');
    expect(printed('שלום abc def 2026 (כן)')).toBe('(כן) abc def 2026 שלום');
    expect(printed('nothing of the kind (at all)')).toBe('nothing of the kind (at all)');
  });

  it('lose no letter', () => {
    const unit = fc.constantFrom('ש', 'ل', 'a', '1', ' ', '(', ')', '.', 'é', '\u0301');
    fc.assert(
      fc.property(fc.string({ unit }), (line) => {
        const sorted = (text: string) => Array.from(text.replace(/[()]/gu, '')).toSorted().join('');
        expect(sorted(printed(line))).toBe(sorted(line));
      }),
    );
  });
});
