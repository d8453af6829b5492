import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRecused, mayRead } from '../../src/reports/access.js';
import { ACTIONS_TAKEN, type Case, OUTCOMES, POST_MARKS, SEVERITIES } from '../../src/reports/case.js';
import { cardsOf } from '../../src/reports/case-change.js';
import { appended, digestOf } from '../../src/reports/case-log.js';
import { exportCase, open, viewEvidence } from '../../src/reports/looks.js';
import { addEvidence, addWords, answerQuestion, type Refusal, reroute, withdraw } from '../../src/reports/opening.js';
import { CHANNEL } from '../../src/reports/route.js';
import { standingOf } from '../../src/reports/standing.js';
import type { CaseChange } from '../../src/reports/stores.js';
import { type TriageAction, triage } from '../../src/reports/triage.js';
import { type NewDelivery, targetKey } from '../../src/schools/delivery.js';
import { type Kept, kept, minutesIn, profile, ROUTES, type RouteName } from './cases.js';
import { aPiece, ID, type Name } from './examples.js';

const STRANGER = 'BBBBBBBB-0000-4000-8000-000000000009';
const anybody = fc.constantFrom(...Object.values(ID), ID.head.toLowerCase(), ID.triager.toLowerCase(), STRANGER);
const words = fc.constantFrom('One', 'Two', 'Three', '', 'x'.repeat(4_001));
const day = fc.constantFrom('2026-11-20', '2026-11-19', '2026-11-18', '2027-01-01');
const action: fc.Arbitrary<TriageAction> = fc.oneof(
  fc.record({ do: fc.constant('acknowledge' as const) }),
  fc.record({ do: fc.constant('assign' as const), to: anybody }),
  fc.record({ do: fc.constantFrom('ask' as const, 'note' as const), words }),
  fc.record({
    do: fc.constant('change_category' as const),
    to: fc.constantFrom('child_safety' as const, 'other_breach' as const, 'online_bullying' as const),
    reason: words,
  }),
  fc.record({ do: fc.constant('change_severity' as const), to: fc.constantFrom(...SEVERITIES), reason: words }),
  fc.record({
    do: fc.constant('record' as const),
    action: fc.constantFrom(...ACTIONS_TAKEN),
    ...{ on: day, who: words, words },
  }),
  fc.record({ do: fc.constant('mark_post' as const), as: fc.constantFrom(...POST_MARKS), on: day }),
  fc.record({ do: fc.constant('link' as const), to: fc.constantFrom('PD-00000000', 'PD-7K3MZ0QX') }),
  fc.record({ do: fc.constant('record_elsewhere' as const), as: words }),
  fc.record({ do: fc.constant('close' as const), outcome: fc.constantFrom(...OUTCOMES), message: words }),
  fc.record({ do: fc.constantFrom('reopen' as const, 'hold' as const, 'release_hold' as const), reason: words }),
);

/** What somebody tries. `lag`: how many events have happened since their card was drawn. */
type Try =
  | { readonly kind: 'triage'; readonly by: string; readonly action: TriageAction; readonly lag: number }
  | { readonly kind: 'open' | 'export' | 'view' | 'words' | 'evidence' | 'answer' | 'withdraw'; readonly by: string }
  | { readonly kind: 'unreachable'; readonly who: string }
  | { readonly kind: 'receipt' };
/** The reporter and those who may do more than others come up more often. */
const actor = fc.oneof(
  anybody,
  { weight: 4, arbitrary: fc.constantFrom(ID.head, ID.dsl, ID.chair) },
  fc.constant(ID.teacher),
);
const kindOf = <Kind extends Try['kind']>(...kinds: readonly Kind[]) => fc.constantFrom(...kinds);
const oneTry: fc.Arbitrary<Try> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({ kind: kindOf('triage'), by: actor, action, lag: fc.constantFrom(0, 0, 1, 3) }),
  },
  { weight: 6, arbitrary: fc.record({ kind: kindOf('open', 'export', 'view'), by: actor }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: kindOf('words', 'evidence', 'answer'),
      by: fc.oneof(actor, fc.constant(ID.teacher)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kindOf('withdraw'), by: fc.constant(ID.teacher) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kindOf('unreachable'), who: fc.constantFrom(CHANNEL, ...Object.values(ID)) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kindOf('receipt') }) },
);
const route = fc.constantFrom(...(Object.keys(ROUTES) as RouteName[]));
const tries = fc.array(oneTry, { maxLength: 40, size: 'max' });

function result(before: Kept, tried: Try, minutes: number): CaseChange | Refusal | { readonly done: true } | undefined {
  const { case: current } = before;
  const now = minutesIn(minutes);
  switch (tried.kind) {
    case 'triage':
      return triage(before, profile, tried.action, { by: tried.by, now, seen: current.log.length - tried.lag });
    case 'open':
      return open(before, profile, { by: tried.by, now });
    case 'export':
      return exportCase(before, profile, { by: tried.by, now });
    case 'view':
      return viewEvidence(before, profile, { by: tried.by, now }, '01', 'original');
    case 'words':
      return addWords(current, `More ${minutes}`, tried.by, now);
    case 'evidence':
      return addEvidence(current, aPiece(`e${minutes}`), tried.by, now);
    case 'answer': {
      const asked = standingOf(current).questions.at(-1)?.number ?? 1;
      return answerQuestion(current, asked, `Answer ${minutes}`, tried.by, now);
    }
    case 'withdraw':
      return withdraw(current, 'Sorted out', tried.by, now);
    case 'unreachable':
      return reroute(before, [tried.who], profile, now);
    case 'receipt':
      return { case: current, events: [], evidence: [], deliveries: [receipt], at: now };
  }
}

const receipt: NewDelivery = {
  kind: 'case.receipt',
  refs: { reference: 'PD-7K3MZ0QX' },
  target: { to: 'person', personId: ID.teacher },
  placement: { at: 'new' },
};

/** Everything that is committed when these are tried, one after the other. @param each is given every step that changed something. */
function life(
  begin: RouteName,
  all: readonly Try[],
  each: (before: Kept, change: CaseChange, tried: Try, minutes: number) => void = () => {},
): Kept {
  let now = ROUTES[begin]();
  for (const [at, tried] of all.entries()) {
    const change = result(now, tried, at + 1);
    if (change === undefined || 'refused' in change || 'done' in change) continue;
    each(now, change, tried, at + 1);
    now = kept(now, change);
  }
  return now;
}

/** As storage keeps it: moments become text and moments again. */
const stored = (current: Case): Case =>
  JSON.parse(JSON.stringify(current), (key, value) =>
    ['at', 'submittedAt', 'receivedAt'].includes(key) ? new Date(value) : value,
  );

const RUNS = { numRuns: 150 };
const REPORTERS = ['submitted', 'evidence_added', 'words_added', 'withdrawn', 'question_answered'];
const TO_REPORTER = [
  'case.receipt',
  'case.acknowledged',
  'case.question',
  'case.closed',
  'case.reopened',
  'case.undeliverable',
];

describe('whatever anybody tries, in any order', () => {
  it('the log adds up to the same again and again, also when it has been kept and read', () => {
    fc.assert(
      fc.property(route, tries, (begin, all) => {
        const { case: current } = life(begin, all);
        const standing = standingOf(current);
        expect(standingOf(current)).toEqual(standing);
        expect(standingOf(stored(current))).toEqual(standing);
        expect(cardsOf(stored(current).log)).toEqual(cardsOf(current.log));
      }),
      RUNS,
    );
  });

  it('the chain holds, the numbers follow each other, and nothing that happened before is changed', () => {
    fc.assert(
      fc.property(route, tries, (begin, all) => {
        const { case: current } = life(begin, all, (before, change) => {
          expect(change.case.log.slice(0, before.case.log.length)).toEqual(before.case.log);
          expect(change.case.log.slice(before.case.log.length)).toEqual(change.events);
          expect(change.case.report).toBe(before.case.report);
        });
        for (const [at, event] of stored(current).log.entries()) {
          expect(event.number).toBe(at + 1);
          expect(event).toEqual(appended(current.report, current.log.slice(0, at), event));
        }
      }),
      RUNS,
    );
  });

  it('nobody whom the case names gets a message about it or leaves an event, but as its reporter', () => {
    fc.assert(
      fc.property(route, tries, (begin, all) => {
        life(begin, all, (before, change) => {
          for (const { by, what } of change.events) {
            if (!('personId' in by) || REPORTERS.includes(what.kind)) continue;
            expect(isRecused(before.case, by.personId)).toBe(false);
          }
          for (const { kind, target } of change.deliveries) {
            if (target.to === 'person' && !TO_REPORTER.includes(kind))
              expect(isRecused(change.case, target.personId)).toBe(false);
            if (target.to !== 'person') expect(standingOf(before.case).route.channel).toBe(true);
          }
        });
      }),
      RUNS,
    );
  });

  it('only those who may read it act on it, and what is refused changes nothing', () => {
    fc.assert(
      fc.property(route, tries, (begin, all) => {
        let now = ROUTES[begin]();
        for (const [at, tried] of all.entries()) {
          const digest = digestOf(now.case);
          const change = result(now, tried, at + 1);
          expect(digestOf(now.case)).toBe(digest);
          if (change === undefined || 'done' in change) continue;
          if ('refused' in change) {
            expect(Object.keys(change)).toEqual(['refused']);
            expect(change.refused).toMatch(/^[^\n]+\.$/u);
            continue;
          }
          if ('by' in tried && ['triage', 'open', 'export', 'view'].includes(tried.kind))
            expect(mayRead(now.case, profile, tried.by)).toBe(true);
          now = kept(now, change);
        }
      }),
      RUNS,
    );
  });

  it('a step of triage done twice from the same card is done once', () => {
    let twice = 0;
    fc.assert(
      fc.property(route, tries, (begin, all) => {
        life(begin, all, (before, change, tried, minutes) => {
          if (tried.kind !== 'triage') return;
          twice += 1;
          const seen = before.case.log.length - tried.lag;
          const turn = { by: tried.by, now: minutesIn(minutes + 1), seen };
          expect(triage(kept(before, change), profile, tried.action, turn)).toEqual({ done: true });
        });
      }),
      RUNS,
    );
    expect(twice).toBeGreaterThan(100);
  });

  it('every card is found by the number of the delivery that brought it', () => {
    const CARDS = ['case.new', 'case.read', 'case.assigned'];
    fc.assert(
      fc.property(route, tries, (begin, all) => {
        const brought = new Map<string, number>();
        const { channel, people } = standingOf(ROUTES[begin]().case).route;
        const first = [...(channel ? ['channel~headteacher'] : []), ...people.map((id) => `user~${id.toLowerCase()}`)];
        for (const [at, key] of first.entries()) brought.set(key, at + 1);
        const end = life(begin, all, (before, change) => {
          // What is drawn again, or answered below, is what was there before.
          for (const { target, placement } of change.deliveries)
            if (placement.at !== 'new') expect(placement.order).toBe(brought.get(targetKey(target)));
          for (const [at, { kind, target }] of change.deliveries.entries())
            if (CARDS.includes(kind)) brought.set(targetKey(target), before.deliveries + at + 1);
          expect(new Map(cardsOf(change.case.log).map(({ order, target }) => [targetKey(target), order]))).toEqual(
            brought,
          );
        });
        expect(cardsOf(end.case.log)).toHaveLength(brought.size);
      }),
      RUNS,
    );
  });
});

describe('two who press the same button', () => {
  const DECISIONS: readonly TriageAction[] = [
    { do: 'acknowledge' },
    { do: 'assign', to: ID.deputy },
    { do: 'change_severity', to: 'urgent', reason: 'It spreads.' },
    { do: 'close', outcome: 'resolved', message: 'It is gone.' },
    { do: 'mark_post', as: 'removed', on: '2026-11-20' },
  ];
  it('place it on legal hold once, and whoever may not do it neither wins nor loses', () => {
    const staff = fc.uniqueArray(fc.constantFrom<Name[]>('head', 'deputy', 'dsl', 'triager'), { minLength: 2 });
    fc.assert(
      fc.property(staff, (people) => {
        let now = ROUTES.channel();
        const { length: seen } = now.case.log;
        for (const [at, name] of people.entries()) {
          const turn = { by: ID[name], now: minutesIn(at), seen };
          const change = triage(now, profile, { do: 'hold', reason: `Asked by ${name}.` }, turn);
          if ('events' in change) now = kept(now, change);
        }
        const [first = 'head'] = people.filter((name) => name !== 'triager');
        expect(standingOf(now.case).hold).toMatchObject({ by: { personId: ID[first] } });
        expect(now.case.log).toHaveLength(seen + 1);
      }),
    );
  });
  it('have exactly one winner, whoever it is', () => {
    const staff = fc.constantFrom<Name[]>('head', 'deputy', 'dsl', 'triager');
    fc.assert(
      fc.property(fc.constantFrom(...DECISIONS), fc.uniqueArray(staff, { minLength: 2 }), (decision, people) => {
        const start = ROUTES.channel();
        let now = start;
        const outcomes = people.map((name, at) => {
          const turn = { by: ID[name], now: minutesIn(at), seen: start.case.log.length };
          const change = triage(now, profile, decision, turn);
          if ('events' in change) now = kept(now, change);
          return Object.keys(change)[0] === 'refused' ? 'lost' : 'won';
        });
        expect(outcomes).toEqual(['won', ...people.slice(1).map(() => 'lost')]);
        expect(standingOf(now.case).acknowledged?.by).toEqual({ personId: ID[people[0] ?? 'head'] });
      }),
    );
  });
});
