import { describe, expect, it } from 'vitest';
import type { Happening } from '../../src/reports/case.js';
import { logInWords } from '../../src/reports/log-in-words.js';
import { exportCase, open, viewEvidence } from '../../src/reports/looks.js';
import { addEvidence, addWords, answerQuestion, reroute, withdraw } from '../../src/reports/opening.js';
import { CHANNEL } from '../../src/reports/route.js';
import { did, done, type Kept, kept, minutesIn, profile, ROUTES, withEvent } from './cases.js';
import { aPiece, aProfile, ID, rolesWithout } from './examples.js';

const AN_ID = /[0-9a-f]{8}-[0-9a-f]{4}-/iu;

/** A case to which everything has happened once. */
function everything(): Kept {
  let now = ROUTES.channel();
  const more = (change: Parameters<typeof done>[0]) => {
    now = kept(now, done(change));
  };
  const look = { by: ID.dsl, now: minutesIn(2) };
  more(addEvidence(now.case, aPiece('02'), ID.teacher, minutesIn(1)));
  more(addWords(now.case, 'It is there\n\n  again.', ID.teacher, minutesIn(1)));
  const rerouted = reroute(now, [CHANNEL], profile, minutesIn(1));
  if (rerouted) more(rerouted);
  now = did(now, 'head', { do: 'assign', to: ID.dsl }, 2);
  now = did(now, 'dsl', { do: 'assign', to: ID.deputy }, 2);
  now = did(now, 'deputy', { do: 'assign', to: ID.dsl }, 2);
  now = did(now, 'head', { do: 'ask', words: 'Where is it?' }, 3);
  more(answerQuestion(now.case, now.case.log.length, 'On the group.', ID.teacher, minutesIn(4)));
  now = did(now, 'head', { do: 'note', words: 'Ask the office.' }, 5);
  now = did(now, 'head', { do: 'change_category', to: 'child_safety', reason: 'She is afraid.' }, 6);
  now = did(now, 'head', { do: 'change_severity', to: 'high', reason: 'She is safe now.' }, 7);
  now = did(
    now,
    'head',
    { do: 'record', action: 'told_police', on: '2026-11-19', who: 'PC Ward', words: 'Crime 7/26' },
    8,
  );
  now = did(now, 'head', { do: 'record', action: 'support_offered', on: '2026-11-20', who: '', words: '' }, 8);
  now = did(now, 'head', { do: 'mark_post', as: 'refused', on: '2026-11-19' }, 9);
  now = did(now, 'head', { do: 'mark_post', as: 'removed', on: '2026-11-20' }, 9);
  now = did(now, 'head', { do: 'link', to: 'PD-00000000' }, 10);
  now = did(now, 'head', { do: 'record_elsewhere', as: 'CPOMS 17' }, 10);
  more(open(now, profile, look));
  more(viewEvidence(now, profile, look, '01', 'viewing_copy'));
  more(viewEvidence(now, profile, look, '02', 'original'));
  more(exportCase(now, profile, look));
  now = withEvent(now, 'head', { kind: 'reminded', step: 'stand_in', slot: '2026-11-25', people: [ID.deputy] }, 11);
  now = did(now, 'head', { do: 'close', outcome: 'resolved', message: 'It is gone.' }, 12);
  now = did(now, 'head', { do: 'reopen', reason: 'It came back.' }, 13);
  now = did(now, 'head', { do: 'hold', reason: 'A solicitor has written.' }, 13);
  now = did(now, 'head', { do: 'release_hold', reason: 'Settled.' }, 13);
  more(withdraw(now.case, 'We have spoken.', ID.teacher, minutesIn(14)));
  now = withEvent(now, 'head', { kind: 'subject_copied' }, 15);
  now = withEvent(now, 'head', { kind: 'deletion_announced', on: '2032-11-20', people: [ID.head] }, 15);
  return now;
}

describe('the case log in words', () => {
  it('has one line for each event, in order', () => {
    const sha = (id: string) => aPiece(id).sha256;
    expect(logInWords(everything().case, profile, false)).toEqual([
      'Fri 20 Nov 2026, 15:42: The reporter submitted the report. It went to the Headteacher’s channel.',
      `Fri 20 Nov 2026, 15:42: The reporter added evidence 1 (SHA-256 ${sha('01')}).`,
      `Fri 20 Nov 2026, 15:43: The reporter added evidence 2 (SHA-256 ${sha('02')}).`,
      'Fri 20 Nov 2026, 15:43: The reporter added: “It is there / again.”',
      'Fri 20 Nov 2026, 15:43: Policy Desk could not reach the Headteacher’s channel. It went to head person.',
      'Fri 20 Nov 2026, 15:44: head person acknowledged it.',
      'Fri 20 Nov 2026, 15:44: head person assigned it to dsl person.',
      'Fri 20 Nov 2026, 15:44: dsl person assigned it to deputy person.',
      'Fri 20 Nov 2026, 15:44: deputy person assigned it to dsl person.',
      'Fri 20 Nov 2026, 15:45: head person asked the reporter: “Where is it?”',
      'Fri 20 Nov 2026, 15:46: The reporter answered the question of Fri 20 Nov 2026, 15:45: “On the group.”',
      'Fri 20 Nov 2026, 15:47: head person noted, for those who deal with it only: “Ask the office.”',
      'Fri 20 Nov 2026, 15:48: head person changed what it is about from “A disparaging post” to “A child’s safety”. Reason: “She is afraid.” It went to head person and dsl person.',
      'Fri 20 Nov 2026, 15:49: head person changed how urgent it is from “Urgent” to “High”. Reason: “She is safe now.”',
      'Fri 20 Nov 2026, 15:50: head person recorded for Thu 19 Nov 2026: Told the police. With: “PC Ward”. Note: “Crime 7/26”',
      'Fri 20 Nov 2026, 15:50: head person recorded for Fri 20 Nov 2026: Offered support.',
      'Fri 20 Nov 2026, 15:51: head person recorded that its removal was refused on Thu 19 Nov 2026.',
      'Fri 20 Nov 2026, 15:51: head person recorded that the post was removed on Fri 20 Nov 2026.',
      'Fri 20 Nov 2026, 15:52: head person linked it to the case PD-00000000.',
      'Fri 20 Nov 2026, 15:52: head person recorded its reference in the school’s safeguarding system: “CPOMS 17”',
      'Fri 20 Nov 2026, 15:44: dsl person opened all of it in their own chat.',
      `Fri 20 Nov 2026, 15:44: dsl person looked at evidence 1 (SHA-256 ${sha('01')}).`,
      `Fri 20 Nov 2026, 15:44: dsl person downloaded the original of evidence 2 (SHA-256 ${sha('02')}).`,
      'Fri 20 Nov 2026, 15:44: dsl person took a copy of all of it.',
      'Fri 20 Nov 2026, 15:53: head person reminded deputy person, who can stand in, because nobody had acknowledged it.',
      'Fri 20 Nov 2026, 15:54: head person closed it: Resolved. Message to the reporter: “It is gone.”',
      'Fri 20 Nov 2026, 15:55: head person opened it again. Reason: “It came back.”',
      'Fri 20 Nov 2026, 15:55: head person placed it on legal hold. Reason: “A solicitor has written.”',
      'Fri 20 Nov 2026, 15:55: head person took the legal hold back. Reason: “Settled.”',
      'Fri 20 Nov 2026, 15:56: The reporter withdrew the report. Reason: “We have spoken.”',
      'Fri 20 Nov 2026, 15:57: head person found it for a subject access request and made a copy for whoever runs it, on the command line.',
      'Fri 20 Nov 2026, 15:57: head person announced to head person that it will be deleted from Sat 20 Nov 2032 on.',
    ]);
  });

  it('names the reporter only to who may know', () => {
    const { case: current } = everything();
    expect(logInWords(current, profile, true)[0]).toMatch(/: Tess Teacher submitted/);
    expect(logInWords(current, profile, false).join('\n')).not.toMatch(/Tess|teacher person/iu);
  });

  it('never shows an id, whoever has left, and has a word for what a newer version writes', () => {
    const newer = withEvent(everything(), 'head', { kind: 'sent_to_the_moon' } as unknown as Happening).case;
    for (const school of [profile, aProfile(rolesWithout('dsl', 'deputy', 'teacher')), aProfile(rolesWithout('head'))])
      for (const known of [true, false]) {
        const lines = logInWords({ ...newer, evidence: [] }, school, known);
        expect(lines).toHaveLength(newer.log.length);
        for (const line of lines) {
          expect(line).not.toMatch(AN_ID);
          expect(line).not.toMatch(/undefined|null|NaN|\[object/u);
          expect(line).toMatch(/^Fri 20 Nov 2026, \d\d:\d\d: [^\n]+[.”]$/u);
        }
      }
    expect(logInWords(newer, aProfile(rolesWithout('head')), false)[5]).toContain('Somebody who has left acknowledged');
  });
});
