import type { Policy } from '../../src/policies/policy.js';
import { readTextPolicy } from '../../src/policies/read-policy.js';
import type { School } from '../../src/schools/school.js';
import type { Card } from '../../src/teams/cards/template.js';
import * as views from '../../src/teams/cards/views.js';

/** Words that would break a card that is careless with Markdown, templates or markup. */
export const AWKWARD = `Staff *must* not _post_ [this](https://x.example) \`code\` # <b>bold</b> & "quotes" \\ | ~ $\{name}`;

const awkward: Policy = readTextPolicy(
  'awkward.txt',
  new TextEncoder().encode(`Rules\n\n${AWKWARD.replaceAll('*', '')} as long as they are here.\n\nStaff must wait.\n`),
);

/** Every card in each of its forms, as people may see it; `longest` holds the longest clauses of all policies given. */
export function sampleCards({ profile, policies }: School): Record<string, Card> {
  const clauses = policies.flatMap((policy) => policy.clauses.map((clause) => ({ policy, clause })));
  const cited = (label: string) => clauses.filter(({ clause }) => clause.label === label);
  const longest = clauses.toSorted((one, other) => other.clause.quote.length - one.clause.quote.length).slice(0, 3);
  const shown = { profile, urgent: false, asked: null, questionId: '20261120154200000-0a1b2c3d', helpful: null };
  return {
    welcome: views.welcomeCard(profile),
    help: views.helpCard(profile, policies),
    answer: views.answerCard({ ...shown, clauses: [...cited('6.2'), ...cited('6.3'), ...cited('14.2(a)')] }),
    'answer-from-list': views.answerCard({
      ...shown,
      clauses: cited('15.3'),
      asked: 'What if a parent is rude?',
      helpful: true,
    }),
    'answer-urgent': views.answerCard({ ...shown, clauses: cited('16.2'), urgent: true, questionId: null }),
    'answer-longest': views.answerCard({ ...shown, clauses: longest, urgent: true }),
    'answer-awkward': views.answerCard({
      ...shown,
      clauses: awkward.clauses.map((clause) => ({ policy: awkward, clause })),
    }),
    'not-covered': views.notCoveredCard({ ...shown, clauses: cited('4.2') }),
    'not-covered-at-all': views.notCoveredCard({ ...shown, clauses: [], helpful: false, urgent: true }),
    'report-bullying': views.reportCard('online_bullying', profile, true),
    'report-post': views.reportCard('disparaging_post', profile, true),
    'report-breach': views.reportCard('other_breach', profile, true),
    'report-in-channel': views.reportCard('online_bullying', profile, false),
    safety: views.safetyCard(profile),
    error: views.errorCard('ERR-7K3MZ0QX'),
  };
}
