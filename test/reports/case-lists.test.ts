import { describe, expect, it } from 'vitest';
import {
  type CaseQuery,
  caseQuery,
  fitsQuery,
  inOrder,
  isInList,
  type ListedCase,
  listedCase,
  referenceTyped,
} from '../../src/reports/case-lists.js';
import { openCase } from '../../src/reports/opening.js';
import { type TriageAction, triage } from '../../src/reports/triage.js';
import { aNewDraft, aProfile, filled, ID, NOW } from './examples.js';

const profile = aProfile();
const draft = filled(aNewDraft(), profile);
const opened = openCase({ draft, evidence: [], profile, clauses: [], now: NOW }).case;

const aListed = (change: Partial<ListedCase> = {}): ListedCase => ({
  ...{ reference: 'PD-7K3MZ0QX', category: 'disparaging_post', severity: 'normal', state: 'new', assignee: null },
  ...{ submittedAt: NOW, schoolDays: 0, overdue: false, seen: 1 },
  ...change,
});

describe('a case of a list', () => {
  it('says which it is and nothing of what it says or who reported it', () => {
    const listed = listedCase(opened, profile, new Date('2026-11-25T09:00:00Z'));
    expect(listed).toEqual(aListed({ schoolDays: 3, overdue: true }));
    expect(JSON.stringify(listed)).not.toMatch(/useless|Oak Mums|Tess|000000000007/u);
  });

  it('is as it has become', () => {
    const act = (action: TriageAction) => {
      const turn = { by: ID.head, now: NOW, seen: 99 };
      const made = triage({ case: opened, deliveries: 1 }, profile, action, turn);
      if (!('case' in made)) throw new Error(JSON.stringify(made));
      return listedCase(made.case, profile, NOW);
    };
    expect(act({ do: 'assign', to: ID.deputy })).toEqual(aListed({ state: 'open', assignee: ID.deputy, seen: 3 }));
    expect(act({ do: 'change_severity', to: 'urgent', reason: 'It spreads.' }).severity).toBe('urgent');
    expect(act({ do: 'change_category', to: 'child_safety', reason: 'A child.' }).category).toBe('child_safety');
  });
});

describe('the lists', () => {
  const mine = aListed({ state: 'open', assignee: ID.head.toLowerCase() });
  it.each<[string, ListedCase, readonly string[]]>([
    ['new', aListed(), ['open']],
    ['new and overdue', aListed({ overdue: true }), ['open', 'overdue']],
    ['open and mine', mine, ['open', 'mine']],
    ['another’s', { ...mine, assignee: ID.deputy }, ['open']],
    ['closed, though mine', { ...mine, state: 'closed' }, []],
    ['withdrawn, though mine', { ...mine, state: 'withdrawn', overdue: true }, []],
  ])('%s', (_name, one, lists) => {
    expect((['open', 'mine', 'overdue'] as const).filter((list) => isInList(list, one, ID.head))).toEqual(lists);
  });

  it('show what is overdue first, then what is urgent, then what has waited longest', () => {
    const at = (hour: number) => new Date(NOW.getTime() + hour * 3_600_000);
    const sorted = [
      aListed({ reference: 'PD-1', overdue: true, severity: 'high', submittedAt: at(9) }),
      aListed({ reference: 'PD-2', overdue: true, submittedAt: at(1) }),
      aListed({ reference: 'PD-3', severity: 'urgent', submittedAt: at(8) }),
      aListed({ reference: 'PD-4', severity: 'high', submittedAt: at(2) }),
      aListed({ reference: 'PD-5', severity: 'high', submittedAt: at(3) }),
      aListed({ reference: 'PD-6', submittedAt: at(0) }),
      aListed({ reference: 'PD-7', submittedAt: at(0) }),
    ];
    const names = (cases: readonly ListedCase[]) => cases.map(({ reference }) => reference);
    expect(names(inOrder(sorted.toReversed()))).toEqual(names(sorted));
    expect(names(inOrder([...sorted.slice(3), ...sorted.slice(0, 3)]))).toEqual(names(sorted));
  });
});

describe('a reference as it is typed', () => {
  it.each([
    ['PD-7K3QW9XM', 'PD-7K3QW9XM', true],
    ['pd-7k3qw9xm', 'PD-7K3QW9XM', true],
    [' 7k3qw9xm. ', 'PD-7K3QW9XM', true],
    ['PD 7K3QW9XM', 'PD-7K3QW9XM', true],
    ['pd7k3qw9xm?', 'PD-7K3QW9XM', true],
    ['PD–7K3QW9XM', 'PD-7K3QW9XM', true],
    ['pd - 7k3qw9xm', 'PD-7K3QW9XM', true],
    ['PD-7k3qwoxl', 'PD-7K3QW0X1', true],
    ['PD-ABCDEFGH', 'PD-ABCDEFGH', true],
    // Words that a reference may spell.
    ['snapchat', 'PD-SNAPCHAT', false],
    ['WhatsApp?', 'PD-WHATSAPP', false],
    ['PD training', 'PD-TRA1N1NG', false],
  ])('%s', (typed, reference, certain) => {
    expect(referenceTyped(typed)).toEqual({ reference, certain });
  });

  it.each([
    'PD-7K3QW9X',
    'PD-7K3QW9XMM',
    'see PD-7K3QW9XM',
    'PD-7K3QW9XM is late',
    'ERR-7K3QW9XM',
    'my reports',
    '',
    'PD-',
    'PD-7K3Q W9XM',
    'PD-7K3QW9é9',
    'open cases',
  ])('"%s" is none', (typed) => {
    expect(referenceTyped(typed)).toBeUndefined();
  });
});

describe('a search', () => {
  const one = aListed({ assignee: ID.triager, state: 'open', category: 'online_bullying', severity: 'high' });
  const fits = (typed: string, listed = one, personId: string = ID.head) =>
    fitsQuery(caseQuery(typed) as CaseQuery, listed, profile, personId);

  it.each([
    'PD-7K3MZ0QX',
    'pd-7k3',
    '7k3mz0qx',
    '7k3mzoqx',
    'bullying',
    'Online  BULLY',
    'open',
    'acknowledged',
    'high',
    'triager',
    'person',
    'the bullying cases of triager',
    'bullying open',
  ])('"%s" fits', (typed) => {
    expect(fits(typed)).toBe(true);
  });

  it.each([
    'PD-7K4',
    'K3MZ',
    'post',
    'closed',
    'overdue',
    'mine',
    'deputy',
    'bullying closed',
    'urgent',
    'Tess',
    'useless',
  ])('"%s" does not', (typed) => {
    expect(fits(typed)).toBe(false);
  });

  it('knows whose it is and what is overdue', () => {
    expect(fits('mine', one, ID.triager.toLowerCase())).toBe(true);
    expect(fits('overdue', { ...one, overdue: true })).toBe(true);
    expect(fits('open', { ...one, state: 'closed' })).toBe(false);
    expect(fits('closed', { ...one, state: 'closed' })).toBe(true);
  });

  it.each(['', '  ', 'the', 'all cases', '?!'])('"%s" is none', (typed) => {
    expect(caseQuery(typed)).toBeUndefined();
  });

  it.each([
    ['bullying', false],
    ['Achebe', false],
    ['open', false],
    ['closed', true],
    ['withdrawn bullying', true],
    ['pd-', true],
    ['7k3', true],
    ['ABCDEFGH', true],
  ])('"%s" looks among finished ones: %s', (typed, finished) => {
    expect(caseQuery(typed)?.finished).toBe(finished);
  });
});
