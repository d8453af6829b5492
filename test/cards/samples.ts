import type { Citation } from '../../src/policies/citation.js';
import type { Gap, GapList } from '../../src/policies/gaps.js';
import { checkPlainEnglish } from '../../src/policies/plain-english.js';
import type { Clause, Policy } from '../../src/policies/policy.js';
import { readTextPolicy } from '../../src/policies/read-policy.js';
import type { School } from '../../src/schools/school.js';
import { gapsCard } from '../../src/teams/cards/gaps-view.js';
import type { Card } from '../../src/teams/cards/template.js';
import * as views from '../../src/teams/cards/views.js';
import { sentCards } from './case-samples.js';
import { enquiryCards } from './enquiry-samples.js';
import { reportCards } from './report-samples.js';
import { reporterCards } from './reporter-samples.js';
import { setupCards } from './setup-samples.js';
import { summaryCards } from './summary-samples.js';
import { triageCards } from './triage-samples.js';

/** Words that would break a card that is careless with Markdown, templates or markup. */
export const AWKWARD = `Staff *must* not _post_ [this](https://x.example) \`code\` # <b>bold</b> & "quotes" \\ | ~ $\{name}`;

const awkward: Policy = readTextPolicy(
  'awkward.txt',
  new TextEncoder().encode(`Rules\n\n${AWKWARD.replaceAll('*', '')} as long as they are here.\n\nStaff must wait.\n`),
);

const awkwardCitation = { policy: awkward, clause: awkward.clauses[0] as Clause };

/** A text in plain English that stands up to clause 6.2 of the sample policy. */
export const PLAIN_ENGLISH =
  'You must use a school phone to ring parents [1]. In an exceptional case, such as an emergency on a school trip, you may use your own phone if you withhold the number first and tell the school office the same day [1].';

/** As much as a text in plain English may say: 900 characters. */
const LONGEST_PLAIN_ENGLISH = [1, 2, 3].map((cited) => ({
  text: 'Staff must wait. '.repeat(17).trim(),
  cites: [cited],
}));

/** Every card in each of its forms, as people may see it; `longest` holds the longest clauses of all policies given. */
export async function sampleCards(school: School): Promise<Record<string, Card>> {
  const { profile, policies } = school;
  const clauses = policies.flatMap((policy) => policy.clauses.map((clause) => ({ policy, clause })));
  const cited = (label: string) => clauses.filter(({ clause }) => clause.label === label);
  const longest = clauses.toSorted((one, other) => other.clause.quote.length - one.clause.quote.length).slice(0, 3);
  const shown = { profile, urgent: false, asked: null, questionId: '20261120154200000-0a1b2c3d', helpful: null };
  return {
    ...(await setupCards(school)),
    welcome: views.welcomeCard(profile, { setsUp: false }),
    'welcome-team': views.welcomeCard(profile, { setsUp: true }),
    help: views.helpCard(profile, policies, {
      ...{ readsGaps: false, listsCases: false, asksForSummaries: false, setsUp: false },
    }),
    'help-headteacher': views.helpCard(profile, policies, {
      ...{ readsGaps: true, listsCases: true, asksForSummaries: true, setsUp: true },
    }),
    answer: views.answerCard({ ...shown, clauses: [...cited('6.2'), ...cited('6.3'), ...cited('14.2(a)')] }),
    'answer-from-list': views.answerCard({
      ...shown,
      clauses: cited('15.3'),
      asked: 'What if a parent is rude?',
      helpful: true,
    }),
    'answer-in-plain-english': views.answerCard({
      ...shown,
      clauses: [...cited('6.2'), ...cited('6.3')],
      plain: checkPlainEnglish(
        PLAIN_ENGLISH,
        [...cited('6.2'), ...cited('6.3')].map(({ clause }) => clause.quote),
      ),
    }),
    clause: views.clauseCard(cited('6.2')[0] ?? awkwardCitation),
    'clause-awkward': views.clauseCard(awkwardCitation),
    'answer-urgent': views.answerCard({ ...shown, clauses: cited('16.2'), urgent: true, questionId: null }),
    'answer-longest': views.answerCard({ ...shown, clauses: longest, urgent: true, plain: LONGEST_PLAIN_ENGLISH }),
    'answer-awkward': views.answerCard({
      ...shown,
      clauses: awkward.clauses.map((clause) => ({ policy: awkward, clause })),
    }),
    'not-covered': views.notCoveredCard({ ...shown, clauses: cited('4.2') }, { way: 'here', kept: null }),
    'not-covered-at-all': views.notCoveredCard(
      { ...shown, clauses: [], helpful: false, urgent: true },
      { way: null, kept: null },
    ),
    ...enquiryCards(profile, cited('4.2')),
    'report-bullying': views.reportCard('online_bullying', profile, true, 'unable'),
    'report-post': views.reportCard('disparaging_post', profile, true, 'unable'),
    'report-breach': views.reportCard('other_breach', profile, true, 'unable'),
    'report-of-something': views.reportCard(null, profile, true, 'unable'),
    'report-in-channel': views.reportCard(null, profile, false, 'elsewhere'),
    safety: views.safetyCard(profile, 'unable'),
    'safety-moved': views.safetyCard(profile, 'moved'),
    'safety-elsewhere': views.safetyCard(profile, 'elsewhere'),
    ...(await reportCards(school)),
    ...sentCards(school, longest),
    ...(await triageCards(school, longest)),
    ...reporterCards(school),
    ...summaryCards(school),
    error: views.errorCard('ERR-7K3MZ0QX'),
    gaps: gapsCard(gapList([...cited('6.2'), ...cited('6.3')]), profile),
    'gaps-longest': gapsCard(
      { ...gapList(longest), gaps: Array.from({ length: 12 }, () => aGap({ example: AWKWARD, nearest: longest })) },
      profile,
    ),
    'gaps-none': gapsCard({ gaps: [], unnamed: 0, outside: 0, answeredSince: 0, more: false }, profile),
  };
}

const aGap = (fields: Partial<Gap>): Gap => ({
  subject: 'AI-generated content and images',
  example: null,
  count: 5,
  notCovered: 5,
  unhelpful: 0,
  lastMonth: '2026-11',
  nearest: [],
  ...fields,
});

const gapList = (nearest: readonly Citation[]): GapList => ({
  gaps: [
    aGap({ example: 'can i use … to write captions for our instagram' }),
    aGap({
      subject: null,
      example: 'are … camera glasses allowed in lessons',
      count: 4,
      notCovered: 3,
      unhelpful: 1,
      nearest,
    }),
    aGap({ subject: 'Friend requests from parents and carers', count: 2, notCovered: 2, lastMonth: '2026-10' }),
    aGap({ subject: 'Minimum age for social media', count: 1, notCovered: 0, unhelpful: 1, lastMonth: '2026-09' }),
  ],
  unnamed: 2,
  outside: 7,
  answeredSince: 1,
  more: true,
});
