import { describe, expect, it } from 'vitest';
import { CASE_STATES, type CaseState } from '../../src/reports/case.js';
import { digestOf } from '../../src/reports/case-log.js';
import { addWords, withdraw } from '../../src/reports/opening.js';
import { standingOf } from '../../src/reports/standing.js';
import { type TriageAction, type TriageVerb, triage } from '../../src/reports/triage.js';
import { targetKey } from '../../src/schools/delivery.js';
import {
  did,
  done,
  draftWith,
  type Kept,
  kept,
  minutesIn,
  opened,
  profile,
  ROUTES,
  type RouteName,
  step,
} from './cases.js';
import { aProfile, ID, type Name, rolesWith, rolesWithout } from './examples.js';

const user = (name: Name) => `user~${ID[name].toLowerCase()}`;
const kinds = (events: readonly { what: { kind: string } }[]) => events.map(({ what }) => what.kind);
const owed = (change: ReturnType<typeof done>) =>
  change.deliveries.map(({ kind, target, placement }) => [
    kind,
    targetKey(target),
    placement.at === 'new' ? 'new' : placement.order,
  ]);

/** Who may act on which case; everybody else is refused. The teacher reports, and "nobody" is not in the profile. */
const MAY: Readonly<Record<RouteName, readonly Name[]>> = {
  channel: ['head', 'deputy', 'dsl', 'triager'],
  about_headteacher: ['chair'],
  about_triager: ['head'],
  safety: ['head', 'deputy', 'dsl'],
  safety_about_headteacher: ['dsl', 'chair'],
};
/** Of those, who decides on legal hold: whoever only deals with reports does not. */
const MAY_HOLD: Readonly<Record<RouteName, readonly Name[]>> = { ...MAY, channel: ['head', 'deputy', 'dsl'] };
const HOLDS: readonly TriageVerb[] = ['hold', 'release_hold'];
const EVERYBODY = [
  ...(['head', 'deputy', 'dsl', 'triager', 'chair', 'trust', 'teacher', 'governor'] as const),
  'nobody',
] as const;
const idOf = (name: (typeof EVERYBODY)[number]) =>
  name === 'nobody' ? 'BBBBBBBB-0000-4000-8000-000000000009' : ID[name];

/** Somebody to whom it can be assigned who has nothing of it in hand yet. */
const ASSIGNABLE: Readonly<Record<RouteName, Name>> = {
  channel: 'dsl',
  about_headteacher: 'deputy',
  about_triager: 'deputy',
  safety: 'deputy',
  safety_about_headteacher: 'deputy',
};

const actionsOn = (route: RouteName): { readonly [Verb in TriageVerb]: Extract<TriageAction, { do: Verb }> } => ({
  acknowledge: { do: 'acknowledge' },
  assign: { do: 'assign', to: ID[ASSIGNABLE[route]] },
  ask: { do: 'ask', words: 'Is it still there?' },
  note: { do: 'note', words: 'Looked at the rota.' },
  change_category: { do: 'change_category', to: 'other_breach', reason: 'It shows a list of names.' },
  change_severity: { do: 'change_severity', to: route.startsWith('safety') ? 'high' : 'urgent', reason: 'It spreads.' },
  record: { do: 'record', action: 'contacted_platform', on: '2026-11-20', who: 'Facebook', words: '' },
  mark_post: { do: 'mark_post', as: 'removed', on: '2026-11-20' },
  link: { do: 'link', to: 'PD-00000000' },
  record_elsewhere: { do: 'record_elsewhere', as: 'CPOMS 17' },
  close: { do: 'close', outcome: 'resolved', message: 'It is gone.' },
  reopen: { do: 'reopen', reason: 'It came back.' },
  hold: { do: 'hold', reason: 'A solicitor has written.' },
  release_hold: { do: 'release_hold', reason: 'The claim is settled.' },
});

const HELD = /^(?:chair|head) person \(Fri 20 Nov 2026, 15:45\) has placed it on legal hold already\.$/u;
const NOT_HELD = /^This case is not on legal hold\.$/u;

type Outcome = readonly [events: string, state: CaseState, told: string] | RegExp;
const ALREADY = /^chair person|^head person/u;
const CLOSED = /has closed this case\. Open it again first\.$/u;
const WITHDRAWN = /^Whoever reported this has withdrawn it/u;
const OPEN = /^This case is open already\.$/u;

/** What comes of an action by somebody who may: events, the state they lead to, and what the reporter is told. */
const TABLE: Readonly<Record<TriageVerb, Readonly<Record<CaseState, Outcome>>>> = {
  acknowledge: {
    new: ['acknowledged', 'open', 'case.acknowledged'],
    open: ALREADY,
    closed: CLOSED,
    withdrawn: WITHDRAWN,
  },
  assign: {
    new: ['acknowledged assigned', 'open', 'case.acknowledged'],
    open: ['assigned', 'open', ''],
    closed: CLOSED,
    withdrawn: WITHDRAWN,
  },
  ask: {
    new: ['acknowledged question_asked', 'open', 'case.question'],
    open: ['question_asked', 'open', 'case.question'],
    closed: CLOSED,
    withdrawn: WITHDRAWN,
  },
  note: {
    new: ['note_added', 'new', ''],
    open: ['note_added', 'open', ''],
    closed: ['note_added', 'closed', ''],
    withdrawn: ['note_added', 'withdrawn', ''],
  },
  change_category: {
    new: ['acknowledged category_changed', 'open', 'case.acknowledged'],
    open: ['category_changed', 'open', ''],
    closed: CLOSED,
    withdrawn: WITHDRAWN,
  },
  change_severity: {
    new: ['acknowledged severity_changed', 'open', 'case.acknowledged'],
    open: ['severity_changed', 'open', ''],
    closed: CLOSED,
    withdrawn: WITHDRAWN,
  },
  record: {
    new: ['acknowledged action_taken', 'open', 'case.acknowledged'],
    open: ['action_taken', 'open', ''],
    closed: ['action_taken', 'closed', ''],
    withdrawn: ['action_taken', 'withdrawn', ''],
  },
  mark_post: {
    new: ['acknowledged post_marked', 'open', 'case.acknowledged'],
    open: ['post_marked', 'open', ''],
    closed: ['post_marked', 'closed', ''],
    withdrawn: ['post_marked', 'withdrawn', ''],
  },
  link: {
    new: ['linked', 'new', ''],
    open: ['linked', 'open', ''],
    closed: ['linked', 'closed', ''],
    withdrawn: ['linked', 'withdrawn', ''],
  },
  record_elsewhere: {
    new: ['recorded_elsewhere', 'new', ''],
    open: ['recorded_elsewhere', 'open', ''],
    closed: ['recorded_elsewhere', 'closed', ''],
    withdrawn: ['recorded_elsewhere', 'withdrawn', ''],
  },
  close: {
    new: ['acknowledged closed', 'closed', 'case.closed'],
    open: ['closed', 'closed', 'case.closed'],
    closed: CLOSED,
    withdrawn: WITHDRAWN,
  },
  reopen: {
    new: OPEN,
    open: OPEN,
    closed: ['reopened', 'open', 'case.reopened'],
    withdrawn: ['reopened', 'open', 'case.reopened'],
  },
  hold: {
    new: ['hold_placed', 'new', ''],
    open: ['hold_placed', 'open', ''],
    closed: ['hold_placed', 'closed', ''],
    withdrawn: ['hold_placed', 'withdrawn', ''],
  },
  release_hold: { new: NOT_HELD, open: NOT_HELD, closed: NOT_HELD, withdrawn: NOT_HELD },
};

/** What comes of it where the case is on legal hold: nothing else than where it is not, but for the hold itself. */
const HELD_TABLE: typeof TABLE = {
  ...TABLE,
  hold: { new: HELD, open: HELD, closed: HELD, withdrawn: HELD },
  release_hold: {
    new: ['hold_released', 'new', ''],
    open: ['hold_released', 'open', ''],
    closed: ['hold_released', 'closed', ''],
    withdrawn: ['hold_released', 'withdrawn', ''],
  },
};

const answererOf = (route: RouteName): Name => (route.endsWith('about_headteacher') ? 'chair' : 'head');

const onHold = (before: Kept, by: Name): Kept => did(before, by, { do: 'hold', reason: 'The police asked.' }, 3);

function inState(route: RouteName, state: CaseState): Kept {
  const start = ROUTES[route]();
  const by = answererOf(route);
  if (state === 'new') return start;
  if (state === 'withdrawn') return kept(start, done(withdraw(start.case, 'Sorted out', ID.teacher, minutesIn(1))));
  const open = did(start, by, { do: 'acknowledge' }, 1);
  return state === 'open' ? open : did(open, by, { do: 'close', outcome: 'no_breach', message: 'Looked into.' }, 2);
}

describe.each(Object.keys(ROUTES) as RouteName[])('a case by the route %s', (route) => {
  const actions = Object.values(actionsOn(route));
  const who = (may: boolean) => EVERYBODY.filter((name) => MAY[route].some((one) => one === name) === may);
  const cells = CASE_STATES.flatMap((state) =>
    actions.flatMap((action) => [[state, 'not on hold', action.do] as const, [state, 'on hold', action.do] as const]),
  );

  it.each(cells)('that is %s and %s: %s', (state, hold, verb) => {
    const action = actionsOn(route)[verb];
    const isHeld = hold === 'on hold';
    const outcome = (isHeld ? HELD_TABLE : TABLE)[verb][state];
    const before = isHeld ? onHold(inState(route, state), answererOf(route)) : inState(route, state);
    const digest = digestOf(before);
    for (const name of who(true)) {
      const turn = { by: idOf(name).toLowerCase(), now: minutesIn(9), seen: before.case.log.length };
      const result = triage(before, profile, action, turn);
      if (HOLDS.includes(verb) && !MAY_HOLD[route].some((one) => one === name)) {
        expect(result, name).toEqual({ refused: expect.stringMatching(/^Only the Headteacher, a deputy/u) });
        continue;
      }
      if (outcome instanceof RegExp) {
        expect(result, name).toEqual({ refused: expect.stringMatching(outcome) });
        continue;
      }
      const change = done(result);
      expect(standingOf(change.case).hold !== null, name).toBe(verb === 'hold' || (isHeld && verb !== 'release_hold'));
      const [events, becomes, told] = outcome;
      expect([kinds(change.events).join(' '), standingOf(change.case).state], name).toEqual([events, becomes]);
      expect(change.events.every(({ by, at }) => 'personId' in by && by.personId === turn.by && at === turn.now)).toBe(
        true,
      );
      const toReporter = change.deliveries.filter(({ target }) => targetKey(target) === user('teacher'));
      expect(toReporter.map(({ kind }) => kind).join(' '), name).toBe(told);
    }
    for (const name of who(false)) {
      const turn = { by: idOf(name), now: minutesIn(9), seen: before.case.log.length };
      expect(triage(before, profile, action, turn), name).toEqual({
        refused:
          'You cannot act on this report: the school’s profile does not let you, it is not for you to see, or it has been deleted. Nothing has been changed.',
      });
    }
    expect(digestOf(before)).toBe(digest);
  });
});

describe('what the reporter is told', () => {
  it('names the event it is about, also where that is not the last', () => {
    const before = ROUTES.channel();
    const told = (action: TriageAction) =>
      done(step(before, 'head', action)).deliveries.find(({ target }) => targetKey(target) === user('teacher'))?.refs;
    const { length } = before.case.log;
    expect(told({ do: 'assign', to: ID.dsl })).toEqual({ reference: 'PD-7K3MZ0QX', event: String(length + 1) });
    expect(told({ do: 'ask', words: 'When?' })).toEqual({ reference: 'PD-7K3MZ0QX', event: String(length + 2) });
  });
});

describe('two people at once', () => {
  const close = { do: 'close', outcome: 'resolved', message: 'It is gone.' } as const;
  const at = (seen: number, by: Name, minutes = 7) => ({ by: ID[by], now: minutesIn(minutes), seen });

  it.each<[string, TriageAction, TriageAction, RegExp]>([
    ['acknowledge', { do: 'acknowledge' }, { do: 'acknowledge' }, /was first and acknowledged it\./],
    [
      'acknowledge what was just assigned',
      { do: 'assign', to: ID.head },
      { do: 'acknowledge' },
      /was first and acknowledged it/,
    ],
    ['assign', { do: 'assign', to: ID.head }, { do: 'assign', to: ID.dsl }, /was first and assigned it/],
    [
      'change the category',
      { do: 'change_category', to: 'other_breach', reason: 'a' },
      { do: 'change_category', to: 'online_bullying', reason: 'b' },
      /was first and changed what it is about/,
    ],
    [
      'change the severity',
      { do: 'change_severity', to: 'high', reason: 'a' },
      { do: 'change_severity', to: 'urgent', reason: 'b' },
      /was first and changed how urgent it is/,
    ],
    [
      'mark the post',
      { do: 'mark_post', as: 'removed', on: '2026-11-20' },
      { do: 'mark_post', as: 'refused', on: '2026-11-20' },
      /was first and said what became of the post/,
    ],
    [
      'give it a reference elsewhere',
      { do: 'record_elsewhere', as: 'A1' },
      { do: 'record_elsewhere', as: 'A2' },
      /was first and recorded a reference/,
    ],
    ['close', close, { ...close, message: 'Another' }, /was first and closed it/],
    ['close what is closed', close, { do: 'assign', to: ID.dsl }, /has closed this case\. Open it again first/],
    ['link', { do: 'link', to: 'PD-00000000' }, { do: 'link', to: 'PD-00000000' }, /linked already/],
    ['hold', { do: 'hold', reason: 'a' }, { do: 'hold', reason: 'b' }, /was first and placed it on legal hold/],
    [
      'release what was just held',
      { do: 'hold', reason: 'a' },
      { do: 'release_hold', reason: 'b' },
      /was first and placed it on legal hold/,
    ],
  ])('%s: the second is told who was first', (_, first, second, sentence) => {
    const before = ROUTES.channel();
    const seen = before.case.log.length;
    const won = kept(before, done(triage(before, profile, first, at(seen, 'head', 6))));
    const lost = triage(won, profile, second, at(seen, 'dsl'));
    expect(lost).toEqual({ refused: expect.stringMatching(sentence) });
    if (second.do !== 'link')
      expect(lost).toEqual({ refused: expect.stringContaining('head person (Fri 20 Nov 2026, 15:48)') });
  });

  it('both write notes, ask and record: nothing is lost', () => {
    const before = did(ROUTES.channel(), 'head', { do: 'acknowledge' }, 1);
    const seen = before.case.log.length;
    for (const action of [
      { do: 'note', words: 'Same words' },
      { do: 'ask', words: 'Same words' },
      { do: 'record', action: 'told_police', on: '2026-11-20', who: '', words: '' },
    ] as const) {
      const one = kept(before, done(triage(before, profile, action, at(seen, 'head'))));
      const both = done(triage(one, profile, action, at(seen, 'dsl')));
      expect(both.case.log).toHaveLength(seen + 2);
    }
  });
});

describe('an old card', () => {
  const close = { do: 'close', outcome: 'resolved', message: 'It is gone.' } as const;

  it('pressed twice does once', () => {
    for (const action of Object.values(actionsOn('channel'))) {
      const start = inState('channel', action.do === 'reopen' ? 'closed' : 'new');
      const before = action.do === 'release_hold' ? onHold(start, 'dsl') : start;
      const turn = { by: ID.head, now: minutesIn(9), seen: before.case.log.length };
      const once = kept(before, done(triage(before, profile, action, turn)));
      expect(triage(once, profile, action, { ...turn, now: minutesIn(10), by: ID.head.toLowerCase() })).toEqual({
        done: true,
      });
    }
  });

  it('does not undo what has been done since', () => {
    const before = did(ROUTES.channel(), 'head', { do: 'acknowledge' }, 1);
    const old = { by: ID.head, now: minutesIn(20), seen: before.case.log.length };
    const closed = did(before, 'head', close, 2);
    const byAnother = did(closed, 'dsl', { do: 'reopen', reason: 'It came back.' }, 3);
    expect(triage(byAnother, profile, close, old)).toEqual({
      refused: 'dsl person (Fri 20 Nov 2026, 15:45) was first and opened it again. The card shows it as it is now.',
    });
    const byMyself = did(closed, 'head', { do: 'reopen', reason: 'It came back.' }, 3);
    expect(triage(byMyself, profile, close, old)).toEqual({
      refused: 'This case has changed since that card was drawn. The card shows it as it is now.',
    });
  });

  it('is another thing than a fresh one, on which the same can be done again', () => {
    const closed = did(did(ROUTES.channel(), 'head', close, 2), 'head', { do: 'reopen', reason: 'Back' }, 3);
    expect(kinds(done(step(closed, 'head', close)).events)).toEqual(['closed']);
    expect(step(closed, 'dsl', { do: 'acknowledge' })).toEqual({
      refused: expect.stringMatching(/^head person .*acknowledged it already/u),
    });
    const noted = did(ROUTES.channel(), 'head', { do: 'note', words: 'Phoned, nobody there.' });
    expect(kinds(done(step(noted, 'head', { do: 'note', words: 'Phoned, nobody there.' })).events)).toHaveLength(1);
  });

  it.each([0, -7, Number.NaN, Number.POSITIVE_INFINITY, 1e9, 0.5])('with %d events does no harm', (seen) => {
    const before = did(ROUTES.channel(), 'head', { do: 'acknowledge' }, 1);
    const turn = { by: ID.dsl, now: minutesIn(9), seen };
    expect(triage(before, profile, { do: 'acknowledge' }, turn)).toEqual({
      refused: expect.stringMatching(/^head person/u),
    });
    expect(kinds(done(triage(before, profile, { do: 'note', words: 'Hm' }, turn)).events)).toEqual(['note_added']);
    expect(triage(before, profile, { do: 'note', words: 'Hm' }, { ...turn, by: ID.chair })).toHaveProperty('refused');
  });
});

describe('what is typed or chosen wrongly', () => {
  const open = () => did(ROUTES.channel(), 'head', { do: 'assign', to: ID.dsl }, 1);
  it.each<[TriageAction, RegExp]>([
    [{ do: 'ask', words: ' \n ' }, /^Please type what you want to ask\.$/],
    [{ do: 'ask', words: 'x'.repeat(4_001) }, /4,000 characters/],
    [{ do: 'note', words: '' }, /^Please type your note/],
    [{ do: 'change_category', to: 'disparaging_post', reason: 'r' }, /about that already/],
    [{ do: 'change_category', to: 'other_breach', reason: ' ' }, /^Please type why/],
    [{ do: 'change_severity', to: 'normal', reason: 'r' }, /that urgent already/],
    [{ do: 'change_severity', to: 'high', reason: 'x'.repeat(501) }, /500 characters/],
    [{ do: 'record', action: 'told_police', on: '', who: '', words: '' }, /choose the day/],
    [{ do: 'record', action: 'told_police', on: '2026-02-30', who: '', words: '' }, /choose the day/],
    [{ do: 'record', action: 'told_police', on: '0026-11-20', who: '', words: '' }, /choose the day/],
    [{ do: 'record', action: 'told_police', on: '2026-11-21', who: '', words: '' }, /still to come/],
    [{ do: 'record', action: 'told_police', on: '2026-11-20', who: 'x'.repeat(501), words: '' }, /500 characters/],
    [{ do: 'mark_post', as: 'removed', on: '2026-11-21' }, /still to come/],
    [{ do: 'link', to: 'PD-7K3MZ0QX' }, /this case itself/],
    [{ do: 'record_elsewhere', as: '' }, /reference that the other system gave/],
    [{ do: 'close', outcome: 'resolved', message: '' }, /what the reporter is to be told/],
    [{ do: 'hold', reason: '\t' }, /^Please type why/],
    [{ do: 'hold', reason: 'x'.repeat(501) }, /500 characters/],
    [{ do: 'assign', to: ID.dsl.toLowerCase() }, /has it already/],
    [{ do: 'assign', to: ID.chair }, /cannot be given this case/],
    [{ do: 'assign', to: ID.teacher }, /cannot be given this case/],
    [{ do: 'assign', to: 'nobody' }, /cannot be given this case/],
  ])('%j is refused in a sentence', (action, sentence) => {
    expect(step(open(), 'head', action)).toEqual({ refused: expect.stringMatching(sentence) });
  });

  it('keeps what was typed, without what cannot be shown', () => {
    const change = done(step(open(), 'head', { do: 'note', words: '  one\r\ntwo\u0000 ' }));
    expect(change.events[0]?.what).toEqual({ kind: 'note_added', words: 'one\ntwo' });
  });
});

describe('assigning', () => {
  // Senior leaders make the first assessment, and involve staff (wasp).
  it('brings the case to whoever is given it, and not to oneself (wasp)', () => {
    const before = ROUTES.channel();
    const other = done(step(before, 'head', { do: 'assign', to: ID.dsl.toLowerCase() }));
    expect(other.events[1]?.what).toEqual({ kind: 'assigned', to: ID.dsl, card: 2 });
    expect(owed(other)).toEqual([
      ['case.assigned', user('dsl'), 'new'],
      ['case.acknowledged', user('teacher'), 'new'],
      ['case.changed', 'channel~headteacher', 1],
    ]);
    const self = done(step(before, 'head', { do: 'assign', to: ID.head.toLowerCase() }));
    expect(self.events[1]?.what).toEqual({ kind: 'assigned', to: ID.head, card: null });
    expect(owed(self).map(([kind]) => kind)).toEqual(['case.acknowledged', 'case.changed']);
  });

  it('never reaches anybody whom the case names', () => {
    const assign = (before: Kept, by: Name, to: Name) => step(before, by, { do: 'assign', to: ID[to] });
    const refused = { refused: expect.stringMatching(/cannot be given/u) };
    expect(assign(ROUTES.about_headteacher(), 'chair', 'head')).toEqual(refused);
    expect(assign(ROUTES.about_triager(), 'head', 'triager')).toEqual(refused);
    expect(assign(ROUTES.safety(), 'head', 'triager')).toEqual(refused);
    expect(assign(ROUTES.safety_about_headteacher(), 'chair', 'triager')).toEqual(refused);
    expect(assign(ROUTES.safety_about_headteacher(), 'chair', 'head')).toEqual(refused);
  });
});

describe('a case that turns out to be about a child’s safety', () => {
  const safety = { do: 'change_category', to: 'child_safety', reason: 'She is afraid to go home.' } as const;

  it('goes to those answerable for it at once, and waits for one of them', () => {
    const open = did(ROUTES.channel(), 'triager', { do: 'acknowledge' }, 1);
    const change = done(step(open, 'triager', safety));
    expect(kinds(change.events)).toEqual(['category_changed']);
    expect(change.events[0]?.what).toMatchObject({ firstDelivery: 4, route: { way: 'safeguarding', channel: true } });
    expect(owed(change)).toEqual([
      ['case.new', user('head'), 'new'],
      ['case.new', user('dsl'), 'new'],
      ['case.changed', 'channel~headteacher', 1],
    ]);
    const passed = kept(open, change);
    expect(standingOf(passed.case)).toMatchObject({ state: 'new', acknowledged: null, severity: 'urgent' });
    expect(step(passed, 'triager', { do: 'note', words: 'Hm' })).toHaveProperty('refused');
    const turn = { by: ID.triager, now: minutesIn(8), seen: open.case.log.length };
    expect(triage(passed, profile, safety, turn)).toEqual({ done: true });
    // The lead presses a card that was drawn before.
    const lead = { by: ID.dsl, now: minutesIn(9), seen: 1 };
    expect(kinds(done(triage(passed, profile, { do: 'acknowledge' }, lead)).events)).toEqual(['acknowledged']);
  });

  it('stays acknowledged when one of them finds that, and calls the others even where they have a card', () => {
    const start = ROUTES.channel();
    const given = did(start, 'head', { do: 'assign', to: ID.dsl });
    const change = done(step(given, 'head', safety));
    expect(standingOf(change.case).state).toBe('open');
    expect(owed(change)).toEqual([
      ['case.new', user('head'), 'new'],
      ['case.new', user('dsl'), 'new'],
      ['case.changed', 'channel~headteacher', 1],
      ['case.changed', user('dsl'), 2],
    ]);
    const next = did(kept(given, change), 'head', { do: 'note', words: 'x' });
    expect(next.deliveries).toBe(given.deliveries + 4 + 3);
    expect(owed(done(step(next, 'head', { do: 'note', words: 'y' })))).toEqual([
      ['case.changed', 'channel~headteacher', 1],
      ['case.changed', user('dsl'), 6],
      ['case.changed', user('head'), 5],
    ]);
  });

  it('stays to be acknowledged where it was new and whoever finds that is not one of them', () => {
    const change = done(step(ROUTES.channel(), 'triager', safety));
    expect(kinds(change.events)).toEqual(['category_changed']);
    expect(owed(change).map(([kind]) => kind)).not.toContain('case.acknowledged');
  });

  it('does not come to stand in the channel by that', () => {
    const later = aProfile(rolesWith({ triager: ['staff'] }));
    const turn = { by: ID.head, now: minutesIn(5), seen: 1 };
    const change = done(triage(ROUTES.about_triager(), later, safety, turn));
    expect(standingOf(change.case).route.channel).toBe(false);
  });

  it('stays with the chair who has it, and never comes to the Headteacher it is about', () => {
    const change = done(step(ROUTES.about_headteacher(), 'chair', safety));
    expect(change.events.at(-1)?.what).toMatchObject({
      route: { people: [ID.dsl, ID.chair], channel: false, recused: [ID.head] },
    });
    expect(owed(change).map(([, target]) => target)).not.toContain(user('head'));
  });

  it('is left with whoever finds it where nobody is answerable', () => {
    const alone = aProfile(rolesWithout('head', 'deputy', 'dsl', 'chair', 'trust'));
    const start = opened(draftWith(), [], alone);
    const turn = { by: ID.triager, now: minutesIn(5), seen: 1 };
    const change = done(triage(start, alone, safety, turn));
    expect(change.events.at(-1)?.what).toMatchObject({ route: { way: 'safeguarding', people: [ID.triager] } });
    expect(triage(kept(start, change), alone, { do: 'note', words: 'Hm' }, { ...turn, seen: 3 })).toHaveProperty(
      'events',
    );
  });

  it('never comes to somebody it named when they held another office', () => {
    const start = ROUTES.about_headteacher();
    const later = aProfile(rolesWith({ head: ['dsl'], dsl: ['headteacher'] }));
    const change = done(triage(start, later, safety, { by: ID.chair, now: minutesIn(5), seen: 1 }));
    const people = change.deliveries.map(({ target }) => targetKey(target));
    expect(people).not.toContain(user('head'));
    expect(standingOf(change.case).route.recused).toContain(ID.head);
  });
});

describe('cards already there', () => {
  it('are drawn again where they are, whatever was delivered in between', () => {
    const start = ROUTES.about_headteacher();
    const more = kept(start, done(addWords(start.case, 'More of it', ID.teacher, minutesIn(1))));
    expect(more.deliveries).toBe(3);
    const given = did(more, 'chair', { do: 'assign', to: ID.deputy });
    expect(given.case.log.at(-1)?.what).toMatchObject({ card: 4 });
    const change = done(step(given, 'deputy', { do: 'note', words: 'x' }));
    expect(owed(change)).toEqual([
      ['case.changed', user('chair'), 1],
      ['case.changed', user('deputy'), 4],
    ]);
  });
});
