import { expect, it } from 'vitest';
import { withdraw } from '../../src/reports/case-steps.js';
import { keptInWords } from '../../src/reports/kept-in-words.js';
import { did, done, kept, minutesIn, profile, ROUTES } from './cases.js';
import { aProfile, ID, rolesWithout } from './examples.js';

const HOLD = { do: 'hold', reason: 'A solicitor has written.' } as const;
const CLOSE = { do: 'close', outcome: 'resolved', message: 'It is gone.' } as const;

it('nothing is said of a case that goes on', () => {
  expect(keptInWords(ROUTES.channel().case, profile)).toEqual([]);
});

it('a case that has ended is kept for as long as the school keeps those that went its way', () => {
  expect(keptInWords(did(ROUTES.channel(), 'head', CLOSE).case, profile)).toEqual([
    { name: 'Kept until', value: 'Sat 20 Nov 2032' },
  ]);
  const chair = ROUTES.about_headteacher();
  const withdrawn = kept(chair, done(withdraw(chair.case, 'Sorted out', ID.teacher, minutesIn(1))));
  expect(keptInWords(withdrawn.case, profile)).toEqual([{ name: 'Kept until', value: 'Thu 20 Nov 2036' }]);
  const again = did(did(ROUTES.channel(), 'head', CLOSE), 'head', { do: 'reopen', reason: 'Back' }, 6);
  expect(keptInWords(again.case, profile)).toEqual([]);
});

it('a legal hold is named with who placed it, also where they have left, until it is taken back', () => {
  const held = did(ROUTES.channel(), 'head', HOLD);
  const since = (who: string) => `On legal hold since Fri 20 Nov 2026, 15:47, by ${who}: it is not deleted.`;
  expect(keptInWords(held.case, profile)).toEqual([{ name: 'Kept', value: since('head person') }]);
  expect(keptInWords(held.case, aProfile(rolesWithout('head')))).toEqual([
    { name: 'Kept', value: since('somebody who has left') },
  ]);
  expect(keptInWords(did(held, 'head', CLOSE, 6).case, profile)).toEqual([
    { name: 'Kept', value: since('head person') },
    { name: 'Kept until', value: 'Sat 20 Nov 2032, and as long as it is on legal hold' },
  ]);
  const released = did(held, 'dsl', { do: 'release_hold', reason: 'Settled.' }, 6);
  expect(keptInWords(released.case, profile)).toEqual([]);
});
