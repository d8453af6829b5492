import type { Citation } from '../../src/policies/citation.js';
import { keyOf } from '../../src/policies/clause-index.js';
import type { Case } from '../../src/reports/case.js';
import { faultsOf, personKey } from '../../src/reports/draft-steps.js';
import type { Evidence } from '../../src/reports/evidence.js';
import { addWords, openCase, reroute, withdraw } from '../../src/reports/opening.js';
import type { SchoolProfile } from '../../src/schools/profile.js';
import type { School } from '../../src/schools/school.js';
import type { Card } from '../../src/teams/cards/template.js';
import { reportsCard } from '../../src/teams/my-reports.js';
import { ownReportCard } from '../../src/teams/own-report.js';
import * as drawing from '../../src/teams/report-drawing.js';
import { deletionCards } from './deletion-samples.js';
import { reminderCards } from './reminder-samples.js';
import {
  BULLYING,
  draftAt,
  endless,
  longest,
  NOW,
  REPORTER,
  SCREENSHOT,
  TEN_FILES,
  TOLD,
  type Typed,
  UPLOAD_URL,
} from './report-samples.js';

/** A report as it was sent. */
export function sent(
  profile: SchoolProfile,
  typed: Typed,
  evidence: readonly Evidence[],
  clauses: readonly string[] = [],
): Case {
  const { draft } = draftAt(profile, 'told' in typed ? 'told' : 'wishes', typed);
  const context = { now: NOW, profile };
  if (faultsOf(draft, 1, context).length > 0) throw new Error(JSON.stringify(faultsOf(draft, 1, context)));
  return openCase({ draft, evidence, profile, clauses, now: NOW }).case;
}

const WAYS: Readonly<Record<string, Record<string, string>>> = {
  channel: {},
  'headteacher-chat': { postedBy: 'staff' },
  chair: { about: 'headteacher' },
  trust: { postedBy: 'headteacher', about: 'chair_of_governors' },
};

/** One report by each way. */
export function caseBy(profile: SchoolProfile, way: string, clauses: readonly string[] = []): Case {
  const [triager = ''] = profile.people.filter(({ roles }) => roles.join() === 'staff,triager').map(({ id }) => id);
  const involved = way === 'headteacher-chat' ? personKey(profile.id, triager) : '';
  return sent(profile, { ...BULLYING, what: { ...BULLYING.what, ...WAYS[way], involved } }, [SCREENSHOT], clauses);
}

function nobodyLeft(profile: SchoolProfile): Case {
  const about = caseBy(profile, 'trust');
  const everyone = profile.people.map(({ id }) => id);
  const change = reroute({ case: about, deliveries: 1 }, everyone, profile, NOW);
  if (!change) throw new Error('Nobody is left, and the case stays where it is.');
  return change.case;
}

/** What becomes of a report: receipts, one's own reports, and the case where it was sent. @param clauses the longest to be quoted. */
export const sentCards = (school: School, clauses: readonly Citation[]): Record<string, Card> => ({
  ...receipts(school, clauses),
  ...caseCards(school),
  ...reminderCards(school.profile, threeOf(school.profile)),
  ...deletionCards(school.profile, threeOf(school.profile)),
});

const threeOf = (profile: SchoolProfile) => ({
  usual: caseBy(profile, 'channel'),
  chair: caseBy(profile, 'chair'),
  urgent: sent(profile, TOLD, []),
});

function receipts(school: School, longestClauses: readonly Citation[]): Record<string, Card> {
  const { profile } = school;
  const about = school.index.find('a parent is rude about a teacher on facebook', 1).map(keyOf);
  const longestSchool = {
    ...school,
    index: { ...school.index, clauses: new Map(longestClauses.map((citation) => [keyOf(citation), citation])) },
  };
  const conduct: Typed = { what: { dangers: 'threat' }, told: { ...TOLD.told, staffConduct: 'yes' } };
  return {
    ...Object.fromEntries(
      Object.keys(WAYS).map((way) => [`receipt-${way}`, drawing.caseReceipt(caseBy(profile, way, about), school)]),
    ),
    'receipt-safeguarding': drawing.caseReceipt(sent(profile, TOLD, []), school),
    'receipt-safeguarding-staff-conduct': drawing.caseReceipt(sent(profile, conduct, []), school),
    'receipt-nobody': drawing.caseReceipt(nobodyLeft(profile), school),
    'receipt-longest': drawing.caseReceipt(
      caseBy(profile, 'channel', longestClauses.slice(0, 1).map(keyOf)),
      longestSchool,
    ),
  };
}

/** After the reporter has added as much as can be, three times. */
export function addedTo(current: Case, words: string, times: number): Case {
  let after = current;
  for (let time = 0; time < times; time += 1) {
    const change = addWords(after, words, REPORTER, NOW);
    if ('refused' in change) throw new Error(change.refused);
    after = change.case;
  }
  return after;
}

export function withdrawn(current: Case): Case {
  const change = withdraw(current, 'We have talked, and it is taken down.', REPORTER, NOW);
  if ('refused' in change) throw new Error(change.refused);
  return change.case;
}

/** As much as may be typed, ten files, and as much added three times. */
export function longestOf(profile: SchoolProfile, clauses: readonly string[] = []): Case {
  const long = endless(profile, 1);
  const where = { ...long.where, postedDay: '', postedTime: '', seenTime: '' };
  const what = { ...long.what, involved: '' };
  return addedTo(sent(profile, { ...long, what, where }, TEN_FILES, clauses), longest(4_000), 3);
}

export const urgentOf = (profile: SchoolProfile, change: Typed = {}): Case => sent(profile, { ...TOLD, ...change }, []);

function caseCards(school: School): Record<string, Card> {
  const { profile } = school;
  const usual = caseBy(profile, 'channel');
  const longestCase = longestOf(profile);
  const urgent = urgentOf(profile);
  const open = { draft: draftAt(profile, 'words', BULLYING).draft, evidence: [], version: '1', deliveries: 0 };
  const ten = Array.from({ length: 10 }, (_, at) => (at % 3 === 0 ? withdrawn(usual) : at % 3 === 1 ? urgent : usual));
  return {
    'my-reports': reportsCard([usual, withdrawn(urgent)], undefined, false, school),
    'my-reports-none': reportsCard([], undefined, false, school),
    'my-reports-draft-alone': reportsCard([], open, false, school),
    'my-reports-ten': reportsCard(ten, open, true, school),
    'my-report': ownReportCard(usual, school, UPLOAD_URL),
    'my-report-added': ownReportCard(addedTo(usual, 'She has posted again.\nTwice.', 2), school, UPLOAD_URL, {
      notice: 'Added. Whoever has the report is told.',
    }),
    'my-report-withdrawn': ownReportCard(withdrawn(usual), school, null, {
      notice: 'Withdrawn. Whoever has the report is told.',
    }),
    'my-report-no-reason': ownReportCard(usual, school, UPLOAD_URL, {
      error: 'Please say why you withdraw the report; a few words are enough.',
      withdrawing: true,
    }),
    'my-report-child-safety': ownReportCard(urgent, school, null),
    'my-report-longest': ownReportCard(longestCase, school, UPLOAD_URL, {
      error: 'What you add is longer than 4,000 characters; please shorten it.',
      words: longest(8_000),
      reason: longest(1_000),
      withdrawing: true,
    }),
  };
}
