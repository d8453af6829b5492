import { describe, expect, it } from 'vitest';
import { exportCase, open, viewEvidence } from '../../src/reports/looks.js';
import { standingOf } from '../../src/reports/standing.js';
import { done, kept, minutesIn, profile, ROUTES } from './cases.js';
import { ID } from './examples.js';

const look = (by: string) => ({ by, now: minutesIn(5) });

describe('a look at a case', () => {
  it('is noted, and brings all of it to the person’s own chat', () => {
    const before = ROUTES.channel();
    const change = done(open(before, profile, look(ID.dsl)));
    expect(change.events).toMatchObject([{ by: { personId: ID.dsl }, what: { kind: 'opened', card: 2 } }]);
    expect(change.deliveries).toEqual([
      {
        kind: 'case.read',
        refs: { reference: 'PD-7K3MZ0QX' },
        target: { to: 'person', personId: ID.dsl },
        placement: { at: 'new' },
      },
    ]);
    const again = done(open(kept(before, change), profile, look(ID.dsl)));
    expect(again.events[0]?.what).toEqual({ kind: 'opened', card: 3 });
  });

  it('at evidence or a copy of all is noted, and changes nothing else', () => {
    const before = ROUTES.channel();
    for (const change of [
      done(viewEvidence(before, profile, look(ID.head), '01', 'viewing_copy')),
      done(viewEvidence(before, profile, look(ID.head), '01', 'original')),
      done(exportCase(before, profile, look(ID.head))),
    ]) {
      expect(change.events).toHaveLength(1);
      expect(change.deliveries).toEqual([]);
      expect(standingOf(change.case)).toEqual(standingOf(before.case));
    }
    expect(done(viewEvidence(before, profile, look(ID.head), '01', 'original')).events[0]?.what).toEqual({
      ...{ kind: 'evidence_viewed', evidence: '01', what: 'original' },
    });
  });

  it('is refused to whoever may not read it, whether or not the file is there', () => {
    const before = ROUTES.about_headteacher();
    for (const by of [ID.head, ID.triager, ID.teacher, 'nobody', ''])
      for (const result of [
        open(before, profile, look(by)),
        exportCase(before, profile, look(by)),
        viewEvidence(before, profile, look(by), '01', 'original'),
        viewEvidence(before, profile, look(by), '02', 'original'),
      ])
        expect(result).toEqual({ refused: expect.stringMatching(/^You cannot act on this report/u) });
    expect(viewEvidence(before, profile, look(ID.chair), '02', 'original')).toEqual({
      refused: 'That file is not in this report.',
    });
  });
});
