import { describe, expect, it } from 'vitest';
import { type AdviceId, adviceFor, adviceOn } from '../../src/reports/advice.js';
import type { ActionTaken } from '../../src/reports/case.js';
import { withdraw } from '../../src/reports/opening.js';
import { did, done, draftWith, type Kept, kept, minutesIn, opened, profile, ROUTES } from './cases.js';
import { aProfile, type Name, rolesWithout } from './examples.js';

const ids = ({ case: current }: Kept) => adviceFor(current, profile).map(({ id }) => id);
const advice = ({ case: current }: Kept, id: AdviceId) => adviceFor(current, profile).find((one) => one.id === id);
const recorded = (before: Kept, action: ActionTaken, by: Name = 'head') =>
  did(before, by, { do: 'record', action, on: '2026-11-20', who: '', words: '' });
const close = { do: 'close', outcome: 'resolved', message: 'Done.' } as const;

describe('where a child is in danger', () => {
  it('the police are told at once, and the authorities (beechwood)', () => {
    const start = ROUTES.safety();
    expect(ids(start)).toEqual(['danger', 'safeguarding']);
    expect(advice(start, 'danger')).toMatchObject({ source: 'beechwood', sentence: expect.stringContaining('999') });
    expect(advice(start, 'safeguarding')).toMatchObject({
      source: 'beechwood',
      sentence: expect.stringContaining('Lead, 01632 960 100'),
    });
    expect(ids(recorded(start, 'told_police'))).toEqual(['safeguarding']);
    expect(ids(recorded(recorded(start, 'told_police'), 'told_dsl'))).toEqual([]);
  });

  it('and the lead is involved, somebody else is told (beechwood)', () => {
    const start = opened(draftWith({ involved: ['AAAAAAAA-0000-4000-8000-000000000003'] }, ['other_concern']), []);
    expect(advice(start, 'safeguarding')?.sentence).toMatch(/local authority/);
    expect(ids(recorded(start, 'told_dsl'))).toContain('safeguarding');
    expect(ids(recorded(start, 'told_authority_or_trust'))).not.toContain('safeguarding');
    const nobody = aProfile(rolesWithout('dsl'));
    expect(adviceFor(ROUTES.safety().case, nobody).at(-1)?.sentence).toMatch(/local authority/);
  });

  it('an indecent image is for the police alone (morley-victoria)', () => {
    const start = opened(draftWith({}, ['indecent_image']), []);
    expect(ids(start)).toEqual(['indecent_image', 'safeguarding']);
    expect(advice(start, 'indecent_image')?.source).toBe('morley-victoria');
    expect(ids(recorded(start, 'told_police'))).toEqual(['safeguarding']);
    for (const action of [
      'asked_for_removal',
      'contacted_platform',
      'spoke_to_parent',
      'disciplinary_procedure',
    ] as const)
      expect(adviceOn(action, start.case, profile)).toMatch(/police/);
    expect(adviceOn('told_police', start.case, profile)).toBeNull();
    expect(adviceOn('asked_for_removal', recorded(start, 'told_police').case, profile)).toBeNull();
  });

  it('is not taken back with the report, and is done once the case is closed', () => {
    const start = ROUTES.safety();
    const gone = kept(
      start,
      done(withdraw(start.case, 'Sorted out', 'AAAAAAAA-0000-4000-8000-000000000007', minutesIn(1))),
    );
    expect(ids(gone)).toEqual(['danger', 'safeguarding']);
    expect(ids(did(start, 'head', close))).toEqual([]);
  });
});

describe('where staff and children are concerned', () => {
  it('the LADO is asked before anything is looked into (morley-victoria)', () => {
    const start = opened(draftWith({ staffConduct: 'yes', postedBy: 'staff' }, ['other_concern']), []);
    expect(ids(start)).toEqual(['lado', 'safeguarding']);
    expect(advice(start, 'lado')).toMatchObject({
      source: 'morley-victoria',
      sentence: expect.stringContaining('LADO, 01632 960 100'),
    });
    for (const action of ['disciplinary_procedure', 'spoke_to_parent'] as const) {
      expect(adviceOn(action, start.case, profile)).toMatch(/^Ask the LADO/);
      expect(adviceOn(action, recorded(start, 'told_lado').case, profile)).toBeNull();
    }
    expect(ids(recorded(start, 'told_lado'))).toEqual(['safeguarding']);
    expect(adviceOn('disciplinary_procedure', ROUTES.channel().case, profile)).toBeNull();
  });
});

describe('where somebody is bullied', () => {
  const bullied = (answers: object = {}) =>
    opened(draftWith({ category: 'online_bullying', postedBy: 'pupil', police: 'undecided', ...answers }));

  it.each([
    ['told', /have told/],
    ['wants_to', /want to/],
    ['does_not_want', /do not want/],
    ['undecided', /not decided/],
    [null, /ask them/],
  ] as const)('whether the police are told is theirs to decide (morley-victoria): %s', (police, wish) => {
    const start = bullied({ police });
    expect(advice(start, 'police_is_their_decision')).toMatchObject({
      source: 'morley-victoria',
      sentence: expect.stringMatching(wish),
    });
    expect(ids(recorded(start, 'told_police'))).not.toContain('police_is_their_decision');
  });

  it('support is offered where they ask for it (morley-victoria)', () => {
    const start = bullied({ support: 'Somebody to talk to' });
    expect(advice(start, 'support')?.source).toBe('morley-victoria');
    expect(ids(recorded(start, 'support_offered'))).not.toContain('support');
    expect(ids(bullied())).toEqual(['police_is_their_decision']);
  });
});

describe('evidence', () => {
  it('is kept before anybody asks for removal (morley-victoria)', () => {
    const none = opened(draftWith({ postedBy: 'outside' }), []);
    expect(ids(none)).toEqual(['keep_evidence']);
    expect(advice(none, 'keep_evidence')?.source).toBe('morley-victoria');
    for (const action of ['asked_for_removal', 'contacted_platform'] as const) {
      expect(adviceOn(action, none.case, profile)).toMatch(/screenshot/);
      expect(adviceOn(action, ROUTES.channel().case, profile)).toBeNull();
    }
    expect(ids(opened(draftWith({ postedBy: 'outside', stillThere: 'no' }), []))).toEqual([]);
    expect(ids(did(none, 'head', { do: 'mark_post', as: 'removed', on: '2026-11-20' }))).toEqual([]);
    expect(ids(did(none, 'head', { do: 'mark_post', as: 'refused', on: '2026-11-20' }))).toEqual(['keep_evidence']);
  });

  it('is never asked for where a child’s safety is at stake', () => {
    expect(ids(ROUTES.safety())).not.toContain('keep_evidence');
    expect(adviceOn('asked_for_removal', ROUTES.safety().case, profile)).toBeNull();
  });
});

describe('what a parent posts', () => {
  it('is asked to be removed, then talked about, then left to the complaints procedure (wasp)', () => {
    const start = ROUTES.channel();
    expect(adviceFor(start.case, profile)).toMatchObject([{ id: 'ask_for_removal', source: 'wasp' }]);
    const asked = recorded(start, 'asked_for_removal');
    expect(adviceFor(asked.case, profile)).toMatchObject([{ id: 'invite_parent', source: 'wasp' }]);
    const spoke = recorded(asked, 'spoke_to_parent');
    expect(adviceFor(spoke.case, profile)).toMatchObject([{ id: 'complaints_procedure', source: 'wasp' }]);
    expect(ids(recorded(spoke, 'complaints_procedure'))).toEqual([]);
    expect(ids(did(start, 'head', { do: 'mark_post', as: 'removed', on: '2026-11-20' }))).toEqual(['invite_parent']);
    expect(ids(opened(draftWith({ stillThere: 'no' })))).toEqual(['invite_parent']);
  });

  it('is nobody else’s way', () => {
    expect(ids(opened(draftWith({ postedBy: 'pupil' })))).toEqual([]);
  });
});

describe('what may be against the law', () => {
  it('goes to the police and other agencies (wasp)', () => {
    const breach = (breachKind: 'privacy' | 'name_or_logo') =>
      opened(draftWith({ category: 'other_breach', breachKind }));
    expect(adviceFor(breach('privacy').case, profile)).toMatchObject([{ id: 'illegal_conduct', source: 'wasp' }]);
    expect(ids(recorded(breach('privacy'), 'told_police'))).toEqual([]);
    expect(ids(breach('name_or_logo'))).toEqual([]);
  });
});
