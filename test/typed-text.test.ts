import { describe, expect, it } from 'vitest';
import { safeText } from '../src/typed-text.js';

describe('safeText', () => {
  it.each([
    ['turned round', 'a\u202egnp.exe\u202c \u2066b\u2069', 'agnp.exe b'],
    ['of no width', 'pass\u200bword\u00ad \ufeffx\u2060', 'password x'],
    ['of control', 'a\u0000b\u001b[31mc\u007f', 'ab[31mc'],
    ['that end lines', 'a\u2028b\u2029c\u0085d\r\ne', 'a\nb\nc\nd\r\ne'],
    ['that are half of one', 'a\ud83d \udc00b', 'a\ufffd \ufffdb'],
  ])('leaves no characters %s', (_kind, typed, kept) => {
    expect(safeText(typed)).toBe(kept);
  });

  it('keeps what words and emoji need', () => {
    for (const text of [
      'می\u200cخواهم',
      '👩\u200d🏫 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
      'שלום\u200f!',
      'é a\u0301 ﬁ\t"`\\<b>',
    ])
      expect(safeText(text)).toBe(text);
  });
});
