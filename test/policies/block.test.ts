import { describe, expect, it } from 'vitest';
import { sentencesOf, takeMarker } from '../../src/policies/read/block.js';

describe('takeMarker', () => {
  it.each([
    ['- a) Breach of trust', '- a)', 'a', 'Breach of trust'],
    ['· Staff may', '·', null, 'Staff may'],
    ['- · Do not', '- ·', null, 'Do not'],
    ['12. Before use', '12.', '12', 'Before use'],
    ['4.2 Staff must', '4.2', '4.2', 'Staff must'],
    ['- (iv) families of pupils', '- (iv)', 'iv', 'families of pupils'],
    ['(b) governors', '(b)', 'b', 'governors'],
    ['3.Rationale', '3.', '3', 'Rationale'],
    ['26 September 2019', '', null, '26 September 2019'],
    ['A. Reader wrote this', '', null, 'A. Reader wrote this'],
    ['-5 points', '', null, '-5 points'],
    ['plain words', '', null, 'plain words'],
  ])('%s', (line, marker, label, rest) => {
    expect(takeMarker(line)).toMatchObject({ marker, label, rest });
  });
});

describe('sentencesOf', () => {
  it.each([
    ['One. Two? Three!', ['One.', 'Two?', 'Three!']],
    ['Ask Mrs. Jones first. Then post.', ['Ask Mrs. Jones first.', 'Then post.']],
    ['Sites, e.g. Facebook, count. Staff must:', ['Sites, e.g. Facebook, count.', 'Staff must:']],
    ['“Stop.” He said so.', ['“Stop.”', 'He said so.']],
    ['No full stop', ['No full stop']],
    ['', []],
  ])('%s', (text, sentences) => {
    expect(sentencesOf(text)).toEqual(sentences);
  });
});
