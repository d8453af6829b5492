import { describe, expect, it } from 'vitest';
import type { Case } from '../../src/reports/case.js';
import { answerQuestion } from '../../src/reports/case-steps.js';
import { openCase, withdraw } from '../../src/reports/opening.js';
import { standingOf } from '../../src/reports/standing.js';
import type { CaseChange } from '../../src/reports/stores.js';
import {
  actorInWords,
  questionInWords,
  readersSentence,
  standingInWords,
  stateInWords,
} from '../../src/reports/told.js';
import { type TriageAction, triage } from '../../src/reports/triage.js';
import { aNewDraft, aProfile, filled, ID, NOW, rolesWith, TYPED } from './examples.js';

const profile = aProfile();
const opened = (what = {}, wishes = {}, school = profile): Case => {
  const typed = { ...TYPED, what: { ...TYPED.what, ...what }, wishes: { ...TYPED.wishes, ...wishes } };
  return openCase({ draft: filled(aNewDraft(), school, typed), evidence: [], profile: school, clauses: [], now: NOW })
    .case;
};
function done(made: object): Case {
  if (!('case' in made)) throw new Error(JSON.stringify(made));
  return (made as CaseChange).case;
}
const acted = (current: Case, action: TriageAction, by: string = ID.head): Case =>
  done(triage({ case: current, deliveries: 1 }, profile, action, { by, now: NOW, seen: current.log.length }));
const taken = (current: Case) => done(withdraw(current, 'We have talked.', ID.teacher, NOW));
const answered = (current: Case, question: number, words = 'Yes.') =>
  done(answerQuestion(current, question, words, ID.teacher, NOW));

const ASK = { do: 'ask', words: 'Is it still there?' } as const;
const CLOSE = { do: 'close', outcome: 'passed_on', message: 'The trust looks into it.' } as const;
const WHEN = 'Fri 20 Nov 2026, 15:42';

describe('how a report stands, for its reporter', () => {
  const read = acted(opened(), { do: 'acknowledge' });
  const asked = acted(read, ASK);
  it.each<[string, Case, string]>([
    ['new', opened(), 'new'],
    ['read', read, `acknowledged by head person (Headteacher), ${WHEN}`],
    [
      'read by whoever took it',
      acted(opened(), { do: 'assign', to: ID.dsl }, ID.dsl),
      `acknowledged by dsl person (designated safeguarding lead), ${WHEN}`,
    ],
    ['asked', asked, `acknowledged by head person (Headteacher), ${WHEN}. A question waits for your answer`],
    [
      'asked twice',
      acted(asked, { ...ASK, words: 'And?' }),
      `acknowledged by head person (Headteacher), ${WHEN}. 2 questions wait for your answer`,
    ],
    ['answered', answered(asked, 3), `acknowledged by head person (Headteacher), ${WHEN}`],
    ['closed', acted(asked, CLOSE), `closed, ${WHEN}`],
    ['opened again', acted(acted(read, CLOSE), { do: 'reopen', reason: 'Again' }), `opened again, ${WHEN}`],
    ['withdrawn', taken(asked), 'withdrawn'],
  ])('%s', (_name, current, words) => {
    expect(stateInWords(current, profile)).toBe(words);
  });

  it('part by part: who read it, how it ended, and the message as it was typed', () => {
    expect(standingInWords(opened(), profile)).toEqual([]);
    expect(standingInWords(acted(read, CLOSE), profile)).toEqual([
      {
        part: 'How it stands',
        lines: [
          `Acknowledged by head person (Headteacher), ${WHEN}`,
          `Closed by head person (Headteacher), ${WHEN}: Passed on to another body or procedure`,
        ],
      },
      { part: 'Message to you', lines: ['The trust looks into it.'] },
    ]);
  });

  it('holds nothing that stays among those who deal with it', () => {
    const secret = (words: string) => `confidential ${words}`;
    const all = [
      { do: 'note', words: secret('note') },
      { do: 'record', action: 'told_lado', on: '2026-11-20', who: secret('who'), words: secret('words') },
      { do: 'change_severity', to: 'urgent', reason: secret('severity') },
      { do: 'change_category', to: 'other_breach', reason: secret('category') },
      { do: 'record_elsewhere', as: secret('system') },
      { do: 'link', to: 'PD-00000000' },
      { do: 'assign', to: ID.deputy },
      CLOSE,
      { do: 'reopen', reason: secret('reason') },
    ] as const;
    const after = all.reduce((current: Case, action) => acted(current, action), opened());
    const words = JSON.stringify([stateInWords(after, profile), standingInWords(after, profile)]);
    expect(words).toContain('Opened again by head person');
    expect(words).not.toMatch(/confidential|LADO|deputy|PD-00000000|urgent|breach|trust/iu);
  });
});

describe('a question to the reporter', () => {
  it('says who asked, when, and each answer', () => {
    const current = answered(answered(acted(opened(), ASK), 3, 'Yes.'), 3, 'No, it has gone.');
    const [asked] = standingOf(current).questions;
    expect(asked && questionInWords(asked, profile)).toEqual([
      `head person (Headteacher) asked, ${WHEN}: Is it still there?`,
      `You answered, ${WHEN}: Yes.`,
      `You answered, ${WHEN}: No, it has gone.`,
    ]);
  });

  it('names who reads the answer, and nobody who does not', () => {
    const all = readersSentence(opened({}, { nameFor: 'triagers' }), profile);
    expect(all).toBe(
      'Your answer can be read by those who deal with this report: head person (Headteacher), deputy person (deputy headteacher), dsl person (designated safeguarding lead) and triager person.',
    );
    const chair = readersSentence(opened({ postedBy: 'headteacher' }), profile);
    expect(chair).toBe(
      'Your answer can be read by those who deal with this report: chair person (chair of governors).',
    );
  });

  it('warns where not all who read it may know the name', () => {
    expect(readersSentence(opened({}, { nameFor: 'recipient' }), profile)).toContain('Not all of them see your name');
  });

  it('does not count the reporter among those who read it, and names at most six', () => {
    const everyone = aProfile(
      rolesWith({ teacher: ['triager'], governor: ['triager'], trust: ['triager'], chair: ['triager'] }),
    );
    const sentence = readersSentence(opened({}, { nameFor: 'triagers' }, everyone), everyone);
    expect(sentence).not.toContain('teacher person');
    expect(sentence).toMatch(/trust person and 1 other\.$/u);
  });

  it('somebody who is no longer in the profile is not named', () => {
    expect(actorInWords({ personId: '00000000-0000-4000-8000-00000000dead' }, profile)).toBe(
      'somebody who has left the school',
    );
  });
});
