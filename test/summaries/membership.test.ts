import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Case } from '../../src/reports/case.js';
import type { SchoolProfile } from '../../src/schools/profile.js';
import { CaseCount } from '../../src/summaries/counting.js';
import { Membership, officesOf } from '../../src/summaries/membership.js';
import type { Period } from '../../src/summaries/period.js';
import { boundsOf, periodsOf } from '../../src/summaries/periods.js';
import type { Summary } from '../../src/summaries/summary.js';
import { aProfile, ID, type Name, rolesWith } from '../reports/examples.js';
import { plannedSummary } from '../support/summaries.js';
import * as lives from './lives.js';
import { at, closed, foundToBeAbout, profile, reported, went } from './lives.js';

const [first, second] = periodsOf(profile, 'half_term');
const [term] = periodsOf(profile, 'term');
const week = periodsOf(profile, 'week').find(({ from }) => from === '2026-09-14');
if (!first || !second || !term || !week) throw new Error('The autumn is a term of two halves.');

/** The same school, with somebody else as Headteacher, and as chair. */
const led = (head: Name, chair: Name = 'chair'): SchoolProfile => ({
  ...profile,
  people: aProfile(
    rolesWith({
      head: ['staff'],
      chair: ['governor'],
      [head]: ['headteacher', 'triager'],
      [chair]: ['chair_of_governors'],
    }),
  ).people,
});

function counted(cases: readonly Case[], period: Period, made: string, school: SchoolProfile, issued: Summary[]) {
  const madeAt = at(made);
  const membership = new Membership(school, issued, { span: period.span });
  const count = new CaseCount(school, boundsOf(period, 'Europe/London'), madeAt, membership);
  for (const one of cases) count.add(one);
  const figures = count.counted();
  const more = { offices: officesOf(school), clauses: [], gaps: [], unreadable: false };
  const questions = { total: 0, tables: {} };
  issued.push(plannedSummary('oak', { period, madeAt, counted: { ...figures, ...more, questions } }));
  return figures;
}

const MADE = { first: '2026-11-02T08:00:00Z', second: '2027-01-04T08:00:00Z', term: '2027-01-04T08:00:01Z' };

describe('the reports of a term', () => {
  it('are those of its half-terms, whoever has become Headteacher in between, and as they were told', () => {
    const on = (involved: readonly string[]) =>
      reported({ submittedAt: at('2026-09-14'), answers: { involved }, category: 'online_bullying' });
    const ofDeputy = on([ID.deputy]);
    const cases = [...Array.from({ length: 6 }, () => on([])), ofDeputy, on([ID.head]), on([ID.head])];
    const issued: Summary[] = [];
    expect(counted(cases, first, MADE.first, led('head'), issued)).toMatchObject({
      reports: { total: 7, tables: { outcome: { still_open: 7 } } },
      ...{ open: 7, openFromBefore: 0, aboutHeadteacher: 2 },
    });
    const later = cases.map((one) => (one === ofDeputy ? went(one, ['2026-12-01', closed()]) : one));
    const deputyLeads = led('deputy');
    // What waits is not of the period, so that it need not be what it was.
    expect(counted(later, second, MADE.second, deputyLeads, issued)).toMatchObject({ open: 6, openFromBefore: 6 });
    expect(counted(later, term, MADE.term, deputyLeads, issued)).toMatchObject({
      reports: { total: 7, tables: { outcome: { still_open: 7 } } },
      aboutHeadteacher: 2,
    });
    // By whom they are about now it would be other reports.
    expect(counted(later, term, MADE.term, deputyLeads, [])).toMatchObject({
      reports: { total: 8 },
      aboutHeadteacher: 1,
    });
  });

  it('of random cases are those of its half-terms, nobody joining or leaving', () => {
    const heads = fc.constantFrom<Name>('head', 'deputy', 'triager');
    const chairs = fc.constantFrom<Name>('chair', 'governor');
    const schools = fc.tuple(heads, chairs).map(([head, chair]) => led(head, chair));
    const found = fc.constantFrom([], [ID.head], [ID.triager], [ID.deputy], [ID.chair, ID.deputy]);
    const life = fc
      .tuple(lives.aLife, found, fc.constantFrom('2026-12-20', '2027-01-03'))
      .map(([one, ids, day]) => (ids.length > 0 ? went(one, [day, foundToBeAbout(...ids)]) : one));
    fc.assert(
      fc.property(fc.array(life, { maxLength: 12, size: 'max' }), schools, schools, schools, (cases, ...schools) => {
        const [atFirst, atSecond, atTerm] = schools;
        const issued: Summary[] = [];
        const one = counted(cases, first, MADE.first, atFirst, issued);
        const other = counted(cases, second, MADE.second, atSecond, issued);
        const both = counted(cases, term, MADE.term, atTerm, issued);
        expect(both.reports.total).toBe(one.reports.total + other.reports.total);
        expect(both.aboutHeadteacher).toBeLessThanOrEqual(one.aboutHeadteacher + other.aboutHeadteacher);
        const again = counted(cases, first, MADE.first, atTerm, [...issued]);
        expect(again.reports.total).toBe(one.reports.total);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the reports of a week', () => {
  const on = (involved: readonly string[] = []) => reported({ submittedAt: at('2026-09-14'), answers: { involved } });
  const totals = (cases: readonly Case[], school: SchoolProfile) =>
    [week, first].map((period) => counted(cases, period, MADE.first, school, []).reports.total);

  it('are none that somebody who gets its summary would miss among what they see', () => {
    const leadTriages = {
      ...profile,
      people: aProfile(rolesWith({ dsl: ['dsl', 'triager'] })).people,
    };
    expect(totals([on(), on([ID.dsl])], leadTriages)).toEqual([1, 2]);
    // Goes to the Headteacher's own chat, as it is about somebody who reads the channel.
    const kept = went(on([ID.triager]), ['2026-09-15', foundToBeAbout(ID.triager)]);
    expect(totals([on(), kept], leadTriages)).toEqual([1, 2]);
  });

  it('are those, too, that a safeguarding lead who sees no reports does not see', () => {
    expect(totals([on(), on([ID.teacher])], profile)).toEqual([2, 2]);
  });
});
