import { createHash, randomBytes } from 'node:crypto';
import sharp from 'sharp';
import type { Category } from '../../policies/category.js';
import { newReference } from '../../references.js';
import type { ActionTaken, Actor, CaseEvent, CaseOutcome, Happening } from '../../reports/case.js';
import { appended, digestOf } from '../../reports/case-log.js';
import type { Evidence } from '../../reports/evidence.js';
import type { Answers, Platform, Poster, Report } from '../../reports/report.js';
import type { Route } from '../../reports/route.js';
import type { CaseChange, EvidenceFiles } from '../../reports/stores.js';
import type { Period } from '../../summaries/period.js';
import type { Person } from './teams.js';

const DAY_MS = 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;

/** One made-up case: what, by whom, where, after how many days it was acknowledged and closed, what was done, how it ended. */
type MadeUp = readonly [Category, Poster, Platform, number, number, ActionTaken, CaseOutcome];

const ALIKE: readonly (readonly [number, MadeUp])[] = [
  [6, ['online_bullying', 'pupil', 'whatsapp', 1, 6, 'support_offered', 'resolved']],
  [3, ['online_bullying', 'pupil', 'snapchat', 1, 9, 'support_offered', 'resolved']],
  [2, ['online_bullying', 'pupil', 'tiktok', 2, 12, 'contacted_platform', 'passed_on']],
  [6, ['disparaging_post', 'parent', 'facebook', 1, 5, 'spoke_to_parent', 'resolved']],
  [2, ['disparaging_post', 'parent', 'facebook', 4, 8, 'asked_for_removal', 'resolved']],
  [5, ['disparaging_post', 'outside', 'facebook', 2, 7, 'asked_for_removal', 'no_breach']],
  [5, ['other_breach', 'parent', 'whatsapp', 1, 4, 'spoke_to_parent', 'no_breach']],
  [2, ['child_safety', 'not_known', 'snapchat', 0, 10, 'told_dsl', 'passed_on']],
];

const NOT_ASKED: Answers = {
  ...{ category: null, breachKind: null, postedBy: null, about: 'school', involved: [], platform: null },
  ...{ place: '', account: '', postedAt: { day: '', time: '' }, seenAt: { day: '', time: '' }, stillThere: null },
  ...{ words: 'Made up for the demo.', whoSaw: '', doneSoFar: '', goesOn: null, howTheyAre: '' },
  ...{ noScreenshot: false, wish: '', nameFor: 'triagers', police: null, support: '', told: '', staffConduct: null },
};

/** Who is in the made-up cases. */
export interface CaseParts {
  readonly schoolId: string;
  readonly reporter: Person;
  /** Deals with them. */
  readonly triager: Person;
  readonly safeguarding: Person;
}

/**
 * The made-up cases of a period that is over: all of them dealt with, each with its chain of hashes, and most with a screenshot, which
 * is kept.
 */
export async function* earlierCases(period: Period, parts: CaseParts, files: EvidenceFiles): AsyncIterable<CaseChange> {
  const all = ALIKE.flatMap(([count, made]) => Array.from({ length: count }, () => made));
  const [from, to] = [Date.parse(period.from), Date.parse(period.to)];
  // After the first days of term, and so that the last is closed within it.
  const [first, length] = [from + 3 * DAY_MS, Math.min(to - from, 56 * DAY_MS) - 18 * DAY_MS];
  for (const at of all.keys()) {
    // Far from the one before, so that kinds come mixed.
    const place = (at * 11) % all.length;
    const submittedAt = onSchoolDay(first + (length * place) / all.length);
    yield await madeUpCase(all[at] as MadeUp, submittedAt, at % 3 > 0, parts, files);
  }
}

/** Half past ten of that day or, at a weekend, of the Monday after. */
function onSchoolDay(time: number): Date {
  const day = new Date(Math.floor(time / DAY_MS) * DAY_MS + 10.5 * HOUR_MS);
  const late = { 0: 1, 6: 2 }[day.getUTCDay()] ?? 0;
  return new Date(day.getTime() + late * DAY_MS);
}

async function madeUpCase(
  made: MadeUp,
  submittedAt: Date,
  hasPicture: boolean,
  { schoolId, reporter, triager, safeguarding }: CaseParts,
  files: EvidenceFiles,
): Promise<CaseChange> {
  const [category, postedBy, platform, acknowledged, closed, action, outcome] = made;
  const isSafety = category === 'child_safety';
  const answers: Answers = {
    ...{ ...NOT_ASKED, postedBy, platform, category: isSafety ? null : category },
    breachKind: category === 'other_breach' ? 'privacy' : null,
  };
  const report: Report = {
    ...{ reference: newReference('PD'), schoolId, category, answers, submittedAt },
    ...{ dangers: isSafety ? ['threat'] : [], reporter: { personId: reporter.id, name: reporter.name } },
  };
  const evidence = hasPicture && !isSafety ? [await keptPicture(report, files)] : [];
  const log: CaseEvent[] = [];
  const happens = (days: number, { id }: Person, what: Happening) => {
    const by: Actor = { personId: id };
    log.push(appended(report, log, { at: new Date(submittedAt.getTime() + days * DAY_MS), by, what }));
  };
  happens(0, reporter, {
    kind: 'submitted',
    report: digestOf(report),
    route: routeOf(isSafety, safeguarding),
    clauses: [],
  });
  for (const { id, sha256, bytes, type, ...rest } of evidence) {
    const digest = digestOf({ id, sha256, bytes, type, ...rest });
    happens(0, reporter, { kind: 'evidence_added', evidence: id, sha256, bytes, type, digest });
  }
  happens(acknowledged + 0.1, triager, { kind: 'acknowledged' });
  const on = new Date(submittedAt.getTime() + (acknowledged + 1) * DAY_MS).toISOString().slice(0, 10);
  happens(acknowledged + 1.2, triager, { kind: 'action_taken', action, on, who: '', words: '' });
  happens(closed + 0.2, triager, { kind: 'closed', outcome, message: '' });
  const at = log.at(-1)?.at ?? submittedAt;
  return { case: { report, evidence, log }, events: log, evidence, deliveries: [], at };
}

const routeOf = (isSafety: boolean, { id }: Person): Route => ({
  ...{ way: isSafety ? 'safeguarding' : 'headteacher_channel', people: isSafety ? [id] : [] },
  ...{ channel: true, recused: [], lado: false },
});

/** A picture of one colour, as original and as viewing copy. */
async function keptPicture(
  { schoolId, reference, reporter, submittedAt }: Report,
  files: EvidenceFiles,
): Promise<Evidence> {
  const [r = 0, g = 0, b = 0] = randomBytes(3);
  const size = { width: 60, height: 90, channels: 3 } as const;
  const bytes = await sharp({ create: { ...size, background: { r, g, b } } })
    .png()
    .toBuffer();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const id = randomBytes(8).toString('hex');
  const place = { schoolId, reference, evidenceId: id };
  const type = 'image/png';
  await Promise.all([files.keepOriginal(place, bytes, type), files.keepViewing(place, bytes, type)]);
  return {
    ...{ id, sha256, bytes: bytes.byteLength, type, viewing: { type, sha256 }, way: 'upload_page' },
    ...{ addedBy: reporter.personId, receivedAt: submittedAt, seenOn: '', seenTime: '', seenWhere: '' },
  };
}
