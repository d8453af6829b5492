import { describe, expect, it } from 'vitest';
import { NO_ANSWERS } from '../../src/reports/fields.js';
import { answersInWords, caseInWords, evidenceInWords, seenInWords } from '../../src/reports/in-words.js';
import { addEvidence, addWords, openCase, withdraw } from '../../src/reports/opening.js';
import { aNewDraft, aPiece, aProfile, filled, ID, NOW, TYPED } from './examples.js';

const PROFILE = aProfile();
const opened = (typed = TYPED) =>
  openCase({ draft: filled(aNewDraft(), PROFILE, typed), evidence: [], profile: PROFILE, clauses: [], now: NOW }).case;

describe('answers in words', () => {
  it('are only what was answered', () => {
    expect(answersInWords(NO_ANSWERS, [], PROFILE)).toEqual({ what: [], where: [], words: [], wishes: [] });
  });

  it('stand by card, with labels, days in words and texts as they were typed', () => {
    const { report } = opened();
    const words = answersInWords(report.answers, report.dangers, PROFILE);
    expect(words.what).toEqual(['A disparaging post', 'Posted or done by: A parent or carer', 'About: The school']);
    expect(words.where).toEqual([
      'On: Facebook',
      'Link or place: https://facebook.com/groups/oak',
      'Account: Oak Mums',
      'Posted: Thu 19 Nov 2026, 21:05',
      'Seen: Fri 20 Nov 2026, 07:30',
      'Still there: Yes',
    ]);
    expect(words.words[0]).toBe('It says that we are useless.');
    expect(words.wishes).toContain('Would like: That it is taken down');
  });

  it('keep lines, leave out empty ones, and show a day that is none as it was typed', () => {
    const answers = { ...NO_ANSWERS, words: 'One.\n\n *Two*', wish: 'A\nB', seenAt: { day: 'yesterday', time: '' } };
    const words = answersInWords(answers, ['threat', 'danger_now'], PROFILE);
    expect(words.words).toEqual(['One.', ' *Two*']);
    expect(words.wishes).toEqual(['Would like: A', 'B']);
    expect(words.where).toEqual(['Seen: yesterday']);
    expect(words.what).toEqual(['Someone is threatening harm; A child is in danger now']);
  });

  it('name people who are involved, and nobody who has left', () => {
    const answers = { ...NO_ANSWERS, involved: [ID.deputy.toLowerCase(), 'BBBBBBBB-0000-4000-8000-000000000001'] };
    expect(answersInWords(answers, [], PROFILE).what).toEqual(['Involved: deputy person']);
  });
});

describe('a case in words', () => {
  it('has what was added and that it was withdrawn, each with its time, newest first, after the rest', () => {
    let current = opened();
    for (const change of [addWords(current, 'It was a marmot.', ID.teacher, NOW)])
      if ('case' in change) current = change.case;
    const withdrawn = withdraw(current, 'Sorted.', ID.teacher, NOW);
    if ('case' in withdrawn) current = withdrawn.case;
    expect(caseInWords(current, PROFILE).at(-1)).toEqual({
      part: 'Added later',
      lines: ['Fri 20 Nov 2026, 15:42: withdrawn. Sorted.', 'Fri 20 Nov 2026, 15:42: It was a marmot.'],
    });
  });

  it('names each piece of evidence by number, kind and size, never by file name', () => {
    const change = addEvidence(opened(), aPiece('a'), ID.teacher, NOW);
    if ('refused' in change) throw new Error(change.refused);
    const evidence = caseInWords(change.case, PROFILE).find(({ part }) => part === 'Evidence');
    expect(evidence?.lines).toEqual(['1. PNG picture, 1 KB, received Fri 20 Nov 2026, 15:42']);
    const large = { ...aPiece('b'), type: 'application/pdf' as const, bytes: 3 * 1024 * 1024 };
    expect(evidenceInWords(large, 1, PROFILE)).toBe('2. PDF, 3.0 MB, received Fri 20 Nov 2026, 15:42');
    expect(evidenceInWords({ ...large, bytes: 12 }, 1, PROFILE)).toContain('1 KB');
    expect(seenInWords({ ...large, seenOn: '2026-11-20', seenTime: '07:30', seenWhere: 'Year 4' })).toBe(
      'seen Fri 20 Nov 2026, 07:30, Year 4',
    );
    expect(seenInWords(large)).toBe('');
  });
});
