import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { maskNames } from '../../src/policies/mask.js';

/** Frequent names in England and Wales, first and last, that are no words besides. */
const NAMES =
  'oliver george arthur noah muhammad leo oscar harry archie jack henry charlie freddie theo alfie jacob thomas finley william james edward lucas isaac logan alexander edith olivia amelia isla ava lily ivy freya florence rosie sophia isabella ella evie daisy emily elsie phoebe mia millie sienna matilda charlotte maya alice sarah karen emma julie linda helen sophie laura rachel rebecca hannah jessica chloe jordan taylor ali khan singh patel hussain begum ahmed mohammed aisha fatima jayden kai tyler riley harley ethan liam aidan connor josh callum smith jones brown williams wilson evans davies roberts johnson walker wright thompson robinson hughes edwards';

describe('masking names', () => {
  it('masks names however they are typed', () => {
    const kept = NAMES.split(' ').filter((name) => !maskNames(`can i add ${name} on insta`).text.includes('…'));
    expect(kept).toEqual([]);
  });

  it.each([
    ["can i add Jayden Smith's mum on insta", 'can i add … mum on insta'],
    ['can i add jayden smiths mum (jayden.smith@x.example, 07700 900123)', 'can i add … mum …)'],
    ['grace in y5 has tiktok @grace_2015 what now', '… in y5 has tiktok … what now'],
    ['is Mrs White allowed to film', 'is … allowed to film'],
    ['can i tell miss green about it', 'can i tell miss … about it'],
    ['Can I thank Mark and May by name?', 'Can I thank … and … by name?'],
    ['see https://x.example/jayden or www.x.example', 'see … or …'],
    ['ring 01632960101 or 441 632', 'ring … or …'],
  ])('%s', (typed, shown) => {
    expect(maskNames(typed).text).toBe(shown);
  });

  it('leaves what staff usually ask as it is', () => {
    for (const question of [
      'can i ring a parent from my own phone',
      'do we need a licence for music in a school reel',
      'What happens if someone tags me on Facebook at 9pm?',
    ])
      expect(maskNames(question)).toEqual({ text: question, share: 0 });
    const alike = JSON.parse(
      readFileSync(new URL('../golden/asked-alike.json', import.meta.url), 'utf8'),
    ) as string[][];
    const shares = alike.flat().map((question) => maskNames(question).share);
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeLessThan(0.1);
  });

  it('says how much of a text it masked; nothing is left of one without words', () => {
    expect(maskNames('jayden patel khan phone').share).toBe(0.75);
    expect(maskNames('?!').share).toBe(1);
  });
});
