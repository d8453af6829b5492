import { describe, expect, it } from 'vitest';
import type { Happening } from '../../src/reports/case.js';
import { cardsOf } from '../../src/reports/case-change.js';
import { answerQuestion, reroute, withdraw } from '../../src/reports/opening.js';
import { isUnfinished, standingOf } from '../../src/reports/standing.js';
import { did, done, draftWith, kept, minutesIn, opened, profile, ROUTES, withEvent } from './cases.js';
import { ID } from './examples.js';

describe('what a case’s events add up to', () => {
  it('begins as its report says', () => {
    expect(standingOf(ROUTES.channel().case)).toMatchObject({
      ...{ state: 'new', category: 'disparaging_post', severity: 'normal', acknowledged: null, assignee: null },
      ...{ questions: [], actions: [], post: null, links: [], recordedAs: null, closed: null },
    });
    expect(standingOf(ROUTES.safety().case)).toMatchObject({ category: 'child_safety', severity: 'urgent' });
  });

  it('follows what triagers do', () => {
    let now = did(ROUTES.channel(), 'head', { do: 'assign', to: ID.dsl }, 1);
    now = did(now, 'dsl', { do: 'ask', words: 'Where is it?' }, 2);
    const asked = now.case.log.length;
    for (const words of ['On the group.', 'On the page, I mean.'])
      now = kept(now, done(answerQuestion(now.case, asked, words, ID.teacher, minutesIn(3))));
    now = did(now, 'head', { do: 'record', action: 'told_police', on: '2026-11-20', who: '', words: '' }, 4);
    now = did(now, 'head', { do: 'mark_post', as: 'refused', on: '2026-11-20' }, 5);
    now = did(now, 'head', { do: 'mark_post', as: 'removed', on: '2026-11-20' }, 6);
    now = did(now, 'head', { do: 'link', to: 'PD-00000000' }, 7);
    now = did(now, 'head', { do: 'record_elsewhere', as: 'CPOMS 17' }, 8);
    now = did(now, 'head', { do: 'change_severity', to: 'high', reason: 'r' }, 9);
    now = did(now, 'head', { do: 'close', outcome: 'resolved', message: 'Gone.' }, 10);
    expect(standingOf(now.case)).toMatchObject({
      ...{ state: 'closed', severity: 'high', assignee: ID.dsl, links: ['PD-00000000'], recordedAs: 'CPOMS 17' },
      acknowledged: { by: { personId: ID.head }, at: minutesIn(1) },
      questions: [
        {
          ...{ number: asked, words: 'Where is it?', at: minutesIn(2), by: { personId: ID.dsl } },
          answers: [{ words: 'On the group.' }, { words: 'On the page, I mean.' }],
        },
      ],
      actions: [{ what: { action: 'told_police' } }],
      post: { what: { as: 'removed' } },
      closed: { what: { outcome: 'resolved' } },
    });
    expect(isUnfinished(now.case)).toBe(false);
    const again = did(now, 'head', { do: 'reopen', reason: 'Back' }, 11);
    expect(standingOf(again.case)).toMatchObject({ state: 'open', closed: null });
    expect(isUnfinished(again.case)).toBe(true);
  });

  it('is open once a withdrawn case is opened again, though nobody has acknowledged it', () => {
    const start = ROUTES.channel();
    const gone = kept(start, done(withdraw(start.case, 'Sorted out', ID.teacher, minutesIn(1))));
    const again = did(gone, 'head', { do: 'reopen', reason: 'Still there' });
    expect(standingOf(again.case)).toMatchObject({ state: 'open', acknowledged: null });
  });

  it('is as urgent as its category makes it, or as a person has said, and never less by itself', () => {
    const severity = (now: ReturnType<typeof opened>) => standingOf(now.case).severity;
    const lowered = did(ROUTES.safety(), 'head', { do: 'change_severity', to: 'normal', reason: 'r' });
    expect(severity(lowered)).toBe('normal');
    expect(severity(did(ROUTES.safety(), 'head', { do: 'change_category', to: 'other_breach', reason: 'r' }))).toBe(
      'urgent',
    );
    const raised = did(ROUTES.channel(), 'head', { do: 'change_category', to: 'online_bullying', reason: 'r' });
    expect(severity(raised)).toBe('high');
    expect(severity(did(raised, 'head', { do: 'change_severity', to: 'normal', reason: 'r' }))).toBe('normal');
  });

  it('is not disturbed by what a newer version writes', () => {
    const start = ROUTES.channel();
    const newer = withEvent(start, 'head', { kind: 'sent_to_the_moon', by: 'rocket' } as unknown as Happening);
    expect(standingOf(newer.case)).toEqual(standingOf(start.case));
    expect(cardsOf(newer.case.log)).toEqual(cardsOf(start.case.log));
  });

  it('cannot be told from a log without its beginning', () => {
    const { case: current } = ROUTES.channel();
    expect(() => standingOf({ ...current, log: current.log.slice(1) })).toThrow(/begins/);
  });
});

describe('a case that goes on after its category was changed', () => {
  const safety = { do: 'change_category', to: 'child_safety', reason: 'She is afraid.' } as const;

  it('goes on as what it is now', () => {
    const now = did(opened(draftWith()), 'head', safety);
    const change = reroute(now, [ID.dsl], profile, minutesIn(9));
    expect(change?.events[0]?.what).toMatchObject({
      route: { way: 'safeguarding', people: [ID.head, ID.deputy], channel: true },
    });
  });

  it('goes nowhere once it is closed', () => {
    const now = did(did(opened(draftWith()), 'head', safety), 'head', {
      ...{ do: 'close', outcome: 'passed_on', message: 'The police have it.' },
    });
    expect(reroute(now, [ID.dsl], profile, minutesIn(9))).toBeUndefined();
  });
});
