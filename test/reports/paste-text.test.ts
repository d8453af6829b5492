import { describe, expect, it } from 'vitest';
import type { Actor, Case, Happening } from '../../src/reports/case.js';
import { appended } from '../../src/reports/case-log.js';
import { pasteText } from '../../src/reports/paste-text.js';
import { WITHHELD, withoutReporter } from '../../src/reports/withheld.js';
import { anAnswers, aReport, someEvidence, submitted } from '../support/reports.js';
import { aProfile, ID } from './examples.js';

const profile = aProfile();
const evidence = someEvidence(Buffer.from('picture'), Buffer.from('copy'), { addedBy: ID.teacher });

function aCase(happenings: readonly (readonly [Actor, Happening])[], answers = {}): Case {
  const reporter = { personId: ID.teacher, name: 'Tess Teacher' };
  const report = aReport('oak', { reference: 'PD-7K3MZ0QX', reporter, answers: anAnswers(answers) });
  const current = submitted(report, [evidence]).case;
  const log = [...current.log];
  for (const [by, what] of happenings)
    log.push(appended(report, log, { at: new Date('2026-11-21T09:00:00Z'), by, what }));
  return { ...current, log };
}

const head: Actor = { personId: ID.head };

describe('the text to paste', () => {
  it('says what happened, what was done and when, how it ended, and where the evidence is', () => {
    const current = aCase([
      [head, { kind: 'acknowledged' }],
      [head, { kind: 'note_added', words: 'Between us.' }],
      [head, { kind: 'question_asked', words: 'Who saw it?' }],
      [{ personId: ID.teacher }, { kind: 'question_answered', question: 5, words: 'Two parents.\nOutcome: nothing' }],
      [head, { kind: 'action_taken', action: 'told_police', on: '2026-11-21', who: 'PC Lee', words: 'Number 12' }],
      [head, { kind: 'action_taken', action: 'told_dsl', on: '2026-11-20', who: '', words: '' }],
      [head, { kind: 'recorded_elsewhere', as: 'CP-118' }],
      [head, { kind: 'closed', outcome: 'resolved', message: 'It is gone.' }],
    ]);
    const text = pasteText(current, profile, true);
    for (const line of [
      'Policy Desk case PD-7K3MZ0QX',
      'Reference in this system: CP-118',
      'Reported: Fri 20 Nov 2026, 15:45',
      'Reported by: Tess Teacher',
      'Category: A disparaging post',
      'On: Facebook',
      'It says that I cannot teach.',
      'Sat 21 Nov 2026, 09:00, answered: Two parents. / Outcome: nothing',
      'Fri 20 Nov 2026: Told the designated safeguarding lead. (head person)',
      'Sat 21 Nov 2026: Told the police. With: PC Lee. Number 12. (head person)',
      'Outcome: Resolved, Sat 21 Nov 2026, 09:00, by head person',
      'Message to the reporter: It is gone.',
      `SHA-256 ${evidence.sha256}`,
      'The originals are kept in Policy Desk under PD-7K3MZ0QX.',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).not.toContain('Between us.');
    expect(text).not.toMatch(/[*#_`]{1,7} |\*\*/u);
  });

  it('says how long the case is kept where that is', () => {
    const text = pasteText(
      aCase([
        [head, { kind: 'closed', outcome: 'resolved', message: 'It is gone.' }],
        [head, { kind: 'hold_placed', reason: 'Between us, too.' }],
      ]),
      profile,
      true,
    );
    for (const line of [
      'Kept (in Policy Desk): On legal hold since Sat 21 Nov 2026, 09:00, by head person: it is not deleted.',
      'Kept until (in Policy Desk): Sun 21 Nov 2032, and as long as it is on legal hold',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).not.toContain('Between us');
  });

  it('leaves room for the other system’s reference, and says that nothing was done yet', () => {
    const text = pasteText(aCase([]), profile, true);
    expect(text).toContain('\nReference in this system: ________\n');
    expect(text).toContain('Actions taken and outcome:\nNone recorded so far.\n');
  });

  it('does not name a reporter who is withheld', () => {
    const text = pasteText(aCase([], { about: 'reporter', involved: [ID.teacher] }), profile, false);
    expect(text).toContain('Reported by: Name withheld');
    expect(text).not.toMatch(/tess|teacher person/iu);
  });
});

describe('a case without its reporter', () => {
  it('has their id nowhere as the reporter’s, and none of the hashes that it is part of', () => {
    const current = aCase([[{ personId: ID.teacher.toLowerCase() }, { kind: 'words_added', words: 'More.' }]]);
    const without = withoutReporter(current);
    expect(JSON.stringify(without).toLowerCase()).not.toContain(ID.teacher.toLowerCase());
    for (const { hash } of current.log) expect(JSON.stringify(without)).not.toContain(hash);
    expect(without.log.map(({ hash }) => hash)).toEqual(current.log.map(() => WITHHELD));
  });

  it('still says what they did as somebody who deals with reports', () => {
    const without = withoutReporter(aCase([[{ personId: ID.teacher }, { kind: 'acknowledged' }]]));
    expect(without.log.map(({ by }) => by)).toEqual([
      { personId: WITHHELD },
      { personId: WITHHELD },
      { personId: ID.teacher },
    ]);
  });
});
