import fc from 'fast-check';
import { ACTIONS_TAKEN, type Case, type Happening, OUTCOMES, POST_MARKS, SEVERITIES } from '../../src/reports/case.js';
import { appended } from '../../src/reports/case-log.js';
import { evidenceAdded } from '../../src/reports/case-steps.js';
import { openCase } from '../../src/reports/opening.js';
import { BREACH_KINDS, PLATFORMS, POSTERS, type ReportCategory, SUBJECTS } from '../../src/reports/report.js';
import type { Route } from '../../src/reports/route.js';
import type { StoredCase } from '../../src/reports/stores.js';
import { draftWith, profile as school } from '../reports/cases.js';
import { aPiece, aProfile, ID, rolesWith } from '../reports/examples.js';

/** Oak School over a year. */
export const profile = aProfile(rolesWith({}), {
  holidays: [
    { name: 'Half-term', from: '2026-10-26', to: '2026-10-30' },
    { name: 'Half-term', from: '2027-02-15', to: '2027-02-19' },
    { name: 'Half-term', from: '2027-05-31', to: '2027-06-04' },
  ],
  terms: [
    { name: 'Autumn 2026', from: '2026-09-02', to: '2026-12-18' },
    { name: 'Spring 2027', from: '2027-01-04', to: '2027-03-26' },
    { name: 'Summer 2027', from: '2027-04-12', to: '2027-07-21' },
  ],
});

export const at = (time: string): Date => new Date(time.length === 10 ? `${time}T12:00:00Z` : time);

/** What is reported, and when. */
export interface Told {
  readonly submittedAt: Date;
  readonly category?: ReportCategory | 'child_safety';
  readonly answers?: Partial<Case['report']['answers']>;
  readonly evidence?: number;
}

let references = 0;
const nextReference = (): string => {
  references += 1;
  return `PD-${String(references).padStart(8, '0')}`;
};

/** A case as submitting makes it. */
export function reported({ submittedAt, category = 'disparaging_post', answers = {}, evidence = 0 }: Told): Case {
  const safety = category === 'child_safety';
  const draft = draftWith(safety ? answers : { ...answers, category }, safety ? ['threat'] : []);
  return openCase({
    draft: { ...draft, reference: nextReference() },
    evidence: Array.from({ length: evidence }, (_, number) => aPiece(`0${number}`)),
    profile: school,
    clauses: [],
    now: submittedAt,
  }).case;
}

/** The case with more events, whatever the rules say. Each at its time; Policy Desk tells nobody. */
export function went(current: Case, ...happened: readonly (readonly [time: Date | string, what: Happening])[]): Case {
  const log = [...current.log];
  for (const [time, what] of happened) {
    const moment = typeof time === 'string' ? at(time) : time;
    log.push(appended(current.report, log, { at: moment, by: { personId: ID.head }, what }));
  }
  return { ...current, log };
}

export const acknowledged: Happening = { kind: 'acknowledged' };
export const closed = (outcome: (typeof OUTCOMES)[number] = 'resolved'): Happening => ({
  ...{ kind: 'closed', outcome, message: 'Done' },
});
export const reopened: Happening = { kind: 'reopened', reason: 'Again' };
export const withdrawn: Happening = { kind: 'withdrawn', reason: 'Sorted out' };
export const did = (action: (typeof ACTIONS_TAKEN)[number]): Happening => ({
  ...{ kind: 'action_taken', action, on: '2026-11-20', who: '', words: '' },
});
export const marked = (as: (typeof POST_MARKS)[number]): Happening => ({ kind: 'post_marked', as, on: '2026-11-20' });

const to = (recused: readonly string[], people: readonly string[] = [ID.dsl]): Route => ({
  ...{ way: 'headteacher_chat', people, channel: false, recused, lado: false },
});
/** It turns out to be about somebody who had been sent it. */
export const foundToBeAbout = (...recused: readonly string[]): Happening => ({
  ...{ kind: 'rerouted', unreachable: [], route: to(recused), firstDelivery: 9 },
});
/** @param passedOnTo somebody, who has not acknowledged it. */
export const nowOf = (category: Case['report']['category'], passedOnTo?: string): Happening => ({
  ...{ kind: 'category_changed', from: 'disparaging_post', to: category, reason: 'It is.' },
  ...(passedOnTo !== undefined && { route: to([], [passedOnTo]), firstDelivery: 9 }),
});

/** What a store reads out. */
export async function* stored(cases: readonly Case[]): AsyncIterable<StoredCase> {
  for (const one of cases) yield { case: one, version: '1', deliveries: 1 };
}

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(acknowledged) },
  { weight: 3, arbitrary: fc.constantFrom(...OUTCOMES).map(closed) },
  fc.constant(reopened),
  fc.constant(withdrawn),
  { weight: 3, arbitrary: fc.constantFrom(...ACTIONS_TAKEN).map(did) },
  fc.constantFrom(...POST_MARKS).map(marked),
  fc.constant<Happening>({ kind: 'question_asked', words: 'Where?' }),
  fc.constant<Happening>({ kind: 'note_added', words: 'Seen.' }),
  fc.constant<Happening>({ kind: 'opened', card: 2 }),
  fc
    .constantFrom(...SEVERITIES)
    .map((to): Happening => ({ ...{ kind: 'severity_changed', from: 'normal', to, reason: '' } })),
  fc
    .tuple(
      fc.constantFrom(
        'online_bullying' as const,
        'disparaging_post' as const,
        'other_breach' as const,
        'child_safety' as const,
      ),
      fc.constantFrom(undefined, ID.dsl),
    )
    .map(([category, passedOnTo]) => nowOf(category, passedOnTo)),
  fc.constantFrom([ID.head], [ID.head, ID.chair], [ID.triager]).map((ids) => foundToBeAbout(...ids)),
  fc.constant(evidenceAdded(aPiece('aa'))),
);

const MINUTE = 60_000;
const FIRST = at('2026-09-01T00:00:00Z').getTime();

/** A case of that autumn, with anything happening to it within weeks. */
export const aLife: fc.Arbitrary<Case> = fc
  .record({
    minutes: fc.nat({ max: 110 * 24 * 60 }),
    category: fc.constantFrom<ReportCategory | 'child_safety'>(
      ...(['online_bullying', 'disparaging_post', 'other_breach', 'child_safety'] as const),
    ),
    breachKind: fc.option(fc.constantFrom(...BREACH_KINDS)),
    postedBy: fc.option(fc.constantFrom(...POSTERS)),
    about: fc.constantFrom(...SUBJECTS),
    involved: fc.constantFrom<readonly string[]>(
      [],
      [],
      [],
      [ID.head],
      [ID.triager],
      [ID.head.toLowerCase(), ID.chair],
    ),
    platform: fc.option(fc.constantFrom(...PLATFORMS)),
    evidence: fc.nat({ max: 2 }),
    happened: fc.array(fc.tuple(fc.nat({ max: 6 * 24 * 60 }), happening), { maxLength: 12 }),
  })
  .map(({ minutes, category, evidence, happened, ...answers }) => {
    let moment = FIRST + minutes * MINUTE;
    const began = reported({ submittedAt: new Date(moment), category, answers, evidence });
    return went(
      began,
      ...happened.map(([minutes, what]): [Date, Happening] => {
        moment += minutes * MINUTE;
        return [new Date(moment), what];
      }),
    );
  });
