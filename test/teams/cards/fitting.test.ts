import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginningOf, bytesOf, fitted } from '../../../src/teams/cards/fitting.js';

const NOTE = '[…] Shortened.';
/** What a card makes of parts: each line in a block of its own. */
const asCard = (parts: readonly { lines: readonly string[] }[]) =>
  JSON.stringify(
    parts.flatMap(({ lines }) =>
      lines.map((text) => ({ type: 'RichTextBlock', spacing: 'Small', inlines: [{ type: 'TextRun', text }] })),
    ),
  );
const aText = fc.string({ unit: 'grapheme', maxLength: 300 });
const someParts = fc.array(fc.record({ part: fc.constant('A part'), lines: fc.array(aText, { maxLength: 60 }) }), {
  maxLength: 6,
});

describe('parts of a report on a card', () => {
  it('never take more of a message than they may', () => {
    fc.assert(
      fc.property(someParts, fc.integer({ min: 1_000, max: 20_000 }), (parts, most) => {
        expect(Buffer.byteLength(asCard(fitted(parts, most, NOTE)))).toBeLessThanOrEqual(most + 2);
      }),
    );
  });

  it('keep every word, in order, where there is room', () => {
    const words = (parts: readonly { lines: readonly string[] }[]) =>
      parts.map(({ lines }) => lines.join(' ').split(/\s+/u).filter(Boolean));
    fc.assert(
      fc.property(someParts, (parts) => {
        expect(words(fitted(parts, 1_000_000, NOTE))).toEqual(words(parts));
      }),
    );
  });

  it('leave the short ones whole, and cut the longest after a word, with a note', () => {
    const parts = [
      { part: 'Short', lines: ['A line.', '', 'Another\nand its second.'] },
      { part: 'Long', lines: ['word '.repeat(1_000).trim()] },
    ];
    const [short, long] = fitted(parts, 1_000, NOTE);
    expect(short).toEqual({ part: 'Short', lines: ['A line.', 'Another', 'and its second.'] });
    expect(long?.lines).toEqual([expect.stringMatching(/^(?:word )+word$/u), NOTE]);
  });

  it('run on where there are more lines than are shown one by one', () => {
    const lines = Array.from({ length: 100 }, (_, at) => `${at}`);
    const [part] = fitted([{ part: 'Many', lines }], 20_000, NOTE);
    expect(part?.lines).toHaveLength(40);
    expect(part?.lines.join(' ')).toBe(lines.join(' '));
  });
});

it('the beginning of a text has whole characters and no more bytes than asked for', () => {
  fc.assert(
    fc.property(aText, fc.integer({ min: 0, max: 400 }), (text, most) => {
      const beginning = beginningOf(text, most);
      expect(text.startsWith(beginning)).toBe(true);
      expect(bytesOf(beginning)).toBeLessThanOrEqual(most);
      expect(beginning).not.toMatch(/\p{Surrogate}/u);
      if (bytesOf(text) <= most) expect(beginning).toBe(text);
    }),
  );
});
