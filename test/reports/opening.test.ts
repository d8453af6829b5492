import { describe, expect, it } from 'vitest';
import type { Case } from '../../src/reports/case.js';
import { appended, digestOf } from '../../src/reports/case-log.js';
import type { Draft } from '../../src/reports/draft.js';
import { fill } from '../../src/reports/draft-steps.js';
import {
  addEvidence,
  addWords,
  openCase,
  type Refusal,
  reportOf,
  reroute,
  routeOf,
  routeOfDraft,
  severityOf,
  stateOf,
  withdraw,
} from '../../src/reports/opening.js';
import { CHANNEL as HEADTEACHERS_CHANNEL } from '../../src/reports/route.js';
import type { CaseChange } from '../../src/reports/stores.js';
import { type NewDelivery, targetKey } from '../../src/schools/delivery.js';
import { aNewDraft, aPiece, aProfile, filled, ID, NOW, rolesWithout, TYPED } from './examples.js';

const profile = aProfile();
const LATER = new Date('2026-11-23T09:00:00Z');
const CHANNEL = 'channel~headteacher';
const user = (id: string) => `user~${id.toLowerCase()}`;
const owed = (deliveries: readonly NewDelivery[]) =>
  deliveries.map(({ kind, target, placement }) => [
    kind,
    targetKey(target),
    placement.at === 'new' ? 'new' : placement.order,
  ]);

const draftWith = (what: Record<string, string> = {}, rest: Partial<Draft> = {}): Draft => ({
  ...filled(aNewDraft(), profile, { ...TYPED, what: { ...TYPED.what, ...what } }),
  ...rest,
});
const opened = (draft: Draft, evidence = [aPiece('01')], school = profile): CaseChange =>
  openCase({ draft, evidence, profile: school, clauses: ['policy/4'], now: NOW });
const safety = (): Draft => {
  const context = { now: NOW, profile };
  return fill(fill(aNewDraft(), 'what', { dangers: 'threat' }, context).draft, 'told', TYPED.told, context).draft;
};

function done(result: CaseChange | Refusal): CaseChange {
  if ('refused' in result) throw new Error(result.refused);
  return result;
}

/** Each event follows from what came before it. */
function expectChained({ report, log }: Case): void {
  for (const [at, event] of log.entries()) {
    const { by, what } = event;
    expect(event).toEqual(appended(report, log.slice(0, at), { at: event.at, by, what }));
  }
}

describe('a report', () => {
  it('has what was answered, and nothing that its category does not ask', () => {
    const typed = {
      ...TYPED,
      what: { ...TYPED.what, category: 'online_bullying' },
      words: { ...TYPED.words, goesOn: 'yes', howTheyAre: 'Worn out' },
      wishes: { ...TYPED.wishes, police: 'undecided', support: 'Somebody to talk to' },
    };
    const draft = filled(aNewDraft(), profile, typed);
    expect(reportOf(draft, NOW)).toMatchObject({
      ...{ reference: 'PD-7K3MZ0QX', schoolId: 'oak', category: 'online_bullying', dangers: [], submittedAt: NOW },
      reporter: { personId: ID.teacher, name: 'Tess Teacher' },
      answers: { goesOn: 'yes', howTheyAre: 'Worn out', police: 'undecided', support: 'Somebody to talk to' },
    });
    const other = fill(draft, 'what', { category: 'disparaging_post' }, { now: NOW, profile }).draft;
    expect(reportOf(other, NOW).answers).toEqual({
      ...reportOf(draft, NOW).answers,
      ...{ category: 'disparaging_post', goesOn: null, howTheyAre: '', police: null, support: '' },
    });
  });

  it('on a child’s safety keeps what was typed before the danger was, and no wishes', () => {
    const before = filled(aNewDraft(), profile);
    const draft = fill(fill(before, 'what', { dangers: 'threat' }, { now: NOW, profile }).draft, 'told', TYPED.told, {
      now: NOW,
      profile,
    }).draft;
    const { answers } = reportOf(draft, NOW);
    expect(answers).toMatchObject({
      account: 'Oak Mums',
      whoSaw: 'Two parents',
      told: 'The lead, at 15:00',
      category: null,
    });
    expect(answers).toMatchObject({ wish: '', nameFor: null, noScreenshot: false });
  });

  it('cannot be made without a category', () => {
    expect(() => reportOf(aNewDraft(), NOW)).toThrow(/category/);
  });

  it.each([
    [{}, 'normal'],
    [{ category: 'online_bullying' }, 'high'],
    [{ category: 'other_breach', breachKind: 'conduct' }, 'normal'],
    [{ category: 'other_breach', breachKind: 'privacy' }, 'high'],
    [{ category: 'other_breach', breachKind: 'contact' }, 'high'],
  ])('%j is of severity %s', (what, severity) => {
    expect(severityOf(reportOf(draftWith(what), NOW))).toBe(severity);
  });

  it('on a child’s safety is urgent', () => {
    expect(severityOf(reportOf(safety(), NOW))).toBe('urgent');
  });
});

describe('a new case', () => {
  it('begins with the report’s digest, its route and each piece of evidence, chained', () => {
    const change = opened(draftWith(), [aPiece('01'), aPiece('02')]);
    const { report, log, evidence } = change.case;
    expect(log.map(({ number, what: { kind } }) => [number, kind])).toEqual([
      [1, 'submitted'],
      [2, 'evidence_added'],
      [3, 'evidence_added'],
    ]);
    expect(log[0]?.what).toMatchObject({ report: digestOf(report), clauses: ['policy/4'], route: { channel: true } });
    expect(log[1]?.what).toMatchObject({
      evidence: '01',
      sha256: aPiece('01').sha256,
      bytes: 1_234,
      type: 'image/png',
      digest: digestOf(aPiece('01')),
    });
    expect(log.every(({ by, at }) => 'personId' in by && by.personId === ID.teacher && at === NOW)).toBe(true);
    expectChained(change.case);
    expect(change).toMatchObject({ events: log, evidence, at: NOW });
    expect(stateOf(change.case)).toBe('new');
  });

  it('owes its card to whomever the route names, and names nothing but the reference', () => {
    expect(owed(opened(draftWith()).deliveries)).toEqual([['case.new', CHANNEL, 'new']]);
    expect(owed(opened(draftWith({ about: 'headteacher' })).deliveries)).toEqual([['case.new', user(ID.chair), 'new']]);
    const change = opened(safety(), []);
    expect(owed(change.deliveries)).toEqual([
      ['case.new', CHANNEL, 'new'],
      ['case.new', user(ID.head), 'new'],
      ['case.new', user(ID.dsl), 'new'],
    ]);
    expect(change.deliveries.map(({ refs }) => refs)).toEqual(Array(3).fill({ reference: 'PD-7K3MZ0QX' }));
  });

  it('that leads to nobody owes nothing: the receipt says so', () => {
    const nobody = aProfile(rolesWithout('chair', 'trust'));
    const change = opened(draftWith({ about: 'headteacher' }), [], nobody);
    expect(routeOf(change.case).way).toBe('nobody');
    expect(change.deliveries).toEqual([]);
  });

  it('goes where its draft said it would', () => {
    const said: Record<string, string>[] = [
      {},
      { about: 'headteacher' },
      { postedBy: 'chair_of_governors' },
      { about: 'reporter' },
    ];
    for (const what of said)
      expect(routeOf(opened(draftWith(what)).case)).toEqual(routeOfDraft(profile, draftWith(what)));
    expect(routeOf(opened(safety()).case)).toEqual(routeOfDraft(profile, safety()));
  });
});

describe('a case whose recipient is not reached', () => {
  const about = (what: Record<string, string>) => opened(draftWith(what)).case;

  it('goes to whoever is next, and to the reporter when nobody is', () => {
    const first = about({ about: 'headteacher' });
    const second = reroute({ case: first, deliveries: 1 }, [ID.chair.toLowerCase()], profile, LATER);
    expect(owed(second?.deliveries ?? [])).toEqual([['case.new', user(ID.trust), 'new']]);
    expect(second?.events).toMatchObject([
      {
        by: { system: true },
        at: LATER,
        what: { kind: 'rerouted', unreachable: [ID.chair], firstDelivery: 2, route: { way: 'trust' } },
      },
    ]);
    const third = reroute({ case: second?.case ?? first, deliveries: 2 }, [ID.trust], profile, LATER);
    expect(owed(third?.deliveries ?? [])).toEqual([['case.undeliverable', user(ID.teacher), 'new']]);
    expect(third?.events[0]?.what).toMatchObject({
      unreachable: [ID.chair, ID.trust],
      route: { way: 'nobody', people: [] },
    });
    const last = third?.case ?? first;
    expectChained(last);
    expect(reroute({ case: last, deliveries: 3 }, [ID.trust, ID.chair], profile, LATER)).toBeUndefined();
  });

  it('goes to the Headteacher’s own chat when the channel cannot be posted to', () => {
    const first = about({});
    const second = reroute({ case: first, deliveries: 1 }, [HEADTEACHERS_CHANNEL], profile, LATER);
    expect(owed(second?.deliveries ?? [])).toEqual([['case.new', user(ID.head), 'new']]);
    expect(routeOf(second?.case ?? first)).toMatchObject({ way: 'headteacher_chat', channel: false });
  });

  it('stays where it is when somebody else was not reached, or it is withdrawn', () => {
    const first = about({ about: 'headteacher' });
    expect(reroute({ case: first, deliveries: 1 }, [ID.head, 'nobody'], profile, LATER)).toBeUndefined();
    const gone = done(withdraw(first, 'sorted out', ID.teacher, LATER)).case;
    expect(reroute({ case: gone, deliveries: 2 }, [ID.chair], profile, LATER)).toBeUndefined();
  });

  it('on a child’s safety goes to whoever stands in, and is not sent again to those who have it', () => {
    const first = opened(safety(), []).case;
    const second = reroute({ case: first, deliveries: 3 }, [ID.dsl], profile, LATER);
    expect(owed(second?.deliveries ?? [])).toEqual([['case.new', user(ID.deputy), 'new']]);
    expect(routeOf(second?.case ?? first).people).toEqual([ID.head, ID.deputy]);
    const third = reroute({ case: second?.case ?? first, deliveries: 4 }, [ID.head, ID.deputy], profile, LATER);
    expect(owed(third?.deliveries ?? [])).toEqual([['case.new', user(ID.chair), 'new']]);
    const fourth = reroute({ case: third?.case ?? first, deliveries: 5 }, [ID.chair], profile, LATER);
    expect(owed(fourth?.deliveries ?? [])).toEqual([['case.new', user(ID.trust), 'new']]);
    const last = reroute({ case: fourth?.case ?? first, deliveries: 6 }, [ID.trust], profile, LATER);
    expect(owed(last?.deliveries ?? [])).toEqual([['case.undeliverable', user(ID.teacher), 'new']]);
    expect(routeOf(last?.case ?? first)).toMatchObject({ way: 'nobody', channel: true });
  });
});

describe('what a reporter does to their case', () => {
  const start = opened(draftWith()).case;

  it('adds words and evidence, and the channel’s card is drawn again in its place', () => {
    const words = done(addWords(start, ' It is still there. ', ID.teacher.toLowerCase(), LATER));
    expect(words.events[0]?.what).toEqual({ kind: 'words_added', words: 'It is still there.' });
    const more = done(addEvidence(words.case, aPiece('02'), ID.teacher, LATER));
    expect(more).toMatchObject({ evidence: [{ id: '02' }], case: { evidence: [{ id: '01' }, { id: '02' }] } });
    for (const change of [words, more])
      expect(owed(change.deliveries)).toEqual([
        ['case.changed', CHANNEL, 1],
        ['case.news', CHANNEL, 1],
      ]);
    expect(more.deliveries.at(-1)).toMatchObject({
      refs: { reference: 'PD-7K3MZ0QX', event: String(more.case.log.length) },
      placement: { at: 'below', order: 1 },
    });
    expectChained(more.case);
  });

  it('withdraws it with a reason: it stays, marked', () => {
    const change = done(withdraw(start, 'We have spoken.', ID.teacher, LATER));
    expect(stateOf(change.case)).toBe('withdrawn');
    expect(change.case.report).toBe(start.report);
    expect(owed(change.deliveries)).toEqual([
      ['case.changed', CHANNEL, 1],
      ['case.news', CHANNEL, 1],
    ]);
    expectChained(change.case);
  });

  it('reaches those who have it now, by the number of the delivery that brought it', () => {
    const first = opened(draftWith({ about: 'headteacher' })).case;
    // Something else was delivered in between: the second card is the fifth delivery.
    const second = reroute({ case: first, deliveries: 4 }, [ID.chair], profile, LATER)?.case ?? first;
    expect(owed(done(withdraw(second, 'sorted out', ID.teacher, LATER)).deliveries)).toEqual([
      ['case.changed', user(ID.trust), 5],
      ['case.news', user(ID.trust), 'new'],
    ]);
    const child = opened(safety(), []).case;
    const standIn = reroute({ case: child, deliveries: 3 }, [ID.dsl], profile, LATER)?.case ?? child;
    expect(owed(done(addWords(standIn, 'More', ID.teacher, LATER)).deliveries)).toEqual([
      ['case.changed', CHANNEL, 1],
      ['case.changed', user(ID.head), 2],
      ['case.changed', user(ID.deputy), 4],
      ['case.news', CHANNEL, 1],
      ['case.news', user(ID.head), 'new'],
      ['case.news', user(ID.deputy), 'new'],
    ]);
  });

  it('is refused to anybody else, after it was withdrawn, and where it says nothing', () => {
    const gone = done(withdraw(start, 'sorted out', ID.teacher, LATER)).case;
    const child = opened(safety(), []).case;
    const full = { ...start, evidence: Array.from({ length: 10 }, (_, at) => aPiece(`f${at}`)) };
    const refusals: [CaseChange | Refusal, RegExp][] = [
      [withdraw(start, 'no', ID.head, LATER), /Only the person who made/],
      [addWords(start, 'no', ID.head, LATER), /Only the person who made/],
      [addEvidence(start, aPiece('02'), ID.head, LATER), /Only the person who made/],
      [withdraw(gone, 'again', ID.teacher, LATER), /has been withdrawn/],
      [addWords(gone, 'more', ID.teacher, LATER), /has been withdrawn/],
      [addEvidence(gone, aPiece('02'), ID.teacher, LATER), /has been withdrawn/],
      [withdraw(start, ' \n', ID.teacher, LATER), /why you withdraw/],
      [withdraw(start, 'x'.repeat(501), ID.teacher, LATER), /500 characters/],
      [addWords(start, '', ID.teacher, LATER), /type what you want to add/],
      [addWords(start, 'x'.repeat(4_001), ID.teacher, LATER), /4,000 characters/],
      [addEvidence(start, aPiece('03', aPiece('01').sha256), ID.teacher, LATER), /already/],
      [addEvidence(child, aPiece('01'), ID.teacher, LATER), /words only/],
      [addEvidence(full, aPiece('02'), ID.teacher, LATER), /10 files/],
    ];
    for (const [result, sentence] of refusals) expect(result).toEqual({ refused: expect.stringMatching(sentence) });
  });
});
