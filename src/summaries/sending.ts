import type { Delivery, NewDelivery, Target } from '../schools/delivery.js';
import { type Person, peopleWith, personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { Sending, StoredSummary, Summary } from './summary.js';

export const LONGEST_COMMENT = 1_000;

/** A summary as it is to be, with the deliveries that this causes. */
export interface Step {
  readonly summary: Summary;
  readonly deliveries: readonly NewDelivery[];
}

/**
 * `not_you`: only the Headteacher may. `already_sent`: it stays as it was sent. `not_planned`: it goes to nobody as it is, or is
 * held already.
 */
export interface RefusedStep {
  readonly refused: 'not_you' | 'already_sent' | 'not_planned' | 'too_long';
}

export interface Turn {
  /** Entra object id, from the turn. */
  readonly by: string | undefined;
  readonly now: Date;
}

/** What a summary that was just made causes: a weekly one goes out at once, one for the governors is shown to the Headteacher. */
export function plan({ id, period, sending }: Summary, profile: SchoolProfile): readonly NewDelivery[] {
  if (sending.state === 'planned') return toEach(peopleWith(profile, 'headteacher'), 'summary.preview', { id });
  if (period.span !== 'week') return [];
  return toEach(weeklyReaders(profile), 'summary.weekly', { id });
}

/** The Headteacher and the safeguarding leads, each once. */
export const weeklyReaders = ({ people }: SchoolProfile): readonly Person[] =>
  people.filter(({ roles }) => roles.includes('headteacher') || roles.includes('dsl'));

/** What was made because somebody asked is to go to the governors after all. @param on the day. */
export function planned({ summary }: StoredSummary, profile: SchoolProfile, on: string): Step | undefined {
  if (summary.sending.state !== 'none') return undefined;
  const after: Summary = { ...summary, sending: { state: 'planned', on } };
  return { summary: after, deliveries: plan(after, profile) };
}

/** The Headteacher does not send it to the governors, of which each chair is told at once. */
export function hold({ summary }: StoredSummary, profile: SchoolProfile, { by, now }: Turn): Step | RefusedStep {
  const head = headteacherIn(profile, by);
  if (!head) return { refused: 'not_you' };
  const { sending } = summary;
  if (sending.state !== 'planned') return { refused: whyNot(sending) };
  const { on } = sending;
  const after: Sending = { state: 'held', on, at: now, by: head.id };
  return { summary: { ...summary, sending: after }, deliveries: told(summary, profile, 'held') };
}

/** It is sent after all: on its day or, where that has passed, as soon as there is school. Each chair is told. */
export function release({ summary }: StoredSummary, profile: SchoolProfile, { by }: Turn): Step | RefusedStep {
  if (!headteacherIn(profile, by)) return { refused: 'not_you' };
  const { sending } = summary;
  if (sending.state !== 'held') return { refused: whyNot(sending) };
  const after: Sending = { state: 'planned', on: sending.on };
  return { summary: { ...summary, sending: after }, deliveries: told(summary, profile, 'released') };
}

/** @param words as typed; where there are none, an earlier comment goes. */
export function comment(
  { summary }: StoredSummary,
  profile: SchoolProfile,
  { by, now }: Turn,
  words: string,
): Step | RefusedStep {
  const head = headteacherIn(profile, by);
  if (!head) return { refused: 'not_you' };
  const { sending } = summary;
  if (sending.state !== 'planned' && sending.state !== 'held') return { refused: whyNot(sending) };
  const kept = words.trim();
  if (kept.length > LONGEST_COMMENT) return { refused: 'too_long' };
  const after = kept === '' ? null : { words: kept, at: now, by: head.id };
  return { summary: { ...summary, comment: after }, deliveries: [] };
}

/**
 * It goes to the governors, with the chair's edition to each chair; the Headteacher's preview says that it was sent. A school
 * without a Headteacher or without a chair gets it all the same.
 *
 * @param earlier what it has caused so far.
 */
export function send(
  { summary }: StoredSummary,
  profile: SchoolProfile,
  { now, earlier }: { readonly now: Date; readonly earlier: readonly Delivery[] },
): Step | RefusedStep {
  const { id, sending } = summary;
  if (sending.state !== 'planned') return { refused: whyNot(sending) };
  const deliveries: readonly NewDelivery[] = [
    { kind: 'summary.sent', refs: { id }, target: { to: 'governors_chat' }, placement: { at: 'new' } },
    ...toEach(chairs(profile), 'summary.chair', { id }),
    ...previewsAgain(id, profile, earlier),
  ];
  return { summary: { ...summary, sending: { state: 'sent', at: now } }, deliveries };
}

/** Only for whoever is still Headteacher. */
const previewsAgain = (id: string, profile: SchoolProfile, earlier: readonly Delivery[]): readonly NewDelivery[] =>
  earlier
    .filter(({ kind, placement }) => kind === 'summary.preview' && placement.at === 'new')
    .filter(({ target }) => target.to === 'person' && headteacherIn(profile, target.personId) !== undefined)
    .map(({ kind, target, order }) => ({ kind, refs: { id }, target, placement: { at: 'in_place_of', order } }));

/** Chairs who are Headteacher as well have no part in this: what is about the Headteacher is kept from them. */
const chairs = (profile: SchoolProfile): readonly Person[] =>
  peopleWith(profile, 'chair_of_governors').filter(({ roles }) => !roles.includes('headteacher'));

/** Each chair, or the governors' chat where there is none: nobody stops a summary without a governor's knowing. */
function told({ id }: Summary, profile: SchoolProfile, as: 'held' | 'released'): readonly NewDelivery[] {
  const others = chairs(profile);
  if (others.length > 0) return toEach(others, 'summary.held', { id, as });
  return [{ kind: 'summary.held', refs: { id, as }, target: { to: 'governors_chat' }, placement: { at: 'new' } }];
}

const toEach = (people: readonly Person[], kind: string, refs: NewDelivery['refs']): readonly NewDelivery[] =>
  people.map(({ id: personId }) => {
    const target: Target = { to: 'person', personId };
    return { kind, refs, target, placement: { at: 'new' } };
  });

function headteacherIn(profile: SchoolProfile, personId: string | undefined): Person | undefined {
  const person = personIn(profile, personId);
  return person?.roles.includes('headteacher') ? person : undefined;
}

const whyNot = ({ state }: Sending): RefusedStep['refused'] => (state === 'sent' ? 'already_sent' : 'not_planned');
