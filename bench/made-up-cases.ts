import { createHash } from 'node:crypto';
import { type ActionTaken, type Actor, type CaseEvent, type Happening, OUTCOMES } from '../src/reports/case.js';
import { appended, digestOf } from '../src/reports/case-log.js';
import type { Evidence } from '../src/reports/evidence.js';
import {
  type Answers,
  BREACH_KINDS,
  PLATFORMS,
  POSTERS,
  type Report,
  type ReportCategory,
} from '../src/reports/report.js';
import type { Route } from '../src/reports/route.js';
import type { CaseChange } from '../src/reports/stores.js';
import type { SchoolProfile } from '../src/schools/profile.js';

const DAY_MS = 24 * 60 * 60_000;
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CATEGORIES: readonly ReportCategory[] = [
  'online_bullying',
  'disparaging_post',
  'disparaging_post',
  'other_breach',
];
const ACTIONS: readonly ActionTaken[] = [
  ...(['asked_for_removal', 'spoke_to_parent', 'spoke_to_parent', 'contacted_platform', 'support_offered'] as const),
  ...(['told_police', 'told_lado', 'told_dsl', 'told_authority_or_trust'] as const),
];
/** One case in so many is about the Headteacher, and one in so many is withdrawn. */
const [ABOUT_THE_HEADTEACHER, WITHDRAWN] = [25, 20];

/** How a made-up school's cases come about. */
export interface MadeUp {
  /** The same seed gives the same cases. */
  readonly seed: number;
  readonly count: number;
  /** Reports come in from the first moment up to the second. */
  readonly since: Date;
  readonly before: Date;
  /** Whether the logs have their chain of hashes, which takes most of the time; without it each event has a number for a hash. */
  readonly hashes: boolean;
}

const NOT_ASKED: Answers = {
  ...{ category: null, breachKind: null, postedBy: null, about: null, involved: [], platform: null },
  ...{ place: '', account: '', postedAt: { day: '', time: '' }, seenAt: { day: '', time: '' }, stillThere: null },
  ...{ words: 'It says that the school is badly run.', whoSaw: '', doneSoFar: '', goesOn: null, howTheyAre: '' },
  ...{ noScreenshot: false, wish: '', nameFor: 'triagers', police: null, support: '', told: '', staffConduct: null },
};

type Draw = (upTo: number) => number;

/** A school's cases, one after the other, each as it would be committed whole. Nothing of one that was taken is held. */
export function* madeUpCases(profile: SchoolProfile, made: MadeUp): Iterable<CaseChange> {
  const draw = drawFrom(made.seed);
  for (let number = 0; number < made.count; number += 1) yield madeUpCase(profile, made, number, draw);
}

function madeUpCase(profile: SchoolProfile, made: MadeUp, number: number, draw: Draw): CaseChange {
  const report = madeUpReport(profile, made, number, draw);
  const by: Actor = { personId: report.reporter.personId };
  const evidence = report.category !== 'child_safety' && draw(3) > 0 ? [pieceFor(report)] : [];
  const log: CaseEvent[] = [];
  const happens = (at: Date, who: Actor, what: Happening) => {
    const event = { number: log.length + 1, at, by: who, what, previous: log.at(-1)?.hash ?? '' };
    log.push(made.hashes ? appended(report, log, event) : { ...event, hash: `${made.seed}-${number}-${event.number}` });
  };
  const digest = (value: unknown) => (made.hashes ? digestOf(value) : '');
  const route = routeOf(report, profile);
  happens(report.submittedAt, by, { kind: 'submitted', report: digest(report), route, clauses: [] });
  for (const piece of evidence) {
    const { id, sha256, bytes, type } = piece;
    const what = { kind: 'evidence_added', evidence: id, sha256, bytes, type, digest: digest(piece) } as const;
    happens(report.submittedAt, by, what);
  }
  goOn(report, { personId: personWith(profile, 'deputy_headteacher') }, draw, happens);
  const at = log.at(-1)?.at ?? report.submittedAt;
  return { case: { report, evidence, log }, events: log, evidence, deliveries: [], at };
}

function madeUpReport(profile: SchoolProfile, made: MadeUp, number: number, draw: Draw): Report {
  const { seed, count, since, before } = made;
  const isSafety = draw(30) === 0;
  const category = isSafety ? 'child_safety' : pick(CATEGORIES, draw);
  const span = before.getTime() - since.getTime();
  const about = draw(ABOUT_THE_HEADTEACHER) === 0 ? ('headteacher' as const) : ('school' as const);
  const answers: Answers = {
    ...NOT_ASKED,
    ...{ category: isSafety ? null : (category as ReportCategory), about },
    breachKind: category === 'other_breach' ? pick(BREACH_KINDS, draw) : null,
    postedBy: pick(POSTERS, draw, 4),
    platform: pick(PLATFORMS, draw, 4),
    involved: about === 'headteacher' ? [personWith(profile, 'headteacher')] : [],
  };
  return {
    ...{ reference: referenceOf(seed, number), schoolId: profile.id, category, answers },
    dangers: isSafety ? ['threat'] : [],
    reporter: { personId: personWith(profile, 'staff'), name: 'Alex Morgan' },
    submittedAt: new Date(since.getTime() + Math.floor((span * (number + draw(100) / 100)) / count)),
  };
}

/** Most cases are acknowledged within days and closed within weeks. */
function goOn(report: Report, by: Actor, draw: Draw, happens: (at: Date, by: Actor, what: Happening) => void): void {
  let at = report.submittedAt.getTime();
  const after = (mostDays: number) => {
    at += Math.ceil((draw(1000) / 1000) * mostDays * DAY_MS) + 60_000;
    return new Date(at);
  };
  if (draw(WITHDRAWN) === 0) {
    happens(after(5), { personId: report.reporter.personId }, { kind: 'withdrawn', reason: '' });
    return;
  }
  if (draw(20) === 0) return;
  happens(after(draw(6) === 0 ? 9 : 2), by, { kind: 'acknowledged' });
  for (let left = draw(3); left > 0; left -= 1) {
    const on = after(4);
    const action = pick(ACTIONS, draw);
    happens(on, by, { kind: 'action_taken', action, on: dayOf(on), who: '', words: 'As agreed.' });
  }
  if (draw(3) === 0) {
    const on = after(3);
    happens(on, by, { kind: 'post_marked', as: 'removed', on: dayOf(on) });
  }
  if (draw(10) > 0) happens(after(20), by, { kind: 'closed', outcome: pick(OUTCOMES, draw), message: '' });
}

function routeOf({ answers, category }: Report, profile: SchoolProfile): Route {
  if (answers.about === 'headteacher') {
    const [chair, head] = [personWith(profile, 'chair_of_governors'), personWith(profile, 'headteacher')];
    return { way: 'chair', people: [chair], channel: false, recused: [head], lado: false };
  }
  const people = category === 'child_safety' ? [personWith(profile, 'dsl')] : [];
  return {
    way: people.length > 0 ? 'safeguarding' : 'headteacher_channel',
    people,
    channel: true,
    recused: [],
    lado: false,
  };
}

const personWith = ({ people }: SchoolProfile, role: SchoolProfile['people'][number]['roles'][number]): string =>
  people.find(({ roles }) => roles.includes(role))?.id ?? '';

function pieceFor({ reference, reporter, submittedAt }: Report): Evidence {
  const sha256 = createHash('sha256').update(reference).digest('hex');
  return {
    ...{ id: sha256.slice(0, 16), sha256, bytes: 1_000, type: 'application/pdf', viewing: null, way: 'upload_page' },
    ...{ addedBy: reporter.personId, receivedAt: submittedAt, seenOn: '', seenTime: '', seenWhere: '' },
  };
}

function referenceOf(seed: number, number: number): string {
  const digits = createHash('sha256').update(`${seed} ${number}`).digest();
  return `PD-${Array.from(digits.subarray(0, 8), (byte) => CROCKFORD[byte % 32]).join('')}`;
}

const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);

/** @param first only the first so many, more often than not, so that some cells are large and others small. */
function pick<T>(values: readonly T[], draw: Draw, first = values.length): T {
  const among = draw(4) > 0 ? Math.min(first, values.length) : values.length;
  return values[draw(among)] as T;
}

/** Mulberry32: whole numbers from 0 that are the same for the same seed. */
function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  return (upTo) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) % upTo;
  };
}
