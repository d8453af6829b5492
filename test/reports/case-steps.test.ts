import { describe, expect, it } from 'vitest';
import { addEvidence, addWords, answerQuestion, withdraw } from '../../src/reports/opening.js';
import { standingOf } from '../../src/reports/standing.js';
import type { CaseChange } from '../../src/reports/stores.js';
import { targetKey } from '../../src/schools/delivery.js';
import { did, done, draftWith, type Kept, kept, minutesIn, opened, ROUTES } from './cases.js';
import { aPiece, ID, type Name } from './examples.js';

const user = (name: Name) => `user~${ID[name].toLowerCase()}`;
const CHANNEL = 'channel~headteacher';
const news = (change: CaseChange) =>
  change.deliveries.filter(({ kind }) => kind === 'case.news').map(({ target }) => targetKey(target));
const words = (before: Kept) => done(addWords(before.case, 'More of it', ID.teacher, minutesIn(30)));

describe('word of what the reporter did', () => {
  it('goes to whoever has the case in hand, and below its card in the channel', () => {
    const start = ROUTES.channel();
    expect(news(words(start))).toEqual([CHANNEL]);
    expect(news(words(did(start, 'head', { do: 'assign', to: ID.dsl })))).toEqual([CHANNEL, user('dsl')]);
  });

  it('goes also to those it was sent to where no card is in the channel: whoever has it in hand may have left', () => {
    const given = did(ROUTES.about_headteacher(), 'chair', { do: 'assign', to: ID.deputy });
    expect(news(words(given))).toEqual([user('deputy'), user('chair')]);
    expect(news(words(did(given, 'chair', { do: 'assign', to: ID.chair })))).toEqual([user('chair')]);
  });

  it('goes to whoever asked, when it is an answer', () => {
    const given = did(ROUTES.channel(), 'head', { do: 'assign', to: ID.dsl });
    const asked = did(given, 'triager', { do: 'ask', words: 'Where?' });
    const change = done(answerQuestion(asked.case, asked.case.log.length, 'There.', ID.teacher, minutesIn(9)));
    expect(news(change)).toEqual([CHANNEL, user('triager'), user('dsl')]);
    expect(change.deliveries.at(-1)?.refs).toEqual({
      reference: 'PD-7K3MZ0QX',
      event: String(asked.case.log.length + 1),
    });
    expect(news(words(asked))).toEqual([CHANNEL, user('dsl')]);
  });

  it('never goes to the reporter', () => {
    const own = { ...draftWith(), personId: ID.head };
    const given = did(opened(own), 'dsl', { do: 'assign', to: ID.head });
    expect(news(done(addWords(given.case, 'More', ID.head, minutesIn(9))))).toEqual([CHANNEL]);
  });
});

describe('an answer', () => {
  const asked = () => did(ROUTES.channel(), 'head', { do: 'ask', words: 'Where is it?' });
  const answer = (before: Kept, typed: string, by: string = ID.teacher, question = before.case.log.length) =>
    answerQuestion(before.case, question, typed, by, minutesIn(9));

  it('comes back into the case, as often as there is something new to say', () => {
    const start = asked();
    const question = start.case.log.length;
    const once = kept(start, done(answer(start, ' On the group. ')));
    expect(answer(once, 'On the group.', ID.teacher.toLowerCase(), question)).toEqual({ done: true });
    const twice = kept(once, done(answer(once, 'And the page.', ID.teacher, question)));
    expect(standingOf(twice.case).questions[0]?.answers.map((one) => one.words)).toEqual([
      'On the group.',
      'And the page.',
    ]);
  });

  it('is refused to anybody else, to what is no question, empty, too long or once withdrawn', () => {
    const start = asked();
    const gone = kept(start, done(withdraw(start.case, 'Sorted out', ID.teacher, minutesIn(8))));
    expect(answer(start, 'x', ID.head)).toEqual({ refused: expect.stringMatching(/Only the person who made/u) });
    for (const question of [1, 0, 99, Number.NaN])
      expect(answer(start, 'x', ID.teacher, question)).toEqual({
        refused: expect.stringMatching(/find that question/u),
      });
    expect(answer(start, ' ')).toEqual({ refused: 'Please type your answer.' });
    expect(answer(start, 'x'.repeat(4_001))).toEqual({ refused: expect.stringMatching(/4,000/u) });
    expect(answer(gone, 'x', ID.teacher, start.case.log.length)).toEqual({
      refused: expect.stringMatching(/has been withdrawn/u),
    });
  });
});

describe('a case that has been dealt with', () => {
  const closed = () => did(ROUTES.channel(), 'head', { do: 'close', outcome: 'resolved', message: 'Gone.' });

  it('takes more words, and cannot be withdrawn', () => {
    expect(words(closed()).events).toHaveLength(1);
    expect(withdraw(closed().case, 'Never mind', ID.teacher, minutesIn(9))).toEqual({
      refused: expect.stringMatching(/has been closed/u),
    });
    const again = did(closed(), 'head', { do: 'reopen', reason: 'Back' });
    expect(withdraw(again.case, 'Never mind', ID.teacher, minutesIn(9))).toHaveProperty('events');
  });

  it('takes no pictures once it has become one about a child’s safety', () => {
    const safety = did(ROUTES.channel(), 'head', { do: 'change_category', to: 'child_safety', reason: 'Afraid' });
    expect(addEvidence(safety.case, aPiece('02'), ID.teacher, minutesIn(9))).toEqual({
      refused: expect.stringMatching(/words only/u),
    });
  });
});
