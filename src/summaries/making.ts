import { placeOf } from '../policies/citation.js';
import { listGaps } from '../policies/gaps.js';
import type { Period as Moments, OpenQuestions } from '../policies/open-questions.js';
import type { QuestionHistory } from '../policies/question-log.js';
import { digestOf } from '../reports/case-log.js';
import type { DeletionStore } from '../reports/deletion.js';
import type { CaseStore } from '../reports/stores.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { School } from '../schools/school.js';
import { correctionsOf, type Known, knownOf } from './corrections.js';
import { CaseCount, type CaseReader, readCases } from './counting.js';
import { type ClauseInWords, type Issued, publish } from './figures.js';
import { LaterCount } from './later-count.js';
import { Membership, officesOf } from './membership.js';
import { type Period, periodId } from './period.js';
import { boundsOf, fitted, lastComplete } from './periods.js';
import { mostFirst, QuestionCount } from './question-count.js';
import { hasLostCases, hasLostQuestions, overlap, type Removed, removedOf } from './removed.js';
import {
  type Counted,
  RULE_VERSION,
  type Sending,
  type Summary,
  type SummaryStore,
  type Tally,
  type TrendPoint,
} from './summary.js';

/** What a summary is made from. */
export interface SummarySources {
  readonly cases: Pick<CaseStore, 'all'>;
  readonly questions: QuestionHistory;
  readonly openQuestions: OpenQuestions;
  readonly summaries: Pick<SummaryStore, 'all'>;
  readonly deletions: Pick<DeletionStore, 'all'>;
  /** Called between cases and questions, so that reading many of them holds nobody else up. */
  readonly pause: () => Promise<void>;
}

/** A summary looks back over so many others of its span. */
const TREND_LENGTH = 5;

/**
 * Counts a period and decides what may be told of it, together with all that was told before. Nothing is kept.
 *
 * @param asked a period that is over; it is cut where summaries of others would overlap it in part, see {@link fitted}.
 * @param at what happened later is not known; also what is noted as the time at which it was made.
 * @returns `undefined` where what was told of others leaves too little of the period, or where cases or questions of it, or cases of
 * a longer one that was told, are kept no longer: it could not be counted as it was.
 * Rejects when the stores cannot be reached in time. @throws when the period is not over.
 */
export async function makeSummary(
  sources: SummarySources,
  school: School,
  asked: Period,
  at: Date,
  sending: Sending,
): Promise<Summary | undefined> {
  const { profile } = school;
  const issued = (await sources.summaries.all(profile.id)).map(({ summary }) => summary);
  const period = fitted(
    asked,
    issued.map((one) => one.period),
  );
  const removed = await removedOf(sources.deletions, profile, at);
  const standing = issued.filter((one) => hasLostCases(one.period, one.timeZone, removed));
  if (!period || isTooLate(period, profile, removed, standing)) return undefined;
  const id = periodId(period);
  const others = issued.filter((one) => one.id !== id);
  const [ofWeeks, ofOthers] = [new Membership(profile, others, { span: 'week' }), new Membership(profile, others)];
  const later = others.map((summary) => {
    const stands = standing.some((one) => overlap(one.period, summary.period));
    return new LaterCount(summary, at, summary.period.span === 'week' ? ofWeeks : ofOthers, stands);
  });
  const ofSpan = later.filter(({ summary }) => summary.period.span === period.span);
  const { inputs, counted } = await countPeriod(sources, school, { period, at, issued: others }, later);
  const { threshold } = profile.summaries;
  const known = knownOf(later, threshold);
  const telling = { threshold, inWords: clauseInWords(school), tellsStock: tellsStock(profile, asked, at) };
  return {
    ...{ schoolId: profile.id, id, schoolName: profile.name, timeZone: profile.timeZone, period },
    ...{ madeAt: at, rule: RULE_VERSION, threshold, inputs, counted },
    published: publish(counted, period, known.map(asIssued), telling),
    corrections: correctionsOf(period.span, known),
    trend: trendBefore(period, ofSpan),
    ...{ comment: null, sending },
  };
}

/** @param standing summaries of which cases were deleted. */
const isTooLate = (
  period: Period,
  { timeZone }: SchoolProfile,
  removed: Removed,
  standing: readonly Summary[],
): boolean =>
  hasLostCases(period, timeZone, removed) ||
  hasLostQuestions(period, timeZone, removed) ||
  standing.some((one) => overlap(one.period, period));

/**
 * What waits, waits now and not in a period: only the governors' latest summary tells of it exactly. Others, made at the same time of
 * other periods, would tell by subtraction how many of each wait.
 */
const tellsStock = (profile: SchoolProfile, { span, to }: Period, at: Date): boolean =>
  span === 'week' || (span === profile.summaries.governors && lastComplete(profile, span, at)?.to === to);

/** How a summary's period looks when it is counted again, as it was when the summary was made. */
export interface Recount {
  /** The cases and questions are those that were counted. */
  readonly sameInputs: boolean;
  /** They give the same figures, by the school's people, calendar and targets as they are now. */
  readonly sameFigures: boolean;
}

/**
 * Counts again what a summary was made from. What it tells of gaps is left out: answers can be rated, and policies mended, later.
 *
 * @returns `undefined` where some of it is kept no longer.
 */
export async function recount(
  sources: SummarySources,
  school: School,
  { id, period, timeZone, madeAt, inputs, counted }: Omit<Summary, 'published' | 'corrections' | 'trend'>,
  now: Date,
): Promise<Recount | undefined> {
  const removed = await removedOf(sources.deletions, school.profile, now);
  // One of another period may have waited then.
  const waited = removed.cases.some(({ submittedAt, endedAt }) => submittedAt <= madeAt && endedAt > madeAt);
  if (waited || hasLostCases(period, timeZone, removed) || hasLostQuestions(period, timeZone, removed))
    return undefined;
  const all = (await sources.summaries.all(school.profile.id)).map(({ summary }) => summary);
  const issued = all.filter((one) => one.id !== id && one.madeAt < madeAt);
  const again = await countPeriod(sources, school, { period, at: madeAt, issued, offices: counted.offices }, []);
  const withoutGaps = (figures: Counted) => digestOf({ ...figures, gaps: [] });
  return { sameInputs: again.inputs === inputs, sameFigures: withoutGaps(again.counted) === withoutGaps(counted) };
}

interface Wanted {
  readonly period: Period;
  readonly at: Date;
  /** Summaries that were made before. */
  readonly issued: readonly Summary[];
  readonly offices?: Counted['offices'];
}

/** @param others who look at the cases as well. */
async function countPeriod(
  sources: Omit<SummarySources, 'summaries' | 'deletions'>,
  school: School,
  { period, at, issued, offices = officesOf(school.profile) }: Wanted,
  others: readonly CaseReader[],
): Promise<Pick<Summary, 'counted' | 'inputs'>> {
  const { profile } = school;
  const moments = boundsOf(period, profile.timeZone);
  if (at < moments.before) throw new Error('Nothing is told of a period that is not over.');
  const membership = new Membership(profile, issued, { span: period.span, offices });
  const cases = new CaseCount(profile, moments, at, membership);
  const { unreadable } = await readCases(sources.cases.all(profile.id), [cases, ...others], sources.pause);
  const questions = new QuestionCount();
  for await (const asked of sources.questions.between(profile.id, moments)) questions.add(asked);
  const gaps = await gapsIn(sources, school, moments);
  return {
    counted: { offices, ...cases.counted(), ...questions.counted(), gaps, unreadable },
    inputs: digestOf({ cases: cases.inputs(), questions: questions.inputs() }),
  };
}

/** Subjects that the policy leaves open, by how often they were asked for. What only a person's own words would name is left out. */
async function gapsIn(
  { openQuestions, pause }: Pick<SummarySources, 'openQuestions' | 'pause'>,
  { profile, index }: School,
  moments: Moments,
): Promise<readonly Tally[]> {
  const source = { openQuestions, schoolId: profile.id, timeZone: profile.timeZone, index, pause };
  const { gaps } = await listGaps(source, moments);
  const counts = new Map<string, number>();
  for (const { subject, count } of gaps) if (subject !== null) counts.set(subject, (counts.get(subject) ?? 0) + count);
  return mostFirst(counts);
}

/** "Social media policy: Clause 5.1 › 5. Contact with pupils". */
const clauseInWords =
  ({ index }: School): ClauseInWords =>
  (key) => {
    const citation = index.clauses.get(key);
    return citation && [citation.policy.title, placeOf(citation.clause)].filter((part) => part !== '').join(': ');
  };

/** Questions do not change once they are asked. */
const asIssued = ({ later, now }: Known): Issued => {
  const { period, published, threshold, counted } = later.summary;
  return {
    ...{ period, threshold, published: { ...published, reports: now } },
    counted: { ...later.later(), questions: counted.questions },
  };
};

const trendBefore = ({ from }: Period, ofSpan: readonly LaterCount[]): readonly TrendPoint[] =>
  ofSpan
    .map(({ summary }) => summary)
    .filter(({ period }) => period.to < from)
    .toSorted((one, other) => (one.period.from < other.period.from ? -1 : 1))
    .slice(-TREND_LENGTH)
    .map(({ period, published: { clauses, gaps, unreadable, ...published } }) => ({ period, published }));
