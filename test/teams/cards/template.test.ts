import { describe, expect, it } from 'vitest';
import { fillAhead, fillCard } from '../../../src/teams/cards/template.js';
import { AWKWARD } from '../../cards/samples.js';

const YES_OR_NO = ['urgent', 'byButton', 'hasOthers', 'canRate', 'rated'] as const;
const block = (text: string) => ({ type: 'TextBlock', text });

function answerView(yes: (at: number) => boolean, words: string) {
  return {
    ...Object.fromEntries(YES_OR_NO.map((field, at) => [field, yes(at)])),
    ...{ best: [block(`${words} best`), block(AWKWARD)], others: [block(words)], more: 'Show more', speak: words },
    ...{ plain: [], hasPlain: false, asked: words, dsl: `${words} lead`, thanks: 'Thank you.' },
    yes: { verb: 'ask.rate', questionId: words, helpful: true },
    no: { verb: 'ask.rate', questionId: words, helpful: false },
  };
}

describe('a card filled ahead', () => {
  it('is the card that the template gives, whatever its parts and however often it was filled', () => {
    for (let parts = 0; parts < 2 ** YES_OR_NO.length; parts += 1)
      for (const words of ['first', AWKWARD, '']) {
        const view = answerView((at) => (parts & (1 << at)) !== 0, words);
        expect(fillAhead('answer', view)).toEqual(fillCard('answer', view));
      }
  });

  it('keeps lists that are empty out of the card', () => {
    const view = { ...answerView(() => true, 'words'), best: [], others: [] };
    expect(fillAhead('answer', view)).toEqual(fillCard('answer', view));
  });
});
