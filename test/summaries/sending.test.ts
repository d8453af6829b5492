import { describe, expect, it } from 'vitest';
import type { Delivery, NewDelivery } from '../../src/schools/delivery.js';
import type { SchoolProfile } from '../../src/schools/profile.js';
import * as sending from '../../src/summaries/sending.js';
import type { Sending, StoredSummary, Summary } from '../../src/summaries/summary.js';
import { sampleSchool } from '../support/sample-school.js';
import { BETH, DANIEL, GRACE, HELEN, RUTH } from '../support/staff.js';
import { A_WEEK, plannedSummary } from '../support/summaries.js';

const { profile } = await sampleSchool();
const now = new Date('2026-11-03T09:00:00Z');
const ON = '2026-11-04';
const stored = (state: Sending, change: Partial<Summary> = {}): StoredSummary => ({
  ...{ summary: plannedSummary(profile.id, { sending: state, ...change }), version: 'x', deliveries: 1 },
});
const PLANNED: Sending = { state: 'planned', on: ON };
const HELD: Sending = { state: 'held', on: ON, at: now, by: HELEN.id };
const SENT: Sending = { state: 'sent', at: now };
const NONE: Sending = { state: 'none' };
const without = (...people: readonly { readonly id: string }[]): SchoolProfile => ({
  ...profile,
  people: profile.people.filter(({ id }) => !people.some((one) => one.id === id)),
});
/** "summary.sent governors", "summary.held Ruth Castellan held". */
const inShort = (deliveries: readonly NewDelivery[]): readonly string[] =>
  deliveries.map(({ kind, target, placement, refs: { id, ...refs } }) => {
    expect(id).toBe('half_term-2026-08-31');
    const to = target.to === 'person' ? profile.people.find((one) => one.id === target.personId)?.name : target.to;
    const where = placement.at === 'new' ? [] : [`${placement.at} ${placement.order}`];
    return [kind, to, ...Object.values(refs), ...where].join(' ');
  });
function done(step: sending.Step | sending.RefusedStep | undefined): sending.Step {
  if (!step || 'refused' in step) throw new Error('It was refused.');
  return step;
}

describe('a summary that was just made', () => {
  it('of a week goes to the Headteacher and to each safeguarding lead, once, though somebody is both', () => {
    const week = plannedSummary(profile.id, { period: A_WEEK, sending: NONE });
    const named = sending.plan(week, profile).map(({ target }) => target);
    expect(named).toEqual([HELEN, DANIEL].map(({ id }) => ({ to: 'person', personId: id })));
    const both = profile.people.map((person) =>
      person.id === HELEN.id ? { ...person, roles: ['headteacher' as const, 'dsl' as const] } : person,
    );
    expect(sending.plan(week, { ...profile, people: both })).toHaveLength(2);
    expect(sending.plan(week, without(HELEN, DANIEL))).toEqual([]);
  });

  it('for the governors is shown to the Headteacher, and one that was asked for to nobody else', () => {
    expect(inShort(sending.plan(stored(PLANNED).summary, profile))).toEqual(['summary.preview Helen Achebe']);
    expect(sending.plan(stored(NONE).summary, profile)).toEqual([]);
  });

  it('because somebody asked goes to the governors after all when the calendar says so, and no other does', () => {
    const step = done(sending.planned(stored(NONE), profile, ON));
    expect(step.summary).toEqual(stored(PLANNED).summary);
    expect(inShort(step.deliveries)).toEqual(['summary.preview Helen Achebe']);
    for (const state of [PLANNED, HELD, SENT]) expect(sending.planned(stored(state), profile, ON)).toBeUndefined();
  });
});

describe('the Headteacher', () => {
  const turn = { by: HELEN.id.toUpperCase(), now };

  it('may hold it, of which each chair is told at once', () => {
    const step = done(sending.hold(stored(PLANNED), profile, turn));
    expect(step.summary).toEqual(stored(HELD).summary);
    expect(inShort(step.deliveries)).toEqual(['summary.held Ruth Castellan held']);
  });

  it('may let it go after all, and each chair is told, too', () => {
    const step = done(sending.release(stored(HELD), profile, turn));
    expect(step.summary).toEqual(stored(PLANNED).summary);
    expect(inShort(step.deliveries)).toEqual(['summary.held Ruth Castellan released']);
  });

  it('cannot hold it with nobody knowing where there is no chair, or where they are the chair: the governors are told', () => {
    const isBoth = profile.people.map((person) =>
      person.id === HELEN.id ? { ...person, roles: ['headteacher' as const, 'chair_of_governors' as const] } : person,
    );
    for (const school of [without(RUTH), { ...without(RUTH), people: isBoth.filter(({ id }) => id !== RUTH.id) }])
      expect(inShort(done(sending.hold(stored(PLANNED), school, turn)).deliveries)).toEqual([
        'summary.held governors_chat held',
      ]);
  });

  it('may say something to it until it is sent, and take that back', () => {
    for (const state of [PLANNED, HELD]) {
      const { summary, deliveries } = done(
        sending.comment(stored(state), profile, turn, ' It was a *busy* half-term. '),
      );
      expect(summary).toEqual({
        ...stored(state).summary,
        comment: { words: 'It was a *busy* half-term.', at: now, by: HELEN.id },
      });
      expect(deliveries).toEqual([]);
      expect(done(sending.comment({ ...stored(state), summary }, profile, turn, ' \n')).summary.comment).toBeNull();
    }
  });

  it('says at most 1,000 characters', () => {
    expect('summary' in sending.comment(stored(PLANNED), profile, turn, ` ${'é'.repeat(1_000)} `)).toBe(true);
    expect(sending.comment(stored(PLANNED), profile, turn, 'é'.repeat(1_001))).toEqual({ refused: 'too_long' });
  });

  it('changes nothing of one that was sent, or that goes nowhere', () => {
    const steps = (state: Sending) => [
      sending.hold(stored(state), profile, turn),
      sending.release(stored(state), profile, turn),
      sending.comment(stored(state), profile, turn, 'x'),
    ];
    expect(steps(SENT)).toEqual(Array(3).fill({ refused: 'already_sent' }));
    expect(steps(NONE)).toEqual(Array(3).fill({ refused: 'not_planned' }));
    expect(sending.hold(stored(HELD), profile, turn)).toEqual({ refused: 'not_planned' });
    expect(sending.release(stored(PLANNED), profile, turn)).toEqual({ refused: 'not_planned' });
  });

  it('is the only one who may, whatever state it is in', () => {
    for (const by of [DANIEL.id, RUTH.id, GRACE.id, BETH.id, 'somebody', '', undefined])
      for (const state of [PLANNED, HELD, SENT, NONE])
        for (const step of [sending.hold, sending.release, sending.comment])
          expect(step(stored(state), profile, { by, now }, 'x')).toEqual({ refused: 'not_you' });
    expect(sending.hold(stored(PLANNED), without(HELEN), turn)).toEqual({ refused: 'not_you' });
  });
});

describe('a summary that is planned', () => {
  const delivered = (order: number, personId: string, change: Partial<Delivery> = {}): Delivery => ({
    ...{ kind: 'summary.preview', refs: { id: 'half_term-2026-08-31' }, placement: { at: 'new' } },
    ...{ target: { to: 'person', personId }, order, schoolId: profile.id, owedSince: now, attempts: 1, refusals: 0 },
    progress: { state: 'owed', due: now },
    ...change,
  });

  it('goes to the governors’ chat and to each chair, and the Headteacher’s preview says so', () => {
    const earlier = [
      delivered(1, HELEN.id.toUpperCase()),
      delivered(2, BETH.id),
      delivered(3, RUTH.id, { kind: 'summary.held' }),
      delivered(4, HELEN.id, { placement: { at: 'in_place_of', order: 1 } }),
    ];
    const step = done(sending.send(stored(PLANNED), profile, { now, earlier }));
    expect(step.summary).toEqual(stored(SENT).summary);
    expect(inShort(step.deliveries.slice(0, 2))).toEqual([
      'summary.sent governors_chat',
      'summary.chair Ruth Castellan',
    ]);
    expect(step.deliveries.slice(2)).toEqual([
      {
        ...{ kind: 'summary.preview', refs: { id: 'half_term-2026-08-31' } },
        target: { to: 'person', personId: HELEN.id.toUpperCase() },
        placement: { at: 'in_place_of', order: 1 },
      },
    ]);
  });

  it('is sent by a school without a Headteacher or a chair as well', () => {
    const alone = without(HELEN, RUTH);
    const step = done(sending.send(stored(PLANNED), alone, { now, earlier: [delivered(1, HELEN.id)] }));
    expect(inShort(step.deliveries)).toEqual(['summary.sent governors_chat']);
    expect(sending.plan(stored(PLANNED).summary, alone)).toEqual([]);
  });

  it('and no other is sent', () => {
    expect(sending.send(stored(HELD), profile, { now, earlier: [] })).toEqual({ refused: 'not_planned' });
    expect(sending.send(stored(NONE), profile, { now, earlier: [] })).toEqual({ refused: 'not_planned' });
    expect(sending.send(stored(SENT), profile, { now, earlier: [] })).toEqual({ refused: 'already_sent' });
  });
});
